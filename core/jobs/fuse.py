"""The fused map: what imagery, map and field say together, per pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput

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
    model: str = ""
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    seed: int = 0
    ledger: str = ""
    probability: str = ""
    uncertainty: str = ""
    device: str = "auto"
    allow_ballpark: bool = False
