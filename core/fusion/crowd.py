"""Reliability without a master: every source's confusion matrix and the imagery's calibration, estimated together.

The truth is a hidden class. Imagery says p(class | pixels), which is calibrated by a temperature and a bias; every
other source says a class, right as often as its confusion matrix tells. Expectation maximisation alternates between
the posterior of the truth and these parameters (Dawid and Skene 1979; with a classifier as one voice, Raykar et al.
2010, JMLR 11). Dirichlet priors hold the matrices where the evidence is thin.

Agreement alone cannot tell a source that is right from one that was copied. Therefore reviews correct the belief in
every round, stratum by stratum (:mod:`strata`), and a network that has learnt a layer's labels at the place that it
judges is an *echo*: with some probability it repeats the layer. Together the two then count as little more than one
source. How much of an echo it is cannot be seen from agreement; where reviews find the layer wrong, it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from .assumed import expected_accuracy, pooled, rows
from .strata import Reviews, Strata

Array = NDArray[np.float64]
FLOOR = 1e-4
LEVEL = 0.9
"""Of all intervals."""
DRAWS = (50, 200)
MOST_DRAWN = 4_000_000
"""Intervals come from so many draws, fewer where there are many strata."""
COARSE_N, FINE_N = 4.0, 6.0
"""Without reviews, agreement says as much of a coarse, then of a fine stratum as this many reviews would."""
ROOM = 0.2
"""Reviews, in all classes together, that are added where none was found: less than Jeffreys's prior has, which would
make accurate sources of many classes look worse than they are.
"""
SHRINK = 50.0
"""Independent places that the whole's matrix counts for in a region's."""
ECHO_PLACES = 10.0
"""The assumed share of echo counts for this many reviewed places where the layer is wrong."""
ECHOES = np.linspace(0.0, 0.98, 50)


@dataclass(frozen=True)
class Calibration:
    """Turns a network's probabilities q into p ∝ q^``power`` · exp(``bias``), mixed with ``doubt`` of the prior."""

    power: float
    bias: Array
    prior: Array
    doubt: float = 0.01

    def __call__(self, q: NDArray[np.floating]) -> Array:
        """Calibrated probabilities for q (…, classes); rows of zeros or NaN (nothing seen) get the prior."""
        q = np.asarray(q, np.float64)
        seen = np.nan_to_num(q).sum(axis=-1, keepdims=True) > 0.5
        score = self.power * np.log(np.where(seen, np.nan_to_num(q), 1.0) + FLOOR) + self.bias
        p = _softmax(score)
        return np.where(seen, (1 - self.doubt) * p + self.doubt * self.prior, self.prior)


@dataclass(frozen=True)
class Confusion:
    """How a source errs: ``matrix[c, j]`` = p(source says j | truth is c); ``counts`` (c, j) are the places behind
    it, ``reviews`` how many decisions. ``low``, ``high`` (classes,) is the interval of each class's accuracy, the
    diagonal. ``regions`` holds the same by region, shrunken to the whole.
    """

    matrix: Array
    counts: Array
    low: Array
    high: Array
    reviews: float = 0.0
    regions: Mapping[int, Confusion] = field(default_factory=dict)

    def log_likelihood(self, said: NDArray[np.floating], region: NDArray[np.integer] | None = None) -> Array:
        """log p(said | class) for statements (…, classes): one-hot, a mix, or zeros where the source is silent;
        ``region`` (…) is where each is said (None: by the matrix of the whole).
        """
        statement = np.asarray(said, np.float64)
        likelihood: Array = statement @ np.log(self.matrix).T
        for number in np.unique(region).tolist() if region is not None and self.regions else ():
            own = self.regions.get(number)
            if own is not None:
                here = region == number
                likelihood[here] = statement[here] @ np.log(own.matrix).T
        return likelihood


@dataclass(frozen=True)
class Reliabilities:
    """What :func:`estimate` found: the classes' prior, the imagery's calibration and matrix, a matrix a source, and for
    each source the share of places where the network only repeats it. ``belief`` (n, classes) is that of the places.
    """

    prior: Array
    calibration: Calibration
    imagery: Confusion
    sources: tuple[Confusion, ...]
    echo: Array
    belief: Array = field(repr=False)

    def posterior(self, q: NDArray[np.floating] | None, said: Sequence[NDArray[np.floating] | None],
                  region: NDArray[np.integer] | None = None) -> Array:
        """p(class | everything given), (…, classes). A source given as None is left out: so is leave-one-out made.
        ``region`` (…) tells where each place lies.
        """
        score = np.log(self.prior) if q is None else _heard(self.calibration(q), self.prior, self.echo, said)
        for confusion, statement in zip(self.sources, said, strict=True):
            if statement is not None:
                score = score + confusion.log_likelihood(statement, region)
        return _softmax(score)


