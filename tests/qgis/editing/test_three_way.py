"""A feature that was edited since it was flagged: what an edit does not touch may have changed, what it touches not."""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsProcessingException


def column(layer, name):
    return layer.fields().lookupField(name)


def test_a_new_shape_goes_onto_a_feature_whose_class_was_changed(town, push, undo, house, edit_by_hand):
    place = town()
    place.flags(("reshape", 1, house(0, size=5), {}))
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, column(it, "building"), "garage"))
    changed = place.signatures()
    assert push(place)["APPLIED"] == 1
    assert place.rows()[1]["building"] == "garage"
    assert place.layer().getFeature(1).geometry().area() == pytest.approx(25)
    undo(place)
    assert place.signatures() == changed


def test_a_new_class_goes_onto_a_feature_whose_shape_was_mended_at_its_place(town, push, house, edit_by_hand):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}))
    mended = QgsGeometry.fromWkt(house(0, size=7))
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(1, mended))
    assert push(place)["APPLIED"] == 1
    assert place.rows()[1]["building"] == "church"
    assert place.layer().getFeature(1).geometry().area() == pytest.approx(49)


def test_a_new_class_does_not_follow_a_feature_to_another_place(town, push, house, edit_by_hand):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}))
    away = QgsGeometry.fromWkt(house(300))
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(1, away))
    with pytest.raises(QgsProcessingException, match="it lies elsewhere"):
        push(place)
    assert place.rows()[1]["building"] == "house"
    assert place.status() == {"d0000": "stale"}


@pytest.mark.parametrize("what", ["building", "geometry"])
def test_a_deletion_minds_every_change_of_what_was_watched(town, push, house, edit_by_hand, what):
    place = town()
    place.flags(("delete", 1, None, {}))
    mended = QgsGeometry.fromWkt(house(0, size=7))
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(1, mended) if what == "geometry"
                 else it.changeAttributeValue(1, column(it, "building"), "garage"))
    with pytest.raises(QgsProcessingException, match=rf"changed since it was flagged \({what}\)"):
        push(place)
    assert 1 in place.rows()


def test_what_an_edit_would_set_and_somebody_has_set_is_stale(town, push, edit_by_hand):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}))
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, column(it, "building"), "chapel"))
    with pytest.raises(QgsProcessingException, match=r"flagged \(building\)"):
        push(place)
    assert place.rows()[1]["building"] == "chapel"


def test_a_value_that_an_edit_repeats_and_somebody_has_changed_stays_as_it_is(town, push, house, edit_by_hand):
    """An edit that says both what it sets and what it leaves sets only what differs from what was flagged."""
    place = town()
    place.flags(("reshape", 1, house(0, size=5), {"building": "house", "height": 3.0}))
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, column(it, "building"), "garage"))
    assert push(place)["APPLIED"] == 1
    assert (place.rows()[1]["building"], place.rows()[1]["height"]) == ("garage", 3.0)


def test_a_place_in_a_shapefile_that_another_feature_has_taken_is_not_edited(town, push, house, edit_by_hand):
    """Ids renumber there: a feature of another shape is another feature, however near it lies."""
    place = town(suffix=".shp")
    place.flags(("retag", 0, None, {"building": "church"}))
    mended = QgsGeometry.fromWkt(house(0, size=7))
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(0, mended))
    with pytest.raises(QgsProcessingException, match="changed since"):
        push(place)
    assert place.rows()[0]["building"] == "house"
