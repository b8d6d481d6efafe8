"""Objects of about one size, each in a window of its own, stacked: what each looks like is found for all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import fft, ndimage

from ..alignment.surfaces import translated
from .edges import rims
from .masks import grown, masks_of, opened, shrunk
from .odds import log_odds
from .places import BEYOND, Searched
from .sides import NAMES as SIDES
from .sides import sides

RING_PX = 3
SIDE_MAX = 160
"""Larger objects are looked at in coarser pixels: what a look costs does not depend on an object's size."""
NEAR_M, FAR_M = 1.5, 3.0
"""An object that lies nearer than this to where it fits is well placed; so much farther off is elsewhere."""
SHAPE_REACH_M = 4.0
PENALTY = 0.05
PENALTY_M = 6.0
"""A place this far from the neighbours' must show its object by ``PENALTY`` / 2 more contrast to be preferred."""
SIDE_STEP = 8
"""Windows are that many pixels larger one than the other: few sizes, each for many objects."""
STACK_PIXELS = 1 << 18
NAMES = ("inside", "around", "contrast", "free", "near", "best", "gain", "distance", "margin", "overlap",
         "soft overlap", "hole", "bump", "area", "compact", "edge", "edge near", "edge best", "better", *SIDES)
FLAT = np.zeros((3, 3, 3), bool)
FLAT[1] = ndimage.generate_binary_structure(2, 1)
"""Pixels of one window touch; windows do not."""

Stacked = NDArray[np.float32]


@dataclass(frozen=True)
class Seen:
    """What a window shows: probabilities ``p`` (classes, height, width), NaN where nothing is seen, edges ``tensor``
    (3, height, width), and the row ``ids`` (height, width) of the object that covers each pixel, −1 where none does.
    """

    window: Window
    p: Stacked
    tensor: Stacked
    ids: NDArray[np.int32]


@dataclass(frozen=True)
class Found:
    """What was found of n objects, ``rows`` of the layer: see :class:`~.looks.Looks`."""

    rows: NDArray[np.intp]
    x: NDArray[np.float64]
    inside: NDArray[np.float64]
    inside_best: NDArray[np.float64]
    iou: NDArray[np.float64]
    best_px: NDArray[np.float64]
    near_px: NDArray[np.float64]
    places_px: NDArray[np.float64]
    places_x: NDArray[np.float64]


