"""The demo's figures: a perfect ledger scores one, an empty one nothing; a push is seen for what it is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from countryside import make_countryside
from demo import ACCEPTED_FROM, sure_enough
from demo_areas import Area
from demo_figures import all_figures, pushed_changes, raised_by_kind, round_costs
from qgis_run import QgisError
from scene import write_countryside

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("area")
    write_countryside(folder, make_countryside(5, 160), seed=5)
    return Area("small", (folder / "imagery.tif",), folder / "landuse.gpkg", folder / "truth.csv",
                class_field="landuse", field=folder / "field.gpkg", field_truth=folder / "field_truth.csv")


def write_ledger(path: Path, flags: list[Discrepancy], layer: gpd.GeoDataFrame) -> Path:
    crs = layer.crs
    with Ledger.create(path, Crs(crs.name, "EPSG", crs.to_epsg(), crs.to_wkt("WKT1_GDAL"))) as ledger:
        ledger.add_round(Round("loop", 0, {}, metrics={"seconds": {"fit": 2.5}, "peak_mb": 700}), discrepancies=flags)
    return path


def true_flags(area: Area, probability: float = 0.9) -> list[Discrepancy]:
    """A flag for each error put in, and for no other."""
    layer = gpd.read_file(area.map).set_index("gl_key")
    points = gpd.read_file(area.field).set_index("name")
    flags = [Discrepancy(f"m{e.gl_key}", "map", "landuse", "wrong_class", "retag", probability,
                         layer.geometry[int(e.gl_key)].wkb, target_key=str(int(e.gl_key)), class_proposed=e.class_true)
             for e in pd.read_csv(area.truth).itertuples()]
    return flags + [Discrepancy(f"f{e.key}", "field", "field", "field_conflict", "revisit", probability,
                                points.geometry[e.key].wkb, target_key=e.key)
                    for e in pd.read_csv(area.field_truth).itertuples()]


def test_a_ledger_that_flags_every_error_and_nothing_else_scores_one(area: Area, tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger.gpkg", true_flags(area), gpd.read_file(area.map))
    figures = all_figures(area, ledger)
    assert set(figures) == {"wrong_class", "field_conflict"}
    for one in figures.values():
        assert (one.precision, one.recall, one.ap) == (1.0, 1.0, 1.0)
        assert one.injected == one.raised == one.found
    assert raised_by_kind(ledger)["field", "field_conflict"] == figures["field_conflict"].injected


def test_a_flag_at_a_point_that_is_right_costs_precision(area: Area, tmp_path: Path) -> None:
    layer, points = gpd.read_file(area.map), gpd.read_file(area.field)
    right = points[~points["name"].isin(pd.read_csv(area.field_truth)["key"])].iloc[0]
    false = Discrepancy("false", "field", "field", "field_conflict", "revisit", 0.95, right.geometry.wkb,
                        target_key=right["name"])
    figures = all_figures(area, write_ledger(tmp_path / "ledger.gpkg", [*true_flags(area), false], layer))
    one = figures["field_conflict"]
    assert one.precision == one.injected / (one.injected + 1)
    assert one.ap < 1


def test_what_a_round_took_is_read_from_the_ledger(area: Area, tmp_path: Path) -> None:
    ledger = write_ledger(tmp_path / "ledger.gpkg", true_flags(area), gpd.read_file(area.map))
    assert round_costs(ledger) == ({"fit": 2.5}, 700.0)


def test_the_demo_accepts_what_is_sure_and_says_when_nothing_is(area: Area, tmp_path: Path) -> None:
    layer = gpd.read_file(area.map)
    assert sure_enough(write_ledger(tmp_path / "a.gpkg", true_flags(area, 0.9), layer)) == ACCEPTED_FROM[0]
    assert sure_enough(write_ledger(tmp_path / "b.gpkg", true_flags(area, 0.6), layer)) == ACCEPTED_FROM[1]
    with pytest.raises(QgisError, match="nothing to push"):
        sure_enough(write_ledger(tmp_path / "c.gpkg", true_flags(area, 0.1), layer))
    with pytest.raises(QgisError, match="nothing to push"):
        sure_enough(write_ledger(tmp_path / "d.gpkg", [], layer))


def test_a_push_is_told_by_key(area: Area, tmp_path: Path) -> None:
    before = gpd.read_file(area.map)
    assert set(pushed_changes(area.map, area.map).values()) == {0}
    after = before.copy()
    after.loc[0, "landuse"] = "quarry"
    after.loc[1, "geometry"] = after.geometry[1].buffer(5)
    new = after.iloc[[2]].assign(gl_key=pd.NA)
    after = pd.concat([after.drop(index=3), new]).astype({"gl_key": "Int64"})
    after.to_file(tmp_path / "after.gpkg", driver="GPKG")
    assert pushed_changes(area.map, tmp_path / "after.gpkg") == {"added": 1, "deleted": 1, "changed": 2}
