"""Invalid geometries are named for what they are, and repaired only where the repair changes next to nothing."""

import pytest
import shapely
from shapely import Polygon

from geoloop.core.discrepancies.invalid import find

from .conftest import town

LEFT, TOP = 500_100.0, 5_799_900.0


def ring(*xy):
    return Polygon([(LEFT + x, TOP - y) for x, y in xy])


BOW_TIE = ring((0, 0), (10, 10), (10, 0), (0, 10))
TOUCHING = ring((0, 0), (20, 0), (20, 20), (10, 20), (12, 12), (8, 12), (10, 20), (0, 20))
FLAT = ring((0, 0), (5, 0), (10, 0))


def found_of(make_layer, ground_of, shape):
    layer = make_layer([*town(4, 3), shape], {"nr": list(range(13)), "building": ["yes"] * 13}, key="nr")
    ground = ground_of([layer])
    return find(ground, ground.maps[0], 1), ground


@pytest.mark.parametrize(("shape", "edit", "word"), [
    (BOW_TIE, "flag", "crosses itself"), (TOUCHING, "reshape", "touches itself"), (FLAT, "flag", "no extent")])
def test_what_is_wrong_is_said_and_mended_only_if_the_area_stays(make_layer, ground_of, shape, edit, word) -> None:
    found, _ = found_of(make_layer, ground_of, shape)
    assert [(d.target_key, d.edit) for d in found] == [("12", edit)]
    assert word in found[0].evidence["sentence"]
    if edit == "reshape":
        mended = shapely.from_wkb(found[0].proposal)
        assert mended.is_valid
        assert mended.area == pytest.approx(shapely.make_valid(shape).area, rel=0.01)


def test_a_valid_layer_has_nothing_invalid(make_layer, ground_of) -> None:
    assert found_of(make_layer, ground_of, ring((0, 0), (9, 0), (9, 9), (0, 9)))[0] == []


def test_an_invalid_shape_is_no_rival_of_a_wrong_class(make_layer, ground_of) -> None:
    found, _ = found_of(make_layer, ground_of, BOW_TIE)
    from geoloop.core.discrepancies.finding import cause_of

    assert found[0].cause != cause_of(1, found[0].target_layer, "12")
