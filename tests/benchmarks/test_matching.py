"""Figures of discrepancies: a perfect ledger is perfect in every one, what nobody broke must not be mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from discrepancy_parts.cases import Case, tiny_town, tiny_values
from discrepancy_parts.figures import ALL, ece_by_chance, figures
from discrepancy_parts.matching import Matched, field_of, match
from score import average_precision, ece
from shapely import affinity

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round

EDIT = {"missing": "add", "obsolete": "delete", "shifted": "move", "reshaped": "reshape", "duplicate": "merge"}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return tiny_town(None, tmp_path_factory.mktemp("town"), 1)


@pytest.fixture(scope="module")
def perfect(case: Case) -> list[Discrepancy]:
    return [
        flag(number, error.kind, shapely.from_wkt(error.wkt_true), None if error.kind == "missing" else error.gl_key)
        for number, error in enumerate(pd.read_csv(case.area.truth).itertuples())]


def flag(number: int, kind: str, proposal: shapely.Geometry, key: float | None) -> Discrepancy:
    return Discrepancy(uid=f"u{number}", source="map", target_layer="buildings", kind=kind, edit=EDIT[kind],
                       probability=1.0, proposal=shapely.to_wkb(proposal),
                       target_key=None if key is None else str(int(key)))


def matched(case: Case, flags: list[Discrepancy], folder: Path) -> Matched:
    crs = pyogrio.read_dataframe(case.area.map).crs
    with Ledger.create(folder / "ledger.gpkg", Crs(crs.name, "EPSG", crs.to_epsg(), crs.to_wkt("WKT1_GDAL"))) as ledger:
        ledger.add_round(Round("flag", 0, {}), [], [], flags)
    return match(case, folder / "ledger.gpkg", folder)


def test_a_perfect_ledger_scores_one_mends_everything_and_harms_nothing(
    case: Case, perfect: list[Discrepancy], tmp_path: Path
) -> None:
    result = matched(case, perfect, tmp_path)
    for kind in (*case.kinds, ALL):
        found = {name: figure.value for name, figure in figures([result], kind, audited=False).items()}
        assert (found["f1"], found["ap"], found["precision_at_injected"], found["harm"]) == (1, 1, 1, 0)
    for kind in ("missing", "reshaped"):
        assert figures([result], kind, audited=False)["quality"].value == pytest.approx(1, abs=0.01)
    shifted = figures([result], "shifted", audited=False)
    assert shifted["shift_before_m"].value > 2
    assert shifted["shift_after_m"].value == pytest.approx(0, abs=0.01)
    assert shifted["shift_worsened_share"].value == 0
    assert shifted["still_after_m"].value == shifted["still_before_m"].value


def test_a_wrong_value_of_another_attribute_is_no_false_flag(tmp_path: Path) -> None:
    case = tiny_values(None, tmp_path / "values", 1)
    truth = pd.read_csv(case.area.truth)
    wrong = truth[truth["kind"] == "wrong_value"]
    assert len(wrong)
    assert set(wrong["field"]) == {case.value_field}
    places = pyogrio.read_dataframe(case.area.map).set_index("gl_key").geometry
    said = [*((int(key), case.value_field) for key in wrong["gl_key"]), *((int(key), "roof_material") for key in
                                                                       places.index)]
    flags = [Discrepancy(uid=f"u{number}", source="map", target_layer="buildings", kind="wrong_value", edit="flag",
                         probability=1.0, proposal=shapely.to_wkb(places[key]), target_key=str(key),
                         evidence={"sentence": "", "attribute": attribute})
             for number, (key, attribute) in enumerate(said)]
    found = figures([matched(case, flags, tmp_path)], "wrong_value", audited=False)
    assert (found["precision"].value, found["recall"].value) == (1, 1)


def test_an_empty_ledger_finds_nothing_and_leaves_all_where_it_lies(case: Case, tmp_path: Path) -> None:
    found = figures([matched(case, [], tmp_path)], "shifted", audited=False)
    assert (found["recall"].value, found["ap"].value, found["harm"].value) == (0, 0, 0)
    assert found["shift_after_m"].value == found["shift_before_m"].value


def test_a_sure_move_of_what_nobody_moved_is_harm_and_counts_in_its_offset(
    case: Case, perfect: list[Discrepancy], tmp_path: Path
) -> None:
    layer, truth = pyogrio.read_dataframe(case.area.map), pd.read_csv(case.area.truth)
    untouched = layer[~layer["gl_key"].isin(truth["gl_key"]) & ~layer["gl_key"].isin(truth["gl_key_alt"])].iloc[0]
    away = affinity.translate(untouched.geometry, 5.0, 0.0)
    wrong = flag(9999, "shifted", away, untouched["gl_key"])
    sure = figures([matched(case, [*perfect, wrong], tmp_path)], "shifted", audited=False)
    assert sure["harm"].value == 1
    assert sure["still_after_m"].value > sure["still_before_m"].value
    doubtful = tmp_path / "doubtful"
    doubtful.mkdir()
    meek = figures([matched(case, [*perfect, replace(wrong, probability=0.4)], doubtful)], "shifted", audited=False)
    assert (meek["harm"].value, meek["still_after_m"].value) == (0, meek["still_before_m"].value)


def test_an_outline_over_a_shifted_feature_is_a_false_flag_but_no_harm(
    case: Case, perfect: list[Discrepancy], tmp_path: Path
) -> None:
    at = next(d for d in perfect if d.kind == "shifted")
    extra = flag(9999, "missing", shapely.from_wkb(at.proposal), None)
    found = figures([matched(case, [*perfect, extra], tmp_path)], "missing", audited=False)
    assert found["precision"].value < 1
    assert found["harm"].value == 0


def test_the_field_is_the_one_that_the_layer_was_bent_by(case: Case) -> None:
    truth = pd.read_csv(case.area.truth)
    middles = shapely.get_coordinates(shapely.centroid(shapely.from_wkt(truth["wkt_true"].tolist())))
    np.testing.assert_allclose(field_of(case, 1.0)(middles), truth[["field_dx_m", "field_dy_m"]], atol=0.01)


def test_figures_are_those_of_the_script_and_lie_within_their_range(
    case: Case, perfect: list[Discrepancy], tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    unsure = [replace(d, probability=float(rng.random())) for d in perfect if rng.random() < 0.8]
    result = matched(case, unsure, tmp_path)
    rows, errors = result.flags, len(result.truth)
    found = figures([result, result], ALL, audited=False)
    assert found["ap"].value == pytest.approx(
        average_precision(rows["p"].to_numpy(), (rows["match"] >= 0).to_numpy(), errors))
    assert found["recall"].low <= found["recall"].value <= found["recall"].high
    assert found["recall"].high - found["recall"].low > 0.02


def test_a_cell_that_was_kept_is_the_same_when_it_is_read(
    case: Case, perfect: list[Discrepancy], tmp_path: Path
) -> None:
    result = matched(case, perfect, tmp_path)
    again = Matched.from_json(result.to_json())
    for kind in case.kinds:
        before, after = figures([result], kind, audited=False), figures([again], kind, audited=False)
        assert [f.value for f in after.values()] == pytest.approx([f.value for f in before.values()], nan_ok=True,
                                                                 abs=1e-3)


@pytest.mark.parametrize("flags", [30, 300])
def test_what_chance_makes_of_exact_probabilities_is_what_draws_show(flags: int) -> None:
    rng = np.random.default_rng(5)
    p = rng.uniform(0, 1, flags)
    drawn = np.mean([ece(p, rng.random(flags) < p) for _ in range(300)])
    assert ece_by_chance(p) == pytest.approx(drawn, rel=0.15)
    assert np.isnan(ece_by_chance(p * 0.1))
