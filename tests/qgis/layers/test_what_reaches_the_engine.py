"""Whatever the algorithm and whatever the layer: the engine gets what QGIS shows, and each row of a batch is a job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from osgeo import ogr, osr
from postgres_server import PostgresServer, programs
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingAlgRunnerTask,
    QgsProcessingOutputLayerDefinition,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QTextEdit
from web_maps import WebMaps

from geoloop.core.ledger import Crs, Ledger
from geoloop.processing_provider.engine import client

TAKES = [
    *((name, "MAP") for name in ("align", "embed", "finetune", "flag", "fuse", "loop", "pretrain")),
    *((name, "FIELD") for name in ("finetune", "flag", "fuse", "loop", "pretrain", "regresspoints")),
    ("evaluate", "INPUT"), ("evaluate", "REFERENCE"), ("importosm", "INPUT"), ("sampledesign", "INPUT"),
]
"""Every algorithm of the engine that takes vector layers, and the parameter that takes them."""
SEVERAL = ("MAP", "FIELD")
"""Parameters that take several layers, but for embed and regresspoints."""
SQUARE = "POLYGON((4000{0} 5000010,4000{0} 5000019,4000{1} 5000019,4000{1} 5000010,4000{0} 5000010))"


class Found(dict):
    """What a job that was only heard returns: nothing."""

    def __missing__(self, name):
        return ""


@pytest.fixture
def heard(monkeypatch):
    """The jobs that reach the engine, which does nothing: name, parameters, and the rows of the layers by name."""
    jobs = []

    def listen(python, name, params, feedback, variables=None):
        jobs.append((name, params, dict(_layers(params))))
        return Found()

    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")  # found, and never started
    monkeypatch.setattr(client, "run", listen)
    monkeypatch.setattr(client, "run_alone", listen)
    return jobs


def _layers(value):
    """The vector layers among a job's parameters, by name, as the engine would read them."""
    if isinstance(value, dict) and "encoding" in value:
        yield value["name"], _rows(value["path"], value["layer"], value["where"])
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "input" and isinstance(one, str):
                yield "input", _rows(one)
            yield from _layers(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _layers(one)


def _rows(path, table="", where=""):
    source = ogr.Open(path)
    layer = source.GetLayerByName(table) if table else source.GetLayer(0)
    layer.SetAttributeFilter(where or None)
    return [json.loads(row.ExportToJson())["properties"] for row in layer]


def drawn(layer, *crops):
    """Give a layer squares with a crop each."""
    for number, crop in enumerate(crops):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(SQUARE.format(10 + 10 * number, 18 + 10 * number)))
        feature.setAttribute("crop", crop)
        layer.addFeature(feature) if layer.isEditable() else layer.dataProvider().addFeature(feature)
    layer.updateExtents()


@pytest.fixture
def memory_with_edits(project):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=crop:string", "Felder", "memory")
    drawn(layer, "Rüben")
    layer.startEditing()
    drawn(layer, "Mais")
    layer.changeAttributeValue(1, 0, "Klee")
    yield layer, ["Klee", "Mais"], False
    layer.rollBack()


@pytest.fixture
def file_with_edits(project, vector_file):
    layer = QgsVectorLayer(str(vector_file("Felder")), "Felder", "ogr")
    layer.startEditing()
    layer.renameAttribute(layer.fields().lookupField("building"), "crop")
    layer.commitChanges()
    layer.startEditing()
    layer.deleteFeature(2)
    layer.changeAttributeValue(1, layer.fields().lookupField("crop"), "Öl")
    yield layer, ["yes", "Öl"], False
    layer.rollBack()


@pytest.fixture
def selected(project):
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=crop:string", "Felder", "memory")
    drawn(layer, "Rüben", "Mais", "Klee")
    layer.selectByExpression("\"crop\" = 'Mais'")
    return layer, ["Mais"], True


@pytest.fixture
def wfs(project):
    with WebMaps() as server:
        yield QgsVectorLayer(f"url='{server.url}/wfs' typename='fields' version='1.0.0' srsname='EPSG:32633'", "Felder",
                             "WFS"), ["Rüben"] * 3, False


@pytest.fixture
def postgres(project):
    if programs() is None:
        pytest.skip("PostgreSQL with PostGIS is not installed")
    with PostgresServer() as server:
        yield server
        project.clear()


