"""The towns that the starting network learns from: seeded, of many kinds, their buildings where one sees them."""

from __future__ import annotations

import numpy as np
import pytest
from town_image import Look, render
from town_plan import Building, Plan, Wing
from varied_towns import FILL, ZONES, make_picture, walls


def test_a_seed_gives_the_same_town_again() -> None:
    one, again, other = make_picture(3, 160), make_picture(3, 160), make_picture(4, 160)
    assert np.array_equal(one.image, again.image)
    assert np.array_equal(one.feature, again.feature)
    assert not np.array_equal(one.image, other.image)


def test_towns_differ_in_grain_light_and_density() -> None:
    towns = [make_picture(seed, 160) for seed in range(8)]
    assert np.ptp([t.pixel_m for t in towns]) > 0.15
    assert np.ptp([t.image.mean() for t in towns]) > 30
    assert np.ptp([(t.feature >= 0).mean() for t in towns]) > 0.08


@pytest.mark.parametrize("zone", ["old town", "huts"])
def test_every_zone_is_built_up(zone: str) -> None:
    plan = Plan(60.0)
    outline = Wing(30, 30, 0.2, 50, 40).polygon
    FILL[zone](plan, outline, np.random.default_rng(0))
    assert zone in ZONES
    assert sum(b.outline.area for b in plan.buildings) > 0.15 * outline.area
    assert all(outline.buffer(1).covers(b.outline) for b in plan.buildings)


def test_a_picture_shows_a_building_where_its_outline_lies_whatever_the_pixel() -> None:
    wing = Wing(20, 14, 0.0, 12, 8)
    plan = Plan(40.0, buildings=[Building(wing.polygon, (wing,), "house", 1, "flat", "white membrane")])
    for pixel_m in (0.25, 0.5):
        size = round(40 / pixel_m)
        look = Look(pixel_m=pixel_m, noise=0.0, codec=0.0, blur_px=0.1)
        light = render(plan, size, np.random.default_rng(0), look).mean(axis=0)
        rows, columns = np.nonzero(light > 150)
        assert columns.mean() * pixel_m == pytest.approx(20, abs=1)
        assert rows.mean() * pixel_m == pytest.approx(40 - 14, abs=1)
        assert len(rows) * pixel_m**2 == pytest.approx(96, rel=0.2)


def test_only_buildings_that_touch_have_walls() -> None:
    feature = np.full((9, 9), -1, np.int32)
    feature[1:4, 1:4], feature[4:7, 1:4], feature[1:4, 5:8] = 0, 1, 2
    assert np.argwhere(walls(feature)).tolist() == [[r, c] for r in (3, 4) for c in (1, 2, 3)]
