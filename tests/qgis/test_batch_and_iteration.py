"""Batch mode, iteration over a layer's features, and temporary outputs, as QGIS's own windows run them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterFeatureSource,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QTextEdit
from web_maps import WebMaps

WEST, SOUTH, PIXEL = 400_000.0, 5_000_000.0, 10.0
OSM = """<osm version="0.6"><node id="1" version="1" lat="45.1464" lon="13.7280"><tag k="amenity" v="bench"/></node>
</osm>"""
MODELS = """
import sys
import numpy as np, onnx, torch
from onnx import TensorProto, helper, numpy_helper
sys.path.insert(0, sys.argv[1])
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band
encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=5)
torch.save(encoder.get_submodule("trunk").state_dict(), sys.argv[2] + "/encoder.pt")
x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", c, 32, 32]) for n, c in (("x", 3), ("y", 2)))
weights = numpy_helper.from_array(np.ones((2, 3, 1, 1), np.float32), "w")
nodes = [helper.make_node("Conv", ["x", "w"], ["s"]), helper.make_node("Softmax", ["s"], ["y"], axis=1)]
model = helper.make_model(helper.make_graph(nodes, "plain", [x], [y], [weights]),
                          opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
helper.set_model_props(model, {"model_type": '"Segmentor"', "class_names": '{"0": "a", "1": "b"}',
                               "resolution": "1000"})
onnx.save(model, sys.argv[2] + "/plain.onnx")
"""


@pytest.fixture(scope="session")
def models(engine_python, tmp_path_factory) -> Path:
    """A folder with Galileo's layout under random weights, and a model of two classes."""
    folder = tmp_path_factory.mktemp("models")
    checkout = Path(__file__).resolve().parents[2] / ".dev"
    subprocess.run([str(engine_python), "-c", MODELS, str(checkout), str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture
def image(raster_file):
    """Imagery at 10 m whose bands have names and a date."""

    def write(name):
        path = raster_file(name, north=SOUTH + 64 * PIXEL, pixel=PIXEL)
        dataset = gdal.Open(str(path), gdal.GA_Update)
        for number, band in enumerate(("B04", "B03", "B02"), 1):
            dataset.GetRasterBand(number).SetDescription(band)
            dataset.GetRasterBand(number).SetMetadataItem("ACQUISITION_DATE", "2021-06-01")
        dataset = None
        return str(path)

    return write


@pytest.fixture
def points(project):
    """A layer in memory of thirty measurements on the imagery."""

    def make(name):
        layer = QgsVectorLayer("Point?crs=EPSG:32633&field=wert:double", name, "memory")
        for x, y in np.random.default_rng(0).uniform(20, 620, (30, 2)):
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(WEST + x, SOUTH + y)))
            feature.setAttributes([float(x)])
            layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        project.addMapLayer(layer)
        return layer

    return make


@pytest.fixture
def houses(vector_file, project):
    """Three squares of 80 m as a layer of the project."""

    def make(name):
        layer = QgsVectorLayer(str(vector_file(name, unit=PIXEL)), name, "ogr")
        project.addMapLayer(layer)
        return layer

    return make


@pytest.fixture
def sample(project):
    """A sample of three places in the houses, visited."""

    def make(name):
        layer = QgsVectorLayer("Point?crs=EPSG:32633&field=class_reference:string&field=inclusion_probability:double",
                               name, "memory")
        for number in range(3):
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(WEST + 90 + 150 * number, SOUTH + 150)))
            feature.setAttributes([f"w{number}", 0.5])
            layer.dataProvider().addFeature(feature)
        layer.updateExtents()
        project.addMapLayer(layer)
        return layer

    return make


@pytest.fixture
def web(project):
    with WebMaps() as server:
        layer = QgsRasterLayer(f"type=xyz&url={server.url}/tiles/{{z}}/{{x}}/{{y}}.png&zmax=19&zmin=0", "Netz", "wms")
        project.addMapLayer(layer)
        yield layer


@pytest.fixture
def row(image, points, houses, sample, web, models, tmp_path):
    """What a row of the batch holds, for an algorithm and a name: a layer that differs, and all else alike."""

    def row(algorithm, name):
        if algorithm == "importosm":
            (tmp_path / f"{name}.osm").write_text(OSM)
        return {
            "sampledesign": lambda: {"INPUT": houses(name).id(), "DESIGN": "simple", "SIZE": 2},
            "evaluate": lambda: {"INPUT": houses(name).id(), "CLASS_FIELD": "osm_id",
                                 "REFERENCE": sample(f"found in {name}").id()},
            "webimagery": lambda: {"INPUT": web.id(), "RESOLUTION": 2, "LICENCE": "CC0", "ALLOWED": True,
                                   "EXTENT": f"{WEST},{WEST + 64},{SOUTH},{SOUTH + 64} [EPSG:32633]"},
            "importosm": lambda: {"INPUT": str(tmp_path / f"{name}.osm")},
            "stackimagery": lambda: {"INPUT": [image(name)]},
            "predict": lambda: {"IMAGERY": [image(name)], "MODEL": str(models / "plain.onnx")},
            "regresspoints": lambda: {"RASTERS": [image(f"raster of {name}")], "FIELD": points(name).id(),
                                      "TARGET": "wert"},
            "embed": lambda: {"IMAGERY": [image(f"imagery of {name}")], "MAP": houses(name).id(), "COMPONENTS": 2,
                              "MODEL": f"galileo_nano:{models / 'encoder.pt'}"},
        }[algorithm]()

    return row


