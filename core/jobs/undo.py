"""Which pushed edits to take back, last first. QGIS applies them.

Runs in either Python: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``which``: ``all``, ``last`` (the last push), a push's id, or a discrepancy's uid. ``target_source``: only what
    was pushed into that address (empty: into any)."""

    ledger: str
    target_layer: str
    which: str = "last"
    target_source: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return ``{"EDITS": [JournalLine as JSON, …]}``, the last applied first."""
    from ..ledger import Ledger

    with Ledger.open(params.ledger) as ledger:
        lines = ledger.journal.plan_undo(params.target_layer, params.which, params.target_source or None)
    return {"EDITS": [line.to_json() for line in lines]}
