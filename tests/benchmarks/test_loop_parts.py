"""The loop's benchmark: accepted edits reach the layers, and its figures mean what they say."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import loop
import numpy as np
import pytest
import shapely
from loop_parts.cells import Cell, Settings
from loop_parts.edits import push
from loop_parts.figures import figure, gain, ratio
from loop_parts.plots import FIELD, MAP, without_twins


def house(k: int) -> shapely.Polygon:
    return shapely.box(20 * k, 0, 20 * k + 10, 8)


@pytest.fixture
def layers(tmp_path: Path) -> dict[str, Path]:
    houses = gpd.GeoDataFrame({"gl_key": [1, 2, 3, 4], "use": ["a"] * 4},
                              geometry=[house(0), house(1), house(2), house(0).buffer(0.1)], crs="EPSG:32633")
    visits = gpd.GeoDataFrame({"name": ["P1", "P2"], "class": ["a", "b"]},
                              geometry=[shapely.Point(5, 4), shapely.Point(25, 4)], crs="EPSG:32633")
    houses.to_file(tmp_path / "map.gpkg")
    visits.to_file(tmp_path / "field.gpkg")
    return {MAP: tmp_path / "map.gpkg", FIELD: tmp_path / "field.gpkg"}


def row(edit: str, key: str | None, layer: str = MAP, geometry: Any = None, **after: Any) -> dict[str, Any]:
    return {"target_layer": layer, "edit": edit, "target_key": key, "geometry": geometry,
            "after_json": json.dumps(after)}


def test_every_edit_reaches_its_layer(layers: dict[str, Path], tmp_path: Path) -> None:
    truth = gpd.read_file(layers[FIELD])
    truth["class"] = "c"
    truth.to_file(tmp_path / "true.gpkg")
    pushed = push([
        row("delete", "2"), row("move", "3", geometry=house(5)), row("retag", "3", use="b"), row("merge", "4"),
        row("add", None, geometry=house(7), use="d"), row("delete", "99"), row("revisit", "P2", FIELD),
    ], layers, {MAP: layers[MAP], FIELD: tmp_path / "true.gpkg"}, tmp_path / "round1")
    after = gpd.read_file(pushed[MAP]).set_index("gl_key")
    assert sorted(after.index) == [1, 3, 9], "no key is used again"
    assert after.loc[3, "use"] == "b"
    assert after.loc[3, "geometry"].equals(house(5))
    assert after.loc[9, "use"] == "d"
    assert gpd.read_file(pushed[FIELD])["class"].tolist() == ["a", "c"]
    assert len(gpd.read_file(layers[MAP])) == 4


def test_of_what_is_drawn_twice_one_is_left_out() -> None:
    layer = gpd.GeoDataFrame({"osm_id": ["7", "3", "5"]}, geometry=[house(0), house(0).buffer(0.1), house(1)])
    assert without_twins(layer, "osm_id")["osm_id"].tolist() == ["3", "5"]


def test_a_figure_is_the_mean_over_seeds_with_a_range_over_blocks() -> None:
    even = np.array([[5.0, 10.0]] * 8)
    assert figure([even, even], ratio).json == [0.5, 0.5, 0.5]
    uneven = np.array([[9.0, 10.0]] * 4 + [[1.0, 10.0]] * 4)
    found = figure([uneven], ratio)
    assert found.value == pytest.approx(0.5)
    assert found.low < 0.4 < 0.6 < found.high
    assert gain(np.array([9.0, 10.0, 8.0, 10.0])) == pytest.approx(0.1)


def cell(tmp_path: Path, kind: str, case: str, seed: int, right: list[float], error: float = 0.0) -> dict[str, Any]:
    """A result as a cell keeps it, and its maps: a truth of two classes and maps that are right in so many pixels."""
    named = Cell("tiny", case, seed, kind, error)
    folder = Settings("", str(tmp_path), "quick", "cpu").folder(named)
    folder.mkdir(parents=True)
    rng = np.random.default_rng(seed)
    truth = (rng.random((60, 60)) < 0.5).astype(np.uint8)
    for number, share in enumerate(right, start=1):
        seen = np.where(np.random.default_rng(number).random(truth.shape) < share, truth, 1 - truth).astype(np.uint8)
        np.savez_compressed(folder / f"seen{number}.npz", seen=seen, truth=truth)
    np.savez_compressed(folder / "reviewed.npz", reviewed=np.zeros(truth.shape, bool))
    errors = [{"map": {"errors": {"0": n, "1": n}, "features": {"0": 50, "1": 50}}} for n in (8, 6, 4, 2)]
    held = {"blocks": 4, "old": -1.0, "new": -0.9, "gain": 0.1, "low": 0.0, "high": 0.2, "replaced": True}
    return {"plot": "tiny", "case": case, "seed": seed, "kind": kind, "error": error, "errors": errors,
            "layers": ["map"], "injected": 16, "errors_at": {"300": 8, "16": 10}, "fixes": [1, 0] * 150,
            "raw": [1, 0, 0] * 100, "random": 0.2, "candidates": 500, "learning": [{"holdout": held}] * 2,
            "reliability": {"imagery": 0.02, "map": 0.05}, "block_side": 15, "columns": 5, "background": False}


def test_the_report_says_what_improved_and_that_shuffled_labels_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = [cell(tmp_path, "review", "a", seed, [0.6, 0.7, 0.8]) for seed in (1, 2)]
    results += [cell(tmp_path, "control", "a", seed, [0.0, 0.6, 0.6]) for seed in (1, 2)]
    results += [cell(tmp_path, "review", "shuffled", 1, [0.5, 0.5, 0.5])]
    results += [{"plot": "tiny", "case": case, "seed": 1, "kind": "mirror", "error": 0.0, "errors": 4,
                 "in_top": [1, 1, 0, 0], "sure": [1, 0, 0, 0], "places": [1, 1, 2, 3]} for case in ("a", "b")]
    last = loop.report(results, Settings("", str(tmp_path), "quick", "cpu"))
    said = capsys.readouterr().out
    assert last["map_error_by_round"]["tiny a 0"][0] == [0.16, 0.16, 0.16]
    first, _, third = (rate[0] for rate in last["imagery_accuracy_by_round"]["tiny a 0"])
    assert third - first == pytest.approx(0.2, abs=0.05)
    assert (last["fixes_per_review_100"], last["random"]["fixes_per_review_100"]) == (0.5, 0.2)
    assert last["reliability_rmse"] == 0.05
    assert "0.50 / 0.62" in said
    assert "shuffled labels: the imagery's map did not improve" in said
    assert "as it must be" in said


def test_every_cell_waits_for_the_round_it_goes_on_from() -> None:
    given = argparse.Namespace(plots=["banepa", "brandenburg"], seeds=[1, 2, 3], full=False, quick=False)
    cells = loop.wanted(given)
    assert len(cells) == len(set(cells))
    assert all(one.before is None or one.before in cells[:at] for at, one in enumerate(cells))
    assert Cell("brandenburg", "a", 1, "review", 0.15) in cells
    assert Cell("brandenburg", "a", 2, "review", 0.15) not in cells
    assert Cell("banepa", "a", 1, "review", 0.15) not in cells
    given.full = True
    every = loop.wanted(given)
    assert len(every) == len(set(every))
    assert set(cells) < set(every)
    assert Cell("brandenburg", "c", 3, "review", 0.15) in every