@dataclass(frozen=True)
class Stack:
    """Objects (n,), ``rows`` of the layer, in windows (height, width): shape, probability, edges (3, n, …), which
    pixels are seen, mask, what others explain; ``step`` pixels make one of these. ``visible`` (n,) is the share of the
    object that is seen, ``area`` square metres.
    """

    rows: NDArray[np.intp]
    shapes: NDArray[np.object_]
    p: Stacked
    tensor: Stacked
    lit: NDArray[np.bool_]
    mask: NDArray[np.bool_]
    others: NDArray[np.bool_]
    visible: NDArray[np.float64]
    area: NDArray[np.float64]
    compact: NDArray[np.float64]
    reach: int
    step: int
    pixel: float

    def some(self, chosen: NDArray[np.bool_]) -> Stack:
        """Those chosen (n,)."""
        return Stack(self.rows[chosen], self.shapes[chosen], self.p[chosen], self.tensor[:, chosen], self.lit[chosen],
                     self.mask[chosen], self.others[chosen], self.visible[chosen], self.area[chosen],
                     self.compact[chosen], self.reach, self.step, self.pixel)

    def compared(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Contrast and edge (n, 2), each the best within ``NEAR_M``, where the objects should lie, and their means and
        variances elsewhere, more than so much farther than ``NEAR_M``.
        """
        _, contrast, _, edge, away = self._searched()
        side = 2 * max(int(NEAR_M / self.pixel), 1) + 1
        best = np.stack([ndimage.maximum_filter(values, size=(1, side, side)) for values in (contrast, edge)], axis=1)
        elsewhere = best[:, :, (away > NEAR_M + FAR_M) & (away <= (self.reach - side // 2) * self.pixel)]
        return best[:, :, self.reach, self.reach], elsewhere.mean(axis=2), elsewhere.var(axis=2)

    def measure(self, weight: float, beside: NDArray[np.float64]) -> Found:
        """Look at the objects: where each should lie, where it fits best or may belong, how its shape does there.
        ``weight`` and ``beside`` (n, 2) as :func:`~.looks.look` has them.
        """
        halo = grown(self.mask, RING_PX) & ~self.mask & self.lit
        core = shrunk(self.mask) & self.lit
        bare = ~core.any(axis=(1, 2))
        core[bare] = (self.mask & self.lit)[bare]
        raw_in = _mean(self.p, core)
        raw_out = np.where(halo.any(axis=(1, 2)), _mean(self.p, halo), raw_in)
        free, contrast, inner, edge, away = self._searched()
        each, reach = np.arange(len(self.rows)), self.reach
        both = contrast + np.float32(weight) * edge
        score = both - PENALTY * away**2 / (2 * PENALTY_M**2)
        searched = Searched(contrast, inner, edge, both, score, away, self.pixel)
        places_px, places_x = searched.places(beside / self.step)
        best = _highest(searched.within)
        near = _highest(np.where(away <= max(NEAR_M, self.pixel), score, BEYOND))
        at_best, at_near, middle = (each, *best), (each, *near), (each, reach, reach)
        lines = np.arange(2 * reach + 1)
        apart = np.hypot((lines - best[0][:, None])[:, :, None], (lines - best[1][:, None])[:, None]) * self.pixel
        second = np.where(apart > 2 * NEAR_M, score, -np.inf).max(axis=(1, 2))
        second = np.where(np.isfinite(second), second, score[at_best])
        down, right = near[0] - reach, near[1] - reach
        shape = self._shape(free, down, right)
        bent = sides(np.where(self.lit, free, np.float32(0.5)) - np.float32(0.5), self.tensor,
                     translated(self.shapes, np.stack([right, down], axis=1).astype(np.float64)),
                     max(round(SHAPE_REACH_M / self.pixel), 2))
        x = np.column_stack([
            log_odds(raw_in), log_odds(raw_out), contrast[middle], inner[middle], contrast[at_near], contrast[at_best],
            contrast[at_best] - contrast[at_near], away[best], score[at_best] - second, shape,
            np.log(np.maximum(self.area, 1e-3)), self.compact, edge[middle], edge[at_near], edge[at_best],
            both[at_best] - both[at_near], bent])
        return Found(self.rows, x, raw_in, np.asarray(inner[at_best], np.float64), shape[:, 0],
                     places_px[:, 0] * self.step, np.asarray(np.stack([right, down], axis=1) * self.step, np.float64),
                     places_px * self.step, places_x)

    def _searched(self) -> tuple[Stacked, Stacked, Stacked, Stacked, NDArray[np.float64]]:
        """What others leave of the evidence; contrast, mean inside and edge (n, rows, columns) at every shift within
        reach; metres.
        """
        halo = grown(self.mask, RING_PX) & ~self.mask
        free = self.p * ~shrunk(self.others)
        spectrum = fft.rfft2(free)
        inner, outer = (self._against(spectrum * np.conj(fft.rfft2(_normal(part)))) for part in (self.mask, halo))
        dy, dx = np.mgrid[-self.reach:self.reach + 1, -self.reach:self.reach + 1]
        return free, inner - outer, inner, self._edges(), np.hypot(dy, dx) * self.pixel

    def _against(self, spectra: NDArray[np.complexfloating]) -> Stacked:
        """The surfaces (n, 2 reach + 1, 2 reach + 1) of spectra: only these shifts are transformed back."""
        shifts = np.arange(-self.reach, self.reach + 1)
        lines = fft.ifft(spectra, axis=1)[:, shifts]
        found: Stacked = fft.irfft(lines, self.p.shape[2], axis=2)[:, :, shifts]
        return found

    def _edges(self) -> Stacked:
        """How sharply edges run along the outlines, 0 to 1, at every shift within reach."""
        places, normals, of = rims(self.shapes)
        (nx, ny), (count, height, width) = normals.T, self.p.shape
        x, y = np.floor(places).astype(np.intp).T
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        at = ((of * height + y) * width + x)[inside]
        each = 1 / np.maximum(np.bincount(of, minlength=count), 1)[of]
        total = 0
        for one, part in zip(self.tensor, (nx**2, 2 * nx * ny, ny**2), strict=True):
            kernel = np.bincount(at, (part * each)[inside], count * height * width).astype(np.float32)
            total = total + fft.rfft2(one) * np.conj(fft.rfft2(kernel.reshape(count, height, width)))
        return self._against(np.asarray(total))

    def _shape(self, free: Stacked, down: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.float64]:
        """How the outlines, each moved by whole pixels (n,), and the evidence that touches them compare (n, 4): shares
        in common, of pixels and of probability, what is lacking and what lies beside.
        """
        moved = shifted(self.mask, down, right)
        within = grown(moved, max(round(SHAPE_REACH_M / self.pixel), 1))
        on = (free > 0.5) & within
        labels, number = ndimage.label(on, FLAT)
        touched = np.zeros(number + 1, bool)
        touched[labels[moved]] = True
        touched[0] = False
        body = touched[labels]
        area = np.maximum(_count(moved), 1)
        held, around = (np.where(part, free, np.float32(0)).sum(axis=(1, 2), dtype=np.float64)
                        for part in (moved, within & ~moved))
        return np.column_stack([
            _count(body & moved) / np.maximum(_count(body | moved), 1), held / np.maximum(_count(moved) + around, 1e-6),
            _count(opened(moved & (free < 0.5) & self.lit)) / area, _count(opened(body & ~moved)) / area])


def stacked(seen: Seen, rows: NDArray[np.intp], shapes: NDArray[np.object_], labels: NDArray[np.intp], margin: int,
            reach: int, pixel: float) -> Iterator[tuple[NDArray[np.intp], Stack]]:
    """Stack the objects ``rows`` of a layer that lie in a window, ``shapes`` (n,) in pixels of class ``labels``: yield
    which of them (n,) are in a stack, and the stack. Each is seen with a ``margin`` around.
    """
    size = np.array(seen.p.shape[:0:-1])
    corner = np.array([seen.window.col_off, seen.window.row_off], np.float64)
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    low = np.maximum(np.floor(bounds[:, :2]) - margin - corner, 0).astype(np.intp)
    high = np.minimum(np.ceil(bounds[:, 2:]) + margin - corner, size).astype(np.intp)
    seeable = ((high - low) >= 3).all(axis=1)
    within = np.minimum(bounds[:, 2:] - bounds[:, :2], high - low)  # what reaches out of the window is not looked at
    step = np.fmax(np.ceil(within.max(axis=1, initial=0) / SIDE_MAX), 1).astype(np.intp)
    needed = np.where(seeable, -(-(high - low).max(axis=1, initial=0) // step), 1)
    side = np.array([fft.next_fast_len(int(-(-one // SIDE_STEP) * SIDE_STEP), real=True) for one in needed], np.intp)
    most_wide = int((step * side)[seeable].max(initial=0))
    padded = [np.pad(part, [(0, 0)] * (part.ndim - 2) + [(0, most_wide)] * 2, constant_values=beyond)
              for part, beyond in ((seen.p, np.nan), (seen.tensor, 0), (seen.ids, -1))]
    for each, wide in np.unique(np.stack([step, side], axis=1)[seeable], axis=0).tolist():
        which = np.flatnonzero(seeable & (step == each) & (side == wide))
        views = [np.lib.stride_tricks.sliding_window_view(part, (each * wide, each * wide), (-2, -1))[
            ..., ::each, ::each] for part in padded]
        most = max(STACK_PIXELS // (each * wide)**2, 1)
        for some in (which[start:start + most] for start in range(0, len(which), most)):
            (left, top), extent = low[some].T, (high - low)[some]
            p, tensor, ids = views[0][labels[some], top, left], views[1][:, top, left], views[2][top, left]
            here, stack = _cut(rows[some], translated(shapes[some], -(corner + low[some])), p, tensor, ids, extent,
                               reach, each, pixel)
            yield some[here], stack


def _cut(rows: NDArray[np.intp], shapes: NDArray[np.object_], p: NDArray, tensor: NDArray, ids: NDArray,
         extent: NDArray[np.intp], reach: int, step: int, pixel: float) -> tuple[NDArray[np.bool_], Stack]:
    """Make a stack of windows; of each only its ``extent`` (n, 2), width and height in fine pixels, counts. Say which
    objects (n,) have a pixel in it.
    """
    side = p.shape[1]
    fine = masks_of(shapes, (side * step, side * step))
    tiny = np.flatnonzero(~fine.any(axis=(1, 2)))
    if len(tiny):  # smaller than a pixel: the pixel it lies on
        at = np.clip(shapely.get_coordinates(shapely.point_on_surface(shapes[tiny])).astype(np.intp), 0,
                     extent[tiny] - 1)
        fine[tiny, at[:, 1], at[:, 0]] = True
    lines = np.arange(side) * step
    own = (lines < extent[:, 1:])[:, :, None] & (lines < extent[:, :1])[:, None, :]
    mask = fine[:, ::step, ::step] & own
    here = np.asarray(mask.any(axis=(1, 2)))
    lit = own & ~np.isnan(p)
    others = (ids >= 0) & (ids != rows[:, None, None]) & ~mask & own
    length = np.maximum(shapely.length(shapes), 1e-6)
    area = shapely.area(shapes)
    if step > 1:
        shapes = np.asarray(shapely.transform(shapes, lambda xy: xy / step))
    stack = Stack(rows, shapes, np.where(lit, p, np.float32(0)), tensor * own, lit, mask, others,
                  _count(mask & lit) / np.maximum(_count(mask), 1), area * pixel**2, 4 * np.pi * area / length**2,
                  max(reach // step, 1), step, pixel * step)
    return here, stack if here.all() else stack.some(here)


def shifted(masks: NDArray[np.bool_], down: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return masks (n, height, width), each moved by whole pixels (n,); what leaves its window is lost."""
    most = int(max(np.abs(down).max(initial=0), np.abs(right).max(initial=0)))
    wide = np.pad(masks, ((0, 0), (most, most), (most, most)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, masks.shape[1:], (1, 2))
    moved: NDArray[np.bool_] = windows[np.arange(len(masks)), most - down, most - right]
    return moved


def _highest(values: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns (n,) of the highest place of surfaces."""
    row, column = np.divmod(values.reshape(len(values), -1).argmax(axis=1), values.shape[2])
    return row, column


def _count(masks: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.asarray(masks.sum(axis=(1, 2)))


def _mean(values: Stacked, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    held = np.where(chosen, values, np.float32(0)).sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(held / np.maximum(_count(chosen), 1))


def _normal(masks: NDArray[np.bool_]) -> Stacked:
    return np.asarray(masks / np.maximum(_count(masks), 1)[:, None, None], np.float32)
