"""Missing lines: the ground shows a road, and no line of the layer runs along it.

Ridges of the class's probability are centre lines; those along which the layer's own lines run show what a line looks
like here.
"""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from rasterio.windows import Window
from shapely import affinity

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_ground
from .mixture import share_of_known
from .ridges import ridges

LEAST_M, NEAR_M = 20.0, 10.0
"""A piece of a ridge at least so long, and that far from any line, is a candidate."""
LEAST_P = 0.4
PRIOR_SHARE = 0.3
BLOCK, MARGIN = 1024, 64


def find(ground: Ground, layer: Statements, evidence: Evidence, number: int, least: float, feedback: Feedback
         ) -> list[Discrepancy]:
    """Return the lines that a map layer may lack, with a probability of at least ``least``; none where a line of it, or
    an area of the same class, runs.
    """
    label = np.asarray(dominant(layer.mix))
    lines = layer.lines
    if layer.background is None or not lines.any():
        return []
    quiet = int(layer.background.argmax())
    grid, found = ground.grid, []
    shapes = grid.to_pixels(layer.features.geometries)
    for c in np.unique(label[lines & (label >= 0) & (label != quiet)]):
        rows = np.flatnonzero(lines & (label == c))
        drawn = np.where(lines, shapes, layer.support)[label == c]  # a road may be drawn as an area, too
        drawn = shapely.buffer(drawn, NEAR_M / grid.pixel_m, quad_segs=2)
        known, candidates = _pieces(evidence, int(c), drawn, LEAST_M / grid.pixel_m, feedback)
        if not candidates:
            continue
        plain = np.array([p for _, p in candidates])
        chance = share_of_known(_looks(known), _looks(candidates), prior_share=PRIOR_SHARE, plain=plain)
        name = ground.legend.names[c]
        after = ground.legend.retag(layer.features, int(rows[0]), name)
        placed = grid.to_world(np.array([line for line, _ in candidates], dtype=object))
        found += [on_ground(
            ground, "map", layer.name, line, kind="missing", edit="add", probability=p, number=number,
            surprise=-np.log(max(1 - mean, 1e-4)), class_proposed=name, after=after, evidence={
                "sentence": f"The imagery shows {shape.length * grid.pixel_m:.0f} m of {name} with {mean:.0%} "
                            f"probability along its middle, and no line of “{layer.name}” runs within {NEAR_M:.0f} m.",
                "probability_along": round(mean, 3), "length_m": round(shape.length * grid.pixel_m, 1)})
            for (shape, mean), line, p in zip(candidates, placed, chance, strict=True) if p >= least]
    return found


def _pieces(evidence: Evidence, c: int, drawn: np.ndarray, length: float, feedback: Feedback
            ) -> tuple[list[tuple[shapely.LineString, float]], list[tuple[shapely.LineString, float]]]:
    """Ridges along the layer's lines, and pieces of ridges away from them."""
    tree = shapely.STRtree(drawn)
    known, candidates = [], []
    grid = evidence.grid
    for top in range(0, grid.height, BLOCK):
        for left in range(0, grid.width, BLOCK):
            feedback.check()
            p = evidence.read(Window(left - MARGIN, top - MARGIN, BLOCK + 2 * MARGIN, BLOCK + 2 * MARGIN))[c]
            core = shapely.box(left, top, left + BLOCK, top + BLOCK)
            for line, mean in ridges(p, LEAST_P, length):
                moved = affinity.translate(line, left - MARGIN, top - MARGIN)
                if not core.covers(moved.interpolate(0.5, normalized=True)):
                    continue
                near = tree.query(moved, predicate="intersects")
                alongside = shapely.union_all(drawn[near]) if len(near) else shapely.Polygon()
                rest = moved.difference(alongside)
                if rest.length < 0.3 * moved.length:
                    known.append((moved, mean))
                candidates += [(piece, _mean_along(p, piece, left - MARGIN, top - MARGIN))
                               for piece in shapely.get_parts(rest)
                               if isinstance(piece, shapely.LineString) and piece.length >= length]
    return known, candidates


def _mean_along(p: np.ndarray, line: shapely.LineString, left: int, top: int) -> float:
    steps = np.linspace(0, line.length, max(int(line.length), 2))
    xy = np.array([line.interpolate(s).coords[0] for s in steps])
    column, row = (~Affine.translation(left, top) @ (xy[:, 0], xy[:, 1]))
    inside = (np.asarray(column) >= 0) & (np.asarray(row) >= 0)
    at = np.asarray(row)[inside].astype(int).clip(0, p.shape[0] - 1), np.asarray(column)[inside].astype(int).clip(
        0, p.shape[1] - 1)
    return float(np.nan_to_num(p)[at].mean()) if inside.any() else 0.0


def _looks(pieces: list[tuple[shapely.LineString, float]]) -> np.ndarray:
    """Log odds along the middle, length, how straight."""
    if not pieces:
        return np.zeros((0, 3))
    mean = np.clip([p for _, p in pieces], 1e-3, 1 - 1e-3)
    length = np.array([line.length for line, _ in pieces])
    ends = np.array([shapely.Point(line.coords[0]).distance(shapely.Point(line.coords[-1])) for line, _ in pieces])
    return np.stack([np.log(mean / (1 - mean)), np.log(length), ends / length], axis=1)
