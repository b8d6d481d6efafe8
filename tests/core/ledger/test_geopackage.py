"""The ledger is a GeoPackage that any reader of GeoPackages opens, edits and indexes."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from geoloop.core.ledger.geopackage import connect, from_blob, to_blob

SYSTEM_PYTHON = Path("/usr/bin/python3")
HAS_GDAL = SYSTEM_PYTHON.exists() and subprocess.run(
    [str(SYSTEM_PYTHON), "-c", "import osgeo.ogr"], capture_output=True, check=False).returncode == 0
needs_gdal = pytest.mark.skipif(not HAS_GDAL, reason="the system's Python has no osgeo")


def test_the_file_keeps_to_the_standard(make, a_flag, ledger_path):
    make(a_flag("a")).close()
    with closing(sqlite3.connect(ledger_path)) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        kinds = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
        described = {row[0] for row in database.execute("SELECT table_name FROM gpkg_geometry_columns")}
        assert {name for name, kind in kinds.items() if kind == "features"} == described == {
            "discrepancies", "before", "review"}
        assert database.execute(
            "SELECT min_x, max_y FROM gpkg_contents WHERE table_name = 'discrepancies'"
        ).fetchone() == (500_000, 5_500_000)


def test_pyogrio_reads_every_layer(make, a_flag, ledger_path):
    pyogrio = pytest.importorskip("pyogrio")
    with make(a_flag("a"), a_flag("b", proposal=None)) as ledger:
        ledger.decide(["a"], "accept")
    names = {name for name, _ in pyogrio.list_layers(ledger_path)}
    assert {"discrepancies", "before", "review", "decisions", "edits", "sources", "rounds", "reliability"} <= names
    frame = pyogrio.read_dataframe(ledger_path, layer="review")
    assert list(frame["uid"]) == ["a", "b"]
    assert list(frame["status"]) == ["accepted", "open"]
    assert frame.crs.to_epsg() == 32633
    assert (
        len(pyogrio.read_dataframe(ledger_path, layer="discrepancies", bbox=(499_999, 5_499_999, 500_001, 5_500_001)))
        == 1
    )


@needs_gdal
def test_gdal_adds_moves_and_deletes_features_and_the_index_follows(make, a_flag, ledger_path):
    make(a_flag("a")).close()
    script = f"""
from osgeo import ogr
ogr.UseExceptions()
data = ogr.Open({str(ledger_path)!r}, 1)
layer = data.GetLayerByName("discrepancies")
feature = ogr.Feature(layer.GetLayerDefn())
for name in ("uid", "source", "kind", "edit"):
    feature.SetField(name, "new")
feature.SetField("round", 1)
feature.SetField("probability", .5)
feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON ((10 10, 20 10, 20 20, 10 10))"))
layer.CreateFeature(feature)
moved = layer.GetFeature(1)
moved.SetGeometry(ogr.CreateGeometryFromWkt("POINT (30 30)"))
layer.SetFeature(moved)
layer.SetSpatialFilterRect(9, 9, 31, 31)
print(sorted(f.GetField("uid") for f in layer))
"""
    done = subprocess.run([str(SYSTEM_PYTHON), "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a', 'new']"
    assert boxes(ledger_path) == [(1, 30, 30, 30, 30), (2, 10, 20, 10, 20)]


def test_plain_sqlite_edits_features_and_the_index_follows(make, a_flag, ledger_path, shapes):
    make(a_flag("a"), a_flag("b", proposal=None)).close()
    point, _ = shapes
    with closing(connect(ledger_path)) as database:
        database.execute("UPDATE discrepancies SET geom = ? WHERE uid = 'b'", (to_blob(point(3, 4), 32633),))
        database.execute("UPDATE discrepancies SET geom = ? WHERE uid = 'a'", (to_blob(point(5, 6), 32633),))
        assert boxes(ledger_path) == [(1, 5, 5, 6, 6), (2, 3, 3, 4, 4)]
        database.execute("UPDATE discrepancies SET geom = NULL WHERE uid = 'a'")
        database.execute("DELETE FROM discrepancies WHERE uid = 'b'")
        assert boxes(ledger_path) == []


def test_a_second_crs_of_the_same_definition_is_not_added_twice(make, ledger_path):
    from geoloop.core.ledger.geopackage import add_crs

    make().close()
    with closing(connect(ledger_path)) as database:
        own = add_crs(database, "own", "", 0, "LOCAL_CS[\"x\"]")
        assert add_crs(database, "again", "", 0, "LOCAL_CS[\"x\"]") == own
        assert add_crs(database, "utm", "epsg", 32633, "other text") == 32633


def test_geometries_come_back_from_blobs(shapes):
    point, polygon = shapes
    for wkb in (point(1, 2), polygon([(0, 0), (1, 0), (1, 1), (0, 0)]), point(float("nan"), float("nan"))):
        assert from_blob(to_blob(wkb, 4326)) == wkb
    assert from_blob(None) is None
    assert to_blob(None, 4326) is None


def boxes(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(
            "SELECT id, minx, maxx, miny, maxy FROM rtree_discrepancies_geom ORDER BY id"
        ).fetchall()
