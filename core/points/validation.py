"""How good a point model is where nobody measured: judged block by block, with the flattering figure beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..feedback import Feedback
from ..training.blocking import LEAST_ACROSS, Blocking, Split, alike_within, at_random, block
from .estimators import HIGH, LOW, Estimator, X, Z
from .observations import Observations

Fit = Callable[[X, Z, int], Estimator]
MOST_GROUPS = 40
"""More bands than this are shuffled layer by layer, to see what counts."""
NARROW = 0.5
"""Blocks less than this part as wide as they should be put neighbours on both sides."""
BINS, BIN_WIDTH = 100, 0.1
"""The moving window of the Boyce index."""


@dataclass(frozen=True)
class Validation:
    """Scores by name, of blocks of ground left out (``blocked``) and of points left out at random (``random``).

    ``estimate`` (3, n) are the blocked estimates, NaN where none was made; ``widening`` is what has to be added to
    either bound so that it holds what it promises in blocks left out. ``weight`` says how much worse the blocked score
    gets when a band, or a layer of many bands, is shuffled. Within ``alike`` (pixels) the ground is alike.
    ``nearness`` is the AUC in blocks left out of what knows no raster, only whether presences or others that were
    learnt from lie nearer (NaN for values).
    """

    blocking: Blocking
    alike: float
    blocked: dict[str, float]
    random: dict[str, float]
    estimate: NDArray[np.float64]
    widening: float
    weight: dict[str, float]
    nearness: float

    @property
    def beyond_nearness(self) -> bool:
        """Whether what counts is only what the rasters add to nearness."""
        return self.flatters and bool(np.isfinite(self.nearness))

    @property
    def score(self) -> float:
        """The blocked score that counts; where even that flatters, what the rasters add to nearness, 0.5 being nothing
        (Hijmans 2012, doi 10.1890/11-0826.1).
        """
        blocked = self.blocked[self.main]
        return blocked + 0.5 - max(0.5, self.nearness) if self.beyond_nearness else blocked

    @property
    def main(self) -> str:
        """The name of the score that counts."""
        return next(iter(self.blocked))

    @property
    def flatters(self) -> bool:
        """Whether even the blocked scores flatter: all presences, or all absences, lie so near each other that blocks
        had to be much narrower than the ground is alike.
        """
        widest = float(np.ptp(self.blocking.xy, axis=0).max()) / LEAST_ACROSS
        return 0 < self.blocking.side < NARROW * min(self.alike, widest)


def validate(fit: Fit, seen: Observations, groups: Sequence[str], seed: int, feedback: Feedback) -> Validation:
    """Judge a method on observations; ``groups`` names the band, or the layer, that each column belongs to."""
    label = None if seen.kind == "value" else (seen.z > 0.5).astype(np.intp)
    told = _told(seen)
    blocking = block(seen.xy, told, seed, station=seen.station, label=label)
    blocked, shuffled = _judged(fit, seen, blocking.splits, groups, seed, feedback.span(0.0, 0.6))
    random, _ = _judged(fit, seen, at_random(len(seen.z), seed), (), seed, feedback.span(0.6, 1.0))
    widening = 0.0
    if seen.kind == "value":
        widening = widened_by(seen.z, blocked)
    score = scores(seen, blocked, blocking.block)
    main = next(iter(score))
    weight = {name: score[main] - scores(seen, one, blocking.block)[main] for name, one in shuffled.items()}
    return Validation(blocking, alike_within(seen.xy, told, seed), score, scores(seen, random, blocking.block), blocked,
                      widening, dict(sorted(weight.items(), key=lambda item: -item[1])),
                      _nearness(seen, blocking.splits))


def groups_of(names: Sequence[str], layers: Sequence[str]) -> list[str]:
    """What is shuffled together: each band alone, or all bands of a layer where they are many."""
    return list(names) if len(names) <= MOST_GROUPS else list(layers)


def _told(seen: Observations) -> NDArray[np.float64]:
    """What tells how far the ground is alike: the values, else the first principal component of the bands."""
    if seen.kind == "value":
        return seen.z
    x = seen.x[:, np.isfinite(seen.x).any(axis=0)]  # a band may have no measurement at any place
    x = np.where(np.isfinite(x), x, np.nanmean(x, axis=0)).astype(np.float64)
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    component: NDArray[np.float64] = x @ np.linalg.svd(x, full_matrices=False)[2][0]
    return component


def _judged(fit: Fit, seen: Observations, splits: Sequence[Split], groups: Sequence[str], seed: int,
            feedback: Feedback) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Estimates (3, n) of each place by a model that did not learn from it, as it is and with each group shuffled."""
    plain = np.full((3, len(seen.z)), np.nan)
    shuffled = {name: np.full_like(plain, np.nan) for name in dict.fromkeys(groups)}
    column = {name: [i for i, own in enumerate(groups) if own == name] for name in shuffled}
    rng = np.random.default_rng([seed, 13])
    for turn, split in enumerate(splits):
        feedback.check()
        if seen.kind != "value" and len(np.unique(seen.z[split.learn])) < 2:
            continue
        model = fit(seen.x[split.learn], seen.z[split.learn], seed)
        plain[:, split.judge] = model(seen.x[split.judge])
        for name, values in shuffled.items():
            x = seen.x[split.judge].copy()
            x[:, column[name]] = x[rng.permutation(len(x))][:, column[name]]
            values[:, split.judge] = model(x)
        feedback.progress((turn + 1) / len(splits))
    return plain, shuffled


