"""Accepted edits in a layer that its user is editing: undo steps of the user's own, journalled when they are saved.

The user may take any of them back, change the feature further, save or discard. The journal is written right before
the layer is committed, with the features as they then stand in the edit buffer, and closed with what the provider
holds afterwards.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from qgis.core import Qgis, QgsApplication, QgsCoordinateTransformContext, QgsProject, QgsVectorLayer

from ...core.errors import GeoLoopError, InputError
from ...core.feedback import Feedback
from ...core.ledger import JournalLine, Ledger, PlannedEdit, SourceRow
from ..translation import tr
from .address import layer_address
from .apply import Applier
from .backup import Backup
from .buffer import Change
from .columns import RefusalError
from .commit import find_alike
from .finding import ids_renumber
from .image import Image
from .lines import after_image
from .recovery import recover
from .silent_readers import features_by_id
from .unfiltered import unfiltered

PATIENCE_S = 2.0
"""How long saving a layer waits for a ledger that another program holds."""


@dataclass
class _Pending:
    """A decision in the buffer; ``lines`` is what the journal says of its changes, empty before the first save."""

    edit: PlannedEdit
    changes: Sequence[Change]
    lines: list[JournalLine] = field(default_factory=list)


class OpenLayer:
    """The edits that GeoLoop put into the buffer of one layer in edit mode. ``warn`` tells the user a sentence.

    Call :meth:`leave` when nobody wants to know any more: what waits in the buffer is journalled all the same, once it
    is saved.
    """

    _left: ClassVar[dict[tuple[str, Path], OpenLayer]] = {}
    """Those that were left with edits in their buffers, by layer and ledger."""

    @classmethod
    def of(cls, layer: QgsVectorLayer, ledger: Path, transforms: QgsCoordinateTransformContext,
           warn: Callable[[str], None]) -> OpenLayer:
        """Return the one of a layer and a ledger that was left, else a new one."""
        known = cls._left.pop((layer.id(), ledger), None)
        if known is None:
            return cls(layer, ledger, transforms, warn)
        known._warn = warn
        return known

    def __init__(self, layer: QgsVectorLayer, ledger: Path, transforms: QgsCoordinateTransformContext,
                 warn: Callable[[str], None]) -> None:
        self.layer = layer
        self._ledger, self._transforms, self._warn = ledger, transforms, warn
        self._address = layer_address(layer)
        self._pending: dict[str, _Pending] = {}
        self._backup: Backup | None = None
        self._saved: list[JournalLine] = []
        self._links = ((layer.beforeCommitChanges, self._before_commit), (layer.afterCommitChanges, self._after_commit),
                       (layer.afterRollBack, self._after_roll_back), (layer.willBeDeleted, self.let_go))
        for signal, slot in self._links:
            signal.connect(slot)

    def apply(self, edits: Sequence[PlannedEdit], source: SourceRow,
              columns: Mapping[str, str] | None = None) -> dict[str, Sequence[Change] | RefusalError]:
        """Put edits into the buffer, each as one undo step with its name; return by uid what each changed, or why it
        does not fit and left the buffer as it was. ``columns`` is the user's table, from names of the ledger.

        Raises :class:`InputError` for a layer that is not in edit mode or in a transaction group.
        """
        layer, project = self.layer, QgsProject.instance()
        if not layer.isEditable():
            raise InputError(tr("The layer {layer} is not in edit mode.").format(layer=layer.name()))
        if project.transactionMode() != Qgis.TransactionMode.Disabled and project.mapLayer(layer.id()):
            raise InputError(tr("The project edits its layers in transaction groups, in which edits cannot be taken "
                                "back one by one; set the transaction mode of the project to local edit buffers."))
        applier = Applier(layer, source, edits, self._transforms, columns or {},
                          topological=project.topologicalEditing())
        became: dict[str, Sequence[Change] | RefusalError] = {}
        for edit in edits:
            try:
                became[edit.uid] = changes = applier.apply(edit)
            except RefusalError as refusal:
                became[edit.uid] = refusal
            else:
                self._pending[edit.uid] = _Pending(edit, changes)
        layer.triggerRepaint()
        return became

    def holds(self, uid: str) -> bool:
        """Whether the buffer holds the edit of this discrepancy, not saved yet."""
        pending = self._pending.get(uid)
        return pending is not None and self._stands(pending.changes[0])

    def take_back(self, uid: str) -> bool:
        """Undo the edit of a discrepancy if it is the layer's last step; return whether the buffer is free of it."""
        if not self.holds(uid):
            self._pending.pop(uid, None)
            return True
        steps = self.layer.undoStack()
        if not steps.canUndo() or steps.undoText() != self._pending[uid].edit.command:
            return False
        steps.undo()
        self.layer.triggerRepaint()
        if self.holds(uid):  # it was another step of that name
            steps.redo()
            return False
        del self._pending[uid]
        return True

    def leave(self) -> None:
        """Listen to the layer until what waits in its buffer is saved or discarded; where nothing does, no more."""
        if self._links and (self._saved or any(self.holds(uid) for uid in self._pending)):
            self._left[self.layer.id(), self._ledger] = self
            self._warn = _note
        else:
            self.let_go()

    def let_go(self) -> None:
        """Listen to the layer no more, whatever waits in its buffer."""
        for key in [key for key, one in self._left.items() if one is self]:
            del self._left[key]
        for signal, slot in self._links:
            try:
                signal.disconnect(slot)
            except (TypeError, RuntimeError):
                pass  # the layer has been deleted
        self._links = ()

    # What the layer tells.

    def _before_commit(self, *_: object) -> None:
        push = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        try:
            self._pending = {uid: one for uid, one in self._pending.items() if self._stands(one.changes[0])}
            if not self._pending:
                return
            for one in self._pending.values():
                one.lines = [self._line(one, at, push) for at in range(len(one.changes))]
            with Ledger.open(self._ledger, timeout_s=PATIENCE_S) as ledger:
                ledger.journal.update([line for one in self._pending.values() for line in one.lines if line.id])
                for one in self._pending.values():
                    if one.lines[0].id is None:
                        numbers = ledger.journal.append(one.lines)
                        one.lines = [replace(line, id=n) for line, n in zip(one.lines, numbers, strict=True)]
            if ids_renumber(self.layer) and self._backup is None:
                self._backup = Backup.take(self.layer, next(iter(self._pending.values())).lines[0].push)
        except (GeoLoopError, sqlite3.Error) as error:
            self._warn(tr("The edits of “{layer}” are not in the journal yet: {why}").format(
                layer=self.layer.name(), why=error))

    def _after_commit(self) -> None:
        if self._backup is not None:
            self._backup.drop()
            self._backup = None
        with unfiltered(self.layer):
            for one in self._pending.values():
                if one.lines:  # else the user was told before the commit
                    self._saved += self._looked_up(one)
        self._pending = {}
        self._write_saved()
        self._end_if_left()

    def _after_roll_back(self) -> None:
        """The user discarded the buffer, of which a save that failed may have written a part."""
        was_tried = any(one.lines for one in self._pending.values())
        self._pending, self._backup = {}, None
        if was_tried:
            try:
                with Ledger.open(self._ledger, timeout_s=PATIENCE_S) as ledger:
                    recover(self.layer, ledger, self._address, Feedback())
            except (GeoLoopError, sqlite3.Error) as error:
                self._warn(tr("What “{layer}” holds of the edits that could not be saved is not in the journal yet: "
                              "{why}").format(layer=self.layer.name(), why=error))
        self._end_if_left()

    def _end_if_left(self) -> None:
        if self in self._left.values():
            self.leave()

    # The journal.

    def _line(self, one: _Pending, at: int, push: str) -> JournalLine:
        change, edit = one.changes[at], one.edit
        now, before = self._in_buffer(change.fid), change.before
        line = one.lines[at] if one.lines else JournalLine(
            push=push, uid=edit.uid, target_layer=edit.target_layer, target_source=self._address,
            edit=change.along or edit.edit, command=edit.command, target_key=edit.target_key, model=edit.model,
            reviewer=edit.reviewer, fid=None if before is None else change.fid, why=change.note,
            before_wkb=before.wkb if before else None, before_values=before.values if before else None)
        return replace(line, after_wkb=now.wkb if now else None, after_values=now.values if now else None)

    def _looked_up(self, one: _Pending) -> list[JournalLine]:
        """What became of a decision after a commit that reported success, by what the provider holds."""
        lines, whys = [], []
        for change, line in zip(one.changes, one.lines, strict=True):
            fid, held, why = self._held(change, after_image(line))
            whys.append(why)
            lines.append(replace(line, fid=fid) if held is None else replace(
                line, fid=fid, after_wkb=held.wkb, after_values=held.values))
        return [replace(line, state="failed" if whys[0] else "committed", why=why or line.why)
                for line, why in zip(lines, whys, strict=True)]

    def _held(self, change: Change, after: Image | None) -> tuple[int | None, Image | None, str]:
        """Id and look of a feature in the provider after its commit, and why the change is not there (empty: it is)."""
        if ids_renumber(self.layer):  # of a deletion the commit's word stands: its id is another feature's now
            fid = find_alike(self.layer, after)
            return fid, after, "" if after is None or fid is not None else tr("the file does not hold the feature")
        fid = find_alike(self.layer, after) if change.before is None else change.fid
        held = self._in_provider(fid) if fid is not None else None
        if after is None:
            return fid, held, "" if held is None else tr("the provider kept the feature")
        if held is None:
            return fid, held, tr("the provider does not hold the feature")
        kept = (change.before is not None and held.looks_like(change.before, self.layer)
                and not held.looks_like(after, self.layer))
        return fid, held, tr("the provider left the feature as it was") if kept else ""

    def _write_saved(self) -> None:
        """Bring what is known into the journal; what cannot be written now is tried again with the next save."""
        try:
            with Ledger.open(self._ledger, timeout_s=PATIENCE_S) as ledger:
                new = [line for line in self._saved if line.id is None]
                numbers = ledger.journal.append([replace(line, state="planned") for line in new])
                ledger.journal.update([line for line in self._saved if line.id is not None] + [
                    replace(line, id=number) for line, number in zip(new, numbers, strict=True)])
        except (GeoLoopError, sqlite3.Error) as error:
            self._warn(tr("What was saved in “{layer}” is not in the journal yet: {why}").format(
                layer=self.layer.name(), why=error))
        else:
            self._saved = []

    # The features.

    def _stands(self, change: Change) -> bool:
        """Whether the buffer still holds a change: its user may have undone it."""
        now = self._in_buffer(change.fid)
        if change.after is None or change.before is None:
            return (now is None) == (change.after is None)
        return now is not None and not now.looks_like(change.before, self.layer)

    def _in_buffer(self, fid: int) -> Image | None:
        found = features_by_id(self.layer, [fid]).get(fid)
        return None if found is None else Image.of(found, self.layer)

    def _in_provider(self, fid: int) -> Image | None:
        found = features_by_id(self.layer, [fid], self.layer.dataProvider()).get(fid)
        return None if found is None else Image.of(found, self.layer)


def _note(text: str) -> None:
    """Tell a sentence where there is no window to tell it in any more."""
    QgsApplication.messageLog().logMessage(text, "GeoLoop", Qgis.MessageLevel.Warning)
