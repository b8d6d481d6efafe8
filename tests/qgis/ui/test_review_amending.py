"""Changing what is proposed before accepting it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsPointXY, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QLocale, QMetaType, Qt
from qgis.PyQt.QtTest import QTest

from geoloop.core.ledger import Ledger
from geoloop.core.ledger.amendments import standing
from geoloop.ui.review.amending import usual_values

X0, Y0 = 500_000.0, 5_500_000.0


def rectangle(xmin, ymin, xmax, ymax):
    return bytes(QgsGeometry.fromRect(QgsRectangle(X0 + xmin, Y0 + ymin, X0 + xmax, Y0 + ymax)).asWkb())


@pytest.fixture
def german_numbers():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def amendment(town, uid="d0"):
    with Ledger.open(town.ledger) as ledger:
        return standing(ledger).get(uid)


def drag(canvas, start, stop):
    to_pixel = canvas.getCoordinateTransform()
    start, stop = (to_pixel.transform(X0 + x, Y0 + y).toQPointF().toPoint() for x, y in (start, stop))
    view = canvas.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(view, stop)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, stop)


def test_a_column_of_lists_has_no_usual_values(qgis_app):
    layer = QgsVectorLayer("Point?crs=EPSG:32633", "fields", "memory")
    layer.dataProvider().addAttributes([QgsField("crops", QMetaType.Type.QStringList)])
    layer.updateFields()
    for crops in (["Mais", "Klee"], ["Mais", "Klee"], ["Rüben"]):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([crops])
        layer.dataProvider().addFeature(feature)
    assert usual_values(layer, "crops") == []


@pytest.fixture
def missing(dock, street):
    """A house that is missing at 20 to 30 m east of the street's beginning."""
    town = street()
    flag = town.flag(0, kind="missing", edit="add", proposal=rectangle(20, 0, 30, 10), before=None, target_key=None,
                     signature=None, before_values={}, class_now=None, class_proposed="house",
                     after_values={"building": "house"})
    dock.open_ledger(town.write([flag]))
    return town


def test_a_corner_dragged_on_the_map_is_what_is_accepted(dock, missing, press, canvas):
    press("E")
    assert dock.actions.is_amending()
    drag(canvas, (30, 10), (36, 14))
    press("Enter")
    assert missing.decisions()[0][:2] == ("d0", "accept")
    changed = QgsGeometry()
    changed.fromWkb(amendment(missing).proposal)
    box = changed.boundingBox()
    assert (box.xMaximum() - X0, box.yMaximum() - Y0) == pytest.approx((36, 14), abs=0.3)
    assert (box.xMinimum() - X0, box.yMinimum() - Y0) == pytest.approx((20, 0), abs=1e-6)
    assert amendment(missing).edit == "add"