@pytest.fixture
def postgis(postgres):
    postgres.sql("CREATE EXTENSION IF NOT EXISTS postgis")
    postgres.sql("CREATE TABLE fields (id int PRIMARY KEY, crop text, geom geometry(Polygon, 32633))")
    postgres.sql("INSERT INTO fields VALUES (7, 'Rüben', ST_MakeEnvelope(400005, 5000010, 400013, 5000019, 32633))")
    return QgsVectorLayer(
        f"host=127.0.0.1 port={postgres.port} dbname=loop user=geoloop password=hush key='id' srid=32633 "
        "type=Polygon table=\"public\".\"fields\" (geom)", "Felder", "postgres"), ["Rüben"], False


@pytest.fixture
def given(raster_file, vector_file, tmp_path):
    """What an algorithm is run with beside the layer in question."""

    def given(name, parameter, layer):
        image, other = str(raster_file()), str(vector_file("other", folder="else"))
        own = [layer] if parameter in SEVERAL and name not in ("embed", "regresspoints") else layer
        return {
            "align": {"IMAGERY": [image], "LEGEND": "buildings"}, "fuse": {"IMAGERY": [image]},
            "flag": {"IMAGERY": [image], "LEDGER": str(tmp_path / f"{parameter}.gpkg")},
            "loop": {"IMAGERY": [image], "LEDGER": str(tmp_path / f"{parameter}.gpkg")},
            "pretrain": {"IMAGERY": [image]}, "finetune": {"IMAGERY": [image]},
            "embed": {"IMAGERY": [image], "MODEL": "resnet18"}, "regresspoints": {"RASTERS": [image]},
            "sampledesign": {"DESIGN": "simple"}, "importosm": {},
            "evaluate": {"REFERENCE": other, "REFERENCE_FIELD": "building", "CLASS_FIELD": "crop"}
            if parameter == "INPUT" else {"INPUT": image, "REFERENCE_FIELD": "crop"},
        }[name] | {parameter: own}

    return given


@pytest.fixture
def json_edited(project, tmp_path):
    path = tmp_path / "Felder.gpkg"
    source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    table = source.CreateLayer("Felder", _utm(), ogr.wkbPolygon)
    table.CreateField(ogr.FieldDefn("crop"))
    tags = ogr.FieldDefn("tags")
    tags.SetSubType(ogr.OFSTJSON)
    table.CreateField(tags)
    source = table = None
    layer = QgsVectorLayer(f"{path}|layername=Felder", "Felder", "ogr")
    drawn(layer, "Rüben")
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().lookupField("tags"), {"landuse": "farmland"})
    yield layer, ["Rüben"], False
    layer.rollBack()


def _utm():
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32633)
    return reference


@pytest.fixture
def postgis_of_osm(postgres):
    postgres.sql("CREATE EXTENSION hstore")
    postgres.sql("CREATE TABLE osm (id bigint PRIMARY KEY, crop text, tags hstore, more jsonb,"
                 " middle geometry(Point, 32633), geom geometry(Polygon, 32633))")
    postgres.sql("INSERT INTO osm SELECT 7, 'Rüben', 'landuse=>farmland', '{\"a\": [1]}', ST_Centroid(g), g FROM"
                 " ST_MakeEnvelope(400005, 5000010, 400013, 5000019, 32633) g")
    return QgsVectorLayer(postgres.uri("osm", "id"), "Felder", "postgres"), ["Rüben"], False


@pytest.mark.parametrize("kind", ["memory_with_edits", "file_with_edits", "json_edited", "selected", "wfs", "postgis",
                                  "postgis_of_osm"])
def test_every_algorithm_hands_over_what_qgis_shows_of_a_layer(provider, heard, given, context, recorded, project,
                                                              request, kind):
    layer, crops, only = request.getfixturevalue(kind)
    assert layer.isValid()
    project.addMapLayer(layer)
    for name, parameter in TAKES:
        if only and name == "importosm":  # its layer is named, not chosen
            continue
        algorithm = provider.algorithm(name).create()
        parameters = given(name, parameter, layer.id()) | {"SELECTED_ONLY": only, "OUTPUT": "TEMPORARY_OUTPUT"}
        ok, why = algorithm.checkParameterValues(parameters, context)
        assert ok, f"{name} {parameter}: {why}"
        algorithm.run(parameters, context, recorded)
        assert heard, recorded.lines
        job, params, layers = heard.pop()
        assert job == name
        rows = layers["input" if name == "importosm" else "Felder"]
        assert sorted(row["crop"] for row in rows) == crops, f"{name} {parameter}"
        assert all(_object(row["tags"]) == {"landuse": "farmland"} for row in rows if "tags" in row)
        output = Path(params.get("output") or params["ledger"])
        assert output.parent.is_dir(), name
        assert output.suffix, name
        assert "hush" not in json.dumps(params)


