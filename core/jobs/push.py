"""Which accepted edits a layer shall get, and under which preconditions. QGIS applies them.

Runs in either Python: standard library only at import, NumPy when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``target_layer`` is the ledger's name of the layer. Accepted edits are planned; with ``push_above``, undecided
    ones at or above that probability are planned too, as the newest round that judged their place sees it. More than
    ``max_edits`` is refused (0: no limit). ``target_source`` is the address of the layer that gets the edits or that
    a copy is made of (empty: what was pushed anywhere, into a copy too, is not planned again).
    """

    ledger: str
    target_layer: str
    push_above: float | None = None
    max_edits: int = 0
    target_source: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return ``{"EDITS": [PlannedEdit as JSON, …]}``, the surest first."""
    from ..ledger import Ledger, plan_push, waiting
    from ..review.open_flags import overtaken

    with Ledger.open(params.ledger) as ledger:
        if params.push_above is not None and ledger.source(params.target_layer).is_openstreetmap:
            feedback.info(f"“{params.target_layer}” is OpenStreetMap's: only what a person accepted is pushed, "
                          "whatever PUSH_ABOVE says.")
        edits = plan_push(ledger, params.target_layer, params.push_above, params.max_edits,
                          params.target_source or None, overtaken(ledger) if params.push_above is not None else ())
        later = waiting(ledger, params.target_layer)
    if later:
        feedback.info(f"{later} accepted edits are not pushed: so improbable a flag is more likely a slip of the "
                      "reviewer's than real. The next queue asks for a second look.")
    return {"EDITS": [edit.to_json() for edit in edits]}
