"""Trees that are asked in blocks of ground that they did not learn from.

Of objects that were changed on purpose it is known which of several answers is right, or how good each is. Extremely
randomised trees (Geurts et al. 2006) learn that from what each answer looks like, once for each fold of ground, without
that fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor

FEWEST, TREES, LEAF, TRIED = 25, 150, 3, 0.4

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FoldTrees:
    """For each fold of ground the trees grown without it."""

    trees: dict[int, ExtraTreesRegressor]

    @classmethod
    def learnt(cls, shown: Sequence[tuple[Array, Array, int]], folds: int, seed: int) -> FoldTrees | None:
        """Learn from objects: what their answers look like (k, d), how good each is (k,), and the fold of ground that
        the object lies in, 0 … ``folds`` − 1; None if there are too few of them.
        """
        trees = {}
        for fold in range(folds):
            taught = [(x, good) for x, good, where in shown if where != fold]
            if len(taught) < FEWEST:
                return None
            forest = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=TRIED, random_state=seed)
            trees[fold] = forest.fit(*(np.concatenate(part) for part in zip(*taught, strict=True)))
        return cls(trees)

    def told(self, asked: Sequence[Array], fold: NDArray[np.intp]) -> list[Array]:
        """How good each answer (k,) of each of n objects is expected to be, which lie in folds ``fold`` (n,)."""
        expected: list[Array] = [np.zeros(0)] * len(asked)
        for one, forest in self.trees.items():
            rows = np.flatnonzero(fold == one).tolist()
            if rows:
                ends = np.cumsum([len(asked[row]) for row in rows])
                told = forest.predict(np.concatenate([asked[row] for row in rows]))
                for row, part in zip(rows, np.split(told, ends[:-1]), strict=True):
                    expected[row] = part
        return expected
