"""Pushing: planned edits into a layer, journalled before they are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from qgis.core import QgsCoordinateTransformContext, QgsVectorLayer

from ...core.errors import GeoLoopError, InputError
from ...core.feedback import Feedback
from ...core.ledger import JournalLine, Ledger, PlannedEdit, SourceRow
from ..translation import tr
from .apply import Applier
from .backup import Backup
from .buffer import Change
from .columns import ColumnTable, RefusalError
from .commit import Decision, Outcome, commit, is_hopeless
from .halves import in_halves
from .ids import ids_renumber
from .image import Image
from .recovery import recover
from .stand_in import StandIn


@dataclass(frozen=True)
class Target:
    """Where edits go: the open layer, its address for the journal, and what the ledger says of the source.

    ``is_draft``: the layer is a copy that gets its address only when all is done, so until then the journal says no
    more than ``planned``. ``copy_of_filtered``: it lacks what the filter of the one that was copied hides.
    ``topological``: vertices that neighbours share move along (a project's setting, see
    ``QgsProject.topologicalEditing``). ``columns``: the user's table, from names of the ledger to columns.
    """

    layer: QgsVectorLayer
    address: str
    source: SourceRow
    transforms: QgsCoordinateTransformContext
    is_draft: bool = False
    copy_of_filtered: bool = False
    topological: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


class Push:
    """One push. ``name`` is its id in the journal; the layer must have passed ``check_editable``."""

    def __init__(self, target: Target, ledger: Ledger, name: str, feedback: Feedback) -> None:
        self._target, self._ledger, self._name, self._feedback = target, ledger, name, feedback
        self._lines: dict[str, list[JournalLine]] = {}
        self._written: dict[int, JournalLine] = {}
        self._needless: list[JournalLine] = []
        self._has_committed = False
        self._finished = 0

    def run(self, edits: Sequence[PlannedEdit]) -> list[JournalLine]:
        """Apply the edits and return the journal line of each, in order: ``committed``, ``stale`` or ``failed``.

        An edit that does not fit is left out and told; every other one is written. The file of a source is copied first
        and put back if the push breaks off; the journal then says ``failed`` for all of it.
        """
        layer, count = self._target.layer, len(edits)
        ColumnTable(layer, self._target.columns)  # so that a table which does not fit is told before anything is done
        if edits and not self._target.is_draft and ids_renumber(layer):
            return self._in_stand_in(edits)
        backup = None if self._target.is_draft or not edits else Backup.take(layer, self._name)
        try:
            in_halves(edits, lambda batch: self._attempt(batch, count))
        except BaseException as error:
            self._break_off(backup, error)
            raise
        if backup is not None:
            backup.drop()
        return [self._lines[edit.uid][0] for edit in edits]

    def all_lines(self) -> list[JournalLine]:
        """Return every line of this push in the journal, those of neighbours and twins included."""
        return [line for lines in self._lines.values() for line in lines]

    def _in_stand_in(self, edits: Sequence[PlannedEdit]) -> list[JournalLine]:
        """Edit a copy of a file without transactions, which then takes its place; nothing stands before that."""
        stand_in = StandIn.take(self._target.layer, self._name)
        draft = Push(replace(self._target, layer=stand_in.layer, is_draft=True), self._ledger, self._name,
                     self._feedback)
        try:
            draft.run(edits)
            if draft._has_committed:
                stand_in.take_place(self._target.layer)
            else:
                stand_in.drop()
        except BaseException as error:
            if stand_in.drop():
                self._abandon(error)
            raise
        self._lines = draft._lines
        self._ledger.journal.update(self.all_lines())
        return [self._lines[edit.uid][0] for edit in edits]

    def _attempt(self, edits: Sequence[PlannedEdit], count: int) -> list[PlannedEdit]:
        """Apply and commit a batch; return the edits that a failed commit left out, unless one was tried alone."""
        target = self._target
        if not target.layer.startEditing():
            raise InputError(tr("The layer {layer} cannot be switched to edit mode.").format(layer=target.layer.name()))
        applier = Applier(target.layer, target.source, edits, target.transforms, target.columns,
                          topological=target.topological, copy_of_filtered=target.copy_of_filtered)
        decisions: list[tuple[PlannedEdit, list[Change]]] = []
        for edit in edits:
            self._feedback.check()
            try:
                changes = applier.apply(edit)
            except RefusalError as refusal:
                self._settle(edit, "stale" if refusal.stale else "failed", str(refusal))
            else:
                decisions.append((edit, changes))
                self._plan(edit, changes)
        self._write(edits)
        if not decisions:
            target.layer.rollBack()
            return []
        outcomes = self._commit([changes for _, changes in decisions])
        left = []
        for (edit, _), some in zip(decisions, outcomes, strict=True):
            if some[0].done:
                self._lines[edit.uid] = [
                    _committed(line, outcome) for line, outcome in zip(self._lines[edit.uid], some, strict=True)]
            elif some[0].stale or len(edits) == 1 or is_hopeless(some[0].why):
                self._settle(edit, "stale" if some[0].stale else "failed", some[0].why)
            else:
                left.append(edit)
        if not target.is_draft:
            waiting = {edit.uid for edit in left}
            self._write([edit for edit, _ in decisions if edit.uid not in waiting])
        self._finished += len(edits) - len(left)
        self._feedback.progress(self._finished / count)
        return left

    def _commit(self, decisions: Sequence[Decision]) -> list[list[Outcome]]:
        layer, self._has_committed = self._target.layer, True
        if not ids_renumber(layer):
            return commit(layer, decisions, None)
        # what was committed before in this push stays, so the state to go back to is that of this batch
        backup = Backup.take(layer, f"{self._name}-part")
        try:
            return commit(layer, decisions, None if backup is None else lambda: backup.restore(layer))
        finally:
            if backup is not None:
                backup.drop()

    def _plan(self, edit: PlannedEdit, changes: Sequence[Change]) -> None:
        """Note what a decision does to each feature; of an earlier attempt only the line in the journal stays."""
        known = self._lines.get(edit.uid, [])
        lines = [self._line(edit, change, known[at].id if at < len(known) else None)
                 for at, change in enumerate(changes)]
        self._lines[edit.uid] = lines
        self._needless += [replace(line, state="failed", why=tr("not touched when the edit was tried again"))
                           for line in known[len(changes):]]

    def _settle(self, edit: PlannedEdit, state: str, why: str) -> None:
        """Note that a decision was not applied."""
        self._lines[edit.uid] = [replace(line, state=state, why=why)
                                 for line in self._lines.get(edit.uid) or [self._line(edit)]]

    def _line(self, edit: PlannedEdit, change: Change | None = None, number: int | None = None) -> JournalLine:
        """Return the line of a change that is planned; without a change that of an edit that is not."""
        before, after = (change.before, change.after) if change else (None, None)
        return JournalLine(
            push=self._name, uid=edit.uid, target_layer=edit.target_layer, target_source=self._target.address,
            edit=(change.along if change else "") or edit.edit, command=edit.command, target_key=edit.target_key,
            fid=change.fid if change and before is not None else None, model=edit.model, reviewer=edit.reviewer,
            why=change.note if change else "", id=number,
            before_wkb=before.wkb if before else None, before_values=before.values if before else None,
            after_wkb=after.wkb if after else None, after_values=after.values if after else None)

    def _write(self, edits: Sequence[PlannedEdit]) -> None:
        """Bring the journal up to what is known of these edits."""
        lines = [line for edit in edits for line in self._lines[edit.uid]]
        known = [*self._needless, *(line for line in lines if line.id is not None)]
        as_written = [line for line in known if self._has_images(line)]
        spared = {line.id for line in as_written}
        self._ledger.journal.update([line for line in known if line.id not in spared], as_written)
        self._needless = []
        ids = iter(self._ledger.journal.append([line for line in lines if line.id is None]))
        for edit in edits:
            self._lines[edit.uid] = [line if line.id is not None else line.renewed(id=next(ids))
                                     for line in self._lines[edit.uid]]
            self._written.update((line.id, line) for line in self._lines[edit.uid] if line.id is not None)

    def _has_images(self, line: JournalLine) -> bool:
        """Whether the journal has the images of a line already, the very same."""
        written = self._written.get(line.id) if line.id is not None else None
        return written is not None and all(
            getattr(line, part) is getattr(written, part) or getattr(line, part) == getattr(written, part)
            for part in ("before_wkb", "before_values", "after_wkb", "after_values"))

    def _break_off(self, backup: Backup | None, error: BaseException) -> None:
        """Leave the layer as it was before the push where that can be done, and say in the journal what stands."""
        layer = self._target.layer
        if layer.isEditable():
            layer.rollBack()
        if self._has_committed and backup is not None:
            backup.restore(layer)
        elif self._has_committed:
            if not self._target.is_draft and layer.isValid():
                # what cannot be settled now is asked for when the layer is next pushed into or undone
                with suppress(GeoLoopError):
                    recover(layer, self._ledger, self._target.address, self._feedback)
            return
        if backup is not None:
            backup.drop()
        self._abandon(error)

    def _abandon(self, error: BaseException) -> None:
        with suppress(GeoLoopError):  # a ledger that cannot be written is told by the error that is on its way
            self._ledger.journal.abandon(
                self._name, tr("the push broke off and the layer was brought back: {why}").format(why=error))


def _committed(line: JournalLine, outcome: Outcome) -> JournalLine:
    after: Image | None = outcome.after
    return line.renewed(state="committed", fid=outcome.fid, after_wkb=after.wkb if after else None,
                        after_values=after.values if after else None)