@dataclass(frozen=True)
class Places:
    """``n`` places: ``q`` (n, classes) are the network's probabilities, zeros where nothing is seen; ``said`` for every
    other source (n, classes), one-hot or a mix, zeros where silent; ``weight`` (n,) how many independent places each
    row stands for (neighbouring pixels are not independent). ``region`` (n,) numbers where they lie, ``possible``
    (n, classes) is what a decision leaves possible at a place; None: one region, nothing decided. ``quiet`` is the
    class that layers mean where they show nothing, −1 if there is none.
    """

    q: NDArray[np.floating]
    said: tuple[NDArray[np.floating], ...]
    weight: NDArray[np.floating]
    region: NDArray[np.intp] | None = None
    possible: NDArray[np.bool_] | None = None
    quiet: int = -1


def estimate(q: NDArray[np.floating], said: Sequence[NDArray[np.floating]], priors: Sequence[Array],
             weight: NDArray[np.floating], *, rounds: int = 25) -> Reliabilities:
    """Estimate every source's reliability from ``n`` places by agreement alone; see :class:`Places` for ``q``, ``said``
    and ``weight``. ``priors``: a Dirichlet prior (classes, classes) for each source.
    """
    return estimate_reviewed(Places(q, tuple(said), weight), priors, rounds=rounds)


def estimate_reviewed(places: Places, priors: Sequence[Array], reviews: Reviews | None = None,
                      echo: Sequence[float] | None = None, *, rounds: int = 25, seed: int = 0) -> Reliabilities:
    """Estimate every source's reliability from the agreement at places and from reviewed ones.

    ``priors``: a Dirichlet prior (classes, classes) for each source; it gives way as reviews come in (:func:`pooled`).
    ``echo``: for each source the assumed share of places where the network repeats it, 0 for one that it never learnt
    from.
    """
    n, classes = np.asarray(places.q).shape
    looked = reviews or Reviews.none(classes, len(places.said))
    q = np.concatenate([np.asarray(places.q, np.float64), looked.q])
    said = tuple(np.concatenate([np.asarray(s, np.float64), r]) for s, r in zip(places.said, looked.said, strict=True))
    own = np.zeros(n, np.intp) if places.region is None else places.region
    undecided = np.ones((n, classes), bool) if places.possible is None else places.possible
    region, possible = np.concatenate([own, looked.region]), np.concatenate([undecided, looked.possible])
    strata = Strata.of((q, *said), region, looked, places.quiet)
    w = np.concatenate([np.asarray(places.weight, np.float64), np.zeros(len(looked.q))])
    heard = sum((w[:, None] * s for s in said), np.zeros_like(q)) if said else w[:, None] * q
    frequency = heard.sum(axis=0) + 1.0
    prior = frequency / frequency.sum()
    calibration = Calibration(1.0, np.zeros(classes), prior)
    matrices = [p / p.sum(axis=1, keepdims=True) for p in priors]
    shares = np.asarray(echo if echo is not None else np.zeros(len(said)), np.float64)
    expected = shares.copy()
    belief = calibration(q)
    for _ in range(rounds):
        voice = calibration(q)
        score = _heard(voice, prior, shares, said)
        for matrix, statement in zip(matrices, said, strict=True):
            score = score + statement @ np.log(matrix).T
        belief = strata.corrected(_softmax(score), possible, looked)
        prior = ((w[:, None] * belief).sum(axis=0) + 1.0) / (w.sum() + classes)
        assumed = [pooled(p, (w[:, None] * belief).T @ s, _reviews_of(s, belief, n, looked), places.quiet)
                   for s, p in zip(said, priors, strict=True)]
        matrices = [rows((w[:, None] * belief).T @ s + one.share[:, None] * one.prior)
                    for s, one in zip(said, assumed, strict=True)]
        calibration = _calibrate(q, belief, w, prior, calibration)
        shares = _echoes(voice / prior, said, belief, n, looked, expected)
    spread = _Spread(strata, belief, w, np.random.default_rng(seed))
    seen = (q.sum(axis=1) > 0.5) & _not_alone(said, possible)
    shown = np.eye(classes)[q.argmax(axis=1)] * seen[:, None]
    weak = expected_accuracy(np.full(classes, 0.7), 2.0)
    imagery = spread.confusion(shown, weak, region, _reviews_where(shown, n, looked))
    sources = tuple(spread.confusion(s, one.held((w[:, None] * belief).T @ s), region, _reviews_where(s, n, looked))
                    for s, one in zip(said, assumed, strict=True))
    return Reliabilities(prior, calibration, imagery, sources, shares, belief[:n])


