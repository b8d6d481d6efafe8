"""The piece of ground that a map shows: its bounds, how long its metres are, and where north is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from ..ledger.queue import Box
from ..sources.crs import in_degrees

MARGIN = 0.06
"""What a map shows beyond the outermost place, as a share of its longer side."""
TALLEST, FLATTEST = 1.35, 0.6
"""Height over width of a map, at most and at least."""
LEAST_M = 50.0
"""A map shows at least so many metres: a single place needs surroundings."""


@dataclass(frozen=True)
class MapFrame:
    """``bounds`` in the ledger's CRS; ``unit_m`` are the ground metres of one unit eastward and northward at the
    centre, None where the CRS tells no metres; ``north`` is the angle of true north, in degrees clockwise from the top.

    ``centre`` is longitude and latitude, None where the CRS is of no known place.
    """

    bounds: Box
    unit_m: tuple[float, float] | None
    north: float | None
    centre: tuple[float, float] | None

    @property
    def height_over_width(self) -> float:
        """Of the map as drawn, with true proportions on the ground."""
        xmin, ymin, xmax, ymax = self.bounds
        x, y = self.unit_m or (1.0, 1.0)
        return (ymax - ymin) * y / ((xmax - xmin) * x)

    @property
    def size_m(self) -> tuple[float, float] | None:
        """Width and height on the ground."""
        if self.unit_m is None:
            return None
        xmin, ymin, xmax, ymax = self.bounds
        return (xmax - xmin) * self.unit_m[0], (ymax - ymin) * self.unit_m[1]


def frame_around(boxes: NDArray[np.float64], crs: str) -> MapFrame | None:
    """Return the frame around boxes (n, 4) in ``crs``; None where no box has a place."""
    placed = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(placed):
        return None
    (xmin, ymin), (xmax, ymax) = placed[:, :2].min(axis=0).tolist(), placed[:, 2:].max(axis=0).tolist()
    unit_m, north, centre = _measured(crs, (xmin + xmax) / 2, (ymin + ymax) / 2)
    x, y = unit_m or (1.0, 1.0)
    width, height = max((xmax - xmin) * x, LEAST_M), max((ymax - ymin) * y, LEAST_M)
    margin = 2 * MARGIN * max(width, height)
    width, height = width + margin, height + margin
    width = max(width, height / TALLEST)
    height = max(height, width * FLATTEST)
    mid_x, mid_y = (xmin + xmax) / 2, (ymin + ymax) / 2
    half_x, half_y = width / x / 2, height / y / 2
    return MapFrame((mid_x - half_x, mid_y - half_y, mid_x + half_x, mid_y + half_y), unit_m, north, centre)


def bar_length(width_m: float) -> float:
    """Return the round number of metres, 1, 2 or 5 with zeros, that is about a quarter of a map's width."""
    wanted = width_m / 4
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= wanted * 1.0001)


def _measured(crs: str, x: float, y: float) -> tuple[
        tuple[float, float] | None, float | None, tuple[float, float] | None]:
    """Metres of a unit, north and position of a place; None each where the CRS does not tell."""
    try:
        system = pyproj.CRS.from_user_input(crs)
    except CRSError:
        return None, None, None
    geodetic = system.geodetic_crs
    if geodetic is None or not (system.is_projected or system.is_geographic):
        unit = system.axis_info[0].unit_conversion_factor if system.axis_info else 0.0
        return ((unit, unit) if unit > 0 else None), None, None
    step = 1e-4 if system.is_geographic else 10.0
    try:
        lon, lat = in_degrees(system, geodetic, [x, x - step, x + step, x, x], [y, y, y, y - step, y + step])
    except ProjError:
        return None, None, None
    if not np.isfinite([lon, lat]).all():
        return None, None, None
    geod = geodetic.get_geod() or pyproj.Geod(ellps="WGS84")
    upward, _, length = geod.inv([lon[1], lon[3]], [lat[1], lat[3]], [lon[2], lon[4]], [lat[2], lat[4]])
    if not min(length) > 0:
        return None, None, None
    return ((length[0] / (2 * step), length[1] / (2 * step)), -float(upward[1]), (float(lon[0]), float(lat[0])))
