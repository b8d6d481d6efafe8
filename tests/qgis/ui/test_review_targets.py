"""Accepted edits in the user's own layer: as undo steps of the layer in edit mode, or pushed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from qgis.core import QgsGeometry, QgsRectangle

from geoloop.core.errors import LedgerError
from geoloop.core.ledger import Ledger
from geoloop.core.ledger import queue as table
from geoloop.ui.review import reading
from geoloop.ui.review.layers_menu import LayersMenu

from .conftest import square

X0, Y0 = 500_000.0, 5_500_000.0


def ids(layer):
    return sorted(feature.id() for feature in layer.getFeatures())


@pytest.fixture
def editing(dock, street):
    """Three flags that something is gone, and their layer in edit mode."""
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    layer = town.layer()
    assert layer.startEditing()
    return town, layer


def test_an_accepted_edit_is_one_named_step_of_the_layer_that_is_being_edited(dock, editing, press):
    town, layer = editing
    press("A")
    assert ids(layer) == [2, 3, 4, 5, 6]
    assert layer.undoStack().count() == 1
    assert layer.undoStack().text(0) == "Delete house 1 (obsolete)"
    assert "to be saved or undone there" in dock.message.text()
    layer.undoStack().undo()
    assert ids(layer) == [1, 2, 3, 4, 5, 6]
    assert town.statuses()["d0"] == "accepted"


def test_a_decision_that_its_layer_cannot_follow_is_recorded_and_the_review_goes_on(dock, street, press):
    town = street(settings={"may_edit": False}, apart=20)
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    layer = town.layer()
    layer.startEditing()
    first = dock.reading.current.uid
    dock.take_along()
    press("A")
    assert [(uid, said) for uid, said, *_ in town.decisions()] == [("d0", "accept"), ("d1", "accept")]
    assert dock.reading.current.uid not in ("d0", "d1")
    assert first in ("d0", "d1")
    assert dock.message.text().count("is as it was") == 2
    assert "may_edit" in dock.message.text()
    layer.rollBack()


def test_a_decision_after_which_the_next_page_cannot_be_read_is_shown_as_made(dock, street, press, monkeypatch):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))

    def held(*_):
        raise LedgerError("The ledger is held.")

    monkeypatch.setattr(reading, "next_open", held)
    press("A")
    assert (dock.reading.current.uid, dock.reading.current.decision) == ("d0", "accept")
    assert "is held" in dock.message.text()
    assert not dock.reading.can_go_back
    monkeypatch.undo()
    press("S", "R")
    assert [(uid, said) for uid, said, *_ in town.decisions()] == [("d0", "accept"), ("d1", "reject")]


def test_it_is_journalled_as_pushed_when_the_user_saves(dock, editing, press):
    town, layer = editing
    press("A", "R", "A")
    assert town.journal() == []
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed"), ("d2", "committed")]
    assert town.statuses() == {"d0": "pushed", "d1": "rejected", "d2": "pushed"}


def test_it_is_journalled_though_the_review_was_closed_before_the_user_saves(dock, editing, press):
    town, layer = editing
    press("A", "A")
    dock.close_ledger()
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed"), ("d1", "committed")]
    layer.startEditing()
    layer.deleteFeature(6)
    assert layer.commitChanges()
    assert len(town.journal()) == 2


def test_a_review_opened_again_knows_what_waits_in_the_buffer(dock, editing, press):
    town, layer = editing
    press("A", "A")
    dock.open_ledger(town.ledger)
    press("A")
    dock.push(layer.name())
    assert "0 edits are in" in dock.message.text()
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed"), ("d1", "committed"), ("d2", "committed")]


def test_a_review_opened_again_takes_out_of_the_buffer_what_is_decided_otherwise(dock, street, press):
    town = street(apart=20)
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    layer = town.layer()
    layer.startEditing()
    press("A")
    (accepted,) = [item.uid for item in dock.reading.items if item.decision == "accept"]
    dock.open_ledger(town.ledger)
    dock.choose([item.uid for item in dock.reading.items].index(accepted))
    press("R")
    assert ids(layer) == [1, 2, 3, 4, 5, 6]
    assert town.statuses()[accepted] == "rejected"
    layer.rollBack()


@pytest.fixture
def asked_again(dock, street, press):
    """A house that was accepted as missing stands in the buffer, and a new queue asks for it once more."""
    town = street()
    dock.open_ledger(town.write([town.flag(0, kind="missing", edit="add", target_key=None, signature=None, before=None,
                                           before_values={}, proposal=square(90, 90)), town.flag(1)]))
    layer = town.layer()
    layer.startEditing()
    press("A")
    with Ledger.open(town.ledger) as ledger:
        table.write(ledger, [replace(row, page=row.rank) for row in table.rows(ledger)], (), (),
                    table.decisions(ledger)[-1].id)
    dock.open_ledger(town.ledger)
    assert (dock.reading.current.uid, dock.reading.current.decision) == ("d0", "")
    assert len(ids(layer)) == 7
    yield town, layer
    layer.rollBack()


def test_what_is_accepted_once_more_is_not_added_twice(asked_again, press):
    town, layer = asked_again
    press("A")
    assert len(ids(layer)) == 7
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed")]


def test_what_is_rejected_when_it_is_asked_again_leaves_the_buffer(asked_again, press):
    town, layer = asked_again
    press("R")
    assert len(ids(layer)) == 6
    assert layer.commitChanges()
    assert town.journal() == []
    assert town.statuses()["d0"] == "rejected"


def test_what_the_user_discards_after_the_review_was_closed_is_only_decided(dock, editing, press):
    town, layer = editing
    press("A")
    dock.close_ledger()
    assert layer.rollBack()
    layer.startEditing()
    layer.deleteFeature(6)
    assert layer.commitChanges()
    assert town.journal() == []


def test_what_the_user_undid_before_saving_is_not_journalled_and_can_be_pushed_later(dock, editing, press):
    town, layer = editing
    press("A", "A")
    layer.undoStack().undo()
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed")]
    assert town.statuses()["d1"] == "accepted"


def test_what_the_user_discards_is_only_decided(dock, editing, press):
    town, layer = editing
    press("A")
    assert layer.rollBack()
    assert town.journal() == []
    assert town.statuses()["d0"] == "accepted"


def test_what_was_saved_from_the_users_buffer_can_be_undone(dock, editing, press):
    town, layer = editing
    press("A", "A")
    assert layer.commitChanges()
    dock.undo_push(layer.name())
    assert "2 edits were taken back" in dock.message.text()
    assert len(ids(layer)) == 6
    assert {state for _, state in town.journal()} == {"undone"}


def test_another_word_takes_the_edit_out_of_the_buffer_again(dock, editing, press):
    town, layer = editing
    press("A", "B", "R")
    assert ids(layer) == [1, 2, 3, 4, 5, 6]
    assert town.statuses()["d0"] == "rejected"


def test_an_edit_that_other_steps_came_after_is_left_and_told(dock, editing, press):
    _, layer = editing
    press("A")
    layer.beginEditCommand("by hand")
    layer.deleteFeature(6)
    layer.endEditCommand()
    press("B", "R")
    assert "Undo it there" in dock.message.text()
    assert ids(layer) == [2, 3, 4, 5]


@pytest.mark.parametrize("is_edited_on", [True, False])
def test_an_edit_that_was_saved_stands_whatever_is_said_later_and_that_is_told(dock, editing, press, is_edited_on):
    town, layer = editing
    press("A")
    assert layer.commitChanges(stopEditing=not is_edited_on)
    press("B", "R")
    assert "is saved in" in dock.message.text()
    assert "d0" in dock.message.text()
    assert ids(layer) == [2, 3, 4, 5, 6]
    assert town.statuses()["d0"] == "pushed"
    layer.rollBack()


def test_a_feature_that_was_changed_since_stays_as_it_is(dock, editing, press):
    town, layer = editing
    layer.changeGeometry(1, QgsGeometry.fromRect(QgsRectangle(X0 - 30, Y0, X0 - 20, Y0 + 8)))
    press("A")
    assert "is as it was" in dock.message.text()
    assert 1 in ids(layer)
    assert town.decisions()[0][:2] == ("d0", "accept")


def test_the_changed_proposal_is_what_gets_into_the_layer_and_the_journal(dock, street, press):
    town = street()
    flag = town.flag(0, kind="wrong_class", edit="retag", class_proposed="garage", after_values={"building": "garage"})
    dock.open_ledger(town.write([flag]))
    layer = town.layer()
    layer.startEditing()
    press("E")
    dock.amending.fields["building"].setCurrentText("shed")
    press("Enter")
    assert layer.getFeature(1)["building"] == "shed"
    assert layer.undoStack().text(0) == "Reclassify house 1 to shed (wrong class)"
    assert layer.commitChanges()
    assert town.journal() == [("d0", "committed")]


def test_an_added_house_is_journalled_with_the_id_it_got(dock, street, press):
    from geoloop.core.ledger import Ledger

    town = street()
    outline = bytes(QgsGeometry.fromRect(QgsRectangle(X0 + 20, Y0, X0 + 30, Y0 + 10)).asWkb())
    flag = town.flag(0, kind="missing", edit="add", proposal=outline, before=None, target_key=None, signature=None,
                     before_values={}, class_now=None, class_proposed="house", after_values={"building": "house"})
    dock.open_ledger(town.write([flag]))
    layer = town.layer()
    layer.startEditing()
    press("A")
    assert layer.commitChanges()
    with Ledger.open(town.ledger) as ledger:
        assert [tuple(row) for row in ledger.read("SELECT fid, state FROM edits")] == [(7, "committed")]
    dock.undo_push(layer.name())
    assert ids(layer) == [1, 2, 3, 4, 5, 6]


def test_pushing_writes_what_was_accepted_into_the_project_layer(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    layer = town.layer()
    press("A", "R", "A")
    assert ids(layer) == [1, 2, 3, 4, 5, 6]
    dock.layers_menu.aboutToShow.emit()
    push = next(action for action in dock.layers_menu.actions() if action.text().startswith("Push 2"))
    push.trigger()
    assert "2 edits were applied" in dock.message.text()
    assert ids(layer) == [2, 4, 5, 6]
    assert town.statuses() == {"d0": "pushed", "d1": "rejected", "d2": "pushed"}
    dock.undo_push(layer.name())
    assert len(ids(layer)) == 6


def test_an_ampersand_in_a_layers_name_is_seen_in_the_menu(dock):
    menu = LayersMenu(dock)
    menu.fill({"Häuser & Wege": 2})
    texts = [action.text() for action in menu.actions()]
    assert sum("Häuser && Wege" in text for text in texts) == 3


def test_pushing_into_a_layer_that_is_being_edited_fills_its_undo_list(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    press("A", "A")
    layer = town.layer()
    layer.startEditing()
    dock.push(layer.name())
    assert [layer.undoStack().text(at) for at in range(layer.undoStack().count())] == [
        "Delete house 1 (obsolete)", "Delete house 2 (obsolete)"]
    dock.push(layer.name())
    assert layer.undoStack().count() == 2


def test_a_layer_in_another_crs_gets_the_edit_in_its_own(dock, street, press):
    town = street(crs="EPSG:4326")
    outline = bytes(QgsGeometry.fromRect(QgsRectangle(X0 + 20, Y0, X0 + 30, Y0 + 10)).asWkb())
    flag = town.flag(0, kind="missing", edit="add", proposal=outline, before=None, target_key=None, signature=None,
                     before_values={}, class_now=None, class_proposed="house", after_values={"building": "house"})
    dock.open_ledger(town.write([flag]))
    layer = town.layer()
    layer.startEditing()
    press("A")
    added = next(feature for feature in layer.getFeatures() if feature.id() < 0)
    assert 14.9 < added.geometry().boundingBox().xMinimum() < 15.1
    layer.rollBack()


def test_the_users_table_of_columns_is_asked_for_kept_with_the_layer_and_used(dock, street, press):
    town = street()
    flags = [town.flag(n, kind="wrong_class", edit="retag", class_proposed="barn", after_values={"use": "barn"})
             for n in range(2)]
    dock.open_ledger(town.write(flags))
    layer = town.layer()
    dialog = dock.ask_for_columns(layer.name())
    assert list(dialog.boxes) == ["use"]
    assert dialog.boxes["use"].currentText() == "none"
    dialog.boxes["use"].setCurrentText("building")
    dialog.accept()
    assert json.loads(layer.customProperty("geoloop/columns")) == {"use": "building"}
    layer.startEditing()
    press("A")
    assert layer.getFeature(1)["building"] == "barn"
    assert layer.commitChanges()
    press("A")
    dock.push(layer.name())
    assert layer.getFeature(2)["building"] == "barn"
    again = dock.ask_for_columns(layer.name())
    assert again.boxes["use"].currentText() == "building"
    again.boxes["use"].setCurrentIndex(0)
    again.accept()
    assert layer.customProperty("geoloop/columns") is None


def test_a_table_that_names_a_column_which_is_gone_is_told(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(0, edit="retag", after_values={"use": "barn"})]))
    layer = town.layer()
    layer.setCustomProperty("geoloop/columns", '{"use": "storeys"}')
    layer.startEditing()
    press("A")
    assert "use goes into storeys" in dock.message.text()
    assert layer.undoStack().count() == 0
    layer.rollBack()