ENDINGS = {"sampledesign": "gpkg", "evaluate": "json", "webimagery": "tif", "importosm": "gpkg", "stackimagery": "tif",
           "predict": "tif", "regresspoints": "tif", "embed": "gpkg"}
"""The algorithms that take one layer at a time, and how their OUTPUT ends."""


@pytest.mark.parametrize("name", ENDINGS)
def test_a_batch_of_two_layers_gives_two_outputs(processing_registry, row, qtbot, tmp_path, name):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    algorithm = processing_registry.createAlgorithmById(f"geoloop:{name}")
    dialog = BatchAlgorithmDialog(algorithm)
    panel = dialog.mainWidget()
    panel.checkLoadLayersOnCompletion.setChecked(False)
    panel.addRow()
    outputs = [tmp_path / f"Ausgabe {number} ü.{ENDINGS[name]}" for number in (1, 2)]
    for number, output in enumerate(outputs):
        for parameter, value in row(name, f"Nr. {number} ß").items():
            panel.wrappers[number][panel.parameter_to_column[parameter]].setParameterValue(
                value, dialog.processingContext())
        panel.tblParameters.cellWidget(number + 1, panel.parameter_to_column["OUTPUT"]).setValue(str(output))
    dialog.runAlgorithm()
    qtbot.waitUntil(lambda: not QgsApplication.taskManager().countActiveTasks(), timeout=300_000)
    log = ""
    if not sip.isdeleted(dialog):  # it closes itself where all went well and nothing is to be shown
        log = dialog.findChild(QTextEdit, "txtLog").toPlainText()
        sip.delete(dialog)  # before the project's layers go
    assert [output.name for output in outputs if not output.exists()] == [], log


@pytest.mark.parametrize("name", [name for name in ENDINGS if name not in ("regresspoints", "embed")])  # seconds each
def test_a_temporary_output_is_a_file_that_there_is(processing_registry, row, context, recorded, name):
    algorithm = processing_registry.createAlgorithmById(f"geoloop:{name}")
    given = {**row(name, "Nr. 1 ß"), "OUTPUT": "TEMPORARY_OUTPUT"}
    ok, why = algorithm.checkParameterValues(given, context)
    assert ok, why
    found, ok = algorithm.run(given, context, recorded)
    assert ok, recorded.lines
    assert os.path.isfile(found["OUTPUT"].split("|")[0])


def test_iterating_over_the_features_of_a_layer_runs_once_for_each(processing_registry, row, context, recorded,
                                                                   tmp_path):
    from processing.gui.AlgorithmExecutor import executeIterating

    algorithm = processing_registry.createAlgorithmById("geoloop:embed")
    assert isinstance(algorithm.parameterDefinition("MAP"), QgsProcessingParameterFeatureSource)  # QGIS offers it then
    given = {**row("embed", "Häuser"), "OUTPUT": str(tmp_path / "je eins.gpkg")}
    assert executeIterating(algorithm, given, "MAP", context, recorded), recorded.lines
    written = sorted(tmp_path.glob("je eins*.gpkg"))
    assert len(written) == 3
    for path in written:
        layer = QgsVectorLayer(str(path), "one", "ogr")
        assert layer.featureCount() == 1
        del layer


@pytest.mark.parametrize(("definition", "left"), [
    ({"selectedFeaturesOnly": True}, ["2"]),
    ({"filterExpression": "\"osm_id\" <> 'w0'"}, ["2", "3"]),
    ({"featureLimit": 2}, ["1", "2"]),
])
def test_selection_filter_and_limit_of_qgis_own_field_count(processing_registry, row, context, recorded, project,
                                                            tmp_path, definition, left):
    algorithm = processing_registry.createAlgorithmById("geoloop:embed")
    given = {**row("embed", "Häuser"), "OUTPUT": str(tmp_path / "e.gpkg")}
    project.mapLayer(given["MAP"]).selectByExpression("\"osm_id\" = 'w1'")
    source = QgsProcessingFeatureSourceDefinition(given["MAP"], **definition)
    found, ok = algorithm.run({**given, "MAP": source}, context, recorded)
    assert ok, recorded.lines
    layer = QgsVectorLayer(found["OUTPUT"], "e", "ogr")
    assert sorted(feature["key"] for feature in layer.getFeatures()) == left
    del layer


def test_a_filter_that_leaves_nothing_is_refused(processing_registry, row, context, tmp_path):
    algorithm = processing_registry.createAlgorithmById("geoloop:embed")
    given = {**row("embed", "Häuser"), "OUTPUT": str(tmp_path / "e.gpkg")}
    none = QgsProcessingFeatureSourceDefinition(given["MAP"], filterExpression="false")
    ok, why = algorithm.checkParameterValues({**given, "MAP": none}, context)
    assert not ok
    assert "leaves no feature of “Häuser”" in why
