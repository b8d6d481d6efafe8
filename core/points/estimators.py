"""Models of places: bands (n, bands), NaN where one is lacking, to a value or a suitability with its bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Method = Literal["forest", "boosting"]
LOW, HIGH = 0.05, 0.95
"""The quantiles that are written beside the value."""
TREES = 200
LEAF = 3
MEMBERS = 12
"""Boosted models of presence, each of its own draw: their spread is the uncertainty."""
ROUNDS = 150
WEIGHTS_AT_ONCE = 4_000_000
"""Places times training points whose weights are held at once."""

X = NDArray[np.float32]
Z = NDArray[np.float64]


class Estimator(Protocol):
    """What a method leaves behind."""

    def __call__(self, x: X) -> NDArray[np.float64]:
        """The estimate, its lower and its upper bound (3, n)."""
        ...


def fit_values(method: Method, x: X, z: Z, seed: int, trees: int = TREES) -> Estimator:
    """Learn values ``z`` (n,)."""
    return _Forest(x, z, seed, trees) if method == "forest" else _Boosted(x, z, seed)


def fit_presence(method: Method, x: X, z: Z, seed: int, trees: int = TREES) -> Estimator:
    """Learn presence (1) against absence or background (0). Each member draws as many of the one as of the other, for
    background that outnumbers presences drowns them (Valavi et al. 2021, doi 10.1111/ecog.05615).
    """
    if method == "forest":
        from sklearn.tree import DecisionTreeClassifier

        def tree(number: int) -> Any:
            return DecisionTreeClassifier(max_features="sqrt", min_samples_leaf=LEAF, random_state=number)

        return _Balanced(x, z, seed, trees, tree)
    from sklearn.ensemble import HistGradientBoostingClassifier

    def boosted(number: int) -> Any:
        return HistGradientBoostingClassifier(
            max_iter=ROUNDS // 2, learning_rate=0.05, max_leaf_nodes=8, early_stopping=False, l2_regularization=1.0,
            min_samples_leaf=_leaf(int(2 * (z > 0.5).sum())), random_state=number)

    return _Balanced(x, z, seed, MEMBERS, boosted)


class _Forest:
    """A random forest (Breiman 2001) whose leaves remember what they hold: their mean is the value, and quantiles come
    from all that shares leaves with a place (Meinshausen 2006, jmlr.org/papers/v7/meinshausen06a.html).
    """

    def __init__(self, x: X, z: Z, seed: int, trees: int) -> None:
        from sklearn.ensemble import RandomForestRegressor

        self._forest = RandomForestRegressor(trees, min_samples_leaf=LEAF, max_features=1 / 3, random_state=seed,
                                             n_jobs=-1).fit(x, z)
        order = np.argsort(z, kind="stable")
        self._sorted = z[order]
        leaves = self._forest.apply(x[order])
        self._first = np.concatenate([[0], np.cumsum([one.tree_.node_count for one in self._forest.estimators_])])
        at = leaves + self._first[:-1]
        rows, columns = at.ravel(), np.repeat(np.arange(len(z)), at.shape[1])
        size = np.bincount(rows, minlength=int(self._first[-1]))
        self._share = sparse.csr_matrix((1.0 / (size[rows] * at.shape[1]), (rows, columns)),
                                        shape=(int(self._first[-1]), len(z)))

    def __call__(self, x: X) -> NDArray[np.float64]:
        result = np.empty((3, len(x)))
        step = max(1, WEIGHTS_AT_ONCE // len(self._sorted))
        for start in range(0, len(x), step):
            part = slice(start, min(start + step, len(x)))
            leaves = self._forest.apply(x[part]) + self._first[:-1]
            count, trees = leaves.shape
            shared = sparse.csr_matrix((np.ones(leaves.size), leaves.ravel(), np.arange(0, leaves.size + 1, trees)),
                                       shape=(count, self._share.shape[0]))
            weight = (shared @ self._share).toarray()
            result[0, part] = weight @ self._sorted
            reached = np.cumsum(weight, axis=1)
            for row, share in ((1, LOW), (2, HIGH)):
                result[row, part] = self._sorted[np.minimum((reached < share - 1e-9).sum(axis=1),
                                                            len(self._sorted) - 1)]
        return result


class _Boosted:
    """Boosted trees (Friedman 2001): one for the mean, one for each bound by the quantile's own loss."""

    def __init__(self, x: X, z: Z, seed: int) -> None:
        from sklearn.ensemble import HistGradientBoostingRegressor

        losses: tuple[dict[str, Any], ...] = ({"loss": "squared_error"}, {"loss": "quantile", "quantile": LOW},
                                              {"loss": "quantile", "quantile": HIGH})
        self._models = [
            HistGradientBoostingRegressor(
                **loss, max_iter=ROUNDS, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=1.0,
                min_samples_leaf=_leaf(len(z)), early_stopping=False, random_state=seed).fit(_learnable(x), z)
            for loss in losses]

    def __call__(self, x: X) -> NDArray[np.float64]:
        value, one, other = (model.predict(x) for model in self._models)
        return np.stack([value, np.minimum(np.minimum(one, other), value), np.maximum(np.maximum(one, other), value)])


class _Balanced:
    """The mean of members that each learn from as many presences as others, drawn with replacement."""

    def __init__(self, x: X, z: Z, seed: int, members: int, make: Callable[[int], Any]) -> None:
        rng = np.random.default_rng([seed, 12])
        there, elsewhere = np.flatnonzero(z > 0.5), np.flatnonzero(z <= 0.5)
        number = min(len(there), len(elsewhere))
        self._members = []
        for member in range(members):
            drawn = np.concatenate([rng.choice(there, number), rng.choice(elsewhere, number)])
            self._members.append(make((seed * 1000 + member) % 2**32).fit(_learnable(x[drawn]), z[drawn] > 0.5))

    def __call__(self, x: X) -> NDArray[np.float64]:
        each = np.stack([member.predict_proba(x)[:, 1] for member in self._members])
        low, high = np.quantile(each, (LOW, HIGH), axis=0)
        mean = each.mean(axis=0)
        return np.stack([mean, np.minimum(low, mean), np.maximum(high, mean)])


def _learnable(x: X) -> X:
    """Bands (n, bands) with 0 in those that no place has a measurement of: they tell nothing, and boosting takes none
    that holds no number.
    """
    known: X = np.where(np.isfinite(x).any(axis=0), x, np.float32(0))
    return known


def _leaf(count: int) -> int:
    """Boosting's usual leaf holds 20: too many where there are a hundred points."""
    return int(np.clip(count // 20, LEAF, 20))
