"""Whatever the shapes are, a layer's errors are told from the layer that is true."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from geoloop.core.review.truth import ERRORS, compare

CORNERS = [(x, y) for x in range(0, 200, 40) for y in range(0, 200, 40)]
HOUSES = np.array([shapely.box(x, y, x + 10, y + 8) for x, y in CORNERS], dtype=object)


def errors(now: np.ndarray, true: np.ndarray, label: np.ndarray | None = None) -> tuple[list[str], list[int]]:
    own = np.zeros(len(now), np.intp) if label is None else label
    found = compare(now, own, true, np.zeros(len(true), np.intp), 1.0)
    return [ERRORS[e] for e in found.error], found.missing.tolist()


def test_each_error_is_told_apart() -> None:
    now = np.append(HOUSES[1:], [shapely.box(300, 300, 310, 308), affinity.translate(HOUSES[5], 0.4, 0.3)])
    now[0] = affinity.translate(now[0], 4, 3)
    now[1] = affinity.scale(now[1], 0.5, 1, origin=(0, 80))
    label = np.zeros(len(now), np.intp)
    label[2] = 1
    found, missing = errors(now, HOUSES, label)
    assert found[:3] == ["shifted", "reshaped", "wrong_class"]
    assert found[-2:] == ["obsolete", "duplicate"]
    assert set(found[3:-2]) == {"right"}
    assert missing == [0]


def test_a_layer_that_is_true_has_no_error_in_whatever_order() -> None:
    found, missing = errors(HOUSES[::-1], HOUSES)
    assert set(found) == {"right"}
    assert not missing


def test_a_building_far_from_where_it_stood_is_obsolete_there_and_missing_here() -> None:
    now = HOUSES.copy()
    now[3] = affinity.translate(now[3], 15, 0)
    found, missing = errors(now, HOUSES)
    assert found[3] == "obsolete"
    assert missing == [3]


@pytest.mark.parametrize("make", [
    lambda xy: shapely.Point(xy), lambda xy: shapely.LineString([xy, (xy[0] + 60, xy[1] + 5)])])
def test_points_and_lines_are_compared_too(make: object) -> None:
    true = np.array([make((100 * k, 0)) for k in range(6)], dtype=object)
    now = true[1:].copy()
    now[0] = affinity.translate(now[0], 0, 5)
    now = np.append(now, [make((300, 400))])
    found, missing = errors(now, true)
    assert found == ["shifted", *["right"] * 4, "obsolete"]
    assert missing == [0]


def test_lengths_are_metres_on_the_ground() -> None:
    now = np.array([affinity.translate(g, 3, 0) for g in HOUSES], dtype=object)
    label = np.zeros(len(now), np.intp)
    assert (compare(now, label, HOUSES, label, 0.5).error == 0).all(), "3 units are 1.5 m here"
    assert (compare(now, label, HOUSES, label, 1.0).error == ERRORS.index("shifted")).all()


def test_a_layer_without_features_lacks_all() -> None:
    nothing = np.array([], dtype=object)
    found = compare(nothing, np.zeros(0, np.intp), HOUSES, np.zeros(len(HOUSES), np.intp), 1.0)
    assert found.count == len(HOUSES)
    assert compare(HOUSES, np.zeros(25, np.intp), nothing, np.zeros(0, np.intp), 1.0).count == 25
