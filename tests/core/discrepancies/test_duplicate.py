"""Of things that are there twice one is named, the younger; what merely touches or overlaps a little is left alone."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, affinity, box

from geoloop.core.discrepancies.duplicate import find, key_order, pairs, probability

from .conftest import town


def twins_in(make_layer, ground_of, shapes, numbers=None, **more):
    count = len(shapes)
    layer = make_layer(shapes, {"nr": list(range(count)) if numbers is None else numbers, "building": ["yes"] * count},
                       key="nr", **more)
    ground = ground_of([layer])
    return find(ground, ground.maps[0], 1, 0.05)


def test_the_same_geometry_twice_is_sure_and_the_younger_is_merged(make_layer, ground_of) -> None:
    real = town(5, 4)
    found = twins_in(make_layer, ground_of, [*real, real[3]])
    assert [(d.target_key, d.edit, d.evidence["twin"]) for d in found] == [("20", "merge", "3")]
    assert found[0].probability > 0.99


def test_a_jittered_twin_is_found_and_a_neighbour_is_not(make_layer, ground_of) -> None:
    real = town(5, 4)
    jittered = affinity.rotate(affinity.translate(real[7], 0.4, -0.3), 2)
    beside = affinity.translate(real[9], 7.5, 0)
    found = twins_in(make_layer, ground_of, [*real, jittered, beside])
    assert {d.target_key for d in found if d.probability >= 0.5} == {"20"}


def test_points_and_lines_have_twins_too() -> None:
    line = LineString([(0, 0), (50, 0), (80, 30)])
    shapes = np.array([Point(1, 1), Point(1, 1), Point(9, 9), line, affinity.translate(line, 0.3, 0.2),
                       LineString([(0, 0), (0, 50)])], dtype=object)
    one, other, same = pairs(shapes)
    assert {(int(a), int(b)) for a, b in zip(one, other, strict=True)} == {(0, 1), (3, 4)}
    assert same.min() > 0.95


def test_a_locked_twin_stays(make_layer, ground_of) -> None:
    real = town(5, 4)
    found = twins_in(make_layer, ground_of, [*real, real[3]], settings={"lock": "nr = 20"})
    assert [d.target_key for d in found] == ["3"]


def test_nothing_goes_for_a_twin_that_has_no_key(make_layer, ground_of) -> None:
    real = town(5, 4)
    assert twins_in(make_layer, ground_of, [*real, real[3]], pd.array([*range(20), None], "Int64")) == []


def test_three_of_one_leave_one(make_layer, ground_of) -> None:
    real = town(5, 4)
    assert {d.target_key for d in twins_in(make_layer, ground_of, [*real, real[3], real[3]])} == {"20", "21"}


def test_keys_are_ordered_as_a_person_would() -> None:
    assert key_order(np.array(["b10", "b2", "a7"], dtype=object)).tolist() == [2, 1, 0]


@given(st.floats(0, 9), st.floats(0, 360), st.floats(2, 40))
def test_overlap_is_the_ratio_of_areas_whatever_the_turn(shift: float, angle: float, side: float) -> None:
    a = affinity.rotate(box(0, 0, side, side), angle, origin=(0, 0))
    b = affinity.rotate(box(shift, 0, side + shift, side), angle, origin=(0, 0))
    _, _, same = pairs(np.array([a, b], dtype=object))
    expected = a.intersection(b).area / a.union(b).area
    if expected > 0.31:
        assert same[0] == pytest.approx(expected, abs=1e-6)
    if expected < 0.29:
        assert len(same) == 0
    assert 0 <= probability(np.array([expected]))[0] < 1


def test_nothing_at_all_has_no_twins() -> None:
    assert [len(column) for column in pairs(np.array([], dtype=object))] == [0, 0, 0]
    assert shapely.Point(0, 0).is_valid
