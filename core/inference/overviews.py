"""Overviews made while rows stream from the top: each half the one before, pixel for pixel as GDAL makes them of a
finished raster, so that nothing has to be read again for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .output import Layer

EDGE = 1e-8
"""By this part of a pixel GDAL lets the edge of an overview's pixel miss that of the pixels below it."""

Values = NDArray[Any]
Weights = NDArray[np.float32] | None
"""How much a pixel counts, of those that make up another; None: one, each of them."""


class Pyramid:
    """The overviews of a raster of ``height`` × ``width`` pixels, none if it is no larger than a block."""

    def __init__(self, layer: Layer, height: int, width: int) -> None:
        self._levels: list[_Level] = []
        while height > layer.block or width > layer.block:
            self._levels.append(_Level(layer, height, width))
            height, width = self._levels[-1].shape

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of each overview, the finest first."""
        return [level.shape for level in self._levels]

    def rows(self, above: int) -> list[int]:
        """How many rows of each overview are complete when so many of the raster's are there."""
        return [above := level.complete(above) for level in self._levels]

    def add(self, rows: Values) -> list[Values]:
        """Take the next rows (bands, rows, width) of the raster; return those of each overview that they complete."""
        return [rows := level.add(rows) for level in self._levels]

    def resume(self, done: int, read: Callable[[int, int, int], Values]) -> None:
        """Go on below ``done`` rows that a run before has left; ``read`` gives rows of a level, 0 being the raster,
        from one to before another.
        """
        for number, level in enumerate(self._levels):
            done = level.resume(done, partial(read, number))


class _Level:
    """One overview."""

    def __init__(self, layer: Layer, height: int, width: int) -> None:
        self._merged = _mean if layer.overviews == "AVERAGE" else _mode
        self._nodata = layer.nodata
        self._down, self._across = _Axis(height), _Axis(width)
        self.shape = self._down.halved, self._across.halved
        self._done = 0
        self._start = 0
        self._waiting = np.empty((layer.count, 0, width), layer.dtype)

    def complete(self, above: int) -> int:
        """How many rows are complete when ``above`` rows of the level below are there."""
        return int(np.searchsorted(self._down.stop, above, side="right"))

    def add(self, rows: Values) -> Values:
        """The next rows of the level below; what they complete of this one."""
        if self._waiting.shape[1]:
            rows = np.concatenate([self._waiting, rows], axis=1)
        done = self.complete(self._start + rows.shape[1])
        finished = np.empty((len(rows), done - self._done, self.shape[1]), rows.dtype)
        if finished.size:
            self._merge(rows, slice(self._done, done), finished)
        self._wait(done, rows)
        return finished

    def _merge(self, rows: Values, wanted: slice, finished: Values) -> None:
        weights = [_product(down, across) for down in self._down.weights(wanted)
                   for across in self._across.weights(slice(None))]
        for band, merged in zip(rows, finished, strict=True):
            taps = [values for line in self._down.taps(band, wanted, self._start, axis=0)
                    for values in self._across.taps(line, slice(None), 0, axis=1)]
            merged[:] = self._merged(taps, weights, self._nodata)

    def resume(self, above: int, read: Callable[[int, int], Values]) -> int:
        """Begin when ``above`` rows of the level below are there; return how many of this one are."""
        done = self.complete(above)
        first = int(self._down.first[done]) if done < self.shape[0] else above
        self._start = first
        self._wait(done, read(first, above))
        return done

    def _wait(self, done: int, rows: Values) -> None:
        """Keep of the rows of the level below those that the next of this one need."""
        stop = self._start + rows.shape[1]
        first = min(int(self._down.first[done]), stop) if done < self.shape[0] else stop
        self._waiting = rows[:, first - self._start:].copy()
        self._done, self._start = done, first


