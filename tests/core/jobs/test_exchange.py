"""``exchange`` as a job, on real OpenStreetMap extracts: what is exported is what the extract says, edited."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import osmium
import pyproj
import pytest
import shapely

from geoloop.core import jobs
from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow

EXTRACTS = {
    "berlin": ("osm_extracts/original/berlin-siegessaeule_graphhopper.osm.pbf", 32633),
    "chambery": ("osm_extracts/original/chambery_quickosm_map.osm", 32631),
    "monaco": ("osm_extracts/original/monaco_quackosm.osm.pbf", 32632),
    "liechtenstein": ("osm_extracts/original/liechtenstein_valhalla.osm.pbf", 32632),
    "porto alegre": ("portoalegre_osm/original/r-package/inst/extdata/poa/poa_osm.pbf", 32722),
}
MOVED_M = 1.5
EACH = 12


@pytest.fixture(params=EXTRACTS, ids=list(EXTRACTS))
def place(request, data_folder):
    path, epsg = EXTRACTS[request.param]
    if not (data_folder / path).is_file():
        pytest.skip(f"the extract {path} is not among the real layers")
    return data_folder / path, epsg


def ways_of(path: Path) -> dict[int, tuple[int, dict[str, str], list[int], shapely.LineString]]:
    """Tagged ways whose nodes are all there: version, tags, node ids, line."""
    found = {}
    for item in osmium.FileProcessor(str(path)).with_locations():
        if item.is_way() and len(item.tags) and len(item.nodes) > 1 and all(n.location.valid() for n in item.nodes):
            found[item.id] = (item.version, {tag.k: tag.v for tag in item.tags}, [n.ref for n in item.nodes],
                              shapely.LineString([(n.lon, n.lat) for n in item.nodes]))
    return found


def members_of(path: Path) -> set[int]:
    return {m.ref for item in osmium.FileProcessor(str(path)) if item.is_relation()
            for m in item.members if m.type == "w"}


def flags(ways: dict[int, Any], to_grid: pyproj.Transformer, members: set[int]) -> list[Discrepancy]:
    """Some ways to retag, some to move, some to delete, none twice and none that share a node."""
    taken: set[int] = set()
    found: list[Discrepancy] = []
    for number in sorted(ways):
        version, tags, nodes, line = ways[number]
        if taken & set(nodes) or len(found) >= 3 * EACH or not version or number in members:
            continue
        taken |= set(nodes)
        edit = ("retag", "move", "delete")[len(found) % 3]
        shape = shapely.Polygon(line) if line.is_ring else line
        if not shape.is_valid or not shape.is_simple:
            continue
        before = shapely.transform(shape, lambda xy: np.column_stack(to_grid.transform(xy[:, 0], xy[:, 1])))
        after = shapely.transform(before, lambda xy: xy + np.array([MOVED_M, 0.0])) if edit == "move" else before
        key, value = sorted(tags.items())[0]
        kind = {"retag": "wrong_class", "move": "shifted", "delete": "obsolete"}[edit]
        found.append(Discrepancy(
            uid=f"{edit}-{number}", source="map", target_layer="osm", kind=kind, edit=edit, probability=0.9,
            proposal=after.wkb, before=before.wkb, target_key=f"way/{number}",
            before_values={key: value} if edit == "retag" else {},
            after_values={key: "<ä&\"'>"} if edit == "retag" else {}, evidence={"sentence": "Seen."}))
    return found


def test_edits_of_real_objects_carry_their_ids_versions_tags_and_nodes(place, tmp_path):
    path, epsg = place
    crs = pyproj.CRS.from_epsg(epsg)
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    ways = ways_of(path)
    wanted = flags(ways, to_grid, members_of(path))
    assert len(wanted) == 3 * EACH
    with Ledger.create(tmp_path / "loop.gpkg", Crs(crs.name, "EPSG", epsg, crs.to_wkt("WKT1_GDAL"))) as ledger:
        ledger.add_round(Round("flag", 1, {}), [
            SourceRow("imagery", "ortho", "o.tif", settings={"may_export": True}),
            SourceRow("map", "osm", "osm.gpkg", crs="EPSG:4326")], (), wanted)
        ledger.decide([d.uid for d in wanted], "accept", drawn_as="queue")
    output = tmp_path / "edits.osc"
    result = jobs.run("exchange", {"ledger": str(tmp_path / "loop.gpkg"), "format": "osmchange", "extract": str(path),
                                   "output": str(output)}, Feedback())
    assert (result["EXPORTED"], result["LEFT_OUT"]) == (len(wanted), 0)
    changed = {(item.type_str(), item.id): (item.deleted, item.version, {t.k: t.v for t in item.tags},
                                            [n.ref for n in item.nodes] if item.is_way() else
                                            (item.lon, item.lat) if item.is_node() and item.location.valid() else None)
               for item in osmium.FileProcessor(str(output))}
    for d in wanted:
        number = int(str(d.target_key).split("/")[1])
        version, tags, nodes, line = ways[number]
        if d.edit == "move":
            assert ("w", number) not in changed
            moved = np.array([changed["n", ref][3] for ref in nodes])
            metres = np.array(to_grid.transform(*moved.T)) - np.array(to_grid.transform(*np.array(line.coords).T))
            assert metres == pytest.approx(np.array([[MOVED_M], [0.0]]).repeat(len(nodes), 1), abs=0.02)
            continue
        deleted, said_version, said_tags, said_nodes = changed["w", number]
        assert (deleted, said_version) == (d.edit == "delete", version)
        if d.edit == "retag":
            assert said_tags == {**tags, next(iter(d.after_values)): "<ä&\"'>"}
            assert said_nodes == nodes


@pytest.mark.parametrize(("given", "why"), [
    ({"format": "osmchange", "output": "a.osc"}, "needs EXTRACT"),
    ({"format": "maproulette", "output": "a.json"}, "needs EXTRACT"),
    ({"format": "osmchange", "output": "a.xml", "extract": "x.osm"}, r"OUTPUT must end in \.osc"),
    ({"format": "josm", "output": "a.html", "only": "all"}, "takes only what a person accepted"),
    ({"format": "observations", "output": "a.gpkg"}, "needs TASKS"),
    ({"format": "geojson", "output": "a.geojson", "target": "parks"}, "knows no layer 'parks'"),
    ({"format": "josm", "output": "a.html"}, "say with TARGET which one"),
    ({"format": "osmchange", "output": "a.osc", "extract": "gone.osm", "target": "osm"}, "does not exist"),
    ({"format": "osmchange", "output": "a.osc", "extract": "{ledger}", "target": "osm"}, "EXTRACT must be an .osm"),
    ({"format": "osmchange", "output": "a.osc", "extract": "{text}", "target": "osm"}, "cannot be read as OpenStreet"),
    ({"format": "geojson", "output": "nowhere/a.geojson"}, "does not exist or cannot be written"),
    ({"format": "shapefile", "output": "a.shp"}, "format must be one of"),
], ids=str)
def test_what_cannot_be_exported_is_one_sentence_and_nothing_is_written(tmp_path, monkeypatch, given, why):
    monkeypatch.chdir(tmp_path)
    wkt = pyproj.CRS.from_epsg(32633).to_wkt("WKT1_GDAL")
    with Ledger.create(tmp_path / "loop.gpkg", Crs("UTM", "EPSG", 32633, wkt)) as ledger:
        allowed = {"may_export": True}
        rows = [SourceRow("map", name, f"{name}.gpkg", settings=allowed) for name in ("osm", "kataster")]
        ledger.add_round(Round("flag", 1, {}), rows, (), [Discrepancy(
            "a", "map", "osm", "obsolete", "delete", 0.9, shapely.Point(500_000, 5_600_000).wkb, target_key="node/1")])
        ledger.decide(["a"], "accept", drawn_as="queue")
    (tmp_path / "broken.osm").write_text("<osm version='0.6'><node id=")
    before = sorted(tmp_path.iterdir())
    params = {name: text.format(ledger=tmp_path / "loop.gpkg", text=tmp_path / "broken.osm")
              for name, text in given.items()}
    with pytest.raises(InputError, match=why) as error:
        jobs.run("exchange", {"ledger": str(tmp_path / "loop.gpkg"), **params}, Feedback())
    assert "\n" not in str(error.value)
    assert sorted(tmp_path.iterdir()) == before


def test_the_file_of_a_layer_is_never_written_over(tmp_path):
    wkt = pyproj.CRS.from_epsg(32633).to_wkt("WKT1_GDAL")
    houses = tmp_path / "houses.geojson"
    houses.write_text("a user's own work")
    with Ledger.create(tmp_path / "loop.gpkg", Crs("UTM", "EPSG", 32633, wkt)) as ledger:
        source = SourceRow("map", "houses", str(houses), settings={"may_export": True})
        ledger.add_round(Round("flag", 1, {}), [source], (), [Discrepancy(
            "a", "map", "houses", "obsolete", "delete", 0.9, shapely.Point(500_000, 5_600_000).wkb)])
        ledger.decide(["a"], "accept", drawn_as="queue")
    with pytest.raises(InputError, match="is the file of the layer “houses”"):
        jobs.run("exchange", {"ledger": str(tmp_path / "loop.gpkg"), "format": "geojson", "output": str(houses)},
                 Feedback())
    assert houses.read_text() == "a user's own work"


PIPELINE = ("+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart "
            "+ellps=WGS84 +step +proj=helmert +x=-2.5 +y=4 +z=1.5 +step +inv +proj=cart +ellps=GRS80 "
            "+step +proj=pop +v_3 +step +proj=utm +zone=32 +ellps=GRS80")


@pytest.mark.parametrize(("crs", "off_m"), [("EPSG:4326", 0.0), ("EPSG:31467", 4.9)])
def test_what_came_in_degrees_goes_out_the_way_it_came_in_and_all_else_where_it_lies(tmp_path, crs, off_m):
    at, grid = (9.1, 51.2), pyproj.CRS.from_epsg(25832)
    there = shapely.Point(pyproj.Transformer.from_pipeline(PIPELINE).transform(*at))
    with Ledger.create(tmp_path / "loop.gpkg", Crs(grid.name, "EPSG", 25832, grid.to_wkt("WKT1_GDAL"))) as ledger:
        row = SourceRow("map", "alt", "alt.gpkg", crs=crs, operation=PIPELINE, settings={"may_export": True})
        ledger.add_round(Round("flag", 1, {}), [row], (), [
            Discrepancy("a", "map", "alt", "obsolete", "delete", 0.9, there.wkb)])
        ledger.add_round(Round("flag", 1, {}), [replace(row, operation=f"{PIPELINE} +step +proj=affine +xoff=100")])
    output = tmp_path / "a.geojson"
    jobs.run("exchange", {"ledger": str(tmp_path / "loop.gpkg"), "format": "geojson", "only": "all",
                          "output": str(output)}, Feedback())
    (feature,) = json.loads(output.read_text())["features"]
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(*at, *feature["geometry"]["coordinates"])
    assert metres == pytest.approx(off_m, abs=0.02 if not off_m else 1.0)


def test_visits_to_the_loops_own_findings_are_evidence_in_the_next_round(country, few_steps, tmp_path):
    few_steps()
    jobs.run("loop", country, Feedback())
    allowed = {name: {"may_export": True} for name in ("imagery", "land", "visits")}
    tasks, back = tmp_path / "tasks.gpkg", tmp_path / "second look.gpkg"
    jobs.run("exchange", {"ledger": country["ledger"], "format": "tasks", "only": "all", "target": "land",
                          "sources": allowed, "output": str(tasks)}, Feedback())
    frame = geopandas.read_file(tasks, layer="tasks").sort_values("probability", ascending=False)
    frame["observed_class"] = frame["class_proposed"]
    frame[["observed_at", "accuracy_m"]] = ["2026-05-01T10:00:00", 4.0]
    frame.to_file(tasks, layer="tasks")
    result = jobs.run("exchange", {"ledger": country["ledger"], "format": "observations", "tasks": str(tasks),
                                   "output": str(back)}, Feedback())
    settings = json.loads(Path(result["SOURCES_FILE"]).read_text(encoding="utf-8"))["second look"]
    again = {name: value for name, value in country.items() if name not in ("probability", "ledger")}
    again["field"] = [{"path": str(back), "name": "second look", "settings": settings}]
    jobs.run("flag", {**{name: value for name, value in again.items() if name != "output"},
                      "ledger": str(tmp_path / "second.gpkg")}, Feedback())
    with Ledger.open(tmp_path / "second.gpkg") as ledger:
        said = {row["class"] for row in ledger.read("SELECT class FROM reliability WHERE layer = 'second look'")}
    assert said >= set(frame["observed_class"].dropna())
