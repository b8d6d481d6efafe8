"""A whole round of the loop: fit, fuse, flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback
from .fuse import Effort
from .inputs import ExtentInput, RasterInput, VectorInput


@dataclass(frozen=True)
class Params:
    """The parameters of ``fuse`` and ``flag`` together; ``output`` is the fused map."""

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    output: str
    ledger: str
    field: tuple[VectorInput, ...] = ()
    legend: str = ""
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    seed: int = 0
    probability: str = ""
    min_probability: float = 0.05
    device: str = "auto"
    allow_ballpark: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Fit, fuse and flag; return the paths written, the round's number and how many discrepancies it found."""
    from tempfile import TemporaryDirectory

    from ..fusion.evidence import open_evidence
    from ..fusion.ground import open_ground
    from ..fusion.weigh import weigh
    from ..inference.device import choose_device
    from .flag import write_round
    from .fuse import imagery_evidence, write_map
    from .record import check_ledger

    device = choose_device(params.device)
    with open_ground(params.imagery, params.map, params.field, params.legend, params.extent,
                     params.allow_ballpark) as ground, TemporaryDirectory(prefix="geoloop-") as folder:
        check_ledger(params.ledger, ground)
        path, card = imagery_evidence(ground, params, device, folder, feedback.span(0.0, 0.75))
        with open_evidence(path, ground) as evidence:
            with feedback.stage("weigh"):
                reliabilities = weigh(ground, evidence, params.seed, feedback.span(0.75, 0.8))
            write_map(ground, evidence, reliabilities, params, card, device.line, feedback.span(0.8, 0.85))
            written = write_round("loop", params, ground, evidence, reliabilities, card.to_json(), device.line,
                                  feedback.span(0.85, 1.0))
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, **written}
