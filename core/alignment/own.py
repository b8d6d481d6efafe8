"""The shift of each feature: its neighbours' where nothing speaks against it, its own where the imagery insists.

Every surface is read as a likelihood, exp(β · contrast) over the shifts within reach. A feature lies at the field with
a spread, or anywhere within reach. How far the surfaces can be trusted (β), the spread, and how many features lie
elsewhere are estimated from the layer itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..crew import in_threads
from ..feedback import Feedback
from .surfaces import Surfaces

TRUSTS = tuple(2.0 ** (half / 2) for half in range(17))
SPREADS_PX = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
TAIL, TAIL_WIDTH = 0.2, 4.0
ELSEWHERE_START, ELSEWHERE_PRIOR = 0.1, (1.0, 9.0)
"""A feature is taken to lie elsewhere with odds of 1 to 9 before the layer is looked at, as if ten had been seen."""
LEARN_MAX = 1000
LEAST_MASS = np.float32(1e-30)
CHUNK = 64
"""So many features at once: their surfaces stay in the processor's cache."""
NEAR_PX = 2.5
"""A shift is confirmed by what the surface says within this many pixels of it."""
CAUTION = 0.6
"""Pixels beside each other err together: surfaces are trusted this share of what they seem to deserve."""


Array = NDArray[np.float32]


@dataclass(frozen=True)
class Trust:
    """How far surfaces speak: ``beta`` (nats a unit of contrast), ``spread_px`` of features about the field, and the
    share of features that lie ``elsewhere``.
    """

    beta: float
    spread_px: float
    elsewhere: float

    @property
    def usual_odds(self) -> float:
        """Log odds that a feature lies elsewhere of which nothing is known."""
        share = float(np.clip(self.elsewhere, 1e-3, 1 - 1e-3))
        return float(np.log(share / (1 - share)))


@dataclass(frozen=True)
class Own:
    """For n features: ``shift`` (n, 2) in pixels, ``confidence`` (n,) that it is right to about ``NEAR_PX``,
    ``leaves`` (n,) whether the feature leaves its neighbours, ``alone`` (n,) the probability that it lies elsewhere,
    ``alone_odds`` (n,) the same as log odds, which tell the surest ones apart, ``contrast`` (n,) at the shift,
    ``before`` (n,) at no shift, ``margin`` (n,) over the best place elsewhere. ``elsewhere`` (n, 2) is the likeliest
    place apart from the neighbours, ``elsewhere_mass`` (n,) its probability.
    """

    shift: NDArray[np.float64]
    confidence: NDArray[np.float64]
    leaves: NDArray[np.bool_]
    alone: NDArray[np.float64]
    alone_odds: NDArray[np.float64]
    contrast: NDArray[np.float64]
    before: NDArray[np.float64]
    margin: NDArray[np.float64]
    elsewhere: NDArray[np.float64]
    elsewhere_mass: NDArray[np.float64]


def learn(surfaces: Surfaces, rows: NDArray[np.intp], field: NDArray[np.float64], seed: int,
          feedback: Feedback) -> Trust:
    """Estimate how far surfaces of ``rows`` can be trusted, given the field (rows, 2) there, by maximum likelihood."""
    if not len(rows):
        return Trust(TRUSTS[0], SPREADS_PX[-1], 0.0)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(rows))[:LEARN_MAX])
    bayes = np.zeros((len(TRUSTS), len(SPREADS_PX), len(chosen)))

    def weigh(start: int) -> None:
        some = chosen[start:start + CHUNK]
        values, held = _values(surfaces, rows[some])
        away = _away(surfaces.reach, field[some])
        priors = np.stack([_normal(away, spread, held) for spread in SPREADS_PX], axis=1)
        for at, beta in enumerate(TRUSTS):
            factors = priors @ _likelihood(values, held, beta)[:, :, None]
            bayes[at, :, start:start + len(some)] = factors[:, :, 0].T

    for _ in in_threads(weigh, range(0, len(chosen), CHUNK)):
        feedback.check()
    best, found = -np.inf, Trust(TRUSTS[0], SPREADS_PX[0], ELSEWHERE_START)
    for at, beta in enumerate(TRUSTS):
        for spread, factor in zip(SPREADS_PX, bayes[at], strict=True):
            share = ELSEWHERE_START
            for _ in range(30):
                elsewhere = share / (share + (1 - share) * factor)
                share = (elsewhere.sum() + ELSEWHERE_PRIOR[0]) / (len(factor) + sum(ELSEWHERE_PRIOR))
            score = float(np.log(share + (1 - share) * factor).sum() + ELSEWHERE_PRIOR[0] * np.log(share)
                          + ELSEWHERE_PRIOR[1] * np.log(1 - share))
            if score > best:
                best, found = score, Trust(beta, spread, share)
    return Trust(CAUTION * found.beta, found.spread_px, found.elsewhere)


