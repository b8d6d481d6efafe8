"""Alignment of synthetic towns whose shifts are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from numpy.typing import NDArray

from geoloop.core.alignment.align import Alignment, AlignSettings, align
from geoloop.core.alignment.surfaces import translated
from geoloop.core.errors import Cancelled
from geoloop.core.feedback import Feedback
from geoloop.core.sources.grid import Grid

from .conftest import Scene

Make = Callable[..., Scene]


def aligned(scene: Scene, **settings: object) -> Alignment:
    return align(scene.features, scene.read, scene.grid, Feedback(), AlignSettings(**settings))  # type: ignore[arg-type]


def error(found: Alignment, needed: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.hypot(*(found.shift - needed).T))


def test_isolated_houses_under_a_smooth_field_come_back_to_within_half_a_pixel(scene: Make) -> None:
    town = scene(1, side=1000)
    found = aligned(town)
    assert np.hypot(*town.needed.T).mean() > 4
    assert error(found, town.needed).mean() < 0.6
    assert found.confidence.mean() > 0.9


def test_terraced_houses_do_not_jump_to_their_neighbours(scene: Make) -> None:
    town = scene(0, side=1000, terraces=True, amplitude=14.0)
    found = aligned(town)
    assert error(found, town.needed).mean() < 1.0
    assert (error(found, town.needed) > 8).mean() < 0.01


def test_a_weak_model_still_gives_the_field(scene: Make) -> None:
    town = scene(1, side=1000, strength=0.3, noise=0.3, grain=4.0)
    assert error(aligned(town), town.needed).mean() < 2.2


def test_a_house_that_lies_off_by_itself_is_found_beside_neighbours_that_share_a_field(scene: Make) -> None:
    town = scene(2, amplitude=3.0)
    off = np.zeros((len(town.features), 2))
    off[::9] = [9.0, -8.0]
    moved = replace(town, features=translated(town.features, off), needed=town.needed - off)
    found = aligned(moved)
    assert error(found, moved.needed)[::9].mean() < 1.0
    assert found.alone[::9].mean() > 0.9
    assert np.unique(found.alone_odds[::9][found.alone[::9]]).size == found.alone[::9].sum()  # the surest, too, differ
    assert np.delete(found.alone, np.s_[::9]).mean() < 0.03
    assert np.abs(found.residual[::9]).max(axis=1).mean() > 5


def test_identical_layers_stay(scene: Make) -> None:
    town = scene(3, amplitude=1e-6)
    found = aligned(town)
    assert not found.moved.any()
    assert np.abs(found.field).max() < 0.3
    assert found.common == ()


@pytest.mark.parametrize("grain", [0.5, 4.0])
def test_noise_moves_nothing(scene: Make, grain: float) -> None:
    found = aligned(scene(4, strength=0.0, noise=0.2, grain=grain))
    assert found.moved.mean() <= 0.02
    assert found.common == ()


def test_what_is_not_shown_is_not_moved(scene: Make) -> None:
    town = scene(5, amplitude=6.0)
    p = town.p.copy()
    p[:, :300] = np.nan
    outside = shapely.box([-500, 5000], [-500, 5000], [-480, 5020], [-480, 5020])
    hidden = replace(town, p=p, features=np.concatenate([town.features, outside]))
    found = aligned(hidden, far_m=50.0)
    x = shapely.get_x(shapely.centroid(hidden.features))
    dark = (x < 270) | (x > 700) | (x < 0)
    assert not found.seen[dark].any()
    assert not found.moved[dark].any()
    assert not found.confidence[dark].any()
    assert np.isnan(found.field[-2:]).all()
    assert np.isnan(found.field_at(np.array([[50.0, 350.0]]))).all()
    assert np.isfinite(found.field_at(np.array([[250.0, 350.0]]))).all()
    lit = (x > 330) & (x < 700)
    assert error(found, np.concatenate([town.needed, np.zeros((2, 2))]))[lit].mean() < 0.8


def test_metres_are_ground_metres_eastward_and_northward(scene: Make) -> None:
    found = aligned(scene(1))
    np.testing.assert_allclose(found.metres(np.array([[2.0, 4.0]])), [[1.0, -2.0]])


def test_off_nadir_imagery_moves_nothing(scene: Make) -> None:
    found = aligned(scene(1), off_nadir=True)
    assert not found.moved.any()
    assert not found.alone.any()
    assert found.common == ()
    assert np.nanmax(np.abs(found.field)) > 3


def test_a_neighbourhood_that_lies_off_is_reported_once_with_its_error(scene: Make) -> None:
    town = scene(6, amplitude=1e-6)
    off = translated(town.features, np.full((len(town.features), 2), [6.0, -4.0]))
    found = aligned(replace(town, features=off))
    assert len(found.common) == 1
    common = found.common[0]
    assert len(common.rows) == len(off)
    assert (common.dx_m, common.dy_m) == pytest.approx((-3.0, -2.0), abs=0.15)
    assert 0 < common.standard_error_m < 0.2


@pytest.mark.parametrize("features", [[], [shapely.box(100, 100, 130, 120)]])
def test_none_or_one_feature(scene: Make, features: list[shapely.Geometry]) -> None:
    found = aligned(replace(scene(1), features=np.array(features, object)))
    assert len(found) == len(features)
    assert np.isfinite(found.shift).all()


def test_giants_dots_lines_and_empty_shapes_are_taken(scene: Make) -> None:
    town = scene(1, amplitude=5.0)
    ring = shapely.Polygon(shapely.box(20, 20, 680, 680).exterior, [shapely.box(60, 60, 640, 640).exterior.coords])
    road = shapely.LineString([(0, 350), (699, 352)]).buffer(4)
    extra = np.array([shapely.box(-4000, -4000, 5000, 5000), ring, road, shapely.box(300, 300, 300.2, 300.1),
                      shapely.Polygon()], object)
    found = align(np.concatenate([town.features, extra]), town.read, town.grid, Feedback())
    assert np.isfinite(found.shift).all()
    assert error(found, np.concatenate([town.needed, np.zeros((5, 2))]))[:-5].mean() < 1.0
    assert not found.seen[-1]


def test_a_long_road_is_drawn_to_its_ridge() -> None:
    side = 900
    p = np.full((side, side), 0.05, np.float32)
    p[396:408, :] = 0.9
    p[:, 496:508] = 0.9
    roads = np.array([shapely.LineString([(0, 395), (900, 395)]).buffer(6),
                      shapely.LineString([(510, 0), (510, 900)]).buffer(6)])
    grid = Grid(pyproj.CRS.from_epsg(32633).to_wkt(), Affine(0.5, 0, 0, 0, -0.5, 0), side, side, 1.0)
    found = align(roads, lambda w: p[w.toslices()], grid, Feedback())
    assert found.shift[0, 1] == pytest.approx(7.0, abs=0.7)
    assert found.shift[1, 0] == pytest.approx(-8.0, abs=0.7)


def test_the_same_seed_gives_the_same_alignment(scene: Make) -> None:
    town = scene(1)
    np.testing.assert_array_equal(aligned(town).shift, aligned(town).shift)


def test_a_cancel_is_heard(scene: Make) -> None:
    class Stop(Feedback):
        def cancelled(self) -> bool:
            return True

    town = scene(1)
    with pytest.raises(Cancelled):
        align(town.features, town.read, town.grid, Stop())
