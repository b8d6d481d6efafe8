"""Importing OpenStreetMap data: all tags, cut at the extent, whole or not at all."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas
import pyogrio
import pytest
import shapely
from heard import Heard

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.importosm import Params, run
from geoloop.core.sources import osm_file
from geoloop.core.sources.osm import is_area
from geoloop.core.sources.tags import parse_tags

TOWN = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" version="3" timestamp="2020-05-17T08:00:00Z" lat="52.00" lon="13.00"/>
 <node id="2" version="1" lat="52.00" lon="13.01"/>
 <node id="3" version="1" lat="52.01" lon="13.01"/>
 <node id="4" version="1" lat="52.01" lon="13.00"/>
 <node id="5" version="2" timestamp="2021-01-01T00:00:00Z" lat="52.005" lon="13.005">
  <tag k="amenity" v="café &quot;Zur Brücke&quot;"/><tag k="addr:city" v="Müllrose"/></node>
 <node id="6" lat="52.002" lon="13.002"/><node id="7" lat="52.002" lon="13.004"/>
 <node id="8" lat="52.004" lon="13.004"/><node id="9" lat="52.004" lon="13.002"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
 <way id="11" version="1"><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="6"/>
  <tag k="building" v="yes"/></way>
 <way id="12" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="track"/></way>
 <way id="13" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="highway" v="footway"/></way>
 <way id="14" version="1"><nd ref="1"/><nd ref="99"/><tag k="highway" v="path"/></way>
 <relation id="20" version="4"><member type="way" ref="10" role="outer"/><member type="way" ref="11" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="landuse" v="forest"/></relation>
 <relation id="21" version="1"><member type="way" ref="12" role="outer"/>
  <tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation>
</osm>
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "meine Stadt.osm"
    path.write_text(TOWN, encoding="utf-8")
    return path


def tables(path: Path) -> dict[str, geopandas.GeoDataFrame]:
    found = {name: pyogrio.read_dataframe(path, layer=name) for name in ("points", "lines", "polygons")}
    return {name: table.set_index("osm_id") for name, table in found.items()}


def test_points_lines_and_polygons_with_all_their_tags(town, tmp_path):
    feedback = Heard()
    result = run(Params(str(town), str(tmp_path / "out.gpkg")), feedback)
    assert result == {"OUTPUT": str(tmp_path / "out.gpkg"), "POINTS": 1, "LINES": 2, "POLYGONS": 2}
    found = tables(tmp_path / "out.gpkg")
    cafe = found["points"].loc["node/5"]
    assert parse_tags(cafe.other_tags) == {"amenity": 'café "Zur Brücke"', "addr:city": "Müllrose"}
    assert (cafe.amenity, cafe.version, cafe.timestamp[:10]) == ('café "Zur Brücke"', 2, "2021-01-01")
    assert set(found["lines"].index) == {"way/12", "way/13"}
    assert set(found["polygons"].index) == {"way/11", "relation/20"}
    assert found["polygons"].loc["relation/20"].landuse == "forest"
    assert len(found["polygons"].loc["relation/20"].geometry.geoms[0].interiors) == 1
    assert found["points"].crs.to_epsg() == 4326
    assert len(feedback.warnings) == 1
    assert "1 multipolygons, whose" in feedback.warnings[0]
    assert "1 ways, whose nodes are missing" in feedback.warnings[0]


def test_features_are_cut_at_the_extent(town, tmp_path):
    extent = (13.0, 52.0, 13.003, 52.003)
    result = run(Params(str(town), str(tmp_path / "out.gpkg"), extent), Feedback())
    assert (result["POINTS"], result["LINES"], result["POLYGONS"]) == (0, 2, 2)
    for table in tables(tmp_path / "out.gpkg").values():
        assert shapely.within(table.geometry.to_numpy(), shapely.box(*extent).buffer(1e-9)).all()
        assert table.is_valid.all()


def test_packed_files_are_read(tmp_path):
    path = tmp_path / "town.osm.gz"
    path.write_bytes(gzip.compress(TOWN.encode()))
    assert run(Params(str(path), str(tmp_path / "out.gpkg")), Feedback())["POLYGONS"] == 2


@pytest.mark.parametrize("suffix", [".OSM", ".Osm.GZ"])
def test_the_case_of_a_name_does_not_matter(suffix, tmp_path):
    path = tmp_path / f"TOWN{suffix}"
    path.write_bytes(gzip.compress(TOWN.encode()) if suffix.endswith("GZ") else TOWN.encode())
    assert run(Params(str(path), str(tmp_path / "out.gpkg")), Feedback())["POLYGONS"] == 2


def test_what_has_no_place_is_left_out_and_counted(tmp_path):
    """Nodes without or beyond all coordinates, and what an editor has drawn but not uploaded."""
    path = tmp_path / "draft.osm"
    path.write_text(TOWN.replace('<node id="1"', """<node id="-1" lat="52.003" lon="13.003">
        <tag k="natural" v="tree"/></node><node id="1\"""", 1).replace('<way id="10"', """
        <node id="30"><tag k="natural" v="tree"/></node>
        <node id="31" lat="95" lon="200"><tag k="natural" v="tree"/></node>
        <way id="-2"><nd ref="1"/><nd ref="-1"/><tag k="highway" v="path"/></way><way id="10\""""))
    feedback = Heard()
    assert run(Params(str(path), str(tmp_path / "out.gpkg")), feedback)["POINTS"] == 2
    assert "node/-1" in tables(tmp_path / "out.gpkg")["points"].index
    assert "2 nodes without a place" in feedback.warnings[0]
    assert "1 ways with negative ids" in feedback.warnings[0]


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz"])
def test_what_an_editor_has_marked_as_deleted_does_not_come_in(suffix, tmp_path, monkeypatch):
    """JOSM's files keep deleted objects until they are uploaded; marks are found wherever blocks of reading end."""
    monkeypatch.setattr(osm_file, "_BLOCK_BYTES", 50)
    text = TOWN.replace('<node id="5"', '<node action=\'delete\' id="5"').replace(
        '<way id="11"', '<way id="11" visible="true"\n action="delete"').replace(
        '<relation id="20"', '<relation id="20" action="modify"').replace(
        '<relation id="21"', '<relation action="delete" id="21"')
    path = tmp_path / f"draft{suffix}"
    path.write_bytes(gzip.compress(text.encode()) if suffix.endswith("gz") else text.encode())
    feedback = Heard()
    found = run(Params(str(path), str(tmp_path / "out.gpkg")), feedback)
    assert (found["POINTS"], found["LINES"], found["POLYGONS"]) == (0, 2, 1)
    assert "3 objects that are marked as deleted" in feedback.warnings[0]
    assert "multipolygons" not in feedback.warnings[0]