def place(surfaces: Surfaces, rows: NDArray[np.intp], field: NDArray[np.float64], trust: Trust, *, least: float,
          feedback: Feedback) -> Own:
    """Place each of ``rows`` by its surface and the field (rows, 2) there.

    It leaves the field only for a place that holds at least the share ``least`` of all probability.
    """
    n = len(rows)
    flat = [np.zeros(n) for _ in range(6)]
    own = Own(np.zeros((n, 2)), flat[0], np.zeros(n, bool), flat[1], flat[2], flat[3], flat[4], flat[5],
              np.zeros((n, 2)), np.zeros(n))
    reach = surfaces.reach

    def settle(start: int) -> int:
        part = slice(start, min(start + CHUNK, n))
        _place(*_values(surfaces, rows[part]), field[part], trust, least, reach, own, part)
        return part.stop

    for done in in_threads(settle, range(0, n, CHUNK)):
        feedback.check()
        feedback.progress(done / n)
    return own


def _place(values: Array, held: NDArray[np.bool_], field: NDArray[np.float64], trust: Trust, least: float,
           reach: int, own: Own, part: slice) -> None:
    n = len(values)
    steps = _steps(reach)
    likelihood = _likelihood(values, held, trust.beta)
    with_field = _normal(_away(reach, field), trust.spread_px, held) * likelihood
    with_field *= np.float32(1 - trust.elsewhere)
    anywhere = likelihood * (trust.elsewhere / np.maximum(held.sum(axis=1, keepdims=True), 1)).astype(np.float32)
    both = with_field + anywhere
    total = np.maximum(both.sum(axis=1, keepdims=True), LEAST_MASS)
    for mass in (with_field, anywhere, both):
        mass /= total
    alone = anywhere.sum(axis=1)
    near_field = with_field.sum(axis=1, keepdims=True)
    shared = np.where(near_field > 1e-12, (with_field @ steps) / np.maximum(near_field, 1e-12), field)
    top = steps[np.where(held, anywhere, -1).argmax(axis=1)]
    around = _away(reach, top) <= NEAR_PX**2
    local = anywhere * around
    held_there = local.sum(axis=1, keepdims=True)
    middle = (local @ steps) / np.maximum(held_there, LEAST_MASS)
    leaves = ((both * around).sum(axis=1) >= least) & (alone > 0.5)
    shift = np.where(leaves[:, None], middle, shared)
    away = _away(reach, shift)
    each, at, still = np.arange(n), away.argmin(axis=1), np.flatnonzero(~steps.any(axis=1))[0]
    second = np.where(held & (away > (2 * NEAR_PX) ** 2), values, -np.inf).max(axis=1)
    own.shift[part], own.leaves[part], own.alone[part] = shift, leaves, alone
    own.alone_odds[part] = np.log(np.maximum(alone, LEAST_MASS) / np.maximum(near_field[:, 0], LEAST_MASS))
    own.elsewhere[part], own.elsewhere_mass[part] = middle, held_there[:, 0]
    own.confidence[part] = np.clip((both * (away <= NEAR_PX**2)).sum(axis=1), 0, 1)
    own.contrast[part], own.before[part] = values[each, at], values[:, still]
    own.margin[part] = np.where(np.isfinite(second), values[each, at] - second, 0.0)


def _values(surfaces: Surfaces, rows: NDArray[np.intp]) -> tuple[Array, NDArray[np.bool_]]:
    """Contrasts (n, shifts) at the shifts of :func:`_steps`, NaN as 0, and which are known."""
    down, right = _disc(surfaces.reach)
    values = surfaces.of(rows)[:, down, right]
    held = ~np.isnan(values)
    values[~held] = 0
    return values, held


@lru_cache(maxsize=8)
def _disc(reach: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of a surface that lie within reach: a disc, so that no direction is apart."""
    down, right = np.mgrid[-reach:reach + 1, -reach:reach + 1]
    row, column = np.nonzero(down**2 + right**2 <= reach**2)
    return row, column


def _steps(reach: int) -> Array:
    """The shifts within reach (shifts, 2), columns then rows."""
    row, column = _disc(reach)
    return np.stack([column, row], axis=1).astype(np.float32) - reach


def _away(reach: int, shift: NDArray[np.floating]) -> Array:
    """Squared distances (n, shifts) of all shifts from one each (n, 2)."""
    steps, shift = _steps(reach), shift.astype(np.float32)
    return np.asarray((steps[:, 0] - shift[:, :1]) ** 2 + (steps[:, 1] - shift[:, 1:]) ** 2)


def _normal(away: Array, spread: float, held: NDArray[np.bool_]) -> Array:
    """A prior about the field with a far tail: where the field bends its error is larger than elsewhere."""
    total = np.zeros_like(away)
    for share, width in ((1 - TAIL, spread), (TAIL, TAIL_WIDTH * spread)):
        part = np.exp(away * np.float32(-0.5 / width**2)) * held
        part *= np.float32(share) / np.maximum(part.sum(axis=1, keepdims=True), LEAST_MASS)
        total += part
    return total


def _likelihood(values: Array, held: NDArray[np.bool_], beta: float) -> Array:
    """exp(β · contrast), its mean over what is held being 1."""
    highest = np.where(held, values, -np.inf).max(axis=1, keepdims=True, initial=-1e9)
    raised = np.exp(np.minimum(np.float32(beta) * (values - highest), 0)) * held
    number = held.sum(axis=1, keepdims=True, dtype=values.dtype)
    return np.asarray(raised * (number / np.maximum(raised.sum(axis=1, keepdims=True), LEAST_MASS)))
