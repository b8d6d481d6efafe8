"""What a layer's features say of the pixels under them."""

import numpy as np
import shapely
from affine import Affine

from geoloop.core.sources.grid import Grid
from geoloop.core.sources.statements import supports

HOUSE = shapely.box(2, 2, 12, 10)
YARD = HOUSE.difference(shapely.box(5, 4, 8, 7))


def test_a_multipolygon_of_one_part_speaks_as_the_polygon_that_it_is() -> None:
    grid = Grid("EPSG:32633", Affine(0.5, 0, 500_000, 0, -0.5, 5_800_000), 40, 40, 1.0)
    apart = shapely.MultiPolygon([HOUSE, shapely.box(20, 2, 30, 10)])
    shapes = np.array([shapely.MultiPolygon([YARD]), YARD, apart, shapely.Point(5, 5)], dtype=object)
    given = shapes.copy()
    found = supports(shapes, np.full(4, np.nan), grid)
    assert found[0].geom_type == "Polygon"
    assert found[0].equals_exact(YARD)
    assert list(found[1:3]) == [YARD, apart]
    assert list(shapes) == list(given)
