"""The errors that are put into roads, values and outlines are those that the truth tells, and no others."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from discrepancy_parts.own_errors import ROAD_SHIFT_M, put_road_errors_in, put_value_errors_in, strip

FRAME = shapely.box(0, 0, 600, 600)


@pytest.fixture(scope="module")
def roads() -> gpd.GeoDataFrame:
    lines = [shapely.LineString([(x, 20), (x, 580)]) for x in range(50, 600, 100)]
    lines += [shapely.LineString([(20, y), (640, y)]) for y in range(50, 600, 100)]
    return gpd.GeoDataFrame({"name": [f"road {i}" for i in range(len(lines))]}, geometry=lines, crs="EPSG:32633")


@pytest.fixture(scope="module")
def houses() -> gpd.GeoDataFrame:
    rng = np.random.default_rng(3)
    shapes = [shapely.box(x, y, x + 10, y + 8) for x in range(0, 400, 20) for y in range(0, 200, 20)]
    columns = {"levels": rng.integers(1, 6, len(shapes)), "roof": rng.choice(["tile", "slate", None], len(shapes))}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:32633")


def as_text(layer: gpd.GeoDataFrame) -> set[tuple[bytes, str, str]]:
    return {(g.wkb, str(v), str(r)) for g, v, r in zip(layer.geometry, layer["levels"], layer["roof"], strict=True)}


def test_a_road_that_is_missing_is_gone_and_one_that_is_obsolete_follows_none(roads: gpd.GeoDataFrame) -> None:
    layer, truth = put_road_errors_in(roads, FRAME, seed=1)
    covered = shapely.union_all([strip(line) for line in layer.geometry])
    for true in shapely.from_wkt(truth.loc[truth["kind"] == "missing", "wkt_true"].tolist()):
        assert true.intersection(covered).area < 0.25 * true.area
    real = shapely.union_all([strip(line) for line in roads.clip(FRAME).geometry])
    fakes = layer[layer["gl_key"].isin(truth.loc[truth["kind"] == "obsolete", "gl_key"])]
    assert len(fakes) == (truth["kind"] == "missing").sum() > 0
    for line in fakes.geometry:
        assert FRAME.contains(line)
        assert strip(line).intersection(real).area <= 0.26 * strip(line).area


def test_a_shifted_road_lies_as_far_off_as_the_truth_says(roads: gpd.GeoDataFrame) -> None:
    layer, truth = put_road_errors_in(roads, FRAME, seed=2)
    drawn = layer.set_index("gl_key").geometry
    for entry in truth[truth["kind"] == "shifted"].itertuples():
        now, true = drawn[entry.gl_key].centroid, shapely.from_wkt(entry.wkt_true).centroid
        assert (now.x - true.x, now.y - true.y) == pytest.approx((entry.dx_m, entry.dy_m), abs=0.01)
        assert ROAD_SHIFT_M[0] <= np.hypot(entry.dx_m, entry.dy_m) <= ROAD_SHIFT_M[1]


def test_only_the_features_of_the_truth_differ_from_the_layer_without_errors(houses: gpd.GeoDataFrame) -> None:
    layer, truth = put_value_errors_in(houses, "levels", "roof", seed=1)
    assert set(truth["kind"]) == {"wrong_value", "invalid"}
    assert truth["gl_key"].is_unique
    wrong = layer[layer["gl_key"].isin(truth["gl_key"])]
    assert not wrong.empty
    right = layer[~layer["gl_key"].isin(truth["gl_key"])]
    assert as_text(right) < as_text(houses)
    assert not as_text(wrong) & as_text(houses)


def test_wrong_values_and_broken_outlines_are_as_the_truth_tells(houses: gpd.GeoDataFrame) -> None:
    layer, truth = put_value_errors_in(houses, "levels", "roof", seed=1)
    now = layer.set_index("gl_key")
    for entry in truth.itertuples():
        if entry.kind == "invalid":
            assert not now.geometry[entry.gl_key].is_valid
        else:
            assert now.loc[entry.gl_key, entry.field] == entry.value_now != entry.value_true
    slips = truth[truth["mode"] == "slip"]
    assert (slips["value_now"] == 10 * slips["value_true"]).all()
    assert set(truth["field"].dropna()) == {"levels", "roof"}


def test_the_key_tells_nothing_of_what_was_changed(houses: gpd.GeoDataFrame) -> None:
    layer, truth = put_value_errors_in(houses, "levels", "roof", seed=4)
    assert sorted(layer["gl_key"]) == list(range(1, len(houses) + 1))
    assert abs(pd.to_numeric(truth["gl_key"]).mean() / len(houses) - 0.5) < 0.2
