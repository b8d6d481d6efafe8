"""Patches of a class that no feature covers: what may be missing, drawn as a person would, and what each looks like.

Patches are taken at several levels of probability, so that a blob over several houses falls apart at one of them. What
is still as large as two features is also cut in two where the imagery has its sharpest edge: houses wall to wall make
one patch of probability, and two roofs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage
from shapely import affinity

from .box_fit import fit_box
from .edges import Shown, rim, support
from .frame import Frame
from .local_size import beside_neighbours
from .masks import grown, mask_of, opened, shrunk
from .odds import log_odds
from .outline import outline, overlap

LEVELS = (0.2, 0.35, 0.5, 0.65)
BOX_LEVEL, BOX_REACH_PX = 0.45, 4
MARGIN_PX = 14
CUT_FROM, LARGE = 0.25, 1.2
"""A patch larger than so many times the layer's middle feature is cut; no part is less than this share of its length.
"""
ROUNDISH = 1.5
"""A patch less long than so many times its width is cut across, too."""
NAMES = ("log odds", "area", "width", "contrast", "drawing", "weakest fifth", "clings", "full", "edge", "weakest edge",
         "rough", "rougher around", "long", "part", "boxy", "beside neighbours")


@dataclass(frozen=True)
class Sizes:
    """Areas in pixels that a patch may have, and that of the layer's middle feature."""

    least: float
    most: float
    middle: float


@dataclass(frozen=True)
class Patch:
    """A patch that no feature covers: its outline in pixels, its looks (``NAMES``), its mean probability, and that of
    the pixels that it was drawn from, which is known before anything is drawn.
    """

    shape: shapely.Polygon
    looks: NDArray[np.float64]
    probability: float
    raw: float


@dataclass(frozen=True)
class Scene:
    """What is seen in a window: the class's probability, what the imagery shows, which pixels features cover."""

    p: NDArray[np.float32]
    shown: Shown
    cover: NDArray[np.bool_]

    def cut(self, where: tuple[slice, slice]) -> Part:
        """Return a part of it."""
        return Part(self.p[where], self.shown.tensor[:, where[0], where[1]], self.cover[where])


class Part(NamedTuple):
    """A part of a scene, around a patch: the class's probability, the imagery's edges, which pixels features cover."""

    p: NDArray[np.float32]
    tensor: NDArray[np.float32]
    cover: NDArray[np.bool_]


def patches(scene: Scene, window: Window, core: tuple[slice, slice], sizes: Sizes, features: NDArray[np.object_],
            touching: NDArray[np.bool_] | None = None, faintest: float = 0.0) -> list[Patch]:
    """Return the uncovered patches whose middle lies in the ``core`` of the window; ``touching`` given, only those that
    touch it. ``features`` (n,) in pixels are those that cover the scene. Patches whose pixels have a mean probability
    below ``faintest`` are not drawn.
    """
    found = list(_uncovered(scene, window, core, sizes, touching, faintest))
    beside = beside_neighbours(np.array([patch.shape for patch in found], dtype=object), features, sizes.middle)
    return [replace(patch, looks=np.append(patch.looks, size)) for patch, size in zip(found, beside, strict=True)]


def _uncovered(scene: Scene, window: Window, core: tuple[slice, slice], sizes: Sizes,
               touching: NDArray[np.bool_] | None, faintest: float) -> Iterator[Patch]:
    beside = grown(scene.cover)
    for level in LEVELS:
        free = (scene.p > level) & ~beside
        body = opened(free, 2)
        labels, number = ndimage.label(body)
        wanted = np.ones(number + 1, bool)
        if touching is not None:
            wanted = np.zeros(number + 1, bool)
            wanted[labels[touching]] = True
        for k, where in enumerate(ndimage.find_objects(labels), start=1):
            inside = all(c.start <= (s.start + s.stop) / 2 < c.stop for c, s in zip(core, where, strict=True))
            if not (inside and wanted[k]):
                continue
            wide = tuple(slice(max(s.start - MARGIN_PX, 0), s.stop + MARGIN_PX) for s in where)
            mask = grown(labels[wide] == k, 2) & free[wide]
            if not sizes.least <= mask.sum() <= sizes.most:
                continue
            raw = float(scene.p[wide][mask].mean())
            if raw < faintest:
                continue
            here = scene.cut((wide[0], wide[1]))
            left, top = wide[1].start + int(window.col_off), wide[0].start + int(window.row_off)
            for shape, looks, probability in _drawn(here, mask, level, sizes):
                yield Patch(affinity.translate(shape, left, top), looks, probability, raw)


