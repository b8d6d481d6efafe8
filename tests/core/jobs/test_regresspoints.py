"""Field points and rasters to a map: values, presences, presences alone, with hostile layers and honest scores."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import shapely
from affine import Affine
from heard import Heard

from geoloop.core import jobs
from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.points import estimators

from ..conftest import UPRIGHT

SHAPE = 90, 120
COUNT = 160


@pytest.fixture(autouse=True)
def small_forests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few trees show everything."""
    for name in ("fit_values", "fit_presence"):
        monkeypatch.setattr(getattr(estimators, name), "__defaults__", (15,))
    monkeypatch.setattr(estimators, "MEMBERS", 3)


@pytest.fixture
def truth() -> np.ndarray:
    """Three smooth bands; the first is what is measured."""
    row, column = np.mgrid[:SHAPE[0], :SHAPE[1]] / 15.0
    return np.stack([np.sin(row) + np.cos(column), np.cos(row * 0.7 + column), np.sin(column * 1.3)]).astype(np.float32)


@pytest.fixture
def given(truth: np.ndarray, make_raster: Callable[..., Any], make_layer: Callable[..., Any], tmp_path: Path
          ) -> dict[str, Any]:
    """A raster with a corner without data, and points in another CRS, one of them twice, some empty."""
    bands = truth.copy()
    bands[:, :8, :8] = np.nan
    raster = make_raster(bands, bands=("a", "b", "c"))
    rng = np.random.default_rng(0)
    column, row = rng.integers(10, 120, COUNT), rng.integers(10, 90, COUNT)
    x, y = UPRIGHT @ (column + 0.5, row + 0.5)
    value = truth[0, row, column] * 3 + rng.normal(0, 0.1, COUNT)
    told = [None if n < 4 else float(v) for n, v in enumerate(value)]
    seen = ["ja" if v > 0 else "nein" for v in value]
    import geopandas

    points = [shapely.MultiPoint([(a, b)]) for a, b in zip(x, y, strict=True)]
    degrees = geopandas.GeoSeries(points, crs="EPSG:32633").to_crs("EPSG:4326")
    layer = make_layer(list(degrees), {"höhe": told, "ort": [f"s{n // 4}" for n in range(COUNT)], "text": seen,
                                       "da": ["yes" if v > 1 else "no" for v in value]}, crs="EPSG:4326")
    return {"rasters": [asdict(raster)], "field": asdict(layer), "target": "höhe",
            "output": str(tmp_path / "Karte.tif"), "report": str(tmp_path / "Bericht.html")}


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_values_become_a_map_with_its_doubt(given: dict[str, Any], truth: np.ndarray, method: str) -> None:
    heard = Heard()
    found = jobs.run("regresspoints", {**given, "method": method, "station": "ort"}, heard)
    assert all(heard.cost), heard.lines
    assert found["POINTS"] == COUNT - 4
    with rasterio.open(found["OUTPUT"]) as raster:
        value, low, high = raster.read()
        assert raster.descriptions == ("value", "low 5 %", "high 95 %")
        assert raster.transform == UPRIGHT
        tags = raster.tags()
    assert np.isnan(value[:8, :8]).all()
    known = np.isfinite(value)
    assert known.sum() == value.size - 64
    assert np.corrcoef(value[known], truth[0][known])[0, 1] > 0.9
    assert (low[known] <= high[known]).all()
    held = (3 * truth[0] >= low) & (3 * truth[0] <= high)
    assert held[known].mean() > 0.8
    told = json.loads(tags["validation"])
    assert told["kind"] == "value"
    assert told["left_out"] == 4
    assert told["blocked"]["r2"] == found["SCORE"]
    assert next(iter(told["counts"])) == "a"
    page = Path(found["REPORT"]).read_text(encoding="utf-8")
    assert "How well do rasters tell höhe?" in page
    assert f"{found['SCORE']:.3g}" in page
    assert f"{found['SCORE_RANDOM']:.3g}" in page
    assert "<script" not in page


def test_presences_and_absences_become_probabilities(given: dict[str, Any], truth: np.ndarray) -> None:
    found = jobs.run("regresspoints", {**given, "target": "da"}, Feedback())
    with rasterio.open(found["OUTPUT"]) as raster:
        value, low, high = raster.read()
    known = np.isfinite(value)
    assert ((low <= value) & (value <= high))[known].all()
    assert value[known & (3 * truth[0] > 2)].mean() > 0.7
    assert value[known & (3 * truth[0] < 0)].mean() < 0.3
    assert found["SCORE"] > 0.9


