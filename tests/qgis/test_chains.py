"""The example chains run in ``qgis_process`` from end to end, load in the modeler, and show only what was asked for."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from few_steps import few_steps_python
from osgeo import gdal, ogr, osr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsVectorLayer,
)

from geoloop.core.ledger import Crs, Ledger, Round, SourceRow

ROOT = Path(__file__).resolve().parents[2]
CHAINS = sorted((ROOT / "chains").glob("*.model3"))
MAKE_MODEL = """
import sys
from pathlib import Path
import numpy as np
from onnx import helper
from onnx_models import save, value

weights = np.zeros((2, 4, 1, 1), np.float32)
weights[1, 3] = 80  # bright in the last band, or not
save(Path(sys.argv[1]), [helper.make_node("Conv", ["x", "w", "b"], ["s"]),
                         helper.make_node("Softmax", ["s"], ["y"], axis=1)],
     [value("x", ["n", 4, 32, 32])], [value("y", ["n", 2, 32, 32])],
     {"w": weights, "b": np.array([0, -48], np.float32)},
     {"model_type": "Segmentor", "class_names": {0: "maize", 1: "wheat"}, "resolution": 1000})
"""
WEST, NORTH, PIXEL, SIDE, CELL = 400_000.0, 5_001_000.0, 10.0, 100, 10  # a square kilometre of ten by ten fields
NO_ALPHA = ["ALPHA=NO", "PHOTOMETRIC=MINISBLACK"]  # else GDAL takes the fourth of four bands of bytes for transparency


@pytest.fixture(scope="module")
def crops() -> np.ndarray:
    """Which of two crops grows in each field (row, column)."""
    return np.random.default_rng(3).integers(0, 2, (SIDE // CELL, SIDE // CELL))


def srs(epsg: int = 32633) -> osr.SpatialReference:
    found = osr.SpatialReference()
    found.ImportFromEPSG(epsg)
    found.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return found


@pytest.fixture(scope="module")
def imagery(tmp_path_factory, crops) -> Path:
    """Four bands in which the crops look different."""
    path = tmp_path_factory.mktemp("Bilder ä") / "scene.tif"
    looks = np.array([[60, 80, 70, 200], [90, 85, 120, 110]])
    random = np.random.default_rng(1)
    pixels = looks[np.kron(crops, np.ones((CELL, CELL), int))] + random.normal(0, 8, (SIDE, SIDE, 4))
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), SIDE, SIDE, 4, gdal.GDT_Byte, NO_ALPHA)
    dataset.SetGeoTransform((WEST, PIXEL, 0, NORTH, 0, -PIXEL))
    dataset.SetProjection(srs().ExportToWkt())
    for at, name in enumerate(("blue", "green", "red", "nir")):
        dataset.GetRasterBand(at + 1).WriteArray(pixels[..., at].clip(1, 255).astype(np.uint8))
        dataset.GetRasterBand(at + 1).SetDescription(name)
    dataset = None
    return path


def corners(row: int, column: int) -> list[tuple[float, float]]:
    x, y, side = WEST + column * CELL * PIXEL + 5, NORTH - row * CELL * PIXEL - 5, CELL * PIXEL - 10
    return [(x, y), (x + side, y), (x + side, y - side), (x, y - side), (x, y)]


@pytest.fixture(scope="module")
def fields(tmp_path_factory, crops) -> Path:
    """The fields as a map has them: one in twenty with the wrong crop."""
    path = tmp_path_factory.mktemp("map") / "fields.gpkg"
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = dataset.CreateLayer("fields", srs(), ogr.wkbPolygon)
    for name in ("number", "crop"):
        layer.CreateField(ogr.FieldDefn(name))
    for number, (row, column) in enumerate(np.ndindex(crops.shape)):
        feature = ogr.Feature(layer.GetLayerDefn())
        crop = crops[row, column] if number % 20 else 1 - crops[row, column]
        feature.SetField("number", f"f{number}")
        feature.SetField("crop", ("maize", "wheat")[crop])
        ring = ", ".join(f"{x} {y}" for x, y in corners(row, column))
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))"))
        layer.CreateFeature(feature)
    dataset = None
    return path


@pytest.fixture(scope="module")
def extract(tmp_path_factory, crops) -> Path:
    """The fields of one crop as buildings of OpenStreetMap."""
    to_degrees = osr.CoordinateTransformation(srs(), srs(4326))
    nodes, ways = [], []
    for number, (row, column) in enumerate(np.ndindex(crops.shape)):
        if crops[row, column]:
            ids = []
            for x, y in corners(row, column)[:4]:
                lon, lat, _ = to_degrees.TransformPoint(x, y)
                ids.append(len(nodes) + 1)
                nodes.append(f'<node id="{ids[-1]}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
            refs = "".join(f'<nd ref="{one}"/>' for one in (*ids, ids[0]))
            ways.append(f'<way id="{1000 + number}" version="1">{refs}<tag k="building" v="yes"/></way>')
    path = tmp_path_factory.mktemp("osm") / "town.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>')
    return path


@pytest.fixture(scope="module")
def bright_model(tmp_path_factory, engine_python) -> Path:
    """A model that tells the crops by the last band, made by the engine's Python."""
    path = tmp_path_factory.mktemp("model") / "bright.onnx"
    make = f"import sys; sys.path.append({str(ROOT / 'tests' / 'helpers')!r})\n{MAKE_MODEL}"
    subprocess.run([str(engine_python), "-c", make, str(path)], check=True, timeout=60)
    return path


