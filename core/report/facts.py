"""Everything that the page tells, read from the ledger once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..ledger import Ledger, ReliabilityRow, SourceRow
from ..ledger import queue as table
from ..ledger.history import PushRow, ReviewerRow, RoundRow, pushes, reliabilities, reviewing, rounds
from ..ledger.queue import AuditRow, DecisionRow, FlagRow, FrameRow
from ..ledger.reviewed import sources_of
from ..review import ErrorRate, error_rates
from ..review.open_flags import Standing, standing, tops

SHOWN_FROM = 0.5
"""Discrepancies that are errors with at least even odds are called likely errors."""
CONFIRMED = ("accepted", "pushed", "undone", "stale")
"""Statuses of what somebody accepted as a real error."""


@dataclass(frozen=True)
class Wishes:
    """What the page shall say beside the ledger: a title, an attribution, whether reviewers are named, and a result of
    geoloop:evaluate that the ledger does not hold.
    """

    title: str = ""
    attribution: str = ""
    reviewers: bool = False
    evaluation: dict[str, Any] | None = None


@dataclass(frozen=True)
class Facts:
    """The ledger as the page sees it; ``made`` is when, in UTC."""

    ledger_name: str
    crs: str
    made: datetime
    wishes: Wishes
    rounds: tuple[RoundRow, ...]
    sources: tuple[SourceRow, ...]
    reliabilities: tuple[tuple[int, ReliabilityRow], ...]
    flags: tuple[FlagRow, ...]
    state: Standing
    decisions: tuple[DecisionRow, ...]
    draws: tuple[tuple[AuditRow, ...], tuple[FrameRow, ...]]
    rates: tuple[ErrorRate, ...]
    pushes: tuple[PushRow, ...]
    reviewing: tuple[ReviewerRow, ...]

    @cached_property
    def tops(self) -> NDArray[np.bool_]:
        """Which flags (n,) are the surest of their cause."""
        return tops(self.flags)

    @cached_property
    def likely(self) -> NDArray[np.bool_]:
        """Which flags (n,) are, or were before they were decided, likely errors: each place once, as the newest round
        sees it; what was decided stays as it was decided, and what was confirmed counts however unlikely it seemed.
        """
        probable = np.array([f.probability >= SHOWN_FROM for f in self.flags], np.bool_)
        settled = np.array([f.status != "open" for f in self.flags], np.bool_)
        confirmed = np.array([f.status in CONFIRMED for f in self.flags], np.bool_)
        stands = self.state.standing & ~self.state.remembered
        return self.tops & (confirmed | (probable & (settled | stands)))

    @cached_property
    def looked_at(self) -> dict[str, DecisionRow]:
        """The newest decision on each discrepancy that was decided one by one, by uid, the first decided first."""
        said: dict[str, DecisionRow] = {}
        for d in self.decisions:
            if d.uid is not None and d.drawn_as != "bulk":
                said[d.uid] = d
        return said


def gather(ledger: Ledger, wishes: Wishes) -> Facts:
    """Read the ledger. Raises :class:`~geoloop.core.errors.LedgerError` where another program holds it."""
    every_round = rounds(ledger)
    flags, decisions = table.flags(ledger), table.decisions(ledger)
    audit, frames = table.draws(ledger)
    return Facts(
        ledger_name=ledger.path.stem, crs=ledger.crs_wkt(), made=datetime.now(UTC), wishes=wishes,
        rounds=tuple(every_round), sources=tuple(sources_of(ledger, [one.number for one in every_round])),
        reliabilities=tuple(reliabilities(ledger)), flags=tuple(flags), state=standing(flags, decisions),
        decisions=tuple(decisions), draws=(tuple(audit), tuple(frames)), rates=tuple(error_rates(ledger)),
        pushes=tuple(pushes(ledger)), reviewing=tuple(reviewing(ledger)))
