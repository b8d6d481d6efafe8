"""Decisions on discrepancies, in bulk. Runs in either Python: standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``uids`` are the discrepancies to decide; ``drawn_as`` and ``inclusion_probability`` say how they were chosen."""

    ledger: str
    uids: tuple[str, ...]
    decision: Literal["accept", "reject", "unsure"]
    reason: str = ""
    reviewer: str = ""
    drawn_as: Literal["queue", "audit", "bulk"] = "bulk"
    inclusion_probability: float | None = None
    seconds: float | None = None


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Record the decisions; an unknown uid is an error and then none is recorded."""
    from ..ledger import Ledger

    with Ledger.open(params.ledger) as ledger:
        recorded = ledger.decide(
            params.uids, params.decision, reason=params.reason, reviewer=params.reviewer, drawn_as=params.drawn_as,
            inclusion_probability=params.inclusion_probability, seconds=params.seconds,
        )
    feedback.info(f"{recorded} decisions recorded in {params.ledger}.")
    return {"DECIDED": recorded}
