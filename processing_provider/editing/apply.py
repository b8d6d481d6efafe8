"""Putting decisions into a layer's edit buffer, one named undo step each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDataProvider,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)

from ...core.errors import InputError
from ...core.ledger import PlannedEdit, SourceRow, attribute_text
from ..translation import tr
from .buffer import Change, EditBuffer
from .columns import ColumnTable, RefusalError, check_constraints, unknown_columns
from .finding import FlaggedFeatures
from .ids import key_column
from .image import own_fields, plain
from .proposal import Placing
from .shared_vertices import SharedVertices
from .silent_readers import wake
from .since import GEOMETRY, Flagged
from .twins import Twins, taken_over


class Applier:
    """Applies planned edits to one layer in edit mode: each is checked against the layer as it stands, then made whole.

    Edits of one push that touch different parts of one feature go together; a second edit of the same part is stale.
    ``columns`` is the user's table from names of the ledger to columns of the layer; ``topological``: vertices that
    neighbours share move along. ``copy_of_filtered``: the layer lacks what a filter of the one that was copied hides.
    """

    def __init__(self, layer: QgsVectorLayer, source: SourceRow, edits: Sequence[PlannedEdit],
                 transforms: QgsCoordinateTransformContext, columns: Mapping[str, str], *, topological: bool,
                 copy_of_filtered: bool = False) -> None:
        wake(layer)
        self._layer, self._buffer, self._table = layer, EditBuffer(layer), ColumnTable(layer, columns)
        self._names = own_fields(layer).names()
        self._known = _known(layer, key_column(layer, source.key), edits,
                             filtered=copy_of_filtered or bool(layer.subsetString()))
        self._transforms, self._provider = transforms, layer.dataProvider()
        self._placings: dict[tuple[str, str], Placing] = {}
        for edit in edits:
            if edit.edit in ("add", "move", "reshape"):
                self._placing_of(edit)  # so that a CRS which does not fit is told before anything is done
        self._shared = SharedVertices(layer, self._buffer) if topological else None
        self._touched: dict[int, set[str]] = {}
        self._touching: dict[int, set[str]] = {}
        self._expressions = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        self._lock = _lock(layer, str(source.settings.get("lock") or ""), self._expressions)

    def apply(self, edit: PlannedEdit) -> list[Change]:
        """Make one edit and return what it changed: its feature first, then what came along.

        Raises :class:`RefusalError` and leaves the buffer as it was if the edit cannot be made whole.
        """
        if edit.untraceable:
            raise RefusalError(tr("its outline would be traced from {imagery}, which may not be traced (may_trace is "
                                  "false in SOURCES)").format(imagery=edit.untraceable))
        self._touching = {}
        with self._buffer.step(edit.command):
            changes = self._changes(edit)
        for fid, parts in self._touching.items():
            self._touched.setdefault(fid, set()).update(parts)
        return changes

    def _changes(self, edit: PlannedEdit) -> list[Change]:
        if edit.edit == "add":
            return self._add(edit)
        flagged = self._known_by_key(edit).flagged.of(edit)
        self._check_lock(flagged.feature)
        self._buffer.remember(flagged.feature)
        feature = self._buffer.current(flagged.feature.id())
        if feature is None:
            raise RefusalError(tr("another edit of this push has deleted the feature"), stale=True)
        if edit.edit in ("delete", "merge"):
            self._touch(edit, flagged, {GEOMETRY, *self._names})
            kept = self._merge(edit, feature) if edit.edit == "merge" else []
            return [self._buffer.delete(feature), *kept]
        if edit.edit in ("move", "reshape"):
            return self._change(edit, flagged, feature, self._placing_of(edit).place(edit, feature.geometry()))
        if edit.edit in ("retag", "set_value", "flag"):
            return self._change(edit, flagged, feature, None)
        raise RefusalError(tr("an edit of the kind {edit} cannot be pushed").format(edit=edit.edit))

    def _add(self, edit: PlannedEdit) -> list[Change]:
        placing = self._placing_of(edit)
        geometry = placing.place(edit)
        twin = placing.twin(geometry)
        if twin:
            raise RefusalError(tr("the layer has such a feature already ({twin})").format(twin=twin), stale=True)
        values, unmapped = self._table.fitting(edit.after_values)
        feature = self._created(geometry, values)
        ids = self._layer.primaryKeyAttributes()
        check_constraints(self._layer, feature, [at for at in range(len(self._names)) if at not in ids])
        change = self._buffer.add(feature)
        for one in self._placings.values():
            one.remember(geometry)
        if self._shared is not None:
            self._shared.remember(change.fid, geometry)
        return [_noted(change, unmapped)]

    def _created(self, geometry: QgsGeometry, values: dict[int, Any]) -> QgsFeature:
        """Return a new feature with all defaults, those of a database asked of it now: the journal is to know them."""
        evaluate = QgsDataProvider.ProviderProperty.EvaluateDefaultValues
        before = self._provider.providerProperty(evaluate, False)
        self._provider.setProviderProperty(evaluate, True)
        try:
            return QgsVectorLayerUtils.createFeature(self._layer, geometry, values, self._expressions)
        finally:
            self._provider.setProviderProperty(evaluate, before)

    def _change(self, edit: PlannedEdit, flagged: Flagged, feature: QgsFeature,
                geometry: QgsGeometry | None) -> list[Change]:
        wanted = {name: value for name, value in edit.after_values.items() if name not in edit.before_values
                  or attribute_text(value) != attribute_text(edit.before_values[name])}
        values, unmapped = self._table.fitting(wanted)
        if geometry is None and not values:
            if unmapped:
                raise RefusalError(tr("the layer has no column for {names}").format(names=", ".join(unmapped)))
            if not edit.after_values:
                raise RefusalError(tr("the discrepancy says no value to set"))
        touched = {*(self._names[at] for at in values), *({GEOMETRY} if geometry is not None else ())}
        self._touch(edit, flagged, touched)
        values = {at: value for at, value in values.items()
                  if attribute_text(plain(value)) != attribute_text(plain(feature.attribute(at)))}
        tried = QgsFeature(feature)
        for at, value in values.items():
            tried.setAttribute(at, value)
        check_constraints(self._layer, tried, list(values))
        along = [] if geometry is None or self._shared is None else self._pull_along(edit, feature, geometry)
        return [_noted(self._buffer.change(feature, geometry, values), unmapped), *along]

    def _pull_along(self, edit: PlannedEdit, feature: QgsFeature, geometry: QgsGeometry) -> list[Change]:
        """Move the vertices that neighbours share. A neighbour that a decision has given its place keeps it."""
        along = []
        for neighbour, followed in self._shared.along(feature, geometry, as_a_whole=edit.edit == "move"):
            if GEOMETRY not in self._touched.get(neighbour.id(), ()):
                self._check_lock(neighbour, tr("its neighbour {fid}").format(fid=neighbour.id()))
                along.append(self._buffer.change(neighbour, followed, {}, along="neighbour"))
                self._shared.remember(neighbour.id(), followed)
        self._shared.remember(feature.id(), geometry)
        return along

    def _merge(self, edit: PlannedEdit, feature: QgsFeature) -> list[Change]:
        """Fill what the twin does not know from the feature that goes; a locked twin stays as it is."""
        known = self._known_by_key(edit)
        twin = known.twins.of(edit, feature)
        self._buffer.remember(twin)
        kept = self._buffer.current(twin.id())
        if kept is None:
            raise RefusalError(tr("another edit of this push has deleted the feature that should stay"), stale=True)
        values = {} if self._is_locked(kept) else taken_over(self._layer, known.key, kept, feature)
        touched = self._touched.get(kept.id(), set())
        values = {at: value for at, value in values.items() if self._names[at] not in touched}
        if not values:
            return []
        self._touching[kept.id()] = {self._names[at] for at in values}
        return [self._buffer.change(kept, None, values, along="kept")]

    def _placing_of(self, edit: PlannedEdit) -> Placing:
        """All edits of a layer come from one grid; by which operation the layer came to it may differ by round."""
        way = edit.operation, edit.layer_crs
        if way not in self._placings:
            self._placings[way] = Placing(self._layer, edit.crs, _way_back(self._layer, edit), self._transforms)
        return self._placings[way]

    def _known_by_key(self, edit: PlannedEdit) -> _ByKey:
        known = self._known[key_column(self._layer, edit.key)]
        if isinstance(known, RefusalError):
            raise known
        return known

    def _touch(self, edit: PlannedEdit, flagged: Flagged, parts: Collection[str]) -> None:
        """Refuse an edit of parts that another has changed: since the flag was raised, or in this push."""
        both = flagged.changed & set(parts)
        if both:
            raise RefusalError(tr("the feature has been changed since it was flagged ({parts})").format(
                parts=", ".join(sorted(both))), stale=True)
        if GEOMETRY in flagged.changed and not self._placing_of(edit).is_about(
                edit.before, flagged.feature.geometry()):
            raise RefusalError(tr("the feature has been changed since it was flagged: it lies elsewhere"), stale=True)
        if self._touched.get(flagged.feature.id(), set()) & set(parts):
            raise RefusalError(tr("another edit of this push has changed the same part of the feature"), stale=True)
        self._touching[flagged.feature.id()] = set(parts)

    def _is_locked(self, feature: QgsFeature) -> bool:
        if self._lock is None:
            return False
        self._expressions.setFeature(feature)
        locked = bool(self._lock.evaluate(self._expressions))
        if self._lock.hasEvalError():
            raise RefusalError(tr("the lock {lock} cannot be asked: {why}").format(
                lock=self._lock.expression(), why=self._lock.evalErrorString()))
        return locked

    def _check_lock(self, feature: QgsFeature, what: str = "") -> None:
        if self._is_locked(feature):
            raise RefusalError(tr("{what} is locked ({lock})").format(
                what=what or tr("the feature"), lock=self._lock.expression()))


@dataclass(frozen=True)
class _ByKey:
    """What is found of a layer by one key: the features that edits are meant for, and the twins that merges keep."""

    key: str
    flagged: FlaggedFeatures
    twins: Twins


def _known(layer: QgsVectorLayer, key: str, edits: Sequence[PlannedEdit], *, filtered: bool
           ) -> dict[str, _ByKey | RefusalError]:
    """Return by the key of their round what is found of the edits' features; ``key`` is that of the newest round.

    Raises :class:`InputError` for a layer without that; where only an older one lacks, its edits are refused.
    """
    by_key: dict[str, list[PlannedEdit]] = {key: []}
    for edit in edits:
        by_key.setdefault(key_column(layer, edit.key), []).append(edit)
    known: dict[str, _ByKey | RefusalError] = {}
    for one, some in by_key.items():
        try:
            known[one] = _ByKey(one, FlaggedFeatures(layer, one, some, filtered=filtered),
                                Twins(layer, one, some, filtered=filtered))
        except InputError as error:
            if one == key:
                raise
            known[one] = RefusalError(str(error), stale=True)
    return known


def _way_back(layer: QgsVectorLayer, edit: PlannedEdit) -> str:
    """The operation that brought the layer to the grid, as long as the layer is in the CRS that it starts from."""
    was = QgsCoordinateReferenceSystem.fromWkt(edit.layer_crs)
    wkt = Qgis.CrsWktVariant.Preferred
    is_same = not was.isValid() or was == layer.crs() or was.toWkt(wkt) == layer.crs().toWkt(wkt)
    return edit.operation if is_same else ""


def _lock(layer: QgsVectorLayer, text: str, context: QgsExpressionContext) -> QgsExpression | None:
    if not text:
        return None
    expression = QgsExpression(text)
    unknown = unknown_columns(expression, layer)
    if expression.hasParserError() or unknown or not expression.prepare(context):
        why = expression.parserErrorString() or tr("no column {column}").format(column=", ".join(unknown))
        raise InputError(tr("The lock {lock} of the layer {layer} cannot be used ({why}); mend it in SOURCES.").format(
            lock=text, layer=layer.name(), why=why))
    return expression


def _noted(change: Change, unmapped: list[str]) -> Change:
    if not unmapped:
        return change
    note = tr("kept in the ledger only, as the layer has no such column: {names}").format(names=", ".join(unmapped))
    return replace(change, note=note)
