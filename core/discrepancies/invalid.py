"""Invalid: a geometry that breaks the rules of its type: rings that cross or touch, rings twice, no area.

Needs no imagery. A repair that hardly changes the area is proposed; any other is left to a person.
"""

from __future__ import annotations

import numpy as np
import shapely

from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_feature
from .sentences import says, told

SAME_AREA = 0.01
SURE = 0.995
ABOUT = "geometry"
"""An invalid geometry is an error of its own, not a rival of a wrong place or class."""


def find(ground: Ground, layer: Statements, number: int) -> list[Discrepancy]:
    """Return the features of a layer whose geometry, as stored, is invalid or has no extent."""
    features = layer.features
    stored = shapely.force_2d(shapely.from_wkb(features.wkb, on_invalid="ignore"))
    flat = _without_extent(stored)
    label = dominant(layer.mix)
    found = []
    for row in np.flatnonzero((features.was_invalid | flat) & ~features.evidence_only):
        reason = "" if flat[row] else _reason(stored[row])
        change = _area_change(stored[row])
        repaired = not flat[row] and change < SAME_AREA
        why = (says("The geometry is invalid: {reason}.", reason=reason) if reason else
               says("The geometry is invalid: it has no extent."))
        mend = (says("Repairing it changes its area by {change}.", change=f"{change:.2%}") if repaired else
                says("A repair would change its shape: a person must say what was meant."))
        found.append(on_feature(
            ground, layer, int(row), kind="invalid", edit="reshape" if repaired else "flag", probability=SURE,
            surprise=-np.log(1 - SURE), number=number, about=ABOUT,
            class_now=None if label[row] < 0 else ground.legend.names[label[row]],
            evidence={**told(why, mend), "reason": reason or "it has no extent",
                      "area_change": round(change, 5)}))
    return found


def _without_extent(stored: np.ndarray) -> np.ndarray:
    """Which geometries are polygons without area or lines without length."""
    dimension = shapely.get_dimensions(stored)
    boxes = shapely.bounds(stored)
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    area = np.nan_to_num(shapely.area(shapely.make_valid(stored)))
    return np.asarray(((dimension == 2) & (area <= 1e-9 * np.maximum(size, 1e-12) ** 2))
                      | ((dimension == 1) & (shapely.length(stored) == 0)))


def _reason(stored: shapely.Geometry | None) -> str:
    """What GEOS says, in words and without the place: ``Self-intersection`` and the like."""
    if stored is None:
        return "it cannot be read as stored"
    text = str(shapely.is_valid_reason(stored)).split("[")[0].strip()
    known = {"Self-intersection": "its outline crosses itself", "Ring Self-intersection": "its outline touches itself",
             "Duplicate Rings": "one of its rings is there twice", "Nested shells": "one of its parts lies in another",
             "Hole lies outside shell": "a hole lies outside its outline", "Nested holes": "a hole lies in another",
             "Interior is disconnected": "its holes cut it into pieces",
             "Too few points in geometry component": "a ring has too few points"}
    return known.get(text, text or "it breaks the rules of its type")


def _area_change(stored: shapely.Geometry | None) -> float:
    """Share by which the area of a repair differs from that of the rings as drawn, holes taken off."""
    if stored is None:
        return 1.0
    drawn = 0.0
    for part in shapely.get_parts(stored):
        if isinstance(part, shapely.Polygon):
            rings = [_ring_area(np.asarray(ring.coords)) for ring in (part.exterior, *part.interiors)]
            drawn += rings[0] - sum(rings[1:])
    mended = float(shapely.make_valid(stored).area)
    if max(drawn, mended) <= 0:
        return 0.0 if shapely.get_dimensions(stored) < 2 else 1.0
    return abs(mended - drawn) / max(drawn, mended)


def _ring_area(xy: np.ndarray) -> float:
    """Area that a ring encloses once: where it crosses itself the lobes cancel, which tells a bow-tie."""
    x, y = xy[:, 0] - xy[0, 0], xy[:, 1] - xy[0, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)
