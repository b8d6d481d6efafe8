"""``geoloop:report`` from QGIS: headless, and as a result that the results viewer shows."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsProcessingOutputHtml

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow

NOBODY = "/usr/bin/python3"  # found, but never started


@pytest.fixture
def ledger(qgis_app, tmp_path) -> Path:
    path = tmp_path / "Schleife 1.gpkg"
    wkt = QgsCoordinateReferenceSystem("EPSG:32633").toWkt(Qgis.CrsWktVariant.PreferredGdal)
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, wkt)) as made:
        made.add_round(Round("flag", 1, {}), [SourceRow("map", "trees & <Bäume>", "t.gpkg")], (), [
            Discrepancy("a", "map", "trees & <Bäume>", "obsolete", "delete", 0.9,
                        struct.pack("<BIdd", 1, 1, 400_000.0, 5_000_000.0), target_key="1")])
    return path


def test_a_report_is_written_headless(qgis_process, engine_python, ledger, tmp_path):
    page, images = tmp_path / "Bericht ä.html", tmp_path / "Bilder"
    ran = qgis_process("--json", "run", "geoloop:report", "--", f"LEDGER={ledger}", "TITLE=Größe & <Maß>",
                       f"OUTPUT={page}", f"IMAGES={images}", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code == 0, ran.text
    found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
    assert (found["OUTPUT"], found["IMAGES"], found["PICTURES"]) == (str(page), str(images), 1)
    text = page.read_text(encoding="utf-8")
    assert "<h1>Größe &amp; &lt;Maß&gt;</h1>" in text
    assert "trees &amp; &lt;Bäume&gt;" in text
    assert (images / "map_before.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_is_a_result_that_qgis_shows(provider, context, recorded, engine_python, ledger):
    algorithm = provider.algorithm("report").create()
    assert isinstance(algorithm.outputDefinition("OUTPUT"), QgsProcessingOutputHtml)
    found, ok = algorithm.run({"LEDGER": str(ledger), "OUTPUT": "TEMPORARY_OUTPUT"}, context, recorded)
    assert ok, recorded.lines
    assert found["OUTPUT"].endswith(".html")
    assert Path(found["OUTPUT"]).is_file()
    assert "IMAGES" not in found


def test_a_round_of_the_loop_offers_a_report_that_qgis_shows(provider):
    assert isinstance(provider.algorithm("loop").outputDefinition("REPORT"), QgsProcessingOutputHtml)


@pytest.mark.parametrize(("changed", "said"), [
    ({"LEDGER": "gone.gpkg"}, "gone.gpkg of LEDGER does not exist"),
    ({"EVALUATION": "gone.json"}, "gone.json of EVALUATION does not exist"),
    ({"OUTPUT": "/nowhere/a.html"}, "The folder /nowhere of OUTPUT does not exist"),
    ({"OUTPUT": "{folder}/a.pdf"}, "OUTPUT must end in .html or .htm"),
    ({"IMAGES": "{ledger}"}, "of IMAGES is no folder"),
], ids=str)
def test_what_cannot_work_is_refused_before_the_engine_starts(provider, context, ledger, monkeypatch, changed, said):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", NOBODY)
    changed = {name: text.replace("{folder}", str(ledger.parent)).replace("{ledger}", str(ledger))
               for name, text in changed.items()}
    given = {"LEDGER": str(ledger), "OUTPUT": str(ledger.parent / "a.html"), **changed}
    ok, why = provider.algorithm("report").create().checkParameterValues(given, context)
    assert not ok
    assert said in why
