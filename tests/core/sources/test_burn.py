"""Painting features: the same whatever the window, small ones on top."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geoloop.core.sources.burn import SILENT, burn


def boxes(*corners: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*corner) for corner in corners], dtype=object)


def test_a_pixel_belongs_to_the_polygon_that_holds_its_centre():
    painted = burn(boxes((1, 1, 3.4, 2.6)), np.array([7]), (4, 5))
    assert np.argwhere(painted == 7).tolist() == [[1, 1], [1, 2], [2, 1], [2, 2]]
    assert (painted[painted != 7] == SILENT).all()
    assert (burn(boxes((1, 1, 3.4, 2.6)), np.array([7]), (4, 5), all_touched=True) == 7).sum() == 6


def test_the_offset_is_the_window_s_first_row_and_column():
    assert np.argwhere(burn(boxes((12, 21, 13, 22)), np.array([1]), (3, 4), (20, 10)) == 1).tolist() == [[1, 2]]


def test_small_polygons_lie_on_large_ones_in_any_order():
    shapes, values = boxes((2, 2, 4, 4), (0, 0, 8, 8)), np.array([1, 2])
    assert (burn(shapes, values, (8, 8)) == burn(shapes[::-1], values[::-1], (8, 8))).all()
    assert (burn(shapes, values, (8, 8)) == 1).sum() == 4


def test_values_keep_their_kind_and_nothing_paints_nothing():
    painted = burn(boxes((0, 0, 1, 1)), np.array([0.5]), (2, 2), dtype=np.float32, fill=np.nan)
    assert painted[0, 0] == 0.5
    assert np.isnan(painted[1, 1])
    nothing = burn(np.array([], dtype=object), np.array([], dtype=np.int32), (2, 2))
    assert (nothing == SILENT).all()


coordinate = st.integers(0, 38).map(lambda v: v / 2)
box = st.tuples(coordinate, coordinate, st.integers(1, 20), st.integers(1, 20)).map(
    lambda b: (b[0], b[1], b[0] + b[2] / 2, b[1] + b[3] / 2)
)


@given(st.lists(box, min_size=1, max_size=8), st.integers(0, 15), st.integers(0, 15))
def test_a_window_is_painted_as_its_part_of_the_whole(corners, row, column):
    shapes, classes = boxes(*corners), np.arange(len(corners)) % 3
    whole, part = burn(shapes, classes, (24, 24)), burn(shapes, classes, (6, 7), (row, column))
    here = np.s_[row:row + 6, column:column + 7]
    assert (part == whole[here]).all()
