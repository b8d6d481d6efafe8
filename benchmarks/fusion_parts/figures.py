"""From counts by block to figures with intervals: paired, by block and seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DRAWS = 2000
LEVEL = 0.9


def macro_f1(counts: np.ndarray) -> np.ndarray:
    """The mean over classes of F1, of counts (…, classes there, classes said); classes that are nowhere count nothing.
    """
    right = np.diagonal(counts, axis1=-2, axis2=-1).astype(float)
    total = counts.sum(axis=-1) + counts.sum(axis=-2)
    known = counts.sum(axis=-1) > 0
    each = 2 * right / np.maximum(total, 1)
    return (each * known).sum(axis=-1) / np.maximum(known.sum(axis=-1), 1)


def interval(values: np.ndarray, middle: float) -> dict[str, float]:
    """A figure with its interval of ``LEVEL``."""
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return {"mean": round(float(middle), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def score(seeds: Sequence[np.ndarray], against: Sequence[np.ndarray] | None = None, seed: int = 0) -> dict[str, float]:
    """The macro F1 of counts (blocks, classes, classes) of each seed, or what it is beyond that of others on the same
    blocks, the mean over seeds. The interval is a bootstrap over blocks, the same ones drawn for both, and over seeds.
    """
    rng = np.random.default_rng(seed)
    middle = np.mean([_gain(counts, None if against is None else against[i]) for i, counts in enumerate(seeds)])
    drawn = np.zeros(DRAWS)
    for n in range(DRAWS):
        chosen = rng.integers(0, len(seeds), len(seeds))
        total = 0.0
        for i in chosen:
            blocks = rng.integers(0, len(seeds[i]), len(seeds[i]))
            total += _gain(seeds[i][blocks], None if against is None else against[i][blocks])
        drawn[n] = total / len(chosen)
    return interval(drawn, float(middle))


def _gain(counts: np.ndarray, other: np.ndarray | None) -> float:
    own = float(macro_f1(counts.sum(axis=0)))
    return own if other is None else own - float(macro_f1(other.sum(axis=0)))


def average_precision(found: np.ndarray, real: np.ndarray) -> float:
    """The area under precision over recall, of scores (n,) and whether each is a real error."""
    order = np.argsort(-found, kind="stable")
    hit = real[order].astype(float)
    if not hit.sum():
        return float("nan")
    return float((np.cumsum(hit) / (np.arange(len(hit)) + 1) * hit).sum() / hit.sum())
