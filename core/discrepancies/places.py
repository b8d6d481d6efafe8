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
    """What is found at every shift within reach (rows, columns), the object's own place in the middle: ``contrast``,
    mean probability ``inside``, ``edge`` along the outline, what both are ``worth`` (edges counting by their weight),
    and ``score``, which is less where the place is far; ``away``, metres. Only a disc about the
    middle is within reach, so that no direction is apart.
    """

    contrast: NDArray[np.float64]
    inside: NDArray[np.float64]
    edge: NDArray[np.float64]
    worth: NDArray[np.float64]
    score: NDArray[np.float64]
    away: NDArray[np.float64]
    pixel_m: float

    @property
    def within(self) -> NDArray[np.float64]:
        """The score within reach, ``BEYOND`` elsewhere."""
        return np.where(self.away <= len(self.score) // 2 * self.pixel_m, self.score, BEYOND)

    def places(self, beside: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return places (``OWN`` + 1, 2), columns and rows from the middle, and what speaks for each (…, len(NAMES)),
        NaN where there are fewer. ``beside`` (2,): where the alignment would put the object.
        """
        reach = len(self.score) // 2
        within = self.within
        at = self._own(within)
        order = np.array([*range(len(at)), OWN])
        px = np.array([*(self.between(one) for one in at), (float(beside[0]), float(beside[1]))])
        its_column, its_row = (reach + min(max(round(float(v)), -reach), reach) for v in beside)
        row, column = np.array([*at, (its_row, its_column)]).T
        contrast, inside, edge, worth, score = (part[row, column] for part in (
            self.contrast, self.inside, self.edge, self.worth, self.score))
        apart = np.hypot(*(px[:, None] - px[None]).transpose(2, 0, 1))
        from_alignment = apart[-1].copy()
        apart[np.arange(len(px)), np.arange(len(px))] = np.inf
        every_px, x = np.full((OWN + 1, 2), np.nan), np.full((OWN + 1, len(NAMES)), np.nan)
        every_px[order] = px
        x[order] = np.stack([
            contrast, inside, edge, worth, score - within.max(), score - self.score[self.away <= APART_M].max(),
            contrast - self.contrast[reach, reach], edge - self.edge[reach, reach], worth - self.worth[reach, reach],
            np.hypot(*px.T) * self.pixel_m, from_alignment * self.pixel_m, order == OWN, order,
            apart.min(axis=1) * self.pixel_m], axis=1)
        return every_px, x

    def _own(self, within: NDArray[np.float64]) -> list[tuple[int, int]]:
        """The highest place, the highest that is not near it, and so on: rows and columns."""
        left, found = within.copy(), []
        apart = int(np.ceil(APART_M / self.pixel_m))
        for _ in range(OWN):
            row, column = divmod(int(left.argmax()), left.shape[1])
            if left[row, column] <= BEYOND:
                break
            found.append((row, column))
            top, first = max(row - apart, 0), max(column - apart, 0)
            around = left[top:row + apart + 1, first:column + apart + 1]
            down, right = (np.arange(low, low + size) for low, size in zip((top - row, first - column), around.shape,
                                                                           strict=True))
            around[down[:, None]**2 + right**2 < (APART_M / self.pixel_m)**2] = BEYOND
        return found

    def between(self, at: tuple[int, int]) -> tuple[float, float]:
        """Columns and rows from the middle to the highest place between the pixels at ``at``, by a parabola along each
        axis.
        """
        row, column = at
        height, width = self.score.shape
        across = self.score[row, column - 1:column + 2] if 0 < column < width - 1 else ()
        down = self.score[row - 1:row + 2, column] if 0 < row < height - 1 else ()
        return column - width // 2 + _highest(*across), row - height // 2 + _highest(*down)


def _highest(before: float = 0.0, here: float = 0.0, after: float = 0.0) -> float:
    """How far from the middle one of three values beside each other their parabola is highest, at most a half."""
    bend = 2 * here - before - after
    return min(max(float(after - before) / float(2 * bend), -0.5), 0.5) if bend > 1e-9 else 0.0
