"""The pixels of a raster as units to draw from: strata, ground areas, counts, and picking; window by window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .design import lattice_steps, ranks

if TYPE_CHECKING:
    from rasterio.windows import Window

    from ..sources.pixel_areas import PixelAreas

WINDOW = 1024
NOTHING = -1


@dataclass(frozen=True)
class Drawn:
    """The ``n`` pixels drawn: their ``row`` and ``column``, stratum, chance and ground area in square metres."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    stratum: NDArray[np.intp]
    chance: NDArray[np.float64]
    area_m2: NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """All units: ``strata`` reads the stratum of every pixel of a window (height, width), ``NOTHING`` where none is.
    ``windows`` (w) cover the raster; ``counts`` (w, strata) are the pixels, ``area_m2`` (strata,) the ground.
    """

    strata: Callable[[Window], NDArray[np.intp]]
    ground: PixelAreas
    windows: tuple[Window, ...]
    counts: NDArray[np.int64]
    area_m2: NDArray[np.float64]

    @classmethod
    def over(cls, shape: tuple[int, int], strata: Callable[[Window], NDArray[np.intp]], number: int,
             ground: PixelAreas, check: Callable[[float], None]) -> Frame:
        """Count a raster of ``shape`` in ``number`` strata; ``check`` hears how far it is, 0 to 1."""
        windows = tuple(windows_of(shape))
        counts = np.zeros((len(windows), number), np.int64)
        area = np.zeros(number)
        for at, window in enumerate(windows):
            found = strata(window)
            each = ground.of(window)
            here = found[found != NOTHING]
            counts[at] = np.bincount(here, minlength=number)
            rows = np.broadcast_to(each[:, None], found.shape)[found != NOTHING]
            area += np.bincount(here, rows, number)
            check((at + 1) / len(windows))
        return cls(strata, ground, windows, counts, area)

    @property
    def units(self) -> NDArray[np.int64]:
        """How many pixels each stratum has."""
        return np.asarray(self.counts.sum(axis=0))

    def draw(self, wanted: NDArray[np.int64], random: np.random.Generator, check: Callable[[float], None]) -> Drawn:
        """Draw ``wanted`` (strata,) pixels at random within strata: ranks first, then the windows that hold them."""
        before = np.cumsum(self.counts, axis=0) - self.counts
        chosen = [ranks(int(units), int(n), random) if n else np.zeros(0, np.int64)
                  for units, n in zip(self.units, wanted, strict=True)]
        found: list[tuple[NDArray, NDArray, NDArray]] = []
        for at, window in enumerate(self.windows):
            local = [c[(c >= before[at, h]) & (c < before[at, h] + self.counts[at, h])] - before[at, h]
                     for h, c in enumerate(chosen)]
            if any(len(one) for one in local):
                strata = self.strata(window)
                for h, some in enumerate(local):
                    if len(some):
                        rows, columns = np.nonzero(strata == h)
                        found.append((rows[some] + int(window.row_off), columns[some] + int(window.col_off),
                                      np.full(len(some), h)))
            check((at + 1) / len(self.windows))
        row, column, stratum = (np.concatenate([f[i] for f in found]) for i in range(3))
        chance = (wanted / np.maximum(self.units, 1))[stratum]
        return self._drawn(row, column, stratum, chance)

    def draw_lattice(self, size: int, random: np.random.Generator, check: Callable[[float], None]) -> Drawn:
        """Draw the pixels under a lattice with a random start: about ``size``, all with the same chance.

        Raises :class:`InputError` where it hits none.
        """
        last = self.windows[-1]
        shape = int(last.row_off + last.height), int(last.col_off + last.width)
        steps = lattice_steps(int(self.units.sum()), size, shape)
        start = random.random(2) * steps
        found = []
        for at, window in enumerate(self.windows):
            y = _ticks(start[0], steps[0], int(window.row_off), int(window.height))
            x = _ticks(start[1], steps[1], int(window.col_off), int(window.width))
            if len(y) and len(x):
                hit = self.strata(window)[np.ix_(y, x)]
                i, j = np.nonzero(hit != NOTHING)
                found.append((y[i] + int(window.row_off), x[j] + int(window.col_off), hit[i, j]))
            check((at + 1) / len(self.windows))
        if not sum(len(rows) for rows, _, _ in found):
            raise InputError("The regular pattern hits no pixel with data; raise SIZE, or take another SEED.")
        row, column, stratum = (np.concatenate([f[i] for f in found]) for i in range(3))
        return self._drawn(row, column, stratum, np.full(len(row), 1 / (steps[0] * steps[1])))

    def _drawn(self, row: NDArray, column: NDArray, stratum: NDArray, chance: NDArray) -> Drawn:
        order = np.lexsort((column, row))
        row, column = row[order].astype(np.int64), column[order].astype(np.int64)
        return Drawn(row, column, stratum[order].astype(np.intp), chance[order].astype(np.float64),
                     self.ground.at(row, column))


def windows_of(shape: tuple[int, int], side: int = WINDOW) -> Iterator[Window]:
    """The windows that cover a raster of ``shape`` (height, width), row by row."""
    from rasterio.windows import Window

    for row in range(0, shape[0], side):
        for column in range(0, shape[1], side):
            yield Window(column, row, min(side, shape[1] - column), min(side, shape[0] - row))


def _ticks(first: float, step: float, offset: int, length: int) -> NDArray[np.int64]:
    """The pixels of a window's axis that a lattice hits."""
    low = max(0, int(np.floor((offset - first) / step)) - 1)
    high = int(np.ceil((offset + length - first) / step)) + 1
    hit = np.floor(first + np.arange(low, high + 1) * step).astype(np.int64) - offset
    return np.asarray(hit[(hit >= 0) & (hit < length)])
