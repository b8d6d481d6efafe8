"""How each object of a map looks in the imagery: where it should lie, where it would fit, how its shape does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import fft, ndimage
from shapely import affinity

from ..crew import Crew
from ..feedback import Feedback
from .edges import Edges, Shown, rim
from .masks import grown, mask_of, opened, shrunk
from .odds import log_odds
from .places import BEYOND, OWN, Searched
from .places import NAMES as PLACE_NAMES
from .pooling import blocks, covering
from .sides import NAMES as SIDES
from .sides import sides

if TYPE_CHECKING:  # the members of a crew need no networks
    from ..fusion.evidence import Evidence

RING_PX = 3
SIDE_MAX = 160
"""Larger objects are looked at in coarser pixels: what a look costs does not depend on an object's size."""
NEAR_M = 1.5
"""An object that lies nearer than this to where it fits is well placed."""
SHAPE_REACH_M = 4.0
PENALTY = 0.05
PENALTY_M = 6.0
"""A place this far from the neighbours' must show its object by ``PENALTY`` / 2 more contrast to be preferred."""

NAMES = ("inside", "around", "contrast", "free", "near", "best", "gain", "distance", "margin", "overlap",
         "soft overlap", "hole", "bump", "area", "compact", "edge", "edge near", "edge best", "better", *SIDES)
LEARN_FROM, FAR_M = 300, 3.0
MOST_WEIGHT = 5.0


