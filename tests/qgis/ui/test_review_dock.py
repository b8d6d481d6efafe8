"""The review dock, driven by keys as a reviewer does, on real ledgers and layers."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject
from qgis.gui import QgsMapTool


def current(dock):
    item = dock.reading.current
    return None if item is None else item.uid or item.key


def test_it_shows_the_first_item_of_the_queue_and_what_speaks_for_it(dock, street):
    town = street()
    dock.open_ledger(town.write([town.flag(0), town.flag(1)]))
    assert current(dock) == "d0"
    assert dock.card.kind.text() == "obsolete"
    assert "No roof at 0." in dock.card.evidence.text()
    assert "house" in dock.card.question.text()
    assert dock.card.probability.share == pytest.approx(0.9)
    assert "12 % house" in dock.card.table.text()
    assert "2 of 2 left" in dock.tally.text.text()


def test_a_key_decides_and_goes_on_to_the_next(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(4)]))
    press("A", "R", "U")
    assert town.decisions() == [("d0", "accept", "Zoë", "queue"), ("d1", "reject", "Zoë", "queue"),
                                ("d2", "unsure", "Zoë", "queue")]
    assert current(dock) == "d3"
    assert "1 of 4 left" in dock.tally.text.text()
    assert "3 in the last hour" in dock.tally.text.text()


class DrawingTool(QgsMapTool):
    """As QGIS's tools that edit a layer."""

    def flags(self):
        return QgsMapTool.Flag.EditTool


def test_where_somebody_draws_on_the_map_keys_are_the_tool_s(dock, street, press, canvas):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    tool = DrawingTool(canvas)
    canvas.setMapTool(tool)
    press("A", "R", "Backspace", where=canvas)
    assert town.decisions() == []
    press("R")
    canvas.unsetMapTool(tool)
    press("A", where=canvas)
    assert [row[:2] for row in town.decisions()] == [("d0", "reject"), ("d1", "accept")]


def test_keys_work_on_the_map_too(dock, street, press, canvas):
    town = street()
    dock.open_ledger(town.write([town.flag(0), town.flag(1)]))
    press("R", where=canvas)
    assert town.decisions() == [("d0", "reject", "Zoë", "queue")]


def test_letters_are_letters_where_somebody_writes(dock, street, press, qtbot):
    town = street()
    dock.open_ledger(town.write([town.flag(0), town.flag(1)]))
    dock.activateWindow()
    dock.reviewer.setFocus()
    qtbot.waitUntil(dock.reviewer.hasFocus, timeout=2000)
    press("A", where=dock.reviewer)
    assert town.decisions() == []
    assert dock.reviewer.text().lower().endswith("a")


def test_seconds_are_those_spent_looking(dock, street, press, qtbot):
    town = street()
    dock.open_ledger(town.write([town.flag(0), town.flag(1)]))
    qtbot.wait(150)
    dock.hide()
    qtbot.wait(400)
    dock.show()
    press("A")
    assert 0.1 <= town.seconds()[0] < 0.5


def test_back_returns_to_what_was_decided_and_a_second_word_is_added(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    press("A", "B")
    assert current(dock) == "d0"
    assert "accepted" in dock.card.name.text()
    press("R")
    assert [row[:2] for row in town.decisions()] == [("d0", "accept"), ("d0", "reject")]
    assert town.statuses()["d0"] == "rejected"
    assert current(dock) == "d1"


def test_what_is_skipped_comes_back_at_the_end(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    press("S", "A", "A")
    assert current(dock) == "d0"
    press("A")
    assert current(dock) is None
    assert "All done" in dock.opening.title.text()


def test_the_map_frames_the_item_with_its_surroundings(dock, street, press, canvas):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    for _ in range(3):
        box = dock.reading.current.box
        view = canvas.extent()
        assert view.xMinimum() < box[0] - 8
        assert view.xMaximum() > box[2] + 8
        assert 40 < view.height() < 120
        press("A")


def test_a_map_in_another_crs_is_framed_and_drawn_on(dock, street, canvas):
    from qgis.core import QgsCoordinateReferenceSystem

    town = street(crs="EPSG:4326")
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    dock.open_ledger(town.write([town.flag(0)]))
    drawn = dock.map_view.overlay.items()[-1]
    assert canvas.extent().contains(drawn.before.boundingBox())
    assert 14 < drawn.before.boundingBox().xMinimum() < 16
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert dock.map_view.overlay.items()[-1].before.boundingBox().xMinimum() > 1_600_000
    assert canvas.extent().contains(dock.map_view.overlay.items()[-1].before.boundingBox())


def test_no_layer_is_added_for_what_is_drawn(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    press("W", "A")
    assert QgsProject.instance().mapLayers() == {}


def test_the_plugin_opens_it_and_leaves_nothing_behind(qgis_app, qgis_iface, street, qtbot):
    from geoloop.plugin import GeoLoopPlugin

    plugin = GeoLoopPlugin(qgis_iface)
    plugin.initGui()
    scene = qgis_iface.mapCanvas().scene()
    before = len(scene.items())
    plugin.show_review_dock()
    dock = plugin._dock
    town = street()
    dock.open_ledger(town.write([town.flag(0)]))
    assert len(scene.items()) == before + 1
    plugin.unload()
    assert len(scene.items()) == before
    QgsProject.instance().cleared.emit()
    qtbot.wait(10)


def test_a_note_goes_with_the_next_decision_alone(dock, street, press, qtbot):
    from geoloop.core.ledger import Ledger

    town = street()
    dock.open_ledger(town.write([town.flag(0), town.flag(1)]))
    dock.activateWindow()
    press("N")
    qtbot.waitUntil(dock.note.hasFocus, timeout=2000)
    qtbot.keyClicks(dock.note, "a shadow")
    press("Enter", where=dock.note)
    press("R", "R")
    with Ledger.open(town.ledger) as ledger:
        reasons = [row[0] for row in ledger.read("SELECT reason FROM decisions ORDER BY id")]
    assert reasons == ["a shadow", ""]


@pytest.mark.parametrize("key", ["S", "Backspace"])
def test_a_note_does_not_go_with_another_item(dock, street, press, key):
    from geoloop.core.ledger import Ledger

    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    press("R")
    dock.note.setText("a shadow")
    press(key, "R")
    with Ledger.open(town.ledger) as ledger:
        reasons = [row[0] for row in ledger.read("SELECT reason FROM decisions ORDER BY id")]
    assert reasons == ["", ""]


def test_a_key_held_down_is_one_decision(dock, street):
    from qgis.PyQt.QtCore import QEvent, Qt
    from qgis.PyQt.QtGui import QKeyEvent
    from qgis.PyQt.QtWidgets import QApplication

    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(5)]))
    for repeats in (False, True, True):
        QApplication.sendEvent(dock, QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", repeats))
    assert len(town.decisions()) == 1


def test_a_lesson_for_the_imagery_is_decided_and_edits_no_layer(dock, street, press):
    town = street()
    patch = town.flag(0, source="imagery", target_layer="image", edit="label_patch", kind="wrong_class",
                      target_key=None, signature=None, before=None)
    dock.open_ledger(town.write([patch, town.flag(1, probability=0.1)]))
    town.layer().startEditing()
    assert "Imagery “image”" in dock.card.table.text()
    press("A")
    assert town.decisions()[0][:2] == ("d0", "accept")
    assert current(dock) == "d1"
