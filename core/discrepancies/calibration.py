"""From looks to probabilities: what an error looks like is learnt from errors put into the user's own layer.

The layer as it is is a mixture of right objects and errors that nobody has named; the injected ones are named. A
regularised multinomial regression and, at last, extremely randomised trees beside it (Geurts et al. 2006), always asked
in spatial blocks that they did not learn from, give the ratio of the densities; in turn what looks wrong is taken out
of what is taken for right. That ratio is good for an order, not for a probability: what is taken for right holds errors
still. So the scale comes last, from the examples and the layer as it is, right and wrong together (see :mod:`mixture`),
as far as the layer holds enough errors to tell. The layer's errors may look less wrong than the examples, so that this
scale is too low; what stands out by number alone is wrong all the same.
Kinds are rivals: their probabilities sum to at most 1. Reviewed decisions, where there are some, correct what is left.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from .mixture import by_order, largest_share, more_than_right, scaled
from .odds import from_odds, log_odds

CEILING = 0.97
FEWEST = 30
FOLDS = 4
STAGES = 5
RIDGE = 0.01
LEARN_MAX = 20_000
TREES, LEAF, TREES_LEARN_MAX = 150, 3, 4000
SELDOM = 3e-3
"""What trees never saw may be nevertheless."""
PRIOR_PLACES = 60.0
"""Objects that the expected shares of the kinds are worth."""
LEAST_RIGHT = 0.02
CAREFUL = 2.0
"""What may be wrong counts among right objects by this power of its chance to be right: a fit that is held back by its
penalties calls errors half right for ever if they count by half.
"""
NOTHING = -1
"""What an example is made of that is an error whatever it was made of."""
WRONG = 0.5
"""What is wrong with this probability shows nothing of errors put into it."""
FITTED = 15.0
"""Errors of the layer that the scale of the fit itself is worth beside the one that follows from them."""
UNBOUND = 1e-12
"""Probabilities that are so near 0 or 1 are still told apart where objects are counted by how wrong they look."""
FEW_BELOW = 0.05
"""What looks less wrong than all but this share of the examples may be right and odd."""
CLOSER_TURNS = 3
REVIEWED_PRIOR = 8.0
"""Decisions that the uncorrected probability is worth."""

Array = NDArray[np.float64]


def rivals(x: Array, fold: NDArray[np.intp], known: Array, kind: NDArray[np.intp], known_fold: NDArray[np.intp],
           made_of: NDArray[np.intp], expected: Sequence[float], most: Sequence[float], seed: int) -> Array | None:
    """Return P(kind 1 … K | looks) (n, K) of objects with looks ``x`` (n, d) in spatial folds ``fold`` (n,).

    ``known`` (m, d) are injected errors of ``kind`` (m,), 1 … K, in folds ``known_fold``, each made of the object
    ``made_of`` (m,), ``NOTHING`` where it is an error whatever that was: as far as that is wrong itself, it shows
    nothing (see :func:`sound`). ``expected`` (K,) is the share of each kind to expect, ``most`` (K,) the largest that
    it may come out at. None if there are too few objects to learn from.
    """
    learnt = _learnt(x, fold, known, kind, known_fold, made_of, expected, most, seed, CAREFUL)
    if learnt is None:
        return None
    chance, shows = learnt.chance.copy(), sound(learnt.chance, made_of)
    for k, (usual, limit) in enumerate(zip(expected, most, strict=True)):
        its = kind == k + 1
        its &= shows if (its & shows).sum() >= FEWEST else True
        order, order_known = log_odds(learnt.chance[:, k]), log_odds(learnt.chance_known[its, k])
        share = _share(largest_share(order_known, order), usual, len(x))
        if share <= limit:  # else the layer does not say how many there are, and how steep the scale is hangs on that
            chance[:, k] = np.maximum(_scaled(order, order_known, share),
                                      _at_least(learnt.chance, learnt.chance_known[its], k))
    return _together(chance)


def mistaken(x: Array, fold: NDArray[np.intp], known: Array, known_fold: NDArray[np.intp], made_of: NDArray[np.intp],
             expected: float, likeliest: float, most: float, seed: int) -> Array | None:
    """Return P(error | looks) (n,) of values of an attribute with looks ``x`` (n, d), given values mistaken on purpose;
    arguments as in :func:`rivals`, of one kind. ``likeliest`` is the share of mistaken values that makes all values
    likeliest: no more are taken to be.

    Right values are odd in lumps, such as those of a rare word: that many look alike odd proves nothing, as it does of
    shapes.
    """
    one = np.ones(len(known), np.intp)
    learnt = _learnt(x, fold, known, one, known_fold, made_of, [expected], [most], seed, CAREFUL)
    if learnt is None:
        return None
    shows = sound(learnt.chance, made_of)
    its = shows if shows.sum() >= FEWEST else np.ones(len(known), bool)
    order, order_known = log_odds(learnt.chance[:, 0]), log_odds(learnt.chance_known[its, 0])
    share = _share(min(largest_share(order_known, order), likeliest), expected, len(x))
    return np.minimum(_scaled(order, order_known, min(share, most)), CEILING)


def _share(bound: float, usual: float, objects: int) -> float:
    """The share of a kind of that many objects, from the largest that they can hold and the usual one."""
    return (bound * objects + usual * PRIOR_PLACES) / (objects + PRIOR_PLACES)


def _scaled(order: Array, known: Array, share: float) -> Array:
    """Probabilities from log odds of objects (n,) of which mostly the order counts, given those of examples (m,)."""
    errors = share * len(order)
    scale = log_odds(by_order(known, order, share))
    return from_odds((FITTED * order + errors * scale) / (FITTED + errors))


def _at_least(chance: Array, known: Array, k: int) -> Array:
    """How probable kind ``k`` is of objects at the least, (n,), by how many look how much like it, given P(kind) of
    objects (n, K) and of its examples (m, K) as they are fitted. Objects count as far as they are of no other kind.
    What looks less like it than nearly all examples may be right and odd: there it is no more than the fit says.
    """
    here, here_known = (np.maximum(1 - np.delete(p, k, axis=1).sum(axis=1), UNBOUND) for p in (chance, known))
    odds, odds_known = log_odds(chance[:, k] / here, UNBOUND), log_odds(known[:, k] / here_known, UNBOUND)
    least = more_than_right(odds, here) * here
    return np.asarray(np.where(odds < np.quantile(odds_known, FEW_BELOW), np.minimum(least, chance[:, k]), least))


def sound(chance: Array, made_of: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return which examples (m,) show what an error looks like, given P(kind) (n, K) of the objects that they are
    ``made_of``, or ``NOTHING``. An object that is wrong already, moved once more, is no example of a moved one.
    """
    return np.asarray((made_of == NOTHING) | (chance.sum(axis=1)[made_of] < WRONG))


