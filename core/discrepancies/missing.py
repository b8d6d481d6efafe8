"""Missing: the ground shows a feature that a map layer lacks.

Only where the silence of a map says something (the legend has a background). Candidates are patches of the class that
no feature covers, at several levels of probability, so that a blob over several houses falls apart at one of them; of
candidates that overlap the likeliest stays. What a patch looks like when a real feature is missing is learnt by leaving
out the layer's own features, a few at a time, and looking at the patches that appear.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy import ndimage
from shapely import affinity

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .box_fit import fit_box
from .finding import log_odds, on_ground
from .mixture import share_of_known
from .outline import outline, overlap

PRIOR_SHARE = 0.2
BLOCK, MARGIN = 1024, 128
LEVELS = (0.35, 0.5, 0.65)
BOX_LEVEL, BOX_REACH_PX = 0.45, 4
LARGEST = 3.0
"""A patch larger than so many times the layer's largest features (all but one in a hundred) is no feature."""
LEFT_OUT, ROUNDS = 6, 4
"""A sixth of the features is left out at a time, so that most neighbours stay; so many times."""
EXAMPLES = 1500
SAME_IOU, SAME_SHARE = 0.3, 0.3


@dataclass(frozen=True)
class Patch:
    """A patch that no feature covers: its outline in pixels, its looks (see :func:`_patch`), its mean probability."""

    shape: shapely.Polygon
    looks: NDArray[np.float64]
    probability: float


def find(ground: Ground, layer: Statements, evidence: Evidence, placed: NDArray[np.object_], number: int, seed: int,
         least: float, feedback: Feedback) -> list[Discrepancy]:
    """Return what a map layer may lack, with a probability of at least ``least``; ``placed`` (pixels) is where its
    features are thought to lie.
    """
    if layer.background is None:
        return []
    quiet = int(layer.background.argmax())
    label = dominant(layer.mix)
    solid = shapely.get_dimensions(layer.features.geometries) != 1
    found: list[Discrepancy] = []
    classes = np.unique(label[(label >= 0) & (label != quiet) & solid])
    for at, c in enumerate(classes):
        part = feedback.span(at / len(classes), (at + 1) / len(classes))
        rows = np.flatnonzero((label == c) & solid)
        with feedback.stage("missing"):
            open_, chance = _ranked(*_patches(ground, placed, evidence, int(c), rows, seed, part))
        name = ground.legend.names[c]
        after = ground.legend.retag(layer.features, int(rows[0]), name)
        outlines = ground.grid.to_world(np.array([patch.shape for patch in open_], dtype=object))
        for patch, geometry, p in zip(open_, outlines, chance, strict=True):
            if p < least:
                continue
            around, contrast = patch.probability - patch.looks[3], patch.looks[3]
            found.append(on_ground(
                ground, "map", layer.name, geometry, kind="missing", edit="add", probability=p,
                surprise=-np.log(max(1 - patch.probability, 1e-4)), number=number, class_proposed=name, after=after,
                evidence={"sentence": f"The imagery shows {name} here with {patch.probability:.0%} probability, "
                                      f"{max(around, 0):.0%} around it, and no feature of “{layer.name}” covers it.",
                          "probability_inside": round(patch.probability, 3), "contrast": round(float(contrast), 3),
                          "clings": round(float(patch.looks[6]), 3)}))
    return found


def _ranked(real: list[Patch], open_: list[Patch]) -> tuple[list[Patch], NDArray[np.float64]]:
    """Keep the likeliest of candidates that overlap, and say how likely each is to be a missing feature."""
    known = np.array([patch.looks for patch in real]).reshape(len(real), -1)
    chance = np.zeros(0)
    for _ in range(2):  # what was learnt from overlapping candidates holds for those that stay only if learnt again
        if not open_:
            return [], np.zeros(0)
        plain = np.array([patch.probability for patch in open_])
        chance = share_of_known(known, np.array([patch.looks for patch in open_]), prior_share=PRIOR_SHARE, plain=plain)
        kept = _apart(np.array([patch.shape for patch in open_], dtype=object), chance + 1e-6 * plain)
        open_, chance = [open_[k] for k in kept], chance[kept]
    return open_, chance


def _apart(shapes: NDArray[np.object_], value: NDArray[np.float64]) -> list[int]:
    tree, gone, kept = shapely.STRtree(shapes), np.zeros(len(shapes), bool), []
    area = shapely.area(shapes)
    for k in np.argsort(-value, kind="stable"):
        if gone[k]:
            continue
        kept.append(int(k))
        near = tree.query(shapes[k], predicate="intersects")
        shared = shapely.area(shapely.intersection(shapes[near], shapes[k]))
        gone[near[shared > SAME_SHARE * np.minimum(area[near], area[k])]] = True
    return kept


