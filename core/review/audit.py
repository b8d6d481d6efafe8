"""The random audit: a probability sample of all features of the judged layers, flagged or not.

What reviewers see in order of value says nothing of the rest; error rates come from elements whose chance of being
drawn is known. What was decided one by one before a draw is in it with certainty and costs nobody a second look; the
rest is drawn with probability proportional to how unsure it is, systematically in a random order within each layer and
level (Madow 1949), so that any size of sample works and every element has a chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNFLAGGED_PROBABILITY = 0.03
"""What is assumed of the errors among features that nothing is flagged of; it only decides how many are drawn."""
LEAST_SIZE = 0.15
"""No element's size falls below this, so that no weight exceeds a few times another's."""
TINY = 10
"""Shorter queues need not hold an audit item: one would be more than the share."""


@dataclass(frozen=True)
class LayerFeatures:
    """All features of a judged layer within the judged area: their keys, as in the ledger, and boxes in its CRS."""

    layer: str
    keys: tuple[str, ...]
    boxes: tuple[tuple[float, float, float, float], ...]


def audit_size(size: int, share: float) -> int:
    """How many of ``size`` items are drawn at random: at least ``share`` of them; of a tiny queue, at most."""
    exact = round(size * share, 9)
    return int(exact) if size < TINY else int(np.ceil(exact))


def inclusion(probability: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the chance (n,) of each element to be among ``count`` drawn; they add up to ``count``, none is 0.

    ``probability`` (n,) is that of an error; sizes are its standard deviation, the best choice for a total (Neyman).
    """
    if count >= len(probability):
        return np.ones(len(probability))
    size = np.maximum(np.sqrt(probability * (1 - probability)), LEAST_SIZE)
    chance = np.zeros(len(size))
    certain = np.zeros(len(size), np.bool_)
    while True:
        rest = ~certain
        chance[rest] = (count - certain.sum()) * size[rest] / size[rest].sum()
        if not (chance[rest] > 1).any():
            break
        certain |= chance >= 1
        chance[certain] = 1.0
    return np.minimum(chance, 1.0)


def draw(chance: NDArray[np.float64], strata: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    """Return the rows drawn, systematically, in a random order within each of ``strata`` (n,)."""
    if not len(chance):
        return np.zeros(0, np.int64)
    order = np.lexsort((random.random(len(chance)), strata))
    ends = np.cumsum(chance[order])
    ticks = random.random() + np.arange(round(float(ends[-1])))
    at = np.minimum(np.searchsorted(ends, ticks, side="right"), len(order) - 1)
    return np.asarray(np.unique(order[at]), np.int64)
