"""How probably each open discrepancy is real, after what reviewers said of others like it.

Every step shrinks towards the one before: the calibrated probability, corrected by what was decided of its kind, then
of its kind in its layer at its level of probability, then of its kind in its layer and region. The last is
Beta-distributed; a Thompson sample draws one value for each (Thompson 1933), calmed, so that what is little known is
tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BIN_EDGES = (0.2, 0.4, 0.6, 0.8)
REGION_M = 1000.0
"""The side of the ground squares within which errors are taken to be alike."""
KIND_WEIGHT, LAYER_WEIGHT, REGION_WEIGHT = 4.0, 12.0, 20.0
"""How many decisions the step before counts for: few for the kind, whose calibration is the least known; more below."""
CALM = 20.0
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
    p = _corrected(given.probability, given, given.kind, KIND_WEIGHT)
    return _corrected(p, given, given.cell, LAYER_WEIGHT)


def drawn(given: Cases, believed_: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Return one Thompson sample of the probability (n,) of a real error, drawn once for each cell of a region."""
    centre, real, n = _counts(believed_, given, given.local, REGION_WEIGHT)
    theta = random.beta(CALM * (REGION_WEIGHT * centre + real), CALM * (REGION_WEIGHT * (1 - centre) + n - real))
    return _moved(believed_, (_logit(theta) - _logit(centre))[given.local])


def _corrected(p: NDArray[np.float64], given: Cases, group: NDArray[np.int64], weight: float) -> NDArray[np.float64]:
    centre, real, n = _counts(p, given, group, weight)
    return _moved(p, (_logit((weight * centre + real) / (weight + n)) - _logit(centre))[group])


def _counts(
    p: NDArray[np.float64], given: Cases, group: NDArray[np.int64], weight: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Per group: the mean probability of its decided cases (of all, where none is), the real ones, the decided ones.

    Comparing decided cases with their own mean keeps the order of review out: the surest are decided first.
    """
    groups = int(group.max()) + 1 if len(group) else 0
    decided = ~np.isnan(given.outcome)
    w = np.where(decided, given.weight, 0.0)
    n = np.bincount(group, w, groups).astype(np.float64)
    real = np.bincount(group, w * np.nan_to_num(given.outcome), groups).astype(np.float64)
    seen = np.bincount(group, w * p, groups)
    everyone = np.bincount(group, p, groups) / np.maximum(np.bincount(group, minlength=groups), 1)
    centre = np.where(n > 0, seen / np.where(n > 0, n, 1.0), everyone)
    return np.clip(centre, 0.01, 0.99), real, n


def _moved(p: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-(_logit(p) + by))))


def _logit(p: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(p, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _numbered(names: list) -> NDArray[np.int64]:
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)
