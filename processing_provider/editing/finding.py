"""Finding the features that discrepancies speak of, as they stand now."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsField, QgsVectorLayer
from qgis.PyQt.QtCore import QMetaType

from ...core.errors import InputError
from ...core.ledger import PlannedEdit, key_text
from ..translation import tr
from .columns import RefusalError, column_of
from .ids import ids_last, ids_renumber
from .image import Columns, plain, watched_signature
from .silent_readers import features_by_id
from .since import GEOMETRY, Flagged, compared

FEW_KEYS = 200
"""More are found sooner by reading the whole column than by asking for each."""
WHOLE = re.compile(r"-?[0-9]{1,18}")


class FlaggedFeatures:
    """The features that edits are meant for, read once, before any edit is made.

    ``key`` is the column that identifies features for ever; empty: the provider's id is the key, and where ids renumber
    a feature is known again by its signature alone. ``filtered``: a filter hides some; who is not found may be there.
    """

    def __init__(self, layer: QgsVectorLayer, key: str, edits: Iterable[PlannedEdit], *, filtered: bool = False
                 ) -> None:
        self._layer, self._columns, self._by_key, self._filtered = layer, Columns.of(layer), bool(key), filtered
        self._ids_last = ids_last(layer) and not ids_renumber(layer)
        self._places: dict[tuple[str, ...], dict[str, int]] = {}
        self._found: dict[str, Flagged | RefusalError] = {}
        wanted = [edit for edit in edits if edit.edit != "add"]
        standing = self._by_column(key, wanted) if key else self._by_id(wanted)
        lost: list[PlannedEdit] = []
        for edit in wanted:
            candidates = standing.get(edit.target_key or "", [])
            try:
                self._found[edit.uid] = self._standing(edit, candidates)
            except RefusalError as refusal:
                self._found[edit.uid] = refusal
                known = bool(candidates) and not refusal.stale
            else:
                known = not self._found[edit.uid].changed
            if not key and not known and edit.signature is not None:
                lost.append(edit)
        # a memory layer keeps its ids, but may have been filled anew since it was flagged
        if lost and (not self._ids_last or layer.providerType() == "memory"):
            self._search(lost)

    def of(self, edit: PlannedEdit) -> Flagged:
        """Return the feature as it stood before any edit. Raises :class:`RefusalError` if it cannot be told which."""
        found = self._found[edit.uid]
        if isinstance(found, RefusalError):
            raise found
        return found

    def _by_column(self, key: str, edits: Sequence[PlannedEdit]) -> dict[str, list[QgsFeature]]:
        at = column_of(self._layer, key)
        if at < 0:
            raise InputError(
                tr(
                    "The layer {layer} has no column {key}, by which its features were known when they "
                    "were flagged; choose the layer that was flagged."
                ).format(layer=self._layer.name(), key=key)
            )
        keys = {edit.target_key for edit in edits}
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setSubsetOfAttributes([at])
        narrowed = _narrowed(self._layer.fields().at(at), keys)
        if narrowed:
            request.setFilterExpression(narrowed)
        ids = {f.id(): text for f in self._layer.getFeatures(request)
               if (text := key_text(plain(f.attribute(at)))) in keys}
        found: dict[str, list[QgsFeature]] = {}
        for feature in self._read(list(ids)):
            found.setdefault(ids[feature.id()], []).append(feature)
        return found

    def _by_id(self, edits: Sequence[PlannedEdit]) -> dict[str, list[QgsFeature]]:
        ids = [int(edit.target_key) for edit in edits if edit.target_key and edit.target_key.isdigit()]
        return {str(feature.id()): [feature] for feature in self._read(shown(self._layer, ids))}

    def _read(self, ids: list[int]) -> list[QgsFeature]:
        return list(features_by_id(self._layer, ids).values())

    def _watched(self, edit: PlannedEdit) -> dict[str, int]:
        if edit.watched not in self._places:
            self._places[edit.watched] = {name: column_of(self._layer, name) for name in edit.watched}
        columns = self._places[edit.watched]
        for name, at in columns.items():
            if at < 0:
                raise RefusalError(tr("the layer no longer has the column {column}").format(column=name), stale=True)
        return columns

    def _standing(self, edit: PlannedEdit, candidates: list[QgsFeature]) -> Flagged:
        if edit.target_key is None or edit.signature is None:
            raise RefusalError(tr("the discrepancy names no feature"))
        columns = self._watched(edit)
        if not candidates and self._filtered:
            raise RefusalError(tr("the feature has been deleted since it was flagged, or the filter of the layer hides "
                                  "it"))
        if not candidates:
            raise RefusalError(tr("the feature has been deleted since it was flagged"), stale=True)
        if len(candidates) > 1:
            raise RefusalError(tr("several features have the key {key}").format(key=edit.target_key), stale=True)
        flagged = compared(edit, candidates[0], self._columns, columns)
        # where ids do not last it may be another feature's now
        if GEOMETRY in flagged.changed and not self._ids_last and not self._by_key:
            raise RefusalError(tr("the feature has been changed since it was flagged"), stale=True)
        return flagged

    def _search(self, edits: Sequence[PlannedEdit]) -> None:
        """Look for features whose ids have changed by what they look like: one that nothing else looks like is it."""
        wanted: dict[tuple[tuple[str, int], ...], dict[str, list[QgsFeature]]] = {}
        for edit in edits:
            try:
                wanted.setdefault(tuple(self._watched(edit).items()), {})[edit.signature or ""] = []
            except RefusalError:
                continue  # already told: the column is gone
        for feature in self._layer.getFeatures():
            for columns, alike in wanted.items():
                same = alike.get(watched_signature(feature, self._columns, dict(columns)))
                if same is not None:
                    same.append(QgsFeature(feature))
        for edit in edits:
            try:
                same = wanted[tuple(self._watched(edit).items())][edit.signature or ""]
            except RefusalError:
                continue
            if len(same) == 1:
                self._found[edit.uid] = Flagged(same[0])
            elif same:
                self._found[edit.uid] = RefusalError(
                    tr("{count} features look like the one that was flagged, and ids have changed").format(
                        count=len(same)), stale=True)


def shown(layer: QgsVectorLayer, ids: Collection[int]) -> list[int]:
    """Return those of the ids that the layer's filter shows: who asks a file for a feature by its id gets it anyway."""
    if not layer.subsetString():
        return list(ids)
    request = QgsFeatureRequest().setNoAttributes().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    return sorted({feature.id() for feature in layer.getFeatures(request)} & set(ids))


def _narrowed(field: QgsField, keys: Collection[str | None]) -> str:
    """Return an expression that is true of every feature with one of these keys, so that a single edit need not read a
    whole layer; empty where values and keys may differ and still have one text.
    """
    if len(keys) > FEW_KEYS or not all(keys):
        return ""
    if field.type() == QMetaType.Type.QString and not any(key[0] in "[{" for key in keys):
        return f"{QgsExpression.quotedColumnRef(field.name())} IN ({', '.join(map(QgsExpression.quotedString, keys))})"
    if field.type() in (QMetaType.Type.Int, QMetaType.Type.LongLong) and all(WHOLE.fullmatch(key) for key in keys):
        return f"{QgsExpression.quotedColumnRef(field.name())} IN ({', '.join(keys)})"
    return ""
