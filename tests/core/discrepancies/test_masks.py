"""A polygon covers the pixels whose centres it holds; masks grow and shrink along rows and columns."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy import ndimage
from shapely import Point, affinity, box

from geoloop.core.discrepancies.masks import grown, mask_of, opened, shrunk
from geoloop.core.discrepancies.pooling import covering


def painted(shape, size):
    return rasterize([(shape, 1)], out_shape=size, dtype="uint8").astype(bool)


@given(st.floats(-20, 60), st.floats(-20, 60), st.floats(0.3, 40), st.floats(0.3, 30), st.floats(0, 180))
def test_a_turned_box_covers_what_rasterio_paints(x, y, wide, high, angle) -> None:
    shape = affinity.rotate(box(x, y, x + wide + 0.01234, y + high + 0.00567), angle + 0.1234)
    assert np.array_equal(mask_of(shape, (30, 41)), painted(shape, (30, 41)))


def test_holes_stay_open_and_all_parts_count() -> None:
    yard = Point(15.3, 15.2).buffer(12).difference(Point(14.1, 16.4).buffer(5))
    shape = shapely.MultiPolygon([yard, box(30.2, 3.1, 36.7, 8.8)])
    assert np.array_equal(mask_of(shape, (30, 41)), painted(shape, (30, 41)))
    assert not mask_of(shape, (30, 41))[16, 14]


def test_of_shapes_that_lie_on_one_another_the_last_covers() -> None:
    rng = np.random.default_rng(1)
    shapes = np.array([affinity.rotate(box(x, y, x + 9.3, y + 5.7), turn) for x, y, turn in
                       zip(*rng.uniform(-4, 36, (2, 12)), rng.uniform(0, 180, 12), strict=True)])
    number = np.arange(12) * 3
    painted_one_by_one = np.full((30, 41), -1, np.int32)
    for shape, one in zip(shapes, number.tolist(), strict=True):
        painted_one_by_one[painted(shape, (30, 41))] = one
    there = np.array([affinity.translate(shape, 100, 50) for shape in shapes])
    assert np.array_equal(covering(there, number, Window(100, 50, 41, 30)), painted_one_by_one)


def test_a_height_on_each_corner_changes_nothing() -> None:
    flat = box(3.3, 4.2, 12.6, 9.9)
    assert np.array_equal(mask_of(shapely.force_3d(flat, 7.0), (20, 20)), mask_of(flat, (20, 20)))


@given(st.integers(0, 2**32 - 1))
def test_corners_in_the_middle_of_a_row_of_pixels_open_no_outline(seed) -> None:
    """Where a corner lies just on a row's middle, its two lines must agree on whether they cross it."""
    rng = np.random.default_rng(seed)
    turn = np.sort(rng.uniform(0, 2 * np.pi, 24))
    xy = np.column_stack([np.cos(turn), np.sin(turn)]) * rng.uniform(3, 60, 24)[:, None] + rng.uniform(14, 16, 2)
    xy[::2, 1] = np.floor(xy[::2, 1]) + 0.5
    shape = shapely.make_valid(shapely.Polygon(xy))
    centres = shapely.points(*np.meshgrid(np.arange(30) + 0.5, np.arange(30) + 0.5)).reshape(30, 30)
    covers = mask_of(shape, (30, 30))
    assert covers[shapely.contains(shape.buffer(-1e-6), centres)].all()
    assert not covers[~shapely.contains(shape.buffer(1e-6), centres)].any()


def test_what_is_thinner_than_a_pixel_or_lies_outside_covers_nothing() -> None:
    assert not mask_of(box(3.6, 2.0, 4.4, 9.0), (20, 20)).any()
    assert not mask_of(box(40, 40, 50, 50), (20, 20)).any()
    assert not mask_of(shapely.Polygon(), (20, 20)).any()


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_masks_grow_and_shrink_as_scipy_has_it(seed, steps) -> None:
    mask = np.random.default_rng(seed).random((9, 13)) < 0.4
    assert np.array_equal(grown(mask, steps), ndimage.binary_dilation(mask, iterations=steps))
    assert np.array_equal(shrunk(~mask, steps), ndimage.binary_erosion(~mask, iterations=steps))
    assert np.array_equal(opened(mask, steps), ndimage.binary_opening(mask, iterations=steps))
