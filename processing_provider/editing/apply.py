"""Putting decisions into a layer's edit buffer, one named undo step each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateTransformContext,
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
from .columns import RefusalError, check_constraints, fitting_values
from .finding import FlaggedFeatures
from .image import Image, plain
from .proposal import Placing

GEOMETRY = "geometry"


@dataclass(frozen=True)
class Change:
    """What one decision did to the edit buffer: ``fid`` is the buffer's id, negative for an added feature.

    ``before`` is None for an added feature, ``after`` for a deleted one. ``note`` is what the user should know of it.
    """

    fid: int
    before: Image | None
    after: Image | None
    note: str = ""


class EditBuffer:
    """The features of a layer in edit mode as they stand after every edit so far, each edit one undo step."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.layer = layer
        self._now: dict[int, QgsFeature | None] = {}
        self._updates_itself = any(
            layer.defaultValueDefinition(at).applyOnUpdate() for at in range(layer.fields().count()))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Make what is done inside one undo step; an error inside takes all of it back."""
        self.layer.beginEditCommand(name)
        try:
            yield
        except BaseException:
            self.layer.destroyEditCommand()
            raise
        self.layer.endEditCommand()

    def current(self, fid: int) -> QgsFeature | None:
        """Return a copy of the feature ``fid``, or None where it does not exist (any more)."""
        if fid not in self._now:
            feature = self.layer.getFeature(fid)
            self._now[fid] = feature if feature.isValid() else None
        feature = self._now[fid]
        return None if feature is None else QgsFeature(feature)

    def remember(self, feature: QgsFeature) -> None:
        """Spare reading a feature that the caller has just read."""
        self._now.setdefault(feature.id(), feature)

    def add(self, feature: QgsFeature) -> Change:
        """Add a feature."""
        if not self.layer.addFeature(feature):
            raise RefusalError(tr("the layer refused the new feature"))
        self._now[feature.id()] = QgsFeature(feature)
        return Change(feature.id(), None, Image.of(feature, self.layer))

    def delete(self, feature: QgsFeature) -> Change:
        """Delete a feature."""
        if not self.layer.deleteFeature(feature.id()):
            raise RefusalError(tr("the layer refused to delete the feature"))
        self._now[feature.id()] = None
        return Change(feature.id(), Image.of(feature, self.layer), None)

    def change(self, feature: QgsFeature, geometry: QgsGeometry | None, values: dict[int, Any], *,
               update_defaults: bool = True) -> Change:
        """Replace the geometry (if given) and the values of these columns."""
        before, fid = Image.of(feature, self.layer), feature.id()
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
        self._now[fid] = QgsFeature(feature)
        return Change(fid, before, Image.of(feature, self.layer))


class Applier:
    """Applies planned edits to one layer in edit mode: each is checked against the layer as it stands, then made whole.

    Edits of one push that touch different parts of one feature go together; a second edit of the same part is stale.
    """

    def __init__(self, layer: QgsVectorLayer, source: SourceRow, edits: Sequence[PlannedEdit],
                 transforms: QgsCoordinateTransformContext) -> None:
        self._layer, self._buffer = layer, EditBuffer(layer)
        self._flagged = FlaggedFeatures(layer, source.key, edits)
        self._placing = None
        shaped = [edit for edit in edits if edit.edit in ("add", "move", "reshape")]
        if shaped:
            self._placing = Placing(layer, shaped[0].crs, shaped[0].operation, transforms)
        self._touched: dict[int, set[str]] = {}
        self._expressions = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        self._lock = _lock(layer, str(source.settings.get("lock") or ""), self._expressions)

    def apply(self, edit: PlannedEdit) -> Change:
        """Make one edit. Raises :class:`RefusalError` and leaves the buffer as it was if it cannot be made whole."""
        with self._buffer.step(edit.command):
            if edit.edit == "add":
                return self._add(edit)
            flagged = self._flagged.of(edit)
            self._check_lock(flagged)
            self._buffer.remember(flagged)
            feature = self._buffer.current(flagged.id())
            if feature is None:
                raise RefusalError(tr("another edit of this push has deleted the feature"), stale=True)
            if edit.edit in ("delete", "merge"):
                self._touch(feature.id(), {GEOMETRY, *self._layer.fields().names()})
                return self._buffer.delete(feature)
            if edit.edit in ("move", "reshape"):
                return self._change(edit, feature, self._placing_of(edit).place(edit, feature.geometry()))
            if edit.edit in ("retag", "set_value", "flag"):
                return self._change(edit, feature, None)
            raise RefusalError(tr("an edit of the kind {edit} cannot be pushed").format(edit=edit.edit))

    def _add(self, edit: PlannedEdit) -> Change:
        placing = self._placing_of(edit)
        geometry = placing.place(edit)
        twin = placing.twin(geometry)
        if twin:
            raise RefusalError(tr("the layer has such a feature already ({twin})").format(twin=twin), stale=True)
        values, unmapped = fitting_values(self._layer, edit.after_values)
        feature = QgsVectorLayerUtils.createFeature(self._layer, geometry, values, self._expressions)
        ids = self._layer.primaryKeyAttributes()
        check_constraints(self._layer, feature, [at for at in range(self._layer.fields().count()) if at not in ids])
        change = self._buffer.add(feature)
        placing.remember(geometry)
        return _noted(change, unmapped)

    def _change(self, edit: PlannedEdit, feature: QgsFeature, geometry: QgsGeometry | None) -> Change:
        values, unmapped = fitting_values(self._layer, edit.after_values)
        if geometry is None and not values:
            raise RefusalError(tr("the layer has no column for {names}").format(names=", ".join(unmapped)) if unmapped
                               else tr("the discrepancy says no value to set"))
        values = {at: value for at, value in values.items()
                  if attribute_text(plain(value)) != attribute_text(plain(feature.attribute(at)))}
        names = self._layer.fields().names()
        self._touch(feature.id(), {*(names[at] for at in values), *({GEOMETRY} if geometry is not None else ())})
        tried = QgsFeature(feature)
        for at, value in values.items():
            tried.setAttribute(at, value)
        check_constraints(self._layer, tried, list(values))
        return _noted(self._buffer.change(feature, geometry, values), unmapped)

    def _placing_of(self, edit: PlannedEdit) -> Placing:
        if self._placing is None:
            raise TypeError(f"{edit.edit} was not among the edits announced")
        return self._placing

    def _touch(self, fid: int, what: set[str]) -> None:
        touched = self._touched.setdefault(fid, set())
        if touched & what:
            raise RefusalError(tr("another edit of this push has changed the same part of the feature"), stale=True)
        touched |= what

    def _check_lock(self, feature: QgsFeature) -> None:
        if self._lock is None:
            return
        self._expressions.setFeature(feature)
        if self._lock.evaluate(self._expressions):
            raise RefusalError(tr("the feature is locked ({lock})").format(lock=self._lock.expression()))
        if self._lock.hasEvalError():
            raise RefusalError(tr("the lock {lock} cannot be asked: {why}").format(
                lock=self._lock.expression(), why=self._lock.evalErrorString()))


def _lock(layer: QgsVectorLayer, text: str, context: QgsExpressionContext) -> QgsExpression | None:
    if not text:
        return None
    expression = QgsExpression(text)
    unknown = sorted(set(expression.referencedColumns()) - set(layer.fields().names()))
    if expression.hasParserError() or unknown or not expression.prepare(context):
        why = expression.parserErrorString() or tr("no column {column}").format(column=", ".join(unknown))
        raise InputError(tr("The lock {lock} of the layer {layer} cannot be used ({why}); mend it in SOURCES.").format(
            lock=text, layer=layer.name(), why=why))
    return expression


def _noted(change: Change, unmapped: list[str]) -> Change:
    if not unmapped:
        return change
    note = tr("kept in the ledger only, as the layer has no such column: {names}").format(names=", ".join(unmapped))
    return Change(change.fid, change.before, change.after, note)
