"""One cause, one finding: rivals share a cause, and what they explain together is not claimed twice.

The kinds of one feature are rivals from the start. A place where a layer lacks something and a feature that was drawn
beside it may be one thing too: the feature, shifted or given another shape, would lie there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from ..ledger import Discrepancy
from ..sources.statements import LINE_WIDTH_M, POINT_RADIUS_M

SAME_PLACE, COVERED = 0.3, 0.5
"""One place: so much of what two cover together is shared, or so much of what is missing lies where the other goes."""
LARGEST_SUM = 0.97
SETTLES = ("shifted", "reshaped")


def linked(found: Sequence[Discrepancy], metres_per_unit: float = 1.0) -> list[Discrepancy]:
    """Return findings (of one layer) with rivals linked: what is missing where a feature is thought to belong shares
    that feature's cause; of what is sure to be there twice nothing else is said with force; probabilities of one
    feature's kinds sum to at most ``LARGEST_SUM``. ``metres_per_unit`` is that of the proposals' CRS.
    """
    return summing(_without_twins(_one_place(list(found), metres_per_unit)))


def _one_place(found: list[Discrepancy], metres_per_unit: float) -> list[Discrepancy]:
    movers = [d for d in found if d.kind in SETTLES and d.edit in ("move", "reshape")]
    if not movers:
        return found
    places = np.array([broad(shapely.from_wkb(d.proposal), metres_per_unit) for d in movers], dtype=object)
    obsolete = {d.cause: d.probability for d in found if d.kind == "obsolete"}
    tree = shapely.STRtree(places)
    result = []
    for d in found:
        if d.kind != "missing":
            result.append(d)
            continue
        shape = broad(shapely.from_wkb(d.proposal), metres_per_unit)
        near = tree.query(shape, predicate="intersects")
        shared = shapely.area(shapely.intersection(places[near], shape))
        least = np.minimum(SAME_PLACE * (shapely.area(places[near]) + shape.area - shared), COVERED * shape.area)
        same = near[shared >= least]
        if not len(same):
            result.append(d)
            continue
        rival = max((movers[k] for k in same), key=_belongs)
        there = _belongs(rival)
        # Each by its own looks, and never both: odds of the one against neither, of the other, and of neither.
        chance = d.probability * (1 - there) / (1 - d.probability * there)
        joined = there >= max(obsolete.get(rival.cause, 0.0), chance)
        evidence = {**d.evidence, "rival": f"{rival.kind} {rival.target_key}"}
        result.append(replace(d, probability=round(chance, 4), cause=rival.cause if joined else d.cause,
                              evidence=evidence))
    return result


def _belongs(mover: Discrepancy) -> float:
    """Return how probable it is, by the feature's own looks, that it belongs where its finding would put it: that it is
    shifted does not say whereto.
    """
    return mover.probability * float(mover.evidence.get("place_probability", 1.0))


def broad(shape: shapely.Geometry, metres_per_unit: float) -> shapely.Geometry:
    """What a geometry covers, in a CRS of so many metres a unit: lines have a width, points a radius."""
    radius_m = {0: POINT_RADIUS_M, 1: LINE_WIDTH_M / 2}.get(int(shapely.get_dimensions(shape)))
    return shape if radius_m is None else shape.buffer(radius_m / metres_per_unit, quad_segs=2)


def _without_twins(found: list[Discrepancy]) -> list[Discrepancy]:
    """A feature that is there twice is not obsolete, shifted or reshaped because its twin explains what is seen."""
    twin = {d.cause: d.probability for d in found if d.kind == "duplicate"}
    return [d if d.kind == "duplicate" or d.cause not in twin
            else replace(d, probability=round(d.probability * (1 - twin[d.cause]), 4)) for d in found]


def summing(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Return findings of which those of one feature, or of no feature but one cause, sum to at most ``LARGEST_SUM``,
    unless one is sure by itself. What is missing where a feature may belong does not rival that the feature is shifted,
    but that it belongs there.
    """
    total: dict[tuple[str | None, str | None], float] = defaultdict(float)
    for d in found:
        total[d.cause, d.target_key] += d.probability
    sure = {d.cause for d in found if d.kind in ("duplicate", "invalid") and d.probability > LARGEST_SUM}
    return [replace(d, probability=round(d.probability * LARGEST_SUM / total[d.cause, d.target_key], 4))
            if total[d.cause, d.target_key] > max(LARGEST_SUM, d.probability) and d.cause not in sure else d
            for d in found]
