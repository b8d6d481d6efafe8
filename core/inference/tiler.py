"""The one tiler: windows with halos in, blended rows out; memory is that of one row of tiles, whatever the height."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..sources.grid import Grid

Read = Callable[[Window], tuple[NDArray[np.float32], NDArray[np.bool_]]]
Predict = Callable[[NDArray[np.float32], NDArray[np.bool_], Window], NDArray[np.float32]]


@dataclass(frozen=True)
class Tiling:
    """Tiles advance by ``step`` pixels and reach ``halo`` pixels beyond on every side, where neighbours blend."""

    step: int = 384
    halo: int = 64

    @property
    def side(self) -> int:
        """The side of a tile with its halo."""
        return self.step + 2 * self.halo

    def weight(self) -> NDArray[np.float32]:
        """How much each pixel of a tile (side, side) counts: a raised cosine, never zero."""
        ramp = np.sin(np.pi * (np.arange(self.side) + 0.5) / self.side) ** 2
        return np.outer(ramp, ramp).astype(np.float32) + np.float32(1e-6)


@dataclass(frozen=True)
class Rows:
    """Finished rows: ``values`` (channels, rows, width) from row ``start`` on; ``valid`` (rows, width)."""

    start: int
    values: NDArray[np.float32]
    valid: NDArray[np.bool_]


def run_tiles(grid: Grid, read: Read, predict: Predict, channels: int, feedback: Feedback,
              tiling: Tiling | None = None) -> Iterator[Rows]:
    """Predict a grid tile by tile and yield its rows from the top, blended where tiles overlap.

    ``read`` gives bands and validity of a window, ``predict`` maps them to (channels, side, side). Tiles without a
    valid pixel are not predicted. Where the imagery is invalid the values are NaN.
    """
    tiling = tiling or Tiling()
    weight, side, halo, step = tiling.weight(), tiling.side, tiling.halo, tiling.step
    padded = grid.width + 2 * side
    sums = np.zeros((channels, side, padded), np.float32)
    weights = np.zeros((side, padded), np.float32)
    valid = np.zeros((side, padded), bool)
    tops, lefts = range(0, grid.height, step), range(0, grid.width, step)
    flushed = 0
    for index, top in enumerate(tops):
        for number, left in enumerate(lefts):
            feedback.check()
            window = Window(left - halo, top - halo, side, side)
            x, seen = read(window)
            at = slice(left - halo + side, left + side - halo + side)
            if seen.any():
                sums[:, :, at] += predict(x, seen, window) * weight
                weights[:, at] += weight
                valid[:, at] |= seen
            feedback.progress((index + (number + 1) / len(lefts)) / len(tops))
        last = index == len(tops) - 1
        end = grid.height if last else min(max(top + step - halo, 0), grid.height)
        first = flushed - (top - halo)
        rows = slice(first, first + end - flushed)
        inner = slice(side, side + grid.width)
        blended: NDArray[np.float32] = np.divide(sums[:, rows, inner], np.maximum(weights[rows, inner], 1e-12),
                                                 dtype=np.float32)
        seen_rows = valid[rows, inner]
        blended[:, ~seen_rows] = np.nan
        if end > flushed:
            yield Rows(flushed, blended, seen_rows.copy())
        flushed = end
        for buffer in (sums, weights, valid):
            keep = buffer[..., step:, :].copy()
            buffer[...] = 0
            buffer[..., :side - step, :] = keep
