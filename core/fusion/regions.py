"""Regions: the squares that reliabilities are told apart by. They lie on the CRS, not on the run's extent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..sources.grid import Grid

SIDE_M = 1000.0
MOST = 16
"""More regions than this tell a source apart no better: the side is doubled until there are fewer."""


@dataclass(frozen=True)
class Regions:
    """Squares of ``side`` (CRS units) whose corners lie on its multiples; ``columns`` × ``rows`` of them from the
    north-west corner ``left, top`` cover the grid and are numbered row by row.
    """

    grid: Grid
    side: float
    left: float
    top: float
    columns: int
    rows: int

    @classmethod
    def over(cls, grid: Grid) -> Regions:
        """Cut a grid into regions of about a kilometre, larger ones where it is large."""
        xmin, ymin, xmax, ymax = grid.bounds
        side = float(f"{SIDE_M / grid.metres_per_unit:.3g}")
        while True:
            left, top = math.floor(xmin / side) * side, math.ceil(ymax / side) * side
            columns = max(1, math.ceil(round((xmax - left) / side, 9)))
            rows = max(1, math.ceil(round((top - ymin) / side, 9)))
            if columns * rows <= MOST:
                return cls(grid, side, left, top, columns, rows)
            side *= 2

    @property
    def count(self) -> int:
        """How many there are; one region is the whole."""
        return self.columns * self.rows

    def of(self, xy: NDArray[np.floating]) -> NDArray[np.intp]:
        """The numbers (n,) of the regions of points (n, 2) in the grid's pixels, x right and y down."""
        column = ((self.grid.transform.c - self.left) + np.asarray(xy)[:, 0] * self.grid.transform.a) / self.side
        row = ((self.top - self.grid.transform.f) - np.asarray(xy)[:, 1] * self.grid.transform.e) / self.side
        inside = (np.clip(np.floor(v).astype(np.intp), 0, most - 1)
                  for v, most in ((row, self.rows), (column, self.columns)))
        i, j = inside
        return np.asarray(i * self.columns + j)

    def at(self, window: Window) -> NDArray[np.intp]:
        """The region of every pixel of a window (height, width)."""
        height, width = int(window.height), int(window.width)
        x, y = window.col_off + np.arange(width) + 0.5, window.row_off + np.arange(height) + 0.5
        row = self.of(np.stack([np.full(height, 0.5), y], axis=1)) // self.columns
        column = self.of(np.stack([x, np.full(width, 0.5)], axis=1)) % self.columns
        return np.asarray(row[:, None] * self.columns + column[None, :])

    def name(self, number: int) -> str:
        """A region as the ledger names it: xmin,ymin,xmax,ymax in the grid's CRS."""
        i, j = divmod(number, self.columns)
        left, top = self.left + j * self.side, self.top - i * self.side
        return ",".join(f"{v:.10g}" for v in (left, top - self.side, left + self.side, top))
