"""Undoing: journal lines played back, the last first, each only onto the very feature that the push left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ...core.errors import InputError
from ...core.feedback import Feedback
from ...core.ledger import JournalLine, Ledger
from ..translation import tr
from .apply import Change, EditBuffer
from .backup import Backup
from .columns import RefusalError
from .commit import commit
from .finding import ids_renumber
from .halves import in_halves
from .image import Image, from_json, geometry_of
from .recovery import after_image, before_image


@dataclass
class Undone:
    """What an undo did: the lines taken back, and those left with the reason."""

    undone: list[JournalLine] = field(default_factory=list)
    left: list[tuple[JournalLine, str]] = field(default_factory=list)


class Undo:
    """One undo of journal lines in a layer that passed ``check_editable``."""

    def __init__(self, layer: QgsVectorLayer, ledger: Ledger, feedback: Feedback) -> None:
        self._layer, self._ledger, self._feedback = layer, ledger, feedback
        self._result = Undone()
        self._new_ids: dict[int, int] = {}

    def run(self, lines: Sequence[JournalLine], name: str) -> Undone:
        """Take the lines back in the order given. The layer's file is put back as it was if the undo breaks off."""
        backup = Backup.take(self._layer, name)
        try:
            in_halves(lines, self._attempt)
        except BaseException:
            if self._layer.isEditable():
                self._layer.rollBack()
            if backup is not None:
                backup.restore(self._layer)
                backup.drop()
                self._ledger.update_journal(self._as_before())
            raise
        if backup is not None:
            backup.drop()
        return self._result

    def _attempt(self, lines: Sequence[JournalLine]) -> list[JournalLine]:
        layer = self._layer
        if not layer.startEditing():
            raise InputError(tr("The layer {layer} cannot be switched to edit mode.").format(layer=layer.name()))
        reverter = _Reverter(layer, lines, self._new_ids)
        changes: list[tuple[JournalLine, Change]] = []
        already: list[JournalLine] = []
        for line in lines:
            self._feedback.check()
            try:
                change = reverter.revert(line)
            except RefusalError as refusal:
                self._result.left.append((line, str(refusal)))
            else:
                if change is None:
                    already.append(replace(line, state="undone", why=tr("the layer was as before the push already")))
                else:
                    changes.append((line, change))
        if not changes:
            layer.rollBack()
            self._finish(already)
            return []
        backup = Backup.take(layer, "undo-part") if ids_renumber(layer) else None
        try:
            outcomes = commit(layer, [c for _, c in changes], None if backup is None else lambda: backup.restore(layer))
        finally:
            if backup is not None:
                backup.drop()
        done, left = already, []
        for (line, _), outcome in zip(changes, outcomes, strict=True):
            if outcome.done:
                done.append(self._taken_back(line, outcome.fid))
            elif len(lines) > 1:
                left.append(line)
            else:
                self._result.left.append((line, outcome.why))
        self._finish(done)
        return left

    def _taken_back(self, line: JournalLine, fid: int | None) -> JournalLine:
        why = ""
        if line.after_values is None and fid is not None and fid != line.fid:
            why = tr("the feature came back with the id {new} instead of {old}").format(new=fid, old=line.fid)
            if line.fid is not None:
                self._new_ids[line.fid] = fid
        return replace(line, state="undone", why=why)

    def _finish(self, lines: list[JournalLine]) -> None:
        self._ledger.update_journal(lines)
        self._result.undone += lines
        if self._new_ids and lines:
            rest = self._ledger.plan_undo(lines[0].target_layer, "all", lines[0].target_source)
            self._ledger.update_journal([replace(line, fid=self._new_ids[line.fid]) for line in rest
                                         if line.fid in self._new_ids and not ids_renumber(self._layer)])

    def _as_before(self) -> list[JournalLine]:
        return [replace(line, state="committed", why="") for line in self._result.undone]


