"""How probable it is that a candidate is of a kind of which only examples are known.

Features on the map are a mixture: most are real, some are not, and nobody says which. Shapes of the same kind put
where the map is silent are known not to be real. The share of the mixture that looks like the known ones follows from
the ratio of their densities: P(known kind | x) = α · f_known(x) / f_mixed(x) (Elkan and Noto 2008; the bound on α
after Scott 2015). So a probability of error comes from the user's own layer, without a single reviewed example.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

FEWEST = 20
CEILING = 0.97
BOOST = 3.0
EXTREME = 7.0
"""Log ratio of densities beyond which steps of an isotonic fit are not told apart."""
STEP = 0.5
"""Log odds within which objects are counted together."""
STRETCHES = range(4, 13)
"""So many steps make a stretch along which it is seen how fast right objects become rarer."""
SURE = 0.99
"""This quantile is the upper end of what so many objects can mean."""


def share_of_known(known: NDArray[np.float64], mixed: NDArray[np.float64], *, prior_share: float,
                   plain: NDArray[np.float64], prior_places: float = 30.0) -> NDArray[np.float64]:
    """Return P(known kind | x) for each row of ``mixed`` (m, d), given examples ``known`` (n, d) of the kind.

    ``prior_share`` is the share of the kind to expect in the mixture, worth ``prior_places`` candidates. With fewer
    than ``FEWEST`` rows on either side there is nothing to learn from, and the network's ``plain`` word (m,) stands.
    """
    if len(known) < FEWEST or len(mixed) < FEWEST:
        return np.clip(plain, 0.0, CEILING)
    score_known, score_mixed = _scores(known, mixed)
    share = largest_share(score_known, score_mixed)
    share = (share * len(mixed) + prior_share * prior_places) / (len(mixed) + prior_places)
    ratio = np.exp(np.clip(score_mixed, -30, 30))
    return scaled(ratio, share)


def scaled(ratio: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """``share`` · ratio, bounded; what the bound cuts off goes to the next likely ones, so that the sum stays that of
    the share. Nothing is raised more than ``BOOST`` times.
    """
    low, high = share, BOOST * share
    for _ in range(40):
        middle = (low + high) / 2
        if np.minimum(middle * ratio, CEILING).sum() < share * len(ratio):
            low = middle
        else:
            high = middle
    return np.minimum(low * ratio, CEILING)


def by_order(known: NDArray[np.float64], mixed: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return P(known kind | score) of ``mixed`` scores (m,), of which only the order counts, given those of examples
    (n,) and the ``share`` of the kind in the mixture: ``share`` · f_known / f_mixed, the ratio rising with the score.

    The ratio is the isotonic regression of examples against the mixture, both counting alike. Its steps are joined by
    straight lines from middle to middle, so that the order stays.
    """
    score = np.concatenate([known, mixed])
    weight = np.r_[np.full(len(known), 1 / len(known)), np.full(len(mixed), 1 / len(mixed))]
    order = np.argsort(score, kind="stable")
    score, weight = score[order], weight[order]
    is_known = (order < len(known)).astype(np.float64)
    level = IsotonicRegression().fit(score, is_known, weight).predict(score)
    step = np.concatenate([[0], np.cumsum(np.diff(level) > 1e-12)])
    mass = np.bincount(step, weight)
    middle, height = np.bincount(step, weight * score) / mass, np.bincount(step, weight * level) / mass
    bounded = np.clip(height, 1e-9, 1 - 1e-9)
    log_ratio = np.clip(np.log(bounded / (1 - bounded)), -EXTREME, EXTREME)
    return np.asarray(np.minimum(share * np.exp(np.interp(mixed, middle, log_ratio)), CEILING))


def more_than_right(odds: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how probable it is, at the least, that objects (n,) that count by ``weight`` (n,) are wrong, by how many
    look how wrong alone: ``odds`` (n,) are the log odds that a fit gives them, of which it only counts that right
    objects become rarer the higher they are, and at a pace that does not slacken. No example is asked: errors of a
    layer need not look like those.

    Of three stretches of equal length the third then holds no more right objects than the second is of the first, times
    the second. What is seen beyond that is wrong.
    """
    height = np.floor(odds / STEP).astype(np.intp)
    first = int(height.min())
    if first >= 0:  # nothing looks right
        return np.zeros(len(odds))
    count = np.asarray(np.bincount(height - first, weight), np.float64)
    peak = int(count[:-first].argmax())
    held = peak + np.flatnonzero(count[peak:])
    right = np.diff(np.cumsum(_right_at_most(count[peak:]))[held - peak], prepend=0.0)  # empty steps below are joined
    share = 1 - np.minimum(right / count[held], 1.0)
    rising = IsotonicRegression(y_max=CEILING).fit(held, share, count[held])
    middle = np.bincount(height - first, weight * odds)[held] / count[held]
    return np.asarray(np.interp(odds, middle, rising.predict(held), left=0.0))


def _right_at_most(count: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many right objects there can be at each height (k,), given the ``count`` (k,) of all objects from the most
    frequent height on. Few may be few by chance: the upper end of what they can mean binds.
    """
    most, below = np.full(len(count), count[0]), np.concatenate([[0], np.cumsum(count)])
    for long in STRETCHES:
        ends = np.arange(3 * long, len(count) + 1)
        one, two = below[ends - 2 * long] - below[ends - 3 * long], below[ends - long] - below[ends - 2 * long]
        of_both = stats.beta.ppf(SURE, two + 1, np.maximum(one, 1))
        pace = np.minimum(of_both / (1 - of_both), 1.0)
        third = stats.gamma.ppf(SURE, two + 1) * pace
        most[ends - 1] = np.minimum(most[ends - 1], third / long)
    return np.minimum.accumulate(most)


def _scores(known: NDArray[np.float64], mixed: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """log f_known / f_mixed of both, from a logistic regression with squares; the two sides count alike."""
    scaler = StandardScaler().fit(np.concatenate([known, mixed]))
    bend = PolynomialFeatures(2, include_bias=False)
    x = bend.fit_transform(np.clip(scaler.transform(np.concatenate([known, mixed])), -4, 4))
    y = np.r_[np.ones(len(known)), np.zeros(len(mixed))]
    weight = np.r_[np.full(len(known), 0.5 / len(known)), np.full(len(mixed), 0.5 / len(mixed))] * len(y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = LogisticRegression(C=5.0, max_iter=300).fit(x, y, sample_weight=weight)
    score = model.decision_function(x)
    return score[:len(known)], score[len(known):]


def largest_share(known: NDArray[np.float64], mixed: NDArray[np.float64], deepest: float = 0.5) -> float:
    """The largest share of the known kind that the mixture can hold: above every threshold there must be at least that
    share of the known ones' mass. Few candidates above a threshold may be few by chance: the upper end of what their
    number can mean binds (80 % of a Poisson's). ``deepest`` is the highest quantile of the known ones asked.
    """
    thresholds = np.quantile(known, np.linspace(0.05, deepest, 10 if deepest <= 0.5 else 14))
    above_known = np.array([(known >= t).mean() for t in thresholds])
    count = np.array([(mixed >= t).sum() for t in thresholds])
    return float(np.clip((stats.gamma.ppf(0.8, count + 1) / len(mixed) / above_known).min(), 0.0, 1.0))
