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
    model: str = ""
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    seed: int = 0
    probability: str = ""
    min_probability: float = 0.05
    device: str = "auto"
    allow_ballpark: bool = False
