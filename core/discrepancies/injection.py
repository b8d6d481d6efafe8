"""Errors put into the user's own layer, in memory: what each kind of error looks like here is learnt from them.

The layer is taken as it is, with whatever is wrong in it already; a share of its objects is moved, given another shape,
or left out, and shapes of its own are put where it is silent. Nothing of this leaves the run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

KINDS = ("right", "obsolete", "shifted", "reshaped")
SHARES = {"obsolete": 0.10, "shifted": 0.12, "reshaped": 0.10, "deleted": 0.06}
"""A few times what is usual, so that examples are many, and few enough that most neighbours stay."""
SHIFT_M = (1.5, 8.0)
IOU = (0.35, 0.8)
NEAR_M = 40.0
TRIES = 60


@dataclass(frozen=True)
class Injected:
    """A layer with errors: ``shapes`` (n,) in pixels, ``labels`` (n,) their classes, ``kind`` (n,) a place in
    ``KINDS``, ``origin`` (n,) the row that each was made from.
    """

    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    kind: NDArray[np.intp]
    origin: NDArray[np.intp]


def inject(shapes: NDArray[np.object_], labels: NDArray[np.intp], rows: NDArray[np.intp], extent: shapely.Geometry,
           pixel_m: float, reach_m: float, seed: int, taken: NDArray[np.object_] | None = None) -> Injected:
    """Put errors into ``shapes`` (pixels): only ``rows`` are moved, reshaped, left out or copied onto silent ground.

    ``taken`` are further places where a copy would be no error of its own: where something stands that is not among
    ``shapes``, or where the layer lacks something.
    """
    rng = np.random.default_rng([seed, 3])
    order = rng.permutation(rows)
    ends = np.cumsum([round(SHARES[kind] * len(rows)) for kind in ("shifted", "reshaped", "deleted")])
    moved, bent, gone = np.split(order[:ends[2]], ends[:2])
    result, kind = shapes.copy(), np.zeros(len(shapes), np.intp)
    for row in moved:
        result[row] = _moved(shapes[row], pixel_m, reach_m, rng)
        kind[row] = KINDS.index("shifted")
    for row in bent:
        other = reshaped(shapes[row], rng)
        if other is not None:
            result[row] = other
            kind[row] = KINDS.index("reshaped")
    wanted = order[:max(round(SHARES["obsolete"] * len(rows)), 1)] if len(order) else order
    full = shapes if taken is None else np.concatenate([shapes, taken])
    fakes, donors = silent_shapes(full, rng.permutation(rows)[:len(wanted)], rows, extent, pixel_m, rng)
    stay = np.setdiff1d(np.arange(len(shapes)), gone)
    return Injected(np.concatenate([result[stay], fakes]), np.concatenate([labels[stay], labels[donors]]),
                    np.concatenate([kind[stay], np.full(len(fakes), KINDS.index("obsolete"), np.intp)]),
                    np.concatenate([stay, donors]))


@dataclass(frozen=True)
class Bare:
    """Places (n,) in pixels where a layer may lack something, each with so much ``chance`` (n,)."""

    places: NDArray[np.object_]
    chance: NDArray[np.float64]

    def drawn(self, rng: np.random.Generator) -> NDArray[np.object_]:
        """Places that are taken to be lacked, each as often as it is likely: what only looks as if something were
        missing is ground where a wrong object can stand as well as elsewhere, and where it is hard to tell.
        """
        return self.places[self.chance > rng.random(len(self.chance))]


def alone(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which shapes (n,) have no twin, another that covers more than half of them: what is moved away from its twin
    leaves one in its place, and what that explains nobody finds again.
    """
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one != other], other[one != other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    result = np.ones(len(shapes), bool)
    result[one[shared > 0.5 * shapely.area(shapes[one])]] = False
    return result


def _moved(shape: shapely.Geometry, pixel_m: float, reach_m: float, rng: np.random.Generator) -> shapely.Geometry:
    low, high = max(SHIFT_M[0], 2 * pixel_m), max(min(SHIFT_M[1], 0.8 * reach_m), 3 * pixel_m)
    far, angle = rng.uniform(low, high) / pixel_m, rng.uniform(0, 2 * np.pi)
    return affinity.translate(shape, far * np.cos(angle), far * np.sin(angle))


def reshaped(shape: shapely.Geometry, rng: np.random.Generator) -> shapely.Geometry | None:
    """Return a polygon with a side moved, a part cut off, a corner missing or a wing too many; None if none fits."""
    if not isinstance(shape, shapely.Polygon):
        return None
    box = np.asarray(shape.minimum_rotated_rectangle.exterior.coords) if shape.area > 0 else None
    if box is None:
        return None
    angle = float(np.degrees(np.arctan2(*(box[1] - box[0])[::-1])))
    centre = shape.centroid
    flat = affinity.rotate(shape, -angle, origin=centre)
    for _ in range(12):
        bent = _bent(flat, rng)
        if isinstance(bent, shapely.Polygon) and bent.is_valid and bent.area > 0:
            shared = bent.intersection(flat).area
            if IOU[0] <= shared / (bent.area + flat.area - shared) <= IOU[1]:
                return affinity.rotate(bent, angle, origin=centre)
    return None


def _bent(flat: shapely.Polygon, rng: np.random.Generator) -> shapely.Geometry:
    x0, y0, x1, y1 = flat.bounds
    if rng.random() < 0.5:
        x0, x1 = x1, x0
    if rng.random() < 0.5:
        y0, y1 = y1, y0
    across = rng.random() < 0.5
    way = rng.integers(4)
    if way == 0:
        factor = rng.uniform(1.3, 2.0) if rng.random() < 0.5 else rng.uniform(0.4, 0.7)
        return affinity.scale(flat, factor if across else 1, 1 if across else factor, origin=(x0, y0))
    if way == 1:
        share = rng.uniform(0.25, 0.55)
        cut = (x0, y0, x0 + share * (x1 - x0), y1) if across else (x0, y0, x1, y0 + share * (y1 - y0))
        return flat.difference(_box(*cut))
    if way == 2:
        return flat.difference(_box(x0, y0, x0 + rng.uniform(0.4, 0.75) * (x1 - x0),
                                    y0 + rng.uniform(0.4, 0.75) * (y1 - y0)))
    out, along = rng.uniform(0.3, 0.9), rng.uniform(0.4, 0.8)
    wing = ((x0, y0, x0 - out * (x1 - x0), y0 + along * (y1 - y0)) if across
            else (x0, y0, x0 + along * (x1 - x0), y0 - out * (y1 - y0)))
    return shapely.union(flat, _box(*wing))


def _box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def silent_shapes(shapes: NDArray[np.object_], donors: NDArray[np.intp], rows: NDArray[np.intp],
                  extent: shapely.Geometry, pixel_m: float, rng: np.random.Generator
                  ) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return shapes of ``donors``, turned at random and put where the layer is silent, within ``NEAR_M`` of one of
    ``rows``, in pixels, and the donor of each. Shapes that fit nowhere are left out.
    """
    reach = NEAR_M / pixel_m
    tree = shapely.STRtree(shapes)
    centres = shapely.get_coordinates(shapely.centroid(shapes[rows])).reshape(-1, 2)
    turned = np.array([affinity.rotate(shapes[r], rng.uniform(0, 360), origin="centroid") for r in donors] or [None],
                      dtype=object)[:len(donors)]
    middle = shapely.get_coordinates(shapely.centroid(turned)).reshape(-1, 2)
    placed: list[shapely.Geometry] = []
    of: list[int] = []
    waiting = np.arange(len(turned))
    for _ in range(TRIES):
        if not len(waiting):
            break
        shift = centres[rng.integers(0, len(rows), len(waiting))] + rng.uniform(-reach, reach, (len(waiting), 2))
        shift -= middle[waiting]
        moved = np.array([affinity.translate(turned[i], *s) for i, s in zip(waiting, shift, strict=True)], dtype=object)
        busy = np.zeros(len(moved), bool)
        busy[tree.query(moved, predicate="intersects")[0]] = True
        free = ~busy & shapely.contains_properly(extent, moved)
        placed += list(moved[free])
        of += list(donors[waiting[free]])
        waiting = waiting[~free]
    return np.array(placed, dtype=object), np.array(of, np.intp)
