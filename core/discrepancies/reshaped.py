"""Reshaped: an object in its place whose outline does not fit what the imagery shows there."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import affinity

from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .common_shift import Laid
from .finding import dated, on_feature
from .objects import Objects
from .redrawn import Choice
from .sentences import Said, says, told


def find(ground: Ground, layer: Statements, objects: Objects, laid: Laid, number: int, least: float
         ) -> list[Discrepancy]:
    """Return the objects of a map layer whose outline may be wrong, with a probability of at least ``least``. Where no
    other outline is expected to be clearly nearer the true one, the edit is a flag.
    """
    chance = objects.of("reshaped")
    rows = np.flatnonzero(objects.judged & (chance >= least) & ~layer.features.evidence_only)
    field = np.nan_to_num(objects.alignment.field)
    found = []
    for row in rows:
        looks, choice = objects.looks, objects.outlines.get(int(row))
        name = ground.legend.names[int(objects.label[row])]
        drawn = None if choice is None else choice.outline
        if drawn is not None and laid.to_imagery[row]:
            drawn = affinity.translate(drawn, *(-field[row]))
        iou, hole, bump = (float(values[row]) for values in (looks.iou, looks.of("hole"), looks.of("bump")))
        found.append(on_feature(
            ground, layer, int(row), kind="reshaped", edit="flag" if drawn is None else "reshape",
            probability=chance[row], surprise=-np.log(max(iou, 1e-2)), number=number, class_now=name,
            class_proposed=name,
            proposal=None if drawn is None else ground.grid.to_world(np.array([drawn], dtype=object))[0], evidence={
                **told(says("The outline fits what the imagery shows of the {name} to {fits} only: {hole} of it shows "
                            "none, and beside it lie another {beside} of its area.", name=name, fits=f"{iou:.0%}",
                            hole=f"{hole:.0%}", beside=f"{bump:.0%}"),
                       *([] if drawn is not None else [_undrawn(objects.with_neighbours[row])])),
                "overlap": round(iou, 3), "lacking": round(hole, 3),
                "beside": round(bump, 3), "visible": round(float(looks.visible[row]), 3),
                "learnt": objects.learnt, **_expected(choice), **dated(layer, int(row))}))
    return found


def _undrawn(shape: shapely.Geometry) -> Said:
    """Why no other outline is proposed."""
    if isinstance(shape, shapely.Polygon):
        return says("No other outline is surely better.")
    return says("It has several parts, and no other outline is drawn of such.")


def _expected(choice: Choice | None) -> dict[str, float]:
    """How near the true outline the one as drawn and the best other are expected to be, for a finding's evidence."""
    if choice is None:
        return {}
    return {"expected_overlap": round(choice.now, 3), "expected_overlap_of_best": round(choice.then, 3)}
