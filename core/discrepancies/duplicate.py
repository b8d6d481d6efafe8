"""Duplicate: the same thing twice in one layer.

Needs no imagery. Of twins the one with the lowest key stays; the others are merged into it.
"""

from __future__ import annotations

import re

import numpy as np
import shapely
from numpy.typing import NDArray

from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import dated, on_feature
from .sentences import says, told

LEAST_OVERLAP = 0.3
CONTAINED, NEAR_SIZE = 0.9, 0.6
"""Of two polygons one of which holds that share of the other, sizes may differ down to this ratio."""
POINT_PX, LINE_PX = 0.05, 1.0
SURE = 0.995
CHUNK = 20_000


def find(ground: Ground, layer: Statements, number: int, least: float) -> list[Discrepancy]:
    """Return the twins among the features of a layer, with a probability of at least ``least``."""
    features = layer.features
    names, label = ground.legend.names, dominant(layer.mix)
    one, other, overlap = pairs(ground.grid.to_pixels(features.geometries))
    chance = np.where(label[one] == label[other], probability(overlap), 0.3 * probability(overlap))
    chance = np.where(_visits(layer, one, other), 0.0, chance)
    order = key_order(features.keys)
    later = np.where(order[one] > order[other], one, other)
    # Between a locked feature and another, the locked one stays whatever its key.
    later = np.where(features.evidence_only[later], one + other - later, later)
    found: dict[int, Discrepancy] = {}
    for k in np.argsort(-chance, kind="stable"):
        row, kept = int(later[k]), int(one[k] + other[k] - later[k])
        if chance[k] < least or row in found or features.evidence_only[row] or features.keyless[kept]:
            continue  # of one without a key the edit could not say that it is to stay
        twin = str(features.keys[kept])
        same = (says("The feature {twin} is the same, so one of the two is there twice; {twin} stays.", twin=twin)
                if overlap[k] > 0.999 else
                says("The feature {twin} covers the same ground to {share}, so one of the two is there twice; {twin} "
                     "stays.", twin=twin, share=f"{overlap[k]:.0%}"))
        found[row] = on_feature(
            ground, layer, row, kind="duplicate", edit="merge", probability=chance[k],
            surprise=-np.log(max(1 - chance[k], 1e-4)), number=number,
            class_now=None if label[row] < 0 else names[label[row]],
            evidence={
                **told(same), "twin": twin, "overlap": round(float(overlap[k]), 4),
                "said_only_here": _lacking(layer, kept, row), **dated(layer, row)})
    return list(found.values())


def _visits(layer: Statements, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which pairs are visits of one place at two times: a field layer has them on purpose."""
    dates = np.array([d or "" for d in layer.features.dates], dtype=object)
    return np.asarray((layer.features.kind == "field") & (dates[one] != dates[other]))


def pairs(shapes: NDArray[np.object_]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Return pairs of shapes (pixels), the lower row first, and how far they are the same, 0 to 1, if that is at all
    likely: intersection over union of polygons; of lines the share that runs along the other; 1 for points that
    coincide.
    """
    dimension = shapely.get_dimensions(shapes)
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = []
    for at, measure, reach in ((2, _areas, 0.0), (1, _lines, LINE_PX), (0, _points, POINT_PX)):
        rows = np.flatnonzero(dimension == at)
        tree = shapely.STRtree(shapes[rows])
        for start in range(0, len(rows), CHUNK):
            asked = shapes[rows[start:start + CHUNK]]
            a, b = tree.query(asked, predicate="intersects") if not reach else tree.query(
                asked, predicate="dwithin", distance=reach)
            a = a + start
            first = a < b
            one, other = rows[a[first]], rows[b[first]]
            same = measure(shapes[one], shapes[other])
            likely = same >= LEAST_OVERLAP
            found.append((one[likely], other[likely], same[likely]))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True)) if found else (  # type: ignore[return-value]
        np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0))


def probability(overlap: NDArray[np.float64]) -> NDArray[np.float64]:
    """How probable it is that two features which are the same to ``overlap`` are one thing: half at 0.5."""
    return np.asarray(np.clip(1 / (1 + np.exp(-(overlap - 0.5) / 0.06)), 0, SURE))


def key_order(keys: NDArray[np.object_]) -> NDArray[np.intp]:
    """The rank of each key, numbers within them by value: ``b2`` comes before ``b10``."""
    parts = [[(0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", str(key)) if p] for key in keys]
    rank = np.empty(len(keys), np.intp)
    rank[sorted(range(len(keys)), key=parts.__getitem__)] = np.arange(len(keys))
    return rank


def _areas(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    boxes = np.minimum(shapely.bounds(a)[:, 2:], shapely.bounds(b)[:, 2:]) - np.maximum(
        shapely.bounds(a)[:, :2], shapely.bounds(b)[:, :2])
    size_a, size_b = shapely.area(a), shapely.area(b)
    smaller, larger = np.minimum(size_a, size_b), np.maximum(size_a, size_b)
    could = boxes.clip(0).prod(axis=1) >= LEAST_OVERLAP * smaller
    shared = np.zeros(len(a))
    shared[could] = shapely.area(shapely.intersection(a[could], b[could]))
    iou = shared / np.maximum(size_a + size_b - shared, 1e-12)
    contained = (shared >= CONTAINED * smaller) & (smaller >= NEAR_SIZE * larger)
    return np.asarray(np.where(contained, np.maximum(iou, shared / np.maximum(smaller, 1e-12) * 0.6), iou))


def _lines(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    """Share of the longer line that lies within a pixel of the shorter one."""
    longer = np.where(shapely.length(a) >= shapely.length(b), a, b)
    shorter = np.where(shapely.length(a) >= shapely.length(b), b, a)
    along = shapely.length(shapely.intersection(longer, shapely.buffer(shorter, LINE_PX, quad_segs=2)))
    return np.asarray(along / np.maximum(shapely.length(longer), 1e-12))


def _points(a: NDArray[np.object_], b: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.where(shapely.hausdorff_distance(a, b) <= POINT_PX, 1.0, 0.0)


def _lacking(layer: Statements, kept: int, gone: int) -> dict[str, str]:
    """What only the feature that goes says: attributes that a person may want to take over."""
    ours, theirs = layer.features.tags(kept), layer.features.tags(gone)
    return {name: value for name, value in theirs.items() if name not in ours}
