"""Where an object belongs: how likely each of its places is the right one.

Of objects that were moved on purpose the right place is known. Trees learn from what speaks for each of their places
which is right, and are asked in blocks of ground that they did not learn from. An object none of whose places is likely
is hardly shifted at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .fold_trees import FoldTrees
from .odds import log_odds

RIGHT_M = 1.2
"""A place is right that is off by no more than this."""
LIKELY = 0.3
"""A place is proposed that is right with at least this probability."""
ELSEWHERE_M = 1.0
"""What is nearer than this to where its neighbours say that it should lie is in its place."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Belonging:
    """What was learnt of objects that were moved on purpose."""

    trees: FoldTrees

    @classmethod
    def learnt(cls, shown: Sequence[tuple[Array, Array, int]], folds: int, seed: int) -> Belonging | None:
        """Learn from objects: what speaks for each of their places (k, d), metres from the right one (k,), NaN where
        there is none, and the fold of ground, 0 … ``folds`` − 1, that each lay in; None if there are too few of them.
        """
        taught = [(x[kept], (off[kept] <= RIGHT_M).astype(np.float64), fold)
                  for x, off, fold in shown for kept in [~np.isnan(off)] if kept.any()]
        trees = FoldTrees.learnt(taught, folds, seed)
        return None if trees is None else cls(trees)

    def likely(self, x: Array, fold: NDArray[np.intp]) -> Array:
        """Probability (n, k) that each place is right, given what speaks for it (n, k, d); 0 where there is none."""
        kept = ~np.isnan(x[..., 0])
        result = np.zeros(x.shape[:2])
        result[kept] = np.concatenate([np.zeros(0), *self.trees.told([one[k] for one, k in zip(x, kept, strict=True)],
                                                                     fold)])
        return result


def certainty(likely: Array, places_m: Array) -> Array:
    """How sure it is that objects lie elsewhere (n, 4), given how likely their places are (n, k) and how far off these
    lie (n, k): log odds of the likeliest place elsewhere and its distance, the likeliest place near by, the second
    likeliest elsewhere.
    """
    elsewhere = np.where(places_m >= ELSEWHERE_M, likely, 0.0)
    near = np.where(places_m < ELSEWHERE_M, likely, 0.0)
    order = np.sort(elsewhere, axis=1)
    far = np.take_along_axis(places_m, elsewhere.argmax(axis=1)[:, None], axis=1)[:, 0]
    likeliest = log_odds(np.clip(order[:, -1], 0.01, 0.99))
    return np.stack([likeliest, np.nan_to_num(far), near.max(axis=1), order[:, -2]], axis=1)
