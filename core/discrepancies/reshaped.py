"""Reshaped: an object in its place whose outline does not fit what the imagery shows there."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely import affinity

from ..alignment.surfaces import translated
from ..fusion.evidence import Evidence
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .box_fit import EDGE_WEIGHT, fit_box
from .common_shift import Laid
from .edges import Edges, rim, support
from .finding import dated, on_feature
from .frame import Frame
from .objects import Objects

REACH_M = 5.0
LEVEL = 0.5
BOXY = 0.9
"""An outline that fills so much of its smallest turned rectangle is a box."""
PROPOSED_FROM = 0.1
"""For what is less probable no better outline is sought."""
LEAST_KEPT, MOST_KEPT = 0.3, 0.9
"""A proposal that shares less with the outline is another object, one that shares more is no news."""
LEAST_GAIN = 0.3
"""A proposal must explain more of the evidence than the outline by this share of its area."""


def find(ground: Ground, layer: Statements, objects: Objects, evidence: Evidence, edges: Edges, laid: Laid, number: int,
         least: float) -> list[Discrepancy]:
    """Return the objects of a map layer whose outline may be wrong, with a probability of at least ``least``. Where the
    evidence bears no better outline out, the edit is a flag.
    """
    chance = objects.of("reshaped")
    rows = np.flatnonzero(objects.judged & (chance >= least) & ~layer.features.locked)
    field = np.nan_to_num(objects.alignment.field)
    tree = shapely.STRtree(objects.placed)
    found = []
    for row in rows:
        c, looks = int(objects.label[row]), objects.looks
        name = ground.legend.names[c]
        shape = translated(layer.support[[row]], field[[row]])[0]
        better = (proposal(shape, int(row), c, objects.placed, tree, evidence, edges)
                  if chance[row] >= PROPOSED_FROM else None)
        drawn = None
        if better is not None:
            drawn = affinity.translate(better, *(-field[row])) if laid.to_imagery[row] else better
        iou = float(looks.iou[row])
        found.append(on_feature(
            ground, layer, int(row), kind="reshaped", edit="flag" if drawn is None else "reshape",
            probability=chance[row], surprise=-np.log(max(iou, 1e-2)), number=number, class_now=name,
            class_proposed=name,
            proposal=None if drawn is None else ground.grid.to_world(np.array([drawn], dtype=object))[0], evidence={
                "sentence": f"The outline fits what the imagery shows of the {name} to {iou:.0%} only: "
                            f"{float(looks.x[row, 11]):.0%} of it shows none, and beside it lie another "
                            f"{float(looks.x[row, 12]):.0%} of its area"
                            f"{'' if drawn is not None else '; no simple outline fits better'}.",
                "overlap": round(iou, 3), "lacking": round(float(looks.x[row, 11]), 3),
                "beside": round(float(looks.x[row, 12]), 3), "visible": round(float(looks.visible[row]), 3),
                "learnt": objects.learnt, **dated(layer, int(row))}))
    return found


def proposal(shape: shapely.Geometry, row: int, c: int, placed: NDArray[np.object_], tree: shapely.STRtree,
             evidence: Evidence, edges: Edges) -> shapely.Polygon | None:
    """Return the outline that the evidence not explained by others fills best with its sides on the imagery's edges:
    a box in the outline's own frame, or the outline stretched to that box. None if neither is clearly better than the
    outline ``shape`` (pixels), or it would be another object.
    """
    if not isinstance(shape, shapely.Polygon):
        return None
    reach = int(np.ceil(REACH_M / evidence.grid.pixel_m))
    x0, y0, x1, y1 = shape.bounds
    left, top = int(np.floor(x0)) - 2 * reach, int(np.floor(y0)) - 2 * reach
    window = Window(left, top, int(np.ceil(x1)) + 2 * reach - left, int(np.ceil(y1)) + 2 * reach - top)
    if max(window.width, window.height) > 512:
        return None
    size = int(window.height), int(window.width)
    values = np.nan_to_num(evidence.read(window)[c], nan=LEVEL) - LEVEL
    near = tree.query(shapely.box(left, top, left + size[1], top + size[0]))
    near = near[near != row]
    if len(near):
        taken = rasterize([(placed[k], 1) for k in near], out_shape=size,
                          transform=Affine.translation(left, top), dtype="uint8").astype(bool)
        own = rasterize([(shape, 1)], out_shape=size, transform=Affine.translation(left, top), dtype="uint8")
        values[taken & (own == 0)] = -LEVEL
    here, tensor = affinity.translate(shape, -left, -top), edges.read(window)
    found = fit_box(values, here, reach, tensor)
    if found is None:
        return None
    drawn = [found[0], *_stretched(here, found[0])]
    worth = [_worth(one, values, tensor) for one in drawn]
    best = int(np.argmax(worth))
    kept = drawn[best].intersection(here).area / drawn[best].union(here).area
    gain = worth[best] - _worth(here, values, tensor)
    if not LEAST_KEPT <= kept <= MOST_KEPT or gain < LEAST_GAIN * here.area * LEVEL:
        return None
    return affinity.translate(drawn[best], left, top)


def _stretched(shape: shapely.Polygon, box: shapely.Polygon) -> list[shapely.Polygon]:
    """The outline stretched so that its frame becomes the box (in the same frame); none where it is a box itself."""
    frame = Frame.around(shape, 0)
    if frame is None or shape.area > BOXY * shape.minimum_rotated_rectangle.area:
        return []
    flat = affinity.rotate(shape, -frame.angle, origin=frame.middle, use_radians=True)
    wanted = affinity.rotate(box, -frame.angle, origin=frame.middle, use_radians=True)
    x0, y0, x1, y1 = flat.bounds
    u0, v0, u1, v1 = wanted.bounds
    wide, high = (u1 - u0) / (x1 - x0), (v1 - v0) / (y1 - y0)
    moved = affinity.affine_transform(flat, [wide, 0, 0, high, u0 - wide * x0, v0 - high * y0])
    return [affinity.rotate(moved, frame.angle, origin=frame.middle, use_radians=True)] if moved.is_valid else []


def _worth(shape: shapely.Polygon, values: NDArray[np.floating], tensor: NDArray[np.float32]) -> float:
    """What a polygon holds of the evidence, and how its outline lies on edges; as :func:`fit_box` counts it."""
    mask = rasterize([(shape, 1)], out_shape=values.shape, dtype="uint8").astype(bool)
    return float(values[mask].sum() + EDGE_WEIGHT * support(tensor, *rim(shape)).sum())
