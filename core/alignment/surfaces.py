"""Correlation surfaces: how well the imagery bears a feature out at every shift within reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.fft
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy.ndimage import gaussian_filter

from ..crew import in_threads
from ..feedback import Feedback
from ..sources.grid import Grid
from .coverage import coverage, heaped
from .scratch import scratch, settle
from .stencils import BLOCK, SIDES, Pieces, weighted

Read = Callable[[Window], NDArray[np.float32]]
_Part = tuple[int, NDArray[np.float32], NDArray[np.float32]]
BATCH_PIXELS = 1 << 18
SETTLED = 4096
"""After so many pieces what was written leaves memory."""
LEAST_SEEN = 0.5
"""A place of which less than this share is seen says nothing."""
LEAST_WEIGHT = 0.02
LEVEL, BLUR_PX = np.float32(0.9), 2.0
"""What a feature is expected to look like in the probabilities: networks blur outlines by about this much."""
BLURRED_TO = 3.0
SOFT_PX = int(BLURRED_TO * BLUR_PX) + 1
"""Farther than this from a feature nothing is seen of it: the blur ends there, and shifts are rounded down."""
TWINS = 0.5
"""Features of which the intersection is more than this share of the union are the same thing twice."""


@dataclass(frozen=True)
class Surfaces:
    """Contrast of n features, ``values`` (n, 2 R + 1, 2 R + 1), float16, in a file of its own: mean probability inside
    minus mean in the ring at shifts of −R to R pixels, rows downward and columns rightward; NaN where too little is
    seen. Feature i lies at ``place[i]``, neighbours together. ``seen`` (n,): whether a feature can be judged at all.
    """

    values: NDArray[np.float16]
    place: NDArray[np.intp]
    seen: NDArray[np.bool_]

    @property
    def reach(self) -> int:
        """R, in pixels."""
        return int(self.values.shape[1] // 2)

    def of(self, rows: NDArray) -> NDArray[np.float32]:
        """Return the surfaces of features as float32, (rows, 2 R + 1, 2 R + 1)."""
        found = np.asarray(self.values[self.place[rows]], np.float32)
        settle(self.values)
        return found


@dataclass(frozen=True)
class Explained:
    """Where the layer's features are thought to lie: what they explain is no evidence for another one.

    Each of n ``shapes`` (pixels) of a class of ``labels`` (n,) may lie at one of several ``places``: for each a shift
    (n, 2) and a probability (n,). ``paint`` (n,) is false for what is the twin of another. A feature looks like
    ``LEVEL`` times its mask, blurred by ``BLUR_PX`` pixels. ``asked`` (m,) says which of the shapes each feature is
    that is correlated, where these are not the shapes themselves: what that one explains is left to it.
    """

    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    places: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    moved: tuple[NDArray[np.object_], ...]
    tree: tuple[shapely.STRtree, ...]
    paint: NDArray[np.bool_]
    asked: NDArray[np.intp] | None

    @classmethod
    def by(cls, shapes: NDArray[np.object_], labels: NDArray[np.intp],
           places: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]], asked: NDArray[np.intp] | None = None
           ) -> Explained:
        """Put shapes (n,) at their places; of features that lie on one another, only the first explains. By default
        the shapes themselves are asked, in their order.
        """
        moved = tuple(translated(shapes, shift) for shift, _ in places)
        return cls(shapes, labels, tuple(places), moved, tuple(shapely.STRtree(one) for one in moved),
                   ~twins(moved[0]), asked)

    def painted(self, window: Window, shape: tuple[int, int], label: int) -> NDArray[np.float32]:
        """Return what the features of a class are expected to look like in a window."""
        left, top = int(window.col_off), int(window.row_off)
        box = shapely.box(left, top, left + shape[1], top + shape[0])
        there, weights = [], []
        for moved, tree, (_, weight) in zip(self.moved, self.tree, self.places, strict=True):
            near = np.sort(tree.query(box))
            near = near[(self.labels[near] == label) & self.paint[near] & (weight[near] > LEAST_WEIGHT)]
            there.append(moved[near])
            weights.append(weight[near])
        count = heaped(np.concatenate(there), np.concatenate(weights), (left, top), shape)
        return np.asarray(LEVEL * _blurred(count[None])[0])

    def own(self, rows: NDArray[np.intp], origin: NDArray[np.intp], inside: NDArray[np.float32], reach: int
            ) -> NDArray[np.float32]:
        """Return what features, ``rows`` of those that are asked, are themselves expected to look like in the windows
        (n, side + 2 reach, …) around their own, from ``origin`` (n, 2) on; ``inside`` (n, side, side) is how much of
        each pixel there they cover.

        They are moved and blurred as waves: of what is left after the blur, nothing lies between pixels.
        """
        side, ahead, of = inside.shape[1], reach, rows
        wide = side + 2 * reach
        if self.asked is not None:
            ahead, of = reach - SOFT_PX, self.asked[rows]
            inside = coverage(self.shapes[of], origin - SOFT_PX, side + 2 * SOFT_PX)
        fast = scipy.fft.next_fast_len(max(wide, inside.shape[1]) + SOFT_PX, real=True)
        down, across = np.fft.fftfreq(fast), np.fft.rfftfreq(fast)
        waves = np.zeros((len(rows), fast, len(across)), np.complex64)
        for shift, weight in self.places:
            some = np.flatnonzero(weight[of] > LEAST_WEIGHT)
            right, low = (shift[of[some]] + ahead).T[:, :, None]
            strength = float(LEVEL) * weight[of[some], None]
            tall = strength * _soft(down) * np.exp(-2j * np.pi * low * down)
            flat = _soft(across) * np.exp(-2j * np.pi * right * across)
            waves[some] += tall.astype(np.complex64)[:, :, None] * flat.astype(np.complex64)[:, None, :]
        waves *= scipy.fft.rfft2(inside, (fast, fast))
        found: NDArray[np.float32] = scipy.fft.irfft2(waves, (fast, fast))[:, :wide, :wide]
        return found


def twins(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which shapes (n,) lie on an earlier one."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    same = shared > TWINS * (shapely.area(shapes[one]) + shapely.area(shapes[other]) - shared)
    result = np.zeros(len(shapes), bool)
    result[other[same]] = True
    return result


def translated(shapes: NDArray[np.object_], shift: NDArray[np.float64]) -> NDArray[np.object_]:
    """Move each of n geometries by its own shift (n, 2); a third coordinate stays as it is."""
    xyz, row = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    result = shapes.copy()
    flat = shapely.has_z(shapes)
    for with_z in (False, True):
        chosen = np.flatnonzero(flat == with_z)
        if len(chosen):
            mine = flat[row] == with_z
            moved = xyz[mine]
            moved[:, :2] += shift[row[mine]]
            result[chosen] = shapely.set_coordinates(shapes[chosen], moved if with_z else moved[:, :2])
    return result


def correlate(pieces: Pieces, count: int, read: Read, labels: NDArray[np.intp], *, reach: int,
              grid: Grid, feedback: Feedback, explained: Explained | None = None) -> Surfaces:
    """Correlate the pieces of ``count`` features with the probability of each one's class, block by block.

    ``read`` gives (classes, height, width) of any window, NaN where nothing is seen; ``labels`` (count,) picks the
    class. With ``explained``, what other features of that class explain counts as not of the class.
    """
    side = 2 * reach + 1
    pieces = pieces.select(_near(pieces, grid, reach))
    order = np.lexsort((pieces.origin[:, 0] // BLOCK, pieces.origin[:, 1] // BLOCK))
    pieces = pieces.select(order)
    place = _places(pieces.row, count)
    values = scratch((count, side, side), np.float16)
    values[place[np.setdiff1d(np.arange(count), pieces.row)]] = np.nan
    pending = _Pending(np.bincount(pieces.row, minlength=count))

    def batches() -> Iterator[tuple[Pieces, _Plane]]:
        for window, rows in _blocks(pieces, reach):
            stack = read(window)
            stack = stack[None] if stack.ndim == 2 else stack
            for label in np.unique(labels[pieces.row[rows]]):
                here = pieces.select(rows[labels[pieces.row[rows]] == label])
                plane = _Plane(stack[label], window, explained, int(label))
                for batch in _batches(here, reach):
                    feedback.check()
                    yield batch, plane

    done = settled = 0
    for batch, whole, parts in in_threads(lambda item: _work(*item, reach), batches()):
        values[place[batch.row[whole.rows]]] = whole.values
        for row, part, mass in parts:
            total = pending.add(row, part, mass)
            if total is not None:
                values[place[row]] = _contrast(*total)
        done += len(batch)
        feedback.progress(done / len(pieces))
        if done - settled > SETTLED:
            settle(values)
            settle(pieces.drawn)
            settled = done
    seen = np.zeros(count, bool)
    for start in range(0, count, 4096):
        rows = np.arange(start, min(start + 4096, count))
        seen[rows] = (~np.isnan(values[place[rows]])).reshape(len(rows), -1).mean(axis=1) >= LEAST_SEEN
        settle(values)
    return Surfaces(values, place, seen)


class _Plane:
    """One class's probability in a window, and which pixels the layer's features explain."""

    def __init__(self, values: NDArray[np.float32], window: Window, explained: Explained | None,
                 label: int) -> None:
        self.left, self.top = int(window.col_off), int(window.row_off)
        self.seen = ~np.isnan(values)
        self.values = np.where(self.seen, values, np.float32(0))
        self.all_seen = bool(self.seen.all())
        self.explained = explained
        if explained is not None:
            self.expected = explained.painted(window, values.shape, label)

    def probabilities(self, batch: Pieces, inside: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
        """Return the windows (n, side + 2 reach, …) around pieces, which cover ``inside`` (n, side, side) of theirs,
        without what other features explain.
        """
        p = self.cut(self.values, batch, reach)
        whole = np.flatnonzero(batch.whole)
        if self.explained is None or not len(whole):
            return p
        left = batch.select(whole)
        p[whole] -= self.cut(self.expected, left, reach)
        p[whole] += self.explained.own(left.row, left.origin, inside[whole], reach)
        np.maximum(p, 0, out=p)
        return p

    def cut(self, array: NDArray, batch: Pieces, reach: int) -> NDArray:
        """Return the windows (n, side + 2 reach, …) of an array around pieces."""
        side = int(batch.side[0]) + 2 * reach
        windows = np.lib.stride_tricks.sliding_window_view(array, (side, side))
        cut: NDArray = windows[batch.origin[:, 1] - self.top - reach, batch.origin[:, 0] - self.left - reach]
        return cut


def _blurred(arrays: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = gaussian_filter(arrays, (0, BLUR_PX, BLUR_PX), mode="constant", truncate=BLURRED_TO)
    return found


def _soft(frequency: NDArray[np.floating]) -> NDArray[np.float64]:
    """How much of waves of some ``frequency`` (n,), a pixel, :func:`_blurred` leaves."""
    steps = np.arange(-int(BLURRED_TO * BLUR_PX + 0.5), int(BLURRED_TO * BLUR_PX + 0.5) + 1)
    weight = np.exp(-0.5 * (steps / BLUR_PX) ** 2)
    return np.asarray(np.cos(2 * np.pi * frequency[:, None] * steps) @ (weight / weight.sum()))


def _work(batch: Pieces, plane: _Plane, reach: int) -> tuple[Pieces, _Whole, list[_Part]]:
    """The surfaces of pieces that are whole features, all of them seen, and the sums of the others."""
    covered, ring = batch.covered()
    p = plane.probabilities(batch, covered, reach)
    inside = weighted(covered)
    seen = None if plane.all_seen else plane.cut(plane.seen, batch, reach)
    plain = batch.whole if seen is None else batch.whole & seen.reshape(len(batch), -1).all(axis=1)
    rows = np.flatnonzero(plain)
    weight = _normal(inside[rows]) - _normal(ring[rows])
    whole = _Whole(rows, _correlation(p[rows], weight, reach).astype(np.float16))
    rest = np.flatnonzero(~plain)
    if not len(rest):
        return batch, whole, []
    lit = np.ones_like(p[rest]) if seen is None else seen[rest].astype(np.float32)
    sums = np.stack([_correlation(a, k, reach) for a, k in
                     ((p[rest], inside[rest]), (lit, inside[rest]), (p[rest], ring[rest]), (lit, ring[rest]))], 1)
    masses = np.stack([inside[rest].sum((1, 2)), ring[rest].sum((1, 2))], 1)
    return batch, whole, list(zip(batch.row[rest].tolist(), sums, masses, strict=True))


class _Whole(NamedTuple):
    """Surfaces (n, 2 R + 1, 2 R + 1) of some rows (n,) of a batch."""

    rows: NDArray[np.intp]
    values: NDArray[np.float16]


class _Pending:
    """The sums of features of which not all pieces have been seen yet."""

    def __init__(self, number: NDArray[np.intp]) -> None:
        self._left = number.copy()
        self._sums: dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}

    def add(self, row: int, part: NDArray[np.float32], mass: NDArray[np.float32]
            ) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Add a piece's sums; return the feature's once it is whole."""
        before = self._sums.pop(row, None)
        total = (part, mass) if before is None else (before[0] + part, before[1] + mass)
        self._left[row] -= 1
        if self._left[row] == 0:
            return total
        self._sums[row] = total
        return None