def closer(chance: Array, kinds: Sequence[int], x: Array, fold: NDArray[np.intp], known: Array, kind: NDArray[np.intp],
           known_fold: NDArray[np.intp], seed: int) -> Array:
    """Return P(kind) (n, K) of rivals after a closer look at objects that may be of some of the ``kinds`` (columns of
    ``chance``, rising): ``chance`` (n, K) was P before, ``x`` (n, d) is what the closer look shows of them, ``known``
    (m, d) what it shows of examples, each of one ``kind`` (m,) of these. The other kinds, and that nothing is wrong,
    share what is left as before. A kind with too few examples is one of the others; where there are too few objects to
    learn from, ``chance``.
    """
    asked = [k for k in kinds if (kind == k).sum() >= FEWEST]
    if not asked or len(x) < FEWEST:
        return chance
    shown = np.isin(kind, asked)
    known, known_fold, number = known[shown], known_fold[shown], np.searchsorted(asked, kind[shown]) + 1
    middle, spread = _scale(np.concatenate([x, known]))
    z, z_known = _bent(x, middle, spread), _bent(known, middle, spread)
    taught = np.random.default_rng([seed, 6]).permutation(len(x))[:LEARN_MAX]
    nothing, after = 1 - chance.sum(axis=1, keepdims=True), chance
    for _ in range(CLOSER_TURNS):
        right = np.clip((1 - after[:, asked].sum(axis=1)) ** CAREFUL, LEAST_RIGHT, 1.0)
        ratio, _known = _ratios(z, fold, right, taught, z_known, number, np.ones(len(known)), known_fold, None)
        weighted = chance.copy()
        weighted[:, asked] *= np.exp(np.clip(ratio, -30, 30))
        after = weighted / (weighted.sum(axis=1, keepdims=True) + nothing)
    return _together(after)


