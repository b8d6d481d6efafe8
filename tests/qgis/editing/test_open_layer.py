"""Accepted edits in the buffer of a layer that its user is editing: theirs to keep, change, save or discard."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import Qgis, QgsCoordinateTransformContext, QgsGeometry, QgsProject

from geoloop.core.errors import InputError
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing import open_layer as module
from geoloop.processing_provider.editing.columns import RefusalError
from geoloop.processing_provider.editing.open_layer import OpenLayer


@pytest.fixture
def editing():
    """Put the accepted edits of a town into its layer, which is in edit mode: layer, edits in it, what was warned."""
    opened = []

    def start(place, layer=None):
        layer = layer or place.layer()
        layer.startEditing()
        warned: list[str] = []
        buffer = OpenLayer(layer, place.ledger_path(), QgsCoordinateTransformContext(), warned.append)
        opened.append(buffer)
        with Ledger.open(place.ledger_path()) as ledger:
            edits, source = plan_push(ledger, place.name), ledger.source(place.name)
        return layer, buffer, buffer.apply(edits, source), warned

    yield start
    for buffer in opened:
        buffer.let_go()


def steps(layer):
    return [layer.undoStack().text(at) for at in range(layer.undoStack().count())]


def refuse(path, table, on):
    """Let the file refuse a change, as a rule of the database would that QGIS does not know of."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(f'CREATE TRIGGER refuse BEFORE {on} ON "{table}" BEGIN SELECT RAISE(ABORT, \'no\'); END')
        database.commit()


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_saved_edits_are_journalled_whatever_the_format_and_can_be_undone(town, editing, undo, house, suffix):
    place = town(suffix=suffix)
    before = sorted(place.signatures().values())
    first = min(place.signatures())
    place.flags(("delete", first, None, {}), ("retag", first + 1, None, {"building": "barn"}),
                ("reshape", first + 2, house(2, size=5), {}), ("add", None, house(30), {"building": "shed"}))
    layer, _, became, warned = editing(place)
    assert not [one for one in became.values() if isinstance(one, RefusalError)]
    assert len(steps(layer)) == 4
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 4
    assert set(place.status().values()) == {"pushed"}
    assert warned == []
    undo(place)
    assert sorted(place.signatures().values()) == before


def test_what_the_user_changes_further_is_part_of_what_is_journalled(town, editing, undo):
    place = town()
    before = place.signatures()
    place.flags(("retag", 1, None, {"building": "barn"}))
    layer, *_ = editing(place)
    layer.changeAttributeValue(1, layer.fields().indexOf("height"), 9.0)
    assert layer.commitChanges()
    with Ledger.open(place.ledger_path()) as ledger:
        (line,) = ledger.journal.plan_undo(place.name, "all")
    assert (line.after_values["building"], line.after_values["height"]) == ("barn", 9.0)
    undo(place)
    assert place.signatures() == before


def test_saving_twice_while_editing_goes_on_journals_each_edit_once(town, editing):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    layer, *_ = editing(place)
    assert layer.commitChanges(False)
    assert layer.isEditable()
    layer.deleteFeature(5)
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 2


def test_a_save_that_fails_and_is_given_up_leaves_whole_edits_or_none(town, editing, house):
    """QGIS persists geometries before the file refuses a value: the geometry must go back with it."""
    place = town()
    before = place.signatures()
    refuse(place.path, place.name, "UPDATE OF building")
    place.flags(("reshape", 1, house(0, size=3), {"building": "barn"}), ("reshape", 2, house(1, size=3), {}))
    layer, *_ = editing(place)
    assert not layer.commitChanges()
    assert layer.isEditable()
    assert layer.rollBack()
    now, states = place.signatures(), {uid: state for uid, state, _ in place.journal()}
    assert now[1] == before[1]
    assert states["d0000"] == "failed"
    assert (now[2] != before[2]) == (states["d0001"] == "committed")
    assert place.status()["d0000"] == "accepted"


def test_a_save_that_fails_and_is_mended_is_journalled_once(town, editing):
    place = town()
    refuse(place.path, place.name, "DELETE")
    place.flags(("delete", 1, None, {}), ("retag", 2, None, {"building": "barn"}))
    layer, *_ = editing(place)
    assert not layer.commitChanges()
    with closing(sqlite3.connect(place.path)) as database:
        database.execute("DROP TRIGGER refuse")
        database.commit()
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 2
    assert 1 not in place.signatures()


def test_a_ledger_that_is_held_while_the_user_saves_gets_its_lines_with_the_next_save(town, editing, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    layer, _, _, warned = editing(place)
    other = sqlite3.connect(place.ledger_path(), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert layer.commitChanges(False)
    assert all("not in the journal yet" in line for line in warned)
    assert warned
    other.execute("ROLLBACK")
    other.close()
    layer.deleteFeature(5)
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 2


def test_what_the_journal_cannot_hold_is_told_and_saved_all_the_same(town, editing, monkeypatch):
    place = town()
    place.flags(("delete", 1, None, {}), ("retag", 2, None, {"building": "barn"}))
    layer, _, _, warned = editing(place)

    def refuse(*_):
        raise InputError("An attribute holds what the journal cannot keep.")

    monkeypatch.setattr(module.Image, "of", refuse)
    assert layer.commitChanges()
    monkeypatch.undo()
    assert 1 not in place.signatures()
    assert len([line for line in warned if "the journal cannot keep" in line]) == 1
    layer.startEditing()
    layer.deleteFeature(5)
    assert layer.commitChanges()
    assert len(warned) == 1


def test_topological_editing_pulls_neighbours_along_and_both_are_one_step(town, editing, undo, house):
    place = town(houses=2)
    layer = place.layer()
    layer.startEditing()  # house 2 moves beside house 1, wall to wall
    layer.changeGeometry(2, QgsGeometry.fromWkt(
        "POLYGON ((500008 5500000, 500016 5500000, 500016 5500008, 500008 5500008, 500008 5500000))"))
    assert layer.commitChanges()
    before = place.signatures()
    place.flags(("move", 1, house(0, shift=2), {}))
    QgsProject.instance().setTopologicalEditing(True)
    try:
        layer, _, became, _ = editing(place)
    finally:
        QgsProject.instance().setTopologicalEditing(False)
    assert [change.along for change in became["d0000"]] == ["", "neighbour"]
    assert len(steps(layer)) == 1
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 2
    assert layer.getFeature(2).geometry().boundingBox().xMinimum() == pytest.approx(500_010, abs=0.01)
    undo(place)
    assert place.signatures() == before


def test_a_layer_not_in_edit_mode_or_in_a_transaction_group_is_refused(town, editing):
    place = town()
    place.flags(("delete", 1, None, {}))
    layer, buffer, *_ = editing(place)
    layer.rollBack()
    with Ledger.open(place.ledger_path()) as ledger:
        edits, source = plan_push(ledger, place.name), ledger.source(place.name)
    with pytest.raises(InputError, match="not in edit mode"):
        buffer.apply(edits, source)
    QgsProject.instance().setTransactionMode(Qgis.TransactionMode.BufferedGroups)
    try:
        layer.startEditing()
        with pytest.raises(InputError, match="transaction groups"):
            buffer.apply(edits, source)
        layer.rollBack()
    finally:
        QgsProject.instance().setTransactionMode(Qgis.TransactionMode.Disabled)
