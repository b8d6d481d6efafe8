"""Figures of matched flags, means over injection seeds, with intervals over blocks of ground."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from map_errors import EVALUATION
from numpy.typing import NDArray

sys.path.append(str(EVALUATION))
from score import average_precision, ece, precision_at

from .matching import SURE, Matched

RESAMPLES = 200
DOUBTED = 0.2
"""Flags from this probability on have their calibration judged."""
NEVER = float("nan")
NAMES = ("injected", "flagged", "precision", "recall", "f1", "ap", "ece", "ece_by_chance", "precision_at_injected",
         "harm", "quality", "shift_before_m", "shift_after_m", "shift_worsened_share", "still_before_m",
         "still_after_m", "still_moved_share", "reshaped_iou_before")
ALL = "all"


@dataclass(frozen=True)
class Figure:
    """The mean over seeds, and 90 % of its resamples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sample:
    """One kind of one case as arrays, of flags (n,), errors (m,) and unchanged features (s,)."""

    p: NDArray[np.float64]
    hit: NDArray[np.bool_]
    harmful: NDArray[np.bool_]
    quality: NDArray[np.float64]
    flag_block: NDArray[np.int64]
    error_block: NDArray[np.int64]
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    moved: NDArray[np.bool_]
    still_block: NDArray[np.int64]
    still_before: NDArray[np.float64]
    still_after: NDArray[np.float64]
    still_moved: NDArray[np.bool_]
    kind: str

    @classmethod
    def of(cls, matched: Matched, kind: str, audited: bool) -> Sample:
        """The flags and errors of ``kind``, or of every kind; ``audited`` leaves out flags at audited places."""
        flags, truth, still = matched.flags, matched.truth, matched.still
        if audited:
            flags = flags[~flags["audited"].astype(bool)]
        if kind != ALL:
            flags, truth = flags[flags["kind"] == kind], truth[truth["kind"] == kind]
        still = still if kind == "shifted" else still.iloc[:0]

        def numbers(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
            return table[name].to_numpy(float, na_value=np.nan)

        return cls(numbers(flags, "p"), numbers(flags, "match") >= 0, flags["harmful"].to_numpy(bool),
                   numbers(flags, "quality"), flags["block"].to_numpy(np.int64), truth["block"].to_numpy(np.int64),
                   numbers(truth, "before"), numbers(truth, "after"), truth["flagged"].to_numpy(bool),
                   still["block"].to_numpy(np.int64), numbers(still, "before"), numbers(still, "after"),
                   still["moved"].to_numpy(bool), kind)

    def figures(self, flags: NDArray[np.intp] | slice = slice(None), errors: NDArray[np.intp] | slice = slice(None),
                still: NDArray[np.intp] | slice = slice(None)) -> NDArray[np.float64]:
        """The figures, in the order of ``NAMES``, of the rows chosen; NaN where there is nothing to tell."""
        p, hit = self.p[flags], self.hit[flags]
        n, sure = len(self.before[errors]), p >= SURE
        found, raised = int(hit[sure].sum()), int(sure.sum())
        before, after, moved = self.before[errors], self.after[errors], self.moved[errors]
        shifted, reshaped = self.kind == "shifted", self.kind == "reshaped"
        quality = self.quality[flags][hit]
        middle = np.nanmean if self.kind in ("wrong_class", "wrong_value") else np.nanmedian
        s_before, s_after, s_moved = self.still_before[still], self.still_after[still], self.still_moved[still]
        return np.array([
            n, raised, found / raised if raised else NEVER, found / n if n else NEVER,
            2 * found / (raised + n) if raised + n else NEVER, average_precision(p, hit, n) if n else NEVER,
            ece(p, hit), ece_by_chance(p), precision_at(p, hit, n), self.harmful[flags][sure].sum(),
            NEVER if self.kind == ALL else middle(quality),
            *((before.mean(), after.mean()) if shifted and n else (NEVER, NEVER)),
            float((after > before)[moved].mean()) if shifted and moved.any() else NEVER,
            *((s_before.mean(), s_after.mean(), s_moved.mean()) if len(s_before) else (NEVER,) * 3),
            np.nanmedian(before) if reshaped and n else NEVER,
        ])


def ece_by_chance(p: NDArray[np.float64], bins: int = 10) -> float:
    """The calibration error that flags of probabilities ``p`` (n,) show on average where each is exactly right: in a
    bin of few flags chance alone is off by about the root of 2/π times the variance of its hits.
    """
    shown = p[p >= DOUBTED]
    if not len(shown):
        return NEVER
    variance = np.bincount(np.clip((shown * bins).astype(int), 0, bins - 1), shown * (1 - shown))
    return float(np.sqrt(2 / np.pi * variance).sum() / len(shown))


def figures(cases: Sequence[Matched], kind: str, audited: bool, seed: int = 0) -> dict[str, Figure]:
    """Means over the cases (one area, several injection seeds) and intervals: blocks of the area are drawn with
    replacement, the same ones for every case, ``RESAMPLES`` times; 5th and 95th percentile.
    """
    samples = [Sample.of(matched, kind, audited) for matched in cases]
    blocks = np.unique(np.concatenate([np.concatenate([m.flags["block"], m.truth["block"], m.still["block"]])
                                       for m in cases]).astype(np.int64))
    rng = np.random.default_rng(seed)
    rows = [tuple(_rows_of(b, blocks) for b in (s.flag_block, s.error_block, s.still_block)) for s in samples]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a mean of nothing is NaN, and shown as a dash
        whole = np.nanmean([s.figures() for s in samples], axis=0)
        drawn = []
        for _ in range(RESAMPLES):
            picked = rng.integers(len(blocks), size=len(blocks))
            drawn.append(np.nanmean([s.figures(*(take(picked) for take in of)) for s, of in
                                     zip(samples, rows, strict=True)], axis=0))
        low, high = np.nanpercentile(drawn, [5, 95], axis=0)
    return {name: Figure(float(v), float(a), float(b)) for name, v, a, b in zip(NAMES, whole, low, high, strict=True)}


def _rows_of(block: NDArray[np.int64],
             blocks: NDArray[np.int64]) -> Callable[[NDArray[np.intp]], NDArray[np.intp]]:
    """From a draw of blocks to the rows that lie in them, as often as drawn."""
    order = np.argsort(block, kind="stable")
    start = np.searchsorted(block[order], blocks, "left")
    stop = np.searchsorted(block[order], blocks, "right")

    def take(picked: NDArray[np.intp]) -> NDArray[np.intp]:
        parts = [order[start[i]:stop[i]] for i in picked]
        return np.concatenate(parts) if parts else order[:0]

    return take
