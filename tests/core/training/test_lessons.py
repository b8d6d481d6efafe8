"""Decisions put labels right, make them sure, or leave them out, as long as the feature is as it was judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.windows import Window

from geoloop.core.jobs.inputs import VectorInput
from geoloop.core.ledger.verdicts import Verdict
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.legend import Legend, LegendClass, Rule
from geoloop.core.sources.statements import Statements
from geoloop.core.sources.vectors import read_features
from geoloop.core.training.folds import Blocks
from geoloop.core.training.lessons import Lessons
from geoloop.core.training.targets import Target, Targets

NAMES = ("field", "house")
LEGEND = Legend("test", (LegendClass(0, "field", "#00ff00", ""), LegendClass(1, "house", "#ff0000", "")),
                (Rule({"what": ("house",)}, {}, (), {"house": 1.0}),), background="field")


def square(column: int, row: int, side: int = 10) -> shapely.Polygon:
    """A square of ``side`` pixels of 10 m, in UTM."""
    x, y = 500_000 + 10 * column, 5_800_000 - 10 * row
    return shapely.box(x, y - 10 * side, x + 10 * side, y)


@pytest.fixture
def houses(make_layer: Callable[..., VectorInput], grid: Grid) -> Statements:
    """Three houses, 10 × 10 pixels each, in a row."""
    given = make_layer([square(10 + 25 * k, 20) for k in range(3)], {"nr": [1, 2, 3], "what": ["house"] * 3}, key="nr")
    return Statements.of(read_features(given, grid, "map"), LEGEND, grid)


def said(layer: Statements, key: str, decision: str, kind: str, edit: str, **more: Any) -> Verdict:
    row = list(layer.features.keys).index(key)
    signature = layer.features.signatures(("what",))[row]
    values = {"id": 1, "uid": f"u{key}", "source": "map", "layer": layer.name, "key": key, "drawn_as": "queue",
              "signature": signature, "watched": ("what",)}
    return Verdict(**{**values, "decision": decision, "kind": kind, "edit": edit, **more})


def labels(layer: Statements, grid: Grid, *verdicts: Verdict) -> tuple[Target, Lessons]:
    lessons = Lessons.of([layer], NAMES, grid, verdicts)
    blocks = Blocks(grid.height, grid.width, np.array([[0, 1]], np.uint8))
    return Targets([layer], blocks, lessons).read(Window(0, 0, grid.width, grid.height)), lessons


def is_house(target: Target, column: int, row: int) -> float:
    return float(target.mix[1, row, column])


def test_an_accepted_obsolete_feature_is_background_and_a_rejected_one_is_sure(houses: Statements, grid: Grid) -> None:
    target, lessons = labels(houses, grid, said(houses, "1", "accept", "obsolete", "delete"),
                             said(houses, "2", "reject", "obsolete", "delete"))
    assert is_house(target, 12, 25) == 0
    assert target.mix[0, 25, 12] == 1
    assert is_house(target, 40, 25) == is_house(target, 65, 25) == 1
    assert target.sure[25, 40]
    assert not target.sure[25, 65]
    assert (lessons.counts["corrected"], lessons.counts["confirmed"]) == (1, 1)


def test_a_missing_feature_is_painted_if_accepted_and_bare_ground_is_sure_if_not(houses: Statements, grid: Grid
                                                                                   ) -> None:
    places = {"accept": square(5, 50), "reject": square(30, 50), "unsure": square(60, 50)}
    target, lessons = labels(houses, grid, *(
        Verdict(k, f"u{k}", "map", houses.name, None, word, "queue", kind="missing", edit="add", class_proposed="house",
                proposal=shapely.to_wkb(place)) for k, (word, place) in enumerate(places.items())))
    assert is_house(target, 10, 55) == 1
    assert target.fold[55, 10] == 0
    assert target.mix[0, 55, 35] == 1
    assert target.sure[55, 35]
    assert target.mix[:, 55, 65].sum() == 0
    assert (lessons.counts["patches"], lessons.counts["confirmed"], lessons.counts["ignored"]) == (1, 1, 1)


def test_a_moved_feature_is_learnt_where_it_belongs(houses: Statements, grid: Grid) -> None:
    target, _ = labels(houses, grid, said(houses, "1", "accept", "shifted", "move",
                                          proposal=shapely.to_wkb(square(10, 40))))
    assert is_house(target, 12, 25) == 0
    assert is_house(target, 12, 45) == 1
    assert target.sure[45, 12]


def test_a_retagged_feature_is_learnt_by_its_new_class(houses: Statements, grid: Grid) -> None:
    target, _ = labels(houses, grid, said(houses, "3", "accept", "wrong_class", "retag", class_proposed="field"))
    assert target.mix[:, 25, 65].tolist() == [1, 0]


@pytest.mark.parametrize(("decision", "more"), [
    ("unsure", {}), ("accept", {"edit": "flag"}), ("accept", {"undone": True})])
def test_doubt_an_error_without_a_remedy_and_a_push_taken_back_leave_the_place_out(
    houses: Statements, grid: Grid, decision: str, more: dict[str, Any]
) -> None:
    target, lessons = labels(houses, grid, said(houses, "1", decision, "obsolete", "delete", **{}) if not more else
                             said(houses, "1", decision, "obsolete", more.get("edit", "delete"),
                                  **{k: v for k, v in more.items() if k != "edit"}))
    assert target.mix[:, 25, 12].sum() == 0
    assert lessons.counts["ignored"] == 1


def test_a_feature_that_was_edited_since_teaches_nothing(houses: Statements, grid: Grid) -> None:
    old = said(houses, "1", "accept", "obsolete", "delete", signature="before the edit")
    target, lessons = labels(houses, grid, old)
    assert is_house(target, 12, 25) == 1
    assert lessons.counts["past"] == 1


def test_decisions_in_bulk_put_labels_right_and_make_none_sure(houses: Statements, grid: Grid) -> None:
    target, lessons = labels(houses, grid, said(houses, "1", "reject", "obsolete", "delete", drawn_as="bulk"),
                             said(houses, "2", "accept", "obsolete", "delete", drawn_as="bulk"))
    assert is_house(target, 12, 25) == 1
    assert is_house(target, 40, 25) == 0
    assert not target.sure.any()
    assert (lessons.counts["corrected"], lessons.counts["confirmed"]) == (1, 1)


@pytest.fixture
def plots(make_layer: Callable[..., VectorInput], grid: Grid) -> Statements:
    """Two fields and a house, 10 × 10 pixels each, on a map whose silence says nothing."""
    given = make_layer([square(10 + 25 * k, 20) for k in range(3)],
                       {"nr": [1, 2, 3], "what": ["house", "field", "field"]}, key="nr")
    rules = (*LEGEND.rules, Rule({"what": ("field",)}, {}, (), {"field": 1.0}))
    return Statements.of(read_features(given, grid, "map"), Legend("plots", LEGEND.classes, rules), grid)


def test_reviewed_places_count_no_more_than_others_and_classes_keep_their_shares(plots: Statements, grid: Grid) -> None:
    before, _ = labels(plots, grid)
    patch = Verdict(9, "p", "imagery", "scene", None, "accept", "queue", kind="wrong_class", edit="label_patch",
                    class_proposed="house", proposal=shapely.to_wkb(square(10, 20)))
    after, lessons = labels(plots, grid, said(plots, "2", "reject", "wrong_class", "retag", class_proposed="house"),
                            said(plots, "1", "reject", "wrong_class", "retag", class_proposed="field"), patch)
    assert (lessons.counts["confirmed"], lessons.counts["patches"]) == (2, 1)
    assert after.sure[25, 12]
    assert after.sure[25, 40]
    assert not after.sure[25, 65]
    inner = np.s_[22:28, 10:90]
    np.testing.assert_array_equal(after.weight[inner], before.weight[inner])


def test_a_painted_patch_weighs_as_one_more_feature_of_its_class(plots: Statements, grid: Grid) -> None:
    target, _ = labels(plots, grid, Verdict(
        1, "m", "map", plots.name, None, "accept", "queue", kind="missing", edit="add", class_proposed="house",
        proposal=shapely.to_wkb(square(10, 50, 5))))
    assert target.weight[52, 12] == pytest.approx(4 * target.weight[25, 15])  # a quarter of the house's ground


def test_a_place_that_is_left_out_takes_no_part_in_the_balance_of_classes(plots: Statements, grid: Grid) -> None:
    before, _ = labels(plots, grid)
    after, _ = labels(plots, grid, said(plots, "2", "unsure", "wrong_class", "retag", class_proposed="house"))
    assert after.mix[:, 25, 40].sum() == 0
    assert before.weight[25, 65] < before.weight[25, 15]  # two fields share what the house has for itself
    assert after.weight[25, 65] == after.weight[25, 15]


def test_an_accepted_correction_stays_sure_when_it_stands_in_the_layer(plots: Statements, grid: Grid) -> None:
    def accepted(**more: Any) -> Verdict:
        return said(plots, "2", "accept", "wrong_class", "retag",
                    **{"signature": "before the push", "proposal": shapely.to_wkb(square(35, 20)), **more})

    target, lessons = labels(plots, grid, accepted(class_proposed="field"))
    assert target.sure[25, 40]
    assert (lessons.counts["confirmed"], lessons.counts["past"]) == (1, 0)
    for other in (accepted(class_proposed="house"), accepted(class_proposed="field", undone=True),
                  accepted(class_proposed="field", proposal=shapely.to_wkb(square(39, 20)))):
        target, lessons = labels(plots, grid, other)
        assert not target.sure.any()
        assert lessons.counts["past"] == 1


def test_a_feature_that_was_moved_as_was_accepted_stays_sure(plots: Statements, grid: Grid) -> None:
    target, _ = labels(plots, grid, said(plots, "1", "accept", "shifted", "move", signature="before the push",
                                         proposal=shapely.to_wkb(square(10, 20))))
    assert target.sure[25, 12]


def test_an_unflagged_feature_found_right_is_sure_and_one_found_wrong_is_left_out(houses: Statements, grid: Grid
                                                                                  ) -> None:
    target, _ = labels(houses, grid, Verdict(1, None, "map", houses.name, "1", "reject", "audit"),
                       Verdict(2, None, "map", houses.name, "2", "accept", "audit"))
    assert target.sure[25, 12]
    assert target.mix[:, 25, 40].sum() == 0


def test_a_label_patch_speaks_over_the_layer(houses: Statements, grid: Grid) -> None:
    target, lessons = labels(houses, grid, Verdict(
        1, "p", "imagery", "scene", None, "accept", "queue", kind="wrong_class", edit="label_patch",
        class_proposed="field", proposal=shapely.to_wkb(square(10, 20))))
    assert target.mix[:, 25, 12].tolist() == [1, 0]
    assert lessons.counts["patches"] == 1


def test_what_says_nothing_of_the_ground_changes_nothing(houses: Statements, grid: Grid) -> None:
    target, lessons = labels(houses, grid, said(houses, "1", "accept", "wrong_value", "set_value"))
    assert is_house(target, 12, 25) == 1
    assert not target.sure.any()
    assert lessons.counts["silent"] == 1


def test_lessons_do_not_depend_on_the_window(houses: Statements, grid: Grid) -> None:
    lessons = Lessons.of([houses], NAMES, grid, [said(houses, "2", "unsure", "obsolete", "delete")])
    targets = Targets([houses], Blocks(grid.height, grid.width, np.array([[0, 1]], np.uint8)), lessons)
    whole, part = targets.read(Window(0, 0, 100, 80)), targets.read(Window(30, 15, 40, 30))
    for name in ("mix", "fold", "weight", "sure"):
        np.testing.assert_array_equal(getattr(whole, name)[..., 15:45, 30:70], getattr(part, name))


def test_the_grid_is_the_one_the_squares_are_drawn_on(grid: Grid) -> None:
    assert grid.transform == Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)
