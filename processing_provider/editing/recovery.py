"""What to do about a push or an undo that was cut off between its journal lines and its end: ask the layer what it
holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qgis.core import QgsVectorLayer

from ...core.feedback import Feedback
from ...core.ledger import UNDOING, JournalLine, Ledger
from ..translation import tr
from .address import file_path
from .backup import Backup
from .buffer import Change
from .commit import Decision, Outcome, is_between, settle
from .cut_off import mend_layer
from .ids import ids_renumber, located
from .image import Columns, Image
from .lines import after_image, before_image, by_decision
from .silent_readers import wake
from .stand_in import folder_of, forget
from .unfiltered import unfiltered


@dataclass(frozen=True)
class _Reading:
    """What a layer whose ids renumber holds: its features by what they look like."""

    marks: dict[str, int]
    images: dict[str, Image]

    @classmethod
    def of(cls, layer: QgsVectorLayer) -> _Reading:
        columns = Columns.of(layer)
        marks, images = {}, {}
        for feature in layer.dataProvider().getFeatures():
            image = Image.of(feature, columns)
            mark = image.signature(columns)
            marks[mark], images[mark] = feature.id(), image
        return cls(marks, images)


def recover(layer: QgsVectorLayer, ledger: Ledger, address: str, feedback: Feedback) -> int:
    """Bring journal and layer together again after a push into ``address``, or an undo there, was cut off; return how
    many decisions it had not finished.

    Half-applied decisions are taken back, applied ones are journalled as such, the others as if never begun.
    """
    mend_layer(layer)
    wake(layer)
    planned, undoing = ledger.journal.unfinished(address), ledger.journal.being_undone(address)
    with unfiltered(layer):
        pushed = _recover(layer, ledger, by_decision(planned), undo=False)
        undone = _recover(layer, ledger, by_decision(reversed(undoing)), undo=True)
    if file_path(layer):
        for backup in _backups(layer, [*planned, *undoing]):
            backup.drop()
        for run in _runs([*planned, *undoing]):
            forget(folder_of(Path(file_path(layer)), run))
    if pushed:
        feedback.warning(tr("An earlier push into {address} was cut off; {done} of its {count} edits stand, the others "
                            "do not.").format(address=address, done=sum(pushed), count=len(pushed)))
    if undone:
        feedback.warning(tr("An earlier undo in {address} was cut off; {done} of {count} edits are taken back, the "
                            "others are not.").format(address=address, done=sum(undone), count=len(undone)))
    return len(pushed) + len(undone)


def _recover(layer: QgsVectorLayer, ledger: Ledger, decisions: Sequence[list[JournalLine]], *,
             undo: bool) -> list[bool]:
    """Return for each decision whether it is done, with the journal brought up to it."""
    if not decisions:
        return []
    why = tr("the undo was cut off before this edit was taken back") if undo else tr(
        "the push was cut off before this edit was written")
    decisions = by_decision(located(layer, [line for lines in decisions for line in lines]))
    changes = [[_change(line, undo=undo) for line in lines] for lines in decisions]
    outcomes = (_by_look(layer, decisions, changes, why) if ids_renumber(layer) else settle(layer, changes, why))
    done, not_done = ("undone", "committed") if undo else ("committed", "failed")
    ledger.journal.update([
        replace(line, state=done if outcome.done else not_done, why="" if outcome.done else outcome.why,
                fid=outcome.fid if outcome.fid is not None else line.fid)
        for lines, some in zip(decisions, outcomes, strict=True)
        for line, outcome in zip(lines, some, strict=True)])
    return [some[0].done for some in outcomes]


def _change(line: JournalLine, *, undo: bool) -> Change:
    before, after = before_image(line), after_image(line)
    if undo:
        before, after = after, before
    return Change(-1 if line.fid is None or before is None else line.fid, before, after)


def _by_look(layer: QgsVectorLayer, decisions: Sequence[list[JournalLine]], changes: Sequence[Decision],
             why: str) -> list[list[Outcome]]:
    """Ask a layer whose ids mean nothing any more. Where it holds half of something its file is put back as it was."""
    now = _Reading.of(layer)
    outcomes = [[_looked_for(now, change, layer, why) for change in some] for some in changes]
    whole = [len({None if one is None else one.done for one in some} - {None}) == 1 and None not in some
             for some in outcomes]
    if not all(whole):
        backup = next((one for one in _backups(layer, [line for lines in decisions for line in lines]) if one.exists),
                      None)
        if backup is not None and _all_else_is_as_before(now, changes, backup, layer):
            backup.restore(layer)
            return [_told(some, why) for some in changes]
        lost = tr("the push was cut off and the layer was edited since: look at the feature")
        if backup is not None:
            lost = tr("{lost}; the file as it was lies in {folder}").format(lost=lost, folder=backup.keep())
        return [some if ok else _told(of, lost) for some, of, ok in zip(outcomes, changes, whole, strict=True)]
    return outcomes


def _looked_for(now: _Reading, change: Change, layer: QgsVectorLayer, why: str) -> Outcome | None:
    """Return what became of a change; None if the layer holds the feature neither as it was nor as it should be."""
    before, after = (None if image is None else now.marks.get(image.signature(layer))
                     for image in (change.before, change.after))
    if change.after is None:
        return Outcome(before is None, before, None, "" if before is None else why)
    if after is not None:
        return Outcome(True, after, change.after)
    return Outcome(False, before, None, why) if change.before is None or before is not None else None


def _all_else_is_as_before(now: _Reading, changes: Sequence[Decision], backup: Backup, layer: QgsVectorLayer) -> bool:
    """Whether nobody has edited the layer since: what it holds is as in the copy, as it should become, or half of that.
    """
    flat = [change for some in changes for change in some]
    known = {*_Reading.of(backup.layer()).marks,
             *(change.after.signature(layer) for change in flat if change.after is not None)}
    return all(mark in known or any(is_between(layer, now.images[mark], [change.before, change.after])
                                    for change in flat) for mark in now.marks)


def _told(changes: Decision, why: str) -> list[Outcome]:
    return [Outcome(False, None, None, why) for _ in changes]


def _backups(layer: QgsVectorLayer, lines: Iterable[JournalLine]) -> list[Backup]:
    """Return the copies that the runs which wrote these lines may have left."""
    return [Backup.left_by(layer, run) for run in _runs(lines)]


def _runs(lines: Iterable[JournalLine]) -> list[str]:
    return sorted({line.why.removeprefix(UNDOING) if line.why.startswith(UNDOING) else line.push for line in lines})
