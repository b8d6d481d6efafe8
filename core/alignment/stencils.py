"""Features cut into pieces of a bounded size, and the two regions of each: inside, and a ring around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter

from ..crew import in_threads
from ..sources.grid import Grid
from .coverage import coverage
from .scratch import scratch, settle

SIDES = (16, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256)
"""Pieces are worked on in windows of these sides in pixels."""
CELL = 128
"""Features wider than the largest window are cut along cells of this side."""
BAND = 4
"""Of a feature that is cut, only the outermost pixels count as inside: this many times the ring's width."""
RIM_PX, RIM_WEIGHT = 5, 4.0
"""Pixels within half of ``RIM_PX`` of the outline count this many times as much as the others inside."""
CELLS_MAX = 48
"""Of a feature that falls into more cells than this, evenly spaced ones speak for the whole."""
LEVELS = np.float32(255)
"""Covered shares of pixels are kept in so many steps."""
DRAWN_PIXELS = 1 << 20
BLOCK = 1024
"""What lies in one square of so many pixels is drawn, and kept, together."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of features, one row each, in pixels.

    ``row`` is the feature's; ``whole`` says whether the piece is all of it. ``origin`` (n, 2) is the first column and
    row of the window of ``side`` pixels. How much of each pixel the piece covers lies in ``drawn`` from ``at`` (n,) on,
    and behind it the same for the piece with its ring, if it is a whole feature, else for the ring alone.
    """

    row: NDArray[np.intp]
    whole: NDArray[np.bool_]
    origin: NDArray[np.intp]
    side: NDArray[np.intp]
    at: NDArray[np.intp]
    drawn: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.row)

    def select(self, rows: NDArray) -> Pieces:
        """Return the pieces of a mask or of row numbers."""
        return Pieces(self.row[rows], self.whole[rows], self.origin[rows], self.side[rows], self.at[rows], self.drawn)

    def covered(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return how much of each pixel (n, side, side) pieces of one side cover, and their rings."""
        side = int(self.side[0])
        both = np.stack([self.drawn[at:at + 2 * side**2] for at in self.at.tolist()]).reshape(-1, 2, side, side)
        inside, outer = np.divide(both.transpose(1, 0, 2, 3), LEVELS, dtype=np.float32)
        return inside, np.where(self.whole[:, None, None], np.maximum(outer - inside, 0), outer)


def weighted(inside: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much each pixel (n, side, side) counts as inside that is covered by a share: near the outline more."""
    rim = inside - minimum_filter(inside, (1, RIM_PX, RIM_PX))
    return np.asarray(inside + np.float32(RIM_WEIGHT - 1) * rim)


def cut(shapes: NDArray[np.object_], ring_px: float, grid: Grid, reach: int) -> Pieces:
    """Cut polygons (pixels) into pieces: a feature that fits into a window is one piece, a larger one becomes a band
    along its outline, cell by cell. What is empty or no polygon has no piece, nor what lies farther than ``reach``
    pixels from the grid.
    """
    bounds = shapely.bounds(shapes).reshape(-1, 4) + np.array([-1, -1, 1, 1]) * (reach + ring_px + 1)
    near = ((bounds[:, :2] < [grid.width, grid.height]) & (bounds[:, 2:] > 0)).all(axis=1)
    rows = np.flatnonzero(near & ~shapely.is_empty(shapes) & (shapely.area(shapes) > 0))
    bounds = shapely.bounds(shapes[rows]).reshape(-1, 4)
    low, high = np.floor(bounds[:, :2] - ring_px).astype(np.intp), np.ceil(bounds[:, 2:] + ring_px).astype(np.intp)
    fits = (high - low).max(axis=1, initial=0) <= SIDES[-1]
    near = np.lexsort((low[fits, 0] // BLOCK, low[fits, 1] // BLOCK))
    small = rows[fits][near]
    parts = [_along_outline(shape, ring_px) for shape in shapes[rows[~fits]]]
    row = np.concatenate([small, *(np.full(len(part), rows[~fits][k]) for k, (part, _) in enumerate(parts))])
    inside, outer = (np.concatenate([np.zeros(0, object), *some]) for some in (
        [part for part, _ in parts], [part for _, part in parts]))
    around = np.concatenate([shapely.bounds(inside), shapely.bounds(outer)], axis=1).reshape(-1, 8)
    low = np.concatenate([low[fits][near], np.floor(np.fmin(around[:, :2], around[:, 4:6])).astype(np.intp)])
    high = np.concatenate([high[fits][near], np.ceil(np.fmax(around[:, 2:4], around[:, 6:])).astype(np.intp)])
    side = np.asarray(SIDES)[np.minimum(np.searchsorted(SIDES, (high - low).max(axis=1, initial=0)), len(SIDES) - 1)]
    kept = np.concatenate([[0], np.cumsum(2 * side**2)])
    pieces = Pieces(row, np.arange(len(row)) < len(small), low - (side[:, None] - (high - low)) // 2, side, kept[:-1],
                    scratch((int(kept[-1]),), np.uint8))

    def draw(some: NDArray[np.intp]) -> None:
        whole = shapes[small[some[some < len(small)]]]
        rest = some[some >= len(small)] - len(small)
        _draw(pieces.select(some), np.concatenate([whole, inside[rest]]),
              np.concatenate([shapely.buffer(whole, ring_px, quad_segs=2), outer[rest]]))

    for _ in in_threads(draw, _batches(side)):
        settle(pieces.drawn)
    return pieces


def _batches(side: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Rows of pieces, those of one side together."""
    for one in np.unique(side):
        rows = np.flatnonzero(side == one)
        step = max(DRAWN_PIXELS // int(one)**2, 1)
        yield from (rows[start:start + step] for start in range(0, len(rows), step))


def _draw(pieces: Pieces, inside: NDArray[np.object_], outer: NDArray[np.object_]) -> None:
    side = int(pieces.side[0])
    both = np.stack([coverage(part, pieces.origin, side) for part in (inside, outer)], axis=1)
    for at, one in zip(pieces.at.tolist(), np.rint(LEVELS * both).astype(np.uint8).reshape(len(both), -1), strict=True):
        pieces.drawn[at:at + len(one)] = one


def _along_outline(shape: shapely.Geometry, ring_px: float) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The pieces of a large feature, and the rings of each."""
    inner = shape.difference(shape.buffer(-BAND * ring_px, quad_segs=2))
    ring = shape.buffer(ring_px, quad_segs=2).difference(shape)
    cells = _cells(shape.boundary)
    inside, outside = shapely.intersection(inner, cells), shapely.intersection(ring, cells)
    held = (shapely.area(inside) > 0) & (shapely.area(outside) > 0)
    return inside[held], outside[held]


def _cells(outline: shapely.Geometry) -> NDArray[np.object_]:
    lines = shapely.get_parts(shapely.segmentize(outline, CELL / 4))
    points = np.unique(np.floor(shapely.get_coordinates(lines) / CELL).astype(np.intp), axis=0)
    chosen = points[np.unique(np.linspace(0, len(points) - 1, min(len(points), CELLS_MAX)).astype(int))] * CELL
    found: NDArray[np.object_] = shapely.box(chosen[:, 0], chosen[:, 1], chosen[:, 0] + CELL, chosen[:, 1] + CELL)
    return found
