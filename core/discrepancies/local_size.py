"""How large a patch is for the place where it lies: beside the features around it.

What stands in one street is of one size, and a shed, a bus or a bare court is not what its neighbours are.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

NEAREST = 5
REACH = 3.5
"""Features count no farther off than so many times the length of the layer's middle one."""


def beside_neighbours(shapes: NDArray[np.object_], features: NDArray[np.object_], middle: float
                      ) -> NDArray[np.float64]:
    """Return log of the area of each of ``shapes`` (n,) over the median area of the ``NEAREST`` of ``features`` (m,)
    around it; where there are none, over ``middle``, the area of the layer's middle feature.
    """
    usual = np.full(len(shapes), middle)
    one, other = shapely.STRtree(features).query(shapes, predicate="dwithin", distance=REACH * np.sqrt(middle))
    order = np.lexsort((shapely.distance(shapes[one], features[other]), one))
    one, area = one[order], shapely.area(features[other[order]])
    which, first = np.unique(one, return_index=True)
    for k, areas in zip(which, np.split(area, first)[1:], strict=True):
        usual[k] = np.median(areas[:NEAREST])
    return np.asarray(np.log(np.maximum(shapely.area(shapes), 1.0) / np.maximum(usual, 1.0)))
