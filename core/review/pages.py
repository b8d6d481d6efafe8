"""Neighbours on one page: the order of review, cut into views of the map that a reviewer sees at a glance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_ITEMS = 8
"""More outlines than this in one view are not looked at one by one."""
KEEPS = 0.8
"""A neighbour is taken along if its value is at least this share of the first one's: what a pan saved is worth."""


def paged(value: NDArray[np.float64], middles: NDArray[np.float64], size: int, side: float) -> list[list[int]]:
    """Return the first ``size`` items as pages of row numbers.

    ``middles`` (n, 2) and ``side`` are in one unit, NaN for items without a place. The most valuable item left opens a
    page; the most valuable ones join it that lie with it in a square of ``side`` and keep enough of its ``value`` (n,).
    """
    order = np.argsort(-value, kind="stable")
    shelf = _Shelf(middles, order, side)
    taken = np.zeros(len(value), np.bool_)
    pages: list[list[int]] = []
    left = size
    for first in order.tolist():
        if left <= 0:
            break
        if taken[first]:
            continue
        page = [first]
        taken[first] = True
        around = shelf.around(first)
        for row in around[~taken[around] & (value[around] >= KEEPS * value[first])].tolist():
            if len(page) >= min(MOST_ITEMS, left):
                break
            if _in_view([*page, row], middles, side):
                page.append(row)
                taken[row] = True
        pages.append(_swept(page, middles))
        left -= len(page)
    return pages


class _Shelf:
    """Items by the square of ground that they lie in, each square's in the order given."""

    def __init__(self, middles: NDArray[np.float64], order: NDArray[np.int64], side: float) -> None:
        self._middles, self._side = middles, side
        placed = order[~np.isnan(middles[order, 0])]
        self._squares: dict[tuple[int, int], NDArray[np.int64]] = {}
        if not len(placed):
            return
        square = np.floor(middles[placed] / side).astype(np.int64)
        by_square = np.lexsort((np.arange(len(placed)), square[:, 1], square[:, 0]))
        square, placed = square[by_square], placed[by_square]
        starts = np.flatnonzero(np.r_[True, (np.diff(square, axis=0) != 0).any(axis=1)])
        for start, stop in zip(starts, [*starts[1:], len(placed)], strict=True):
            self._squares[int(square[start, 0]), int(square[start, 1])] = placed[start:stop]
        self._place = np.empty(len(order), np.int64)
        self._place[order] = np.arange(len(order))

    def around(self, row: int) -> NDArray[np.int64]:
        """The items within a page's side of an item, in the order given."""
        middle = self._middles[row]
        if np.isnan(middle[0]):
            return np.zeros(0, np.int64)
        x, y = np.floor(middle / self._side).astype(np.int64).tolist()
        near = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        found = [self._squares[at] for at in near if at in self._squares]
        rows = np.concatenate(found)
        rows = rows[(np.abs(self._middles[rows] - middle) <= self._side).all(axis=1)]
        return np.asarray(rows[np.argsort(self._place[rows])])


def _in_view(rows: list[int], middles: NDArray[np.float64], side: float) -> bool:
    some = middles[rows]
    return bool((some.max(axis=0) - some.min(axis=0) <= side).all())


def _swept(page: list[int], middles: NDArray[np.float64]) -> list[int]:
    """A page's items from west to east: the order within says neither which is worth most nor how it was drawn."""
    return sorted(page, key=lambda row: (middles[row, 0], middles[row, 1], row))
