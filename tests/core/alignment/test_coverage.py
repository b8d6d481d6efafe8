"""Covered shares of pixels, held against exact intersections."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoloop.core.alignment.coverage import coverage

SIDE = 12
CELLS = shapely.box(*np.meshgrid(np.arange(SIDE), np.arange(SIDE)),
                    *np.meshgrid(np.arange(1, SIDE + 1), np.arange(1, SIDE + 1)))


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-6, 16), y=st.floats(-6, 16), w=st.floats(0.05, 20), h=st.floats(0.05, 20), turn=st.floats(0, 180),
       hole=st.booleans())
def test_coverage_is_the_area_within_each_pixel(x: float, y: float, w: float, h: float, turn: float, hole: bool
                                                        ) -> None:
    shape = shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), turn)
    if hole:
        shape = shape.difference(shapely.affinity.scale(shape, 0.4, 0.5))
    found = coverage(np.array([shape]), np.zeros((1, 2), int), SIDE)[0]
    np.testing.assert_allclose(found, shapely.area(shapely.intersection(shape, CELLS)), atol=1e-4)


def test_parts_and_windows_apart_are_counted_where_they_lie() -> None:
    both = shapely.MultiPolygon([shapely.box(1, 1, 2.5, 3), shapely.box(6, 6, 8, 7)])
    found = coverage(np.array([both, both]), np.array([[0, 0], [5, 5]]), 8)
    assert found[0].sum() == 5.0
    assert found[1].sum() == 2.0
    assert found[0, 1, 2] == 0.5
