"""How much of each pixel a polygon covers, exactly, for many polygons at once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def coverage(polygons: NDArray[np.object_], origins: NDArray[np.intp] | NDArray[np.float64], side: int
             ) -> NDArray[np.float32]:
    """Return the covered share of each pixel, (n, side, side), of n polygons or multipolygons in pixels.

    Window i has its first pixel at column and row ``origins[i]`` (n, 2), whole or not; what lies outside is left out.
    The areas under the edges are added up with their sign, pixel by pixel, and summed along the rows.
    """
    parts, row = shapely.get_parts(polygons, return_index=True)
    while (shapely.get_type_id(parts) >= shapely.GeometryType.MULTIPOINT).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        row = row[inner]
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of_part = shapely.get_rings(shapely.orient_polygons(parts[areas]), return_index=True)
    window = row[areas][of_part]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = xy - origins[window[ring]]
    follows = ring[1:] == ring[:-1]
    return _accumulate(xy[:-1][follows], xy[1:][follows], window[ring[1:][follows]], len(polygons), side)


def _accumulate(start: NDArray[np.float64], end: NDArray[np.float64], window: NDArray[np.intp], count: int, side: int
                ) -> NDArray[np.float32]:
    start, end = np.clip(start, -1e6, 1e6), np.clip(end, -1e6, 1e6)
    a, b, window = _cut(*_cut(start, end, window, axis=1, side=side), axis=0, side=side)
    middle = (a + b) / 2
    rise = a[:, 1] - b[:, 1]
    line = np.floor(middle[:, 1]).astype(np.intp)
    inside = (line >= 0) & (line < side) & (middle[:, 0] < side) & (rise != 0)
    middle, rise, line, window = middle[inside], rise[inside], line[inside], window[inside]
    x = np.maximum(middle[:, 0], 0.0)
    column = np.floor(x).astype(np.intp)
    into = x - column
    at = (window * side + line) * (side + 1) + column
    total = np.bincount(at, rise * (1 - into), count * side * (side + 1))
    total += np.bincount(at + 1, rise * into, count * side * (side + 1) + 1)[:len(total)]
    summed = np.cumsum(total.reshape(count, side, side + 1), axis=2)[:, :, :side]
    covered: NDArray[np.float32] = np.clip(np.abs(summed), 0.0, 1.0).astype(np.float32)
    return covered


def _cut(start: NDArray[np.float64], end: NDArray[np.float64], window: NDArray[np.intp], *, axis: int, side: int
         ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Cut segments where they cross whole numbers from 0 to ``side`` along an axis."""
    low = np.clip(np.minimum(start[:, axis], end[:, axis]), -1, side + 1)
    high = np.clip(np.maximum(start[:, axis], end[:, axis]), -1, side + 1)
    first, last = np.floor(low).astype(np.intp) + 1, np.ceil(high).astype(np.intp) - 1
    number = np.maximum(last - first + 1, 0)
    of = np.repeat(np.arange(len(start)), number + 1)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(number + 1) - number - 1, number + 1)
    length = end[:, axis] - start[:, axis]
    upward = length[of] >= 0
    safe = np.where(length == 0, 1.0, length)[of]

    def at(step: NDArray[np.intp]) -> NDArray[np.float64]:
        crossing = np.where(upward, first[of] + step - 1, last[of] - step + 1)
        t = (crossing - start[of, axis]) / safe
        t = np.where(step <= 0, 0.0, np.where(step > number[of], 1.0, t))
        point = start[of] + t[:, None] * (end[of] - start[of])
        inner = (step > 0) & (step <= number[of])
        point[inner, axis] = crossing[inner]
        return np.asarray(point)

    return at(nth), at(nth + 1), window[of]