@pytest.fixture
def quick_engine(engine_python, tmp_path) -> Path:
    """The engine, with fits of a few steps."""
    return few_steps_python(tmp_path, engine_python)


@pytest.fixture
def run(qgis_process, quick_engine):
    """Run a chain; return its results."""
    qgis_process("plugins", "enable", "processing")

    def run(name, **inputs):
        given = [f"{key}={value}" for key, value in inputs.items()]
        path = next(one for one in CHAINS if one.stem == name)
        ran = qgis_process("--json", "run", str(path), "--", *given, GEOLOOP_ENGINE_PYTHON=str(quick_engine))
        assert ran.code == 0, ran.text
        return json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]

    return run


def layer_of(address) -> QgsVectorLayer:
    layer = QgsVectorLayer(str(address), "found", "ogr")
    assert layer.isValid()
    return layer


def test_imagery_becomes_polygons_of_a_models_classes(run, imagery, bright_model, tmp_path):
    found = run("imagery_to_polygons", imagery=imagery, model=bright_model, classes=tmp_path / "classes.tif",
                polygons=tmp_path / "Flächen.gpkg")
    seen = gdal.Open(found["classes"]).ReadAsArray()
    layer = layer_of(found["polygons"])
    assert {feature["class"] for feature in layer.getFeatures()} == set(np.unique(seen)) == {0, 1}
    assert sum(feature.geometry().area() for feature in layer.getFeatures()) == pytest.approx((SIDE * PIXEL) ** 2)


def test_an_extract_is_audited_into_a_ledger_a_queue_and_a_report(run, qgis_app, imagery, extract, tmp_path):
    found = run("osm_audit", imagery=imagery, osm=extract, items=10, features=tmp_path / "osm.gpkg",
                ledger=tmp_path / "loop.gpkg", fused=tmp_path / "fused.tif", report=tmp_path / "report.html")
    assert layer_of(f"{found['ledger']}|layername=queue").featureCount() > 0
    assert layer_of(f"{found['features']}|layername=polygons").featureCount() > 30
    assert "OpenStreetMap contributors" in Path(found["report"]).read_text(encoding="utf-8")


def test_a_month_goes_on_with_the_ledger_of_the_last(run, qgis_app, imagery, fields, tmp_path):
    path = tmp_path / "loop.gpkg"
    wkt = QgsCoordinateReferenceSystem("EPSG:32633").toWkt(Qgis.CrsWktVariant.PreferredGdal)
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, wkt)) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "fields", str(fields), key="number")])
    found = run("monthly_loop", imagery=imagery, map=fields, sources='{"fields": {"class_field": "crop"}}',
                key="number", items=10, ledger=path, fused=tmp_path / "fused.tif", report=tmp_path / "report.html")
    assert layer_of(f"{found['ledger']}|layername=rounds").featureCount() == 2
    assert layer_of(f"{found['ledger']}|layername=queue").featureCount() > 0
    assert Path(found["report"]).is_file()


def test_a_model_learns_the_map_and_runs_over_the_imagery(run, qgis_app, imagery, fields, tmp_path):
    found = run("fine_tune_and_predict", imagery=imagery, map=fields, sources='{"fields": {"class_field": "crop"}}',
                method="full", model=tmp_path / "tuned.safetensors", report=tmp_path / "report.html",
                classes=tmp_path / "classes.tif")
    seen = gdal.Open(found["classes"])
    assert (seen.RasterXSize, seen.RasterYSize) == (SIDE, SIDE)
    assert json.loads(seen.GetMetadata()["classes"]) == {"1": "maize", "2": "wheat"}
    assert Path(found["report"]).is_file()


@pytest.mark.parametrize("path", CHAINS, ids=lambda path: path.stem)
def test_a_chain_loads_in_the_modeler_and_explains_every_input(processing_registry, path):
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(path))
    fine, why = model.validate()
    assert fine, why
    told = model.helpContent()
    assert len(told["ALG_DESC"]) > 60
    for definition in model.parameterDefinitions():
        if not definition.isDestination():
            assert told[definition.name()]


def test_doubtful_places_become_tasks_for_the_field_and_no_layer_appears_unasked(
    processing_registry, quick_engine, imagery, fields, tmp_path, monkeypatch
):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", str(quick_engine))
    model = QgsProcessingModelAlgorithm()
    model.fromFile(str(next(path for path in CHAINS if path.stem == "field_check")))
    context = QgsProcessingContext()
    found, ok = model.run({
        "imagery": [str(imagery)], "map": [str(fields)], "ledger": str(tmp_path / "l.gpkg"),
        "sources": '{"fields": {"class_field": "crop", "may_export": true}}',
        "permissions": '{"scene": {"may_export": true}}', "tasks": str(tmp_path / "Aufgaben ä.gpkg")},
        context, QgsProcessingFeedback())
    assert ok
    assert layer_of(found["tasks"]).featureCount() >= 3
    assert context.layersToLoadOnCompletion() == {}
