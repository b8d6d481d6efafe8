"""Neighbourhoods that lie off as a whole: one thing to report, not a heap of shifted features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .field import cells

LEAST_FEATURES = 12
SURE = 3.0
"""A common shift is at least this many standard errors long."""
VARIES = 0.35
"""A neighbourhood whose field varies by more than this share of its mean shift (and by more than a pixel) is halved."""


@dataclass(frozen=True)
class CommonShift:
    """A neighbourhood of the layer that lies off by about one shift.

    ``outline`` is the convex hull of its features in pixels, ``rows`` those features. ``dx_m``, ``dy_m``: the mean
    field there in ground metres, eastward and northward, what the map must be moved by to fit the imagery; ``length_m``
    its length and ``standard_error_m`` how well that is known. Which of the two is right is not said.
    """

    outline: shapely.Geometry
    rows: NDArray[np.intp]
    dx_m: float
    dy_m: float
    standard_error_m: float

    @property
    def length_m(self) -> float:
        """Length of the shift in ground metres."""
        return float(np.hypot(self.dx_m, self.dy_m))


def common_shifts(shapes: NDArray[np.object_], rows: NDArray[np.intp], xy: NDArray[np.float64],
                  field: NDArray[np.float64], own: NDArray[np.float64], pixel_m: float, least_m: float
                  ) -> tuple[CommonShift, ...]:
    """Return the neighbourhoods whose field is longer than ``least_m`` and than ``SURE`` standard errors, long ones
    first. ``rows`` number the features among ``shapes`` (pixels), ``xy`` their middles; ``field`` and ``own`` (rows,
    2): the field there and where each feature's own surface peaks near it, in pixels.
    """
    found: list[CommonShift] = []
    waiting = [np.arange(len(rows))] if len(rows) >= LEAST_FEATURES else []
    while waiting:
        part = waiting.pop()
        mean = field[part].mean(axis=0)
        varies = float(np.sqrt(((field[part] - mean) ** 2).sum(axis=1).mean()))
        if varies > max(1.0, VARIES * float(np.hypot(*mean))) and len(part) >= 2 * LEAST_FEATURES:
            half = cells(xy[part], (len(part) + 1) // 2)
            waiting += [part[half == number] for number in np.unique(half)]
            continue
        error = _standard_error(own[part] - field[part])
        if np.hypot(*mean) * pixel_m >= least_m and np.hypot(*mean) > SURE * error:
            found.append(CommonShift(
                shapely.convex_hull(shapely.union_all(shapely.convex_hull(shapes[rows[part]]))), rows[part],
                float(mean[0] * pixel_m), float(-mean[1] * pixel_m), float(error * pixel_m)))
    return tuple(sorted(found, key=lambda shift: -shift.length_m))


def _standard_error(off: NDArray[np.float64]) -> float:
    """Of a mean, in both directions together, from the robust spread of what it is a mean of."""
    spread = 1.4826 * np.median(np.abs(off - np.median(off, axis=0)), axis=0)
    return float(np.hypot(*spread) / np.sqrt(len(off)))
