"""Outlines that lie on edges of the imagery are told from those beside them; where there are none nothing is said."""

from collections.abc import Callable

import numpy as np
import pytest
from affine import Affine
from rasterio.features import rasterize
from rasterio.windows import Window
from shapely import affinity, box

from geoloop.core.discrepancies.edges import Edges, rim, support
from geoloop.core.fusion.ground import open_ground

AT = Affine(0.4, 0, 500_000, 0, -0.4, 5_800_000)
ROOF = affinity.rotate(box(40, 50, 80, 75), 25)
WHOLE = Window(0, 0, 128, 128)


@pytest.fixture
def edges_of(make_raster: Callable, make_layer: Callable):
    """Edges of imagery (bands, height, width)."""
    layer = make_layer([box(500_000, 5_799_990, 500_010, 5_800_000)], {"nr": [0], "building": ["yes"]}, key="nr")
    opened = []

    def make(values: np.ndarray) -> Edges:
        image = make_raster(values, AT, name=f"{len(opened)}.tif")
        ground = open_ground([image], [layer], [], "buildings", None, False)
        opened.append(ground)
        return Edges.of(ground.__enter__().imagery)
    yield make
    for ground in opened:
        ground.__exit__(None, None, None)


def picture(seed: int = 0, sign: int = 1) -> np.ndarray:
    """A roof on rough ground, brighter or darker."""
    ground = np.random.default_rng(seed).normal(120, 6, (3, 128, 128))
    return (ground + sign * 50 * rasterize([(ROOF, 1)], out_shape=(128, 128))).clip(1, 254).astype(np.uint8)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_outline_on_its_roof_has_edges_along_it_whatever_the_roofs_colour(edges_of, sign: int) -> None:
    tensor = edges_of(picture(sign=sign)).read(WHOLE)
    own = support(tensor, *rim(ROOF)).mean()
    beside = [support(tensor, *rim(affinity.translate(ROOF, dx, dy))).mean() for dx, dy in ((5, 0), (0, -6), (9, 9))]
    assert own > 0.5
    assert own > 2 * max(beside)
    turned = support(tensor, *rim(affinity.rotate(ROOF, 90))).mean()
    assert own > 2 * turned


def test_blank_imagery_has_no_edges(edges_of) -> None:
    tensor = edges_of(np.full((1, 128, 128), 7, np.uint8)).read(WHOLE)
    assert not tensor.any()


def test_the_window_does_not_matter_and_may_reach_outside(edges_of) -> None:
    edges = edges_of(picture())
    whole = edges.read(WHOLE)
    part = edges.read(Window(30, 40, 50, 50))
    assert part == pytest.approx(whole[:, 40:90, 30:80], abs=1e-5)
    assert not edges.read(Window(-200, -200, 64, 64)).any()
    trace = whole[0] + whole[2]
    assert trace.min() >= 0
    assert trace.max() <= 1


def test_the_rim_follows_every_ring_with_normals_across() -> None:
    shape = box(0, 0, 10, 6).difference(box(4, 2, 6, 4))
    places, normals = rim(shape)
    assert len(places) == pytest.approx(shape.length, rel=0.05)
    assert np.hypot(*normals.T) == pytest.approx(1.0)
    low = places[:, 1] < 0.01
    assert np.abs(normals[low]) == pytest.approx(np.broadcast_to([0.0, 1.0], (int(low.sum()), 2)))
