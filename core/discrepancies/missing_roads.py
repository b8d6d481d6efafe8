"""Missing lines: the ground shows a road, and no line of the layer runs along it.

Crests of the class's probability are centre lines. Roads hang together, so what runs near lines of the layer is cut out
first: what is left are candidates. What runs near one line alone would be one if that line were missing: it shows what
a missing line looks like here. Likely pieces that continue each other across other roads are one finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from .continued import TOUCHING, Chain, chains, strung
from .finding import on_ground
from .mixture import share_of_known
from .odds import log_odds
from .ridges import crest, lines_of
from .sentences import says, told

LEAST_M, NEAR_M = 20.0, 10.0
"""A piece of a crest at least so long, and that far from any line, is a candidate."""
JOINS_M, BESIDE_M = 8.0, 8.0
"""An end that lies no farther than this beyond ``NEAR_M`` from a line joins it; so far to either side it is no road."""
LEAST_P, LIKELY = 0.4, 0.5
BACK_M = 8.0
"""A line points at its end as its last metres do."""
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
        tree, pixel = shapely.STRtree(drawn), grid.pixel_m
        known, pieces = _pieces(evidence, int(c), drawn, tree, feedback)
        if not pieces:
            continue
        chance = share_of_known(_looks(known, tree, 1, pixel), _looks(pieces, tree, 0, pixel), prior_share=PRIOR_SHARE,
                                plain=np.array([piece.mean for piece in pieces]))
        name = ground.legend.names[c]
        after = ground.legend.values_of_new(layer.features, int(rows[0]), name)
        likely = [k for k in range(len(pieces)) if chance[k] >= least]
        for piece, p in _across([pieces[k] for k in likely], chance[likely], pixel):
            shape = _joined(piece.line, drawn, tree, (NEAR_M + JOINS_M) / pixel)
            line = grid.to_world(np.array([shape], dtype=object))[0]
            found.append(on_ground(
                ground, "map", layer.name, line, kind="missing", edit="add", probability=p, number=number,
                surprise=-np.log(max(1 - piece.mean, 1e-4)), class_proposed=name, after=after, evidence={
                    **told(says("The imagery shows {far} m of {name} with {here} probability along its middle, and no "
                                "line of “{layer}” runs along it.", far=f"{shape.length * pixel:.0f}", name=name,
                                here=f"{piece.mean:.0%}", layer=layer.name)),
                    "probability_along": round(piece.mean, 3), "length_m": round(shape.length * pixel, 1),
                    "ends_that_join": _ends_that_join(piece.line, tree, 0, pixel)}))
    return found


@dataclass(frozen=True)
class _Piece:
    """A crest or a part of one, ``line`` in pixels: the mean probability along it, how much less lies to either side.
    """

    line: shapely.LineString
    mean: float
    contrast: float

    @classmethod
    def strung(cls, pieces: Sequence[_Piece], chain: Chain) -> _Piece:
        """The pieces of a chain as one."""
        each = [number for number, _ in chain]
        length = [pieces[number].line.length for number in each]
        return cls(strung([piece.line for piece in pieces], chain),
                   float(np.average([pieces[number].mean for number in each], weights=length)),
                   float(np.average([pieces[number].contrast for number in each], weights=length)))


def _across(pieces: list[_Piece], chance: NDArray[np.float64], pixel: float) -> list[tuple[_Piece, float]]:
    """Pieces that continue each other across the lines between them, if they are about as likely, as one: as likely as
    its pieces on average, by length.
    """
    found = []
    sure = chance >= LIKELY
    for some in (np.flatnonzero(sure), np.flatnonzero(~sure)):
        here = [pieces[k] for k in some]
        for chain in chains([piece.line for piece in here], 2 * (NEAR_M + JOINS_M) / pixel, BACK_M / pixel):
            each = [number for number, _ in chain]
            found.append((_Piece.strung(here, chain), float(np.average(
                chance[some[each]], weights=[here[number].line.length for number in each]))))
    return found


def _pieces(evidence: Evidence, c: int, drawn: NDArray[np.object_], tree: shapely.STRtree, feedback: Feedback
            ) -> tuple[list[_Piece], list[_Piece]]:
    """Pieces of crests near one of the features ``drawn`` (pixels) alone, and away from all. What the edges of blocks
    cut, or crests that cross, is one piece again.
    """
    grid = evidence.grid
    pixel, length = grid.pixel_m, LEAST_M / grid.pixel_m
    wide = shapely.buffer(drawn, NEAR_M / pixel, quad_segs=2)
    known: list[_Piece] = []
    away: list[_Piece] = []
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
            core = shapely.box(MARGIN, MARGIN, MARGIN + BLOCK, MARGIN + BLOCK)
            for pieces, where in ((known, count == 1), (away, count == 0)):
                for line in lines_of(whole & where, length):
                    pieces += [_looked_at(p, part, corner, pixel) for part in shapely.get_parts(line.intersection(core))
                               if isinstance(part, shapely.LineString) and part.length > 1]
    return _whole(known, pixel), _whole(away, pixel)


def _whole(pieces: list[_Piece], pixel: float) -> list[_Piece]:
    """Pieces whose ends touch as one, those that are long enough."""
    joined = [_Piece.strung(pieces, chain) for chain in chains([piece.line for piece in pieces], TOUCHING,
                                                               BACK_M / pixel)]
    return [piece for piece in joined if piece.line.length >= LEAST_M / pixel]


def _joined(line: shapely.LineString, drawn: NDArray[np.object_], tree: shapely.STRtree, reach: float
            ) -> shapely.LineString:
    """A line led on to the first of the features ``drawn`` that it meets within ``reach``, at either end."""
    at = [line.coords[0], line.coords[-1]]
    for nth, end in enumerate((0.0, line.length)):
        back = line.interpolate(abs(end - min(reach, line.length) / 2))
        x, y = at[nth]
        far = max(float(np.hypot(x - back.x, y - back.y)), 1e-9)
        ray = shapely.LineString([(x, y), (x + (x - back.x) * reach / far, y + (y - back.y) * reach / far)])
        met = shapely.intersection(ray, drawn[tree.query(ray, predicate="intersects")])
        met = met[~shapely.is_empty(met)]  # where a ray ends on a sliver, the two share nothing that has a place
        if len(met):
            ways = shapely.shortest_line(shapely.Point(x, y), met)
            at[nth] = ways[int(shapely.length(ways).argmin())].coords[1]
    return shapely.LineString([*at[:1], *line.coords, *at[1:]]).simplify(0.0)


def _looked_at(p: NDArray[np.float32], line: shapely.LineString, corner: tuple[int, int], pixel: float) -> _Piece:
    """A ``line`` in pixels of ``p``, whose upper left pixel lies at ``corner``, as a piece."""
    count = max(int(line.length), 2)
    middles = (np.arange(count) + 0.5) / count
    xy = shapely.get_coordinates(shapely.line_interpolate_point(line, middles, normalized=True))
    along = np.gradient(xy, axis=0)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    mean, one, other = (_mean(p, xy + far / pixel * across) for far in (0.0, BESIDE_M, -BESIDE_M))
    return _Piece(affinity.translate(line, *corner), mean, mean - (one + other) / 2)


def _mean(p: NDArray[np.float32], xy: NDArray[np.float64]) -> float:
    at = np.floor(xy).astype(int)
    inside = ((at >= 0) & (at < [p.shape[1], p.shape[0]])).all(axis=1)
    values = p[at[inside, 1], at[inside, 0]]
    values = values[~np.isnan(values)]
    return float(values.mean()) if len(values) else 0.0


def _looks(pieces: Sequence[_Piece], tree: shapely.STRtree, own: int, pixel: float) -> NDArray[np.float64]:
    """What pieces look like (n, 5): log odds of the mean along each, log length, how straight, how much less lies to
    either side, and how many ends join what is drawn, ``own`` features left out.
    """
    looks = []
    for piece in pieces:
        line = piece.line
        ends = shapely.points(shapely.get_coordinates(line)[[0, -1]])
        straight = float(shapely.distance(*ends)) / max(line.length, 1e-9)
        looks.append([float(log_odds(np.array(piece.mean))), np.log(line.length), straight, piece.contrast,
                      _ends_that_join(line, tree, own, pixel)])
    return np.array(looks, np.float64).reshape(len(pieces), 5)


def _ends_that_join(line: shapely.LineString, tree: shapely.STRtree, own: int, pixel: float) -> int:
    """How many ends of a line lie near more than ``own`` of the features of a ``tree``."""
    ends = shapely.points(shapely.get_coordinates(line)[[0, -1]])
    near = tree.query(ends, predicate="dwithin", distance=(NEAR_M + JOINS_M) / pixel)[0]
    return int((np.bincount(near, minlength=2) > own).sum())
