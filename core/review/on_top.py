"""Which of the areas that lie on one another says what is there: the smallest, as of a pond in a park. Runs in the
engine.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NONE = -1
"""The row of what is not there: of a list with one more entry, that one."""
LEAST_OVERLAP = 0.0005
"""A surplus below this is the outlines of neighbours, and not worth a word."""


class OnTop:
    """``n`` valid areas (shapely), of which at every place the smallest counts, of two of one size the later: the
    order in which :func:`~geoloop.core.sources.burn.burn` paints them.
    """

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        import shapely

        self._shapes, self._area = shapes, shapely.area(shapes)
        self._height = np.empty(len(shapes), np.intp)
        self._height[np.argsort(-self._area, kind="stable")] = np.arange(len(shapes))
        self._tree = shapely.STRtree(shapes)

    def at(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """The row of the area that counts at each of ``m`` points (m,), ``NONE`` where none lies."""
        point, row = self._tree.query(points, predicate="intersects")
        highest = np.full(len(points), NONE, np.intp)
        np.maximum.at(highest, point, self._height[row])
        row_of = np.append(np.argsort(self._height), NONE)
        return np.asarray(row_of[highest])

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """The share of each area (n,) on which it counts: these parts cover the ground of all areas once."""
        import shapely

        below, above = self._tree.query(self._shapes, predicate="intersects")
        covered = self._height[above] > self._height[below]
        below, above = below[covered], above[covered]
        covered = ~shapely.touches(self._shapes[below], self._shapes[above])
        below, above = below[covered], above[covered]
        rows, starts = np.unique(below, return_index=True)
        result = np.ones(len(self._shapes))
        for row, start, end in zip(rows.tolist(), starts.tolist(), [*starts[1:].tolist(), len(above)], strict=False):
            rest = shapely.difference(self._shapes[row], shapely.union_all(self._shapes[above[start:end]]))
            result[row] = rest.area / self._area[row]
        return result

    def surplus(self, ground: NDArray[np.float64]) -> float:
        """How much more ground the areas have together than there is, from the ground of each (n,): 0 without overlap,
        1 where all are there twice.
        """
        once = float((ground * self.shares).sum())
        return float(ground.sum()) / once - 1 if once > 0 else 0.0