def test_a_packed_file_that_is_damaged_inside_is_one_sentence(tmp_path):
    packed = bytearray(gzip.compress(TOWN.encode()))
    packed[40:60] = b"?" * 20
    (tmp_path / "town.osm.gz").write_bytes(packed)
    assert not osm_file.deleted_in_draft(str(tmp_path / "town.osm.gz"))
    with pytest.raises(InputError, match=r"town\.osm\.gz"):
        run(Params(str(tmp_path / "town.osm.gz"), str(tmp_path / "out.gpkg")), Feedback())
    assert [path.name for path in tmp_path.iterdir()] == ["town.osm.gz"]


@pytest.mark.parametrize(("name", "text"), [
    ("town.osh", TOWN),
    ("town.osc.gz", TOWN),
    ("town.osm", TOWN.replace('<node id="5"', '<node id="5" visible="false"')),
])
def test_history_is_refused(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="holds changes or deleted objects and so their history"):
        run(Params(str(tmp_path / name), str(tmp_path / "out.gpkg")), Feedback())
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_layers_of_other_tools_are_split_by_dimension_with_tags_kept(tmp_path):
    shapes = [shapely.Point(1, 1), shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)]), None,
              shapely.MultiPoint([(2, 2), (3, 3)])]
    geopandas.GeoDataFrame({
        "full_id": ["n1", "w2", "w3", "n4", "n5"], "osm_id": ["1", "2", "3", "4", "5"],
        "osm_type": ["node", "way", "way", "node", "node"], "natural": ["tree", None, None, None, None],
        "building": [None, "yes", None, None, None], "addr:city": ["Ä", None, None, None, None],
        "highway": [None, None, "path", None, "stop"],
    }, geometry=shapes, crs=4326).to_file(tmp_path / "quick osm.geojson")
    result = run(Params(str(tmp_path / "quick osm.geojson"), str(tmp_path / "out.gpkg")), Feedback())
    assert (result["POINTS"], result["LINES"], result["POLYGONS"]) == (3, 1, 1)
    found = tables(tmp_path / "out.gpkg")
    assert parse_tags(found["points"].loc["node/1"].other_tags) == {"natural": "tree", "addr:city": "Ä"}
    assert found["polygons"].loc["way/2"].building == "yes"


