"""Old networks or new ones? Asked of the labels that neither has seen: in each fold those of the fold's own places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from ..sources.imagery import Imagery
from .crossfit import CrossFitted
from .folds import Blocks

SIDE, HALO = 192, 32
WINDOWS, PIXELS = 24, 3000
"""Squares that are looked at, at most, and labelled pixels of each."""
RESAMPLES = 500
MEASURE = "share of ground"


@dataclass(frozen=True)
class HoldOut:
    """The share of labelled ground that the ``old`` and the ``new`` networks name right where neither has learnt;
    ``low`` and ``high`` bound the new ones' gain: 90 % of the resamples of ``blocks`` blocks of ground.

    Of ground, not likelihood with the weights of the fit: labels are wrong here and there, and a network that is sure
    of what is true pays for each of them without bound, most of all where a rare class makes them weigh much.
    """

    blocks: int
    old: float
    new: float
    low: float
    high: float

    @property
    def gain(self) -> float:
        """How much better the new networks are."""
        return self.new - self.old

    @property
    def replaced(self) -> bool:
        """Whether the new networks take the place of the old ones: if they are better at all."""
        return self.gain > 0

    def sentence(self) -> str:
        """What the user is told."""
        sure = "by more than chance" if self.low > 0 or self.high < 0 else "within what chance does"
        said = f"{100 * self.gain:+.2f} % of the ground, {100 * self.low:+.2f} to {100 * self.high:+.2f}; {sure}"
        return (f"The new model replaces the old one: it names more right where neither has seen labels ({said})."
                if self.replaced else
                f"The old model stays: the new one does not name more right where neither has seen labels ({said}).")


def compare(old: CrossFitted, new: CrossFitted, imagery: Imagery, seed: int, feedback: Feedback) -> HoldOut:
    """Ask both ensembles, cross-fitted over the same folds, for the labels of the new one (those that reviewers put
    right), each place of the network that learnt nothing there.
    """
    targets = new.targets
    height, width = targets.blocks.height, targets.blocks.width
    rows, columns = targets.blocks.fold.shape
    numbered = Blocks(height, width, np.arange(rows * columns, dtype=np.uint16).reshape(rows, columns))
    corners = [(r, c) for r in range(0, height, SIDE) for c in range(0, width, SIDE)]
    rng = np.random.default_rng([seed, 6])
    parts: list[tuple[NDArray, NDArray, NDArray, NDArray]] = []
    taken = rng.permutation(len(corners))[:WINDOWS]
    for done, k in enumerate(taken):
        feedback.check()
        row, column = corners[k]
        around = Window(column - HALO, row - HALO, SIDE + 2 * HALO, SIDE + 2 * HALO)
        target = targets.read(around)
        x, valid = imagery.read(around)
        known = valid & (target.mix.sum(axis=0) > 0.5)
        known[:HALO], known[-HALO:], known[:, :HALO], known[:, -HALO:] = False, False, False, False
        at = np.nonzero(known)
        if not len(at[0]):
            continue
        drawn = rng.choice(len(at[0]), min(PIXELS, len(at[0])), replace=False)
        here = (slice(None), at[0][drawn], at[1][drawn])
        share = len(at[0]) / len(drawn)
        seen = [one.predict(x[None], valid[None], [around])[0][here].T for one in (old, new)]
        parts.append((_right(seen[0], target.mix[here].T), _right(seen[1], target.mix[here].T),
                      np.full(len(drawn), share), numbered.at(around)[here[1:]]))
        feedback.progress((done + 1) / len(taken))
    if not parts:
        raise InputError("No labelled place has valid imagery; check that the layers overlap and the imagery's nodata.")
    before, after, weight, block = (np.concatenate(some) for some in zip(*parts, strict=True))
    return _weighed(before, after, weight, block, rng)


def _right(p: NDArray, mix: NDArray) -> NDArray:
    """How much of each label (n, classes) is the likeliest class of probabilities (n, classes), (n,) in 0..1."""
    return np.asarray(mix[np.arange(len(p)), p.argmax(axis=1)], np.float64)


def _weighed(old: NDArray, new: NDArray, weight: NDArray, block: NDArray, rng: np.random.Generator) -> HoldOut:
    names, of = np.unique(block, return_inverse=True)
    sums = np.stack([np.bincount(of, weight * part, len(names)) for part in (old, new, np.ones(len(old)))])
    drawn = rng.integers(0, len(names), (RESAMPLES, len(names)))
    totals = sums[:, drawn].sum(axis=2)
    low, high = np.quantile((totals[1] - totals[0]) / totals[2], (0.05, 0.95))
    a, b, n = sums.sum(axis=1)
    return HoldOut(len(names), float(a / n), float(b / n), float(low), float(high))
