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
from .box_fit import fit_box
from .common_shift import Laid
from .finding import dated, on_feature
from .objects import Objects

REACH_M = 5.0
LEVEL = 0.5
LEAST_KEPT, MOST_KEPT = 0.3, 0.9
"""A proposal that shares less with the outline is another object, one that shares more is no news."""
LEAST_GAIN = 0.3
"""A proposal must explain more of the evidence than the outline by this share of its area."""


def find(ground: Ground, layer: Statements, objects: Objects, evidence: Evidence, laid: Laid, number: int, least: float
         ) -> list[Discrepancy]:
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
        better = proposal(shape, int(row), c, objects.placed, tree, evidence)
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
             evidence: Evidence) -> shapely.Polygon | None:
    """Return the box, in the outline's own frame, that the evidence not explained by others fills best; None if it is
    not better than the outline ``shape`` (pixels), or is another object.
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
    values = np.nan_to_num(evidence.read(window)[c], nan=0.0) - LEVEL
    near = tree.query(shapely.box(left, top, left + size[1], top + size[0]))
    near = near[near != row]
    if len(near):
        taken = rasterize([(placed[k], 1) for k in near], out_shape=size,
                          transform=Affine.translation(left, top), dtype="uint8").astype(bool)
        own = rasterize([(shape, 1)], out_shape=size, transform=Affine.translation(left, top), dtype="uint8")
        values[taken & (own == 0)] = -LEVEL
    here = affinity.translate(shape, -left, -top)
    found = fit_box(values, here, reach)
    if found is None:
        return None
    box, gain = found
    mask = rasterize([(here, 1)], out_shape=size, dtype="uint8").astype(bool)
    kept = box.intersection(here).area / box.union(here).area
    if not LEAST_KEPT <= kept <= MOST_KEPT or gain - float(values[mask].sum()) < LEAST_GAIN * here.area * LEVEL:
        return None
    return affinity.translate(box, left, top)
