"""Metres on the ground per unit of the ledger's CRS, from the ledger alone: QGIS's Python has no PROJ to ask."""

from __future__ import annotations

import numpy as np

from ..ledger import Ledger
from ..ledger.queue import some_shapes
from ..ledger.wkb import POLYGON, Part, parts

SHAPES = 25


def metres_per_unit(ledger: Ledger) -> float:
    """Return the scale: ground areas over areas in the CRS, of a few outlines. 1 where the ledger has no outline."""
    ratios = [np.sqrt(area_m2 / flat) for area_m2, wkb in some_shapes(ledger, SHAPES)
              if (flat := sum(_area(part) for part in parts(wkb))) > 0]
    return float(np.median(ratios)) if ratios else 1.0


def _area(part: Part) -> float:
    if part.type != POLYGON:
        return 0.0
    outer, *holes = (_ring_area(ring[:, :2] - part.rings[0][0, :2]) for ring in part.rings)
    return outer - sum(holes)


def _ring_area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float(abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2)