def _nearness(seen: Observations, splits: Sequence[Split]) -> float:
    """The AUC of how much nearer a place lies to presences than to others that were learnt from; NaN for values, and
    where no place can be judged so.
    """
    from scipy.spatial import cKDTree
    from sklearn.metrics import roc_auc_score

    if seen.kind == "value":
        return float("nan")
    said = np.full(len(seen.z), np.nan)
    for split in splits:
        there = seen.z[split.learn] > 0.5
        if there.any() and not there.all():
            to_there, elsewhere = (cKDTree(seen.xy[split.learn][of]).query(seen.xy[split.judge])[0]
                                   for of in (there, ~there))
            said[split.judge] = elsewhere - to_there
    known = np.isfinite(said)
    return float(roc_auc_score(seen.z[known], said[known])) if len(np.unique(seen.z[known])) == 2 else float("nan")


def scores(seen: Observations, estimate: NDArray[np.float64], block: NDArray[np.intp]) -> dict[str, float]:
    """Scores of estimates (3, n) by name, the one that counts first; places without an estimate are left out."""
    known = np.isfinite(estimate[0])
    z, (value, low, high) = seen.z[known], estimate[:, known]
    if not len(z):
        return {"r2" if seen.kind == "value" else "auc": float("nan")}
    if seen.kind == "value":
        off = value - z
        spread = float(((z - z.mean()) ** 2).sum())
        return {"r2": 1 - float((off**2).sum()) / spread if spread else float("nan"),
                "rmse": float(np.sqrt((off**2).mean())), "mae": float(np.abs(off).mean()), "bias": float(off.mean()),
                "coverage": float(((z >= low) & (z <= high)).mean()),
                "coverage_widened": _coverage_elsewhere(z, estimate[:, known], block[known])}
    from sklearn.metrics import average_precision_score, roc_auc_score

    if len(np.unique(z)) < 2:
        return {"auc": float("nan")}
    found = {"auc": float(roc_auc_score(z, value)), "average_precision": float(average_precision_score(z, value))}
    return found | ({"boyce": boyce(value[z > 0.5], value[z <= 0.5])} if seen.kind == "presence_only" else {})


def widened_by(z: NDArray[np.float64], estimate: NDArray[np.float64]) -> float:
    """What must be added to both bounds of estimates (3, n) of left-out places so that they hold their share of them
    (conformalised quantile regression, Romano et al. 2019, arXiv 1905.03222). Never less than 0.
    """
    known = np.isfinite(estimate[0])
    miss = np.maximum(estimate[1, known] - z[known], z[known] - estimate[2, known])
    n = len(miss)
    if not n:
        return 0.0
    return max(0.0, float(np.quantile(miss, min(1.0, (HIGH - LOW) * (1 + 1 / n)), method="higher")))


def _coverage_elsewhere(z: NDArray[np.float64], estimate: NDArray[np.float64], block: NDArray[np.intp]) -> float:
    """How many places the widened bounds hold, each block's widening learnt from the other blocks alone."""
    held = 0
    for one in np.unique(block):
        own = block == one
        by = widened_by(z[~own], estimate[:, ~own])
        held += int(((z[own] >= estimate[1, own] - by) & (z[own] <= estimate[2, own] + by)).sum())
    return held / len(z)


def boyce(there: NDArray[np.float64], background: NDArray[np.float64]) -> float:
    """The continuous Boyce index (Hirzel et al. 2006, doi 10.1016/j.ecolmodel.2006.05.017), −1 to 1: whether presences
    outnumber what the background would let expect ever more, the higher the suitability; 0 is chance.
    """
    from scipy.stats import spearmanr

    everywhere = np.concatenate([there, background])
    low, high = float(everywhere.min()), float(everywhere.max())
    if low == high:
        return 0.0
    width = BIN_WIDTH * (high - low)
    starts = np.linspace(low, high - width, BINS + 1)
    share = [[((some >= s) & (some <= s + width)).mean() for s in starts] for some in (there, everywhere)]
    told = [(p / e, s) for p, e, s in zip(*share, starts, strict=True) if e > 0]
    ratio, at = (np.array(part) for part in zip(*told, strict=True))
    if len(ratio) < 3 or np.ptp(ratio) == 0:
        return 0.0
    return float(spearmanr(ratio, at).statistic)