def _drawn(scene: Part, mask: NDArray[np.bool_], level: float, sizes: Sizes
           ) -> Iterator[tuple[shapely.Polygon, NDArray[np.float64], float]]:
    """Draw a patch, as a whole and where it is large in parts: outlines, their looks and mean probabilities."""
    raw = outline(mask, 0, 0)
    value = np.where(scene.cover, -BOX_LEVEL, scene.p - max(BOX_LEVEL, level - 0.1))
    box = fit_box(value, raw, BOX_REACH_PX, scene.tensor)
    whole = box[0] if box is not None and overlap(box[0], raw) > 0.5 else raw
    for nth, shape in enumerate([whole, *(_parts(scene, whole) if mask.sum() > LARGE * sizes.middle else [])]):
        seen = _looked_at(scene, mask, raw, shape, sizes.least, nth > 0)
        if seen is not None:
            yield shape, *seen


def _parts(scene: Part, whole: shapely.Polygon) -> list[shapely.Polygon]:
    """The two parts of an outline on either side of the sharpest edge across it, lengthwise, crosswise where it is
    about as wide as long.
    """
    frame = Frame.around(whole, 1)
    if frame is None:
        return []
    x0, y0, x1, y1 = frame.box
    columns, rows = frame.edges(scene.tensor)
    ways = []
    if (x1 - x0) * ROUNDISH >= y1 - y0:
        x = x0 + _sharpest(columns[y0:y1, x0:x1 + 1].mean(axis=0))
        ways += [shapely.box(x0, y0, x, y1), shapely.box(x, y0, x1, y1)]
    if (y1 - y0) * ROUNDISH >= x1 - x0:
        y = y0 + _sharpest(rows[y0:y1 + 1, x0:x1].mean(axis=1))
        ways += [shapely.box(x0, y0, x1, y), shapely.box(x0, y, x1, y1)]
    parts = [frame.back(half).intersection(whole) for half in ways if half.area > 0]
    return [part for part in parts if isinstance(part, shapely.Polygon) and part.area > 0]


def _sharpest(edge: NDArray[np.float64]) -> int:
    near = max(round(CUT_FROM * (len(edge) - 1)), 1)
    inner = edge[near:len(edge) - near]
    return near + int(inner.argmax()) if len(inner) else len(edge) // 2


def _looked_at(scene: Part, mask: NDArray[np.bool_], raw: shapely.Polygon, shape: shapely.Polygon, least: float,
               part: bool) -> tuple[NDArray[np.float64], float] | None:
    """What a drawn patch looks like by itself, all but the last of ``NAMES``: log odds inside, log size, log width,
    contrast to the bare ground around, how much the drawing shares with the pixels, its weakest fifth, how it clings to
    features, how full it is, how sharp edges are along it and along its worst fifth, how rough it is inside and how
    much rougher around, how long for its width, whether it is a part, how much of the turned rectangle around it it
    fills.
    """
    p, cover = scene.p, scene.cover
    inside = mask_of(shape, mask.shape)
    if inside.sum() < max(least, 1):
        return None
    ring = grown(inside, 4) & ~grown(inside)
    bare = ring & ~cover
    mean = float(p[inside].mean())
    width = float(ndimage.distance_transform_edt(np.pad(inside, 1)).max())
    outside = bare if bare.any() else ring
    edge = support(scene.tensor, *rim(shape))
    rough = scene.tensor[0] + scene.tensor[2]
    core = shrunk(inside, 2)
    within = float(rough[core if core.any() else inside].mean())
    looks = np.array([
        float(log_odds(np.array(mean))), np.log(float(inside.sum())), np.log(width),
        mean - float(p[outside].mean()) if outside.any() else 0.0, overlap(shape, raw),
        _fifth(p[inside]), float(cover[ring].mean()) if ring.any() else 0.0,
        float((mask & inside).sum()) / max(shape.convex_hull.area, 1.0), float(edge.mean()),
        _fifth(edge), within, float(rough[outside].mean()) - within if outside.any() else 0.0,
        np.log(max(shape.area, 1.0) / width**2), float(part),
        shape.area / max(shape.minimum_rotated_rectangle.area, 1.0)])
    return looks, mean


def _fifth(values: NDArray[np.floating]) -> float:
    """The quantile below which a fifth lies: NumPy's own, for a tenth of its cost where values are few."""
    ordered = np.sort(values)
    at = 0.2 * (len(ordered) - 1)
    low, high = ordered[int(at)], ordered[min(int(at) + 1, len(ordered) - 1)]
    return float(low + (at - int(at)) * (high - low))
