"""Which decisions are asked again: those that are more likely wrong than right, and a few of the least sure.

The answers tell how often reviewers err (:mod:`geoloop.core.ledger.reviewers`), and what was a slip is put right before
it reaches a layer. The item comes like any other; what was said of it before is not shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ledger.queue import FlagRow
from ..ledger.reviewers import Reviewers
from .open_flags import tops

SHARE = 0.03
"""So much of a queue asks again what was decided, wherever a decision is not sure."""
MOST_SHARE = 0.25
"""And no more than this, however many decisions are doubtful."""
SURE = 0.95
"""A decision that is right with this probability is not worth a second look."""
MOST_LOOKS = 3


def asked_again(flags: Sequence[FlagRow], reviewers: Reviewers, size: int) -> list[int]:
    """Return the rows of the decided flags to ask again in a queue of ``size`` items, the least sure first.

    What was written into a layer is not asked again, nor what a newer round has flagged anew.
    """
    newest: dict[tuple[str, str | None], int] = {}
    for f in flags:
        newest[f.layer, f.key] = max(f.round, newest.get((f.layer, f.key), 0))
    unsure = []
    for row, (f, top) in enumerate(zip(flags, tops(flags), strict=True)):
        one = reviewers.opinions.get(f.uid)
        if one is None or not top or f.status not in ("accepted", "rejected") or len(one.words) >= MOST_LOOKS:
            continue
        if one.right < SURE and (f.key is None or newest[f.layer, f.key] == f.round):
            unsure.append((one.right, row))
    unsure.sort()
    doubtful = sum(right < 0.5 for right, _ in unsure)
    return [row for _, row in unsure[:max(int(SHARE * size), min(doubtful, int(MOST_SHARE * size)))]]