def _patches(ground: Ground, placed: NDArray[np.object_], evidence: Evidence, c: int, rows: NDArray[np.intp], seed: int,
             feedback: Feedback) -> tuple[list[Patch], list[Patch]]:
    """Patches that appear where features are left out, and patches that are there anyway."""
    rng = np.random.default_rng([seed, 2])
    group = np.full(len(placed), -1)
    group[rows] = rng.integers(0, LEFT_OUT, len(rows))
    tree = shapely.STRtree(placed)
    real: list[Patch] = []
    open_: list[Patch] = []
    least = ground.legend.min_area_m2 / ground.grid.pixel_area_m2
    size = least, max(LARGEST * float(np.quantile(shapely.area(placed[rows]), 0.99)), 4 * least)
    blocks = list(_blocks(ground))
    for done, k in enumerate(rng.permutation(len(blocks))):
        feedback.check()
        window, core = blocks[k]
        p = np.nan_to_num(evidence.read(window)[c])
        near = np.sort(tree.query(_box(window), predicate="intersects"))
        open_ += _of_block(p, _cover(placed[near], window), window, core, size)
        for left_out in range(ROUNDS if len(real) < EXAMPLES else 0):
            gone = near[group[near] == left_out]
            if len(gone):
                around = ndimage.binary_dilation(_cover(placed[gone], window), iterations=6)
                kept = _cover(placed[near[group[near] != left_out]], window)
                appeared = _of_block(p, kept, window, core, size, around)
                real += [patch for patch in appeared if _overlaps(patch.shape, placed[gone])]
        feedback.progress((done + 1) / len(blocks))
    return real, open_


def _of_block(p: NDArray[np.float32], cover: NDArray[np.bool_], window: Window, core: tuple[slice, slice],
              size: tuple[float, float], around: NDArray[np.bool_] | None = None) -> list[Patch]:
    """The uncovered patches (``around`` given: within it) of a size in pixels whose middle lies in the block's core."""
    beside = ndimage.binary_dilation(cover)
    if around is not None:
        beside |= ~around
    patches = []
    for level in LEVELS:
        free = (p > level) & ~beside
        body = ndimage.binary_opening(free, ndimage.generate_binary_structure(2, 1), iterations=2)
        labels, _ = ndimage.label(body)
        for k, where in enumerate(ndimage.find_objects(labels), start=1):
            if not all(c.start <= (s.start + s.stop) / 2 < c.stop for c, s in zip(core, where, strict=True)):
                continue
            wide = tuple(slice(max(s.start - 14, 0), s.stop + 14) for s in where)
            mask = ndimage.binary_dilation(labels[wide] == k, iterations=2) & free[wide]
            if not size[0] <= mask.sum() <= size[1]:
                continue
            patch = _patch(p[wide], mask, cover[wide], level, size[0])
            if patch is not None:
                left, top = wide[1].start + int(window.col_off), wide[0].start + int(window.row_off)
                patches.append(Patch(affinity.translate(patch.shape, left, top), patch.looks, patch.probability))
    return patches


def _patch(p: NDArray[np.float32], mask: NDArray[np.bool_], cover: NDArray[np.bool_], level: float, least: float
           ) -> Patch | None:
    """Draw a patch as a person would, and look at it: log odds inside, size, width, contrast to the bare ground around,
    how much the drawing shares with the pixels, its weakest fifth, how it clings to features, how full it is.
    """
    raw = outline(mask, 0, 0)
    value = np.where(cover, -BOX_LEVEL, p - max(BOX_LEVEL, level - 0.1))
    box = fit_box(value, raw, BOX_REACH_PX)
    shape = box[0] if box is not None and overlap(box[0], raw) > 0.5 else raw
    inside = rasterize([(shape, 1)], out_shape=mask.shape, dtype="uint8").astype(bool)
    if inside.sum() < max(least, 1):
        return None
    ring = ndimage.binary_dilation(inside, iterations=4) & ~ndimage.binary_dilation(inside)
    bare = ring & ~cover
    mean = float(p[inside].mean())
    width = float(ndimage.distance_transform_edt(np.pad(inside, 1)).max())
    outside = bare if bare.any() else ring
    looks = np.array([
        float(log_odds(np.array(mean))), np.log(float(inside.sum())), np.log(width),
        mean - float(p[outside].mean()) if outside.any() else 0.0, overlap(shape, raw),
        float(np.quantile(p[inside], 0.2)), float(cover[ring].mean()) if ring.any() else 0.0,
        float(mask.sum()) / max(raw.convex_hull.area, 1.0)])
    return Patch(shape, looks, mean)


def _cover(shapes: NDArray[np.object_], window: Window) -> NDArray[np.bool_]:
    size = int(window.height), int(window.width)
    if not len(shapes):
        return np.zeros(size, bool)
    moved = shapely.transform(shapes, lambda xy: xy - [window.col_off, window.row_off])
    covered: NDArray[np.bool_] = rasterize([(s, 1) for s in moved], out_shape=size, dtype="uint8").astype(bool)
    return covered


def _overlaps(patch: shapely.Polygon, shapes: NDArray[np.object_]) -> bool:
    shared = shapely.area(shapely.intersection(shapes, patch))
    return bool((shared / (shapely.area(shapes) + patch.area - shared) >= SAME_IOU).any())


def _box(window: Window) -> shapely.Polygon:
    left, top = int(window.col_off), int(window.row_off)
    return shapely.box(left, top, left + int(window.width), top + int(window.height))


def _blocks(ground: Ground) -> Iterator[tuple[Window, tuple[slice, slice]]]:
    """Windows with a margin, and the core of each."""
    for top in range(0, ground.grid.height, BLOCK):
        for left in range(0, ground.grid.width, BLOCK):
            yield (Window(left - MARGIN, top - MARGIN, BLOCK + 2 * MARGIN, BLOCK + 2 * MARGIN),
                   (slice(MARGIN, MARGIN + BLOCK), slice(MARGIN, MARGIN + BLOCK)))
