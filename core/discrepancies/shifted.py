"""Shifted: an object that lies beside its place by more than its neighbours do."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ..alignment.surfaces import translated
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .belonging import LIKELY
from .common_shift import Laid
from .finding import dated, on_feature
from .objects import Objects
from .places import NAMES as SAID
from .sentences import Said, says, told

LEAST_M, LEAST_PX = 1.0, 2.0
"""Closer than this to its neighbours' place an object is not called shifted."""
MOST_SURPRISE = 9.2
"""Nats; one in ten thousand."""
AGREE_M = 2.0
CLEAR = 0.15
"""Where it was not learnt where objects belong, a move is proposed if two ways of looking agree on the place to so many
metres: the alignment, which weighs all neighbours, and the object's own best place among what they leave, edges of the
imagery counted; or if that place is clearly better than any other, by so much contrast. Elsewhere a person must say
where to.
"""


def find(ground: Ground, layer: Statements, objects: Objects, laid: Laid, number: int, least: float
         ) -> list[Discrepancy]:
    """Return the objects of a map layer that may be shifted, with a probability of at least ``least``.

    The move is the whole one onto what the imagery shows, except where ``laid`` says that it is the imagery that lies
    off: there the neighbours' share is left out.
    """
    alignment, chance = objects.alignment, objects.of("shifted")
    best, sure = _places(objects)
    every = np.arange(len(best))
    own, there = objects.looks.places_px[every, best], objects.looks.places_x[every, best]
    field = np.nan_to_num(alignment.field)
    shift = np.where(laid.to_imagery[:, None], own, field + own)
    far = np.hypot(*own.T) * ground.grid.pixel_m
    enough = far >= max(LEAST_M, LEAST_PX * ground.grid.pixel_m)
    rows = np.flatnonzero(objects.judged & enough & (chance >= least) & ~layer.features.evidence_only)
    proposals = ground.grid.to_world(_moved(ground, layer, rows, shift))
    metres, shared = alignment.metres(shift), alignment.metres(field)
    found = []
    for at, row in enumerate(rows):
        name = ground.legend.names[objects.label[row]]
        looks = objects.looks
        inside, edge, contrast = (float(there[row, SAID.index(said)]) for said in ("inside", "edge", "contrast"))
        neighbours = float(np.hypot(*shared[row]))
        found.append(on_feature(
            ground, layer, int(row), kind="shifted", edit="move" if sure[row] else "flag", probability=chance[row],
            surprise=min(float(np.logaddexp(0, alignment.alone_odds[row])), MOST_SURPRISE), number=number,
            class_now=name, class_proposed=name, proposal=proposals[at] if sure[row] else None,
            offset_m=(float(metres[row, 0]), float(metres[row, 1])) if sure[row] else None, evidence={
                **told(_sentence(bool(sure[row]), name=name, far=f"{np.hypot(*metres[row]):.1f}",
                                 towards=towards(metres[row]), there=f"{inside:.0%}",
                                 here=f"{looks.inside[row]:.0%}", off=f"{neighbours:.1f}")),
                "probability_there": round(inside, 3),
                "probability_here": round(float(looks.inside[row]), 3),
                "neighbours_shift_m": [round(float(v), 2) for v in shared[row]],
                "contrast_gain": round(contrast - float(looks.of("near")[row]), 3),
                "edges_there": round(edge, 3),
                "edges_here": round(float(looks.of("edge near")[row]), 3),
                "confidence": round(float(alignment.confidence[row]), 3), **_likely(objects, int(row)),
                "visible": round(float(looks.visible[row]), 3), "learnt": objects.learnt, **objects.told(int(row)),
                **dated(layer, int(row))}))
    return found


def _places(objects: Objects) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Which of its places each object belongs at (n,), and whether that is sure enough to propose it (n,)."""
    alignment, looks = objects.alignment, objects.looks
    best = np.zeros(len(looks.best_px), np.intp)
    apart = np.hypot(*(np.nan_to_num(alignment.field) + looks.best_px - alignment.elsewhere).T)
    sure = (apart * alignment.grid.pixel_m < AGREE_M) | (looks.of("margin") >= CLEAR)
    asked = np.flatnonzero(~np.isnan(objects.likely[:, 0]))
    best[asked] = objects.likely[asked].argmax(axis=1)
    sure[asked] = objects.likely[asked].max(axis=1) >= LIKELY
    return best, sure


def _likely(objects: Objects, row: int) -> dict[str, float]:
    """How likely the place is the right one, for a finding's evidence, where that was asked."""
    likely = float(objects.likely[row].max())
    return {} if np.isnan(likely) else {"place_probability": round(likely, 3)}


def _moved(ground: Ground, layer: Statements, rows: NDArray[np.intp], shift: NDArray[np.float64]
           ) -> NDArray[np.object_]:
    shapes = ground.grid.to_pixels(layer.features.geometries[rows])
    return translated(shapes, shift[rows]) if len(rows) else np.array([], dtype=object)


def _sentence(sure: bool, **gaps: str) -> Said:
    if sure:
        return says("The {name} lies {far} m {towards} of its outline: {there} {name} probability at the best place, "
                    "{here} where its neighbours say that it should lie ({off} m off).", **gaps)
    return says("The {name} lies {far} m {towards} of its outline, or elsewhere near by: {there} {name} probability at "
                "the best place, {here} where its neighbours say that it should lie ({off} m off).", **gaps)


def towards(metres: NDArray[np.float64]) -> str:
    """The compass direction of a shift eastward and northward, in words."""
    names = ("east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east")
    return names[int(np.round(np.arctan2(metres[1], metres[0]) / (np.pi / 4))) % 8]


def places(ground: Ground, found: list[Discrepancy]) -> NDArray[np.object_]:
    """Where findings would put their objects, in pixels."""
    shapes = [shapely.from_wkb(d.proposal) for d in found]
    return ground.grid.to_pixels(np.array(shapes, dtype=object)) if shapes else np.array([], dtype=object)
