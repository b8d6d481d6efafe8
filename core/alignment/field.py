"""The smooth field of shifts that features share with their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..feedback import Feedback
from .peaks import peak, sample, value_at
from .scratch import scratch, settle
from .surfaces import Surfaces

POOL = 9
"""A knot of the field pools the surfaces of its own features and of this many cells around it, itself among them."""
CELLS = (1, 2, 5, 14, 40, 120)
"""Features a cell: the scales of the field, from nimble to steady. They are chosen by features held
out, one in ``FOLDS`` at a time, ``TRIED`` times.
"""
LAST_RESORT = 14
FOLDS, TRIED = 5, 2
SAMPLE_MAX, SAMPLES = 2000, 8
NEIGHBOURHOOD = 100
FEWEST = 5
SURE, PRESENT = 2.0, 3.0
"""A nimbler scale must fit held-out features better by so many standard errors, and any field at all by so many."""
PRESENT_LOCALLY, PRESENT_ALONE = 1.5, 4.0
"""So many standard errors in a neighbourhood, where the layer as a whole has a field, and where it has none."""
ROUNDS = 4
"""After the first, surfaces are pooled along the field found so far; what is left is sought within ``RESIDUAL_PX``."""
RESIDUAL_PX = 6
NEIGHBOURS = 8
CHUNK = 512


@dataclass(frozen=True)
class Knots:
    """A field by its values: ``shift`` (m, 2), dx and dy in pixels, at ``xy`` (m, 2); it ends ``far`` pixels from the
    nearest of the places ``support`` (n, 2) that it was found at. Without knots there is no field anywhere.
    """

    xy: NDArray[np.float64]
    shift: NDArray[np.float64]
    support: NDArray[np.float64]
    far: float

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the field (n, 2) at points (n, 2), a plane fitted to the nearest knots, near ones counting more; NaN
        farther than ``far`` from any support.
        """
        result = np.full((len(points), 2), np.nan)
        if not len(self.xy) or not len(points):
            return result
        k = min(NEIGHBOURS, len(self.xy))
        tree, support = cKDTree(self.xy), cKDTree(self.support)
        for start in range(0, len(points), 20_000):
            part = points[start:start + 20_000]
            distance, near = tree.query(part, k=np.arange(1, k + 1))
            values = _plane(part, self.xy[near], self.shift[near], distance)
            values[support.query(part)[0] > self.far] = np.nan
            result[start:start + 20_000] = values
        return result


