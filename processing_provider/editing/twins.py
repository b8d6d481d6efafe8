"""Merging twins: which feature stays, and what it takes over from the one that goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsFieldConstraints,
    QgsGeometry,
    QgsUnitTypes,
    QgsVectorLayer,
)

from ...core.ledger import PlannedEdit, attribute_text, key_text
from ..translation import tr
from .columns import RefusalError, column_of
from .finding import shown
from .ids import ids_renumber
from .image import is_null, own_fields, plain

LEAST_OVERLAP, CONTAINED = 0.3, 0.9
"""What flagging asks of twins: that share of the union lies in both, or that share of the smaller one in the other; of
lines that share of the longer one along the other.
"""
ALONG_M, ALONG = 10.0, 0.05
"""A line runs along another up to that distance, a coarse pixel, and up to that share of its length: what crosses it
does not.
"""
POINTS_M = 0.5
"""Points are one up to that distance: a twentieth of a coarse pixel."""


class Twins:
    """The features that merges keep, as they stand before any edit. ``filtered``: a filter hides some."""

    def __init__(self, layer: QgsVectorLayer, key: str, edits: Iterable[PlannedEdit], *, filtered: bool = False
                 ) -> None:
        self._layer, self._column, self._filtered = layer, column_of(layer, key) if key else -1, filtered
        self._standing: dict[str, list[QgsFeature]] = {}
        wanted = {edit.twin_key for edit in edits if edit.edit == "merge" and edit.twin_key}
        if not wanted:
            return
        request = QgsFeatureRequest()
        if not key:
            request.setFilterFids(shown(layer, [int(one) for one in wanted if one.isdigit()]))
        for feature in layer.getFeatures(request):
            name = key_text(plain(feature.attribute(self._column))) if key else str(feature.id())
            if name in wanted:
                self._standing.setdefault(name, []).append(QgsFeature(feature))

    def of(self, edit: PlannedEdit, gone: QgsFeature) -> QgsFeature:
        """Return the feature that stays when ``gone`` goes.

        Raises :class:`RefusalError` if it cannot be told, or is no twin any more: deleting the last of two is no merge.
        """
        if edit.twin_key is None:
            raise RefusalError(tr("the discrepancy does not say which feature stays"))
        known = self._standing.get(edit.twin_key, [])
        metre = QgsUnitTypes.fromUnitToUnitFactor(Qgis.DistanceUnit.Meters, self._layer.crs().mapUnits())
        if self._column < 0 and ids_renumber(self._layer):  # its id may be another's: it is known by lying there
            around = gone.geometry().boundingBox()
            around.grow(ALONG_M * metre)
            known = [QgsFeature(one) for one in self._layer.dataProvider().getFeatures(QgsFeatureRequest(around))]
        found = [one for one in known if one.id() != gone.id() and _are_twins(one.geometry(), gone.geometry(), metre)]
        if len(found) != 1 and self._filtered:
            raise RefusalError(tr("the feature {key}, which should stay, is not there any more, or the filter of the "
                                  "layer hides it").format(key=edit.twin_key))
        if len(found) != 1:
            raise RefusalError(tr("the feature {key}, which should stay, is not there any more").format(
                key=edit.twin_key), stale=True)
        return found[0]


def taken_over(layer: QgsVectorLayer, key: str, kept: QgsFeature, gone: QgsFeature) -> dict[int, Any]:
    """Return what only ``gone`` says, by column. Its identity goes with it: no keys, and no values that must be unique.
    """
    own = {*layer.primaryKeyAttributes(), *([column_of(layer, key)] if key else [])}
    count = own_fields(layer).count()
    for at in range(count):
        constraints = layer.fields().at(at).constraints().constraints()
        if constraints & QgsFieldConstraints.Constraint.ConstraintUnique:
            own.add(at)
    return {at: gone.attribute(at) for at in range(count)
            if at not in own and _says_nothing(kept.attribute(at)) and not _says_nothing(gone.attribute(at))}


def _says_nothing(value: Any) -> bool:
    return is_null(value) or attribute_text(plain(value)) == ""


def _are_twins(one: QgsGeometry, other: QgsGeometry, metre: float) -> bool:
    """Whether two geometries may be one thing drawn twice; ``metre`` is one in the layer's units."""
    if one.type() != other.type() or one.isNull() or other.isNull():
        return False
    if one.type() == Qgis.GeometryType.Polygon:
        shared, areas = one.intersection(other).area(), (one.area(), other.area())
        return shared > 0 and (shared >= LEAST_OVERLAP * (sum(areas) - shared) or shared >= CONTAINED * min(areas))
    if one.type() == Qgis.GeometryType.Line:
        shorter, longer = sorted((one, other), key=lambda line: line.length())
        beside = shorter.buffer(min(ALONG_M * metre, ALONG * longer.length()), 2)
        return longer.intersection(beside).length() >= LEAST_OVERLAP * longer.length()
    return 0 <= one.hausdorffDistance(other) <= POINTS_M * metre
