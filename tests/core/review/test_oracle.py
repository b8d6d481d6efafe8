"""The simulated reviewer says what the true layer says, and errs as often as it is told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from geoloop.core.jobs.inputs import VectorInput
from geoloop.core.ledger.queue import PageItem
from geoloop.core.review.oracle import Oracle, TrueLayer
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.legend import Legend, LegendClass, Rule
from geoloop.core.sources.vectors import read_features

LEGEND = Legend("uses", tuple(LegendClass(k, name, "#00ff00", "") for k, name in enumerate(("forest", "meadow"))),
                tuple(Rule({"use": (name,)}, {}, (), {name: 1.0}) for name in ("forest", "meadow")))


def field(column: int, dx: float = 0.0, width: float = 40.0) -> shapely.Polygon:
    return shapely.box(500_100 + 80 * column + dx, 5_799_500, 500_100 + 80 * column + dx + width, 5_799_540)


@pytest.fixture
def layer(make_layer: Callable[..., VectorInput], grid: Grid) -> TrueLayer:
    """Keys 0 right, 1 wrong class, 2 moved by 5 m, 3 cut in half, 4 obsolete, 5 a twin of 0; field 6 is missing."""
    shapes = [field(0), field(1), field(2, 5.0), field(3, 0.0, 20.0), field(4), field(0, 0.5)]
    now = make_layer(shapes, {"nr": range(6), "use": ["forest"] * 6, "levels": [1] * 6}, name="now.gpkg", key="nr",
                     settings={"class_field": "use"})
    true = make_layer([field(k) for k in (6, 3, 2, 1, 0)],
                      {"use": ["meadow", "forest", "forest", "meadow", "forest"], "levels": [1, 1, 1, 1, 3]},
                      name="true.gpkg", settings={"class_field": "use"})
    return TrueLayer.of(*(read_features(one, grid, "map") for one in (now, true)), LEGEND, 1.0)


def item(kind: str, key: str | None, edit: str = "flag", uid: str | None = "u", **more: Any) -> PageItem:
    return PageItem(rank=1, page=1, layer="now", key=key, uid=uid, box=None, kind=kind, edit=edit, **more)


def says(layer: TrueLayer, one: PageItem, error: float = 0.0) -> str:
    return Oracle({"now": layer}, error, 0).says(one)


@pytest.mark.parametrize(("kind", "edit", "key", "word"), [
    ("obsolete", "delete", "4", "accept"), ("obsolete", "delete", "0", "reject"), ("obsolete", "delete", "2", "reject"),
    ("duplicate", "merge", "5", "accept"), ("duplicate", "merge", "0", "accept"), ("duplicate", "merge", "1", "reject"),
    ("shifted", "flag", "2", "accept"), ("shifted", "flag", "0", "reject"), ("shifted", "flag", "3", "unsure"),
    ("reshaped", "flag", "3", "accept"), ("invalid", "reshape", "0", "accept"), ("outdated", "revisit", "0", "unsure"),
])
def test_an_error_is_accepted_and_what_is_right_rejected(layer: TrueLayer, kind: str, edit: str, key: str, word: str
                                                         ) -> None:
    assert says(layer, item(kind, key, edit)) == word


def test_an_outline_is_accepted_if_it_mends_and_left_open_if_not(layer: TrueLayer) -> None:
    for shape, word in ((field(2), "accept"), (field(2, 9.0), "unsure")):
        assert says(layer, item("shifted", "2", "move", proposal=shapely.to_wkb(shape))) == word


def test_a_class_is_accepted_if_it_is_the_true_one(layer: TrueLayer) -> None:
    assert says(layer, item("wrong_class", "1", "retag", class_proposed="meadow")) == "accept"
    assert says(layer, item("wrong_class", "1", "retag", class_proposed="forest")) == "unsure"
    assert says(layer, item("wrong_class", "0", "retag", class_proposed="meadow")) == "reject"
    assert says(layer, item("field_conflict", "1", "revisit")) == "accept"


def test_a_missing_feature_is_found_once_with_its_class(layer: TrueLayer) -> None:
    oracle = Oracle({"now": layer}, 0.0, 0)
    place = shapely.to_wkb(field(6, 4.0))
    assert oracle.says(item("missing", None, "add", proposal=place, class_proposed="forest")) == "reject"
    assert oracle.says(item("missing", None, "add", proposal=place, class_proposed="meadow")) == "accept"
    assert oracle.says(item("missing", None, "add", "v", proposal=place, class_proposed="meadow")) == "reject"
    elsewhere = shapely.to_wkb(field(0))
    assert oracle.says(item("missing", None, "add", proposal=elsewhere, class_proposed="forest")) == "reject"


def test_a_value_is_compared_with_the_true_features(layer: TrueLayer) -> None:
    for after, word in ((3, "accept"), (2, "unsure")):
        one = item("wrong_value", "0", "set_value", before_values={"levels": 1}, after_values={"levels": after})
        assert says(layer, one) == word
    assert says(layer, item("wrong_value", "1", "set_value", before_values={"levels": 1},
                            after_values={"levels": 2})) == "reject"


def test_an_audited_feature_without_a_flag_is_wrong_or_right(layer: TrueLayer) -> None:
    assert says(layer, item("", "4", "", uid=None)) == "accept"
    assert says(layer, item("", "0", "", uid=None)) == "reject"


def test_a_lesson_for_the_imagery_is_asked_of_all_layers(layer: TrueLayer) -> None:
    place = shapely.to_wkb(field(1))
    for name, word in (("meadow", "accept"), ("forest", "reject")):
        assert says(layer, item("wrong_class", None, "label_patch", proposal=place, class_proposed=name)) == word


def test_a_neighbourhood_lies_off_or_not(layer: TrueLayer) -> None:
    assert says(layer, item("common_shift", None, proposal=shapely.to_wkb(field(2).buffer(20)))) == "accept"
    assert says(layer, item("common_shift", None, proposal=shapely.to_wkb(field(0).buffer(20)))) == "reject"


def test_it_errs_in_the_share_asked_for_at_the_same_items_in_any_order(layer: TrueLayer) -> None:
    items = [item("obsolete", "4", "delete", f"u{k}") for k in range(2000)]
    oracle = Oracle({"now": layer}, 0.15, 5)
    said = [oracle.says(one) for one in items]
    assert np.mean([word == "reject" for word in said]) == pytest.approx(0.15, abs=0.025)
    assert [oracle.says(one) for one in items[::-1]][::-1] == said
    assert [Oracle({"now": layer}, 0.15, 6).says(one) for one in items] != said