def sought(x: Array, fold: NDArray[np.intp], known: Array, known_fold: NDArray[np.intp], expected: float, most: float,
           seed: int) -> Array | None:
    """Return P(what is sought | looks) (n,) of candidates, of which many may be what is sought, and most are anything
    else; ``known`` (m, d) are examples of it. None if there are too few to learn from.

    How many candidates are real follows from those that look more like it than the middle one of the examples: up
    there hardly anything else is found (the bound of :func:`~.mixture.largest_share`).
    """
    one = np.ones(len(known), np.intp)
    learnt = _learnt(x, fold, known, one, known_fold, NOTHING * one, [expected], [most], seed, 1.0)
    if learnt is None:
        return None
    share = largest_share(learnt.ratio_known[:, 0], learnt.ratio[:, 0])
    share = min((share * len(x) + expected * PRIOR_PLACES / 2) / (len(x) + PRIOR_PLACES / 2), most)
    return np.minimum(_of_sum(learnt.ratio[:, 0], share * len(x)), CEILING)


@dataclass(frozen=True)
class _Learnt:
    """P(kind | looks) and log f_kind / f_right of objects (n, K) and of known errors (m, K)."""

    chance: Array
    chance_known: Array
    ratio: Array
    ratio_known: Array


def _learnt(x: Array, fold: NDArray[np.intp], known: Array, kind: NDArray[np.intp], known_fold: NDArray[np.intp],
            made_of: NDArray[np.intp], expected: Sequence[float], most: Sequence[float], seed: int, careful: float
            ) -> _Learnt | None:
    kinds = len(expected)
    if len(x) < FEWEST or any((kind == k).sum() < FEWEST for k in range(1, kinds + 1)):
        return None
    middle, spread = _scale(np.concatenate([x, known]))
    z, z_known = _bent(x, middle, spread), _bent(known, middle, spread)
    taught = np.random.default_rng([seed, 4]).permutation(len(x))[:LEARN_MAX]
    right = np.ones(len(x))
    prior, limit = np.asarray(expected), np.asarray(most)
    chance = ratio = ratio_known = np.zeros((len(x), kinds))
    for stage in range(STAGES):
        trees = _Trees(x, known, seed) if stage == STAGES - 1 else None
        shows = np.where(made_of == NOTHING, 1.0, right[made_of])
        ratio, ratio_known = _ratios(z, fold, right, taught, z_known, kind, shows, known_fold, trees)
        if stage == 0:
            share = np.array([largest_share(ratio_known[kind == k, k - 1], ratio[:, k - 1], deepest=0.85)
                              for k in range(1, kinds + 1)])
            share = np.minimum((share * len(x) + prior * PRIOR_PLACES) / (len(x) + PRIOR_PLACES), limit)
            chance = _together(np.stack([scaled(np.exp(np.clip(ratio[:, k], -30, 30)), share[k])
                                         for k in range(kinds)], axis=1))
        else:
            share = _shares(ratio, prior, limit)
            chance = _posterior(ratio, share)
        right = np.clip(np.maximum(1 - chance.sum(axis=1), 0.0) ** careful, LEAST_RIGHT, 1.0)
    return _Learnt(chance, _posterior(ratio_known, share), ratio, ratio_known)


