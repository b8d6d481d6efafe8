"""How an object's outline would stand at each of the places where it may belong.

How much shows within an outline, and around it, is known of every shift within reach (see :mod:`places`). What tells
the right place from a neighbour's roof or a paved court is finer: whether edges run along the whole outline or along a
part of it, whether what shows goes on beyond it, whether other objects have taken the ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from .edges import Edges
from .sight import LOOKS, NEAR_PX, Sight

if TYPE_CHECKING:
    from ..fusion.evidence import Evidence


def standing(shapes: NDArray[np.object_], rows: NDArray[np.intp], labels: NDArray[np.intp],
             places_px: NDArray[np.float32], placed: NDArray[np.object_], evidence: Evidence, edges: Edges
             ) -> NDArray[np.float64]:
    """Return what each place (m, k, d) looks like with the outline there, of ``rows`` (m,) of the objects that are
    ``placed``, given where their neighbours say that they should lie (``shapes``, pixels), their ``labels`` and how far
    from there their places are (m, k, 2); noughts where there is no place, and for what is no polygon or too large.
    """
    tree = shapely.STRtree(placed)
    result = np.zeros((*places_px.shape[:2], LOOKS))
    for at, (row, shape, label) in enumerate(zip(rows.tolist(), shapes, labels.tolist(), strict=True)):
        there = np.flatnonzero(~np.isnan(places_px[at, :, 0]))
        reach = int(np.ceil(np.abs(places_px[at, there]).max(initial=0.0))) + NEAR_PX + 1
        sight = Sight.of(shape, row, label, placed, tree, evidence, edges, reach)
        if sight is not None:
            for k in there.tolist():
                result[at, k] = sight.looks(affinity.translate(sight.outline, *places_px[at, k].tolist()))
    return result
