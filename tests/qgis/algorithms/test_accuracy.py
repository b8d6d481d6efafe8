"""``geoloop:sampledesign`` and ``geoloop:evaluate`` as QGIS runs them: draw, survey, evaluate."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    edit,
)

from geoloop.core.ledger import Crs, Ledger

ENGINE = "/usr/bin/python3"  # found, but never started
WEST, NORTH = 400_000.0, 5_000_064.0


@pytest.fixture
def class_raster(tmp_path) -> Path:
    """64 × 64 pixels of a metre: class 1 in the west, 2 in the east, where one row in four is wrong."""
    path = tmp_path / "Karte ä.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 64, 64, 1, gdal.GDT_Byte)
    dataset.SetGeoTransform((WEST, 1.0, 0, NORTH, 0, -1.0))
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    dataset.SetProjection(srs.ExportToWkt())
    values = np.where(np.arange(64)[None, :] < 40, 1, 2) * np.ones((64, 1), int)
    values[::4, 40:] = 1
    dataset.GetRasterBand(1).WriteArray(values.astype(np.uint8))
    dataset = None
    return path


def run(provider, context, recorded, name, given):
    algorithm = provider.algorithm(name).create()
    ok, why = algorithm.checkParameterValues(given, context)
    assert ok, why
    found, ok = algorithm.run(given, context, recorded)
    assert ok, recorded.lines
    return found


def survey(path: Path) -> None:
    """Fill in what stands there: class 2 in all of the east."""
    layer = QgsVectorLayer(f"{path}|layername=sample", "sample", "ogr")
    at = layer.fields().lookupField("class_reference")
    with edit(layer):
        for feature in layer.getFeatures():
            east = feature.geometry().centroid().asPoint().x() >= WEST + 40
            layer.changeAttributeValue(feature.id(), at, "2" if east else "1")
    del layer


def test_a_sample_is_drawn_surveyed_and_tells_accuracy_and_area(provider, context, recorded, engine_python, tmp_path,
                                                               class_raster):
    drawn = tmp_path / "Stichprobe.gpkg"
    given = {"INPUT": str(class_raster), "SIZE": 200, "MINIMUM": 60, "OUTPUT": str(drawn), "SEED": 3}
    assert run(provider, context, recorded, "sampledesign", given)["UNITS"] == 200
    survey(drawn)
    figures = tmp_path / "figures.json"
    reference = QgsVectorLayer(f"{drawn}|layername=sample", "sample", "ogr")
    found = run(provider, context, recorded, "evaluate", {
        "INPUT": QgsRasterLayer(str(class_raster), "Karte"), "REFERENCE": reference, "OUTPUT": str(figures)})
    result = json.loads(figures.read_text(encoding="utf-8"))
    assert found["OVERALL"] == result["overall"]["estimate"]
    assert result["overall"]["low"] <= 1 - 16 * 24 / 4096 <= result["overall"]["high"]
    east = result["classes"]["2"]
    assert east["area_m2"]["low"] <= 64 * 24 <= east["area_m2"]["high"]
    assert east["mapped_area_m2"] == pytest.approx(48 * 24, rel=5e-3)
    assert any("Overall accuracy" in line for line in recorded.lines)
    assert any("producer's" in line for line in recorded.lines)
    shapes = tmp_path / "Stichprobe.shp"  # as a field app may ask for: of field names ten letters are left
    gdal.VectorTranslate(str(shapes), str(drawn), format="ESRI Shapefile", geometryType="POINT")
    run(provider, context, recorded, "evaluate", {
        "INPUT": str(class_raster), "REFERENCE": str(shapes), "OUTPUT": str(figures)})
    again = json.loads(figures.read_text(encoding="utf-8"))
    assert (again["design"], again["classes"]) == (result["design"], result["classes"])
    del reference


def test_features_and_a_ledger_can_be_drawn_from_and_the_extent_is_in_any_crs(
        provider, context, recorded, engine_python, tmp_path, vector_file, raster_file):
    houses = vector_file("Häuser")
    output = tmp_path / "houses sample.gpkg"
    found = run(provider, context, recorded, "sampledesign", {
        "INPUT": str(houses), "SIZE": 2, "DESIGN": "simple", "OUTPUT": str(output)})
    assert found["UNITS"] == 2
    layer = QgsVectorLayer(f"{output}|layername=sample", "sample", "ogr")
    assert {"inclusion_probability", "class_reference", "key"} <= set(layer.fields().names())
    assert all(f["inclusion_probability"] == pytest.approx(2 / 3) for f in layer.getFeatures())
    del layer
    ledger, image = tmp_path / "loop.gpkg", raster_file()
    grid = QgsCoordinateReferenceSystem("EPSG:32633")
    from geoloop.core.ledger import Discrepancy, Round

    with Ledger.create(ledger, Crs(grid.description(), "EPSG", 32633, grid.toWkt())) as made:
        square = ogr.CreateGeometryFromWkt(
            "POLYGON((400010 5000010,400030 5000010,400030 5000030,400010 5000030,400010 5000010))")
        made.add_round(Round("flag", 0, {"imagery": [{"path": str(image), "name": "image"}]}), (), (), [
            Discrepancy(uid="d", source="map", target_layer="houses", kind="missing", edit="add", probability=0.9,
                        proposal=bytes(square.ExportToWkb()))])
    output = tmp_path / "ground.gpkg"
    found = run(provider, context, recorded, "sampledesign", {
        "INPUT": f"{ledger}|layername=review", "SIZE": 40, "DESIGN": "disagreement", "MINIMUM": 10,
        "OUTPUT": str(output)})
    assert found["UNITS"] == 40
    layer = QgsVectorLayer(f"{output}|layername=sample", "sample", "ogr")
    assert {f["stratum"] for f in layer.getFeatures()} == {"not flagged", "probably wrong"}
    del layer
    with Ledger.create(ledger := tmp_path / "gone.gpkg", Crs(grid.description(), "EPSG", 32633, grid.toWkt())) as made:
        made.add_round(Round("flag", 0, {"imagery": [{"path": str(image), "name": "image"}]}), (), (), [
            Discrepancy(uid="d", source="map", target_layer="houses", kind="obsolete", edit="delete", probability=0.9,
                        proposal=None, before=bytes(square.ExportToWkb()))])  # to QGIS a table without geometry
    to_degrees = QgsCoordinateTransform(grid, QgsCoordinateReferenceSystem("EPSG:4326"), context.transformContext())
    west, south, east, north = 400_000, 5_000_000, 400_020, 5_000_020
    box = to_degrees.transformBoundingBox(QgsRectangle(west, south, east, north))
    part = tmp_path / "part.gpkg"
    run(provider, context, recorded, "sampledesign", {
        "INPUT": str(ledger), "SIZE": 20, "DESIGN": "simple", "OUTPUT": str(part),
        "EXTENT": f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:4326]"})
    layer = QgsVectorLayer(f"{part}|layername=sample", "sample", "ogr")
    drawn = layer.extent()
    assert drawn.xMinimum() >= west - 2
    assert drawn.xMaximum() <= east + 2
    assert drawn.yMaximum() <= north + 2
    del layer


def test_it_runs_headless(qgis_process, engine_python, class_raster, tmp_path):
    ran = qgis_process("run", "geoloop:sampledesign", "--", f"INPUT={class_raster}", "SIZE=80", "DESIGN=systematic",
                       f"OUTPUT={tmp_path / 's.gpkg'}", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code == 0, ran.text
    survey(tmp_path / "s.gpkg")
    ran = qgis_process("run", "geoloop:evaluate", "--", f"INPUT={class_raster}", f"REFERENCE={tmp_path / 's.gpkg'}",
                       f"OUTPUT={tmp_path / 'f.json'}", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code == 0, ran.text
    assert "Overall accuracy" in ran.text
    assert json.loads((tmp_path / "f.json").read_text())["design"] == "systematic"


@pytest.mark.parametrize(("name", "changed", "said"), [
    ("sampledesign", {"INPUT": "gone.tif"}, "INPUT"),
    ("sampledesign", {"OUTPUT": "sample.shp"}, "OUTPUT must end in .gpkg"),
    ("sampledesign", {"DESIGN": "disagreement"}, "name it in OTHER"),
    ("sampledesign", {"LEGEND": "gone.json"}, "gone.json of LEGEND does not exist"),
    ("sampledesign", {"SIZE": 1}, "SIZE"),
    ("evaluate", {"REFERENCE": "gone.gpkg"}, "REFERENCE"),
    ("evaluate", {"REFERENCE_FIELD": "osm"}, "no field “osm”"),
    ("evaluate", {"OUTPUT": "figures.xlsx"}, "OUTPUT must end in .json"),
], ids=str)
def test_what_cannot_work_is_refused_before_the_engine_starts(provider, context, monkeypatch, tmp_path, class_raster,
                                                             vector_file, name, changed, said):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", ENGINE)
    ending = {"sampledesign": "s.gpkg", "evaluate": "f.json"}[name]
    given = {"INPUT": str(class_raster), "OUTPUT": str(tmp_path / ending)}
    if name == "evaluate":
        given |= {"REFERENCE": str(vector_file()), "REFERENCE_FIELD": "building"}
    ok, why = provider.algorithm(name).create().checkParameterValues(given | changed, context)
    assert not ok
    assert said in why