def test_the_inside_moves_all_and_a_side_gets_a_corner(dock, missing, press, canvas):
    press("E")
    drag(canvas, (25, 5), (30, 8))
    moved = dock.amending.tool.shape.boundingBox()
    assert (moved.xMinimum() - X0, moved.yMinimum() - Y0) == pytest.approx((25, 3), abs=0.3)
    corners = sum(1 for _ in dock.amending.tool.shape.vertices())
    drag(canvas, (moved.xMinimum() - X0 + 5, moved.yMaximum() - Y0), (moved.xMinimum() - X0 + 5, 20))
    assert sum(1 for _ in dock.amending.tool.shape.vertices()) == corners + 1
    QTest.keyClick(dock, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(dock, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not dock.amending.tool.has_changes
    assert dock.amending.tool.shape.boundingBox().xMinimum() == pytest.approx(X0 + 20)


def test_a_corner_is_taken_away(dock, missing, press, canvas, qtbot):
    press("E")
    dock.amending.tool._delete_at(QgsPointXY(X0 + 30, Y0 + 10))
    assert dock.amending.tool.shape.area() == pytest.approx(50)


def test_leaving_it_changes_nothing(dock, missing, press, canvas):
    press("E")
    drag(canvas, (30, 10), (36, 14))
    press("Esc")
    assert missing.decisions() == []
    assert dock.map_view.overlay.items()[-1].after.area() == pytest.approx(100)
    press("A")
    assert amendment(missing) is None


def test_an_outline_that_crosses_itself_is_told_and_not_accepted(dock, missing, press, canvas):
    press("E")
    drag(canvas, (30, 10), (10, 5))
    press("Enter")
    assert "crosses itself" in dock.message.text()
    assert dock.actions.is_amending()
    assert missing.decisions() == []


@pytest.mark.parametrize(("typed", "taken"), [("4", 4), ("4,0", 4), ("2.5", 2.5), ("2,5", 2.5), ("many", "many")])
def test_another_value_is_what_is_accepted(dock, street, press, german_numbers, typed, taken):
    town = street()
    layer = town.layer()
    flag = town.flag(0, kind="wrong_value", edit="set_value", class_now=None, before_values={"levels": 2},
                     after_values={"levels": 3}, evidence={"sentence": "It is taller.", "attribute": "levels"})
    dock.open_ledger(town.write([flag]))
    press("E")
    box = dock.amending.fields["levels"]
    assert [box.itemText(at) for at in range(box.count())] == ["2"]
    box.setCurrentText(typed)
    press("Enter")
    assert amendment(town).after_values == {"levels": taken}
    assert layer.isValid()


def test_a_flag_without_a_value_asks_for_one(dock, street, press):
    town = street()
    flag = town.flag(0, kind="wrong_value", edit="flag", before_values={"levels": 2},
                     evidence={"sentence": "It is taller.", "attribute": "levels"})
    dock.open_ledger(town.write([flag]))
    press("E")
    dock.amending.fields["levels"].setCurrentText("5")
    press("Enter")
    change = amendment(town)
    assert (change.edit, change.after_values) == ("set_value", {"levels": "5"})


def test_another_class_is_what_is_accepted(dock, street, press):
    town = street()
    flag = town.flag(0, kind="wrong_class", edit="retag", class_proposed="garage", after_values={"building": "garage"})
    dock.open_ledger(town.write([flag]))
    press("E")
    dock.amending.fields["building"].setCurrentText("shed")
    press("Enter")
    change = amendment(town)
    assert (change.edit, change.class_proposed, change.after_values) == ("retag", "shed", {"building": "shed"})


def test_values_that_nobody_touched_stay_what_they_are_whatever_their_kind(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(0, kind="wrong_value", edit="set_value", after_values={
        "flat": True, "note": " shed ", "tags": {"roof": "flat"}, "crops": ["Mais"], "empty": "", "lines": "a\nb"})]))
    press("E", "Enter")
    assert town.decisions()[0][:2] == ("d0", "accept")
    assert amendment(town) is None


def test_a_feature_that_is_gone_has_nothing_to_change(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(0)]))
    assert not dock.actions.amend.isEnabled()
    press("E")
    assert not dock.actions.is_amending()


def test_the_map_gets_its_tool_back(dock, missing, press, canvas):
    from qgis.gui import QgsMapToolPan

    pan = QgsMapToolPan(canvas)
    canvas.setMapTool(pan)
    press("E")
    assert canvas.mapTool() is dock.amending.tool
    press("Esc")
    assert canvas.mapTool() is pan


def test_accepting_once_more_what_was_changed_keeps_the_change(dock, missing, press, canvas):
    press("E")
    drag(canvas, (30, 10), (36, 14))
    press("Enter")
    changed = amendment(missing)
    dock.back()
    press("A")
    assert [row[:2] for row in missing.decisions()] == [("d0", "accept")] * 2
    assert amendment(missing) == changed


def test_what_was_rejected_meanwhile_is_accepted_as_proposed(dock, missing, press, canvas):
    press("E")
    drag(canvas, (30, 10), (36, 14))
    press("Enter")
    for key in "RA":
        dock.back()
        press(key)
    assert [row[1] for row in missing.decisions()] == ["accept", "reject", "accept"]
    assert amendment(missing) is None


def test_a_change_that_cannot_be_recorded_is_not_lost(dock, missing, press, canvas):
    press("E")
    drag(canvas, (30, 10), (36, 14))
    with closing(sqlite3.connect(missing.ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        press("Enter")
        assert missing.decisions() == []
        assert dock.actions.is_amending()
    press("Enter")
    assert not dock.actions.is_amending()
    changed = QgsGeometry()
    changed.fromWkb(amendment(missing).proposal)
    assert changed.boundingBox().xMaximum() - X0 == pytest.approx(36, abs=0.3)
