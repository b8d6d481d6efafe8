"""What says that nothing was measured is no measurement."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.sources.missing_codes import doubted_code


@pytest.mark.parametrize(("values", "code"), [
    ([3.0, 20.0, -9999.0, 7.5, -9999.0], "2 of 5 values of the field “höhe” are -9999,"), ([0.1, 0.4, -99.0], "-99,"),
    ([5.0, 5.0, 999.0], "999,"), ([-120.0, -99.0, -80.0, 40.0], ""), ([900.0, 999.0, 1100.0], ""), ([-9999.0] * 4, ""),
    ([12.0, 14.0], ""), ([], "")])
def test_a_code_far_from_all_measurements_is_doubted(values: list[float], code: str) -> None:
    told = doubted_code(np.array(values), "höhe")
    assert code in told
    assert bool(told) is bool(code)