class _Axis:
    """Which pixels along a side make up those of half as many: ``first`` and ``stop`` (N,) of each."""

    def __init__(self, pixels: int) -> None:
        self.halved = max(pixels // 2, 1)
        edges = np.arange(self.halved + 1) * (pixels / self.halved)
        self.first = np.floor(edges[:-1] + EDGE).astype(int)
        self.stop = np.minimum(np.ceil(edges[1:] - EDGE).astype(int), pixels)
        at = self.first[:, None] + np.arange(int((self.stop - self.first).max()))
        shares = np.minimum(at + 1, edges[1:, None]) - np.maximum(at, edges[:-1, None])
        self._weights = np.where(at < self.stop[:, None], shares, 0).astype(np.float32)
        self._nests = pixels == 2 * self.halved

    def weights(self, wanted: slice) -> list[Weights]:
        """For the pixels ``wanted`` of half as many: the weight of the first, second, … pixel that makes them up.

        Where a pixel is made up of fewer than others, the weight of the last is 0.
        """
        return [None, None] if self._nests else list(self._weights[wanted].T)

    def taps(self, values: Values, wanted: slice, start: int, axis: int) -> list[Values]:
        """These pixels themselves; ``values`` begin at pixel ``start``."""
        first = self.first[wanted] - start
        if self._nests:
            begin, stop = int(first[0]), int(first[-1]) + 2
            return [values[tap:stop:2] if axis == 0 else values[:, tap:stop:2].copy() for tap in (begin, begin + 1)]
        last = values.shape[axis] - 1
        return [np.take(values, np.minimum(first + tap, last), axis=axis) for tap in range(self._weights.shape[1])]


def _product(down: Weights, across: Weights) -> Weights:
    """The weights of pixels by those of their rows and of their columns."""
    if down is None:
        return across
    return down[:, None] if across is None else np.outer(down, across)


def _mode(taps: Sequence[Values], weights: Sequence[Weights], nodata: float | None) -> Values:
    """The most frequent value of each pixel's taps; of several, the one that is first so frequent.

    How often a value has been met, which tap it is and the value are one number each, whose maximum tells.
    """
    kind = taps[0].dtype
    bits = 8 * kind.itemsize
    wide = np.dtype(f"uint{2 * bits}").type
    best = np.zeros(taps[0].shape, wide)
    counting = [_counting(values, weight, nodata) for values, weight in zip(taps, weights, strict=True)]
    for number, (values, counts) in enumerate(zip(taps, counting, strict=True)):
        met = np.ones(best.shape, np.uint8)
        for before, counted in zip(taps[:number], counting[:number], strict=True):
            same = before == values
            met += (same if counted is None else same & counted).view(np.uint8)
        key = met.astype(wide)
        key *= wide(1 << (bits + 4))
        key += values.view(f"uint{bits}")
        key += wide((15 - number) << bits)
        if counts is not None:
            key *= counts
        np.maximum(best, key, out=best)
    merged: Values = (best & wide((1 << bits) - 1)).astype(f"uint{bits}").view(kind)
    if nodata is not None and any(counts is not None for counts in counting):
        merged[best == 0] = nodata
    return merged


def _counting(values: Values, weight: Weights, nodata: float | None) -> NDArray[np.bool_] | None:
    """Where a pixel counts: where it is one and no nodata; None: everywhere."""
    counts = np.broadcast_to(True if weight is None else weight > 0, values.shape)
    if nodata is not None:
        counts = counts & (~np.isnan(values) if np.isnan(nodata) else values != nodata)
    return None if counts.all() else counts


def _mean(taps: Sequence[Values], weights: Sequence[Weights], nodata: float | None) -> Values:
    """The mean of each pixel's taps under their weights, nodata left out."""
    total, shares = (np.zeros(taps[0].shape, np.float32) for _ in range(2))
    for values, weight in zip(taps, weights, strict=True):
        counts = _counting(values, weight, nodata)
        share = np.float32(1) if weight is None else weight
        if counts is not None:
            values, share = np.where(counts, values, np.float32(0)), share * counts
        total += values * share
        shares += share
    empty = shares == 0
    total /= np.maximum(shares, EDGE)
    if empty.any():
        total[empty] = nodata
    return total
