"""Covered shares of pixels, held against exact intersections."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.enums import MergeAlg
from rasterio.features import rasterize

from geoloop.core.alignment.coverage import coverage, heaped

SIDE = 12
CELLS = shapely.box(*np.meshgrid(np.arange(SIDE), np.arange(SIDE)),
                    *np.meshgrid(np.arange(1, SIDE + 1), np.arange(1, SIDE + 1)))


@settings(max_examples=60)
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


def test_weights_on_centres_add_up_as_rasterio_adds_them() -> None:
    rng = np.random.default_rng(4)
    shapes = [shapely.affinity.rotate(shapely.box(x, y, x + w, y + h), turn) for x, y, w, h, turn in
              zip(*rng.uniform(-10, 50, (2, 30)), *rng.uniform(0.2, 20, (2, 30)), rng.uniform(0, 180, 30), strict=True)]
    shapes[0] = shapely.box(5, 5, 25, 30).difference(shapely.box(10, 10, 20, 20))
    shapes[1] = shapely.MultiPolygon([shapely.box(0, 0, 4, 4), shapely.box(30, 2, 39.5, 8.5)]).reverse()
    weight = rng.random(len(shapes))
    added = rasterize(zip(shapes, weight, strict=True), out_shape=(32, 40), transform=Affine.translation(3, -2),
                      merge_alg=MergeAlg.add, dtype="float64")
    np.testing.assert_allclose(heaped(np.array(shapes), weight, (3, -2), (32, 40)), added, atol=1e-6)
    assert not heaped(np.array([shapely.Polygon()]), np.ones(1), (0, 0), (5, 5)).any()
