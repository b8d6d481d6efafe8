"""Bad input that only the engine can see: still an exit code, one sentence, nothing written."""

from __future__ import annotations

import json
import sqlite3

import pytest
from osgeo import gdal, ogr


@pytest.fixture
def refused(qgis_process, engine_python, tmp_path, raster_file, vector_file):
    """Run the loop with something wrong in it and return what was said."""

    def run(**changed):
        output = tmp_path / "fused.tif"
        arguments = {"LEDGER": tmp_path / "ledger.gpkg", "OUTPUT": output, "LEGEND": "buildings", **changed}
        for name, write in (("IMAGERY", raster_file), ("MAP", vector_file)):
            if name not in changed:
                arguments[name] = write()
        before = {path.name for path in tmp_path.iterdir()}
        ran = qgis_process(
            "run", "geoloop:loop", "--", *(f"{name}={value}" for name, value in arguments.items()),
            GEOLOOP_ENGINE_PYTHON=str(engine_python),
        )
        assert ran.code != 0, ran.text
        assert "Traceback" not in ran.text
        assert {path.name for path in tmp_path.iterdir() if not path.name.endswith(".aux.xml")} == before
        return ran.text

    return run


def legend_file(tmp_path, when):
    path = tmp_path / "own legend.json"
    path.write_text(json.dumps({
        "name": "own", "background": "other",
        "classes": [{"code": 0, "name": "other", "color": "#eeeeee"}, {"code": 1, "name": "roof", "color": "#aa0000"}],
        "rules": [{"when": when, "class": "roof"}],
    }))
    return path


def test_a_legend_rule_on_a_column_that_is_not_there(refused, tmp_path):
    text = refused(LEGEND=legend_file(tmp_path, {"dach": ["*"]}))
    assert "“buildings”" in text
    assert "dach" in text
    assert "building" in text


def test_a_legend_that_matches_no_feature(refused, tmp_path):
    text = refused(LEGEND=legend_file(tmp_path, {"building": ["lighthouse"]}))
    assert "“buildings”" in text


def test_fewer_labelled_features_than_folds_can_carry(refused, vector_file):
    path = vector_file()
    dataset = ogr.Open(str(path), 1)
    for fid in (2, 3):
        dataset.GetLayer(0).DeleteFeature(fid)
    dataset = None
    assert "Too few labelled features to judge each by the others: building (1)" in refused(MAP=path)


def test_imagery_without_a_valid_pixel(refused, raster_file):
    path = raster_file()
    dataset = gdal.Open(str(path), gdal.GA_Update)
    for band in (1, 2, 3):
        dataset.GetRasterBand(band).SetNoDataValue(0)
        dataset.GetRasterBand(band).Fill(0)
    dataset = None
    assert "has no valid pixel inside the extent" in refused(IMAGERY=path)


def test_a_ledger_that_is_none(refused, tmp_path):
    with sqlite3.connect(tmp_path / "notes.gpkg") as notes:
        notes.execute("CREATE TABLE notes (text)")
    assert "is no GeoLoop ledger" in refused(LEDGER=tmp_path / "notes.gpkg")
