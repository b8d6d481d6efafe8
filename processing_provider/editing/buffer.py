"""The edit buffer of a layer: every edit one named undo step, every feature as it stands after the steps so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from ..translation import tr
from .columns import RefusalError
from .ids import GONE
from .image import Columns, Image
from .silent_readers import features_by_id


@dataclass(frozen=True)
class Change:
    """What one decision did to the edit buffer: ``fid`` is the buffer's id, negative for an added feature.

    ``before`` is None for an added feature, ``after`` for a deleted one. ``note`` is what the user should know of it.
    ``along``: not the decision's own feature, but one that came along (a word of :data:`core.ledger.records.ALONG`).
    """

    fid: int
    before: Image | None
    after: Image | None
    note: str = ""
    along: str = ""


class EditBuffer:
    """The features of a layer in edit mode as they stand after every edit so far, each edit one undo step."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.layer, self._columns = layer, Columns.of(layer)
        self._now: dict[int, QgsFeature | None] = {}
        self._before_step: dict[int, QgsFeature | None] = {}
        self._updates_itself = any(
            layer.defaultValueDefinition(at).applyOnUpdate() for at in range(layer.fields().count()))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Make what is done inside one undo step; an error inside takes all of it back."""
        self.layer.beginEditCommand(name)
        self._before_step = {}
        try:
            yield
        except BaseException:
            self.layer.destroyEditCommand()
            self._now.update(self._before_step)
            raise
        self.layer.endEditCommand()

    def current(self, fid: int) -> QgsFeature | None:
        """Return a copy of the feature ``fid``, or None where it does not exist (any more)."""
        if fid <= GONE:
            return None
        if fid not in self._now:
            self._now[fid] = features_by_id(self.layer, [fid]).get(fid)
        feature = self._now[fid]
        return None if feature is None else QgsFeature(feature)

    def remember(self, feature: QgsFeature) -> None:
        """Spare reading a feature that the caller has just read."""
        self._now.setdefault(feature.id(), feature)

    def add(self, feature: QgsFeature) -> Change:
        """Add a feature."""
        if not self.layer.addFeature(feature):
            raise RefusalError(tr("the layer refused the new feature"))
        self._set(feature.id(), QgsFeature(feature))
        return Change(feature.id(), None, Image.of(feature, self._columns))

    def delete(self, feature: QgsFeature) -> Change:
        """Delete a feature."""
        if not self.layer.deleteFeature(feature.id()):
            raise RefusalError(tr("the layer refused to delete the feature"))
        self._set(feature.id(), None)
        return Change(feature.id(), Image.of(feature, self._columns), None)

    def change(self, feature: QgsFeature, geometry: QgsGeometry | None, values: dict[int, Any], *,
               update_defaults: bool = True, along: str = "") -> Change:
        """Replace the geometry (if given) and the values of these columns."""
        before, fid = Image.of(feature, self._columns), feature.id()
        if geometry is not None:
            if not self.layer.changeGeometry(fid, geometry, not update_defaults):
                raise RefusalError(tr("the layer refused the new geometry"))
            feature.setGeometry(geometry)
        if values:
            old = {at: feature.attribute(at) for at in values}
            if not self.layer.changeAttributeValues(fid, values, old, not update_defaults):
                raise RefusalError(tr("the layer refused the new values"))
            for at, value in values.items():
                feature.setAttribute(at, value)
        if update_defaults and self._updates_itself:
            feature = self.layer.getFeature(fid)
            after = Image.of(feature, self._columns)
        else:
            after = before.changed(geometry, {self._columns.names[at]: value for at, value in values.items()})
        self._set(fid, QgsFeature(feature))
        return Change(fid, before, after, along=along)

    def _set(self, fid: int, feature: QgsFeature | None) -> None:
        self._before_step.setdefault(fid, self._now.get(fid))
        self._now[fid] = feature
