"""Pushing into the layer itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest
from qgis.core import NULL, QgsProcessingException, QgsProperty

from geoloop.processing_provider.editing.image import geometry_of

ALL_FORMATS = [".gpkg", ".shp", ".geojson"]


@pytest.mark.parametrize("suffix", ALL_FORMATS)
def test_each_kind_of_edit_lands_in_the_layer(town, push, house, suffix):
    place = town(suffix=suffix)
    ids = sorted(place.signatures())
    place.flags(
        ("add", None, house(100), {"building": "barn", "height": 3.25}),
        ("retag", ids[1], None, {"building": "church"}),
        ("set_value", ids[2], None, {"height": 12.5}),
        ("move", ids[3], house(3, shift=2.0), {}),
        ("reshape", ids[4], house(4, size=5.0), {"building": "shed"}),
        ("delete", ids[0], None, {}),
    )
    result = push(place)
    assert (result["APPLIED"], result["STALE"], result["FAILED"]) == (6, 0, 0)
    rows = {row["osm_id"]: row for row in place.rows().values()}
    assert set(rows) == {1001, 1002, 1003, 1004, 1005, None}
    assert rows[1001]["building"] == "church"
    assert rows[1002]["height"] == 12.5
    assert rows[1004]["building"] == "shed"
    assert rows[None]["building"] == "barn"
    assert rows[None]["height"] == 3.25
    layer = place.layer()
    shapes = {f["osm_id"]: f.geometry() for f in layer.getFeatures()}
    assert shapes[1004].area() == pytest.approx(25)
    assert shapes[1003].boundingBox().xMinimum() == pytest.approx(500_062)
    assert place.states() == ["committed"] * 6
    assert set(place.status().values()) == {"pushed"}


@pytest.mark.parametrize("suffix", ALL_FORMATS)
def test_undoing_all_brings_every_feature_back(town, push, undo, house, suffix):
    place = town(suffix=suffix)
    before, ids = place.signatures(), sorted(place.signatures())
    place.flags(
        ("delete", ids[0], None, {}), ("add", None, house(100), {"building": "barn"}),
        ("retag", ids[1], None, {"building": "church"}), ("reshape", ids[4], house(4, size=5.0), {}),
    )
    push(place)
    assert sorted(place.signatures().values()) != sorted(before.values())
    result = undo(place)
    assert result["UNDONE"] == 4
    after = place.signatures()
    assert sorted(after.values()) == sorted(before.values())
    if suffix == ".gpkg":  # the deleted feature has its id back
        assert after == before
    assert set(place.status().values()) == {"undone"}


def test_pushing_twice_adds_once(town, push, house):
    place = town()
    place.flags(("add", None, house(100), {}))
    assert push(place)["APPLIED"] == 1
    assert push(place)["APPLIED"] == 0
    assert len(place.rows()) == 7


def test_a_proposal_that_the_layer_has_already_is_stale(town, push, house, edit_by_hand):
    place = town()
    place.flags(("add", None, house(3, shift=0.1), {}))
    with pytest.raises(QgsProcessingException, match="has such a feature already"):
        push(place)
    assert len(place.rows()) == 6
    assert place.status() == {"d0000": "stale"}


@pytest.mark.parametrize("suffix", ALL_FORMATS)
def test_a_feature_changed_since_it_was_flagged_is_stale_and_the_rest_is_written(town, push, edit_by_hand, suffix):
    place = town(suffix=suffix)
    ids = sorted(place.signatures())
    place.flags(("retag", ids[0], None, {"building": "church"}), ("retag", ids[1], None, {"building": "church"}))
    layer = place.layer()
    edit_by_hand(layer, lambda it: it.changeAttributeValue(ids[0], it.fields().lookupField("building"), "garage"))
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits were not applied(.|\n)*d0000(.|\n)*changed since"):
        push(place)
    assert [row["building"] for _, row in sorted(place.rows().items())][:2] == ["garage", "church"]
    assert place.status() == {"d0000": "stale", "d0001": "pushed"}


def test_a_changed_column_that_was_not_watched_does_not_matter(town, push, edit_by_hand):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}))
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, it.fields().lookupField("height"), 99.0))
    push(place)
    assert place.rows()[1]["building"] == "church"
    assert place.rows()[1]["height"] == 99.0


@pytest.mark.parametrize("suffix", ALL_FORMATS)
def test_a_feature_deleted_since_it_was_flagged_is_stale(town, push, edit_by_hand, suffix):
    place = town(suffix=suffix)
    ids = sorted(place.signatures())
    place.flags(("delete", ids[0], None, {}), ("retag", ids[3], None, {"building": "church"}))
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(ids[0]))
    with pytest.raises(QgsProcessingException, match="1 of 2 edits"):
        push(place)
    rows = {row["osm_id"]: row["building"] for row in place.rows().values()}
    assert rows == {1001: "house", 1002: "house", 1003: "church", 1004: "house", 1005: "house"}


def test_features_are_known_by_their_key_where_there_is_one(town, push, edit_by_hand):
    place = town(key="osm_id", suffix=".shp")
    place.flags(("retag", 3, None, {"building": "church"}))
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(0))
    push(place)
    assert {row["osm_id"]: row["building"] for row in place.rows().values()}[1003] == "church"


def test_two_edits_of_different_parts_of_a_feature_go_together(town, push, undo, house):
    place = town()
    before = place.signatures()
    place.flags(("reshape", 2, house(1, size=4), {}), ("retag", 2, None, {"building": "church"}),
                ("retag", 2, None, {"building": "barn"}))
    with pytest.raises(QgsProcessingException, match="another edit of this push has changed the same part"):
        push(place)
    assert place.rows()[2]["building"] == "church"
    undo(place)
    assert place.signatures() == before


def test_columns_are_found_in_any_case_and_by_alias_and_never_made(town, push):
    place = town()
    place.flags(("set_value", 1, None, {"Height": 3.0, "colour": "red"}), ("flag", 2, None, {"note": "look"}))
    with pytest.raises(QgsProcessingException, match="no column for note"):
        push(place)
    assert place.rows()[1]["height"] == 3.0
    assert "colour" not in place.layer().fields().names()
    assert place.journal()[0][:2] == ("d0000", "committed")
    assert "colour" in place.journal()[0][2]
    layer = place.layer()
    layer.setFieldAlias(layer.fields().lookupField("seen"), "Note")


def test_a_value_that_the_column_cannot_hold_whole_is_refused(town, push):
    place = town()
    place.flags(("retag", 1, None, {"building": "x" * 21}), ("set_value", 2, None, {"height": "tall"}))
    with pytest.raises(QgsProcessingException, match="2 of 2 edits"):
        push(place)
    assert place.rows()[1]["building"] == "house"


def test_a_locked_feature_is_not_edited(town, push):
    place = town(settings={"lock": "height > 5"})
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    with pytest.raises(QgsProcessingException, match="locked"):
        push(place)
    assert sorted(place.rows()) == [2, 3, 4, 5, 6]


def test_a_layer_that_may_not_be_edited_is_refused(town, push):
    place = town(settings={"may_edit": False})
    place.flags(("delete", 1, None, {}))
    with pytest.raises(QgsProcessingException, match="may_edit"):
        push(place)


def test_more_edits_than_allowed_are_all_refused(town, push):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    with pytest.raises(QgsProcessingException, match="MAX_EDITS"):
        push(place, MAX_EDITS=1)
    assert len(place.rows()) == 6


@pytest.mark.parametrize("most", [0.5, "0.9", 1.5])
def test_part_of_an_edit_is_no_bound(town, push, most):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    with pytest.raises(QgsProcessingException, match="MAX_EDITS must be a whole number"):
        push(place, MAX_EDITS=most)
    assert len(place.rows()) == 6


def test_writing_into_the_source_headless_needs_both_bounds(town, push, monkeypatch):
    monkeypatch.setattr("qgis.utils.iface", None)
    place = town()
    place.flags(("delete", 1, None, {}))
    for missing in ("PUSH_ABOVE", "MAX_EDITS"):
        with pytest.raises(QgsProcessingException, match="PUSH_ABOVE and MAX_EDITS"):
            push(place, **{missing: None})


def test_undecided_edits_are_pushed_from_a_probability_on(town, push):
    place = town()
    place.flags(("delete", 1, None, {}), push_above=True)
    assert push(place)["APPLIED"] == 0
    assert push(place, PUSH_ABOVE=0.8)["APPLIED"] == 1


@pytest.mark.parametrize("nothing", [None, "", " ", NULL, QgsProperty.fromExpression("NULL")], ids=repr)
def test_a_probability_left_empty_pushes_accepted_ones_alone(town, push, nothing):
    place = town()
    place.flags(("delete", 1, None, {}), push_above=True)
    assert push(place, OUTPUT=place.folder / "copy.gpkg", PUSH_ABOVE=nothing, MAX_EDITS=nothing)["APPLIED"] == 0


def test_a_probability_that_is_no_number_is_refused(town, push):
    place = town()
    place.flags(("delete", 1, None, {}), push_above=True)
    with pytest.raises(QgsProcessingException, match="PUSH_ABOVE must be a number, not surely"):
        push(place, OUTPUT=place.folder / "copy.gpkg", PUSH_ABOVE="surely")
    assert push(place, OUTPUT=place.folder / "copy.gpkg", PUSH_ABOVE=" 0.8")["APPLIED"] == 1


def test_a_read_only_file_is_refused(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    place.path.chmod(0o444)
    with pytest.raises(QgsProcessingException, match="read-only"):
        push(place)
    place.path.chmod(0o644)
    assert len(place.rows()) == 6
    assert place.journal() == []


def test_a_layer_in_edit_mode_is_refused(town, push):
    place = town()
    place.flags(("delete", 1, None, {}))
    layer = place.layer()
    layer.startEditing()
    with pytest.raises(QgsProcessingException, match="being edited"):
        push(place, TARGET=layer)
    layer.rollBack()


def test_a_project_with_transaction_groups_is_refused(town, push):
    from qgis.core import Qgis, QgsProject

    place = town()
    place.flags(("delete", 1, None, {}))
    layer = place.layer()
    QgsProject.instance().setTransactionMode(Qgis.TransactionMode.BufferedGroups)
    try:
        with pytest.raises(QgsProcessingException, match="transaction"):
            push(place, TARGET=layer)
    finally:
        QgsProject.instance().setTransactionMode(Qgis.TransactionMode.Disabled)


def test_an_unknown_layer_is_refused_by_name_where_several_are_known(town, push, open_layer, tmp_path):
    from geoloop.core.ledger import Ledger, Round, SourceRow

    place = town()
    path = place.flags(("delete", 1, None, {}))
    with Ledger.open(path) as ledger:
        ledger.add_round(
            Round("flag", 1, {}), [SourceRow("map", "roads", "a.gpkg"), SourceRow("map", "parks", "b.gpkg")]
        )
    other = shutil.copy(place.path, tmp_path / "other.gpkg")
    with pytest.raises(QgsProcessingException, match="it knows roads, parks, Häuser am Fluß"):
        push(place, TARGET=open_layer(other))


def test_a_layer_that_an_earlier_round_judged_is_not_taken_for_that_of_the_last(town, push):
    from geoloop.core.ledger import Ledger, Round, SourceRow

    place = town()
    with Ledger.open(place.flags(("delete", 1, None, {}))) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "roads", "a.gpkg")])
    push(place)
    assert sorted(feature.id() for feature in place.layer().getFeatures()) == [2, 3, 4, 5, 6]


def test_undo_leaves_a_feature_that_was_changed_since_the_push(town, push, undo, edit_by_hand):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}), ("retag", 2, None, {"building": "church"}))
    push(place)
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(1, it.fields().lookupField("height"), 99.0))
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits were not taken back(.|\n)*changed since the push"):
        undo(place)
    assert [place.rows()[i]["building"] for i in (1, 2)] == ["church", "house"]
    assert place.status() == {"d0000": "pushed", "d0001": "undone"}


def test_undo_of_one_decision_and_of_one_push(town, push, undo):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}), ("delete", 3, None, {}))
    push_id = push(place)["PUSH"]
    assert undo(place, "d0001")["UNDONE"] == 1
    assert sorted(place.rows()) == [2, 4, 5, 6]
    assert undo(place, push_id)["UNDONE"] == 2
    with pytest.raises(QgsProcessingException, match="Nothing is left"):
        undo(place, "last")


def test_an_accepted_edit_can_be_undone_accepted_and_pushed_again(town, push, undo):
    from geoloop.core.ledger import Ledger

    place = town()
    path = place.flags(("delete", 1, None, {}))
    push(place)
    undo(place)
    assert push(place)["APPLIED"] == 0
    with Ledger.open(path) as ledger:
        ledger.decide(["d0000"], "accept")
    assert push(place)["APPLIED"] == 1
    assert undo(place)["UNDONE"] == 1
    assert sorted(place.rows()) == [1, 2, 3, 4, 5, 6]


def test_no_outline_is_drawn_after_imagery_that_may_not_be_traced_and_all_else_is_written(town, push, house):
    place = town()
    path = place.flags(("reshape", 1, house(0, size=5), {}), ("retag", 2, None, {"building": "barn"}),
                       ("add", None, house(30), {"building": "shed"}), ("delete", 3, None, {}))
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("INSERT INTO sources (round, kind, layer, may_trace) VALUES (1, 'imagery', 'Luftbild', 0)")
        ledger.commit()
    with pytest.raises(QgsProcessingException, match=r"2 of 4 edits(.|\n)*traced from Luftbild"):
        push(place)
    assert place.status() == {"d0000": "accepted", "d0001": "pushed", "d0002": "accepted", "d0003": "pushed"}
    assert sorted(place.rows()) == [1, 2, 4, 5, 6]


def test_the_journal_holds_the_feature_before_and_after_who_said_so_and_which_model(town, push, house):
    place = town()
    path = place.flags(("reshape", 1, house(0, size=5), {"building": "barn"}))
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("UPDATE rounds SET model = 'compact U-Net, seed 1'")
        ledger.commit()
    before = place.rows()[1]
    push(place)
    ((shape, values, new_shape, new_values, model, reviewer),) = place.lines(
        "before_wkb", "before_json", "after_wkb", "after_json", "model", "reviewer")
    assert [geometry_of(wkb).area() for wkb in (shape, new_shape)] == pytest.approx([64, 25])
    assert json.loads(values) == before
    assert json.loads(new_values) == before | {"building": "barn"}
    assert (model, reviewer) == ("compact U-Net, seed 1", "Zoë")


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_what_a_filter_hides_is_not_added_again(town, house, push, suffix):
    """A feature that is there already is found behind the filter of the layer; the filter stays."""
    place = town(suffix=suffix)
    place.flags(("add", None, house(1), {"building": "house"}), ("add", None, house(100), {"building": "house"}))
    layer = place.layer()
    assert layer.setSubsetString("osm_id >= 1003")
    with pytest.raises(QgsProcessingException, match=r"has such a feature already .*filter hides"):
        push(place, TARGET=layer)
    assert len(place.rows()) == 7
    assert layer.subsetString() == "osm_id >= 1003"