def test_scores_that_neighbours_flatter_whatever_is_left_out_are_told(
    given: dict[str, Any], make_layer: Callable[..., Any]
) -> None:
    rng = np.random.default_rng(3)
    column, row = np.concatenate([rng.uniform(60, 64, (20, 2)), rng.uniform(10, 90, (150, 2))]).T
    x, y = UPRIGHT @ (column, row)
    layer = make_layer([shapely.Point(a, b) for a, b in zip(x, y, strict=True)],
                       {"da": ["yes"] * 20 + ["no"] * 150}, name="Funde.gpkg")
    heard = Heard()
    found = jobs.run("regresspoints", {**given, "field": asdict(layer), "target": "da"}, heard)
    with rasterio.open(found["OUTPUT"]) as raster:
        told = json.loads(raster.tags()["validation"])
    assert told["flatters"]
    assert told["block_m"] < told["alike_m"] / 2
    assert found["SCORE"] == pytest.approx(told["blocked"]["auc"] + 0.5 - told["nearness"])
    assert found["SCORE"] < 0.6 < told["blocked"]["auc"]
    assert any("These scores flatter" in line and "where 0.5 is nothing" in line for line in heard.warnings)
    page = Path(found["REPORT"]).read_text(encoding="utf-8")
    assert "These scores flatter" in page
    assert "much narrower than what was measured is alike" in page
    assert "beyond what nearness tells" in page
    assert "as wide as" not in page


def test_presences_alone_are_told_from_background_and_the_bias_is_named(
    given: dict[str, Any], truth: np.ndarray, make_layer: Callable[..., Any]
) -> None:
    rng = np.random.default_rng(1)
    liked = np.argwhere(truth[0] > 1)
    corner = liked[np.argsort(liked.sum(axis=1))[:200]]
    row, column = corner[rng.choice(len(corner), 60, replace=False)].T
    x, y = UPRIGHT @ (column + 0.5, row + 0.5)
    layer = make_layer([shapely.Point(a, b) for a, b in zip(x, y, strict=True)], name="Funde.gpkg")
    heard = Heard()
    found = jobs.run("regresspoints", {**given, "field": asdict(layer), "target": "", "background": 400}, heard)
    with rasterio.open(found["OUTPUT"]) as raster:
        assert raster.descriptions[0] == "relative suitability"
        told = json.loads(raster.tags()["validation"])
    assert told["kind"] == "presence_only"
    assert 0 < told["background"] <= 400
    assert told["crowding"] < 0.5
    assert "boyce" in told["blocked"]
    assert any("not how probable a presence is" in line and "where people looked" in line for line in heard.lines)
    assert "where people looked" in Path(found["REPORT"]).read_text(encoding="utf-8")


def test_background_lies_where_a_raster_shows_something_however_little_that_is(
    given: dict[str, Any], truth: np.ndarray, make_raster: Callable[..., Any], make_layer: Callable[..., Any]
) -> None:
    bands = truth.copy()
    bands[:, :, 40:] = np.nan
    bands[:, 30:, :] = np.nan  # an island in a sea: a ninth of the raster
    island = make_raster(bands, bands=("a", "b", "c"), name="Insel.tif")
    rng = np.random.default_rng(2)
    column, row = rng.integers(0, 40, 70) + 0.5, rng.integers(0, 30, 70) + 0.5
    x, y = UPRIGHT @ (np.append(column, 100.5), np.append(row, 80.5))  # one of them at sea
    layer = make_layer([shapely.Point(a, b) for a, b in zip(x, y, strict=True)], name="Funde.gpkg")
    heard = Heard()
    found = jobs.run("regresspoints", {**given, "rasters": [asdict(island)], "field": asdict(layer), "target": "",
                                       "background": 300}, heard)
    with rasterio.open(found["OUTPUT"]) as raster:
        told = json.loads(raster.tags()["validation"])
    assert told["background"] == 300
    assert told["left_out"] == 1
    assert told["crowding"] > 0.8  # on the island they lie as chance would have it
    assert not any("where people looked" in line for line in heard.lines)


def test_presences_without_ground_to_tell_them_from_are_refused(
    given: dict[str, Any], truth: np.ndarray, make_raster: Callable[..., Any], make_layer: Callable[..., Any]
) -> None:
    bands = np.full_like(truth, np.nan)
    bands[:, 4, 10:30] = truth[:, 4, 10:30]
    strip = make_raster(bands, bands=("a", "b", "c"), name="Streifen.tif")
    given = {**given, "rasters": [asdict(strip)], "target": ""}
    for columns, sentence in ((np.arange(10, 30), "Only 0 places beside the presences"),
                              (np.repeat(np.arange(10, 14), 6), "The 24 points lie in 4 pixels of the rasters")):
        x, y = UPRIGHT @ (columns + 0.5, np.full(len(columns), 4.5))
        layer = make_layer([shapely.Point(a, b) for a, b in zip(x, y, strict=True)], name=f"Funde{len(columns)}.gpkg")
        with pytest.raises(InputError, match=sentence):
            jobs.run("regresspoints", {**given, "field": asdict(layer)}, Feedback())


def test_the_same_run_gives_the_same_bytes_and_another_seed_does_not(given: dict[str, Any], tmp_path: Path) -> None:
    first, second, third = (
        jobs.run("regresspoints", {**given, "seed": seed, "output": str(tmp_path / f"{n}.tif")}, Feedback())
        for n, seed in enumerate((1, 1, 2)))
    a, b, c = (rasterio.open(one["OUTPUT"]).read() for one in (first, second, third))
    assert np.array_equal(a, b, equal_nan=True)
    assert not np.array_equal(a, c, equal_nan=True)


