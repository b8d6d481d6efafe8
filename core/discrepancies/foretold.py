"""What is expected of an attribute's values from all else that is known of a feature.

Extremely randomised trees (Geurts et al. 2006, Machine Learning 63) foretell a value from what is known of its feature
and from the values of its neighbours; they never saw the feature's block of ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.special import softmax
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

FEWEST, LEARN_MAX, TREES, LEAF, TRIED = 20, 5000, 100, 3, 0.4
NEIGHBOURS, NEAREST = 8, 3
FLOOR = 5e-3
"""What trees never saw may be nevertheless."""
FAR = 3.0
"""Numbers so many quartile ranges beyond the quartiles are drawn in, those off by so many spreads left out."""
CLOSEST = 0.25
"""No number is foretold with less than this share of the usual spread."""
SPREAD, TAIL = 1.4826, 1.645
"""A normal distribution's spread over its median absolute deviation, and its 90th percentile of that."""
TEMPERATURES = np.geomspace(0.4, 2.5, 25)
SHARES = np.array([0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.13, 0.17, 0.2])
USUAL_PLACES = 60.0
"""Values that the share of mistaken ones to expect is worth."""
SKEWED = 5.0
"""Positive numbers whose largest is more than this many medians are looked at by their logarithms."""

Array = NDArray[np.float64]
Rows = NDArray[np.intp]


def neighbours(centres: Array) -> Rows:
    """The nearest other features (n, ``NEIGHBOURS`` or fewer) of each of ``centres`` (n, 2), the nearest first."""
    found = KDTree(centres).query(centres, min(NEIGHBOURS + 1, len(centres)))[1].reshape(len(centres), -1)
    own = found == np.arange(len(centres))[:, None]
    own[~own.any(axis=1), -1] = True  # where many lie in one place, a feature may not be among its own nearest
    return np.asarray(found[~own].reshape(len(centres), -1), np.intp)


@dataclass(frozen=True)
class Numbers:
    """Numbers ``y`` (n,) as they are looked at, what is ``expected`` of each and its ``spread`` (n,)."""

    y: Array
    expected: Array
    spread: Array
    logarithmic: bool
    whole: bool

    @classmethod
    def of(cls, numbers: Array, x: Array, near: Rows, fold: Rows, seed: int) -> Numbers:
        """Foretell ``numbers`` (n,) from ``x`` (n, d) and the numbers of the features ``near`` (n, k)."""
        logarithmic = bool((numbers > 0).all()) and float(numbers.max() / np.median(numbers)) > SKEWED
        y = np.log(numbers) if logarithmic else np.asarray(numbers, np.float64)
        x = np.column_stack([x, y[near[:, :NEAREST]], np.median(y[near], axis=1)])
        low, high = np.quantile(y, [0.25, 0.75])
        held = np.clip(y, low - FAR * (high - low), high + FAR * (high - low)) if high > low else y
        expected = _told(x, held, fold, np.ones(len(y), bool), seed)
        sound = np.abs(y - expected) <= FAR * usual_spread(y - expected)
        expected = _told(x, held, fold, sound, seed)
        usual = usual_spread(y - expected)
        off = _told(x, np.minimum(np.abs(y - expected), FAR * usual), fold, sound, seed)
        return cls(y, expected, np.maximum(SPREAD * off, CLOSEST * usual), logarithmic,
                   bool((numbers == np.round(numbers)).all()))

    def number(self, y: Array) -> Array:
        """The numbers themselves."""
        number = np.exp(y) if self.logarithmic else y
        return np.asarray(np.round(number) if self.whole else number)

    def looked_at(self, numbers: Array) -> Array:
        """Numbers as they are looked at; they must be positive where logarithms are."""
        return np.asarray(np.log(numbers) if self.logarithmic else numbers)


