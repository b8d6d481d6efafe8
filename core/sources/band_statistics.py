"""Mean, spread and suspected nodata of bands, gathered window by window."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from .grid import Grid


@dataclass(frozen=True)
class BandStatistics:
    """Mean and standard deviation per band (C,) over valid pixels; the share of pixels that are valid.

    ``suspected_nodata`` is a value at the very end of the data type's range (0 or 255, say) that all bands share in
    more than one pixel of a hundred although the files declare no nodata: a border that nobody declared.
    """

    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    valid_share: float
    suspected_nodata: float | None = None

    @property
    def doubt(self) -> str:
        """A sentence where there seems to be a border that nobody declared, else nothing."""
        if self.suspected_nodata is None:
            return ""
        return (f"All bands of the imagery are {self.suspected_nodata:g} over more than one pixel in a hundred: if "
                "that is a border without data, declare it as nodata and run again.")


class Totals:
    """Running sums of valid pixels, in double precision, and of pixels where all bands are one end of the range."""

    def __init__(self, bands: int) -> None:
        self.count, self.pixels = 0, 0
        self._sum, self._squares = np.zeros(bands), np.zeros(bands)
        self._shift: NDArray[np.float64] | None = None
        self._alike: dict[float, int] = {}

    def add(self, values: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
        """Add a window: values (C, H, W), valid (H, W)."""
        self.pixels += valid.size
        picked = values[:, valid].astype(np.float64)
        if not picked.size:
            return
        if self._shift is None:
            self._shift = picked.mean(axis=1)
        centred = picked - self._shift[:, None]
        self.count += picked.shape[1]
        self._sum += centred.sum(axis=1)
        self._squares += (centred**2).sum(axis=1)
        if len(picked) > 1:
            alike, counts = np.unique(picked[0, (picked == picked[0]).all(axis=0)], return_counts=True)
            for value, count in zip(alike.tolist(), counts.tolist(), strict=True):
                self._alike[value] = self._alike.get(value, 0) + count

    def result(self, suspects: tuple[float, ...] | None) -> BandStatistics:
        """Return the statistics; ``suspects`` are the values that may be an undeclared border."""
        assert self._shift is not None
        mean = self._sum / self.count
        variance = np.maximum(self._squares / self.count - mean**2, 0.0)
        found = [v for v in suspects or () if self._alike.get(v, 0) > 0.01 * self.count]
        return BandStatistics(
            mean + self._shift, np.sqrt(variance), self.count / self.pixels, found[0] if found else None
        )


def tiles(grid: Grid, size: int) -> list[Window]:
    """Return the windows of ``size`` pixels that cover a grid, row by row."""
    corners = itertools.product(range(0, grid.height, size), range(0, grid.width, size))
    return [Window(c, r, min(size, grid.width - c), min(size, grid.height - r)) for r, c in corners]


def spread(grid: Grid, number: int, size: int, random: np.random.Generator) -> list[Window]:
    """Return about ``number`` windows, one at a random place in each cell of a coarse net over the grid."""
    if math.ceil(grid.width / size) * math.ceil(grid.height / size) <= number:
        return tiles(grid, size)
    across = max(1, round(math.sqrt(number * grid.width / grid.height)))
    down = max(1, math.ceil(number / across))
    height, width = min(size, grid.height), min(size, grid.width)
    windows = []
    for i, j in itertools.product(range(down), range(across)):
        row = (i + random.random()) / down * (grid.height - height)
        col = (j + random.random()) / across * (grid.width - width)
        windows.append(Window(int(col), int(row), width, height))
    return windows
