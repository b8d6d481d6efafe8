"""A commit that fails, in whole or in part, leaves every decision whole or undone, and the journal knows which."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from osgeo import ogr
from qgis.core import QgsCoordinateTransformContext, QgsFeature, QgsGeometry, QgsProcessingException

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing import commit as commit_module
from geoloop.processing_provider.editing import push as push_module
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.open_layer import OpenLayer
from geoloop.processing_provider.editing.recovery import recover
from geoloop.processing_provider.editing.stand_in import StandIn


def add_trigger(path, table, when, on):
    """Let the file refuse some rows, as a rule of the database would that QGIS does not know of."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(f'CREATE TRIGGER refuse_{on.split()[0].lower()} BEFORE {on} ON "{table}" WHEN {when} '
                         "BEGIN SELECT RAISE(ABORT, 'not allowed here'); END")
        database.commit()


@pytest.mark.parametrize("count", [2, 7, 40])
def test_one_refused_addition_leaves_the_others_written(town, push, undo, house, count):
    place = town()
    before = place.signatures()
    add_trigger(place.path, place.name, "NEW.building = 'bad'", "INSERT")
    place.flags(
        ("retag", 1, None, {"building": "church"}),
        ("delete", 2, None, {}),
        ("reshape", 3, house(2, size=3), {}),
        *(("add", None, house(100 + n), {"building": "bad" if n == count - 1 else "barn"}) for n in range(count)),
    )
    with pytest.raises(QgsProcessingException, match=r"1 of \d+ edits were not applied(.|\n)*not allowed here"):
        push(place)
    rows = place.rows()
    assert rows[1]["building"] == "church"
    assert 2 not in rows
    assert sum(row["building"] == "barn" for row in rows.values()) == count - 1
    assert sorted(place.states()) == ["committed"] * (count + 2) + ["failed"]
    undo(place)
    assert place.signatures() == before


def test_an_edit_of_geometry_and_values_is_never_half_applied(town, push, house):
    """QGIS persists the geometry before the database refuses the value: the geometry must go back."""
    place = town()
    before = place.signatures()
    add_trigger(place.path, place.name, "NEW.building = 'bad'", "UPDATE OF building")
    place.flags(
        ("reshape", 1, house(0, size=3), {"building": "bad"}),
        ("reshape", 2, house(1, size=3), {"building": "barn"}),
        ("delete", 3, None, {}),
    )
    with pytest.raises(QgsProcessingException, match="1 of 3 edits"):
        push(place)
    after = place.signatures()
    assert after[1] == before[1]
    assert after[2] != before[2]
    assert 3 not in after
    assert place.states() == ["failed", "committed", "committed"]


def test_a_value_missing_where_one_must_be_is_found_before_the_commit(town, push, house):
    place = town(constraints="building")
    adds = [("add", None, house(100 + n), {"building": "barn"}) for n in range(9)]
    place.flags(*adds, ("add", None, house(200), {"height": 3.0}))
    with pytest.raises(QgsProcessingException, match=r"1 of 10 edits(.|\n)*d0009(.|\n)*building"):
        push(place)
    assert len(place.rows()) == 15
    assert place.states() == ["committed"] * 9 + ["failed"]


def test_a_setting_to_null_of_a_column_that_refuses_it_is_told(town, push):
    place = town(constraints="building")
    place.flags(("set_value", 1, None, {"building": None}))
    with pytest.raises(QgsProcessingException, match="building"):
        push(place)
    assert place.rows()[1]["building"] == "house"


def test_a_push_that_breaks_off_brings_the_file_back(town, push, monkeypatch):
    place = town()
    before = place.signatures()
    add_trigger(place.path, place.name, "NEW.building = 'bad'", "UPDATE OF building")
    place.flags(("retag", 1, None, {"building": "church"}), ("retag", 2, None, {"building": "bad"}),
                ("delete", 3, None, {}), ("retag", 4, None, {"building": "church"}))

    def fails(*_arguments):
        raise commit_module.HalfAppliedError("half of it stays")

    monkeypatch.setattr(commit_module, "settle", fails)
    with pytest.raises(QgsProcessingException, match="half of it stays"):
        push(place)
    assert place.signatures() == before
    assert place.states() == ["failed"] * 4
    assert [path.name for path in place.folder.iterdir() if ".before-" in path.name] == []


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_push_cut_off_before_the_commit_is_known_to_have_done_nothing(town, push, house, suffix, monkeypatch):
    place = town(suffix=suffix)
    before, ids = place.signatures(), sorted(place.signatures())
    place.flags(
        ("retag", ids[0], None, {"building": "church"}), ("add", None, house(100), {}), ("delete", ids[2], None, {})
    )
    cut_off(place, push, monkeypatch, commit_first=False)
    assert place.states() == ["planned"] * 3
    layer = place.layer()
    with Ledger.open(place.ledger_path()) as ledger:
        assert recover(layer, ledger, layer_address(layer), Feedback()) == 3
    assert place.states() == ["failed"] * 3
    assert sorted(place.signatures().values()) == sorted(before.values())
    assert set(place.status().values()) == {"accepted"}


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_push_cut_off_after_the_commit_is_known_to_stand_and_can_be_undone(
    town, push, undo, house, suffix, monkeypatch
):
    place = town(suffix=suffix)
    before, ids = place.signatures(), sorted(place.signatures())
    place.flags(
        ("retag", ids[0], None, {"building": "church"}), ("add", None, house(100), {}), ("delete", ids[2], None, {})
    )
    cut_off(place, push, monkeypatch, commit_first=True)
    assert place.states() == ["planned"] * 3
    assert undo(place)["UNDONE"] == 3
    assert sorted(place.signatures().values()) == sorted(before.values())


