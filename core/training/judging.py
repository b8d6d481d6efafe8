"""What a network's answers are worth on labels that it did not see: right and wrong by class, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 15
RESAMPLES = 500
TEMPERATURES = np.geomspace(0.2, 5.0, 81)
LEAST_IN_BLOCK = 50
"""Pixels of a block whose calibration is asked by itself."""
NINE_TENTHS = 1.6448536269514722
"""Standard deviations within which nine tenths of a normal distribution lie."""


@dataclass(frozen=True)
class ClassScores:
    """``confusion`` (classes, classes), rows what is known; by class precision, recall, F1 and IoU, NaN for a class
    that does not occur; ``low`` and ``high`` bound the mean F1, 90 % of the resamples of blocks.
    """

    confusion: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    iou: NDArray[np.float64]
    low: float
    high: float
    ece_before: float
    ece_after: float
    ece_by_block: tuple[float, float]
    nll_before: float
    nll_after: float
    temperature: float
    reliability: tuple[tuple[float, float, int], ...]

    @property
    def macro_f1(self) -> float:
        """The mean over the classes that occur."""
        return float(np.nanmean(self.f1)) if np.isfinite(self.f1).any() else float("nan")

    @property
    def accuracy(self) -> float:
        """The share of right pixels."""
        return float(np.trace(self.confusion) / max(self.confusion.sum(), 1))


@dataclass(frozen=True)
class ValueScores:
    """Of values: R², root mean square and mean error, bias; the share within the bounds that shall hold nine tenths,
    ``before`` and ``after`` the doubt was put right by the factor ``doubt``.
    """

    r2: float
    rmse: float
    mae: float
    bias: float
    coverage_before: float
    coverage_after: float
    doubt: float
    count: int
    low: float
    high: float


def judge_classes(log_p: NDArray[np.float64], mix: NDArray[np.float64], block: NDArray[np.intp], temperature: float,
                  seed: int) -> ClassScores:
    """Scores of answers (n, classes), logarithms before the temperature, to labels (n, classes) in blocks (n,)."""
    truth, said = mix.argmax(axis=1), log_p.argmax(axis=1)
    classes = mix.shape[1]
    names, of = (np.asarray(part).reshape(-1) for part in np.unique(block, return_inverse=True))
    each = np.zeros((len(names), classes, classes))
    np.add.at(each, (of, truth, said), 1.0)
    confusion = each.sum(axis=0)
    precision, recall, f1, iou = by_class(confusion)
    drawn = np.random.default_rng([seed, 30]).integers(0, len(names), (RESAMPLES, len(names)))
    means = [_mean(by_class(each[one].sum(axis=0))[2]) for one in drawn]
    low, high = np.nanquantile(means, (0.05, 0.95)) if np.isfinite(means).any() else (np.nan, np.nan)
    before, after = softened(log_p, 1.0), softened(log_p, temperature)
    large = [of == one for one in range(len(names)) if (of == one).sum() >= LEAST_IN_BLOCK]
    at_blocks = [[ece(p[here], truth[here]) for here in large] for p in (before, after)]
    per_block = tuple(float(np.mean(some)) if some else float("nan") for some in at_blocks)
    return ClassScores(confusion, precision, recall, f1, iou, float(low), float(high), ece(before, truth),
                       ece(after, truth), (per_block[0], per_block[1]), nll(before, truth), nll(after, truth),
                       temperature, tuple(_levels(after, truth)))


def by_class(confusion: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Precision, recall, F1 and IoU of each class; NaN where a class neither occurs nor is said."""
    hit, known, said = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(known > 0, 2 * hit / (known + said), np.nan)
        return hit / said, hit / known, f1, np.where(known > 0, hit / (known + said - hit), np.nan)


def mean_f1(log_p: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """The mean F1, over the classes that occur, of the likeliest classes of answers (n, classes) to labels (n,)."""
    classes = log_p.shape[1]
    pairs = np.bincount(truth * classes + log_p.argmax(axis=1), minlength=classes**2)
    return _mean(by_class(pairs.reshape(classes, classes).astype(np.float64))[2])


def best_temperature(log_p: NDArray[np.float64], mix: NDArray[np.float64], weight: NDArray[np.float64] | None = None
                     ) -> float:
    """The temperature at which labels are most likely (Guo et al. 2017, arXiv 1706.04599)."""
    truth = mix.argmax(axis=1)
    found = [nll(softened(log_p, float(t)), truth, weight) for t in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(found))])


def softened(log_p: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Probabilities (n, classes) at a temperature."""
    scaled = log_p / temperature
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    p = np.exp(scaled)
    shares: NDArray[np.float64] = p / p.sum(axis=1, keepdims=True)
    return shares


def nll(p: NDArray[np.float64], truth: NDArray[np.intp], weight: NDArray[np.float64] | None = None) -> float:
    """The mean negative log likelihood."""
    each = -np.log(np.maximum(p[np.arange(len(p)), truth], 1e-12))
    return float(np.average(each, weights=weight))


def ece(p: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    """The expected calibration error of the likeliest class, in bins of like number."""
    return float(sum(n * abs(shown - right) for shown, right, n in _levels(p, truth)) / max(len(p), 1))


def _levels(p: NDArray[np.float64], truth: NDArray[np.intp]) -> list[tuple[float, float, int]]:
    """By bins of like number: the mean probability shown, the share right, and how many."""
    sure, right = p.max(axis=1), p.argmax(axis=1) == truth
    order = np.argsort(sure, kind="stable")
    return [(float(sure[part].mean()), float(right[part].mean()), len(part))
            for part in np.array_split(order, BINS) if len(part)]


def judge_values(said: NDArray[np.float64], truth: NDArray[np.float64], block: NDArray[np.intp], doubt: float,
                 seed: int) -> ValueScores:
    """Scores of answers (n, 2), value and standard deviation, to values (n,)."""
    off = said[:, 0] - truth

    def r2(rows: NDArray[np.intp]) -> float:
        spread = float(((truth[rows] - truth[rows].mean()) ** 2).sum())
        return 1 - float((off[rows] ** 2).sum()) / spread if spread else float("nan")

    names = np.unique(block)
    members = [np.flatnonzero(block == one) for one in names]
    drawn = np.random.default_rng([seed, 31]).integers(0, len(names), (RESAMPLES, len(names)))
    found = [r2(np.concatenate([members[one] for one in row])) for row in drawn]
    low, high = np.nanquantile(found, (0.05, 0.95)) if np.isfinite(found).any() else (np.nan, np.nan)
    held = [float((np.abs(off) <= NINE_TENTHS * factor * said[:, 1]).mean()) for factor in (1.0, doubt)]
    return ValueScores(r2(np.arange(len(truth))), float(np.sqrt((off**2).mean())), float(np.abs(off).mean()),
                       float(off.mean()), held[0], held[1], doubt, len(truth), float(low), float(high))


def best_doubt(said: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """The factor by which standard deviations must grow so that nine tenths of values lie within their bounds."""
    ratio = np.abs(said[:, 0] - truth) / np.maximum(said[:, 1], 1e-9)
    return float(np.clip(np.quantile(ratio, 0.9) / NINE_TENTHS, 0.1, 20.0))


def _mean(values: Sequence[float] | NDArray[np.float64]) -> float:
    known = np.asarray(values)[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
