"""How a number came to be: as it should, by a slip of the pen, or as another feature's.

Numbers that are right lie around what is expected of them, with long tails (Student's t). A slip is a digit too many or
too few, a comma in another place, or feet for metres: what is there would fit after that is taken back. A number may
also belong to another feature, or to nothing at all. How frequent each is, and how wide right numbers are spread, is
what makes the layer's numbers most likely (expectation and maximisation, Dempster et al. 1977), with a few numbers'
worth of what is usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .foretold import Numbers

FACTORS = ((10.0, 0.3), (0.1, 0.3), (100.0, 0.1), (0.01, 0.1), (1000.0, 0.05), (0.001, 0.05), (3.2808, 0.05),
           (0.3048, 0.05))
"""What a slip multiplies a number by, and the share of slips that do."""
USUAL = np.array([0.01, 0.01, 0.002])
"""The shares to expect of slips, others' numbers, and numbers that are nobody's."""
USUAL_PLACES, MOST = 60.0, 0.1
"""Features that the expected shares are worth, and the largest that each may come out at."""
FREEDOMS, WIDTHS = (4.0, 6.0, 10.0, 30.0), np.geomspace(0.2, 4.0, 16)
"""The tails and widths that right numbers may have."""
WIDE = 2.0
"""Numbers that are nobody's are spread this much wider than all numbers are, with hardly any end."""
ENDLESS, LEAST = 1.5, 1e-300
OTHERS, FIT_MAX = 200, 3000
"""So many other features' numbers are compared with, and so many numbers say how wide right ones are spread."""
TURNS, STILL = 60, 1e-5

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Origin:
    """How probable it is that numbers are slips, another feature's, and nobody's, (n,) each; ``before`` (n,) is what a
    slip most probably made the number of, NaN where that cannot be told.
    """

    slip: Array
    other: Array
    nobody: Array
    before: Array


def origin(numbers: Numbers, seed: int, others: bool = True) -> Origin:
    """Tell how numbers came to be; ``others``: whether they may be another feature's."""
    order = np.random.default_rng([seed, 8]).permutation(len(numbers.y))
    usual = USUAL if others else USUAL * [1, 0, 1]
    asked = _Asked(numbers, order[:OTHERS], order[:FIT_MAX])
    freedom, width, share = max((asked.fitted(freedom, width, usual) for freedom in FREEDOMS for width in WIDTHS),
                                key=lambda found: found[0])[1]
    every = _Asked(numbers, order[:OTHERS], np.arange(len(order)))
    chance = _parts(every.densities(freedom, width, others), share)
    return Origin(chance[:, 1], chance[:, 2], chance[:, 3], every.before(freedom, width))


@dataclass(frozen=True)
class _Asked:
    """The numbers in ``rows`` (m,), beside those of other features, ``drawn`` (k,)."""

    numbers: Numbers
    drawn: NDArray[np.intp]
    rows: NDArray[np.intp]

    def fitted(self, freedom: float, width: float, usual: Array) -> tuple[float, tuple[float, float, Array]]:
        """How likely the numbers are at best if right ones have such tails and are so wide, and with which shares."""
        each = self.densities(freedom, width, usual[1] > 0)
        expected = np.concatenate([[1 - usual.sum()], usual])
        share = expected
        for _ in range(TURNS):
            after = (_parts(each, share).sum(axis=0) + expected * USUAL_PLACES) / (len(each) + USUAL_PLACES)
            after[1:] = np.minimum(after[1:], MOST)
            after[0] = 1 - after[1:].sum()
            moved, share = float(np.abs(after - share).max()), after
            if moved < STILL:
                break
        held = expected > 0
        likelihood = np.log(each @ share).sum() + USUAL_PLACES * (expected[held] * np.log(share[held])).sum()
        return float(likelihood), (freedom, width, share)

    def densities(self, freedom: float, width: float, others: bool) -> Array:
        """How dense right numbers, slips, another feature's and nobody's lie at each number (m, 4)."""
        y, all_y = self.numbers.y[self.rows], self.numbers.y
        wide = WIDE * max(float(all_y.std()), 1e-12)
        right = self._right(y, freedom, width)
        slips = self._slips(freedom, width)
        another = self._anothers(y, freedom, width) if others else np.zeros(len(y))
        nobody = _density((y - np.median(all_y)) / wide, ENDLESS) / wide
        return np.asarray(np.maximum(np.stack([right, slips.sum(axis=0), another, nobody], axis=1), LEAST))

    def before(self, freedom: float, width: float) -> Array:
        """What a slip most probably made each number of (m,)."""
        slips, now = self._slips(freedom, width), self.numbers.number(self.numbers.y[self.rows])
        if not len(slips):
            return np.full(len(now), np.nan)
        factor = np.array([factor for factor, _ in _factors(self.numbers)])[slips.argmax(axis=0)]
        # Which digit lacks is not known.
        return np.asarray(np.where(self.numbers.whole & (factor < 1), np.nan, now / factor))

    def _right(self, y: Array, freedom: float, width: float) -> Array:
        spread = width * self.numbers.spread[self.rows]
        return _density((y - self.numbers.expected[self.rows]) / spread, freedom) / spread

    def _slips(self, freedom: float, width: float) -> Array:
        """How dense numbers lie (ways, m) after each slip that there is."""
        now = self.numbers.number(self.numbers.y[self.rows])
        result = np.zeros((len(_factors(self.numbers)), len(now)))
        for at, (factor, share) in enumerate(_factors(self.numbers)):
            made, can = now / factor, np.ones(len(now), bool)
            if self.numbers.whole and factor > 1:
                can = (made >= 1) & (np.abs(made - np.round(made)) < 1e-6)
            elif self.numbers.whole:
                made = made + (1 / factor - 1) / 2  # the middle of what the lacking digits may be
            steep = share if self.numbers.logarithmic else share / factor
            result[at] = steep * can * self._right(self.numbers.looked_at(made), freedom, width)
        return result

    def _anothers(self, y: Array, freedom: float, width: float) -> Array:
        spread = width * self.numbers.spread[self.drawn]
        expected = self.numbers.expected[self.drawn]
        return np.concatenate([(_density((some[:, None] - expected) / spread, freedom) / spread).mean(axis=1)
                               for some in np.array_split(y, len(y) // FIT_MAX + 1)])


def _factors(numbers: Numbers) -> list[tuple[float, float]]:
    """The slips that positive numbers can have: whole ones are not converted."""
    if not (numbers.number(numbers.y) > 0).all():
        return []
    return [(factor, share) for factor, share in FACTORS if not numbers.whole or max(factor, 1 / factor) >= 10]


def _parts(each: Array, share: Array) -> Array:
    """Which part each origin has in each number (n, 4), given how dense they lie there."""
    weighted = each * share
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True))


def _density(z: Array, freedom: float) -> Array:
    """Student's t."""
    height = np.exp(gammaln((freedom + 1) / 2) - gammaln(freedom / 2)) / np.sqrt(freedom * np.pi)
    return np.asarray(height * (1 + z * z / freedom) ** (-(freedom + 1) / 2))
