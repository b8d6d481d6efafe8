"""The fused map: what imagery, map and field say together, per pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput

if TYPE_CHECKING:
    from pathlib import Path

    from ..fusion.crowd import Reliabilities
    from ..fusion.evidence import Evidence
    from ..fusion.ground import Ground
    from ..inference.device import Device
    from ..models.card import ModelCard

Effort = Literal["quick", "normal", "long"]


@dataclass(frozen=True)
class Params:
    """``legend``: a file, a shipped name, or empty: the classes are the values of the first map's class field.

    ``output`` is the class raster, ``probability`` the class probabilities (bands ``fused: …`` and ``imagery: …``),
    ``uncertainty`` the posterior's entropy in 0..1; an empty path is not written. ``ledger`` empty: no ledger.
    """

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    output: str
    field: tuple[VectorInput, ...] = ()
    legend: str = ""
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    seed: int = 0
    ledger: str = ""
    probability: str = ""
    uncertainty: str = ""
    device: str = "auto"
    allow_ballpark: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the fused map, and what else is asked for; return the paths written."""
    from tempfile import TemporaryDirectory

    from ..fusion.evidence import open_evidence
    from ..fusion.ground import open_ground
    from ..fusion.weigh import rows, weigh
    from ..inference.device import choose_device
    from .record import check_ledger, open_ledger, round_of, source_rows

    device = choose_device(params.device)
    with open_ground(params.imagery, params.map, params.field, params.legend, params.extent,
                     params.allow_ballpark) as ground, TemporaryDirectory(prefix="geoloop-") as folder:
        if params.ledger:
            check_ledger(params.ledger, ground)
        path, card = imagery_evidence(ground, params, device, folder, feedback.span(0.0, 0.85))
        with open_evidence(path, ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(ground, evidence, params.seed, feedback.span(0.85, 0.9))
            write_map(ground, evidence, reliabilities, params, card, device.line, feedback.span(0.9, 1.0))
        if params.ledger:
            with open_ledger(params.ledger, ground) as ledger:
                ledger.add_round(round_of("fuse", params, feedback, model=card.to_json(), device=device.line,
                                          metrics={}),
                                 source_rows(ground, params.imagery), rows(ground, reliabilities))
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "UNCERTAINTY": params.uncertainty,
            "LEDGER": params.ledger}


def imagery_evidence(ground: Ground, params: Any, device: Device, folder: str,
                     feedback: Feedback) -> tuple[Path, ModelCard]:
    """Fit a network on the run's own labels and write what it says of places whose labels it never saw.

    Returns the raster of probabilities, within ``folder``, and the network's card.
    """
    from pathlib import Path

    from ..fusion.evidence import fit_evidence, write_evidence

    feedback.info(device.line)
    grid = ground.grid
    feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m; classes: "
                  f"{', '.join(ground.legend.names)}; bands: {', '.join(b.name for b in ground.imagery.bands)}.")
    border = ground.imagery.statistics(params.seed).suspected_nodata
    if border is not None:
        feedback.warning(f"All bands of the imagery are {border:g} over more than one pixel in a hundred: if that is a "
                         "border without data, declare it as nodata and run again.")
    with feedback.stage("fit"):
        fitted = fit_evidence(ground, params.effort, params.seed, device, feedback.span(0.0, 0.85))
    path = Path(folder) / "imagery.tif"
    with feedback.stage("predict"):
        write_evidence(ground, fitted, path, feedback.span(0.85, 1.0))
    return path, fitted.card


def write_map(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, params: Any, card: ModelCard,
              device: str, feedback: Feedback) -> None:
    """Write the fused map and its companions, with what is needed to make them again."""
    from ..fusion.fused import write_fused
    from .record import versions

    with feedback.stage("fuse"):
        write_fused(ground, evidence, reliabilities, feedback, output=params.output, probability=params.probability,
                    uncertainty=getattr(params, "uncertainty", ""),
                    tags={"made_by": "GeoLoop", "device": device, "seed": str(params.seed), "effort": params.effort,
                          "model": card.to_json(), "versions": versions()})