@dataclass(frozen=True)
class Categories:
    """Values by number, ``code`` (n,), with how probable each of k values is for each feature, ``p`` (n, k), how many
    of its neighbours have it, ``around`` (n, k), and how many features do, ``share`` (k,).
    """

    code: Rows
    p: Array
    around: Array
    share: Array

    @classmethod
    def of(cls, code: Rows, number: int, x: Array, near: Rows, fold: Rows, seed: int) -> Categories | None:
        """Foretell which of ``number`` values (n,) each feature has, from ``x`` (n, d) and those of the features
        ``near`` (n, k); None if there are too few to learn from.
        """
        said = np.eye(number)[code]
        around = said[near].mean(axis=1)
        x = np.column_stack([x, said[near[:, 0]], around])
        p = np.zeros((len(code), number))
        for one in np.unique(fold):
            learn = _some(np.flatnonzero(fold != one), seed)
            if len(learn) < FEWEST or len(np.unique(code[learn])) < 2:
                return None
            trees = ExtraTreesClassifier(TREES, min_samples_leaf=LEAF, max_features=TRIED, random_state=seed)
            trees.fit(x[learn], code[learn])
            p[np.ix_(fold == one, trees.classes_)] = trees.predict_proba(x[fold == one])
        p = p + FLOOR
        return cls(code, p / p.sum(axis=1, keepdims=True), around, said.mean(axis=0))

    def looks(self) -> Array:
        """What the values look like (n, d)."""
        return self._looks(np.arange(len(self.code)), self.code)

    def mistaken(self, rng: np.random.Generator) -> tuple[Array, Rows]:
        """What values would look like (m, d) that somebody mistook, and whose they are (m,): a third of them any other
        value alike, a third as often as it occurs, a third as features like it have, for such are easily confused.
        """
        rows = rng.permutation(len(self.code))[:LEARN_MAX]
        any_one, how = rng.integers(len(self.share), size=len(rows)), rng.random(len(rows))
        often = self.code[rng.integers(len(self.code), size=len(rows))]
        likely = (np.cumsum(self.p[rows], axis=1) > rng.random(len(rows))[:, None]).argmax(axis=1)
        other = np.where(how < 1 / 3, any_one, np.where(how < 2 / 3, often, likely))
        differs = other != self.code[rows]
        return self._looks(rows[differs], other[differs]), rows[differs]

    def share_mistaken(self, expected: float, seed: int) -> float:
        """The share of mistaken values that makes the values likeliest, if right ones are as frequent as is foretold,
        at the temperature that suits them best, and half of the mistaken ones any value alike, half as often as it
        occurs; ``expected`` is the share where nothing else is known.
        """
        rows = _some(np.arange(len(self.code)), seed)
        code, score = self.code[rows], np.log(self.p[rows])
        by_mistake = (self.share[code] + 1 / len(self.share)) / 2
        held = USUAL_PLACES * (expected * np.log(SHARES) + (1 - expected) * np.log(1 - SHARES))
        likelihood = []
        for temperature in TEMPERATURES:
            own = softmax(score / temperature, axis=1)[np.arange(len(rows)), code]
            both = (1 - SHARES[:, None]) * own + SHARES[:, None] * by_mistake
            likelihood.append(np.log(both).sum(axis=1) + held)
        return float(SHARES[int(np.argmax(np.max(likelihood, axis=0)))])

    def best_other(self) -> Rows:
        """The most probable other value of each (n,)."""
        rival = self.p.copy()
        rival[np.arange(len(rival)), self.code] = 0
        return np.asarray(rival.argmax(axis=1), np.intp)

    def _looks(self, rows: Rows, code: Rows) -> Array:
        own, share = np.log(self.p[rows, code]), np.log(np.maximum(self.share[code], 1 / len(self.code)))
        rival = self.p[rows].copy()
        rival[np.arange(len(rows)), code] = 0
        return np.column_stack([own, np.log(rival.max(axis=1)) - own, own - share, share, self.around[rows, code]])


def usual_spread(off: Array) -> float:
    """A standard deviation that few large ones do not change, never 0."""
    size = np.abs(off - np.median(off))
    least = 1e-9 * max(float(np.abs(off).max()), 1.0)
    return max(SPREAD * float(np.median(size)), float(np.quantile(size, 0.9)) / TAIL, least)


def _told(x: Array, y: Array, fold: Rows, sound: NDArray[np.bool_], seed: int) -> Array:
    """What trees expect (n,) that learnt from the ``sound`` values of other folds."""
    expected = np.full(len(y), float(np.median(y)))
    for one in np.unique(fold):
        learn = _some(np.flatnonzero((fold != one) & sound), seed)
        if len(learn) >= FEWEST:
            trees = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=TRIED, random_state=seed)
            expected[fold == one] = trees.fit(x[learn], y[learn]).predict(x[fold == one])
    return expected


def _some(rows: Rows, seed: int) -> Rows:
    return rows if len(rows) <= LEARN_MAX else np.random.default_rng([seed, 6]).permutation(rows)[:LEARN_MAX]
