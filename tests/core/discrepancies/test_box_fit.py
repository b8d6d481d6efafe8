"""A box is found again from what fills it, whatever its turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize
from shapely import affinity, box

from geoloop.core.discrepancies.box_fit import fit_box


@settings(max_examples=30)
@given(st.floats(0, 89), st.integers(14, 40), st.integers(14, 40), st.floats(0.6, 1.5))
def test_a_box_with_one_side_moved_is_put_right(angle: float, width: int, height: int, factor: float) -> None:
    true = affinity.rotate(box(60 - width / 2, 60 - height / 2, 60 + width / 2, 60 + height / 2), angle)
    flat = affinity.rotate(true, -angle, origin=true.centroid)
    wide = affinity.scale(flat, factor, 1, origin=flat.exterior.coords[0])
    drawn = affinity.rotate(wide, angle, origin=true.centroid)
    p = rasterize([(true, 1)], out_shape=(120, 120)).astype(float) * 0.9
    found = fit_box(p - 0.5, drawn, 24)
    assert found is not None
    assert found[0].is_valid
    assert found[0].intersection(true).area / found[0].union(true).area > 0.8


def test_where_nothing_is_shown_nothing_fits() -> None:
    found = fit_box(np.full((60, 60), -0.4), box(20, 20, 40, 40), 5)
    assert found is None or found[1] == pytest.approx(0, abs=2)
