"""How features lie to each other: each to its nearest neighbours, and to all that it touches.

The number of pairs grows with the number of features, not with its square: neighbours are found in trees, and the exact
predicates are asked only of pairs that intersect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .outlines import Outlines

KINDS = ("touches", "within", "contains", "crosses", "overlaps", "equals", "near")
"""What a source is to its target; ``near`` is all that does not meet it."""
NEAREST = 8
PER_OUTLINE = 4
"""Points of each outline among which the nearest neighbours are looked for."""


@dataclass(frozen=True)
class Relations:
    """Pairs of features in both directions, ordered by target: ``target`` and ``source`` (e,), ``kind`` (e,) a place in
    ``KINDS``, ``distance_px`` (e,) between them, 0 where they meet.
    """

    target: NDArray[np.int64]
    source: NDArray[np.int64]
    kind: NDArray[np.int64]
    distance_px: NDArray[np.float32]

    def among(self, rows: NDArray[np.intp], count: int) -> Relations:
        """Return the pairs within some of ``count`` features, numbered as in ``rows``."""
        number = np.full(count, -1, np.int64)
        number[rows] = np.arange(len(rows))
        target, source = number[self.target], number[self.source]
        kept = np.flatnonzero((target >= 0) & (source >= 0))
        kept = kept[np.lexsort((source[kept], target[kept]))]
        return Relations(target[kept], source[kept], self.kind[kept], self.distance_px[kept])


def relate(shapes: NDArray[np.object_], outlines: Outlines, nearest: int = NEAREST) -> Relations:
    """Return how features lie to each other: all that meet, and each to about its ``nearest`` nearest others."""
    if len(shapes) < 2:
        none = np.zeros(0, np.int64)
        return Relations(none, none, none, np.zeros(0, np.float32))
    shapes = shapes.copy()
    shapely.prepare(shapes)
    meeting = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    meeting = meeting[:, meeting[0] < meeting[1]].astype(np.int64)
    near = _near(outlines, nearest)
    met = meeting[0] * len(shapes) + meeting[1]
    near = near[:, ~np.isin(near[0] * len(shapes) + near[1], met, assume_unique=True)]
    there, back = _kinds(shapes[meeting[0]], shapes[meeting[1]])
    apart = shapely.distance(shapes[near[0]], shapes[near[1]])
    far = np.full(near.shape[1], KINDS.index("near"), np.int64)
    target = np.concatenate([meeting[0], near[0], meeting[1], near[1]])
    source = np.concatenate([meeting[1], near[1], meeting[0], near[0]])
    kind = np.concatenate([there, far, back, far])
    distance = np.concatenate([np.zeros(meeting.shape[1]), apart] * 2).astype(np.float32)
    order = np.lexsort((source, target))
    return Relations(target[order], source[order], kind[order], distance[order])


def _near(outlines: Outlines, nearest: int) -> NDArray[np.int64]:
    """Pairs (2, e) of features, the smaller number first, of which one is among the other's nearest."""
    n = len(outlines)
    points = outlines.xy[:, ::outlines.xy.shape[1] // PER_OUTLINE].astype(np.float64)
    each = points.shape[1]
    tree = cKDTree(points.reshape(-1, 2))
    asked = np.minimum(each * (nearest + 1), n * each)
    _, found = tree.query(outlines.centres.astype(np.float64), k=int(asked))
    other = found // each
    row = np.broadcast_to(np.arange(n)[:, None], other.shape)
    pair = np.where(other == row, -1, row * n + other)
    # The first time that a feature is met is its nearest point; of the different ones the first `nearest` count.
    order = np.argsort(pair, axis=1, kind="stable")
    ordered = np.take_along_axis(pair, order, axis=1)
    new = np.ones_like(ordered, bool)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    fresh = np.zeros_like(new)
    np.put_along_axis(fresh, order, new & (ordered >= 0), axis=1)
    chosen = fresh & (np.cumsum(fresh, axis=1) <= nearest)
    a, b = row[chosen], other[chosen]
    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b).astype(np.int64)
    unique = np.unique(low * n + high)
    return np.stack([unique // n, unique % n])


def _kinds(a: NDArray[np.object_], b: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What ``b`` is to ``a``, and ``a`` to ``b``, of pairs that intersect; the first that holds counts."""
    touches, equals = shapely.touches(a, b), shapely.equals(a, b)
    within, contains = shapely.covers(a, b), shapely.covered_by(a, b)
    crosses = shapely.crosses(a, b)
    there = np.select([equals, within, contains, touches, crosses],
                      [KINDS.index(name) for name in ("equals", "within", "contains", "touches", "crosses")],
                      KINDS.index("overlaps"))
    swapped = {KINDS.index("within"): KINDS.index("contains"), KINDS.index("contains"): KINDS.index("within")}
    back = np.array([swapped.get(i, i) for i in range(len(KINDS))])[there] if len(there) else there
    return there.astype(np.int64), back.astype(np.int64)
