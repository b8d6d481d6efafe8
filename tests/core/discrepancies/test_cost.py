"""What judging will take: more where there is more to look at, less on more cores, longer where the machine is slow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from geoloop.core.discrepancies import cost
from geoloop.core.fusion.ground import Ground

from .conftest import houses, town


def test_it_grows_with_features_and_ground_and_shrinks_with_cores(
    ground_of: Callable[..., Ground], make_layer: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "slowness", lambda: 1.0)
    monkeypatch.setattr(cost, "cores", lambda: 1)
    few, many = (ground_of([houses(make_layer, town(*size))]) for size in ((4, 3), (12, 9)))
    some, more = cost.seconds_to_judge(few), cost.seconds_to_judge(many)
    assert 0 < some < more
    assert cost.seconds_to_align(many.maps) == pytest.approx(9 * cost.seconds_to_align(few.maps))
    monkeypatch.setattr(cost, "cores", lambda: 4)
    assert cost.seconds_to_judge(many) == pytest.approx(more / 4)
    monkeypatch.setattr(cost, "slowness", lambda: 3.0)
    assert cost.seconds_to_judge(many) == pytest.approx(3 * more / 4)


def test_how_slow_the_machine_is_now_is_tried() -> None:
    tried = [cost.slowness() for _ in range(3)]
    assert min(tried) > 0
    assert np.isfinite(tried).all()
