"""The errors that we put in are what they are said to be, and nothing else is touched."""

import numpy as np
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import affinity, box

from geoloop.core.discrepancies.injection import IOU, KINDS, SHIFT_M, Bare, alone, inject, reshaped
from geoloop.core.discrepancies.objects import with_around

HOUSES = np.array([box(20 + 50 * c, 20 + 50 * r, 40 + 50 * c, 35 + 50 * r) for r in range(12) for c in range(12)],
                  dtype=object)
EXTENT = box(0, 0, 640, 640)


def put(seed: int = 0, rows=None, taken=None):
    rows = np.arange(len(HOUSES)) if rows is None else rows
    return inject(HOUSES, np.ones(len(HOUSES), np.intp), rows, EXTENT, 0.4, 10.0, seed, taken)


def test_each_error_is_of_its_kind() -> None:
    made = put()
    for shape, kind, origin in zip(made.shapes, made.kind, made.origin, strict=True):
        real = HOUSES[origin]
        far = shape.centroid.distance(real.centroid) * 0.4
        if KINDS[kind] == "right":
            assert shape.equals(real)
        if KINDS[kind] == "shifted":
            assert SHIFT_M[0] - 1e-6 <= far <= SHIFT_M[1] + 1e-6
            assert abs(shape.area - real.area) < 1e-6
        if KINDS[kind] == "obsolete":
            assert not any(shape.intersects(house) for house in HOUSES)
            assert EXTENT.contains(shape)
    assert np.bincount(made.kind, minlength=4).min() >= 10
    assert len(made.shapes) - (made.kind == 1).sum() < len(HOUSES)


def test_the_same_seed_makes_the_same_errors_and_only_where_allowed() -> None:
    one, again = put(3), put(3)
    assert all(a.equals(b) for a, b in zip(one.shapes, again.shapes, strict=True))
    few = put(1, np.arange(40))
    assert set(few.origin[few.kind > 0].tolist()) <= set(range(40))


def test_a_twin_is_not_alone_and_what_only_touches_another_is() -> None:
    shapes = np.array([box(0, 0, 10, 10), box(1, 0, 11, 10), box(9, 20, 20, 30), box(20, 20, 30, 30), box(0, 20, 9, 30),
                       box(22, 22, 24, 24)], dtype=object)
    assert alone(shapes).tolist() == [False, False, True, True, True, False]
    assert alone(HOUSES).all()


def test_what_may_be_missing_is_kept_free_as_often_as_it_is_likely() -> None:
    bare = Bare(HOUSES[:3], np.array([0.0, 0.3, 1.0]))
    free = [bare.drawn(np.random.default_rng(seed)) for seed in range(200)]
    often = [np.mean([any(one is house for one in some) for some in free]) for house in HOUSES[:3]]
    np.testing.assert_allclose(often, [0, 0.3, 1], atol=0.1)


def test_no_fake_is_put_where_the_layer_lacks_something_or_another_feature_stands() -> None:
    taken = np.array([box(0, 0, 640, 320)], dtype=object)
    made = put(0, taken=taken)
    assert all(shape.bounds[1] >= 320 for shape in made.shapes[made.kind == KINDS.index("obsolete")])


def test_what_a_large_layer_is_learnt_from_has_its_neighbours_around_it() -> None:
    rows = np.arange(len(HOUSES))
    taught = np.array([65, 66, 77, 78])
    here, within = with_around(HOUSES, rows, taught, pixel_m=0.4)
    assert here[within].tolist() == taught.tolist()
    assert set(here) == {12 * r + c for r in range(4, 8) for c in range(4, 8)}
    assert [rows.tolist() for rows in with_around(HOUSES, rows, rows, pixel_m=0.4)] == [rows.tolist()] * 2


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.floats(0, 180), st.floats(3, 40), st.floats(3, 40))
@example(0, 29.294393813707313, 35.0, 21.755304173546566)
def test_another_shape_is_valid_and_neither_the_same_nor_another_thing(seed, angle, width, height) -> None:
    shape = affinity.rotate(box(0, 0, width, height), angle)
    other = reshaped(shape, np.random.default_rng(seed))
    if other is not None:
        assert other.is_valid
        shared = shapely.intersection(other, shape, grid_size=1e-6).area  # sides that nearly coincide need a grid
        assert IOU[0] - 1e-4 <= shared / (other.area + shape.area - shared) <= IOU[1] + 1e-4
