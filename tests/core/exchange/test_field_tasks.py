"""Tasks go to the field with empty fields and come back as a field layer that the loop takes."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from affine import Affine

from geoloop.core.errors import InputError
from geoloop.core.jobs import exchange
from geoloop.core.jobs.inputs import SourceSettings, VectorInput
from geoloop.core.jobs.parameters import from_json
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.legend import Legend
from geoloop.core.sources.vectors import read_features

ALLOWED = {"may_export": True}
TYPES = {"observed_class": "OFTString", "observed_value": "OFTReal", "note": "OFTString", "photo": "OFTString",
         "observed_at": "OFTDateTime", "accuracy_m": "OFTReal", "surveyor": "OFTString"}


@pytest.fixture
def sent(hamlet, a_find, a_square):
    """Tasks of three places, one of them in a U-shaped house."""
    u = shapely.union_all([a_square(40, 40, 1, 5), a_square(44, 40, 1, 5), a_square(40, 40, 5, 1)])
    hamlet.decided(a_find("a", "way/100", class_proposed="Gebäude"), a_find("b", "node/14", "revisit"),
                   a_find("c", None, "add", to=u), settings=ALLOWED, decision="")
    hamlet.export("tasks", ".gpkg", only="undecided")
    hamlet.sent = hamlet.output
    return hamlet


@pytest.fixture
def back(sent):
    """Read the tasks back: ``back(tasks=…, reviewers=…)``."""
    def run(**more):
        return exchange.run(exchange.Params(**{
            "ledger": str(sent.ledger), "format": "observations", "output": str(sent.folder / "Feld 2026.gpkg"),
            "tasks": str(sent.sent), **more}), sent.heard)

    return run


def fill(path, uid, **values):
    with sqlite3.connect(path) as database:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            database.create_function(name, 1, lambda _: 0)
        for column, value in values.items():
            database.execute(f"UPDATE tasks SET {column} = ? WHERE uid = ?", (value, uid))
    database.close()


def test_the_layer_says_what_to_look_at_and_leaves_the_rest_to_fill(sent):
    info = pyogrio.read_info(sent.sent, layer="tasks")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert info["geometry_type"] == "Point"
    assert {name: types[name] for name in TYPES} == TYPES
    frame = geopandas.read_file(sent.sent, layer="tasks").set_index("uid")
    assert frame.crs.to_epsg() == 32633
    assert frame[list(TYPES)].isna().all(axis=None)
    assert frame.loc["a", "task"] == "Look whether this is Gebäude: “osm” says shed."
    assert (frame.loc["a", "class_now"], frame.loc["a", "class_proposed"]) == ("shed", "Gebäude")
    outlines = geopandas.read_file(sent.sent, layer="outlines").set_index("uid")
    assert set(outlines.index) == {"a", "c"}
    assert set(outlines.geom_type) == {"MultiLineString"}
    inside = shapely.polygonize([outlines.loc["c"].geometry.geoms[0]])
    assert shapely.intersects(inside, frame.loc["c"].geometry)


def test_the_same_tasks_are_the_same_bytes(sent):
    first = sent.sent.read_bytes()
    sent.export("tasks", ".gpkg", only="undecided")
    assert sent.sent.read_bytes() == first


def test_visits_come_back_as_a_field_layer_that_the_loop_reads(sent, back, grid):
    fill(sent.sent, "a", observed_class=" Gebäude ", observed_at="2026-05-01T10:11:12.000Z", accuracy_m=2.5,
         surveyor="Zoë Groß", note="Tür offen")
    fill(sent.sent, "b", observed_class="Baum")
    result = back()
    assert (result["EXPORTED"], result["LEFT_OUT"]) == (2, 1)
    frame = geopandas.read_file(result["OUTPUT"]).set_index("key")
    assert "surveyor" not in frame.columns
    assert frame.loc["a", ["class", "date", "accuracy_m"]].tolist() == ["Gebäude", "2026-05-01", 2.5]
    assert pandas.isna(frame.loc["b", "date"])
    settings = json.loads(Path(result["SOURCES_FILE"]).read_text(encoding="utf-8"))
    assert list(settings) == ["Feld 2026"] == [name for name, _ in pyogrio.list_layers(result["OUTPUT"])]
    given = VectorInput(result["OUTPUT"], name="Feld 2026",
                        settings=from_json(SourceSettings, settings["Feld 2026"]))
    x, y = frame.loc["a"].geometry.x, frame.loc["a"].geometry.y
    around = Grid(grid.crs, Affine(10.0, 0, x - 2_000, 0, -10.0, y + 2_000), 400, 400, 1.0)
    features = read_features(given, around, "field")
    assert dict(zip(features.keys, features.dates, strict=True)) == {"a": "2026-05-01", "b": None}
    assert dict(zip(features.keys, features.accuracy_m, strict=True))["a"] == 2.5
    legend = Legend.from_field(features)
    assert [legend.names[row.argmax()] for row in legend.classify(features)] == list(features.value("class"))
    assert set(legend.names) == {"Gebäude", "Baum"}


def test_surveyors_are_named_only_if_asked_for(sent, back):
    fill(sent.sent, "a", observed_value=3.5, surveyor="Zoë Groß")
    assert "Zoë" not in geopandas.read_file(back()["OUTPUT"]).to_csv()
    result = back(reviewers=True)
    assert list(geopandas.read_file(result["OUTPUT"])["surveyor"]) == ["Zoë Groß"]
    settings = json.loads(Path(result["SOURCES_FILE"]).read_text(encoding="utf-8"))["Feld 2026"]
    assert settings["value_field"] == "value"
    assert "class_field" not in settings


def test_what_the_user_added_to_the_sources_beside_the_visits_stays(sent, back):
    fill(sent.sent, "a", observed_value=3.5)
    sources = Path(back()["SOURCES_FILE"])
    said = json.loads(sources.read_text(encoding="utf-8"))
    said["Feld 2026"] |= {"licence": "CC BY 4.0", "accuracy_field": "hdop"}
    sources.write_text(json.dumps({"landuse": {"class_field": "use"}, **said}), encoding="utf-8")
    fill(sent.sent, "a", observed_value=None, observed_class="house")
    back()
    assert json.loads(sources.read_text(encoding="utf-8")) == {
        "landuse": {"class_field": "use"},
        "Feld 2026": {"key": "key", "class_field": "class", "date_field": "date", "accuracy_field": "hdop",
                      "licence": "CC BY 4.0"}}


@pytest.mark.parametrize(("text", "why"), [("my notes", "cannot be read"), ('["visits"]', "holds something else"),
                                           ('{"visits": "Tuesday"}', "holds something else")])
def test_a_file_beside_the_visits_that_is_none_of_sources_is_not_replaced(sent, back, text, why):
    fill(sent.sent, "a", observed_value=3.5)
    result = back()
    sources, layer = Path(result["SOURCES_FILE"]), Path(result["OUTPUT"])
    sources.write_text(text)
    before = layer.read_bytes()
    with pytest.raises(InputError, match=why):
        back()
    assert (sources.read_text(), layer.read_bytes()) == (text, before)


def test_a_place_that_the_surveyor_added_or_moved_is_kept(sent, back):
    frame = geopandas.read_file(sent.sent, layer="tasks")
    frame.loc[frame["uid"] == "a", "observed_class"] = "house"
    frame.loc[frame["uid"] == "a", "geometry"] = shapely.Point(500_000, 5_650_000)
    frame.loc[frame["uid"] == "b", ["uid", "observed_class"]] = [None, "tree"]
    frame.to_file(sent.sent, layer="tasks")
    found = geopandas.read_file(back()["OUTPUT"]).set_index("key")
    assert found.loc["a"].geometry.equals(shapely.Point(500_000, 5_650_000))
    assert set(found["class"]) == {"house", "tree"}


@pytest.mark.parametrize(("values", "why"), [
    ({"observed_class": "x", "accuracy_m": -1}, "negative accuracy_m"),
    ({"observed_class": "x", "observed_at": "yesterday"}, "is no date"),
    ({"observed_value": "tall"}, "is no number"),
    ({"observed_class": "x", "uid": "stranger"}, "not of this LEDGER"),
    ({"observed_class": "x", "uid": "b"}, "stands twice"),
    ({}, "Nobody filled in a task"),
], ids=str)
def test_what_cannot_be_evidence_is_one_sentence(sent, back, values, why):
    """The file came back by way of a table where every field is text."""
    frame = geopandas.read_file(sent.sent, layer="tasks")
    for name in TYPES:
        frame[name] = pandas.Series([None] * len(frame), dtype=object)
    frame.loc[frame["uid"] == "b", "observed_class"] = "tree" if why == "stands twice" else None
    for name, value in values.items():
        frame.loc[frame["class_proposed"] == "Gebäude", name] = str(value)
    frame.to_file(sent.sent, layer="tasks")
    with pytest.raises(InputError, match=why):
        back()
    assert list(sent.folder.glob("Feld 2026*")) == []


def test_a_date_that_the_file_cannot_hold_is_not_lost_in_silence(sent, back):
    fill(sent.sent, "a", observed_class="x", observed_at="yesterday")
    with pytest.raises(InputError, match="yesterday"):
        back()


def test_a_file_that_is_no_tasks_file_is_refused(sent, back, tmp_path):
    with pytest.raises(InputError, match="has no layer “tasks”"):
        back(tasks=str(sent.ledger))
    with pytest.raises(InputError, match="does not exist"):
        back(tasks=str(tmp_path / "gone.gpkg"))
    geopandas.GeoDataFrame({"uid": ["a"]}, geometry=[shapely.Point(0, 0)], crs=4326).to_file(
        tmp_path / "other.gpkg", layer="tasks")
    with pytest.raises(InputError, match="has no field “observed_class”"):
        back(tasks=str(tmp_path / "other.gpkg"))


def test_many_places_become_tasks_as_fast_as_few(hamlet, a_find):
    hamlet.decided(*(a_find(f"{number:05}", "node/14", "revisit") for number in range(8000)), settings=ALLOWED,
                   decision="")
    started = time.process_time()
    assert hamlet.export("tasks", ".gpkg", only="undecided")["EXPORTED"] == 8000
    assert time.process_time() - started < 15.0


def test_tasks_that_somebody_has_filled_in_are_not_written_over(sent, back):
    fill(sent.sent, "a", note="the gate was shut")
    for again in (lambda: sent.export("tasks", ".gpkg", only="undecided"),
                  lambda: back(tasks=str(sent.folder / "elsewhere.gpkg"), output=str(sent.sent))):
        with pytest.raises(InputError, match="holds what people have filled in"):
            again()
    assert geopandas.read_file(sent.sent, layer="tasks").set_index("uid").loc["a", "note"] == "the gate was shut"
