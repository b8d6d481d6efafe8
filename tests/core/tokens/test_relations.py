"""How features lie to each other, found in trees and agreeing with the exact predicates."""

import time

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, box

from geoloop.core.tokens.outlines import outlines_of
from geoloop.core.tokens.relations import KINDS, Relations, relate


def related(shapes: list, nearest: int = 8) -> Relations:
    array = np.array(shapes, dtype=object)
    return relate(array, outlines_of(array), nearest)


def kind(found: Relations, target: int, source: int) -> str:
    at = np.flatnonzero((found.target == target) & (found.source == source))
    assert len(at) == 1
    return KINDS[found.kind[at[0]]]


def test_every_relation_is_named_from_both_sides() -> None:
    found = related([box(0, 0, 10, 10), box(2, 2, 4, 4), box(10, 0, 20, 10), LineString([(-5, 5), (15, 5)]),
                     box(8, 8, 12, 12), box(0, 0, 10, 10), Point(100, 100)])
    assert kind(found, 0, 1) == "within"
    assert kind(found, 1, 0) == "contains"
    assert kind(found, 0, 2) == kind(found, 2, 0) == "touches"
    assert kind(found, 0, 3) == "crosses"
    assert kind(found, 0, 4) == kind(found, 4, 0) == "overlaps"
    assert kind(found, 0, 5) == "equals"
    assert kind(found, 6, 4) == "near"


def test_distances_are_those_between_the_shapes_themselves() -> None:
    rng = np.random.default_rng(0)
    shapes = [box(x, y, x + 5, y + 8) for x, y in rng.uniform(0, 200, (60, 2))]
    found = related(shapes)
    array = np.array(shapes, dtype=object)
    assert np.allclose(found.distance_px, shapely.distance(array[found.target], array[found.source]), atol=1e-4)


def test_all_that_touch_are_found_however_many() -> None:
    ground = box(0, 0, 1000, 1000)
    houses = [box(x, y, x + 4, y + 4) for x in range(10, 990, 40) for y in range(10, 990, 40)]
    found = related([ground, *houses])
    assert ((found.target == 0) & (found.kind == KINDS.index("within"))).sum() == len(houses)


def test_each_has_its_nearest_neighbours() -> None:
    shapes = [box(10 * i, 0, 10 * i + 4, 4) for i in range(40)]
    found = related(shapes, nearest=4)
    for i in range(2, 38):
        assert {i - 1, i + 1} <= set(found.source[found.target == i].tolist())


def test_a_lone_feature_has_no_relations() -> None:
    assert len(related([box(0, 0, 1, 1)]).target) == 0
    assert len(related([]).target) == 0


def test_relations_within_some_features_are_numbered_anew() -> None:
    found = related([box(0, 0, 4, 4), box(4, 0, 8, 4), box(8, 0, 12, 4)])
    part = found.among(np.array([1, 2]), 3)
    assert part.target.tolist() == [0, 1]
    assert part.source.tolist() == [1, 0]
    assert [KINDS[k] for k in part.kind] == ["touches", "touches"]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_number_of_pairs_grows_with_the_features_and_not_with_their_square(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs, seconds = [], []
    for n in (500, 4000):
        centre = rng.uniform(0, 20 * n**0.5, (n, 2))
        shapes = shapely.box(*(centre - 4).T, *(centre + 4).T)
        outlines = outlines_of(shapes)
        began = time.process_time()
        pairs.append(len(relate(shapes, outlines).target))
        seconds.append(time.process_time() - began)
    assert pairs[1] < 12 * pairs[0]
    assert seconds[1] < 32 * max(seconds[0], 0.01)  # square: 64 times
