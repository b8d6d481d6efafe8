"""What to do about a push that was cut off between its journal lines and its end: ask the layer what it holds."""

from __future__ import annotations

from dataclasses import replace

from qgis.core import QgsVectorLayer

from ...core.feedback import Feedback
from ...core.ledger import JournalLine, Ledger
from ..translation import tr
from .address import file_path
from .apply import Change
from .backup import Backup
from .commit import Outcome, find_alike, settle
from .finding import ids_renumber
from .image import Image


def recover(layer: QgsVectorLayer, ledger: Ledger, address: str, feedback: Feedback) -> int:
    """Bring journal and layer together again after a push into ``address`` was cut off; return how many lines it had.

    Half-applied edits are taken back, applied ones are journalled as committed, the others as failed.
    """
    lines = ledger.unfinished(address)
    if not lines:
        return 0
    why = tr("the push was cut off before this edit was written")
    changes = [Change(-1 if line.fid is None else line.fid, before_image(line), after_image(line)) for line in lines]
    outcomes = ([_by_look(layer, change, why) for change in changes] if ids_renumber(layer)
                else settle(layer, changes, why))
    ledger.update_journal([
        replace(line, state="committed" if outcome.done else "failed", why="" if outcome.done else outcome.why,
                fid=outcome.fid if outcome.fid is not None else line.fid)
        for line, outcome in zip(lines, outcomes, strict=True)])
    if file_path(layer):
        for push in {line.push for line in lines}:
            Backup.left_by(layer, push).drop()
    feedback.warning(tr("An earlier push into {address} was cut off; {done} of its {count} edits stand, the others do "
                        "not.").format(address=address, done=sum(o.done for o in outcomes), count=len(lines)))
    return len(lines)


def before_image(line: JournalLine) -> Image | None:
    """Return the feature before the edit; None if the edit added it."""
    return None if line.before_values is None else Image(line.before_wkb, line.before_values)


def after_image(line: JournalLine) -> Image | None:
    """Return the feature after the edit; None if the edit deleted it."""
    return None if line.after_values is None else Image(line.after_wkb, line.after_values)


def _by_look(layer: QgsVectorLayer, change: Change, why: str) -> Outcome:
    if change.after is None:
        standing = find_alike(layer, change.before)
        return Outcome(standing is None, standing, None, why)
    found = find_alike(layer, change.after)
    return Outcome(found is not None, found, change.after, why)
