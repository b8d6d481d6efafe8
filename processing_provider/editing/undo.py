"""Undoing: journal lines played back, the last first, each only onto the very feature that the push left behind."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from qgis.core import QgsFeature, QgsVectorLayer

from ...core.errors import GeoLoopError, InputError
from ...core.feedback import Feedback
from ...core.ledger import UNDOING, JournalLine, Ledger
from ..translation import tr
from .backup import Backup
from .buffer import Change, EditBuffer
from .columns import RefusalError
from .commit import commit, is_hopeless
from .halves import in_halves
from .ids import ids_last, ids_renumber, located
from .image import Columns, Image, from_json, geometry_of, own_fields
from .lines import after_image, before_image, by_decision, own_line
from .recovery import recover
from .silent_readers import features_by_id
from .stand_in import StandIn
from .unfiltered import unfiltered


@dataclass
class Undone:
    """What an undo did: the decisions taken back, and those left with the reason, each by the line of its feature."""

    undone: list[JournalLine] = field(default_factory=list)
    left: list[tuple[JournalLine, str]] = field(default_factory=list)


class Undo:
    """One undo of journal lines in a layer that passed ``check_editable``.

    ``is_draft``: the layer is a copy that has yet to take its place; what the journal is to say waits until then.
    """

    def __init__(self, layer: QgsVectorLayer, ledger: Ledger, feedback: Feedback, *, is_draft: bool = False) -> None:
        self._layer, self._ledger, self._feedback, self._is_draft = layer, ledger, feedback, is_draft
        self._has_committed = False
        self._waiting: dict[int | None, JournalLine] = {}
        self._result = Undone()
        self._name = ""
        self._new_ids: dict[int, int] = {}

    def run(self, lines: Sequence[JournalLine], name: str) -> Undone:
        """Take the lines back in the order given, the lines of one decision together or not at all.

        The layer's file is put back as it was if the undo breaks off.
        """
        if lines and not self._is_draft and ids_renumber(self._layer):
            return self._in_stand_in(lines, name)
        self._name, backup = name, None if self._is_draft else Backup.take(self._layer, name)
        try:
            with unfiltered(self._layer):
                in_halves(by_decision(located(self._layer, lines)), self._attempt)
        except BaseException:
            if self._layer.isEditable():
                self._layer.rollBack()
            if backup is not None:
                backup.restore(self._layer)
                backup.drop()
                self._ledger.journal.update((), lines)
            elif lines and not self._is_draft and self._layer.isValid():
                with suppress(GeoLoopError):  # else when the layer is next pushed into or undone
                    recover(self._layer, self._ledger, lines[0].target_source, self._feedback)
            raise
        if backup is not None:
            backup.drop()
        return self._result

    def _in_stand_in(self, lines: Sequence[JournalLine], name: str) -> Undone:
        """Take the lines back in a copy of a file without transactions, which then takes its place."""
        stand_in = StandIn.take(self._layer, name)
        draft = Undo(stand_in.layer, self._ledger, self._feedback, is_draft=True)
        try:
            result = draft.run(lines, name)
            if draft._has_committed:
                stand_in.take_place(self._layer)
            else:
                stand_in.drop()
        except BaseException:
            if stand_in.drop():
                self._ledger.journal.update((), lines)
            raise
        self._ledger.journal.update((), list(draft._waiting.values()))
        return result

    def _attempt(self, decisions: Sequence[list[JournalLine]]) -> list[list[JournalLine]]:
        layer = self._layer
        if not layer.startEditing():
            raise InputError(tr("The layer {layer} cannot be switched to edit mode.").format(layer=layer.name()))
        reverter = _Reverter(layer, [line for lines in decisions for line in lines], self._new_ids)
        reverted: list[tuple[list[JournalLine], dict[int, Change]]] = []
        already: list[list[JournalLine]] = []
        for lines in decisions:
            self._feedback.check()
            try:
                changes = reverter.revert(lines)
            except RefusalError as refusal:
                self._leave(lines, str(refusal))
            else:
                if changes:
                    reverted.append((lines, changes))
                else:
                    already.append([replace(line, state="undone", why=tr("the layer was as before the push already"))
                                    for line in lines])
        if not reverted:
            layer.rollBack()
            self._finish(already)
            return []
        # so that an undo which is cut off here is known of when the layer is next pushed into or undone
        self._ledger.journal.set_why([line.id for lines, _ in reverted for line in lines], f"{UNDOING}{self._name}")
        self._has_committed = True
        backup = Backup.take(layer, f"{self._name}-part") if ids_renumber(layer) else None
        try:
            outcomes = commit(layer, [list(changes.values()) for _, changes in reverted],
                              None if backup is None else lambda: backup.restore(layer))
        finally:
            if backup is not None:
                backup.drop()
        done, left, standing = already, [], []
        for (lines, changes), some in zip(reverted, outcomes, strict=True):
            if not some[0].done:
                standing += lines
            if some[0].done:
                of_line = dict(zip(changes, some, strict=True))
                done.append([self._taken_back(line, of_line[at].fid if at in of_line else line.fid)
                             for at, line in enumerate(lines)])
            elif some[0].stale or len(decisions) == 1 or is_hopeless(some[0].why):
                self._leave(lines, some[0].why)
            else:
                left.append(lines)
        self._journal(standing)
        self._finish(done)
        return left

    def _leave(self, lines: Sequence[JournalLine], why: str) -> None:
        self._result.left.append((own_line(lines), why))

    def _taken_back(self, line: JournalLine, fid: int | None) -> JournalLine:
        why = ""
        if line.after_values is None and line.fid is not None and fid is not None and fid != line.fid:
            self._new_ids[line.fid] = fid
            if ids_last(self._layer):
                why = tr("the feature came back with the id {new} instead of {old}").format(new=fid, old=line.fid)
        return line.renewed(state="undone", why=why)

    def _finish(self, decisions: Sequence[list[JournalLine]]) -> None:
        lines = [line for some in decisions for line in some]
        self._journal(lines)
        self._result.undone += [own_line(some) for some in decisions]
        if self._new_ids and lines and ids_last(self._layer) and not ids_renumber(self._layer):
            rest = self._ledger.journal.plan_undo(lines[0].target_layer, "all", lines[0].target_source)
            self._ledger.journal.update((), [line.renewed(fid=self._new_ids[line.fid]) for line in rest
                                             if line.fid in self._new_ids])

    def _journal(self, lines: Sequence[JournalLine]) -> None:
        if self._is_draft:
            self._waiting.update((line.id, line) for line in lines)
        else:
            self._ledger.journal.update((), lines)


class _Reverter:
    def __init__(self, layer: QgsVectorLayer, lines: Sequence[JournalLine], new_ids: dict[int, int]) -> None:
        self._layer, self._buffer, self._new_ids = layer, EditBuffer(layer), dict(new_ids)
        self._columns, self._renumbers = Columns.of(layer), ids_renumber(layer)
        self._alike: dict[str, list[int]] = {}
        ids = [fid for line in lines if line.fid is not None and (fid := new_ids.get(line.fid, line.fid)) >= 0]
        for feature in features_by_id(layer, ids).values():  # one question instead of one a line
            self._buffer.remember(feature)
        if self._renumbers:
            wanted = {image.signature(self._columns) for line in lines
                      for image in (before_image(line), after_image(line)) if image}
            for feature in layer.getFeatures():
                mark = Image.of(feature, self._columns).signature(self._columns)
                if mark in wanted:
                    self._alike.setdefault(mark, []).append(feature.id())

    def revert(self, lines: Sequence[JournalLine]) -> dict[int, Change]:
        """Put the inverse of a decision into the edit buffer; return the changes by the place of their line. Lines
        whose feature is as before the edit already have none.
        """
        changes: dict[int, Change] = {}
        with self._buffer.step(tr("Undo: {command}").format(command=own_line(lines).command)):
            for at, line in enumerate(lines):
                change = self._revert(line)
                if change is not None:
                    changes[at] = change
        return changes

    def _revert(self, line: JournalLine) -> Change | None:
        before, after = before_image(line), after_image(line)
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
        if not self._renumbers or image is None:
            return feature
        if feature is not None and self._looks_like(feature, image):
            return feature
        for other in self._alike.get(image.signature(self._columns), []):
            feature = self._buffer.current(other)
            if feature is not None and self._looks_like(feature, image):
                return feature
        return None

    def _looks_like(self, feature: QgsFeature, image: Image | None) -> bool:
        return Image.of(feature, self._columns).looks_like(image, self._columns)

    def _require(self, feature: QgsFeature, after: Image | None, before: Image | None = None) -> None:
        """Refuse a feature that is not what the push left, nor half way back after an undo that was cut off."""
        if self._looks_like(feature, after):
            return
        now = Image.of(feature, self._columns)
        if before is None or after is None or now.wkb not in (before.wkb, after.wkb) or any(
                value not in (before.values.get(name), after.values.get(name)) for name, value in now.values.items()):
            raise RefusalError(tr("the feature has been changed since the push"), stale=True)

    def _change_back(self, feature: QgsFeature, before: Image) -> Change:
        now, fields = Image.of(feature, self._columns), own_fields(self._layer)
        ids = self._layer.primaryKeyAttributes()
        values = {at: from_json(before.values[field.name()], field) for at, field in enumerate(fields)
                  if at not in ids and field.name() in before.values
                  and before.values[field.name()] != now.values[field.name()]}
        geometry = geometry_of(before.wkb) if before.wkb is not None and before.wkb != now.wkb else None
        change = self._buffer.change(feature, geometry, values, update_defaults=False)
        if self._renumbers:
            self._alike.setdefault(before.signature(self._columns), []).append(change.fid)
        return change

    def _add_again(self, line: JournalLine, before: Image) -> Change | None:
        occupant = self._buffer.current(line.fid) if line.fid is not None and not self._renumbers else None
        if occupant is not None and self._looks_like(occupant, before):
            return None
        feature = QgsFeature(self._layer.fields())
        for at, column in enumerate(own_fields(self._layer)):
            feature.setAttribute(at, from_json(before.values.get(column.name()), column))
        if occupant is not None:  # its id is another feature's now
            for at in self._layer.primaryKeyAttributes():
                feature.setAttribute(at, None)
        feature.setGeometry(geometry_of(before.wkb))
        change = self._buffer.add(feature)
        if line.fid is not None:
            self._new_ids[line.fid] = change.fid
        if self._renumbers:
            self._alike.setdefault(before.signature(self._columns), []).append(change.fid)
        return change
