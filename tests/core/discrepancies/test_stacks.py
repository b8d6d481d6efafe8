"""Objects in windows of one size: what a look costs hangs on what is seen of an object, not on how large it is."""

import numpy as np
import shapely
from rasterio.windows import Window

from geoloop.core.discrepancies.stacks import SIDE_MAX, Seen, stacked

SIDE, MARGIN, REACH = 300, 10, 5


def test_of_a_forest_that_reaches_far_out_of_the_imagery_only_what_is_seen_is_looked_at() -> None:
    seen = Seen(Window(0, 0, SIDE, SIDE), np.full((1, SIDE, SIDE), 0.9, np.float32),
                np.zeros((3, SIDE, SIDE), np.float32), np.zeros((SIDE, SIDE), np.int32))
    forest = np.array([shapely.box(-20_000, -20_000, 20_000, 20_000)], dtype=object)
    (which, stack), = stacked(seen, np.array([0]), forest, np.array([0]), MARGIN, REACH, 1.0)
    assert which.tolist() == [0]
    assert stack.step == -(-SIDE // SIDE_MAX)
    assert stack.visible[0] == 1