@dataclass(frozen=True)
class _Spread:
    """From belief to confusion matrices, and how far both can be off."""

    strata: Strata
    belief: Array
    weight: Array
    random: np.random.Generator

    def confusion(self, said: Array, assumed: Array, region: NDArray[np.intp], reviews: float) -> Confusion:
        """The matrix of a source that says ``said`` (n, classes); ``assumed`` (classes, classes) are places too."""
        whole = self._of(said, assumed, self.weight, reviews)
        if region.max(initial=0) == 0:
            return whole
        regions = {}
        for number in np.unique(region[self.weight > 0]).tolist():
            here = np.where(region == number, self.weight, 0.0)
            regions[number] = self._of(said, SHRINK * whole.matrix, here, reviews)
        return replace(whole, regions=regions)

    def _of(self, said: Array, assumed: Array, weight: Array, reviews: float) -> Confusion:
        counts = (weight[:, None] * self.belief).T @ said
        low, high = self._interval(said, assumed, weight)
        return Confusion(rows(counts + assumed), counts, low, high, reviews)

    def _interval(self, said: Array, assumed: Array, weight: Array) -> tuple[Array, Array]:
        """Draw what the belief of each stratum may be, and the accuracies that follow."""
        classes, fine = self.belief.shape[1], self.strata.fine
        strata = len(self.strata.coarse_of)
        right, all_ = np.zeros((strata, classes)), np.zeros((strata, classes))
        spoken = said.sum(axis=1)
        for c in range(classes):
            right[:, c] = np.bincount(fine, weight * self.belief[:, c] * said[:, c], strata)
            all_[:, c] = np.bincount(fine, weight * self.belief[:, c] * spoken, strata)
        drawn = np.einsum("dhc,hc->dc", self.factors, right) / np.maximum(
            np.einsum("dhc,hc->dc", self.factors, all_), 1e-12)
        found, count = all_.sum(axis=0), all_.sum(axis=0) + assumed.sum(axis=1)
        point = np.diag(rows((weight[:, None] * self.belief).T @ said + assumed))
        # What is assumed moves the estimate and makes it no surer.
        off = np.where(found > 0, drawn - right.sum(axis=0) / np.maximum(found, 1e-12), 0.0)
        accuracy, count = np.clip(point + off, 0.0, 1.0), np.maximum(count, 1.0)
        drawn = self.random.beta(accuracy * count + 1e-3, (1 - accuracy) * count + 1e-3)
        low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        return low, high

    @cached_property
    def factors(self) -> Array:
        """By what the belief of the fine strata may be multiplied (draws, strata, classes): gamma draws around it, as
        wide as the reviews behind the coarse stratum, and then behind the fine one, leave them.
        """
        classes = self.belief.shape[1]
        strata = len(self.strata.coarse_of)
        mass = np.stack([np.bincount(self.strata.fine, self.weight * self.belief[:, c], strata)
                         for c in range(classes)], axis=1)
        roles = self.strata.roles
        mass = np.take_along_axis(mass, roles, axis=1)
        coarse = np.zeros((len(self.strata.n_coarse), classes))
        np.add.at(coarse, self.strata.coarse_of, mass)
        m_coarse, m_fine = _shares(coarse), _shares(np.asarray(mass, np.float64))
        n = self.strata.n_coarse
        draws = int(np.clip(MOST_DRAWN // max(m_fine.size, 1), *DRAWS))
        lift = self._gamma(np.broadcast_to((COARSE_N + n)[:, None] * m_coarse, (draws, *m_coarse.shape)), n, COARSE_N)
        up = _shares(lift) / np.maximum(m_coarse, 1e-12)
        lifted = _shares(np.asarray(m_fine * up[:, self.strata.coarse_of]))
        down = self._gamma(FINE_N * lifted + self.strata.n_fine[:, None] * m_fine, self.strata.n_fine, FINE_N)
        factor = _shares(down) / np.maximum(m_fine, 1e-12)
        return np.take_along_axis(factor, np.argsort(roles, axis=1)[None], axis=2)

    def _gamma(self, shape: Array, reviews: Array, prior: float) -> Array:
        """Draws (draws, strata, classes) whose shares are Dirichlet; where something was reviewed, «nothing was found»
        leaves some room for what was not seen.
        """
        room = ROOM * reviews / (reviews + prior) / shape.shape[-1]
        return np.asarray(self.random.standard_gamma(np.maximum(shape + room[:, None], 1e-4)))


def _not_alone(said: Sequence[Array], possible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Places where a layer or a reviewer says something, too: elsewhere the network would be judged by itself. All
    places where there is none.
    """
    told = np.any([~possible.all(axis=1), *(s.sum(axis=1) > 0.5 for s in said)], axis=0)
    return np.asarray(told if told.any() else np.ones(len(told), bool))


def _shares(values: Array) -> Array:
    return np.asarray(values / np.maximum(values.sum(axis=-1, keepdims=True), 1e-300))


def _reviews_where(said: Array, first: int, reviews: Reviews) -> float:
    """How many decisions fell where a source speaks."""
    spoken = said[first:].sum(axis=1) > 0.5
    return float(len(np.unique(reviews.decision[spoken])))


def _reviews_of(said: Array, belief: Array, first: int, reviews: Reviews) -> Array:
    """How many decisions found a place of each class (classes,) where a source speaks, as is believed after them."""
    spoken = said[first:].sum(axis=1) > 0.5
    return np.asarray((reviews.share * spoken) @ belief[first:])


def _heard(voice: Array, prior: Array, echo: Array, said: Sequence[NDArray[np.floating] | None]) -> Array:
    """The log score (…, classes) of the network's calibrated voice beside the layers that it may repeat.

    p(q | t, m) / p(q) is taken as ``echo`` · r(m) + (1 − echo) · r(t), with r = voice / prior: where the network says
    what the layer says, that speaks for the layer's class no more than 1 / echo to 1.
    """
    if not echo.any() or all(s is None for s in said):
        return np.asarray(np.log(voice))
    ratio = voice / prior
    repeated, left = np.zeros(voice.shape[:-1]), np.ones(voice.shape[:-1])
    for share, statement in zip(echo.tolist(), said, strict=True):
        if share and statement is not None:
            statement = np.asarray(statement, np.float64)
            repeated = repeated + share * (statement * ratio).sum(axis=-1)
            left = left - share * statement.sum(axis=-1)
    return np.asarray(np.log(prior) + np.log(repeated[..., None] + np.maximum(left, 0.02)[..., None] * ratio))


def _echoes(ratio: Array, said: Sequence[Array], belief: Array, first: int, reviews: Reviews,
            expected: Array) -> Array:
    """How often the network repeats each layer, from reviewed places where the layer is wrong; most probable value
    under a Beta prior around what was assumed. A layer that was assumed to be none stays none.
    """
    found = expected.copy()
    if not len(reviews):
        return found
    truth = belief[first:]
    for s in np.flatnonzero(expected > 0).tolist():
        m = said[s][first:]
        wrong = reviews.share * np.clip(m.sum(axis=1) - (m * truth).sum(axis=1), 0.0, 1.0)
        repeated = (m * ratio[first:]).sum(axis=1)
        true = (truth * ratio[first:]).sum(axis=1)
        fit = (wrong[:, None] * np.log(ECHOES * repeated[:, None] + (1 - ECHOES) * true[:, None] + 1e-9)).sum(axis=0)
        fit += ECHO_PLACES * (expected[s] * np.log(ECHOES + 0.01) + (1 - expected[s]) * np.log(1.01 - ECHOES))
        found[s] = ECHOES[int(fit.argmax())]
    return np.asarray(found * min(1.0, 0.98 / max(float(found.sum()), 1e-9)))


def _calibrate(q: Array, belief: Array, weight: Array, prior: Array, start: Calibration) -> Calibration:
    """Fit power and bias to the believed truth: maximum likelihood, held near 1 and 0 by Gaussian priors."""
    seen = q.sum(axis=1) > 0.5
    log_q, target, w = np.log(q[seen] + FLOOR), belief[seen], weight[seen][:, None]
    if not seen.any():
        return Calibration(1.0, np.zeros(q.shape[1]), prior)

    def loss(theta: Array) -> tuple[float, Array]:
        power, bias = theta[0], theta[1:]
        p = _softmax(power * log_q + bias)
        value = -(w * target * np.log(p + 1e-12)).sum() + 2.0 * (power - 1) ** 2 + 0.5 * (bias**2).sum()
        residual = w * (p - target)
        return float(value), np.concatenate([[(residual * log_q).sum() + 4.0 * (power - 1)],
                                             residual.sum(axis=0) + bias])

    found = minimize(loss, np.concatenate([[start.power], start.bias]), jac=True, method="L-BFGS-B",
                     bounds=[(0.1, 3.0)] + [(-3.0, 3.0)] * q.shape[1], options={"maxiter": 15})
    return Calibration(float(found.x[0]), found.x[1:], prior)


def _softmax(score: Array) -> Array:
    score = score - score.max(axis=-1, keepdims=True)
    e = np.exp(score)
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p
