"""Maps whose errors are known, evaluated from samples: what is stated holds the truth, whatever was drawn and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, GeoLoopError, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.ledger import Crs, Ledger

from ..conftest import UTM
from .evaluated import NAMES, World, holds


@pytest.mark.parametrize(("design", "kind", "estimator"), [
    ({"design": "map_class"}, "stratified", "stratified by the map's classes (Olofsson et al. 2014)"),
    ({"design": "simple"}, "simple", "post-stratified by the map's classes (Olofsson et al. 2014)"),
    ({"design": "systematic"}, "systematic", "post-stratified by the map's classes (Olofsson et al. 2014)"),
], ids=["strata", "simple", "systematic"])
def test_accuracy_and_area_hold_the_truth(world: World, design: dict[str, Any], kind: str, estimator: str) -> None:
    result = world.evaluate(world.sample(**design))
    assert (result["kind"], result["design"], result["estimator"]) == ("map accuracy", kind, estimator)
    assert result["input"] == "Karte"
    assert holds(result["overall"], world.true["overall"], 0.01)
    total = world.seen.sum() * 100.0
    assert result["total_area_m2"] == pytest.approx(total, rel=2e-3)
    for name, found in result["classes"].items():
        assert holds(found["users"], world.true["users"][name], 0.03)
        assert holds(found["producers"], world.true["producers"][name], 0.05)
        assert holds(found["area_m2"], world.true["share"][name] * total, 0.02 * total)
    water = result["classes"]["water"]
    mapped = (world.mapped == 3).sum() * 100.0
    assert water["mapped_area_m2"] == pytest.approx(mapped, rel=2e-3)
    assert np.isclose(sum(sum(row.values()) for row in result["matrix"]["shares"].values()), 1, atol=1e-4)
    assert any("systematic" in note for note in result["notes"]) == (kind == "systematic")


def test_a_map_may_be_evaluated_by_strata_of_another(world: World, make_raster: Callable[..., RasterInput]) -> None:
    table = world.sample(design="map_class")
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.mapped = np.where(world.seen, np.roll(world.mapped, 2, axis=1), 0).astype(np.uint8)
    other.raster = make_raster(other.mapped, name="other.tif", nodata=0)
    with rasterio.open(other.raster.path, "r+") as raster:
        raster.update_tags(classes=json.dumps(NAMES))
    result = other.evaluate(table)
    assert result["estimator"] == "stratified otherwise than by the map's classes (Stehman 2014)"
    assert holds(result["overall"], other.true["overall"], 0.02)


@pytest.mark.parametrize(("crs", "transform"), [
    ("EPSG:3857", Affine(17.0, 0, 1_669_792, 0, -17.0, 6_860_000)),
    ("EPSG:4326", Affine(0.05, 0, 15.0, 0, -0.5, 75.0)),
    ("EPSG:27572", Affine(100.0, 0, 600_000, 0, -100.0, 2_400_000)),
], ids=["Web Mercator", "degrees, over fifty of latitude", "grads from Paris"])
def test_areas_are_of_the_ground(make_raster: Callable[..., RasterInput], tmp_path: Path, crs: str,
                                 transform: Affine) -> None:
    world = World(make_raster, tmp_path, transform, crs)
    result = world.evaluate(world.sample(design="simple", size=900))
    rows = [shapely.segmentize(shapely.box(*(transform @ (0, r + 1)), *(transform @ (120, r))), transform.a)
            for r in range(100)]
    ground = geopandas.GeoSeries(rows, crs=crs).to_crs("EPSG:6933").area.to_numpy()[:, None] / 120
    each = np.broadcast_to(ground, world.truth.shape)
    assert result["total_area_m2"] == pytest.approx(each[world.seen].sum(), rel=3e-3)
    for code, name in NAMES.items():
        true = each[world.seen & (world.truth == code)].sum()
        assert holds(result["classes"][name]["area_m2"], true, 0.02 * each.sum())
        mapped = each[world.mapped == code].sum()
        assert result["classes"][name]["mapped_area_m2"] == pytest.approx(mapped, rel=3e-3)


def test_units_that_nobody_looked_at_or_that_lie_outside_are_counted(world: World) -> None:
    table = world.sample(design="simple")
    table.loc[table.index[:30], "class_reference"] = None
    table.loc[table.index[30:35], "geometry"] = shapely.Point(0, 0)
    table.loc[table.index[35:37], "geometry"] = None
    result = world.evaluate(table)
    assert result["left_out"] == {"without a reference class": 30, "without a geometry": 2,
                                  "where the map says nothing": 5}
    assert result["units"] == 400 - 37


def test_accuracy_and_area_are_of_the_ground_of_which_the_map_says_something(
        world: World, make_raster: Callable[..., RasterInput]) -> None:
    """A cloud hides most of one class in the new map, less of the others: no stratum may count for what it hides."""
    table = world.sample(design="map_class", size=900, allocation="equal")
    world.mapped = np.where((world.truth == 1) & (np.arange(120) < 100), 0, world.mapped).astype(np.uint8)
    world.raster = make_raster(world.mapped, name="cloudy.tif", nodata=0)
    with rasterio.open(world.raster.path, "r+") as raster:
        raster.update_tags(classes=json.dumps(NAMES))
    world.seen = world.mapped > 0
    result = world.evaluate(table)
    assert result["left_out"]["where the map says nothing"] > 100
    total = world.seen.sum() * 100.0
    assert result["total_area_m2"] == pytest.approx(total, rel=0.1)
    assert holds(result["overall"], world.true["overall"], 0.02)
    for name, found in result["classes"].items():
        assert holds(found["share"], world.true["share"][name], 0.02)
        assert holds(found["area_m2"], world.true["share"][name] * total, 0.02 * total)
    assert np.isclose(sum(sum(row.values()) for row in result["matrix"]["shares"].values()), 1, atol=1e-4)


def test_a_stratum_of_which_the_map_says_nothing_adds_no_area(world: World, make_raster: Callable[..., RasterInput]
                                                              ) -> None:
    table = world.sample(design="map_class")
    forest = np.where(world.mapped == 1, 1, 0).astype(np.uint8)
    world.raster = make_raster(forest, name="forest.tif", nodata=0)
    with rasterio.open(world.raster.path, "r+") as raster:
        raster.update_tags(classes=json.dumps(NAMES))
    result = world.evaluate(table)
    assert result["total_area_m2"] == pytest.approx(forest.sum() * 100, rel=2e-3)


def test_what_is_left_out_is_said(world: World) -> None:
    said: list[str] = []
    table = world.sample(design="simple")
    table.loc[table.index[:30], "class_reference"] = None
    table.loc[table.index[30:35], "geometry"] = shapely.Point(0, 0)
    path = world.folder / "some.gpkg"
    table.to_file(path, layer="sample", engine="pyogrio")
    feedback = Feedback()
    feedback.info = said.append  # type: ignore[method-assign]
    jobs.run("evaluate", {"raster": {"path": world.raster.path}, "reference": {"path": str(path)},
                          "output": str(world.folder / "figures.json")}, feedback)
    assert "30 units were left out: without a reference class." in said
    assert "5 units were left out: where the map says nothing." in said


def test_features_that_are_no_ground_do_not_stand_for_the_pixels_of_a_map(world: World, make_layer: Callable[..., Any],
                                                                          tmp_path: Path) -> None:
    trees = make_layer(shapely.points(5e5 + 10.0 * np.arange(90) + 5, 5.8e6 - 305.0), {"kind": ["oak"] * 90})
    jobs.run("sampledesign", {"layer": {"path": trees.path}, "size": 60, "output": str(tmp_path / "trees.gpkg")},
             Feedback())
    table = pyogrio.read_dataframe(tmp_path / "trees.gpkg")
    result = world.evaluate(table.assign(class_reference="forest"))
    assert result["estimator"] == "that of a simple random sample"
    column = ((table.geometry.x - 5e5) // 10).astype(int)
    assert result["overall"]["estimate"] == pytest.approx((world.mapped[30, column] == 1).mean())
    assert result["total_area_m2"] is None


def test_points_of_which_nothing_is_said_are_no_probability_sample_and_the_result_says_so(world: World) -> None:
    table = world.sample(design="simple")[["class_reference", "geometry"]]
    result = world.evaluate(table)
    assert result["design"] == "unknown"
    assert any("simple random sample" in note for note in result["notes"])
    assert result["total_area_m2"] == pytest.approx(world.seen.sum() * 100, rel=2e-3)


def test_a_sample_that_was_surveyed_as_a_shapefile_keeps_its_design(world: World) -> None:
    table = world.sample(design="map_class", allocation="equal")
    expected = world.evaluate(table)
    short = table.rename(columns={name: name[:10].upper() for name in table.columns if name != "geometry"})
    assert {"INCLUSION_", "STRATUM_UN", "CLASS_REFE"} <= set(short.columns)
    found = world.evaluate(short)
    assert (found["design"], found["estimator"]) == ("stratified", expected["estimator"])
    assert found["classes"] == expected["classes"]


def test_chances_alone_are_enough_to_weigh_by(world: World) -> None:
    table = world.sample(design="map_class", allocation="equal")
    plain = world.evaluate(table[["class_reference", "inclusion_probability", "geometry"]])
    assert plain["design"] == "unequal"
    assert holds(plain["overall"], world.true["overall"], 0.01)
    assert any("drawing with replacement" in note for note in plain["notes"])


def test_a_stratum_that_nobody_looked_at_is_named(world: World) -> None:
    table = world.sample(design="map_class")
    table.loc[table.stratum == "water", "class_reference"] = None
    result = world.evaluate(table)
    assert any("No unit of the strata water was looked at" in note for note in result["notes"])
    assert result["total_area_m2"] == pytest.approx(np.isin(world.mapped, (1, 2)).sum() * 100, rel=2e-3)


def test_a_sample_of_which_a_stratum_lacks_is_told_to_be_of_a_part_of_the_map(world: World) -> None:
    table = world.sample(design="map_class")
    whole, part = (world.evaluate(some) for some in (table, table[table.stratum != "water"]))
    assert not any("of the ground of the map" in note for note in whole["notes"])
    share = np.isin(world.mapped, (1, 2)).sum() / world.seen.sum()
    assert any(f"drawn from {share:.0%} of the ground of the map" in note for note in part["notes"])


def test_reference_areas_are_asked_for_the_class_that_covers_most(world: World) -> None:
    table = world.sample(design="simple", size=60)
    table["geometry"] = table.geometry.buffer(4.0)
    result = world.evaluate(table)
    assert result["overall"]["estimate"] == pytest.approx(world.true["overall"], abs=0.1)
    assert any("covers most" in note for note in result["notes"])


def test_own_areas_count_by_their_ground(make_raster: Callable[..., RasterInput], make_layer: Any, tmp_path: Path
                                         ) -> None:
    raster = make_raster(np.ones((100, 100), np.uint8))
    sides = (300, 100, 100)
    units = make_layer([shapely.box(5e5 + 310 * i, 5.8e6 - side, 5e5 + 310 * i + side, 5.8e6)
                        for i, side in enumerate(sides)], {"class_reference": ["1", "2", "1"]})
    jobs.run("evaluate", {"raster": {"path": raster.path}, "reference": {"path": units.path},
                          "output": str(tmp_path / "f.json")}, Feedback())
    result = json.loads((tmp_path / "f.json").read_text())
    assert result["overall"]["estimate"] == pytest.approx(10 / 11, rel=1e-3)


def test_of_a_large_area_all_counts_and_not_its_middle(make_raster: Callable[..., RasterInput], make_layer: Any,
                                                       tmp_path: Path) -> None:
    codes = np.ones((30, 3000), np.uint8)
    codes[:, 900:2100] = 2
    raster = make_raster(codes)
    wide = shapely.box(5e5, 5_799_700, 5e5 + 30_000, 5_800_000)
    bow = shapely.Polygon([(5e5, 5_799_990), (5e5 + 100, 5_799_800), (5e5 + 100, 5_799_990), (5e5, 5_799_800)])
    units = make_layer([wide, bow], {"class_reference": ["1", "1"]})
    jobs.run("evaluate", {"raster": {"path": raster.path}, "reference": {"path": units.path},
                          "output": str(tmp_path / "f.json")}, Feedback())
    assert json.loads((tmp_path / "f.json").read_text())["matrix"]["units"]["1"]["1"] == 2


def test_it_can_be_cancelled_while_units_are_looked_up(world: World) -> None:
    class Late(Feedback):
        far = 0.0

        def progress(self, fraction: float, text: str = "") -> None:
            self.far = fraction

        def cancelled(self) -> bool:
            return self.far > 0.9

    path = world.folder / "some.gpkg"
    world.sample(design="simple").to_file(path, layer="sample", engine="pyogrio")
    with pytest.raises(Cancelled):
        jobs.run("evaluate", {"raster": {"path": world.raster.path}, "reference": {"path": str(path)},
                              "output": str(world.folder / "figures.json")}, Late())
    assert not (world.folder / "figures.json").exists()


def test_the_ledger_keeps_the_figures_for_the_report(world: World, tmp_path: Path) -> None:
    path = tmp_path / "loop.gpkg"
    Ledger.create(path, Crs("UTM", "EPSG", 32633, rasterio.crs.CRS.from_string(UTM).to_wkt())).close()
    result = world.evaluate(world.sample(design="simple"), ledger=str(path))
    with Ledger.open(path) as ledger:
        (row,) = ledger.read("SELECT job, metrics_json FROM rounds")
    assert row["job"] == "evaluate"
    assert json.loads(row["metrics_json"])["map_accuracy"] == result


def test_codes_are_as_good_as_names_and_strange_classes_are_not(world: World) -> None:
    table = world.sample(design="simple")
    codes = {name: str(code) for code, name in NAMES.items()}
    by_code = world.evaluate(table.assign(class_reference=[codes[c] for c in table.class_reference]))
    assert by_code["overall"] == world.evaluate(table)["overall"]
    table.loc[table.index[0], "class_reference"] = "forrest"
    with pytest.raises(InputError, match=r"'forrest', which is none of the map's \(forest, meadow, water\)"):
        world.evaluate(table)


def test_a_class_that_the_map_does_not_show_may_be_found(world: World, tmp_path: Path) -> None:
    names = {**NAMES, 9: "bog"}
    with rasterio.open(world.raster.path, "r+") as raster:
        raster.update_tags(classes=json.dumps(names))
    table = world.sample(design="simple")
    table.loc[table.index[:20], "class_reference"] = "bog"
    by_tags = world.evaluate(table)
    assert (by_tags["classes"]["bog"]["reference_units"], by_tags["classes"]["bog"]["mapped_area_m2"]) == (20, 0.0)
    assert by_tags["classes"]["bog"]["producers"]["estimate"] == 0
    legend = tmp_path / "legend.json"
    legend.write_text(json.dumps({"classes": [{"code": c, "name": n} for c, n in names.items()]}))
    codes = {name: str(code) for code, name in names.items()}
    by_code = world.evaluate(table.assign(class_reference=[codes[c] for c in table.class_reference]),
                             legend=str(legend))
    assert by_code["classes"] == by_tags["classes"]


def test_codes_of_one_name_are_one_class(world: World) -> None:
    with rasterio.open(world.raster.path, "r+") as raster:
        raster.update_tags(classes=json.dumps({1: "green", 2: "green", 3: "water"}))
    table = world.sample(design="map_class")
    assert set(table.stratum) == {"green", "water"}
    table["class_reference"] = ["water" if c == "water" else "green" for c in table.class_reference]
    result = world.evaluate(table)
    assert list(result["classes"]) == ["green", "water"]
    same = (world.truth == 3) == (world.mapped == 3)
    assert holds(result["overall"], same[world.seen].mean(), 0.02)


def test_a_field_that_speaks_of_nothing_in_a_raster_of_bare_codes_is_refused(world: World) -> None:
    table = world.sample(design="simple")
    with rasterio.open(world.raster.path, "r+") as raster:
        raster.update_tags(classes="")
    with pytest.raises(InputError, match="'forest', and the map has only the codes 1, 2, 3; give a LEGEND"):
        world.evaluate(table)
    codes = {name: code for code, name in NAMES.items()}
    found = world.evaluate(table.assign(Class_Reference=[codes[c] for c in table.class_reference]).drop(
        columns="class_reference"))
    assert 0.5 < found["overall"]["estimate"] < 1


@pytest.mark.parametrize(("change", "more", "match"), [
    (lambda t: t.drop(columns="class_reference"), {}, "no field “class_reference”"),
    (lambda t: t.assign(class_reference=None), {}, "no unit with a class|no field"),
    (lambda t: t.assign(inclusion_probability=0.0), {}, "must be above 0 and at most 1"),
    (lambda t: t.assign(inclusion_probability=2.0), {}, "must be above 0 and at most 1"),
    (lambda t: t.assign(inclusion_probability="often"), {}, "holds text in “inclusion_probability”"),
    (lambda t: t.assign(stratum_units=range(len(t))), {}, "two values of “stratum_units”"),
    (lambda t: t.set_geometry(t.geometry.translate(1e6, 0)), {}, "says nothing of the units"),
    (lambda t: t, {"ledger": "/nowhere/loop.gpkg"}, "does not exist"),
    (lambda t: t, {"output": "/nowhere/figures.json"}, "cannot be written"),
    (lambda t: t, {"legend": "buildings"}, "which the legend"),
    (lambda t: t.set_geometry([None] * len(t), crs=UTM), {}, "no unit with a class and a geometry"),
    (lambda t: t, {"layer": {"path": "x.gpkg"}}, "name the field that holds them in CLASS_FIELD"),
], ids=["no field", "empty", "zero", "above one", "text", "edited", "elsewhere", "ledger", "output", "legend",
        "nowhere", "no class"])
def test_what_cannot_be_evaluated_is_one_sentence(world: World, change: Callable[..., Any], more: dict[str, Any],
                                                  match: str) -> None:
    with pytest.raises(GeoLoopError, match=match) as error:
        world.evaluate(change(world.sample(design="simple", size=50)), **more)
    assert "\n" not in str(error.value)