def _plane(points: NDArray[np.float64], xy: NDArray[np.float64], shift: NDArray[np.float64],
           distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted local planes (n, 2) through (n, k, 2) values, the slopes drawn towards level, kept within the values."""
    scale = np.maximum(distance[:, -1:] * 1.1, 1e-6)
    weight = (1 - np.minimum(distance / scale, 1) ** 3) ** 3 + 1e-6
    weight /= weight.sum(axis=1, keepdims=True)
    mean = (weight[:, :, None] * shift).sum(axis=1)
    centre = (weight[:, :, None] * xy).sum(axis=1)
    arm = (xy - centre[:, None]) / scale[:, :, None]
    spread = np.einsum("nk,nki,nkj->nij", weight, arm, arm) + 0.02 * np.eye(2)
    slope = np.linalg.solve(spread, np.einsum("nk,nki,nkj->nij", weight, arm, shift - mean[:, None]))
    value = mean + np.einsum("ni,nij->nj", (points - centre) / scale, slope)
    return np.asarray(np.clip(value, shift.min(axis=1), shift.max(axis=1)))


def cells(xy: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """Number the cells of at most ``size`` points (n, 2) each, halved again and again along the longer side."""
    if size <= 1:
        return np.arange(len(xy))
    number = np.zeros(len(xy), np.intp)
    waiting, count = [np.arange(len(xy))], 0
    while waiting:
        rows = waiting.pop()
        if len(rows) <= size:
            number[rows] = count
            count += 1
            continue
        axis = int(np.ptp(xy[rows], axis=0).argmax())
        rows = rows[np.argsort(xy[rows, axis], kind="stable")]
        waiting += [rows[len(rows) // 2:], rows[:len(rows) // 2]]
    return number


def pooled(surfaces: Surfaces, rows: NDArray[np.intp], xy: NDArray[np.float64], size: int, base: Knots | None,
           far: float, feedback: Feedback) -> Knots:
    """Return the field at one scale: surfaces of ``rows``, at ``xy`` (rows, 2), added up over cells of ``size`` and
    their neighbours, along the field ``base`` if given; a knot is the peak, the median of it and those beside it.
    """
    number = cells(xy, size)
    count = int(number.max()) + 1
    along = np.zeros((len(rows), 2)) if base is None else np.nan_to_num(base.at(xy))
    reach = surfaces.reach if base is None else RESIDUAL_PX
    order = np.argsort(number, kind="stable")
    sums = scratch((count, 2 * reach + 1, 2 * reach + 1), np.float32)
    each = np.bincount(number, minlength=count).astype(np.float64)
    centre = np.stack([np.bincount(number, xy[:, axis]) / each for axis in (0, 1)], axis=1)
    for start in range(0, len(rows), CHUNK):
        feedback.check()
        chosen = order[start:start + CHUNK]
        values = surfaces.of(rows[chosen])
        if base is not None:
            values = sample(values, along[chosen], reach).astype(np.float32)
        np.nan_to_num(values, copy=False)
        first = np.flatnonzero(np.diff(number[chosen], prepend=-1))
        sums[number[chosen][first]] += values if size <= 1 else np.add.reduceat(values, first, axis=0)
        settle(sums)
    near = cKDTree(centre).query(centre, k=np.arange(1, min(POOL, count) + 1))[1]
    found = np.concatenate([peak(sums[near[start:start + CHUNK]].sum(axis=1)) for start in range(0, count, CHUNK)])
    if base is not None:
        found = found + np.nan_to_num(base.at(centre))
    steady = np.median(found[near[:, :5]], axis=1)
    return Knots(centre, steady, xy, far)


def estimate(surfaces: Surfaces, rows: NDArray[np.intp], xy: NDArray[np.float64], far: float, seed: int,
             feedback: Feedback) -> tuple[Knots, str]:
    """Return the field that ``rows`` at ``xy`` (rows, 2) share, and how it was found in a few words.

    The scales are the steadiest whose mean contrast at features held out is not clearly beaten by nimbler ones, chosen
    on a sample of whole neighbourhoods where there are many features. The field is nought in every neighbourhood where
    it does not make held-out features fit better than staying put does.
    """
    still = Knots(xy, np.zeros_like(xy), xy, far)
    if len(rows) < 2:
        return still, "too few features for a field"
    some = _sample(xy, seed)
    path = _path(surfaces, rows[some], xy[some], far, seed, feedback.span(0.0, 0.5)) or [LAST_RESORT]
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    folds = FOLDS if len(rows) <= SAMPLE_MAX else 1
    gain = (_fits(surfaces, rows, xy, fold, folds, path, far, feedback)
            - _fits(surfaces, rows, xy, fold, folds, [], far, feedback))
    feedback.progress(0.75)
    field = _along(surfaces, rows, xy, path, far, feedback)
    everywhere = _errors(gain) >= PRESENT
    number = cells(xy, NEIGHBOURHOOD if folds == FOLDS else NEIGHBOURHOOD * FOLDS)
    needed = PRESENT_LOCALLY if everywhere else PRESENT_ALONE
    there = np.array([_errors(gain[number == one]) >= needed for one in range(int(number.max()) + 1)])
    if not there.any():
        return still, "no common shift"
    silent = ~there[number[cKDTree(xy).query(field.xy)[1]]]
    field.shift[silent] = 0.0
    return field, f"a field over cells of {', then '.join(map(str, path))} features"


def _sample(xy: NDArray[np.float64], seed: int) -> NDArray[np.intp]:
    """Row numbers of whole neighbourhoods, of at most ``SAMPLE_MAX`` features together."""
    if len(xy) <= SAMPLE_MAX:
        return np.arange(len(xy))
    number = cells(xy, SAMPLE_MAX // SAMPLES)
    chosen = np.random.default_rng(seed).permutation(int(number.max()) + 1)[:SAMPLES]
    return np.flatnonzero(np.isin(number, chosen))


def _path(surfaces: Surfaces, rows: NDArray[np.intp], xy: NDArray[np.float64], far: float, seed: int,
          feedback: Feedback) -> list[int]:
    """The scales, one a round, that fit held-out features best; empty where none beats staying put."""
    fold = np.random.default_rng(seed).permutation(len(rows)) % FOLDS
    path: list[int] = []
    best = _fits(surfaces, rows, xy, fold, TRIED, path, far, feedback)
    for turn in range(ROUNDS):
        chosen: int | None = None
        for size in reversed(_sizes(len(rows))):
            fits = _fits(surfaces, rows, xy, fold, TRIED, [*path, size], far, feedback)
            if _errors(fits - best) >= (SURE if path or chosen is not None else PRESENT):
                best, chosen = fits, size
        feedback.progress((turn + 1) / ROUNDS)
        if chosen is None:
            break
        path.append(chosen)
    return path


def _along(surfaces: Surfaces, rows: NDArray[np.intp], xy: NDArray[np.float64], path: Sequence[int], far: float,
           feedback: Feedback) -> Knots:
    field: Knots | None = None
    for size in path:
        field = pooled(surfaces, rows, xy, min(size, len(rows)), field, far, feedback)
    return field or Knots(xy, np.zeros_like(xy), xy, far)


def _sizes(count: int) -> Sequence[int]:
    sizes = [size for size in CELLS if size * 2 <= count]
    return [*sizes, count]


def _errors(better: NDArray[np.float64]) -> float:
    """How many standard errors the mean of what is known lies above nought; −inf where too little is known."""
    known = better[np.isfinite(better)]
    if len(known) < FEWEST:
        return -np.inf
    error = float(known.std(ddof=1) / np.sqrt(len(known)))
    return float(known.mean() / max(error, 1e-6))


def _fits(surfaces: Surfaces, rows: NDArray[np.intp], xy: NDArray[np.float64], fold: NDArray[np.intp], folds: int,
          path: Sequence[int], far: float, feedback: Feedback) -> NDArray[np.float64]:
    """The contrast at held-out features (n,), at the field that the others make along a path of scales; NaN for those
    that were not held out.
    """
    result = np.full(len(rows), np.nan)
    for one in range(folds):
        out, others = np.flatnonzero(fold == one), np.flatnonzero(fold != one)
        field = _along(surfaces, rows[others], xy[others], path, far, feedback) if path else None
        for start in range(0, len(out), CHUNK):
            some = out[start:start + CHUNK]
            shift = np.zeros((len(some), 2)) if field is None else field.at(xy[some])
            result[some] = value_at(surfaces.of(rows[some]), shift)
    return result
