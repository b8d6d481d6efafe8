"""Field observations: each weighs one, over the pixels that its position may mean."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geoloop.core.errors import InputError
from geoloop.core.sources.field import FieldObservations
from geoloop.core.sources.legend import Legend
from geoloop.core.sources.vectors import read_features


def test_an_exact_point_speaks_of_its_own_pixel(make_layer, grid):
    layer = make_layer([shapely.Point(500_024, 5_799_971)])
    support = FieldObservations.of(read_features(layer, grid, "field")).support(grid)
    assert (support.row.tolist(), support.column.tolist(), support.weight.tolist()) == ([2], [2], [1.0])


def test_a_vague_point_spreads_and_still_weighs_one(make_layer, grid):
    layer = make_layer([shapely.Point(500_505, 5_799_505), shapely.Point(500_001, 5_799_999)],
                       settings={"accuracy_m": 12.0})
    support = FieldObservations.of(read_features(layer, grid, "field")).support(grid)
    for number in (0, 1):
        mine = support.observation == number
        assert mine.sum() >= 4
        assert support.weight[mine].sum() == pytest.approx(1)
    middle = support.weight[support.observation == 0].argmax()
    assert (support.row[middle], support.column[middle]) == (49, 50)
    assert support.row.min() >= 0


def test_a_plot_speaks_of_its_pixels_equally_and_a_tiny_one_of_one(make_layer, grid):
    layer = make_layer([shapely.box(500_100, 5_799_500, 500_120, 5_799_530), shapely.box(500_201, 5_799_501, 500_202,
                                                                                       5_799_502)])
    support = FieldObservations.of(read_features(layer, grid, "field")).support(grid)
    assert support.weight.tolist() == pytest.approx([1 / 6] * 6 + [1.0])


def test_values_and_classes_are_read(make_layer, grid):
    points = [shapely.Point(500_010 + 50 * i, 5_799_500) for i in range(3)]
    layer = make_layer(points, {"t": [1.5, None, 3.0], "seen": ["wood", "water", None]},
                       settings={"value_field": "t", "class_field": "seen"})
    found = FieldObservations.of(read_features(layer, grid, "field"), Legend.load("landcover"))
    assert np.array_equal(found.values, [1.5, np.nan, 3.0], equal_nan=True)
    assert found.mix is not None
    assert found.mix.sum(axis=1).tolist() == [1, 1, 0]


def test_words_are_no_values(make_layer, grid):
    layer = make_layer([shapely.Point(500_010, 5_799_500)], {"t": ["tall"]}, settings={"value_field": "t"})
    with pytest.raises(InputError, match="value field “t”"):
        FieldObservations.of(read_features(layer, grid, "field"))
