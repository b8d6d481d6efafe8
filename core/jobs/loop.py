"""A whole round of the loop: fit, fuse, flag, and tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback
from ..whole import check_folder
from . import report
from .flag import Rounds, write_round
from .fuse import imagery_evidence, write_map
from .layers import open_workplace


@dataclass(frozen=True, kw_only=True)
class Params(Rounds):
    """``output`` is the fused map, ``probability`` the class probabilities as ``fuse`` writes them, ``report`` the page
    to hand on; an empty path is not written.
    """

    output: str
    probability: str = ""
    report: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Fit, fuse and flag; return the paths written, the round's number and how many discrepancies it found."""
    from ..fusion.evidence import open_evidence
    from ..fusion.weigh import weigh
    from .record import reviewed

    if params.report:
        check_folder(params.report)
    with open_workplace(params, params.ledger) as work:
        path, card = imagery_evidence(work, params, feedback.span(0.0, 0.75))
        with open_evidence(path, work.ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.75, 0.8),
                                      reviewed(params.ledger, work.ground))
            write_map(work, evidence, reliabilities, card, params, feedback.span(0.8, 0.85), output=params.output,
                      probability=params.probability)
            written = write_round("loop", work, evidence, reliabilities, card.to_json(), params,
                                  feedback.span(0.85, 1.0))
    if params.report:
        report.run(report.Params(ledger=params.ledger, output=params.report), Feedback())
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "REPORT": params.report, **written}