def test_a_commit_cut_off_between_geometries_and_values_is_taken_back(town, push, house, monkeypatch):
    place = town()
    before = place.signatures()
    place.flags(("reshape", 1, house(0, size=3), {"building": "church"}), ("delete", 2, None, {}))
    cut_off(place, push, monkeypatch, commit_first=False)
    layer = place.layer()
    layer.dataProvider().changeGeometryValues({1: QgsGeometry.fromWkt(house(0, size=3))})
    with Ledger.open(place.ledger_path()) as ledger:
        recover(layer, ledger, layer_address(layer), Feedback())
    assert place.signatures() == before
    assert place.states() == ["failed", "failed"]


def cut_off(place, push, monkeypatch, *, commit_first):
    """End a push as a killed process would, right before or right after its commit reached the layer's file."""
    take_place = StandIn.take_place

    def killed(layer, changes, restore):
        if commit_first:
            assert layer.commitChanges()
        else:
            layer.rollBack()
        raise KeyboardInterrupt

    def killed_in_place(stand_in, layer):
        take_place(stand_in, layer)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if commit_first and place.suffix != ".gpkg":
            patch.setattr(StandIn, "take_place", killed_in_place)
        else:
            patch.setattr(push_module, "commit", killed)
        patch.setattr(push_module.Push, "_break_off", lambda *_: None)
        patch.setattr(StandIn, "drop", lambda _: False)
        with pytest.raises(QgsProcessingException, match="KeyboardInterrupt"):
            push(place)


def test_a_provider_that_rounds_what_it_is_given_is_journalled_as_it_stands(town, push, undo):
    """A trigger of the file changes another column: that is what undo must find and take back."""
    place = town()
    before = place.signatures()
    with closing(sqlite3.connect(place.path)) as database:
        database.execute(f'CREATE TRIGGER stamp AFTER UPDATE OF building ON "{place.name}" BEGIN UPDATE "{place.name}" '
                         "SET height = height + 1 WHERE fid = NEW.fid; END")
        database.commit()
    place.flags(("retag", 1, None, {"building": "church"}))
    assert push(place)["APPLIED"] == 1
    assert place.rows()[1]["height"] == 5.5
    with closing(sqlite3.connect(place.path)) as database:
        database.execute("DROP TRIGGER stamp")
        database.commit()
    undo(place)
    assert place.signatures() == before


def test_undo_that_the_file_refuses_leaves_the_edit_pushed(town, push, undo):
    place = town()
    place.flags(("retag", 1, None, {"building": "church"}), ("retag", 2, None, {"building": "church"}))
    push(place)
    add_trigger(place.path, place.name, "NEW.fid = 1", "UPDATE OF building")
    with pytest.raises(QgsProcessingException, match=r"1 of 2 edits were not taken back(.|\n)*not allowed here"):
        undo(place)
    assert place.status() == {"d0000": "pushed", "d0001": "undone"}
    assert [place.rows()[i]["building"] for i in (1, 2)] == ["church", "house"]


def test_an_undone_deletion_gets_a_new_id_where_its_own_is_taken(town, push, undo, edit_by_hand):
    place = town()
    before = place.signatures()
    place.flags(("retag", 6, None, {"building": "church"}))
    push(place)
    with Ledger.open(place.ledger_path()) as ledger:
        flag_again(ledger, place, "delete")
    push(place)

    def take_the_id(layer):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([6, 1, "new", None, None])
        feature.setGeometry(QgsGeometry.fromWkt("POLYGON ((0 0, 1 0, 1 1, 0 0))"))
        layer.addFeature(feature)

    edit_by_hand(place.layer(), take_the_id)
    assert undo(place, "last")["UNDONE"] == 1
    assert "instead of 6" in place.journal()[-1][2]
    assert undo(place, "all")["UNDONE"] == 1  # the earlier edit of the same feature follows it to its new id
    after = place.signatures()
    assert after.pop(7) == before.pop(6)
    del after[6]
    assert after == before