@pytest.mark.parametrize(("name", "layer", "named"), [
    ("regresspoints", "FIELD", {"TARGET": "target", "STATION": "station"}),
    ("evaluate", "REFERENCE", {"REFERENCE_FIELD": "reference_field"}),
])
def test_a_field_that_is_named_by_its_alias_goes_by_its_own_name(provider, heard, given, context, recorded, project,
                                                                 tmp_path, name, layer, named):
    drawn_on = aliased(project)
    algorithm = provider.algorithm(name).create()
    parameters = given(name, layer, drawn_on.id()) | dict.fromkeys(named, "Feldfrucht") | {
        "OUTPUT": "TEMPORARY_OUTPUT"}
    ok, why = algorithm.checkParameterValues(parameters, context)
    assert ok, why
    algorithm.run(parameters, context, recorded)
    (_, params, _), = heard
    assert {params[one] for one in named.values()} == {"crop"}


def test_bands_may_be_a_list_as_scripts_give_it(provider, heard, context, recorded, raster_file, tmp_path):
    model = tmp_path / "m.onnx"
    model.write_bytes(b"never read")
    algorithm = provider.algorithm("predict").create()
    for bands in (["B04", "B03"], "B04, B03"):
        algorithm.run({"IMAGERY": [str(raster_file())], "MODEL": str(model), "BANDS": bands,
                       "OUTPUT": "TEMPORARY_OUTPUT"}, context, recorded)
        assert heard.pop()[1]["bands"] == ("B04", "B03")


def test_a_value_to_learn_may_be_named_by_its_alias_too(provider, heard, given, context, recorded, project):
    parameters = given("finetune", "MAP", aliased(project).id()) | {
        "TARGET": "Feldfrucht", "OUTPUT": "TEMPORARY_OUTPUT"}
    algorithm = provider.algorithm("finetune").create()
    ok, why = algorithm.checkParameterValues(parameters, context)
    assert ok, why
    algorithm.run(parameters, context, recorded)
    (_, params, _), = heard
    assert params["map"][0]["settings"]["value_field"] == "crop"