class _Reverter:
    def __init__(self, layer: QgsVectorLayer, lines: Sequence[JournalLine], new_ids: dict[int, int]) -> None:
        self._layer, self._buffer, self._new_ids = layer, EditBuffer(layer), dict(new_ids)
        self._alike: dict[str, list[int]] = {}
        ids = [fid for line in lines if line.fid is not None and (fid := new_ids.get(line.fid, line.fid)) >= 0]
        for feature in layer.getFeatures(QgsFeatureRequest(ids)):  # one question instead of one a line
            self._buffer.remember(QgsFeature(feature))
        if ids_renumber(layer):
            wanted = {
                image.signature(layer) for line in lines for image in (before_image(line), after_image(line)) if image
            }
            for feature in layer.getFeatures():
                mark = Image.of(feature, layer).signature(layer)
                if mark in wanted:
                    self._alike.setdefault(mark, []).append(feature.id())

    def revert(self, line: JournalLine) -> Change | None:
        """Put the inverse of a line into the edit buffer; None if the layer is as before the edit already."""
        before, after = before_image(line), after_image(line)
        with self._buffer.step(tr("Undo: {command}").format(command=line.command)):
            if after is None and before is not None:
                return self._add_again(line, before)
            feature = self._standing(line, after or before)
            if before is None:
                if feature is None:
                    return None
                self._require(feature, after)
                return self._buffer.delete(feature)
            if feature is None:
                raise RefusalError(tr("the feature has been deleted since the push"), stale=True)
            if self._looks_like(feature, before):
                return None
            self._require(feature, after, before)
            return self._change_back(feature, before)

    def _standing(self, line: JournalLine, image: Image | None) -> QgsFeature | None:
        fid = self._new_ids.get(line.fid, line.fid) if line.fid is not None else None
        feature = self._buffer.current(fid) if fid is not None else None
        if not ids_renumber(self._layer) or image is None:
            return feature
        if feature is not None and self._looks_like(feature, image):
            return feature
        for other in self._alike.get(image.signature(self._layer), []):
            feature = self._buffer.current(other)
            if feature is not None and self._looks_like(feature, image):
                return feature
        return None

    def _looks_like(self, feature: QgsFeature, image: Image | None) -> bool:
        return Image.of(feature, self._layer).looks_like(image, self._layer)

    def _require(self, feature: QgsFeature, after: Image | None, before: Image | None = None) -> None:
        """Refuse a feature that is not what the push left, nor half way back after an undo that was cut off."""
        if self._looks_like(feature, after):
            return
        now = Image.of(feature, self._layer)
        if before is None or after is None or now.wkb not in (before.wkb, after.wkb) or any(
                value not in (before.values.get(name), after.values.get(name)) for name, value in now.values.items()):
            raise RefusalError(tr("the feature has been changed since the push"), stale=True)

    def _change_back(self, feature: QgsFeature, before: Image) -> Change:
        now, fields = Image.of(feature, self._layer), self._layer.fields()
        ids = self._layer.primaryKeyAttributes()
        values = {at: from_json(before.values[field.name()], field) for at, field in enumerate(fields)
                  if at not in ids and field.name() in before.values
                  and before.values[field.name()] != now.values[field.name()]}
        geometry = geometry_of(before.wkb) if before.wkb is not None and before.wkb != now.wkb else None
        change = self._buffer.change(feature, geometry, values, update_defaults=False)
        self._alike.setdefault(before.signature(self._layer), []).append(change.fid)
        return change

    def _add_again(self, line: JournalLine, before: Image) -> Change | None:
        occupant = self._buffer.current(line.fid) if line.fid is not None and not ids_renumber(self._layer) else None
        if occupant is not None and self._looks_like(occupant, before):
            return None
        feature = QgsFeature(self._layer.fields())
        feature.setAttributes([from_json(before.values.get(field.name()), field) for field in self._layer.fields()])
        if occupant is not None:  # its id is another feature's now
            for at in self._layer.primaryKeyAttributes():
                feature.setAttribute(at, None)
        feature.setGeometry(geometry_of(before.wkb))
        change = self._buffer.add(feature)
        if line.fid is not None:
            self._new_ids[line.fid] = change.fid
        self._alike.setdefault(before.signature(self._layer), []).append(change.fid)
        return change
