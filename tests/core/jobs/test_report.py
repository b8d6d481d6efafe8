"""The job of the report: what it writes, and what it refuses before it reads anything."""

from __future__ import annotations

import json

import numpy as np
import pyproj
import pytest
from flagged_town import HOSTILE, discrepancies, sources

from geoloop.core import jobs
from geoloop.core.errors import InputError, LedgerError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Crs, Ledger, Round


@pytest.fixture
def ledger(tmp_path):
    wkt = pyproj.CRS.from_epsg(32633).to_wkt("WKT1_GDAL")
    path = tmp_path / "Schleife ä.gpkg"
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, wkt)) as made:
        made.add_round(Round("flag", 1, {}), sources(tmp_path), (), discrepancies(1, 12, np.random.default_rng(0)))
    return str(path)


def test_the_page_and_its_pictures_are_written(ledger, tmp_path):
    images = tmp_path / "Bilder"
    found = jobs.run("report", {"ledger": ledger, "output": str(tmp_path / "Bericht.html"), "images": str(images),
                                "title": "Gemeinde <Ä>"}, Feedback())
    assert found == {"OUTPUT": str(tmp_path / "Bericht.html"), "IMAGES": str(images), "PICTURES": 1}
    assert "<h1>Gemeinde &lt;Ä&gt;</h1>" in (tmp_path / "Bericht.html").read_text(encoding="utf-8")
    assert [path.name for path in images.iterdir()] == ["map_before.png"]


def test_the_ledger_is_only_read(ledger, tmp_path):
    with open(ledger, "rb") as file:
        before = file.read()
    jobs.run("report", {"ledger": ledger, "output": str(tmp_path / "a.html")}, Feedback())
    with open(ledger, "rb") as file:
        assert file.read() == before


@pytest.mark.parametrize(("given", "error", "why"), [
    ({"output": "a.pdf"}, InputError, r"OUTPUT must end in \.html or \.htm"),
    ({"output": "nowhere/a.html"}, InputError, "its folder does not exist or cannot be written"),
    ({"output": "a.html", "images": "nowhere/images"}, InputError, "of IMAGES cannot be made"),
    ({"output": "a.html", "evaluation": "gone.json"}, InputError, "cannot be read as JSON"),
    ({"output": "a.html", "evaluation": "{list}"}, InputError, "is no result of geoloop:evaluate"),
    ({"output": "a.html", "ledger": "gone.gpkg"}, LedgerError, "does not exist"),
    ({"output": "a.html", "ledger": "{list}"}, LedgerError, "cannot be read|is no GeoLoop ledger"),
], ids=str)
def test_what_cannot_be_reported_is_one_sentence(ledger, tmp_path, monkeypatch, given, error, why):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.json").write_text(json.dumps(["no object", HOSTILE]))
    given = {name: value.replace("{list}", str(tmp_path / "list.json")) for name, value in given.items()}
    with pytest.raises(error, match=why) as raised:
        jobs.run("report", {"ledger": ledger, **given}, Feedback())
    assert "\n" not in str(raised.value)
    assert not list(tmp_path.glob("*.html"))


def test_a_round_of_the_loop_writes_its_report(country, few_steps, tmp_path):
    few_steps()
    page = tmp_path / "Runde.html"
    found = jobs.run("loop", {**country, "report": str(page)}, Feedback())
    assert found["REPORT"] == str(page)
    text = page.read_text(encoding="utf-8")
    assert "In 1 round on" in text
    assert "wrong class" in text
    assert "visits (field survey)" in text
    assert "as all sources together see it" in text
    assert "without visits" in text


def test_a_report_that_could_not_be_written_is_refused_before_the_fit(country):
    with pytest.raises(InputError, match="its folder does not exist or cannot be written"):
        jobs.run("loop", {**country, "report": "/nowhere/a.html"}, Feedback())
