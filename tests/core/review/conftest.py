"""Ledgers of a town with flags and unflagged houses, in either Python."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.review import LayerFeatures

PLANE = Crs("a plane", "", 0, 'LOCAL_CS["a plane",UNIT["metre",1]]')


def square(x: float, y: float, side: float = 10.0) -> bytes:
    corners = (x, y, x + side, y, x + side, y + side, x, y + side, x, y)
    return struct.pack("<BIII10d", 1, 3, 1, 5, *corners)


def flag(uid: str, at: tuple[float, float] = (0.0, 0.0), **more: Any) -> Discrepancy:
    values: dict[str, Any] = {
        "source": "map", "target_layer": "houses", "kind": "obsolete", "edit": "delete", "probability": 0.5,
        "proposal": square(*at), "target_key": f"key of {uid}", "signature": f"looks of {uid}", "area_m2": 100.0}
    return Discrepancy(uid=uid, **(values | more))


@pytest.fixture
def plane() -> Crs:
    return PLANE


@pytest.fixture
def a_flag() -> Callable[..., Discrepancy]:
    return flag


@pytest.fixture
def a_square() -> Callable[..., bytes]:
    return square


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Ledger]:
    """Make a ledger with one round for each list of flags."""
    def made(*rounds: Sequence[Discrepancy], **settings: Any) -> Ledger:
        ledger = Ledger.create(tmp_path / "Schleife ä.gpkg", PLANE)
        for flags in rounds:
            ledger.add_round(Round("flag", 0, {}), [SourceRow("map", "houses", "h.gpkg", settings=settings)], (), flags)
        return ledger

    return made


@pytest.fixture
def houses() -> Callable[..., list[LayerFeatures]]:
    """All features of the layer: those of the flags, and ``more`` that nothing is flagged of."""
    def given(flags: Sequence[Discrepancy], more: int = 0) -> list[LayerFeatures]:
        keys = [f.target_key for f in flags if f.target_key] + [f"house {n}" for n in range(more)]
        places = tuple((20.0 * (n % 100), 20.0 * (n // 100), 20.0 * (n % 100) + 8, 20.0 * (n // 100) + 8)
                       for n in range(len(keys)))
        return [LayerFeatures("houses", tuple(keys), places)]

    return given
