"""Discrepancies of every source, into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..feedback import Feedback
from .fuse import Effort
from .inputs import ExtentInput, RasterInput, VectorInput


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