def test_a_rotated_raster_beside_another_resolution_is_brought_onto_one_grid(
    given: dict[str, Any], truth: np.ndarray, make_raster: Callable[..., Any]
) -> None:
    turned = make_raster(truth[1], Affine.translation(500_000, 5_799_800) @ Affine.rotation(20) @ Affine.scale(25, -25),
                         name="gedreht.tif")
    found = jobs.run("regresspoints", {**given, "rasters": [*given["rasters"], asdict(turned)]}, Feedback())
    with rasterio.open(found["OUTPUT"]) as raster:
        assert raster.shape == SHAPE


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"target": "text"}, "neither a number nor yes or no"),
    ({"target": "gibt es nicht"}, "no field “gibt es nicht” for TARGET"),
    ({"station": "weg"}, "no field “weg” for STATION"),
    ({"background": 3}, "BACKGROUND is 3"),
    ({"output": "/nowhere/at/all.tif"}, "its folder does not exist"),
    ({"extent": {"xmin": 500_000, "ymin": 5_799_700, "xmax": 500_200, "ymax": 5_799_900}}, "at least 10 are needed"),
])
def test_what_cannot_work_is_said_in_a_sentence(given: dict[str, Any], changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        jobs.run("regresspoints", {**given, **changed}, Feedback())


def test_blanks_are_no_measurement(given: dict[str, Any], make_layer: Callable[..., Any]) -> None:
    x, y = UPRIGHT @ (np.arange(40) + 20.5, np.arange(40) + 20.5)
    layer = make_layer([shapely.Point(a, b) for a, b in zip(x, y, strict=True)],
                       {"wert": ["  " if n < 3 else "-9999" if n == 9 else f" {n}.5" for n in range(40)]},
                       name="Punkte.gpkg")
    heard = Heard()
    found = jobs.run("regresspoints", {**given, "field": asdict(layer), "target": "wert"}, heard)
    assert found["POINTS"] == 37
    (told,) = [line for line in heard.warnings if "1 of 37 values of the field “wert” are -9999" in line]
    assert told.partition(",")[0] in Path(found["REPORT"]).read_text(encoding="utf-8")


def test_presences_of_which_all_absences_are_unmeasured_are_refused(
    given: dict[str, Any], make_layer: Callable[..., Any]
) -> None:
    """Absences that were noted at sea lie where a raster of the land shows nothing."""
    column, row = np.concatenate([np.argwhere(np.ones((4, 7))), np.argwhere(np.ones((4, 7))) + 40]).T + 0.5
    x, y = UPRIGHT @ (column, row)
    points = [shapely.Point(a, b) for a, b in zip(x, y, strict=True)]
    for words, what in ((["no"] * 28 + ["yes"] * 28, "absences"), (["yes"] * 28 + ["no"] * 28, "presences")):
        layer = make_layer(points, {"da": words}, name=f"{what}.gpkg")
        with pytest.raises(InputError, match=f"All {what} lie where the rasters have no measurements"):
            jobs.run("regresspoints", {**given, "field": asdict(layer), "target": "da"}, Feedback())


def test_rows_of_a_virtual_raster_that_shows_something_else_by_now_are_not_gone_on_with(
    given: dict[str, Any], tmp_path: Path
) -> None:
    class Breaks(Feedback):
        def progress(self, fraction: float, text: str = "") -> None:
            if fraction > 0.7:
                raise RuntimeError("broken off")

    shown, mosaic = given["rasters"][0]["path"], tmp_path / "mosaik.vrt"
    with rasterio.open(shown) as raster:
        rasterio.shutil.copy(raster, mosaic, driver="VRT")
    own = {**given, "rasters": [{**given["rasters"][0], "path": str(mosaic)}]}
    with pytest.raises(RuntimeError, match="broken off"):
        jobs.run("regresspoints", own, Breaks())
    assert list(tmp_path.glob(".Karte*/0-*.tif"))
    with rasterio.open(shown, "r+") as raster:  # beside the points, so that nothing else is found out about the model
        values = raster.read()
        values[:, :, :9] = values[:, :, 60:69]
        raster.write(values)
    jobs.run("regresspoints", own, Feedback())
    fresh = jobs.run("regresspoints", {**own, "output": str(tmp_path / "frisch.tif")}, Feedback())
    with rasterio.open(given["output"]) as raster, rasterio.open(fresh["OUTPUT"]) as other:
        assert np.array_equal(raster.read(), other.read(), equal_nan=True)


def test_points_that_may_not_train_do_not(given: dict[str, Any]) -> None:
    given["field"]["settings"]["may_train"] = False
    with pytest.raises(InputError, match="may not train"):
        jobs.run("regresspoints", given, Feedback())


def test_a_cancelled_run_leaves_nothing(given: dict[str, Any]) -> None:
    class Stops(Feedback):
        def cancelled(self) -> bool:
            return "judge" in self.seconds

    with pytest.raises(Cancelled):
        jobs.run("regresspoints", given, Stops())
    assert not list(Path(given["output"]).parent.glob("*Karte*"))