def aliased(project):
    """A layer of the project whose field «crop» is called «Feldfrucht» there."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=crop:string", "Felder", "memory")
    drawn(layer, "Rüben", "Mais")
    layer.setFieldAlias(0, "Feldfrucht")
    project.addMapLayer(layer)
    return layer


def test_the_simulated_reviewer_sees_what_qgis_shows_of_the_true_layers(provider, heard, given, context, recorded,
                                                                        project, vector_file):
    filtered = QgsVectorLayer(str(vector_file("true")), "wahr", "ogr")
    assert filtered.setSubsetString("osm_id = 'w1'")
    edited = QgsVectorLayer("Polygon?crs=EPSG:32633&field=crop:string", "auch wahr", "memory")
    drawn(edited, "Rüben", "Mais")
    project.addMapLayers([filtered, edited])
    parameters = given("loop", "MAP", str(vector_file("judged"))) | {
        "FIELD": [str(vector_file("visits"))], "ORACLE": [filtered.id(), edited.id()], "OUTPUT": "TEMPORARY_OUTPUT"}
    algorithm = provider.algorithm("loop").create()
    ok, why = algorithm.checkParameterValues(parameters, context)
    assert ok, why
    algorithm.run(parameters, context, recorded)
    (_, _, layers), = heard
    assert [row["osm_id"] for row in layers["wahr"]] == ["w1"]
    assert [row["crop"] for row in layers["auch wahr"]] == ["Rüben", "Mais"]


def _object(value):
    """What a text says in JSON; GDAL hands some out read."""
    return json.loads(value) if isinstance(value, str) else value


LAYERS_WRITTEN = {"fuse": "OUTPUT", "loop": "OUTPUT", "predict": "OUTPUT", "regresspoints": "OUTPUT",
                  "sampledesign": "OUTPUT", "stackimagery": "OUTPUT"}


@pytest.mark.parametrize("name", LAYERS_WRITTEN)
def test_what_is_written_is_loaded_where_the_dialog_runs_it_in_a_thread_of_its_own(
    processing_registry, heard, given, context, recorded, project, vector_file, raster_file, qtbot, tmp_path, name
):
    model, houses = tmp_path / "m.onnx", str(vector_file())
    model.write_bytes(b"never read")
    path = str(tmp_path / f"Ergebnis ü.{'gpkg' if name == 'sampledesign' else 'tif'}")
    more = {"predict": {"IMAGERY": [str(raster_file())], "MODEL": str(model)},
            "stackimagery": {"INPUT": [str(raster_file())]}}.get(name)
    where = {"regresspoints": "FIELD", "sampledesign": "INPUT"}.get(name, "MAP")
    parameters = (more or given(name, where, houses)) | {
        LAYERS_WRITTEN[name]: QgsProcessingOutputLayerDefinition(path, project)}
    algorithm = processing_registry.createAlgorithmById(f"geoloop:{name}")
    ok, why = algorithm.checkParameterValues(parameters, context)
    assert ok, why
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, recorded)
    with qtbot.waitSignal(task.executed, timeout=20_000):
        QgsApplication.taskManager().addTask(task)
    assert context.willLoadLayerOnCompletion(path)


OUTPUTS = {"align": ".gpkg", "fuse": ".tif", "flag": None, "loop": ".tif", "pretrain": ".safetensors",
           "finetune": ".safetensors", "learn": ".safetensors", "report": ".html", "exchange": ".geojson",
           "exportmodel": ".onnx"}
"""Algorithms that no other test runs in batch mode, and how their OUTPUT ends. (A list of files, such as ADAPTERS of
mergeadapters, is chosen by hand there: QGIS 3.40 takes it for layers where a program sets it.)
"""


def active_tasks():
    """The numbers of what QGIS is doing in the background; not all of it need be this test's."""
    manager = QgsApplication.taskManager()
    return {manager.taskId(task) for task in manager.activeTasks()}


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_row_of_a_batch_is_a_job_of_its_own(processing_registry, heard, raster_file, vector_file, qtbot, tmp_path,
                                                 name):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    dialog = BatchAlgorithmDialog(processing_registry.createAlgorithmById(f"geoloop:{name}"))
    panel = dialog.mainWidget()
    panel.checkLoadLayersOnCompletion.setChecked(False)
    panel.addRow()
    outputs = [tmp_path / f"Ausgabe {number} ü{OUTPUTS[name]}" for number in (1, 2)]
    for number in (0, 1):
        values = row(name, number, raster_file, vector_file, tmp_path)
        for parameter, value in (values | ({"OUTPUT": str(outputs[number])} if OUTPUTS[name] else {})).items():
            column = panel.parameter_to_column[parameter]
            wrapper = panel.wrappers[number][column]
            if wrapper is None:  # a file to write
                panel.tblParameters.cellWidget(number + 1, column).setValue(value)
            else:
                wrapper.setParameterValue(value, dialog.processingContext())
    others = active_tasks()
    dialog.runAlgorithm()
    qtbot.waitUntil(lambda: active_tasks() <= others, timeout=300_000)  # a machine that pages may take a minute
    log = ""
    if not sip.isdeleted(dialog):
        log = dialog.findChild(QTextEdit, "txtLog").toPlainText()
        sip.delete(dialog)  # before the project's layers go
    assert [job for job, _, _ in heard] == [name] * 2, log
    if OUTPUTS[name]:
        assert [params["output"] for _, params, _ in heard] == [str(output) for output in outputs]
    first, second = (json.dumps(params, default=str) for _, params, _ in heard)
    assert "Nr. 0" in first
    assert "Nr. 1" not in first
    assert "Nr. 1" in second
    assert "Nr. 0" not in second


def row(name, number, raster_file, vector_file, folder):
    """What a row of the batch holds; all that is read has the row's number in its name."""
    ledger, model = folder / f"Register Nr. {number}.gpkg", folder / f"Modell Nr. {number}.onnx"
    if name in ("align", "fuse", "flag", "loop", "pretrain", "finetune"):
        on_layers = {"IMAGERY": [str(raster_file(f"Bild Nr. {number}"))],
                     "MAP": [str(vector_file(f"Karte Nr. {number}"))]}
        return on_layers | ({"LEDGER": str(ledger)} if name in ("flag", "loop") else {}) | (
            {"LEGEND": "buildings"} if name == "align" else {})
    if name == "exportmodel":
        model.write_bytes(b"never read")
        return {"MODEL": str(model)}
    Ledger.create(ledger, Crs("a plane", "", 0, 'LOCAL_CS["a plane",UNIT["metre",1]]')).close()
    return {"LEDGER": str(ledger)}


def test_no_algorithm_that_takes_vector_layers_is_forgotten_here(provider):
    taking = {(algorithm.name(), one.name()) for algorithm in provider.algorithms()
              for one in algorithm.parameterDefinitions()
              if one.name() in ("MAP", "FIELD", "INPUT", "REFERENCE") and one.type() != "raster"}
    assert taking - set(TAKES) == {("align", "FIELD"), ("stackimagery", "INPUT")} & taking
