"""``geoloop:regresspoints`` as QGIS runs it: refusals before an engine starts, and a map from points in the end."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

WEST, SOUTH = 400_000.0, 5_000_000.0


@pytest.fixture
def points(qgis_app):
    """Sixty points in memory whose value grows eastward; one lacks it."""
    layer = QgsVectorLayer("Point?crs=EPSG:32633&field=wert:double&field=ort:string", "Messungen ä", "memory")
    random = np.random.default_rng(0)
    features = []
    for number in range(60):
        x, y = random.uniform(2, 62, 2)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(WEST + x, SOUTH + y)))
        feature.setAttributes([None if number == 0 else float(x), f"s{number // 3}"])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


@pytest.fixture
def given(raster_file, points, tmp_path):
    """Parameters that are good; the raster's first band tells the value."""
    path = raster_file()
    raster = gdal.Open(str(path), gdal.GA_Update)
    raster.GetRasterBand(1).WriteArray(np.tile(np.arange(64, dtype=np.uint8) * 3, (64, 1)))
    raster = None
    return {"RASTERS": [str(path)], "FIELD": points, "TARGET": "wert", "OUTPUT": str(tmp_path / "Karte.tif")}


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"OUTPUT": "map.shp"}, "OUTPUT must end in .tif"),
    ({"REPORT": "report.pdf"}, "REPORT must end in .html"),
    ({"RASTERS": []}, "RASTERS names no layer"),
    ({"TARGET": "anders"}, "has no field “anders”"),
    ({"FIELD": "gone.gpkg"}, "cannot be opened as a vector layer"),
])
def test_what_cannot_work_is_refused(provider, context, given, changed, sentence):
    ok, why = provider.algorithm("regresspoints").create().checkParameterValues({**given, **changed}, context)
    assert not ok
    assert sentence in why


def test_points_elsewhere_are_refused(provider, context, given, vector_file):
    far = str(vector_file(west=700_000.0))
    ok, why = provider.algorithm("regresspoints").create().checkParameterValues(
        {**given, "FIELD": far, "TARGET": ""}, context)
    assert not ok
    assert "does not overlap" in why


def test_a_layer_in_memory_becomes_a_map_and_a_page(provider, context, recorded, engine_python, given, tmp_path):
    page = tmp_path / "Bericht.html"
    found, ok = provider.algorithm("regresspoints").create().run(
        {**given, "STATION": "ort", "REPORT": str(page)}, context, recorded)
    assert ok, recorded.lines
    assert found["POINTS"] == 59
    assert 0.3 < found["SCORE"] < found["SCORE_RANDOM"]
    value = gdal.Open(found["OUTPUT"]).ReadAsArray()[0]
    assert np.corrcoef(value[32], np.arange(64))[0, 1] > 0.95
    assert "How well do rasters tell wert?" in page.read_text(encoding="utf-8")
