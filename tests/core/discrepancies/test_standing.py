"""Where an object may belong its outline is looked at: does it stand on edges, on free ground, on what shows?"""

import numpy as np
import pytest
import shapely
from shapely import affinity, box

from geoloop.core.discrepancies.edges import Edges
from geoloop.core.discrepancies.sight import LOOKS
from geoloop.core.discrepancies.standing import standing

WITHIN, TAKEN, SHARED = 1, 5, 11
"""Of the looks: mean probability within, share taken by others, how much outline and evidence share."""


@pytest.fixture
def stood(make_layer, ground_of, evidence_of):
    """A house of 20 × 15 pixels drawn 15 pixels beside the one that shows, and another object on free ground."""
    ground = ground_of([make_layer([box(500_010, 5_799_980, 500_020, 5_799_990)], {"nr": [0], "building": ["yes"]},
                                   key="nr")])
    at = ground.grid.transform
    there = box(100, 100, 120, 115)
    evidence = evidence_of(ground, [shapely.transform(there, lambda xy: np.column_stack(at @ tuple(xy.T)))], [1])
    placed = np.array([affinity.translate(there, 15, 0), box(130, 120, 150, 135)], dtype=object)
    places = np.array([[[-15, 0], [np.nan, np.nan], [15, 20], [0, -130]]], np.float32)

    def look(shape: shapely.Geometry) -> np.ndarray:
        return standing(np.array([shape], dtype=object), np.array([0]), np.array([1]), places, placed, evidence,
                        Edges.of(ground.imagery))[0]
    return look, placed[0]


def test_the_right_place_shows_the_object_and_leaves_nothing_over(stood) -> None:
    look, house = stood
    right, none, taken, beyond = look(house)
    assert right[WITHIN] > 0.7
    assert right[SHARED] > 0.6
    assert right[TAKEN] == 0
    assert (none == 0).all()
    assert taken[TAKEN] > 0.9
    assert taken[WITHIN] < 0.4
    assert np.isfinite(beyond).all()


@pytest.mark.parametrize("shape", [shapely.MultiPolygon([box(0, 0, 9, 9), box(20, 0, 29, 9)]), shapely.Polygon(),
                                   box(0, 0, 900, 900)])
def test_what_is_no_polygon_or_too_large_has_no_looks(stood, shape) -> None:
    look, _ = stood
    assert look(shape).shape == (4, LOOKS)
    assert not look(shape).any()
