"""What a feature itself is expected to show is left to it, wherever it is thought to lie; large arrays lie in files."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from shapely import affinity, box

from geoloop.core.alignment import scratch
from geoloop.core.alignment.coverage import coverage
from geoloop.core.alignment.surfaces import BLUR_PX, BLURRED_TO, LEVEL, Explained

SIDE, REACH = 32, 12
HOUSE = affinity.rotate(box(108, 207, 124, 219), 25)
ORIGIN = np.array([[100, 197]])


@pytest.mark.parametrize("asked", [None, np.zeros(1, np.intp)])
def test_a_feature_shows_blurred_at_each_place_that_it_may_lie_at(asked) -> None:
    shapes, shifts = np.array([HOUSE]), ([2.3, -1.6], [-9.0, 7.75])
    places = [(np.array([shift]), np.array([chance])) for shift, chance in zip(shifts, (0.7, 0.25), strict=True)]
    explained = Explained.by(shapes, np.zeros(1, np.intp), places, asked)
    found = explained.own(np.zeros(1, np.intp), ORIGIN, coverage(shapes, ORIGIN, SIDE), REACH)[0]
    wide = 4 * REACH
    shown = sum(chance * coverage(np.array([affinity.translate(HOUSE, *shift)]), ORIGIN - wide, SIDE + 2 * wide)[0]
                for shift, chance in zip(shifts, (0.7, 0.25), strict=True))
    blurred = LEVEL * gaussian_filter(shown, BLUR_PX, mode="constant", truncate=BLURRED_TO)
    around = np.s_[wide - REACH:REACH - wide, wide - REACH:REACH - wide]
    np.testing.assert_allclose(found, blurred[around], atol=4e-3)
    assert found.max() > 0.5


def test_what_leaves_memory_stays_in_its_file(monkeypatch) -> None:
    monkeypatch.setattr(scratch, "IN_MEMORY", 0)
    values = scratch.scratch((300, 50), np.float16)
    values[7] = np.arange(50)
    scratch.settle(values)
    assert values[7].tolist() == list(range(50))
    assert not values[8].any()
