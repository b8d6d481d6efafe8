"""The fused map: what imagery, map and field say together, per pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .layers import OnLayers, Workplace, open_workplace

if TYPE_CHECKING:
    from pathlib import Path

    from ..fusion.crowd import Reliabilities
    from ..fusion.evidence import Evidence
    from ..models.card import ModelCard


@dataclass(frozen=True, kw_only=True)
class Params(OnLayers):
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
    from .record import open_ledger, reviewed, round_of, source_rows

    with open_workplace(params, params.ledger) as work:
        path, card = imagery_evidence(work, params, feedback.span(0.0, 0.85))
        with open_evidence(path, work.ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(work.ground, evidence, params.seed, feedback.span(0.85, 0.9),
                                      reviewed(params.ledger, work.ground))
            write_map(work, evidence, reliabilities, card, params, feedback.span(0.9, 1.0), output=params.output,
                      probability=params.probability, uncertainty=params.uncertainty)
        if params.ledger:
            with open_ledger(params.ledger, work.ground) as ledger:
                ledger.add_round(
                    round_of("fuse", params, feedback, model=card.to_json(), device=work.device.line,
                             metrics={"reliability": figures(work.ground, reliabilities)}),
                    source_rows(work.ground, params.imagery), rows(work.ground, reliabilities))
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "UNCERTAINTY": params.uncertainty,
            "LEDGER": params.ledger}


def imagery_evidence(work: Workplace, params: OnLayers, feedback: Feedback) -> tuple[Path, ModelCard]:
    """Fit a network on the run's own labels and write what it says of places whose labels it never saw.

    Returns the raster of probabilities, within the workplace's folder, and the network's card.
    """
    from pathlib import Path

    from ..fusion.evidence import fit_evidence, write_evidence

    ground, grid = work.ground, work.ground.grid
    feedback.info(work.device.line)
    feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m; classes: "
                  f"{', '.join(ground.legend.names)}; bands: {', '.join(b.name for b in ground.imagery.bands)}.")
    border = ground.imagery.statistics(params.seed).suspected_nodata
    if border is not None:
        feedback.warning(f"All bands of the imagery are {border:g} over more than one pixel in a hundred: if that is a "
                         "border without data, declare it as nodata and run again.")
    with feedback.stage("fit"):
        fitted = fit_evidence(ground, params.effort, params.seed, work.device, feedback.span(0.0, 0.85))
    path = Path(work.folder) / "imagery.tif"
    with feedback.stage("predict"):
        write_evidence(ground, fitted, path, feedback.span(0.85, 1.0))
    return path, fitted.card


def write_map(work: Workplace, evidence: Evidence, reliabilities: Reliabilities, card: ModelCard, params: OnLayers,
              feedback: Feedback, *, output: str, probability: str = "", uncertainty: str = "") -> None:
    """Write the fused map and its companions, with what is needed to make them again."""
    from ..fusion.fused import write_fused
    from .record import versions

    with feedback.stage("fuse"):
        write_fused(work.ground, evidence, reliabilities, feedback, output=output, probability=probability,
                    uncertainty=uncertainty,
                    tags={"made_by": "GeoLoop", "device": work.device.line, "seed": str(params.seed),
                          "effort": params.effort, "model": card.to_json(), "versions": versions()})
