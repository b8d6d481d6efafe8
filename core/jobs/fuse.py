"""The fused map: what imagery, map and field say together, per pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .evidence import WithModel, imagery_evidence, keep_model
from .layers import OnLayers, Workplace, open_workplace

if TYPE_CHECKING:
    from ..fusion.crowd import Reliabilities
    from ..fusion.evidence import Evidence


@dataclass(frozen=True, kw_only=True)
class Params(WithModel):
    """``output`` is the class raster, ``probability`` the class probabilities (bands ``fused: …`` and ``imagery: …``),
    ``uncertainty`` the posterior's entropy in 0..1; an empty path is not written. ``ledger`` empty: no ledger.
    """

    output: str
    probability: str = ""
    uncertainty: str = ""
    ledger: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the fused map, and what else is asked for; return the paths written."""
    from ..fusion.evidence import open_evidence
    from ..fusion.weigh import figures, rows, weigh
    from .record import PATIENCE_S, open_ledger, reviewed, round_of, source_rows

    with open_workplace(params, params.ledger) as work:
        seen = imagery_evidence(work, params, feedback.span(0.0, 0.85), model=params.model, ledger=params.ledger)
        with open_evidence(seen.path, work.ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.85, 0.9),
                                      reviewed(params.ledger, work.ground))
            write_map(work, evidence, reliabilities, seen.model, params, feedback.span(0.9, 1.0),
                      output=params.output, probability=params.probability, uncertainty=params.uncertainty)
        if params.ledger:
            with (open_ledger(params.ledger, work.ground, timeout_s=PATIENCE_S) as ledger,
                  ledger.new_round() as number):
                kept = keep_model(params.ledger, number, seen.fitted)
                ledger.add_round(
                    round_of("fuse", params, feedback, model=seen.model, device=work.device.line,
                             metrics={"reliability": figures(work.ground, reliabilities), **kept,
                                      "learning": dict(seen.learning)}),
                    source_rows(work.ground, params.imagery), rows(work.ground, reliabilities), number=number)
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "UNCERTAINTY": params.uncertainty,
            "LEDGER": params.ledger}


def write_map(work: Workplace, evidence: Evidence, reliabilities: Reliabilities, model: str, params: OnLayers,
              feedback: Feedback, *, output: str, probability: str = "", uncertainty: str = "") -> None:
    """Write the fused map and its companions, with what is needed to make them again."""
    from ..fusion.fused import write_fused
    from .record import versions

    with feedback.stage("fuse"):
        write_fused(work.ground, evidence, reliabilities, feedback, output=output, probability=probability,
                    uncertainty=uncertainty,
                    tags={"made_by": "GeoLoop", "device": work.device.line, "seed": str(params.seed),
                          "effort": params.effort, "model": model, "versions": versions()})
