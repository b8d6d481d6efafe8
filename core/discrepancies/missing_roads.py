"""Missing lines: the ground shows a road, and no line of the layer runs along it.

Crests of the class's probability are centre lines. Roads hang together, so what runs near lines of the layer is cut out
first: what is left are candidates. What runs near one line alone would be one if that line were missing: it shows what
a missing line looks like here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MergeAlg
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely import affinity

from ..feedback import Feedback
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import log_odds, on_ground
from .mixture import share_of_known
from .ridges import crest, lines_of

LEAST_M, NEAR_M = 20.0, 10.0
"""A piece of a crest at least so long, and that far from any line, is a candidate."""
JOINS_M, BESIDE_M = 8.0, 8.0
"""An end that lies no farther than this beyond ``NEAR_M`` from a line joins it; so far to either side it is no road."""
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
        known, candidates = _pieces(evidence, int(c), drawn, feedback)
        if not candidates:
            continue
        plain = np.array([looks[0] for _, looks in candidates])
        chance = share_of_known(_looks(known), _looks(candidates), prior_share=PRIOR_SHARE,
                                plain=1 / (1 + np.exp(-plain)))
        name = ground.legend.names[c]
        after = ground.legend.retag(layer.features, int(rows[0]), name)
        tree = shapely.STRtree(drawn)
        joined = np.array([_joined(line, drawn, tree, (NEAR_M + JOINS_M) / grid.pixel_m) for line, _ in candidates],
                          dtype=object)
        for (_, looks), shape, line, p in zip(candidates, joined, grid.to_world(joined), chance, strict=True):
            if p < least:
                continue
            mean = float(1 / (1 + np.exp(-looks[0])))
            found.append(on_ground(
                ground, "map", layer.name, line, kind="missing", edit="add", probability=p, number=number,
                surprise=-np.log(max(1 - mean, 1e-4)), class_proposed=name, after=after, evidence={
                    "sentence": f"The imagery shows {shape.length * grid.pixel_m:.0f} m of {name} with {mean:.0%} "
                                f"probability along its middle, and no line of “{layer.name}” runs along it.",
                    "probability_along": round(mean, 3), "length_m": round(shape.length * grid.pixel_m, 1),
                    "ends_that_join": int(looks[4])}))
    return found


_Piece = tuple[shapely.LineString, NDArray[np.float64]]


def _pieces(evidence: Evidence, c: int, drawn: NDArray[np.object_], feedback: Feedback
            ) -> tuple[list[_Piece], list[_Piece]]:
    """Pieces of crests near one of the features ``drawn`` (pixels) alone, and away from all, with their looks."""
    grid = evidence.grid
    pixel, length = grid.pixel_m, LEAST_M / grid.pixel_m
    wide = shapely.buffer(drawn, NEAR_M / pixel, quad_segs=2)
    tree = shapely.STRtree(drawn)
    known: list[_Piece] = []
    candidates: list[_Piece] = []
    for top in range(0, grid.height, BLOCK):
        for left in range(0, grid.width, BLOCK):
            feedback.check()
            corner = left - MARGIN, top - MARGIN
            p = evidence.read(Window(*corner, BLOCK + 2 * MARGIN, BLOCK + 2 * MARGIN))[c]
            near = tree.query(shapely.box(*corner, left + BLOCK + MARGIN, top + BLOCK + MARGIN).buffer(NEAR_M / pixel))
            count = np.zeros(p.shape, np.float32)
            if len(near):
                rasterize(zip(wide[near], np.ones(len(near)), strict=True), out=count,
                          transform=Affine.translation(*corner), merge_alg=MergeAlg.add)
            whole = crest(p, LEAST_P)
            core = shapely.box(left, top, left + BLOCK, top + BLOCK)
            for pieces, where, own in ((known, count == 1, 1), (candidates, count == 0, 0)):
                for line in lines_of(whole & where, length):
                    moved = affinity.translate(line, *corner)
                    if core.covers(moved.interpolate(0.5, normalized=True)):
                        pieces.append((moved, _looked_at(p, line, moved, drawn, tree, own, pixel)))
    return known, candidates


def _joined(line: shapely.LineString, drawn: NDArray[np.object_], tree: shapely.STRtree, reach: float
            ) -> shapely.LineString:
    """A line led on to the first of the features ``drawn`` that it meets within ``reach``, at either end."""
    at = [line.coords[0], line.coords[-1]]
    for nth, end in enumerate((0.0, line.length)):
        back = line.interpolate(abs(end - min(reach, line.length) / 2))
        x, y = at[nth]
        far = max(float(np.hypot(x - back.x, y - back.y)), 1e-9)
        ray = shapely.LineString([(x, y), (x + (x - back.x) * reach / far, y + (y - back.y) * reach / far)])
        near = tree.query(ray, predicate="intersects")
        if len(near):
            ways = shapely.shortest_line(shapely.Point(x, y), shapely.intersection(ray, drawn[near]))
            at[nth] = ways[int(shapely.length(ways).argmin())].coords[1]
    return shapely.LineString([*at[:1], *line.coords, *at[1:]]).simplify(0.0)


def _looked_at(p: NDArray[np.float32], line: shapely.LineString, moved: shapely.LineString, drawn: NDArray[np.object_],
               tree: shapely.STRtree, own: int, pixel: float) -> NDArray[np.float64]:
    """Log odds of the mean along a ``line`` (pixels of ``p``), log length, how straight, how much less lies to either
    side, and how many ends join what is ``drawn`` (pixels of the grid, as is ``moved``), ``own`` features left out.
    """
    count = max(int(line.length), 2)
    middles = (np.arange(count) + 0.5) / count
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, middles, normalized=True))
    along = np.gradient(xy, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    mean, one, other = (_mean(p, xy + far / pixel * across) for far in (0.0, BESIDE_M, -BESIDE_M))
    ends = shapely.points(shapely.get_coordinates(moved)[[0, -1]])
    straight = float(shapely.distance(*ends)) / max(line.length, 1e-9)
    joined = np.bincount(tree.query(ends, predicate="dwithin", distance=(NEAR_M + JOINS_M) / pixel)[0], minlength=2)
    return np.array([float(log_odds(np.array(mean))), np.log(line.length), straight, mean - (one + other) / 2,
                     float((joined > own).sum())])


def _mean(p: NDArray[np.float32], xy: NDArray[np.float64]) -> float:
    at = np.floor(xy).astype(int)
    inside = ((at >= 0) & (at < [p.shape[1], p.shape[0]])).all(axis=1)
    values = p[at[inside, 1], at[inside, 0]]
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else 0.0


def _looks(pieces: Sequence[_Piece]) -> NDArray[np.float64]:
    return np.array([looks for _, looks in pieces]).reshape(len(pieces), 5)