def flag_again(ledger, place, edit):
    """A second round that flags the feature 6 as it stands now."""
    from geoloop.core.ledger import Discrepancy, Round, SourceRow
    from geoloop.processing_provider.editing.image import watched_signature

    layer = place.layer()
    ledger.add_round(Round("flag", 1, {}), [SourceRow("map", place.name, str(place.path))], (), [Discrepancy(
        uid="second", source="map", target_layer=place.name, kind="obsolete", edit=edit, probability=0.9, proposal=None,
        target_key="6", signature=watched_signature(layer.getFeature(6), layer, {}))])
    ledger.decide(["second"], "accept")


def test_undo_of_several_pushes_brings_a_feature_back_through_all_its_states(town, push, undo):
    place = town()
    before = place.signatures()
    place.flags(("retag", 6, None, {"building": "church"}), ("set_value", 6, None, {"height": 1.0}))
    push(place)
    with Ledger.open(place.ledger_path()) as ledger:
        flag_again(ledger, place, "delete")
    push(place)
    assert undo(place, "all")["UNDONE"] == 3
    assert place.signatures() == before


def test_a_geometry_of_another_type_is_refused(town, push):
    place = town()
    place.flags(("add", None, "POINT (500000 5500000)", {}),
                ("add", None, "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", {}),
                ("add", None, "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0)), ((20 0, 29 0, 29 9, 20 0)))", {}))
    with pytest.raises(QgsProcessingException, match=r"holds Polygon, the proposal is Point(.|\n)*invalid"):
        push(place)
    assert len(place.rows()) == 6


@pytest.mark.parametrize("wkb_type", [ogr.wkbMultiPolygon, ogr.wkbPolygon25D])
def test_a_simple_polygon_fits_a_layer_of_parts_or_heights(town, push, undo, house, wkb_type):
    place = town(wkb_type=wkb_type)
    before = place.signatures()
    place.flags(("add", None, house(100), {}), ("move", 1, house(0, shift=2), {}), ("reshape", 2, house(1, size=3), {}))
    assert push(place)["APPLIED"] == 3
    for feature in place.layer().getFeatures():
        shape = feature.geometry()
        assert shape.isMultipart() == (wkb_type == ogr.wkbMultiPolygon)
        if wkb_type == ogr.wkbPolygon25D:
            assert {vertex.z() for vertex in shape.vertices()} == {7.5 if feature.id() < 7 else 0.0}
    undo(place)
    assert place.signatures() == before


def half_written(place, house):
    """A shapefile in QGIS's own edit mode; saving was cut off when the geometry was written and the value was not."""
    place.flags(("reshape", 0, house(0, size=3), {"building": "church"}), ("delete", 1, None, {}))
    layer = place.layer()
    layer.startEditing()
    buffer = OpenLayer(layer, place.ledger_path(), QgsCoordinateTransformContext(), pytest.fail)
    with Ledger.open(place.ledger_path()) as ledger:
        buffer.apply(plan_push(ledger, place.name), ledger.source(place.name))
    layer.beforeCommitChanges.emit(True)
    buffer.let_go()
    layer.rollBack()
    place.layer().dataProvider().changeGeometryValues({0: QgsGeometry.fromWkt(house(0, size=3))})


def recovered(place):
    layer = place.layer()
    with Ledger.open(place.ledger_path()) as ledger:
        return recover(layer, ledger, layer_address(layer), Feedback())


def test_half_of_an_edit_in_a_shapefile_is_taken_back_with_the_whole_file(town, house):
    place = town(suffix=".shp")
    before = place.signatures()
    half_written(place, house)
    assert place.signatures() != before
    assert recovered(place) == 2
    assert place.signatures() == before
    assert place.states() == ["failed", "failed"]
    assert not [path for path in place.folder.iterdir() if " before " in path.name or ".before-" in path.name]


def test_what_somebody_edited_since_a_shapefile_was_half_written_is_not_lost(town, house, edit_by_hand):
    """The file cannot be put back without losing it: the copy stays, and the journal says where."""
    place = town(suffix=".shp")
    half_written(place, house)
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(5, it.fields().lookupField("building"), "garage"))
    assert recovered(place) == 2
    assert place.rows()[5]["building"] == "garage"
    copies = [path for path in place.folder.iterdir() if " before " in path.name]
    assert len(copies) == 1
    assert copies[0].name in place.journal()[0][2]
    assert place.states() == ["failed", "failed"]
    assert "pushed" not in place.status().values()