def _contrast(sums: NDArray[np.float32], mass: NDArray[np.float32]) -> NDArray[np.float32]:
    within, lit, around, lit_around = sums
    enough = (lit >= LEAST_SEEN * mass[0]) & (lit_around >= LEAST_SEEN * mass[1]) & (lit > 0) & (lit_around > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, within / lit - around / lit_around, np.nan).astype(np.float32)


def _normal(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(kernel / np.maximum(kernel.sum((1, 2), keepdims=True), np.float32(1e-6)))


def _correlation(windows: NDArray[np.float32], kernels: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Correlate n windows (side + 2 R) with n kernels (side): (n, 2 R + 1, 2 R + 1)."""
    fast = scipy.fft.next_fast_len(windows.shape[1], real=True)
    spectrum = scipy.fft.rfft2(windows, (fast, fast)) * np.conj(scipy.fft.rfft2(kernels, (fast, fast)))
    lines = scipy.fft.ifft(spectrum, axis=1)[:, :2 * reach + 1]
    found: NDArray[np.float32] = scipy.fft.irfft(lines, fast, axis=2)[:, :, :2 * reach + 1]
    return found


def _near(pieces: Pieces, grid: Grid, reach: int) -> NDArray[np.bool_]:
    """Which pieces come to lie on the grid at any shift; the others are not shown, and cost nothing."""
    low, high = pieces.origin - reach, pieces.origin + pieces.side[:, None] + reach
    return np.asarray(((low < [grid.width, grid.height]) & (high > 0)).all(axis=1))


def _places(row: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Number features in the order in which their first pieces come: neighbours lie together in the file."""
    first = np.full(count, len(row))
    np.minimum.at(first, row, np.arange(len(row)))
    place = np.empty(count, np.intp)
    place[np.argsort(first, kind="stable")] = np.arange(count)
    return place


def _blocks(pieces: Pieces, reach: int) -> Iterator[tuple[Window, NDArray[np.intp]]]:
    """Windows that hold whole pieces with their reach, and the rows of those pieces."""
    if not len(pieces):
        return
    number = np.unique(pieces.origin // BLOCK, axis=0, return_inverse=True)[1].reshape(-1)
    for rows in np.split(np.arange(len(pieces)), np.flatnonzero(np.diff(number)) + 1):
        left, top = pieces.origin[rows].min(axis=0) - reach
        right, bottom = (pieces.origin[rows] + pieces.side[rows, None]).max(axis=0) + reach
        yield Window(int(left), int(top), int(right - left), int(bottom - top)), rows


def _batches(pieces: Pieces, reach: int) -> Iterator[Pieces]:
    for side in SIDES:
        rows = np.flatnonzero(pieces.side == side)
        step = max(1, BATCH_PIXELS // (side + 2 * reach) ** 2)
        for start in range(0, len(rows), step):
            yield pieces.select(rows[start:start + step])
