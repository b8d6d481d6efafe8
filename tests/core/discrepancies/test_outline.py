"""Outlines are what a person would draw, and never far from the pixels."""

import numpy as np
from rasterio.features import rasterize, shapes
from scipy import ndimage
from shapely import affinity, box

from geoloop.core.discrepancies.outline import LEAST_OVERLAP, outline, traced


def test_a_turned_house_becomes_a_turned_rectangle() -> None:
    house = affinity.rotate(box(20, 20, 50, 40), 30)
    mask = rasterize([(house, 1)], out_shape=(64, 64)).astype(bool)
    drawn = outline(mask, 0, 0)
    assert len(drawn.exterior.coords) == 5
    assert drawn.intersection(house).area / drawn.union(house).area > 0.9


def test_an_l_shaped_house_keeps_its_shape() -> None:
    house = box(10, 10, 50, 50).difference(box(30, 10, 50, 30))
    mask = rasterize([(house, 1)], out_shape=(64, 64)).astype(bool)
    drawn = outline(mask, 100, 200)
    moved = affinity.translate(house, 200, 100)
    assert drawn.intersection(moved).area / drawn.union(moved).area > LEAST_OVERLAP
    assert drawn.area < 0.9 * box(*drawn.bounds).area


def test_the_outline_is_valid_for_any_blob() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = rng.random((12, 12)) > 0.4
        assert outline(mask, 0, 0).is_valid


def test_rings_are_those_of_gdal() -> None:
    rng = np.random.default_rng(0)
    for grain in (1, 1, 1, 2, 3, 4):
        labels, _ = ndimage.label(ndimage.uniform_filter(rng.random((24, 30)), grain) > 0.45)
        mask = labels == np.bincount(labels.ravel())[1:].argmax() + 1
        outer, *holes = next(shapes(mask.astype(np.uint8), mask=mask))[0]["coordinates"]
        found = traced(mask)
        assert found[0] == outer
        assert sorted(found[1:]) == sorted(holes)
