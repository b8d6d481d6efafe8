"""``geoloop:exchange``: files for other tools, and tasks that come back from the field as a layer."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from osgeo import ogr
from qgis.core import Qgis, QgsCoordinateReferenceSystem, QgsVectorLayer

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.processing_provider.layers.settings import read_settings

OSM = """<osm version="0.6">
 <node id="1" version="4" lat="45.15" lon="13.73"><tag k="natural" v="tree"/></node>
</osm>"""
NOBODY = "/usr/bin/python3"  # found, but never started
ALLOWED = '{"ortho": {"may_export": true}, "trees": {"may_export": true}}'


@pytest.fixture
def files(qgis_app, tmp_path) -> dict[str, Path]:
    """A ledger with one accepted tree, the extract it stands in."""
    extract, path = tmp_path / "Bäume.osm", tmp_path / "Schleife 1.gpkg"
    extract.write_text(OSM)
    crs = QgsCoordinateReferenceSystem("EPSG:4326")
    wkt = crs.toWkt(Qgis.CrsWktVariant.PreferredGdal)
    tree = struct.pack("<BIdd", 1, 1, 13.73, 45.15)
    with Ledger.create(path, Crs("WGS 84", "EPSG", 4326, wkt)) as ledger:
        ledger.add_round(
            Round("flag", 1, {}), [SourceRow("imagery", "ortho", "o.tif"), SourceRow("map", "trees", "t.gpkg")], (), [
                Discrepancy("a", "map", "trees", "wrong_class", "retag", 0.9, tree, before=tree, target_key="node/1",
                            class_now="tree", class_proposed="scrub", before_values={"natural": "tree"},
                            after_values={"natural": "scrub"}, evidence={"sentence": "Seen."})])
        ledger.decide(["a"], "accept", drawn_as="queue")
    return {"LEDGER": path, "EXTRACT": extract, "folder": tmp_path}


def test_an_osmchange_is_written_headless(qgis_process, engine_python, files, tmp_path):
    output = tmp_path / "Änderungen.osc"
    ran = qgis_process(
        "--json", "run", "geoloop:exchange", "--", f"LEDGER={files['LEDGER']}", "FORMAT=osmchange",
        f"EXTRACT={files['EXTRACT']}", f"SOURCES={ALLOWED}", f"OUTPUT={output}",
        GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code == 0, ran.text
    found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
    assert (found["EXPORTED"], found["LEFT_OUT"]) == (1, 0)
    assert '<node id="1" version="4" lat="45.1500000" lon="13.7300000">' in output.read_text()
    assert '<tag k="natural" v="scrub"/>' in output.read_text()


def test_tasks_go_out_and_come_back_as_a_layer_with_its_sources(
    provider, context, recorded, engine_python, files, tmp_path
):
    tasks, back = tmp_path / "Aufgaben.gpkg", tmp_path / "Feld.gpkg"
    algorithm = provider.algorithm("exchange")
    given = {"LEDGER": str(files["LEDGER"]), "FORMAT": "tasks", "SOURCES": ALLOWED, "OUTPUT": str(tasks)}
    _, ok = algorithm.create().run(given, context, recorded)
    assert ok, recorded.lines
    dataset = ogr.Open(str(tasks), 1)
    layer = dataset.GetLayerByName("tasks")
    task = layer.GetNextFeature()
    task["observed_class"] = "scrub"
    task["accuracy_m"] = 3.0
    task.SetField("observed_at", 2026, 5, 1, 12, 0, 0.0, 0)
    layer.SetFeature(task)
    task = layer = dataset = None
    given = {"LEDGER": str(files["LEDGER"]), "FORMAT": "observations", "TASKS": str(tasks), "OUTPUT": str(back)}
    found, ok = algorithm.create().run(given, context, recorded)
    assert ok, recorded.lines
    assert found["EXPORTED"] == 1
    field = QgsVectorLayer(str(back), "Feld", "ogr")
    (visit,) = field.getFeatures()
    assert (visit["class"], visit["accuracy_m"], visit["date"]) == ("scrub", 3.0, "2026-05-01")
    settings = read_settings(found["SOURCES_FILE"])
    assert settings["Feld"].class_field == "class"
    assert {getattr(settings["Feld"], name) for name in ("key", "class_field", "date_field", "accuracy_field")} <= set(
        field.fields().names())
    del visit, field


def test_a_temporary_output_gets_the_ending_of_its_format(provider, context, recorded, engine_python, files):
    for wanted, ending in (("geojson", ".geojson"), ("josm", ".html"), ("tasks", ".gpkg")):
        found, ok = provider.algorithm("exchange").create().run(
            {"LEDGER": str(files["LEDGER"]), "FORMAT": wanted, "SOURCES": ALLOWED, "OUTPUT": "TEMPORARY_OUTPUT"},
            context, recorded)
        assert ok, recorded.lines
        assert found["OUTPUT"].endswith(ending)
        assert Path(found["OUTPUT"]).is_file()


def test_a_source_that_nobody_allowed_to_export_is_one_sentence(qgis_process, engine_python, files, tmp_path):
    ran = qgis_process("run", "geoloop:exchange", "--", f"LEDGER={files['LEDGER']}", "FORMAT=geojson",
                       f"OUTPUT={tmp_path / 'a.geojson'}", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code != 0
    assert 'set SOURCES to {"ortho": {"may_export": true}, "trees": {"may_export": true}}' in ran.text
    assert not (tmp_path / "a.geojson").exists()


@pytest.mark.parametrize(("changed", "said"), [
    ({"LEDGER": "gone.gpkg"}, "gone.gpkg of LEDGER does not exist"),
    ({"FORMAT": "osmchange", "OUTPUT": "{folder}/a.osc"}, "FORMAT=osmchange needs EXTRACT"),
    ({"FORMAT": "maproulette", "OUTPUT": "{folder}/a.geojson"}, "FORMAT=maproulette needs EXTRACT"),
    ({"FORMAT": "maproulette", "OUTPUT": "{folder}/a.geojson", "EXTRACT": "gone.osm"}, "of EXTRACT does not exist"),
    ({"FORMAT": "observations", "OUTPUT": "{folder}/a.gpkg"}, "FORMAT=observations needs TASKS"),
    ({"FORMAT": "josm", "OUTPUT": "{folder}/a.html", "ONLY": "all"}, "takes only what a person accepted"),
    ({"FORMAT": "josm", "OUTPUT": "{folder}/a.osc"}, "OUTPUT must end in .html or .txt"),
    ({"OUTPUT": "/nowhere/a.geojson"}, "The folder /nowhere of OUTPUT does not exist"),
    ({"SOURCES": "{broken"}, "SOURCES is no valid JSON"),
    ({"SOURCES": '{"ortho": {"may_exprt": true}}'}, "may_exprt"),
], ids=str)
def test_what_cannot_work_is_refused_before_the_engine_starts(provider, context, files, monkeypatch, changed, said):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", NOBODY)
    changed = {name: text.replace("{folder}", str(files["folder"])) for name, text in changed.items()}
    given = {"LEDGER": str(files["LEDGER"]), "FORMAT": "geojson", "OUTPUT": str(files["folder"] / "a.geojson"),
             **changed}
    ok, why = provider.algorithm("exchange").create().checkParameterValues(given, context)
    assert not ok
    assert said in why
