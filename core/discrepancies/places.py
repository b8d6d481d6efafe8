"""Places where an object may belong, and what speaks for each: its own best ones and the alignment's.

The highest place of a surface is not always the right one: a neighbour's roof, a paved court or a part of a larger roof
may show as much. The right one is nearly always among the few highest or is where the alignment, which weighs all
neighbours, would put the object.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OWN = 4
"""The object's own places; the alignment's comes after them."""
APART_M = 1.5
"""Two own places lie at least so far apart."""
NAMES = ("contrast", "inside", "edge", "worth", "below best", "over near", "contrast gain", "edge gain", "worth gain",
         "distance", "from alignment", "alignment", "order", "alone")
BEYOND = -9.0
"""Less than any place within reach is worth."""


@dataclass(frozen=True)
class Searched:
    """What is found of n objects at every shift within reach (n, rows, columns), the object's own place in the middle:
    ``contrast``, mean probability ``inside``, ``edge`` along the outline, what both are ``worth`` (edges counting by
    their weight), and ``score``, which is less where the place is far; ``away`` (rows, columns), metres. Only a disc
    about the middle is within reach, so that no direction is apart.
    """

    contrast: NDArray[np.floating]
    inside: NDArray[np.floating]
    edge: NDArray[np.floating]
    worth: NDArray[np.floating]
    score: NDArray[np.floating]
    away: NDArray[np.float64]
    pixel_m: float

    @property
    def reach(self) -> int:
        """Pixels from the middle to the rim."""
        return len(self.away) // 2

    @property
    def within(self) -> NDArray[np.floating]:
        """The score within reach, ``BEYOND`` elsewhere."""
        return np.where(self.away <= self.reach * self.pixel_m, self.score, BEYOND)

    def places(self, beside: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return places (n, ``OWN`` + 1, 2), columns and rows from the middle, and what speaks for each (…,
        len(NAMES)), NaN where there are fewer. ``beside`` (n, 2): where the alignment would put each object.
        """
        reach, number = self.reach, len(self.score)
        within = self.within
        row, column = self._own(within)
        lacking = np.concatenate([row < 0, np.zeros((number, 1), bool)], axis=1)
        px = np.concatenate([self._between(row, column), beside[:, None]], axis=1)
        px[lacking] = np.nan
        its = np.clip(np.round(beside), -reach, reach).astype(np.intp) + reach
        row, column = np.column_stack([row, its[:, 1]]), np.column_stack([column, its[:, 0]])
        each = np.arange(number)[:, None]
        contrast, inside, edge, worth, score = (part[each, row, column] for part in (
            self.contrast, self.inside, self.edge, self.worth, self.score))
        apart = np.hypot(*(px[:, :, None] - px[:, None]).transpose(3, 0, 1, 2))
        from_alignment = apart[:, -1].copy()
        apart[:, np.arange(OWN + 1), np.arange(OWN + 1)] = np.inf
        order = np.broadcast_to(np.arange(OWN + 1), row.shape)
        near = self.score[:, self.away <= APART_M].max(axis=1, keepdims=True)
        x = np.stack([
            contrast, inside, edge, worth, score - within.max(axis=(1, 2))[:, None], score - near,
            *(there - part[:, reach, reach, None] for there, part in (
                (contrast, self.contrast), (edge, self.edge), (worth, self.worth))),
            np.hypot(*px.transpose(2, 0, 1)) * self.pixel_m, from_alignment * self.pixel_m, order == OWN, order,
            np.where(np.isnan(apart), np.inf, apart).min(axis=2) * self.pixel_m], axis=2)
        x[lacking] = np.nan
        return px, x

    def _own(self, within: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The highest place, the highest that is not near it, and so on: rows and columns (n, ``OWN``), −1 where there
        are fewer.
        """
        left, side = within.copy(), within.shape[1]
        row, column = np.full((2, len(left), OWN), -1)
        each, lines = np.arange(len(left)), np.arange(side)
        for nth in range(OWN):
            at = left.reshape(len(left), -1).argmax(axis=1)
            y, x = np.divmod(at, side)
            there = left[each, y, x] > BEYOND
            row[there, nth], column[there, nth] = y[there], x[there]
            far = (lines - y[:, None])[:, :, None]**2 + (lines - x[:, None])[:, None]**2
            left[far < (APART_M / self.pixel_m)**2] = BEYOND
        return row, column

    def _between(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.float64]:
        """Columns and rows (n, k, 2) from the middle to the highest places between the pixels at ``row`` and ``column``
        (n, k), by a parabola along each axis.
        """
        wide = np.pad(self.score, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)
        each = np.arange(len(row))[:, None]
        here, right, left, below, above = (wide[each, row + 1 + down, column + 1 + across] for down, across in (
            (0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)))
        return np.stack([column + _highest(left, here, right), row + _highest(above, here, below)],
                        axis=2) - self.reach


def _highest(before: NDArray[np.floating], here: NDArray[np.floating], after: NDArray[np.floating]
             ) -> NDArray[np.float64]:
    """How far from the middle one of three values beside each other their parabola is highest, at most a half; 0 at a
    rim.
    """
    bend = 2 * here - before - after
    bent = bend > 1e-9
    return np.where(bent, np.clip((after - before) / np.where(bent, 2 * bend, 1), -0.5, 0.5), 0.0)
