"""How far reviewers can be trusted themselves."""

from __future__ import annotations

import math

from .ledger import Ledger

SLIP = 0.01
"""How often a reviewer errs, until reviewers have decided the same things and can be compared."""
SLIP_PAIRS = 100.0


def reviewer_error(ledger: Ledger) -> float:
    """How often a reviewer errs, from what several reviewers decided one by one alike or not.

    Two who err independently differ in 2e(1 − e) of cases; what is assumed counts for :data:`SLIP_PAIRS` pairs.
    """
    said: dict[str, dict[str, str]] = {}
    for row in ledger.read("SELECT coalesce(uid, layer || char(31) || key) AS what, reviewer, decision FROM decisions"
                           " WHERE drawn_as != 'bulk' AND decision IN ('accept', 'reject')"
                           " AND coalesce(reviewer, '') != '' ORDER BY id"):
        said.setdefault(row["what"], {})[row["reviewer"]] = row["decision"]
    pairs = differ = 0
    for words in (list(one.values()) for one in said.values()):
        accepted = words.count("accept")
        pairs += len(words) * (len(words) - 1) // 2
        differ += accepted * (len(words) - accepted)
    share = (2 * SLIP * (1 - SLIP) * SLIP_PAIRS + differ) / (SLIP_PAIRS + pairs)
    return (1 - math.sqrt(max(1 - 2 * min(share, 0.5), 0.0))) / 2
