"""Discrepancies of every source, into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .fuse import Effort
from .inputs import ExtentInput, RasterInput, VectorInput

if TYPE_CHECKING:
    from ..fusion.crowd import Reliabilities
    from ..fusion.evidence import Evidence
    from ..fusion.ground import Ground


@dataclass(frozen=True)
class Params:
    """``probabilities``: p(class | imagery) as a raster whose bands are named by class, from ``fuse`` or any model
    that never saw the map; empty: fitted here as ``fuse`` does. Candidates below ``min_probability`` are dropped.
    """

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    ledger: str
    field: tuple[VectorInput, ...] = ()
    legend: str = ""
    probabilities: str = ""
    min_probability: float = 0.05
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    seed: int = 0
    device: str = "auto"
    allow_ballpark: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write a round of discrepancies into the ledger; return its number and how many were found."""
    from tempfile import TemporaryDirectory

    from ..fusion.evidence import open_evidence
    from ..fusion.ground import open_ground
    from ..fusion.weigh import weigh
    from ..inference.device import choose_device
    from .fuse import imagery_evidence
    from .record import check_ledger

    device = choose_device(params.device)
    with open_ground(params.imagery, params.map, params.field, params.legend, params.extent,
                     params.allow_ballpark) as ground, TemporaryDirectory(prefix="geoloop-") as folder:
        check_ledger(params.ledger, ground)
        path, model = params.probabilities, params.probabilities
        if not path:
            fitted, card = imagery_evidence(ground, params, device, folder, feedback.span(0.0, 0.8))
            path, model = str(fitted), card.to_json()
        with open_evidence(path, ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(ground, evidence, params.seed, feedback.span(0.8, 0.85))
            return write_round("flag", params, ground, evidence, reliabilities, model, device.line,
                               feedback.span(0.85, 1.0))


def write_round(job: str, params: Any, ground: Ground, evidence: Evidence, reliabilities: Reliabilities, model: str,
                device: str, feedback: Feedback) -> dict[str, Any]:
    """Judge every source by the others and write what is found, whole or not at all.

    ``model`` says what gave the evidence: a card, or the path of given probabilities.
    """
    from collections import Counter

    from ..discrepancies.judge import judge
    from ..fusion.weigh import rows
    from .record import open_ledger, round_of, source_rows

    with open_ledger(params.ledger, ground) as ledger:
        with feedback.stage("judge"):
            found = judge(ground, evidence, reliabilities, number=ledger.next_round(), seed=params.seed,
                          min_probability=params.min_probability, rejected=ledger.rejected(), feedback=feedback)
        sure = Counter(d.kind for d in found if d.probability >= 0.5)
        number = ledger.add_round(
            round_of(job, params, feedback, model=model, device=device,
                     metrics={"candidates": len(found), "flags": dict(sure)}),
            source_rows(ground, params.imagery), rows(ground, reliabilities), found)
    feedback.info(f"Round {number}: {len(found)} candidates, of which at least even odds: "
                  f"{', '.join(f'{n} {kind}' for kind, n in sorted(sure.items())) or 'none'}.")
    return {"LEDGER": params.ledger, "ROUND": number, "CANDIDATES": len(found), "FLAGS": sum(sure.values())}
