"""From a patch of pixels to an outline that a person would draw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely import affinity

LEAST_OVERLAP = 0.85
LEAST_HOLE_PX = 16


def outline(mask: NDArray[np.bool_], top: int, left: int) -> shapely.Polygon:
    """Return the outline of the largest patch of a mask in pixels (x right, y down), ``top`` and ``left`` being the
    mask's place: the smallest turned rectangle, shrunk to the patch's area, where it covers the patch well
    (intersection over union at least ``LEAST_OVERLAP``), else the patch simplified by a pixel and a half, holes of a
    few pixels filled.
    """
    labels, number = ndimage.label(mask)
    if number > 1:
        mask = labels == np.bincount(labels.ravel())[1:].argmax() + 1
    outer, *holes = (np.add(ring, (left, top)) for ring in traced(mask))
    raw = shapely.Polygon(outer, [ring for ring in holes if shapely.Polygon(ring).area > LEAST_HOLE_PX])
    for candidate in _plainer(raw):
        if isinstance(candidate, shapely.Polygon) and candidate.is_valid and overlap(raw, candidate) >= LEAST_OVERLAP:
            return candidate
    return raw


def _plainer(raw: shapely.Polygon) -> Iterator[shapely.Geometry]:
    box = raw.minimum_rotated_rectangle
    shrink = float(np.sqrt(raw.area / max(box.area, 1e-9)))
    yield affinity.scale(box, shrink, shrink)
    yield raw.simplify(1.5)
    yield raw.simplify(0.7)


def traced(mask: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Return the rings along the pixels of one patch of a mask (height, width): corners (column, row), the outer ring
    first, each from its upper left corner on and closed.

    The rings of ``rasterio.features.shapes`` for a tenth of its cost where patches are small. A ring is a chain of
    level and upright sides, the patch to its left; where pixels touch by their corners alone, it goes on along the
    other one: holes stay apart, and the polygon is valid.
    """
    wide = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.int8)
    wide[1:-1, 1:-1] = mask
    level = _runs(np.diff(wide, axis=0)[:, 1:-1])
    upright = _runs(np.diff(wide, axis=1)[1:-1].T)
    # Sides above the patch run leftward (1), those below it rightward (−1); those before it down (1), after it up (−1).
    ends = [(start if way > 0 else stop, row) for row, start, stop, way in level]
    onward = {(stop if way > 0 else start, row, way): at for at, (row, start, stop, way) in enumerate(level)}
    upward = {(column, start if way > 0 else stop, way): stop if way > 0 else start
            for column, start, stop, way in upright}
    rings, waiting = [], dict.fromkeys(range(len(level)))
    while waiting:
        first = at = next(iter(waiting))
        ring: list[tuple[int, int]] = []
        while at in waiting:
            del waiting[at]
            column, row = ends[at]
            way = -level[at][3] if (column, row, -level[at][3]) in upward else level[at][3]
            there = upward[column, row, way]
            ring += [(column, row), (column, there)]
            at = onward[(column, there, way) if (column, there, way) in onward else (column, there, -way)]
        if level[first][3] < 0:
            ring = [ring[-1], *ring[:-1]]
        rings.append([*ring, ring[0]])
    return rings


def _runs(change: NDArray[np.int8]) -> list[tuple[int, int, int, int]]:
    """Runs of equal values but 0 along the lines of an array: line, start, stop and the value."""
    held = np.zeros((change.shape[0], change.shape[1] + 2), np.int8)
    held[:, 1:-1] = change
    line, start = np.nonzero((held[:, 1:] != held[:, :-1]) & (held[:, 1:] != 0))
    stop = np.nonzero((held[:, 1:] != held[:, :-1]) & (held[:, :-1] != 0))[1]
    return list(zip(line.tolist(), start.tolist(), stop.tolist(), change[line, start].tolist(), strict=True))


def overlap(a: shapely.Geometry, b: shapely.Geometry) -> float:
    """Intersection over union of two areas, 0 to 1."""
    shared = a.intersection(b).area
    return float(shared / (a.area + b.area - shared))
