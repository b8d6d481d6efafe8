"""What a run says of its sources before any long work."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from heard import Heard

from geoloop.core.jobs.evidence import say_ground
from geoloop.core.jobs.layers import OnLayers, open_workplace

from ..conftest import UPRIGHT


@pytest.mark.parametrize(("columns", "told"), [(39, True), (5, False)])
def test_tiles_that_lie_side_by_side_are_told_to_be_joined(make_raster, make_layer, columns, told):
    values = np.random.default_rng(0).integers(1, 200, (40, 40), np.uint8)
    tiles = tuple(make_raster(values, UPRIGHT @ Affine.translation(by, 0), name=f"{name}.tif")
                  for name, by in (("west", 0), ("east", columns)))
    x, y = UPRIGHT.c, UPRIGHT.f
    land = make_layer([shapely.box(x + 100 * n, y - 390, x + 100 * n + 90, y - 10) for n in range(4)],
                      {"use": ["a", "b", "a", "b"]}, settings={"class_field": "use"})
    params, heard = OnLayers(imagery=tiles, map=(land,), device="cpu"), Heard()
    with open_workplace(params, "") as work:
        say_ground(work, params, heard)
    assert [line for line in heard.warnings if "within all of “west”, “east”" in line and "gdal:merge" in line
            ] == heard.warnings
    assert bool(heard.warnings) is told
