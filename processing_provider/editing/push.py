"""Pushing: planned edits into a layer, journalled before they are committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qgis.core import QgsCoordinateTransformContext, QgsVectorLayer

from ...core.errors import InputError
from ...core.feedback import Feedback
from ...core.ledger import JournalLine, Ledger, PlannedEdit, SourceRow
from ..translation import tr
from .apply import Applier, Change
from .backup import Backup
from .columns import RefusalError
from .commit import Outcome, commit
from .finding import ids_renumber
from .halves import in_halves
from .image import Image


@dataclass(frozen=True)
class Target:
    """Where edits go: the open layer, its address for the journal, and what the ledger says of the source.

    ``is_draft``: the layer is a copy that gets its address only when all is done, so until then the journal says no
    more than ``planned``.
    """

    layer: QgsVectorLayer
    address: str
    source: SourceRow
    transforms: QgsCoordinateTransformContext
    is_draft: bool = False


class Push:
    """One push. ``name`` is its id in the journal; the layer must have passed ``check_editable``."""

    def __init__(self, target: Target, ledger: Ledger, name: str, feedback: Feedback) -> None:
        self._target, self._ledger, self._name, self._feedback = target, ledger, name, feedback
        self._lines: dict[str, JournalLine] = {}
        self._finished = 0

    def run(self, edits: Sequence[PlannedEdit]) -> list[JournalLine]:
        """Apply the edits and return the journal line of each, in order: ``committed``, ``stale`` or ``failed``.

        An edit that does not fit is left out and told; every other one is written. The file of a source is copied first
        and put back if the push breaks off; the journal then says ``failed`` for all of it.
        """
        layer, count = self._target.layer, len(edits)
        backup = None if self._target.is_draft else Backup.take(layer, self._name)
        try:
            in_halves(edits, lambda batch: self._attempt(batch, count))
        except BaseException as error:
            self._break_off(backup, error)
            raise
        if backup is not None:
            backup.drop()
        return [self._lines[edit.uid] for edit in edits]

    def _attempt(self, edits: Sequence[PlannedEdit], count: int) -> list[PlannedEdit]:
        """Apply and commit a batch; return the edits that a failed commit left out, unless one was tried alone."""
        target = self._target
        if not target.layer.startEditing():
            raise InputError(tr("The layer {layer} cannot be switched to edit mode.").format(layer=target.layer.name()))
        applier = Applier(target.layer, target.source, edits, target.transforms)
        changes: list[tuple[PlannedEdit, Change]] = []
        for edit in edits:
            self._feedback.check()
            try:
                change = applier.apply(edit)
            except RefusalError as refusal:
                self._lines[edit.uid] = replace(
                    self._line(edit), state="stale" if refusal.stale else "failed", why=str(refusal))
            else:
                changes.append((edit, change))
                self._lines[edit.uid] = _planned(self._line(edit), change)
        self._write(edits)
        if not changes:
            target.layer.rollBack()
            return []
        outcomes = self._commit([change for _, change in changes])
        left = []
        for (edit, _), outcome in zip(changes, outcomes, strict=True):
            line = self._lines[edit.uid]
            if outcome.done:
                self._lines[edit.uid] = _committed(line, outcome.fid, outcome.after)
            elif len(edits) > 1:
                left.append(edit)
            else:
                self._lines[edit.uid] = replace(line, state="failed", why=outcome.why)
        if not target.is_draft:
            self._write([edit for edit in edits if self._lines[edit.uid].state != "planned"])
        self._finished += len(edits) - len(left)
        self._feedback.progress(self._finished / count)
        return left

    def _commit(self, changes: list[Change]) -> list[Outcome]:
        layer = self._target.layer
        if not ids_renumber(layer):
            return commit(layer, changes, None)
        # what was committed before in this push stays, so the state to go back to is that of this batch
        backup = Backup.take(layer, f"{self._name}-part")
        try:
            return commit(layer, changes, None if backup is None else lambda: backup.restore(layer))
        finally:
            if backup is not None:
                backup.drop()

    def _line(self, edit: PlannedEdit) -> JournalLine:
        known = self._lines.get(edit.uid)
        if known is not None:
            return known
        return JournalLine(
            push=self._name, uid=edit.uid, target_layer=edit.target_layer, target_source=self._target.address,
            edit=edit.edit, command=edit.command, target_key=edit.target_key, model=edit.model, reviewer=edit.reviewer)

    def _write(self, edits: Sequence[PlannedEdit]) -> None:
        """Bring the journal up to what is known of these edits."""
        new = [edit.uid for edit in edits if self._lines[edit.uid].id is None]
        self._ledger.update_journal([self._lines[e.uid] for e in edits if self._lines[e.uid].id is not None])
        for uid, line in zip(new, self._ledger.journal([self._lines[uid] for uid in new]), strict=True):
            self._lines[uid] = replace(self._lines[uid], id=line)

    def _break_off(self, backup: Backup | None, error: BaseException) -> None:
        """Leave the layer as it was before the push where that can be done, and say in the journal what stands."""
        layer = self._target.layer
        if layer.isEditable():
            layer.rollBack()
        if backup is None:
            return  # what is still planned in the journal is asked for when the layer is next pushed into or undone
        backup.restore(layer)
        backup.drop()
        self._ledger.abandon(
            self._name, tr("the push broke off and the layer was brought back: {why}").format(why=error))


def _planned(line: JournalLine, change: Change) -> JournalLine:
    before, after = change.before, change.after
    return replace(
        line, state="planned", why=change.note, fid=None if before is None else change.fid,
        before_wkb=before.wkb if before else None, before_values=before.values if before else None,
        after_wkb=after.wkb if after else None, after_values=after.values if after else None)


def _committed(line: JournalLine, fid: int | None, after: Image | None) -> JournalLine:
    return replace(line, state="committed", fid=fid, after_wkb=after.wkb if after else None,
                   after_values=after.values if after else None)