def test_importing_the_own_output_changes_nothing(town, tmp_path):
    run(Params(str(town), str(tmp_path / "a.gpkg")), Feedback())
    run(Params(str(tmp_path / "a.gpkg"), str(tmp_path / "b.gpkg")), Feedback())
    one, other = tables(tmp_path / "a.gpkg"), tables(tmp_path / "b.gpkg")
    for name in one:
        assert set(one[name].index) == set(other[name].index)
        assert set(one[name].other_tags) == set(other[name].other_tags)


def test_bad_input_leaves_nothing_behind(town, tmp_path):
    output = tmp_path / "out.gpkg"
    (tmp_path / "bad.osm.pbf").write_bytes(b"not a pbf file at all")
    (tmp_path / "bad.geojson").write_text("{}")
    (tmp_path / "empty.osm").write_text('<osm version="0.6"></osm>')
    cases = [
        (Params(str(tmp_path / "bad.osm.pbf"), str(output)), r"bad\.osm\.pbf"),
        (Params(str(tmp_path / "bad.geojson"), str(output)), r"bad\.geojson"),
        (Params(str(tmp_path / "gone.osm"), str(output)), r"gone\.osm does not exist"),
        (Params(str(tmp_path / "empty.osm"), str(output)), "no tagged objects"),
        (Params(str(town), str(output), (0.0, 0.0, 1.0, 1.0)), "inside the extent"),
        (Params(str(town), str(output), (1.0, 0.0, 0.0, 1.0)), "is empty"),
        (Params(str(town), str(tmp_path / "out.shp")), "GeoPackage"),
        (Params(str(town), str(tmp_path / "no folder" / "out.gpkg")), "folder"),
        (Params(str(town), str(town)), "is the input"),
    ]
    for params, message in cases:
        with pytest.raises(InputError, match=message):
            run(params, Feedback())
    assert not list(tmp_path.glob("out*"))


def test_a_cancelled_import_leaves_the_old_output_alone(town, tmp_path):
    output = tmp_path / "out.gpkg"
    output.write_bytes(b"old")
    with pytest.raises(Cancelled):
        run(Params(str(town), str(output)), Heard(patience=0))
    assert output.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["meine Stadt.osm", "out.gpkg"]


@pytest.mark.parametrize(("tags", "area"), [
    ({"building": "yes"}, True), ({"highway": "residential"}, False), ({"highway": "pedestrian", "area": "yes"}, True),
    ({"natural": "coastline"}, False), ({"natural": "water"}, True), ({"barrier": "fence"}, False),
    ({"landuse": "forest", "area": "no"}, False), ({"leisure": "track"}, False), ({"waterway": "riverbank"}, True),
    ({"waterway": "river"}, False), ({"leisure": "track", "landuse": "grass"}, True),
])
def test_which_closed_ways_are_areas(tags, area):
    assert is_area(tags) is area


@pytest.mark.data
def test_every_extract_is_read(data_folder: Path, tmp_path: Path):
    extracts = sorted((data_folder / "osm_extracts/original").glob("*"))
    assert extracts
    for path in extracts:
        feedback = Heard()
        result = run(Params(str(path), str(tmp_path / "out.gpkg")), feedback)
        assert min(result["POINTS"], result["LINES"], result["POLYGONS"]) > 0
        if "helsinki" in path.name:
            assert "multipolygons" in feedback.warnings[0]
            polygons = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="polygons")
            assert polygons.is_valid.all()
            assert polygons.osm_id.is_unique


@pytest.mark.data
def test_an_extract_cut_at_an_extent_has_less_and_inside(data_folder: Path, tmp_path: Path):
    source = data_folder / "osm_extracts/original/liechtenstein_valhalla.osm.pbf"
    extent = (9.50, 47.12, 9.54, 47.16)
    result = run(Params(str(source), str(tmp_path / "out.gpkg"), extent), Feedback())
    assert 100 < result["POLYGONS"] < 9000
    west, south, east, north = pyogrio.read_info(tmp_path / "out.gpkg", layer="polygons",
                                                 force_total_bounds=True)["total_bounds"]
    assert west >= extent[0] - 1e-9
    assert south >= extent[1] - 1e-9
    assert east <= extent[2] + 1e-9
    assert north <= extent[3] + 1e-9
