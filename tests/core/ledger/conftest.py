"""Ledgers with a few discrepancies."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow

UTM33 = (
    'PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],'
    'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]]')


def point(x: float, y: float) -> bytes:
    return struct.pack("<BIdd", 1, 1, x, y)


def polygon(*rings: list[tuple[float, ...]]) -> bytes:
    body = b"".join(
        struct.pack("<I", len(ring)) + b"".join(struct.pack(f"<{len(v)}d", *v) for v in ring) for ring in rings
    )
    return struct.pack("<BII", 1, 3, len(rings)) + body


def flag(uid: str, **more: Any) -> Discrepancy:
    values: dict[str, Any] = {"source": "map", "target_layer": "houses", "kind": "obsolete", "edit": "delete",
                              "probability": 0.8, "proposal": point(500_000, 5_500_000), "target_key": "1",
                              "signature": "s"}
    return Discrepancy(uid=uid, **(values | more))


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    return tmp_path / "Prüf ung.gpkg"


@pytest.fixture
def make(ledger_path: Path) -> Callable[..., Ledger]:
    """Make a ledger of one round: ``make(flag, flag, settings={…})``."""
    def made(*flags: Discrepancy, **settings: Any) -> Ledger:
        ledger = Ledger.create(ledger_path, Crs("WGS 84 / UTM zone 33N", "EPSG", 32633, UTM33))
        ledger.add_round(
            Round("flag", 7, {"a": 1}), [SourceRow("map", "houses", "h.gpkg", key="id", settings=settings)], (), flags
        )
        return ledger

    return made


@pytest.fixture
def a_flag() -> Callable[..., Discrepancy]:
    return flag


@pytest.fixture
def shapes() -> tuple[Callable[..., bytes], Callable[..., bytes]]:
    return point, polygon
