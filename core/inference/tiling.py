"""Where the tiles of a run lie: on one lattice that begins at the raster's corner, whatever the extent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window


@dataclass(frozen=True)
class Tile:
    """One tile: its row and column on the lattice, and its window of the grid, halo included."""

    row: int
    column: int
    window: Window


Batch = tuple[Tile, ...]
"""Tiles of one row that go through a network together."""


@dataclass(frozen=True)
class Tiling:
    """Tiles advance by ``step`` pixels and reach ``halo`` pixels beyond on every side.

    Their outermost ``rim`` pixels, where a network misses its surroundings, do not count; over what remains of the halo
    two tiles are blended where they meet. With a rim as wide as the network looks far, there is no seam to blend.
    """

    step: int = 384
    halo: int = 64
    rim: int = -1
    """Left out: half the halo."""

    def __post_init__(self) -> None:
        if self.rim < 0:
            object.__setattr__(self, "rim", self.halo // 2)
        if self.step < 1 or self.halo < 0 or not 0 <= self.rim <= self.halo:
            raise ValueError(f"Tiles of {self.step} pixels with a halo of {self.halo}, {self.rim} of them rim, cannot "
                             "be laid.")

    @property
    def side(self) -> int:
        """The side of a tile with its halo."""
        return self.step + 2 * self.halo

    def tile(self, row: int, column: int) -> Tile:
        """The tile at a place of the lattice."""
        corner = column * self.step - self.halo, row * self.step - self.halo
        return Tile(row, column, Window(*corner, self.side, self.side))

    def core(self, tile: Tile) -> Window:
        """The part of a tile that is its own: no two tiles share a pixel of it."""
        return Window(tile.column * self.step, tile.row * self.step, self.step, self.step)

    def ramp(self) -> NDArray[np.float32]:
        """How much each pixel along a tile's side counts (side,): 0 at the rim, a raised cosine, 1 inside.

        Two neighbours' ramps add up to 1 everywhere between them.
        """
        distance = np.arange(self.side) + 0.5
        distance = np.minimum(distance, self.side - distance)
        width = 2 * (self.halo - self.rim)
        if not width:
            return np.asarray(distance > self.rim, np.float32)
        share = np.clip((distance - self.rim) / width, 0.0, 1.0)
        return np.asarray(np.sin(np.pi / 2 * share) ** 2, np.float32)


@dataclass(frozen=True)
class Lattice:
    """The tiles of a grid of ``height`` × ``width`` pixels that an area of it needs; the area changes none of them."""

    tiling: Tiling
    height: int
    width: int
    area: Window

    @classmethod
    def over(cls, tiling: Tiling, shape: tuple[int, int], area: Window | None = None) -> Lattice:
        """The tiles of an area (default: all) of a grid of ``shape`` (rows, columns)."""
        return cls(tiling, *shape, area or Window(0, 0, shape[1], shape[0]))

    @property
    def rows(self) -> range:
        """The rows of tiles that count anywhere in the area."""
        return self._cells(int(self.area.row_off), int(self.area.height), self.height)

    @property
    def columns(self) -> range:
        """The columns of tiles that count anywhere in the area."""
        return self._cells(int(self.area.col_off), int(self.area.width), self.width)

    def batches(self, size: int, first_row: int | None = None) -> Iterator[Batch]:
        """The tiles from the top left, at most ``size`` at a time and never of two rows at once.

        What is together in a batch depends on the area alone, so that a repeated run adds up to the same bytes.
        """
        columns = self.columns
        for row in self.rows:
            if first_row is not None and row < first_row:
                continue
            for start in range(0, len(columns), size):
                yield tuple(self.tiling.tile(row, column) for column in columns[start:start + size])

    def share(self, tile: Tile) -> float:
        """How far a run is that has come to a tile, 0 to 1."""
        rows, columns = self.rows, self.columns
        return (tile.row - rows.start + (tile.column - columns.start + 1) / len(columns)) / len(rows)

    def _cells(self, start: int, length: int, whole: int) -> range:
        step, reach = self.tiling.step, self.tiling.halo - self.tiling.rim
        last = -(-whole // step)
        return range(max((start - reach) // step, 0), min(-(-(start + length + reach) // step), last))
