"""Features cut into pieces of a bounded size, and the two regions of each: inside, and a ring around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter

from .coverage import coverage

SIDES = (16, 24, 32, 48, 64, 96, 128, 192, 256)
"""Pieces are worked on in windows of these sides in pixels."""
CELL = 128
"""Features wider than the largest window are cut along cells of this side."""
BAND = 4
"""Of a feature that is cut, only the outermost pixels count as inside: this many times the ring's width."""
RIM_PX, RIM_WEIGHT = 5, 4.0
"""Pixels within half of ``RIM_PX`` of the outline count this many times as much as the others inside."""
CELLS_MAX = 48
"""Of a feature that falls into more cells than this, evenly spaced ones speak for the whole."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of features, one row each, in pixels.

    ``row`` is the feature's; ``inside`` polygons; ``outer`` the polygons with their ring where the piece is a ``whole``
    feature, else the ring alone. ``origin`` (n, 2) is the first column and row of the window of ``side`` pixels.
    """

    row: NDArray[np.intp]
    inside: NDArray[np.object_]
    outer: NDArray[np.object_]
    whole: NDArray[np.bool_]
    origin: NDArray[np.intp]
    side: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.row)

    def select(self, rows: NDArray) -> Pieces:
        """Return the pieces of a mask or of row numbers."""
        return Pieces(self.row[rows], self.inside[rows], self.outer[rows], self.whole[rows], self.origin[rows],
                      self.side[rows])

    def kernels(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return how much each pixel (n, side, side) counts as inside and as ring, for pieces of one side."""
        side = int(self.side[0])
        inside, outer = coverage(self.inside, self.origin, side), coverage(self.outer, self.origin, side)
        ring = np.where(self.whole[:, None, None], np.maximum(outer - inside, 0), outer)
        rim = inside - minimum_filter(inside, (1, RIM_PX, RIM_PX))
        return inside + (RIM_WEIGHT - 1) * rim, ring


def cut(shapes: NDArray[np.object_], ring_px: float) -> Pieces:
    """Cut polygons (pixels) into pieces: a feature that fits into a window is one piece, a larger one becomes a band
    along its outline, cell by cell. What is empty or no polygon has no piece.
    """
    rows = np.flatnonzero(~shapely.is_empty(shapes) & (shapely.area(shapes) > 0))
    bounds = shapely.bounds(shapes[rows]).reshape(-1, 4)
    extent = (bounds[:, 2:] - bounds[:, :2]).max(axis=1, initial=0) + 2 * ring_px + 2
    fits = extent <= SIDES[-1]
    small = rows[fits]
    parts = [_pieces(small, shapes[small], shapely.buffer(shapes[small], ring_px, quad_segs=2), True)]
    parts += [_along_outline(int(row), shapes[row], ring_px) for row in rows[~fits]]
    return Pieces(*(np.concatenate([getattr(part, name) for part in parts]) for name in
                    ("row", "inside", "outer", "whole", "origin", "side")))


def _along_outline(row: int, shape: shapely.Geometry, ring_px: float) -> Pieces:
    inner = shape.difference(shape.buffer(-BAND * ring_px, quad_segs=2))
    ring = shape.buffer(ring_px, quad_segs=2).difference(shape)
    cells = _cells(shape.boundary)
    inside, outside = shapely.intersection(inner, cells), shapely.intersection(ring, cells)
    held = (shapely.area(inside) > 0) & (shapely.area(outside) > 0)
    return _pieces(np.full(int(held.sum()), row), inside[held], outside[held], False)


def _cells(outline: shapely.Geometry) -> NDArray[np.object_]:
    lines = shapely.get_parts(shapely.segmentize(outline, CELL / 4))
    points = np.unique(np.floor(shapely.get_coordinates(lines) / CELL).astype(np.intp), axis=0)
    chosen = points[np.unique(np.linspace(0, len(points) - 1, min(len(points), CELLS_MAX)).astype(int))] * CELL
    found: NDArray[np.object_] = shapely.box(chosen[:, 0], chosen[:, 1], chosen[:, 0] + CELL, chosen[:, 1] + CELL)
    return found


def _pieces(row: NDArray[np.intp], inside: NDArray[np.object_], outer: NDArray[np.object_], whole: bool) -> Pieces:
    bounds = np.concatenate([shapely.bounds(inside), shapely.bounds(outer)], axis=1).reshape(-1, 8)
    low = np.floor(np.fmin(bounds[:, [0, 1]], bounds[:, [4, 5]])).astype(np.intp)
    high = np.ceil(np.fmax(bounds[:, [2, 3]], bounds[:, [6, 7]])).astype(np.intp)
    extent = (high - low).max(axis=1, initial=0)
    side = np.asarray(SIDES)[np.minimum(np.searchsorted(SIDES, extent), len(SIDES) - 1)]
    origin = low - (side[:, None] - (high - low)) // 2
    return Pieces(row, inside, outer, np.full(len(row), whole), origin, side)
