"""Missing: the ground shows a feature that a map layer lacks.

Only where the silence of a map says something (the legend has a background). Candidates are patches of the class that
no feature covers. What a patch looks like when a real feature is missing is learnt by leaving out the layer's own
features, a few at a time, and looking at the patches that appear.
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

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import log_odds, on_ground
from .mixture import share_of_known
from .outline import outline

PRIOR_SHARE = 0.2
BLOCK, MARGIN = 1024, 128
LEFT_OUT = 8
"""Rounds of leaving out: an eighth of the features at a time, so that most neighbours stay."""
SAME_IOU = 0.3


@dataclass(frozen=True)
class Patch:
    """A patch of pixels that no feature covers: its outline in pixels, its looks (see :func:`_looks`) and its mean
    probability.
    """

    shape: shapely.Polygon
    looks: NDArray[np.float64]
    probability: float


def find(ground: Ground, layer: Statements, evidence: Evidence, number: int, seed: int, least: float,
         feedback: Feedback) -> list[Discrepancy]:
    """Return what a map layer may lack, with a probability of at least ``least``."""
    if layer.background is None:
        return []
    quiet = int(layer.background.argmax())
    label = dominant(layer.mix)
    found: list[Discrepancy] = []
    for c in np.unique(label[(label >= 0) & (label != quiet)]):
        rows = np.flatnonzero(label == c)
        real, open_ = _patches(ground, layer, evidence, int(c), rows, seed, feedback)
        if not open_:
            continue
        known = np.array([patch.looks for patch in real]).reshape(len(real), -1)
        p = share_of_known(known, np.array([patch.looks for patch in open_]), prior_share=PRIOR_SHARE,
                           plain=np.array([patch.probability for patch in open_]))
        name = ground.legend.names[c]
        after = ground.legend.retag(layer.features, int(rows[0]), name)
        outlines = ground.grid.to_world(np.array([patch.shape for patch in open_], dtype=object))
        for patch, geometry, chance in zip(open_, outlines, p, strict=True):
            if chance < least:
                continue
            found.append(on_ground(
                ground, layer, geometry, kind="missing", probability=chance,
                surprise=-np.log(max(1 - patch.probability, 1e-4)), number=number, class_proposed=name, after=after,
                evidence={"sentence": f"The imagery shows {name} here with {patch.probability:.0%} probability, and no "
                                      f"feature of “{layer.name}” covers it.",
                          "probability_inside": round(patch.probability, 3)}))
    return found


def _patches(ground: Ground, layer: Statements, evidence: Evidence, c: int, rows: NDArray[np.intp], seed: int,
             feedback: Feedback) -> tuple[list[Patch], list[Patch]]:
    """Patches that appear where features are left out, and patches that are there anyway."""
    group = np.full(len(layer.support), -1)
    group[rows] = np.random.default_rng([seed, 2]).integers(0, LEFT_OUT, len(rows))
    tree = shapely.STRtree(layer.support)
    real: list[Patch] = []
    open_: list[Patch] = []
    least = ground.legend.min_area_m2 / ground.grid.pixel_area_m2
    for window, core in _blocks(ground):
        feedback.check()
        p = evidence.read(window)[c]
        at = shapely.box(window.col_off, window.row_off, window.col_off + window.width, window.row_off + window.height)
        near = np.sort(tree.query(at, predicate="intersects"))
        everything = _cover(layer.support[near], window)
        bare = _of_block(p, everything, window, core, least)
        open_ += bare
        for left_out in range(LEFT_OUT):
            gone = near[group[near] == left_out]
            if not len(gone):
                continue
            kept = _cover(layer.support[near[group[near] != left_out]], window)
            around = ndimage.binary_dilation(_cover(layer.support[gone], window), iterations=6)
            appeared = _of_block(np.where(around, p, 0), kept, window, core, least, context=p)
            real += [patch for patch in appeared if _overlaps(patch.shape, layer.support[gone])]
    return real, open_


def _of_block(p: NDArray[np.float32], cover: NDArray[np.bool_], window: Window, core: tuple[slice, slice], least: float,
              context: NDArray[np.float32] | None = None) -> list[Patch]:
    """The uncovered patches whose middle lies in the block's core."""
    beside = ndimage.binary_dilation(cover)
    free = (np.nan_to_num(p) > 0.5) & ~beside
    body = ndimage.binary_opening(free, ndimage.generate_binary_structure(2, 1), iterations=2)
    labels, _ = ndimage.label(body)
    patches = []
    for k, where in enumerate(ndimage.find_objects(labels), start=1):
        middle = [(s.start + s.stop) / 2 for s in where]
        if not all(c.start <= m < c.stop for c, m in zip(core, middle, strict=True)):
            continue
        wide = tuple(slice(max(s.start - 4, 0), s.stop + 4) for s in where)
        body_here = labels[wide] == k
        mask = ndimage.binary_dilation(body_here, iterations=2) & free[wide]
        if mask.sum() < least:
            continue
        polygon = outline(mask, wide[0].start + int(window.row_off), wide[1].start + int(window.col_off))
        values = np.nan_to_num((p if context is None else context)[wide])
        patches.append(Patch(polygon, _looks(values, mask), float(values[mask].mean())))
    return patches


def _looks(p: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What a patch is judged by: log odds inside, size, width. More looks were tried (around, clinging to mapped
    features, how rectangular) and made the ranking worse: there are few candidates to learn from.
    """
    width = float(ndimage.distance_transform_edt(np.pad(mask, 1)).max())
    return np.array([float(log_odds(np.array(p[mask].mean()))), np.log(float(mask.sum())), np.log(width)])


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


def _blocks(ground: Ground) -> Iterator[tuple[Window, tuple[slice, slice]]]:
    """Windows with a margin, and the core of each."""
    for top in range(0, ground.grid.height, BLOCK):
        for left in range(0, ground.grid.width, BLOCK):
            yield (Window(left - MARGIN, top - MARGIN, BLOCK + 2 * MARGIN, BLOCK + 2 * MARGIN),
                   (slice(MARGIN, MARGIN + BLOCK), slice(MARGIN, MARGIN + BLOCK)))
