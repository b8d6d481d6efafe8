"""Reliability without a master: every source's confusion matrix and the imagery's calibration, estimated together.

The truth is a hidden class. Imagery says p(class | pixels), which is calibrated by a temperature and a bias; every
other source says a class, right as often as its confusion matrix tells. Expectation maximisation alternates between
the posterior of the truth and these parameters (Dawid and Skene 1979; with a classifier as one voice, Raykar et al.
2010, JMLR 11). Dirichlet priors hold the matrices where the evidence is thin.

The imagery's network must be cross-fitted: a network that has seen a map's label is an echo of it, not a second
voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import minimize

Array = NDArray[np.float64]
FLOOR = 1e-4


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
    it.
    """

    matrix: Array
    counts: Array

    def log_likelihood(self, said: NDArray[np.floating]) -> Array:
        """log p(said | class) for statements (…, classes): one-hot, a mix, or zeros where the source is silent."""
        likelihood: Array = np.asarray(said, np.float64) @ np.log(self.matrix).T
        return likelihood

    def interval(self, level: float = 0.9) -> tuple[Array, Array]:
        """The interval of each class's accuracy, the diagonal: that of a Beta posterior over the counts."""
        right = np.diag(self.counts)
        wrong = self.counts.sum(axis=1) - right
        tail = (1 - level) / 2
        low, high = (stats.beta.ppf(q, right + 0.5, wrong + 0.5) for q in (tail, 1 - tail))
        return low, high


@dataclass(frozen=True)
class Reliabilities:
    """What :func:`estimate` found: the classes' prior, the imagery's calibration and matrix, a matrix a source."""

    prior: Array
    calibration: Calibration
    imagery: Confusion
    sources: tuple[Confusion, ...]

    def posterior(self, q: NDArray[np.floating] | None, said: Sequence[NDArray[np.floating] | None]) -> Array:
        """p(class | everything given), (…, classes). A source given as None is left out: so is leave-one-out made."""
        score = np.log(self.prior) if q is None else np.log(self.calibration(q))
        for confusion, statement in zip(self.sources, said, strict=True):
            if statement is not None:
                score = score + confusion.log_likelihood(statement)
        return _softmax(score)


def expected_accuracy(accuracy: NDArray[np.floating], strength: NDArray[np.floating] | float) -> Array:
    """A Dirichlet prior (classes, classes): class c is said right with ``accuracy[c]``, worth ``strength[c]`` places;
    all other classes are said alike.
    """
    classes = len(accuracy)
    off = (1 - np.asarray(accuracy, np.float64)) / max(classes - 1, 1)
    prior = np.tile(off[:, None], (1, classes))
    np.fill_diagonal(prior, accuracy)
    scaled: Array = prior * np.broadcast_to(strength, classes)[:, None]
    return scaled


def estimate(q: NDArray[np.floating], said: Sequence[NDArray[np.floating]], priors: Sequence[Array],
             weight: NDArray[np.floating], *, rounds: int = 25) -> Reliabilities:
    """Estimate every source's reliability from ``n`` places.

    ``q`` (n, classes): the cross-fitted network's probabilities, zeros where nothing is seen. ``said``: for every other
    source (n, classes), one-hot or a mix, zeros where silent. ``priors``: a Dirichlet prior (classes, classes) for
    each. ``weight`` (n,): how many independent places each row stands for (neighbouring pixels are not independent).
    """
    voice: Array = np.asarray(q, np.float64)
    w = np.asarray(weight, np.float64)[:, None]
    classes = voice.shape[1]
    spoken = sum((np.asarray(s, np.float64) for s in said), np.zeros_like(voice))
    heard = spoken / np.maximum(spoken.sum(axis=1, keepdims=True), 1e-9) if said else voice
    frequency = (w * heard).sum(axis=0) + 1.0
    prior = frequency / frequency.sum()
    calibration = Calibration(1.0, np.zeros(classes), prior)
    matrices = [p / p.sum(axis=1, keepdims=True) for p in priors]
    counts = [np.zeros((classes, classes)) for _ in said]
    belief = calibration(voice)
    for _ in range(rounds):
        score = np.log(calibration(voice))
        for matrix, statement in zip(matrices, said, strict=True):
            score = score + np.asarray(statement, np.float64) @ np.log(matrix).T
        belief = _softmax(score)
        prior = ((w * belief).sum(axis=0) + 1.0) / (w.sum() + classes)
        for s, statement in enumerate(said):
            counts[s] = (w * belief).T @ np.asarray(statement, np.float64)
            matrices[s] = counts[s] + priors[s]
            matrices[s] /= matrices[s].sum(axis=1, keepdims=True)
        calibration = _calibrate(voice, belief, w[:, 0], prior, calibration)
    seen = voice.sum(axis=1) > 0.5
    hard = np.eye(classes)[voice.argmax(axis=1)] * seen[:, None]
    own = (w * belief).T @ hard
    imagery = own + expected_accuracy(np.full(classes, 0.7), 2.0)
    return Reliabilities(prior, calibration, Confusion(imagery / imagery.sum(axis=1, keepdims=True), own),
                         tuple(Confusion(m, c) for m, c in zip(matrices, counts, strict=True)))


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
