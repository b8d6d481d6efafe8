"""Ledgers of a small town: empty, with one round, with three; and their reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from flagged_town import HOSTILE, SOUTH, WEST, discrepancies, reliability, review, sources

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Crs, JournalLine, Ledger, Round
from geoloop.core.report import Wishes, write_report


@pytest.fixture
def imagery(tmp_path: Path) -> Path:
    """A coloured picture of the town's ground, in metres of UTM 33."""
    path = tmp_path / "ortho ä.tif"
    values = np.random.default_rng(0).integers(60, 200, (3, 100, 100), dtype=np.uint8)
    with rasterio.open(path, "w", driver="GTiff", width=100, height=100, count=3, dtype="uint8", crs="EPSG:32633",
                       transform=Affine(5, 0, WEST - 50, 0, -5, SOUTH + 450)) as raster:
        raster.write(values)
    return path


@pytest.fixture
def new_ledger(tmp_path: Path) -> Callable[..., Ledger]:
    def make(name: str = "Schleife ä.gpkg", epsg: int = 32633) -> Ledger:
        crs = pyproj.CRS.from_epsg(epsg)
        return Ledger.create(tmp_path / name, Crs(crs.name, "EPSG", epsg, crs.to_wkt("WKT1_GDAL")))

    return make


@pytest.fixture
def one_round(new_ledger: Callable[..., Ledger], imagery: Path, tmp_path: Path) -> Ledger:
    """One round, nothing decided."""
    ledger = new_ledger()
    ledger.add_round(
        Round("loop", 7, {"imagery": [{"path": str(imagery), "name": "ortho"}], "effort": "quick",
                          "map": [{"path": f"{tmp_path}/secret folder/houses.gpkg", "name": HOSTILE}]},
              {"python": "3.11.2", "torch": "2.13.0"}, {"ortho": "1234:abcdef"}, {"seconds": {"fit": 12.5}}, "", "CPU"),
        sources(tmp_path, imagery), reliability({HOSTILE: {"building": 0.9, "background": 0.98}}, {HOSTILE: "map"}),
        discrepancies(1, 60, np.random.default_rng(1)))
    return ledger


@pytest.fixture
def three_rounds(new_ledger: Callable[..., Ledger], imagery: Path, tmp_path: Path) -> Ledger:
    """Three rounds with a queue and its audit decided after each, a push, a stale edit and an undo."""
    ledger = new_ledger()
    random = np.random.default_rng(4)
    for number in (1, 2, 3):
        better = 0.03 * number
        rows = reliability({"imagery": {"building": 0.7 + better, "background": 0.9},
                            HOSTILE: {"building": 0.8 + 1.5 * better, "background": 0.97}},
                           {"imagery": "imagery", HOSTILE: "map"})
        metrics: dict[str, Any] = {"seconds": {"fit": 9.0, "judge": 2.0}, "peak_mb": 812}
        if number == 3:
            metrics["contribution"] = {"all": [0.93, 0.91, 0.95], "without": {"imagery": 0.86, HOSTILE: 0.71},
                                       "n": 20_000}
        ledger.add_round(Round("loop", 7, {"imagery": [{"path": str(imagery), "name": "ortho"}], "effort": "quick"},
                               {"python": "3.11.2"}, {"ortho": "1234:abcdef"}, metrics, '{"name": "compact"}', "CPU"),
                         sources(tmp_path, imagery), rows, discrepancies(number, 80, random))
        review(ledger, seed=number)
    accepted = [uid for uid, status in ledger.status().items() if status == "accepted"][:12]
    lines = [JournalLine("push 1", uid, HOSTILE, str(tmp_path / "copy.gpkg"), "delete", "Delete",
                         state="committed" if at < 10 else "stale", reviewer="Zoë")
             for at, uid in enumerate(accepted)]
    ids = ledger.journal.append(lines)
    ledger.journal.update([replace(line, id=at, state="undone") for line, at in zip(lines[:2], ids[:2], strict=True)])
    return ledger


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    """Write a ledger's report and return its text; the ledger is closed. Images go to ``tmp_path / 'images'``."""
    def write(ledger: Ledger, **wishes: Any) -> str:
        output = tmp_path / "Bericht.html"
        with ledger:
            write_report(ledger, str(output), str(tmp_path / "images"), Wishes(**wishes), Feedback())
        return output.read_text(encoding="utf-8")

    return write
