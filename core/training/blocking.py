"""Validation that does not flatter: places near each other go to the same side, and a strip between stays empty.

Ground that is near is alike. A model judged at random points next to those that it learnt from is judged by its memory
(Roberts et al. 2017, doi 10.1111/ecog.02881): so both ways are always computed, and the gap between them is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
CLASSES = 12
"""Distances of an empirical variogram."""
PAIRS = 200_000
"""Pairs of places that it is estimated from, at most."""
SILL = 0.95
"""From this share of the variance on two places are taken to say nothing of each other."""
LEAST_ACROSS, MOST_ACROSS = 3, 12
"""So many blocks lie along the longer side of the places, at least and at most."""
BUFFER = 0.25
"""Share of a block's side within which nothing is learnt around what is judged."""


@dataclass(frozen=True)
class Split:
    """One turn: numbers of the places that are learnt from, and of those that are judged."""

    learn: NDArray[np.intp]
    judge: NDArray[np.intp]


@dataclass(frozen=True)
class Blocking:
    """``block`` (n,) numbers each place's block, ``fold`` (n,) who judges it; sides in the unit of the places."""

    block: NDArray[np.intp]
    fold: NDArray[np.intp]
    side: float
    buffer: float
    xy: NDArray[np.float64]

    @property
    def splits(self) -> list[Split]:
        """One turn a fold; what lies within the buffer around the judged places is not learnt from, unless that
        would leave less than half of the others.
        """
        from scipy.spatial import cKDTree

        result = []
        for number in range(int(self.fold.max()) + 1):
            judge = np.flatnonzero(self.fold == number)
            others = np.flatnonzero(self.fold != number)
            if not len(judge) or not len(others):
                continue
            away = cKDTree(self.xy[judge]).query(self.xy[others], distance_upper_bound=self.buffer)[0] > self.buffer
            learn = others[away] if away.sum() >= len(others) / 2 else others
            result.append(Split(learn, judge))
        return result


def block(xy: NDArray[np.float64], z: NDArray[np.float64], seed: int, *, station: NDArray[np.intp] | None = None,
          label: NDArray[np.intp] | None = None, folds: int = FOLDS) -> Blocking:
    """Deal places (n, 2) that measured ``z`` (n,) to folds by blocks as wide as the ground is alike.

    Places of one ``station`` (n,) stay together, wherever they lie: the block of their middle is theirs. Of each
    ``label`` (n,) every fold gets its part as evenly as may be, and blocks are so small that none has all of one.
    """
    at = xy if station is None else _middles(xy, station)
    label = np.zeros(len(xy), np.intp) if label is None else label
    spans = [float(np.ptp(at[label == one], axis=0).max()) for one in np.unique(label)]
    if not max(spans):
        return Blocking(np.zeros(len(xy), np.intp), np.zeros(len(xy), np.intp), 0.0, 0.0, xy)
    narrowest = min(span for span in spans if span)
    side = float(np.clip(alike_within(at, z, seed), max(spans) / MOST_ACROSS, max(spans) / LEAST_ACROSS))
    side = min(side, narrowest / LEAST_ACROSS)
    cell = np.floor((at - at.min(axis=0)) / side).astype(np.intp)
    _, number = np.unique(cell, axis=0, return_inverse=True)
    number = number.reshape(-1).astype(np.intp)
    return Blocking(number, deal_blocks(number, label, folds, seed), side, BUFFER * side, xy)


def at_random(count: int, seed: int, folds: int = FOLDS) -> list[Split]:
    """The usual split that knows nothing of space, to be shown beside the other."""
    fold = np.random.default_rng([seed, 8]).permutation(count) % min(folds, count)
    return [Split(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(fold.max() + 1)]


def deal_blocks(block: NDArray[np.intp], label: NDArray[np.intp], folds: int, seed: int) -> NDArray[np.intp]:
    """The fold (n,) of every place by its block (n,): blocks that hold most of a label first, each to the fold that has
    least of what the block brings.
    """
    names, of = (np.asarray(part).reshape(-1) for part in np.unique(block, return_inverse=True))
    kinds, kind = (np.asarray(part).reshape(-1) for part in np.unique(label, return_inverse=True))
    share = np.zeros((len(names), len(kinds)))
    np.add.at(share, (of, kind), 1.0)
    share /= share.sum(axis=0)
    folds = min(folds, len(names))
    rng = np.random.default_rng([seed, 9])
    load, fold = np.zeros((folds, len(kinds))), np.zeros(len(names), np.intp)
    for one in np.lexsort((rng.random(len(names)), -share.max(axis=1))):
        crowd = (load * share[one]).sum(axis=1) / share[one].sum() + 1e-3 * load.sum(axis=1)
        fold[one] = int(np.argmin(crowd + 1e-9 * rng.random(folds)))
        load[fold[one]] += share[one]
    found: NDArray[np.intp] = fold[of]
    return found


def alike_within(xy: NDArray[np.float64], z: NDArray[np.float64], seed: int) -> float:
    """The distance within which measurements (n,) or shares of classes (n, classes) resemble each other: where an
    empirical variogram (Matheron 1963) first reaches ``SILL`` of the variance; half of the extent where it never does.
    """
    half = 0.5 * float(np.hypot(*(xy.max(axis=0) - xy.min(axis=0))))
    z = z.reshape(len(z), -1)
    variance = float(z.var(axis=0).sum())
    if variance == 0 or len(z) < 3:
        return half
    rng = np.random.default_rng([seed, 10])
    first, second = np.triu_indices(len(z), 1) if len(z) < 640 else rng.integers(0, len(z), (2, PAIRS))
    distance = np.hypot(*(xy[first] - xy[second]).T)
    near = (distance > 0) & (distance <= half)
    if not near.any():
        return half
    edges = np.linspace(0, half, CLASSES + 1)
    of = np.clip(np.digitize(distance[near], edges) - 1, 0, CLASSES - 1)
    count = np.bincount(of, minlength=CLASSES)
    total = np.bincount(of, 0.5 * ((z[first] - z[second])[near] ** 2).sum(axis=1), CLASSES)
    reached = (count > 0) & (total >= SILL * variance * np.maximum(count, 1))
    return float(edges[1:][reached.argmax()]) if reached.any() else half


def _middles(xy: NDArray[np.float64], station: NDArray[np.intp]) -> NDArray[np.float64]:
    names, of, size = np.unique(station, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    sums = np.stack([np.bincount(of, xy[:, axis], len(names)) for axis in (0, 1)], axis=1)
    middles: NDArray[np.float64] = (sums / size[:, None])[of]
    return middles
