"""The piece of ground that a map shows."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from geoloop.core.report.map_frame import LEAST_M, bar_length, frame_around


def around(x: float, y: float, half: float) -> np.ndarray:
    return np.array([[x - half, y - half, x + half, y + half]])


def test_metres_are_those_on_the_ground_where_the_projection_stretches():
    x, y = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(15.0, 60.0)
    frame = frame_around(around(x, y, 1000.0), "EPSG:3857")
    assert frame.unit_m == pytest.approx((0.5, 0.5), rel=0.01)
    assert frame.centre == pytest.approx((15.0, 60.0), abs=0.01)


def test_north_leans_away_from_the_middle_of_a_zone():
    to_utm = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32633", always_xy=True)
    east = frame_around(around(*to_utm.transform(17.9, 50.0), 500.0), "EPSG:32633")
    middle = frame_around(around(*to_utm.transform(15.0, 50.0), 500.0), "EPSG:32633")
    # The convergence of the meridian: (17.9° − 15°) · sin 50°; grid north is east of true north there.
    assert east.north == pytest.approx(-2.9 * np.sin(np.radians(50)), abs=0.02)
    assert middle.north == pytest.approx(0.0, abs=1e-6)


def test_degrees_keep_their_proportions_on_the_ground():
    frame = frame_around(around(10.0, 60.0, 0.01), "EPSG:4326")
    assert frame.unit_m[0] / frame.unit_m[1] == pytest.approx(0.5, rel=0.01)
    wide, high = frame.size_m
    assert high / wide == pytest.approx(frame.height_over_width)


def test_a_place_is_told_from_greenwich_where_its_system_counts_from_paris():
    frame = frame_around(around(600_000.0, 2_200_000.0, 1000.0), "EPSG:27572")
    assert frame.centre == pytest.approx((2.337, 46.8), abs=0.01)
    assert frame.unit_m == pytest.approx((1.0, 1.0), abs=1e-3)


def test_a_single_place_gets_surroundings_and_no_place_gets_no_map():
    frame = frame_around(around(500_000.0, 5_600_000.0, 0.0), "EPSG:32633")
    assert min(frame.size_m) >= LEAST_M * 0.6
    assert frame_around(np.full((3, 4), np.nan), "EPSG:32633") is None
    assert frame_around(np.zeros((0, 4)), "EPSG:32633") is None


@pytest.mark.parametrize(("width_m", "bar_m"), [(400.0, 100.0), (1000.0, 200.0), (1999.0, 200.0), (2000.0, 500.0),
                                                (60.0, 10.0), (3.0e6, 5.0e5)])
def test_the_scale_bar_is_a_round_length_of_about_a_quarter_of_the_map(width_m, bar_m):
    assert bar_length(width_m) == pytest.approx(bar_m)
