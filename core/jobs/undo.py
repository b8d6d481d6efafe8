"""Which pushed edits to take back, last first. QGIS applies them.

Runs in either Python: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``which``: ``all``, ``last`` (the last push), a push's id, or a discrepancy's uid."""

    ledger: str
    target_layer: str
    which: str = "last"


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return ``{"EDITS": [JournalLine as JSON, …]}``, the last applied first."""
    from ..ledger import Ledger

    with Ledger.open(params.ledger) as ledger:
        lines = ledger.plan_undo(params.target_layer, params.which)
    return {"EDITS": [line.to_json() for line in lines]}