@dataclass(frozen=True)
class Looks:
    """What n objects look like. ``x`` (n, len(NAMES)), NaN where nothing is seen; ``visible`` (n,) the share seen;
    ``inside`` (n,) mean probability where it should lie; ``best_px`` (n, 2) columns and rows to where it fits best,
    from where it should lie; ``near_px`` (n, 2) the same within ``NEAR_M``; ``iou`` (n,) of outline and evidence there.
    ``places_px`` (n, k, 2), ``places_x`` (n, k, d): all places where it may belong and what speaks for them (see
    :mod:`places`), NaN where there are fewer.
    """

    x: NDArray[np.float64]
    visible: NDArray[np.float64]
    inside: NDArray[np.float64]
    best_px: NDArray[np.float64]
    near_px: NDArray[np.float64]
    inside_best: NDArray[np.float64]
    iou: NDArray[np.float64]
    places_px: NDArray[np.float32]
    places_x: NDArray[np.float32]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which objects (n,) show at least half of their pixels."""
        return (self.visible >= 0.5) & ~np.isnan(self.x[:, 0])

    def of(self, name: str) -> NDArray[np.float64]:
        """One of the looks (n,), by its name of ``NAMES``."""
        return self.x[:, NAMES.index(name)]

    def places_m(self, pixel_m: float) -> NDArray[np.float64]:
        """How far each place (n, k) lies from where the neighbours say that the object should lie, metres."""
        return np.asarray(np.hypot(*self.places_px.transpose(2, 0, 1)) * pixel_m)


def look(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp], placed: NDArray[np.object_],
         beside: NDArray[np.float64], reach_m: float, edges: Edges, weight: float, feedback: Feedback,
         crew: Crew | None = None) -> Looks:
    """Look at ``shapes`` (n,), polygons in pixels where their neighbours say that they should lie, of class ``labels``.

    ``placed`` (m,), in the same order for the first n, is where all objects of the layer are thought to lie: what they
    explain is no evidence for another one. ``beside`` (n, 2), pixels from where they should lie: where the alignment
    would put each if it lies elsewhere. ``weight``: what a unit of edge along the outline counts beside a unit of
    contrast; see :func:`trust_in_edges`. A ``crew`` shares the work.
    """
    n = len(shapes)
    x = np.full((n, len(NAMES)), np.nan)
    visible, inside, inside_best, iou = np.zeros(n), np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    best_px, near_px = np.zeros((n, 2)), np.zeros((n, 2))
    places_px = np.full((n, OWN + 1, 2), np.nan, np.float32)
    places_x = np.full((n, OWN + 1, len(PLACE_NAMES)), np.nan, np.float32)
    views = _views(evidence, shapes, labels, placed, reach_m, edges, feedback, weight=weight, beside=beside)
    for looked in (map(_measured, views) if crew is None else crew.map(_measured, views, feedback)):
        for row, share, found in looked:
            visible[row] = share
            if found is None:
                continue
            x[row] = found.values
            inside[row], inside_best[row], iou[row] = found.inside, found.inside_best, found.iou
            best_px[row], near_px[row] = found.best, found.near
            places_px[row], places_x[row] = found.places_px, found.places_x
    return Looks(x, visible, inside, best_px, near_px, inside_best, iou, places_px, places_x)


def trust_in_edges(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp],
                   placed: NDArray[np.object_], reach_m: float, edges: Edges, seed: int, feedback: Feedback) -> float:
    """Return what a unit of edge along outlines says of their place, beside a unit of contrast in the probabilities:
    how much better than elsewhere each is where the neighbours say that objects lie, in units of its variance
    elsewhere (Fisher's discriminant, the two taken for independent). 0 where outlines do not lie on edges.
    """
    some = np.random.default_rng([seed, 9]).permutation(len(shapes))[:LEARN_FROM]
    here, away = [], []
    for view in _views(evidence, shapes, labels, placed, reach_m, edges, feedback, np.sort(some)):
        for _, seen in view.each():
            if seen.visible == 1:
                own, elsewhere = seen.compared()
                here.append(own)
                away.append(elsewhere)
    if not here:
        return 0.0
    separation = np.mean(here, axis=0) - np.mean([a.mean(axis=1) for a in away], axis=0)
    variance = np.mean([a.var(axis=1) for a in away], axis=0)
    contrast, edge = np.maximum(separation, 0) / np.maximum(variance, 1e-9)
    return float(np.clip(edge / max(contrast, 1e-9), 0.0, MOST_WEIGHT)) if edge > 0 else 0.0


@dataclass(frozen=True)
class _View:
    """A window with what is seen in it, and the objects in it, ``rows`` of the layer, to be looked at."""

    window: Window
    p: NDArray[np.float32]
    shown: Shown
    ids: NDArray[np.int32]
    rows: NDArray[np.intp]
    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    beside: NDArray[np.float64]
    margin: int
    reach: int
    pixel: float
    weight: float

    def each(self) -> Iterator[tuple[int, _Seen]]:
        """Objects as they are seen, with their rows."""
        for row, shape, label in zip(self.rows.tolist(), self.shapes, self.labels, strict=True):
            seen = _Seen.of(shape, self.p[label], self.shown.tensor, self.ids, row, self.window, self.margin,
                            self.reach, self.pixel)
            if seen is not None:
                yield row, seen


def _measured(view: _View) -> list[tuple[int, float, _Found | None]]:
    """Rows, shares that are seen, and what is found where anything is."""
    beside = dict(zip(view.rows.tolist(), view.beside, strict=True))
    return [(row, seen.visible, seen.measure(view.weight, beside[row]) if seen.visible else None)
            for row, seen in view.each()]


def _views(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp], placed: NDArray[np.object_],
           reach_m: float, edges: Edges, feedback: Feedback, chosen: NDArray[np.intp] | None = None,
           weight: float = 0.0, beside: NDArray[np.float64] | None = None) -> Iterator[_View]:
    """Objects, all or those ``chosen``, window by window."""
    pixel = evidence.grid.pixel_m
    reach = max(int(np.ceil(reach_m / pixel)), 3)
    tree = shapely.STRtree(placed)
    margin = reach + RING_PX + 2
    of = np.arange(len(shapes)) if chosen is None else chosen
    where = np.zeros((len(shapes), 2)) if beside is None else beside
    for window, rows in blocks(shapes[of], evidence.grid, margin):
        feedback.check()
        here = of[rows]
        yield _View(window, evidence.read(window), edges.shown(window), covering(placed, tree, window), here,
                    shapes[here], labels[here], where[here], margin, reach, pixel, weight)
        feedback.progress(float(rows[-1] + 1) / len(of))


class _Shape(NamedTuple):
    iou: float
    soft: float
    hole: float
    bump: float


@dataclass(frozen=True)
class _Found:
    values: NDArray[np.float64]
    inside: float
    inside_best: float
    iou: float
    best: NDArray[np.float64]
    near: NDArray[np.float64]
    places_px: NDArray[np.float64]
    places_x: NDArray[np.float64]


@dataclass(frozen=True)
class _Seen:
    """One object in its own window: its shape, probability, edges, mask, what others explain; ``step`` pixels make one
    of these.
    """

    shape: shapely.Geometry
    p: NDArray[np.float32]
    tensor: NDArray[np.float32]
    lit: NDArray[np.bool_]
    mask: NDArray[np.bool_]
    others: NDArray[np.bool_]
    reach: int
    step: int
    pixel: float
    visible: float
    area: float
    compact: float

    @classmethod
    def of(cls, shape: shapely.Geometry, p: NDArray[np.float32], tensor: NDArray[np.float32], ids: NDArray[np.int32],
           row: int, window: Window, margin: int, reach: int, pixel: float) -> _Seen | None:
        x0, y0, x1, y1 = shape.bounds
        top = max(int(np.floor(y0)) - margin - int(window.row_off), 0)
        left = max(int(np.floor(x0)) - margin - int(window.col_off), 0)
        bottom = min(int(np.ceil(y1)) + margin - int(window.row_off), p.shape[0])
        right = min(int(np.ceil(x1)) + margin - int(window.col_off), p.shape[1])
        if bottom - top < 3 or right - left < 3:
            return None
        moved = shapely.transform(shape, lambda xy: xy - [window.col_off + left, window.row_off + top])
        mask = mask_of(moved, (bottom - top, right - left))
        if not mask.any():
            at = shapely.get_coordinates(shapely.point_on_surface(moved))[0].astype(int)
            mask[min(max(at[1], 0), mask.shape[0] - 1), min(max(at[0], 0), mask.shape[1] - 1)] = True
        step = int(np.ceil((max(x1 - x0, y1 - y0)) / SIDE_MAX))
        cut = np.s_[top:bottom:step, left:right:step]
        here = p[cut]
        lit = ~np.isnan(here)
        small = mask[::step, ::step]
        if not small.any():
            return None
        around = ids[cut]
        others = (around >= 0) & (around != row) & ~small
        length = max(shape.length, 1e-6)
        if step > 1:
            moved = shapely.transform(moved, lambda xy: xy / step)
        return cls(moved, np.where(lit, here, np.float32(0)), tensor[:, cut[0], cut[1]], lit, small,
                   others, max(reach // step, 1), step, pixel * step,
                   float((small & lit).sum() / small.sum()), float(shape.area) * pixel**2,
                   4 * np.pi * shape.area / length**2)

    def compared(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Contrast and edge, each the best within ``NEAR_M``, where the object should lie (2,) and elsewhere (2, n)."""
        _, contrast, _, edge, away = self._searched()
        side = 2 * max(int(NEAR_M / self.pixel), 1) + 1
        best = np.stack([ndimage.maximum_filter(values, size=side) for values in (contrast, edge)])
        return (best[:, self.reach, self.reach],
                best[:, (away > NEAR_M + FAR_M) & (away <= (self.reach - side // 2) * self.pixel)])

    def _searched(self) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
        """What others leave of the evidence; contrast, mean inside, edge and metres at every shift within reach."""
        halo = grown(self.mask, RING_PX) & ~self.mask
        free = self.p * ~shrunk(self.others)
        contrast, inner = self._surfaces(free, self.mask, halo)
        dy, dx = np.mgrid[-self.reach:self.reach + 1, -self.reach:self.reach + 1]
        return free, contrast, inner, self._edges(), np.hypot(dy, dx) * self.pixel

    def measure(self, weight: float, beside: NDArray[np.float64]) -> _Found:
        """Look at the object: where it should lie, where it fits best or may belong, how its shape does there."""
        mask = self.mask
        core = shrunk(mask) & self.lit
        core = core if core.any() else mask & self.lit
        halo = grown(mask, RING_PX) & ~mask
        raw_in = float(self.p[core].mean())
        raw_out = float(self.p[halo & self.lit].mean()) if (halo & self.lit).any() else raw_in
        free, contrast, inner, edge, away = self._searched()
        reach = self.reach
        dy, dx = np.mgrid[-reach:reach + 1, -reach:reach + 1]
        both = contrast + weight * edge
        score = both - PENALTY * away**2 / (2 * PENALTY_M**2)
        scale = float(self.step)
        searched = Searched(contrast, inner, edge, both, score, away, self.pixel)
        places_px, places_x = searched.places(beside / scale)
        best = np.unravel_index(int(np.argmax(searched.within)), score.shape)
        close = np.where(away <= max(NEAR_M, self.pixel), score, BEYOND)
        near = np.unravel_index(int(np.argmax(close)), score.shape)
        apart = np.hypot(dy - dy[best], dx - dx[best]) * self.pixel > 2 * NEAR_M
        second = float(score[apart].max()) if apart.any() else float(score[best])
        shape = self._shape(free, int(dy[near]), int(dx[near]))
        beside = sides(np.where(self.lit, free, 0.5) - 0.5, self.tensor, affinity.translate(
            self.shape, int(dx[near]), int(dy[near])), max(round(SHAPE_REACH_M / self.pixel), 2))
        values = np.array([
            float(log_odds(np.array(raw_in))), float(log_odds(np.array(raw_out))), contrast[reach, reach],
            inner[reach, reach], contrast[near], contrast[best], contrast[best] - contrast[near], away[best],
            score[best] - second, shape.iou, shape.soft, shape.hole, shape.bump,
            np.log(max(self.area, 1e-3)), self.compact, edge[reach, reach], edge[near], edge[best],
            both[best] - both[near], *beside])
        return _Found(values, raw_in, float(inner[best]), shape.iou, places_px[0] * scale,
                      np.array([dx[near], dy[near]]) * scale, places_px * scale, places_x)

    def _surfaces(self, free: NDArray, mask: NDArray[np.bool_], halo: NDArray[np.bool_]) -> tuple[NDArray, NDArray]:
        """Mean inside minus mean around, and mean inside, at every shift within reach (rows, columns)."""
        r = self.reach
        rows, columns = np.nonzero(mask | halo)
        box = np.s_[rows.min():rows.max() + 1, columns.min():columns.max() + 1]
        m, h = mask[box].astype(np.float32), halo[box].astype(np.float32)
        top, left = int(rows.min()) - r, int(columns.min()) - r
        wide = window_of(free, top, left, m.shape[0] + 2 * r, m.shape[1] + 2 * r)
        size = [fft.next_fast_len(s, real=True) for s in wide.shape]
        spectrum = fft.rfft2(wide, size)
        inner, outer = (fft.irfft2(spectrum * np.conj(fft.rfft2(k / max(k.sum(), 1), size)), size)
                        [:2 * r + 1, :2 * r + 1] for k in (m, h))
        return inner - outer, inner

    def _edges(self) -> NDArray[np.float64]:
        """How sharply edges run along the outline, 0 to 1, at every shift within reach (rows, columns)."""
        r = self.reach
        places, normals = rim(self.shape)
        at = np.floor(places).astype(np.intp)
        low, high = at.min(axis=0), at.max(axis=0) + 1
        nx, ny = normals.T
        kernels = np.zeros((3, *(high - low)[::-1]))
        for kernel, part in zip(kernels, (nx**2, 2 * nx * ny, ny**2), strict=True):
            np.add.at(kernel, (at[:, 1] - low[1], at[:, 0] - low[0]), part / len(at))
        wide = window_of(self.tensor, int(low[1]) - r, int(low[0]) - r, kernels.shape[1] + 2 * r,
                         kernels.shape[2] + 2 * r)
        size = [fft.next_fast_len(n, real=True) for n in wide.shape[1:]]
        spectrum = (fft.rfft2(wide, size) * np.conj(fft.rfft2(kernels, size))).sum(axis=0)
        return np.asarray(fft.irfft2(spectrum, size)[:2 * r + 1, :2 * r + 1])

    def _shape(self, free: NDArray, dy: int, dx: int) -> _Shape:
        """How the outline, moved by whole pixels, and the evidence that touches it compare."""
        moved = shifted(self.mask, dy, dx)
        reach = max(round(SHAPE_REACH_M / self.pixel), 1)
        within = grown(moved, reach)
        on = (free > 0.5) & within
        labels, _ = ndimage.label(on)
        touched = np.unique(labels[moved])
        body = np.isin(labels, touched[touched > 0]) if (touched > 0).any() else np.zeros_like(on)
        union = (body | moved).sum()
        shared = float(free[moved].sum())
        soft = shared / max(float(moved.sum()) + float(free[within & ~moved].sum()), 1e-6)
        hole = opened(moved & (free < 0.5) & self.lit)
        bump = opened(body & ~moved)
        area = max(moved.sum(), 1)
        return _Shape(float((body & moved).sum() / max(union, 1)), float(soft),
                      float(hole.sum() / area), float(bump.sum() / area))


def window_of(values: NDArray, top: int, left: int, height: int, width: int) -> NDArray:
    """Return a window of the last two axes of an array, which may reach beyond it; noughts there."""
    wide = np.zeros((*values.shape[:-2], height, width), values.dtype)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + height, values.shape[-2]), min(left + width, values.shape[-1])
    if y1 > y0 and x1 > x0:
        wide[..., y0 - top:y1 - top, x0 - left:x1 - left] = values[..., y0:y1, x0:x1]
    return wide


def shifted(mask: NDArray[np.bool_], dy: int, dx: int) -> NDArray[np.bool_]:
    """Return a mask moved by whole pixels; what leaves the window is lost."""
    result = np.zeros_like(mask)
    height, width = mask.shape
    result[max(dy, 0):height + min(dy, 0), max(dx, 0):width + min(dx, 0)] = (
        mask[max(-dy, 0):height + min(-dy, 0), max(-dx, 0):width + min(-dx, 0)])
    return result
