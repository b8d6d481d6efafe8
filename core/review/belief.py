"""How probably each open discrepancy is real, after what reviewers said of others like it.

Every step goes on from the one before: the calibrated probability, corrected by what was decided of its kind, then of
its kind in its layer at its level of probability, then of its kind in its layer and region. A group's correction is a
shift in log odds, drawn around 0; how far groups lie apart is learnt from the decisions themselves (empirical Bayes,
Morris 1983): where probabilities mean what they say nothing is moved by chance, where a kind is far off little is
needed to tell. From the last step one value is drawn for each (Thompson 1933), calmed, so that what is little known is
tried; the more is known, the narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_EDGES = (0.2, 0.4, 0.6, 0.8)
REGION_M = 1000.0
"""The side of the ground squares within which errors are taken to be alike."""
SPREADS = np.array([0.05, 0.15, 0.3, 0.5, 0.8, 1.2, 1.8])
"""How far the groups of a step may lie apart, as a standard deviation in log odds."""
USUAL_SPREAD = 0.5
"""What is assumed of it before anything was decided: less than this is likelier, more than twice this hardly."""
NEWTON = 15
CALM = 100.0
"""Draws are as narrow as if everything had been seen this many times as often. The audit tries what is little known
already; wider draws cost more fixes than they found (``benchmarks/review_order.py``).
"""
FORGETTING = 0.98
"""What a decision keeps of its weight with each round: the model and the layers move on."""
BULK_WEIGHT = 0.25
"""A decision in bulk was seldom looked at one by one."""


@dataclass(frozen=True)
class Cases:
    """Discrepancies, one row each. ``outcome`` is 1 accepted, 0 rejected, 0.5 accepted and then undone, NaN open.

    ``weight`` is what a decision counts. ``kind``, ``cell`` (kind, source, layer, level of probability) and ``local``
    (kind, source, layer, region) are group numbers from 0 on.
    """

    probability: NDArray[np.float64]
    outcome: NDArray[np.float64]
    weight: NDArray[np.float64]
    kind: NDArray[np.int64]
    cell: NDArray[np.int64]
    local: NDArray[np.int64]


def cases(probability: NDArray[np.float64], outcome: NDArray[np.float64], weight: NDArray[np.float64],
          kinds: Sequence[str], origins: Sequence[tuple[str, str]], middles_m: NDArray[np.float64]) -> Cases:
    """Group discrepancies by kind, origin (source and layer) and ``middles_m`` (n, 2), ground metres or NaN."""
    kind = _numbered(list(kinds))
    origin = _numbered(list(origins))
    level = np.digitize(probability, BIN_EDGES)
    cell = _numbered(list(zip(kind.tolist(), origin.tolist(), level.tolist(), strict=True)))
    square = np.nan_to_num(np.floor(middles_m / REGION_M)).astype(np.int64)
    x, y = square.T.tolist()
    local = _numbered(list(zip(kind.tolist(), origin.tolist(), x, y, strict=True)))
    return Cases(probability, outcome, weight, kind, cell, local)


def believed(given: Cases) -> NDArray[np.float64]:
    """Return the probability (n,) of a real error, corrected by kind and cell; the mean, nothing drawn."""
    p = given.probability
    for group in (given.kind, given.cell):
        p = _moved(p, _shift(p, given, group)[0][group])
    return p


def drawn(given: Cases, believed_: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return one Thompson sample of the probability (n,) of a real error, drawn once for each cell of a region."""
    shift, deviation = _shift(believed_, given, given.local)
    return _moved(believed_, random.normal(shift, deviation / np.sqrt(CALM))[given.local])


def _shift(p: NDArray[np.float64], given: Cases, group: NDArray[np.int64]
           ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per group: by how much the log odds of its decided cases lie off ``p``, and how uncertain that is.

    Comparing decided cases with their own probability keeps the order of review out: the surest are decided first. The
    mean over :data:`SPREADS`, each as likely as the decisions make it (Laplace's approximation).
    """
    groups = int(group.max()) + 1 if len(group) else 0
    decided = ~np.isnan(given.outcome)
    of, w, real, odds = group[decided], given.weight[decided], given.outcome[decided], _logit(p[decided])
    shift = np.zeros((len(SPREADS), groups))
    inverse = 1 / SPREADS[:, None] ** 2

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([np.bincount(of, row, groups) for row in values])

    for _ in range(NEWTON):
        chance = 1 / (1 + np.exp(-(odds + shift[:, of])))
        slope = summed(w * (real - chance)) - inverse * shift
        bend = summed(w * chance * (1 - chance)) + inverse
        shift = shift + np.clip(slope / bend, -1.0, 1.0)
    chance = np.clip(1 / (1 + np.exp(-(odds + shift[:, of]))), 1e-9, 1 - 1e-9)
    bend = summed(w * chance * (1 - chance)) + inverse
    fits = (w * (real * np.log(chance) + (1 - real) * np.log(1 - chance))).sum(axis=1)
    fits += (-inverse * shift**2 / 2 - np.log(bend / inverse) / 2).sum(axis=1) - (SPREADS / USUAL_SPREAD) ** 2 / 2
    share = np.exp(fits - fits.max())
    share = (share / share.sum())[:, None]
    mean = (share * shift).sum(axis=0)
    return mean, np.sqrt((share * (shift**2 + 1 / bend)).sum(axis=0) - mean**2)


def _moved(p: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-(_logit(p) + by))))


def _logit(p: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(p, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _numbered(names: list) -> NDArray[np.int64]:
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)
