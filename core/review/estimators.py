"""Rates of a population from a probability sample, whatever the design: a ratio of two totals, with its error.

Every figure of a map's accuracy is a ratio R = Σ y / Σ x over all units: overall accuracy with y «map and reference
agree» and x = 1, a user's accuracy with x «mapped as k», a producer's with x «truly k», F1 with x the mean of both, a
class's share with y «truly k» and x = 1. Within strata totals are N · mean (Stehman 2014, International Journal of
Remote Sensing 35, 4923–4939; where the strata are the map's classes that is Olofsson et al. 2014, Remote Sensing of
Environment 148, 42–57); without, weights are 1 / chance of having been drawn (Horvitz and Thompson 1952; as a ratio
Hájek 1971) and the error is that of drawing with replacement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure with its standard error and the interval at :data:`LEVEL`; ``half_width`` is the «±» of the literature,
    1.96 standard errors. A rate's interval (``low``, ``high``) is Wilson's (1927) on as many units as a simple random
    sample would need for that error, so that it stays within 0 and 1 and holds near them.
    """

    estimate: float
    se: float
    half_width: float
    low: float
    high: float

    @classmethod
    def of_rate(cls, rate: float, se: float, units: float, level: float = LEVEL) -> Estimate:
        """From a rate, its standard error and the units behind it, which count where the error is 0: infinite where
        that is because there are no others.
        """
        z = NormalDist().inv_cdf((1 + level) / 2)
        inside = min(max(rate, 0.0), 1.0)
        count = min(inside * (1 - inside) / se**2, 1e15) if se > 0 and 0 < inside < 1 else max(units, 1.0)
        middle = (inside + z**2 / (2 * count)) / (1 + z**2 / count)
        half = z / (1 + z**2 / count) * math.sqrt(inside * (1 - inside) / count + z**2 / (4 * count**2))
        return cls(rate, se, z * se, max(middle - half, 0.0), min(middle + half, 1.0))

    def times(self, factor: float) -> Estimate:
        """The same of a total: an area from a share."""
        return Estimate(*(factor * v for v in (self.estimate, self.se, self.half_width, self.low, self.high)))


@dataclass(frozen=True)
class Sample:
    """``n`` sampled units: their stratum (n,), numbered from 0, the chance (n,) of each to have been drawn, and what a
    unit counts (n,), such as its ground area (1 where all count alike). ``size`` (strata,) is how many units a stratum
    has (infinite where nobody knows), ``total`` (strata,) what they count together. Empty ``size``: no strata; then the
    chances alone weigh.
    """

    stratum: NDArray[np.intp]
    chance: Array
    counts: Array
    size: Array
    total: Array

    @property
    def stratified(self) -> bool:
        """Whether totals of strata are known."""
        return len(self.size) > 0

    def ratio(self, y: Array, x: Array) -> Estimate | None:
        """Estimate Σ y / Σ x over the population from both (n,) at the sampled units; None where Σ x comes out as 0."""
        y, x = self.counts * y, self.counts * x
        value = self._of_strata(y, x) if self.stratified else self._of_chances(y, x)
        if value is None:
            return None
        rate, variance = value
        units = math.inf if self._is_census else float((x > 0).sum())
        return Estimate.of_rate(rate, math.sqrt(max(variance, 0.0)), units)

    @property
    def _is_census(self) -> bool:
        """Whether every unit was looked at, so that nothing is left to chance."""
        return self.stratified and bool((np.bincount(self.stratum, minlength=len(self.size)) >= self.size).all())

    def _of_strata(self, y: Array, x: Array) -> tuple[float, float] | None:
        """Totals of a stratum by the ratio to what its units count: where all count alike, N times the mean."""
        filled = [(np.flatnonzero(self.stratum == h), size, total)
                  for h, (size, total) in enumerate(zip(self.size.tolist(), self.total.tolist(), strict=True))
                  if (self.stratum == h).any()]
        scale = [total / self.counts[rows].sum() for rows, _, total in filled]
        y_sum = sum(s * y[rows].sum() for s, (rows, _, _) in zip(scale, filled, strict=True))
        x_sum = sum(s * x[rows].sum() for s, (rows, _, _) in zip(scale, filled, strict=True))
        if x_sum <= 0:
            return None
        difference = y - y_sum / x_sum * x
        variance = 0.0
        for s, (rows, size, _) in zip(scale, filled, strict=True):
            n, count = len(rows), self.counts[rows]
            if n > 1:
                residual = difference[rows] - count * (difference[rows].sum() / count.sum())
                variance += s**2 * n * max(1 - n / size, 0.0) * float((residual**2).sum()) / (n - 1)
        return float(y_sum / x_sum), variance / x_sum**2

    def _of_chances(self, y: Array, x: Array) -> tuple[float, float] | None:
        weight = 1.0 / self.chance
        x_sum = float((weight * x).sum())
        if x_sum <= 0:
            return None
        rate = float((weight * y).sum()) / x_sum
        n = len(y)
        residual = weight * (y - rate * x)
        variance = n / (n - 1) * float(((residual - residual.mean()) ** 2).sum()) / x_sum**2 if n > 1 else 0.0
        return rate, variance
