"""The side of an outline that is wrong is the one that gains, and by as much as it is off."""

import numpy as np
import pytest
from rasterio.features import rasterize
from shapely import affinity, box

from geoloop.core.discrepancies.frame import Frame
from geoloop.core.discrepancies.sides import NAMES, sides

REAL = box(50, 50, 90, 74)
NO_EDGES = np.zeros((3, 1, 140, 140), np.float32)


def seen(angle: float) -> np.ndarray:
    real = affinity.rotate(REAL, angle, origin=(70, 70))
    return rasterize([(real, 1)], out_shape=(140, 140)) * 0.8 - 0.4


def looked(drawn, angle: float) -> dict[str, float]:
    turned = affinity.rotate(drawn, angle, origin=(70, 70))
    return dict(zip(NAMES, sides(seen(angle)[None], NO_EDGES, np.array([turned]), 20)[0], strict=True))


@pytest.mark.parametrize("angle", [0, 30, 75, 90])
def test_a_right_outline_gains_nothing(angle: float) -> None:
    found = looked(REAL, angle)
    assert found["side gain"] < 0.03
    assert found["fill share"] < 0.08


@pytest.mark.parametrize("angle", [0, 30, 75, 90])
def test_a_side_too_far_in_moves_out(angle: float) -> None:
    found = looked(box(50, 50, 75, 74), angle)
    assert found["side gain"] == pytest.approx(0.4 * 15 / 25, abs=0.06)
    assert found["side step"] == pytest.approx(15 / 25, abs=0.1)
    assert found["second gain"] < 0.03


@pytest.mark.parametrize("angle", [0, 30])
def test_a_side_too_far_out_moves_in(angle: float) -> None:
    found = looked(box(50, 50, 105, 74), angle)
    assert found["side gain"] == pytest.approx(0.4 * 15 / 55, abs=0.05)
    assert found["side step"] == pytest.approx(-15 / 55, abs=0.06)


def test_a_missing_corner_shows_as_what_the_frame_holds() -> None:
    found = looked(REAL.difference(box(70, 60, 90, 74)), 30)
    assert found["fill share"] > 0.2
    assert found["fill"] > 0.3


def test_what_has_no_frame_says_nothing() -> None:
    assert not sides(seen(0)[None], NO_EDGES, np.array([box(10, 10, 11, 30)]), 5).any()
    assert Frame.around(box(0, 0, 400, 400), 5) is None


def test_a_frame_gives_back_what_it_was_laid_around() -> None:
    drawn = affinity.rotate(REAL, 33)
    frame = Frame.around(drawn, 4)
    assert frame is not None
    x0, y0, x1, y1 = frame.box
    assert frame.back(box(x0, y0, x1, y1)).intersection(drawn).area > 0.95 * drawn.area
    assert frame.back(frame.flat).symmetric_difference(drawn).area < 1e-6
    assert frame.mask().sum() == pytest.approx(drawn.area, rel=0.05)