def _of_sum(odds: Array, total: float) -> Array:
    """Probabilities of log ``odds`` (n,), all raised or lowered alike, so that they sum to ``total``."""
    low, high = -40.0, 40.0
    for _ in range(50):
        middle = (low + high) / 2
        if from_odds(odds + middle).sum() < total:
            low = middle
        else:
            high = middle
    return from_odds(odds + low)


def folds_of(centres: Array, folds: int = FOLDS) -> NDArray[np.intp]:
    """Deal places (n, 2) to four or eight folds by spatial blocks, an eighth of the area wide."""
    low, high = centres.min(axis=0), centres.max(axis=0)
    block = np.floor((centres - low) / max(float((high - low).max()), 1e-9) * 7.999).astype(np.intp)
    return np.asarray((block[:, 0] + (2 if folds == FOLDS else 3) * block[:, 1]) % folds)


def corrected(probability: Array, kinds: Sequence[str], reviewed: Iterable[tuple[str, float, bool]]) -> Array:
    """Return probabilities (n,) of findings of ``kinds`` (n,) after decisions: ``reviewed`` holds kind, the
    probability that was shown, and whether the reviewer accepted. Each kind's log odds get a factor and an offset that
    stay near 1 and 0 where decisions are few; kinds without decisions stay as they are.
    """
    result = np.array(probability, np.float64)
    by_kind: dict[str, list[tuple[float, bool]]] = {}
    for kind, shown, real in reviewed:
        by_kind.setdefault(kind, []).append((shown, real))
    names = np.asarray(kinds, dtype=object)
    for kind, said in by_kind.items():
        rows = np.flatnonzero(names == kind)
        if len(rows):
            factor, offset = _fit(log_odds(np.array([p for p, _ in said])), np.array([float(r) for _, r in said]))
            result[rows] = np.clip(from_odds(factor * log_odds(result[rows]) + offset), 0.0, 0.995)
    return result


def _fit(odds: Array, real: Array) -> tuple[float, float]:
    def loss(theta: Array) -> float:
        score = theta[0] * odds + theta[1]
        held = REVIEWED_PRIOR * ((theta[0] - 1) ** 2 + 0.25 * theta[1] ** 2)
        return float(np.logaddexp(0, -np.where(real > 0.5, score, -score)).sum() + held)

    found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.2, 3.0), (-4.0, 4.0)])
    return float(found.x[0]), float(found.x[1])


def _scale(x: Array) -> tuple[Array, Array]:
    return x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)


def _bent(x: Array, middle: Array, spread: Array) -> Array:
    z = np.clip((x - middle) / spread, -4, 4)
    return np.concatenate([z, z**2], axis=1)


def _ratios(z: Array, fold: NDArray[np.intp], right: Array, taught: NDArray[np.intp], z_known: Array,
            kind: NDArray[np.intp], shows: Array, known_fold: NDArray[np.intp], trees: _Trees | None
            ) -> tuple[Array, Array]:
    """log f_kind / f_right of objects, which count as right by ``right`` (n,), and of known errors, which count by what
    each ``shows`` (m,), each asked of a fit without its own fold (with ``trees`` of two that err differently, the
    mean), then rescaled by one more fit with few parameters so that it means what it says there.
    """
    kinds = int(kind.max())
    ratio, ratio_known = np.zeros((len(z), kinds)), np.zeros((len(z_known), kinds))
    for one in np.unique(np.concatenate([fold, known_fold])):
        learn, learn_known = taught[fold[taught] != one], known_fold != one
        if not len(learn) or len(np.unique(kind[learn_known])) < kinds:
            learn, learn_known = taught, np.ones(len(z_known), bool)
        model = _regression(z[learn], right[learn], z_known[learn_known], kind[learn_known], shows[learn_known], RIDGE)
        asked, asked_known = fold == one, known_fold == one
        ratio[asked] = _against_right(model, z[asked])
        ratio_known[asked_known] = _against_right(model, z_known[asked_known])
        if trees is not None:
            told, told_known = trees.told(learn, right, learn_known, kind, shows, asked, asked_known)
            ratio[asked] = (ratio[asked] + told) / 2
            ratio_known[asked_known] = (ratio_known[asked_known] + told_known) / 2
    last = _regression(ratio[taught], right[taught], ratio_known, kind, shows, 1.0)
    return _against_right(last, ratio), _against_right(last, ratio_known)


