"""Layers as the maps that are evaluated: their classes, their ground, and what of them says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from geoloop.core import jobs
from geoloop.core.feedback import Feedback

from .evaluated import NAMES, World, holds


def test_a_layer_of_areas_is_evaluated_by_its_class_field_or_a_legend(world: World, make_layer: Callable[..., Any],
                                                                      tmp_path: Path) -> None:
    shapes = [shapely.box(5e5 + 50 * c, 5.8e6 - 50 * (r + 1), 5e5 + 50 * (c + 1), 5.8e6 - 50 * r)
              for r in range(20) for c in range(24)]
    truth = world.truth[2::5, 2::5].ravel()
    said = np.where(np.arange(480) % 6 == 0, truth % 3 + 1, truth)
    layer = make_layer(shapes, {"use": [NAMES[s] for s in said]}, name="Nutzung.gpkg")
    given = {"layer": {"path": layer.path, "name": "Nutzung", "settings": {"class_field": "use"}}}
    result = world.evaluate(world.sample(design="simple", size=600), **given)
    right = np.kron((said == truth).reshape(20, 24), np.ones((5, 5)))[world.seen].mean()
    assert holds(result["overall"], right, 0.01)
    mapped = sum(c["mapped_area_m2"] for c in result["classes"].values())
    assert mapped == pytest.approx(1200 * 1000, rel=3e-3)
    jobs.run("sampledesign", {"layer": given["layer"], "design": "map_class", "size": 200, "minimum": 30,
                              "output": str(tmp_path / "fields.gpkg")}, Feedback())
    fields = pyogrio.read_dataframe(tmp_path / "fields.gpkg")
    at = {shape.centroid.wkt: NAMES[t] for shape, t in zip(shapes, truth, strict=True)}
    fields["class_reference"] = [at[shape.centroid.wkt] for shape in fields.geometry]
    of_fields = world.evaluate(fields, **given)
    assert of_fields["estimator"].startswith("stratified by the map's classes")
    assert holds(of_fields["overall"], (said == truth).mean(), 0.01)
    assert any("whole feature" in note for note in of_fields["notes"])


def test_areas_of_a_layer_are_of_the_ground_all_over_it(world: World, make_layer: Callable[..., Any], tmp_path: Path
                                                        ) -> None:
    """In Web Mercator a unit is .77 m in the south of this layer and .5 m in the north."""
    degrees = [shapely.segmentize(shapely.box(10, south, 12, south + 1), 0.1) for south in range(40, 60)]
    square = geopandas.GeoSeries(degrees, crs="EPSG:4326")
    layer = make_layer(square.to_crs("EPSG:3857"), {"use": ["south"] * 10 + ["north"] * 10}, crs="EPSG:3857")
    path = tmp_path / "points.gpkg"
    geopandas.GeoDataFrame({"class_reference": ["south"] * 10 + ["north"] * 10}, geometry=shapely.centroid(degrees),
                           crs="EPSG:4326").to_file(path)
    given = {"layer": {"path": layer.path, "settings": {"class_field": "use"}}, "reference": {"path": str(path)}}
    jobs.run("evaluate", {**given, "output": str(tmp_path / "f.json")}, Feedback())
    result = json.loads((tmp_path / "f.json").read_text())
    true = square.to_crs("EPSG:6933").area.to_numpy()
    for name, ground in (("south", true[:10].sum()), ("north", true[10:].sum())):
        assert result["classes"][name]["mapped_area_m2"] == pytest.approx(ground, rel=3e-3)


@pytest.mark.parametrize("bad", [shapely.Point(15, 95), shapely.box(15, 89, 16, 95)], ids=["point", "area"])
def test_a_unit_that_lies_nowhere_on_earth_is_left_out(world: World, make_layer: Callable[..., Any], bad: Any) -> None:
    layer = make_layer([shapely.box(5e5, 5.799e6, 5.006e5, 5.8e6), shapely.box(5.006e5, 5.799e6, 5.012e5, 5.8e6)],
                       {"use": ["forest", "meadow"]})
    table = world.sample(design="simple", size=50)[["class_reference", "geometry"]].to_crs("EPSG:4326")
    table = table[table.class_reference != "water"].reset_index(drop=True)
    table.loc[3, "geometry"] = bad
    for map_ in ({"layer": {"path": layer.path, "settings": {"class_field": "use"}}}, {}):
        assert world.evaluate(table, **map_)["left_out"] == {"where the map says nothing": 1}


def test_a_layer_in_a_system_of_no_known_place_is_evaluated_all_the_same(make_layer: Callable[..., Any],
                                                                         tmp_path: Path) -> None:
    crs = 'LOCAL_CS["site",UNIT["metre",1]]'
    shapes = [shapely.box(10 * i, 0, 10 * i + 10, 10) for i in range(4)]
    layer = make_layer(shapes, {"use": ["a", "a", "b", "b"]}, crs=crs)
    units = make_layer([shape.centroid for shape in shapes], {"class_reference": ["a", "a", "b", "a"]}, crs=crs,
                       name="units.gpkg")
    jobs.run("evaluate", {"layer": {"path": layer.path, "settings": {"class_field": "use"}},
                          "reference": {"path": units.path}, "output": str(tmp_path / "f.json")}, Feedback())
    result = json.loads((tmp_path / "f.json").read_text())
    assert (result["overall"]["estimate"], result["total_area_m2"]) == (0.75, 400.0)


def test_a_layers_background_is_where_none_of_its_features_has_a_class(world: World, make_layer: Callable[..., Any]
                                                                       ) -> None:
    at = [(100 * i, 100 * j) for i in range(12) for j in range(10)]
    houses = [shapely.box(5e5 + x, 5.8e6 - y - 50, 5e5 + x + 50, 5.8e6 - y) for x, y in at]
    yards = [shapely.box(5e5 + x + 10, 5.8e6 - y - 20, 5e5 + x + 20, 5.8e6 - y - 10) for x, y in at]
    layer = make_layer(
        [*houses, *yards, shapely.box(5e5, 5.799e6, 5.012e5, 5.8e6)],
        {"building": ["yes"] * 120 + [None] * 121, "landuse": [None] * 120 + ["residential"] * 121})
    table = world.sample(design="simple")
    inside = (table.geometry.x - 5e5) % 100 < 50
    inside &= (5.8e6 - table.geometry.y) % 100 < 50
    table["class_reference"] = np.where(inside, "building", "other")
    given = {"layer": {"path": layer.path}, "legend": "buildings"}
    result = world.evaluate(table, **given)
    assert (result["units"], result["overall"]["estimate"], result["left_out"]) == (400, 1.0, {})
    ground = world.seen.sum() * 100.0
    assert holds(result["classes"]["building"]["area_m2"], 0.25 * ground, 0.02 * ground)
    own = world.evaluate(table[["class_reference", "geometry"]], **given)
    assert own["overall"]["estimate"] == 1.0
    assert (own["total_area_m2"], own["classes"]["building"]["area_m2"]) == (None, None)  # of what ground, nobody says
    assert own["classes"]["other"]["mapped_area_m2"] is None
    assert own["classes"]["building"]["mapped_area_m2"] == pytest.approx(120 * 2500, rel=3e-3)


def test_ground_that_several_features_cover_counts_once_and_as_the_smallest(world: World, make_layer: Callable[..., Any]
                                                                            ) -> None:
    """A park over all of the ground, a pond in it, one half of it another time, and a field that is there twice."""
    park, field = shapely.box(5e5, 5.799e6, 5.010e5, 5.8e6), shapely.box(5.010e5, 5.799e6, 5.012e5, 5.8e6)
    pond, again = shapely.box(5.001e5, 5.7991e6, 5.005e5, 5.7999e6), shapely.box(5.0e5, 5.799e6, 5.005e5, 5.8e6)
    layer = make_layer([pond, park, again, field, field],
                       {"use": ["pond", "park", "park", "field", "wood"]})
    table = world.sample(design="simple")
    table["class_reference"] = ["wood" if x > 5.010e5 else "pond" if pond.contains(shapely.Point(x, y)) else "park"
                                for x, y in zip(table.geometry.x, table.geometry.y, strict=True)]
    result = world.evaluate(table, layer={"path": layer.path, "settings": {"class_field": "use"}})
    assert result["overall"]["estimate"] == 1.0
    mapped = {name: one["mapped_area_m2"] for name, one in result["classes"].items()}
    assert mapped == pytest.approx({"field": 0, "park": 68e4, "pond": 32e4, "wood": 20e4}, rel=3e-3)
    (note,) = [note for note in result["notes"] if "lie on one another" in note]
    assert f"{(50e4 + 20e4 + 32e4) / 120e4:.1%} more ground" in note


def test_neighbours_that_only_touch_do_not_lie_on_one_another(world: World, make_layer: Callable[..., Any]) -> None:
    halves = [shapely.box(5e5, 5.799e6, 5.006e5, 5.8e6), shapely.box(5.006e5, 5.799e6, 5.012e5, 5.8e6)]
    layer = make_layer(halves, {"use": ["forest", "meadow"]})
    table = world.sample(design="simple").query("class_reference != 'water'")
    result = world.evaluate(table, layer={"path": layer.path, "settings": {"class_field": "use"}})
    assert not any("lie on one another" in note for note in result["notes"])
    assert result["classes"]["forest"]["mapped_area_m2"] == pytest.approx(60e4, rel=3e-3)


def test_of_units_that_lie_on_one_another_it_is_said_that_they_count_often(world: World, make_layer: Callable[..., Any],
                                                                           tmp_path: Path) -> None:
    shapes = [shapely.box(5e5 + 100 * i, 5.799e6, 5e5 + 100 * i + 150, 5.8e6) for i in range(8)]
    layer = make_layer(shapes, {"use": ["forest", "meadow"] * 4})
    given = {"path": layer.path, "settings": {"class_field": "use"}}
    warned: list[str] = []
    feedback = Feedback()
    feedback.warning = warned.append  # type: ignore[method-assign]
    jobs.run("sampledesign", {"layer": given, "size": 8, "output": str(tmp_path / "s.gpkg")}, feedback)
    (warning,) = warned
    assert f"{8 * 150 / 850 - 1:.1%} more ground" in warning
    table = pyogrio.read_dataframe(tmp_path / "s.gpkg")
    result = world.evaluate(table.assign(class_reference=table.class_map), layer=given)
    assert any("once for every feature on it" in note for note in result["notes"])
