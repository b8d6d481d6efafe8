"""Aligning a real GeoPackage: what is moved, what is kept, and what a bad input gets."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from heard import Heard
from rasterio.features import rasterize
from scipy import ndimage

from geoloop import core
from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger.geopackage import connect, from_blob, to_blob

TRANSFORM = Affine(0.5, 0, 500_000, 0, -0.5, 5_800_000)
OFF = np.array([3.0, -2.0])


@pytest.fixture
def town(tmp_path: Path) -> dict[str, Any]:
    """49 houses with heights, drawn 3 m too far east and 2 m too far south, one of them outside of the imagery."""
    folder = tmp_path / "ein Ordner"
    folder.mkdir()
    rng = np.random.default_rng(0)
    houses = [shapely.box(x, y, x + rng.uniform(7, 14), y + rng.uniform(7, 14))
              for x in 500_010 + 28.0 * np.arange(7) for y in 5_799_990 - 20 - 28.0 * np.arange(7)]
    seen = rasterize([(house, 1.0) for house in houses], out_shape=(420, 420), transform=TRANSFORM, dtype="float32")
    building = 0.05 + 0.9 * ndimage.gaussian_filter(seen, 1.5)
    with rasterio.open(folder / "p.tif", "w", driver="GTiff", width=420, height=420, count=2, dtype="float32",
                       crs="EPSG:32633", transform=TRANSFORM, nodata=np.nan) as raster:
        raster.write(np.stack([1 - building, building]))
        raster.descriptions = ("imagery: other", "imagery: building")
    drawn = [shapely.affinity.translate(house, *OFF) for house in houses] + [shapely.box(0, 0, 9, 9)]
    heights = shapely.force_3d(np.array(drawn), np.arange(len(drawn), dtype=float))
    table = geopandas.GeoDataFrame(
        {"nr": np.arange(50), "building": "yes", "floors": [None, *range(1, 50)], "name": ["Öl"] * 50,
         "parcel": pd.array([None, *(2**60 + n for n in range(1, 50))], dtype="Int64")},
        geometry=heights, crs="EPSG:32633").astype({"floors": "Int64"})
    table.to_file(folder / "houses.gpkg", engine="pyogrio")
    return {"probabilities": str(folder / "p.tif"), "legend": "buildings", "reach_m": 6.0, "device": "cpu",
            "map": [{"path": str(folder / "houses.gpkg"), "name": "houses", "key": "nr"}],
            "output": str(folder / "moved.gpkg"), "shifts": str(folder / "shifts.gpkg"),
            "gcps": str(folder / "field.points")}


def parcels(path: str) -> list[int | None]:
    """As the file holds them, digit by digit."""
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT parcel FROM houses ORDER BY fid")]


def test_what_a_layer_has_and_a_run_does_not_use_is_told(town: dict[str, Any]) -> None:
    path, heard = town["map"][0]["path"], Heard()
    with closing(connect(path)) as connection, connection:
        connection.execute("UPDATE houses SET geom = NULL WHERE fid = 5")
        connection.execute("UPDATE houses SET nr = NULL WHERE fid IN (8, 9)")
    result = jobs.run("align", town, heard)
    assert result["MOVED"] == 48
    assert "Features of “houses” that are not used: 1 without geometry." in heard.warnings
    assert any(line.startswith("“houses”: 2 of 48 features have no nr,") for line in heard.warnings)


def test_houses_are_moved_back_and_all_else_is_kept(town: dict[str, Any]) -> None:
    heard = Heard()
    result = jobs.run("align", town, heard)
    assert all(heard.cost), heard.lines
    assert heard.lines[-1].startswith("Run card of align: inputs “houses”; ")
    assert json.loads(pyogrio.read_info(town["output"])["dataset_metadata"]["RUN"])["job"] == "align"
    assert result["MOVED"] == 49
    assert result["COMMON"] == 1
    before = pyogrio.read_dataframe(town["map"][0]["path"])
    after = pyogrio.read_dataframe(town["output"], layer="houses")
    assert after.crs == before.crs
    assert after.has_z.all()
    assert list(after.columns) == list(before.columns)
    assert after.drop(columns="geometry").equals(before.drop(columns="geometry"))
    assert parcels(town["output"]) == parcels(town["map"][0]["path"]) == [None, *(2**60 + n for n in range(1, 50))]
    info = [pyogrio.read_info(path, layer="houses") for path in (town["map"][0]["path"], town["output"])]
    assert info[0]["ogr_types"] == info[1]["ogr_types"]
    assert info[0]["geometry_type"] == info[1]["geometry_type"]
    step = np.column_stack([after.centroid.x - before.centroid.x, after.centroid.y - before.centroid.y])
    np.testing.assert_allclose(step[:49], np.tile(-OFF, (49, 1)), atol=0.3)
    assert (step[49] == 0).all()
    heights = [shapely.get_coordinates(layer.geometry.values, include_z=True)[:, 2] for layer in (before, after)]
    np.testing.assert_array_equal(*heights)


def test_a_layer_that_imagery_looks_at_aslant_stays_where_it_is(town: dict[str, Any]) -> None:
    (houses,) = town["map"]
    assert jobs.run("align", {**town, "map": [{**houses, "settings": {"off_nadir": True}}]}, Feedback())["MOVED"] == 0


def test_locked_features_stay_and_their_shift_is_told(town: dict[str, Any]) -> None:
    (houses,) = town["map"]
    heard = Heard()
    found = jobs.run("align", {**town, "map": [{**houses, "settings": {"lock": "nr IN (3, 20)"}}]}, heard)
    assert found["MOVED"] == 47
    (said,) = [line for line in heard.lines if "features moved" in line]
    assert "47 of 49 features moved" in said
    assert "2 lie off, but are locked and stay" in said
    before = pyogrio.read_dataframe(houses["path"])
    after = pyogrio.read_dataframe(town["output"], layer="houses")
    stays = shapely.equals_identical(before.geometry.values, after.geometry.values)
    assert before.nr[stays].tolist() == [3, 20, 49]
    assert {"3", "20"} < set(pyogrio.read_dataframe(town["shifts"])["key"])


def test_measures_are_not_left_out_in_silence(town: dict[str, Any]) -> None:
    heard = Heard()
    jobs.run("align", town, heard)
    assert heard.warnings == []
    with closing(connect(town["map"][0]["path"])) as connection:
        connection.execute("UPDATE gpkg_geometry_columns SET z = 0, m = 1")
        for fid, blob in connection.execute("SELECT fid, geom FROM houses").fetchall():
            corners = ", ".join(f"{x} {y} 7" for x, y in shapely.get_coordinates(shapely.from_wkb(from_blob(blob))))
            measured = shapely.to_wkb(shapely.from_wkt(f"POLYGON M (({corners}))"), flavor="iso")
            connection.execute("UPDATE houses SET geom = ? WHERE fid = ?", (to_blob(measured, 32633), fid))
    jobs.run("align", town, heard)
    (said,) = heard.warnings
    assert "measures (M)" in said
    assert "“houses”" in said


def test_photos_and_lists_stay_what_they_are(town: dict[str, Any]) -> None:
    path = town["map"][0]["path"]
    photos = [None, *(bytes([number, 0, 255]) for number in range(1, 50))]
    with closing(connect(path)) as connection:
        connection.execute('ALTER TABLE houses ADD COLUMN "a photo" BLOB')
        connection.executemany('UPDATE houses SET "a photo" = ? WHERE fid = ?',
                               [(photo, fid) for fid, photo in enumerate(photos, 1)])
    jobs.run("align", town, Feedback())
    with closing(sqlite3.connect(town["output"])) as connection:
        assert [row[0] for row in connection.execute('SELECT "a photo" FROM houses ORDER BY fid')] == photos
    listed = Path(path).with_name("lists.geojson")
    houses = json.loads(pyogrio.read_dataframe(path, columns=["nr", "building"]).to_json())
    for number, feature in enumerate(houses["features"]):
        feature["properties"] |= {"years": [1900, number], "names": ["Öl", "b"] if number else None}
    listed.write_text(json.dumps({**houses, "crs": {"type": "name", "properties": {"name": "EPSG:32633"}}}))
    jobs.run("align", {**town, "map": [{"path": str(listed), "name": "houses"}]}, Feedback())
    after = pyogrio.read_dataframe(town["output"], layer="houses")
    assert [json.loads(text) for text in after["years"]] == [[1900, number] for number in range(50)]
    assert json.loads(after["names"][1]) == ["Öl", "b"]
    assert pd.isna(after["names"][0])


def test_times_keep_their_instant_and_their_zone(town: dict[str, Any]) -> None:
    path = town["map"][0]["path"]
    zones = ["", "Z", "+02:00", "-09:30"]
    houses = json.loads(pyogrio.read_dataframe(path, columns=["nr", "building"]).to_json())
    for number, feature in enumerate(houses["features"]):
        feature["properties"]["seen"] = f"2020-01-01T10:00:00{zones[number % 4]}" if number > 3 else None
    dated = Path(path).with_name("dated.geojson")
    dated.write_text(json.dumps({**houses, "crs": {"type": "name", "properties": {"name": "EPSG:32633"}}}))
    jobs.run("align", {**town, "map": [{"path": str(dated), "name": "houses"}]}, Feedback())
    with closing(sqlite3.connect(town["output"])) as connection:
        found = [row[0] for row in connection.execute("SELECT seen FROM houses ORDER BY fid")]
    assert found[:8] == [None] * 4 + [f"2020-01-01T10:00:00{zone}" for zone in zones]


def test_shifts_are_lines_and_the_field_is_control_points(town: dict[str, Any]) -> None:
    jobs.run("align", town, Feedback())
    shifts = pyogrio.read_dataframe(town["shifts"])
    assert set(shifts.geom_type) == {"LineString"}
    np.testing.assert_allclose(shifts.length, shifts.length_m, rtol=2e-3)
    np.testing.assert_allclose([shifts.dx_m.mean(), shifts.dy_m.mean()], -OFF, atol=0.2)
    assert set(shifts["key"]) == {str(nr) for nr in range(49)}
    assert shifts.confidence.between(0, 1).all()
    lines = Path(town["gcps"]).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#CRS: PROJCRS")
    assert lines[1].startswith("mapX,mapY,sourceX,sourceY,enable")
    points = np.array([[float(v) for v in line.split(",")[:4]] for line in lines[2:]])
    np.testing.assert_allclose(np.median(points[:, :2] - points[:, 2:], axis=0), -OFF, atol=0.3)


def test_a_layer_in_degrees_is_moved_in_degrees(town: dict[str, Any]) -> None:
    path = Path(town["map"][0]["path"]).with_name("degrees.gpkg")
    before = pyogrio.read_dataframe(town["map"][0]["path"]).iloc[:49].to_crs(4326)
    before.to_file(path, engine="pyogrio")
    jobs.run("align", {**town, "map": [{"path": str(path), "name": "houses"}]}, Feedback())
    after = pyogrio.read_dataframe(town["output"], layer="houses")
    assert after.crs.to_epsg() == 4326
    moved, still = after.to_crs(32633).centroid, before.to_crs(32633).centroid
    np.testing.assert_allclose([(moved.x - still.x).mean(), (moved.y - still.y).mean()], -OFF, atol=0.2)


def test_layers_whose_names_differ_in_case_alone_get_tables_of_their_own(town: dict[str, Any]) -> None:
    again = {**town["map"][0], "name": "Houses"}
    jobs.run("align", {**town, "map": [*town["map"], again], "off_nadir": True}, Feedback())
    assert [len(pyogrio.read_dataframe(town["output"], layer=name)) for name in ("houses", "Houses_")] == [50, 50]


def test_the_texts_of_a_shapefile_are_copied_as_qgis_shows_them(town: dict[str, Any]) -> None:
    path = Path(town["map"][0]["path"]).with_name("old.shp")
    layer = pyogrio.read_dataframe(town["map"][0]["path"], columns=["nr", "building", "name"])
    pyogrio.write_dataframe(layer, path, encoding="cp852")
    path.with_suffix(".cpg").unlink()
    given = {"path": str(path), "name": "houses", "key": "nr", "encoding": "IBM852"}
    jobs.run("align", {**town, "map": [given], "off_nadir": True}, Feedback())
    assert set(pyogrio.read_dataframe(town["output"])["name"]) == {"Öl"}


def test_a_layer_that_is_read_from_a_copy_gets_its_own_columns(town: dict[str, Any]) -> None:
    """What the copy of an edited or filtered layer knows of where it came from is no column of the layer."""
    (houses,) = town["map"]
    before = pyogrio.read_dataframe(houses["path"])
    path = Path(houses["path"]).with_name("copy.gpkg")
    pyogrio.write_dataframe(before.assign(geoloop_fid=np.arange(50) + 7), path)
    given = {**houses, "path": str(path), "key": "geoloop_fid", "source": "Polygon?crs=EPSG:32633"}
    jobs.run("align", {**town, "map": [given]}, Feedback())
    assert list(pyogrio.read_dataframe(town["output"], layer="houses").columns) == list(before.columns)
    assert set(pyogrio.read_dataframe(town["shifts"])["key"]) <= set(map(str, np.arange(50) + 7))
    jobs.run("align", {**town, "map": [{**given, "source": ""}]}, Feedback())  # a file of the user's that has it
    assert "geoloop_fid" in pyogrio.read_dataframe(town["output"], layer="houses").columns


def test_off_nadir_imagery_gives_an_unmoved_copy(town: dict[str, Any]) -> None:
    result = jobs.run("align", {**town, "off_nadir": True}, Feedback())
    assert result["MOVED"] == 0
    before, after = (pyogrio.read_dataframe(p) for p in (town["map"][0]["path"], town["output"]))
    assert (shapely.to_wkb(before.geometry.values) == shapely.to_wkb(after.geometry.values)).all()
    assert len(pyogrio.read_dataframe(town["shifts"])) == 0


def test_a_cancelled_run_leaves_nothing(town: dict[str, Any]) -> None:
    class Stop(Feedback):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        jobs.run("align", town, Stop())
    assert {p.name for p in Path(town["output"]).parent.iterdir()} == {"p.tif", "houses.gpkg"}


@pytest.mark.parametrize(("changed", "said"), [
    ({"probabilities": ""}, "Neither imagery nor probabilities"),
    ({"map": []}, "No map layer"),
    ({"reach_m": 0.0}, "positive number of metres"),
])
def test_what_is_missing_is_named(town: dict[str, Any], changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        jobs.run("align", {**town, **changed}, Feedback())


def test_an_output_folder_that_is_not_there_is_named(town: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        jobs.run("align", {**town, "output": "/nowhere/at/all.gpkg"}, Feedback())


def test_long_houses_drawn_turned_are_turned_back_in_their_own_crs(town: dict[str, Any], tmp_path: Path) -> None:
    true = np.array([shapely.box(500_010 + 28 * x, 5_799_790 + 28 * y, 500_028 + 28 * x, 5_799_798 + 28 * y)
                     for x in range(7) for y in range(7)])
    seen = rasterize([(house, 1.0) for house in true], out_shape=(420, 420), transform=TRANSFORM, dtype="float32")
    building = 0.05 + 0.9 * ndimage.gaussian_filter(seen, 1.5)
    with rasterio.open(town["probabilities"], "r+") as raster:
        raster.write(np.stack([1 - building, building]))
    wrong = {9: 12.0, 24: -12.0, 33: 12.0}
    drawn = [shapely.affinity.rotate(house, wrong.get(k, 0.0)) for k, house in enumerate(true)]
    table = geopandas.GeoDataFrame({"nr": np.arange(49), "building": "yes"}, crs="EPSG:32633",
                                   geometry=shapely.force_3d(np.array(drawn), np.arange(49.0))).to_crs("EPSG:4326")
    table.to_file(tmp_path / "degrees.gpkg", engine="pyogrio")
    jobs.run("align", {**town, "map": [{"path": str(tmp_path / "degrees.gpkg"), "name": "houses", "key": "nr"}]},
             Feedback())
    after = pyogrio.read_dataframe(town["output"], layer="houses")
    assert after.crs == table.crs
    assert shapely.get_z(shapely.get_point(shapely.get_exterior_ring(after.geometry.to_numpy()), 0)).tolist() == [
        *range(49)]
    back = after.to_crs("EPSG:32633").geometry.to_numpy()
    shared = shapely.area(shapely.intersection(back, true)) / shapely.area(shapely.union(back, true))
    assert shared.min() > 0.85
    lines = pyogrio.read_dataframe(town["shifts"], layer="shifts").set_index("key")
    assert {int(key): round(turn / 12) for key, turn in lines["turn_deg"].items() if turn} == {9: 1, 24: -1, 33: 1}


def test_pixels_too_fine_for_the_reach_are_told_with_a_resolution_that_suits(town: dict[str, Any]) -> None:
    heard = Heard()
    jobs.run("align", {**town, "legend": buildings_of_any_size(town), "reach_m": 30.0}, heard)
    assert [line for line in heard.lines if "RESOLUTION" in line] == [
        "At pixels of 0.5 m features are looked for up to 20 m away, not 30 m. With a RESOLUTION of 0.75 m they are, "
        "and sooner."]
    heard = Heard()
    jobs.run("align", {**town, "legend": buildings_of_any_size(town), "reach_m": 30.0, "resolution_m": 1.0}, heard)
    assert not [line for line in heard.lines if "RESOLUTION" in line]
    assert [line for line in heard.lines if "Grid: 210 × 210 pixels of 1.00 m" in line]


def buildings_of_any_size(town: dict[str, Any]) -> str:
    """The shipped legend without its resolution."""
    path = Path(town["output"]).with_name("legend.json")
    legend = json.loads((Path(core.__file__).parent / "sources" / "legends" / "buildings.json").read_text())
    path.write_text(json.dumps({key: value for key, value in legend.items() if key != "resolution_m"}))
    return str(path)


@pytest.mark.parametrize("resolution", [0.0, -1.0, float("nan")])
def test_a_resolution_that_is_none_is_refused(town: dict[str, Any], resolution: float) -> None:
    with pytest.raises(InputError, match="resolution must be a positive number of metres"):
        jobs.run("align", {**town, "resolution_m": resolution}, Feedback())