@dataclass(frozen=True)
class _Trees:
    """What trees say of objects with looks ``x`` (n, d) and of ``known`` errors (m, d)."""

    x: Array
    known: Array
    seed: int

    def told(self, learn: NDArray[np.intp], right: Array, learn_known: NDArray[np.bool_], kind: NDArray[np.intp],
             shows: Array, asked: NDArray[np.bool_], asked_known: NDArray[np.bool_]) -> tuple[Array, Array]:
        """log f_kind / f_right of those ``asked``, from trees grown on ``learn``."""
        learn = learn[:TREES_LEARN_MAX]
        target, each = _balanced(right[learn], kind[learn_known], shows[learn_known])
        forest = ExtraTreesClassifier(TREES, min_samples_leaf=LEAF, random_state=self.seed).fit(
            np.nan_to_num(np.concatenate([self.x[learn], self.known[learn_known]])), target, sample_weight=each)
        return self._ratio(forest, self.x[asked]), self._ratio(forest, self.known[asked_known])

    def _ratio(self, forest: ExtraTreesClassifier, x: Array) -> Array:
        if not len(x):
            return np.zeros((0, len(forest.classes_) - 1))
        p = np.log(forest.predict_proba(np.nan_to_num(x)) + SELDOM)
        return np.asarray(p[:, 1:] - p[:, :1])


def _balanced(weight: Array, kind: NDArray[np.intp], shows: Array) -> tuple[NDArray[np.intp], Array]:
    """What to learn: 0 for objects of ``weight`` (n,), then the kinds of known errors of weight ``shows`` (m,); each
    kind counts alike in all.
    """
    target = np.concatenate([np.zeros(len(weight), np.intp), kind])
    each = np.concatenate([weight, shows])
    for k in np.unique(target):
        each[target == k] *= len(target) / (len(np.unique(target)) * each[target == k].sum())
    return target, each


def _regression(x: Array, weight: Array, known: Array, kind: NDArray[np.intp], shows: Array, strength: float
                ) -> LogisticRegression:
    target, each = _balanced(weight, kind, shows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(C=strength, max_iter=100).fit(np.concatenate([x, known]), target, sample_weight=each)


def _against_right(model: LogisticRegression, x: Array) -> Array:
    if not len(x):
        return np.zeros((0, len(model.classes_) - 1))
    score = model.decision_function(x)
    if score.ndim == 1:
        return np.asarray(score[:, None])
    return np.asarray(score[:, 1:] - score[:, :1])


def _posterior(ratio: Array, share: Array) -> Array:
    """P(kind | x), the kinds being those shares of the layer."""
    weighted = share * np.exp(np.clip(ratio, -30, 30))
    return np.asarray(weighted / (1 - share.sum() + weighted.sum(axis=1, keepdims=True)))


def _shares(ratio: Array, expected: Array, most: Array) -> Array:
    """The shares of the kinds that make the layer most likely, ``expected`` a prior."""
    share = expected.copy()
    for _ in range(100):
        chance = _posterior(ratio, share)
        share = np.minimum((chance.sum(axis=0) + expected * PRIOR_PLACES) / (len(ratio) + PRIOR_PLACES), most)
    return share


def _together(chance: Array) -> Array:
    total = chance.sum(axis=1, keepdims=True)
    return np.where(total > CEILING, chance * CEILING / np.maximum(total, 1e-9), chance)
