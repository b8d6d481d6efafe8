"""Old networks or new ones? Asked of the labels that neither has seen: in each fold those of the fold's own places.

Labels that nobody has looked at may be wrong in the same way all over; then they speak for the network that repeats
the error. Only places that were drawn at random for review can tell, and where they do, they decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from ..sources.burn import burn
from ..sources.imagery import Imagery
from .crossfit import CrossFitted
from .folds import Blocks

SIDE, HALO = 192, 32
WINDOWS, PIXELS = 24, 3000
"""Squares that are looked at, at most, and labelled pixels of each."""
RESAMPLES = 500
SURE, EXACTLY = 0.1, 12
"""Labels mislead where chance would say so this seldom; of up to so many decisions every sign is tried."""
MEASURE = "share of ground"


@dataclass(frozen=True)
class Drawn:
    """Places that were drawn at random for review: ``shapes`` (n,) in the grid's pixels, the class that the label
    ``said`` (n,) when they were judged, those that are ``possible`` (n, classes) since, how many places one
    ``stands_for`` (n,), and the number of the ``decision`` (n,), which may have several rows.
    """

    shapes: NDArray[np.object_]
    said: NDArray[np.intp]
    possible: NDArray[np.bool_]
    stands_for: NDArray[np.float64]
    decision: NDArray[np.intp]


@dataclass(frozen=True)
class HoldOut:
    """The share of labelled ground that the ``old`` and the ``new`` networks name right where neither has learnt;
    ``low`` and ``high`` bound the new ones' gain: 90 % of the resamples of ``blocks`` blocks of ground, or decisions.
    ``by`` says what decides, all ``labels`` or the places ``drawn`` at random; ``beside`` is what the other says.

    Of ground, not likelihood with the weights of the fit: labels are wrong here and there, and a network that is sure
    of what is true pays for each of them without bound, most of all where a rare class makes them weigh much.
    """

    blocks: int
    old: float
    new: float
    low: float
    high: float
    by: Literal["labels", "drawn"] = "labels"
    beside: HoldOut | None = None

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
        where = ("where neither has seen labels" if self.by == "labels" else
                 f"at {self.blocks} places that were drawn at random for review, which contradict the other labels")
        return (f"The new model replaces the old one: it names more right {where} ({said})." if self.replaced else
                f"The old model stays: the new one does not name more right {where} ({said}).")


def compare(old: CrossFitted, new: CrossFitted, imagery: Imagery, seed: int, feedback: Feedback,
            drawn: Drawn | None = None) -> HoldOut:
    """Ask both ensembles, cross-fitted over the same folds, for the labels of the new one (those that reviewers put
    right), each place of the network that learnt nothing there.

    The places ``drawn`` at random decide instead where they contradict the labels: where the gain by what was found
    there is another than by what the label said there, by more than chance (:func:`chance_of`). Of fewer than five
    places with wrong labels chance can always say so.
    """
    rng = np.random.default_rng([seed, 6])
    labels = _by_labels(old, new, imagery, rng, feedback.span(0.0, 0.5 if drawn is not None else 1.0))
    asked = None if drawn is None else _by_drawn(old, new, imagery, drawn, rng, feedback.span(0.5, 1.0))
    if asked is None:
        return labels
    found, misled = asked
    return replace(found, beside=labels) if misled else replace(labels, beside=found)


def _by_labels(old: CrossFitted, new: CrossFitted, imagery: Imagery, rng: np.random.Generator, feedback: Feedback
               ) -> HoldOut:
    targets = new.targets
    height, width = targets.blocks.height, targets.blocks.width
    rows, columns = targets.blocks.fold.shape
    numbered = Blocks(height, width, np.arange(rows * columns, dtype=np.uint16).reshape(rows, columns))
    corners = [(r, c) for r in range(0, height, SIDE) for c in range(0, width, SIDE)]
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


def _by_drawn(old: CrossFitted, new: CrossFitted, imagery: Imagery, drawn: Drawn, rng: np.random.Generator,
              feedback: Feedback) -> tuple[HoldOut, bool] | None:
    """What the drawn places say, and whether by that the labels mislead; None where the imagery shows none of them."""
    right = np.full((len(drawn.shapes), 4), np.nan)
    middle = shapely.get_coordinates(shapely.point_on_surface(drawn.shapes)).astype(int)
    tiles, of_tile = np.unique(middle[:, ::-1] // SIDE, axis=0, return_inverse=True)
    for number, (row, column) in enumerate((tiles * SIDE).tolist()):
        feedback.check()
        around = Window(column - HALO, row - HALO, SIDE + 2 * HALO, SIDE + 2 * HALO)
        x, valid = imagery.read(around)
        seen = [one.predict(x[None], valid[None], [around])[0][:, HALO:-HALO, HALO:-HALO].argmax(axis=0)
                for one in (old, new)]
        visible = valid[HALO:-HALO, HALO:-HALO]
        for k in np.flatnonzero(of_tile.ravel() == number):
            here = burn(drawn.shapes[[k]], np.array([0]), visible.shape, (row, column)) >= 0
            here[middle[k, 1] - row, middle[k, 0] - column] = True
            here &= visible
            if here.any():
                right[k] = [*(drawn.possible[k][one[here]].mean() for one in seen),
                            *((one[here] == drawn.said[k]).mean() for one in seen)]
        feedback.progress((number + 1) / len(tiles))
    known = np.isfinite(right[:, 0])
    if not known.any():
        return None
    found, label = right[known, :2], right[known, 2:]
    weight = (np.maximum(shapely.area(drawn.shapes), 1.0) * drawn.stands_for)[known]
    off = weight * (found[:, 1] - found[:, 0] - label[:, 1] + label[:, 0])
    said = _weighed(found[:, 0], found[:, 1], weight, drawn.decision[known], rng)
    return replace(said, by="drawn"), chance_of(off, drawn.decision[known], rng) <= SURE


def chance_of(off: NDArray, decision: NDArray, rng: np.random.Generator) -> float:
    """How probably chance alone makes the sum of ``off`` (n,), added up within each ``decision`` (n,), as far from 0
    as it is: were there nothing in it, each decision's part could as well have the other sign (Fisher's
    randomisation test).

    Most are 0. Of a handful that are not, three have one sign in a quarter of all cases, and resampling them never
    shows it: their number counts here, not that of all decisions.
    """
    _, of = np.unique(decision, return_inverse=True)
    parts = np.bincount(of.ravel(), off)
    parts = parts[np.abs(parts) > 1e-9 * max(float(np.abs(parts).max(initial=0.0)), 1e-30)]
    if not len(parts):
        return 1.0
    if len(parts) <= EXACTLY:
        signs = 1 - 2 * (np.arange(2 ** len(parts))[:, None] >> np.arange(len(parts)) & 1)
    else:
        signs = rng.choice((-1, 1), (2**EXACTLY, len(parts)))
    return float((np.abs(signs @ parts) >= abs(parts.sum()) * (1 - 1e-9)).mean())


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
