"""Several neighbours in one view, filters, and the swipe."""

from __future__ import annotations

from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtTest import QTest

from geoloop.core.ledger.queue_filter import UNFLAGGED
from geoloop.ui.review.words import AFTER_COLOUR, BEFORE_COLOUR

X0, Y0 = 500_000.0, 5_500_000.0


def current(dock):
    item = dock.reading.current
    return None if item is None else item.uid or item.key


def check(box, *values):
    for value in values:
        box.toggleItemCheckState(box.findData(value))


def test_neighbours_share_a_view_and_each_is_decided_without_moving_it(dock, street, press, canvas):
    town = street(apart=20.0)
    dock.open_ledger(town.write([town.flag(n, probability=0.8) for n in range(4)]))
    assert len(dock.reading.items) == 4
    assert all(canvas.extent().contains(QgsRectangle(*item.box)) for item in dock.reading.items)
    view = canvas.extent()
    press("A", "R")
    assert canvas.extent() == view
    assert [one.decision for one in sorted(dock.map_view.overlay.items(), key=lambda one: one.number)] == [
        "accept", "reject", "", ""]
    assert [button.isVisible() for button in dock.strip.buttons] == [True] * 4 + [False] * 4


def test_a_number_chooses_an_item_of_the_page(dock, street, press):
    town = street(apart=20.0)
    dock.open_ledger(town.write([town.flag(n, probability=0.8) for n in range(4)]))
    press("3", "A")
    assert [row[0] for row in town.decisions()] == ["d2"]
    press("1", "R")
    assert [row[0] for row in town.decisions()] == ["d2", "d0"]
    press("B", "B", "B")
    assert current(dock) == "d2"


def test_items_passed_over_on_a_page_come_before_the_next_page(dock, street, press):
    town = street(apart=20.0)
    dock.open_ledger(town.write([town.flag(n, probability=0.8) for n in range(4)]))
    press("3", "A")
    assert current(dock) == "d3"
    press("A")
    assert current(dock) == "d0"
    press("S", "A")
    assert [row[0] for row in town.decisions()] == ["d2", "d3", "d1"]
    assert current(dock) == "d0"


def test_items_taken_along_share_a_decision_and_its_seconds(dock, street, press, qtbot):
    town = street(apart=20.0)
    dock.open_ledger(town.write([town.flag(n, probability=0.8) for n in range(4)]))
    qtbot.wait(120)
    press("T", "T")
    QTest.mouseClick(dock.strip.buttons[3], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert "4 together" in dock.strip.together.text()
    press("R")
    assert [row[:2] for row in town.decisions()] == [(f"d{n}", "reject") for n in range(4)]
    assert len(set(town.seconds())) == 1
    assert 0.02 < town.seconds()[0] < 2.0
    assert current(dock) is None


def test_objects_of_openstreetmap_are_accepted_one_by_one(dock, street, press):
    town = street(apart=20.0, settings={"licence": "ODbL 1.0"})
    dock.open_ledger(town.write([town.flag(n, probability=0.8) for n in range(3)]))
    press("T", "A")
    assert town.decisions() == []
    assert "one by one" in dock.message.text()
    press("A")
    assert len(town.decisions()) == 1


def test_a_filter_shows_its_kind_and_says_how_many_are_left(dock, street, press):
    town = street()
    flags = [town.flag(n, kind="missing" if n % 2 else "obsolete") for n in range(6)]
    dock.open_ledger(town.write(flags))
    dock.filter_button.click()
    check(dock.filters.kinds, "missing")
    assert current(dock) == "d1"
    assert "3 of 3 left" in dock.tally.text.text()
    press("A", "A", "A")
    assert [row[0] for row in town.decisions()] == ["d1", "d3", "d5"]
    assert "Nothing left here" in dock.opening.title.text()
    dock.filters.kinds.deselectAllOptions()
    assert current(dock) == "d0"


def test_probability_and_what_the_map_shows_are_filters_too(dock, street, canvas):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(6)]))
    dock.filters.most.setValue(70)
    assert current(dock) == "d3"
    dock.filters.most.setValue(100)
    canvas.setExtent(QgsRectangle(X0 + 750, Y0 - 50, X0 + 1250, Y0 + 50))
    dock.filters.here.click()
    assert current(dock) == "d2"
    assert "2 of 2 left" in dock.tally.text.text()
    dock.filters.everywhere.click()
    assert "6 of 6 left" in dock.tally.text.text()


def test_a_rectangle_drawn_on_the_map_is_a_filter_and_the_map_gets_its_tool_back(dock, street, canvas, qtbot):
    from qgis.gui import QgsMapToolPan

    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    pan = QgsMapToolPan(canvas)
    canvas.setMapTool(pan)
    canvas.setExtent(QgsRectangle(X0 - 100, Y0 - 300, X0 + 1000, Y0 + 300))
    drawn = len(canvas.scene().items())
    dock.filters.drawn.click()
    assert canvas.mapTool() is not pan
    start, stop = (canvas.getCoordinateTransform().transform(x, y).toQPointF().toPoint()
                   for x, y in ((X0 + 350, Y0 + 100), (X0 + 500, Y0 - 100)))
    QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(canvas.viewport(), stop)
    QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, stop)
    assert canvas.mapTool() is pan
    assert current(dock) == "d1"
    qtbot.waitUntil(lambda: len(canvas.scene().items()) == drawn, timeout=2000)


def test_features_that_nothing_is_flagged_of_are_shown_by_what_the_layer_has(dock, street, press):
    town = street(houses=12)
    dock.open_ledger(town.write([town.flag(0)], size=12, audit=1.0, unflagged=11))
    dock.filter_button.click()
    check(dock.filters.kinds, UNFLAGGED)
    assert dock.card.kind.text() == "check"
    assert not dock.actions.amend.isEnabled()
    box_only = dock.map_view.overlay.items()[-1].before
    layer = town.layer()
    shown = dock.map_view.overlay.items()[-1].before
    assert shown.equals(layer.getFeature(int(current(dock))).geometry())
    assert box_only.boundingBox().width() == shown.boundingBox().width()
    key = current(dock)
    press("R")
    assert town.decisions() == [(key, "reject", "Zoë", "audit")]


def colours(canvas):
    """Which of the overlay's two colours stand left and right of the middle of the map."""
    canvas.repaint()
    image = canvas.grab().toImage()
    found = set()
    for name, colour in (("before", BEFORE_COLOUR), ("after", AFTER_COLOUR)):
        for x in range(0, image.width()):
            for y in range(0, image.height(), 2):
                if all(abs(one - other) < 60 for one, other in zip(
                        image.pixelColor(x, y).getRgb(), QColor(colour).getRgb(), strict=True)):
                    found.add((name, "left" if x < image.width() / 2 else "right"))
    return found


def test_the_swipe_draws_before_left_of_the_divider_and_after_right_of_it(dock, street, press, canvas, qtbot):
    from qgis.core import QgsGeometry

    wide = [bytes(QgsGeometry.fromRect(QgsRectangle(X0 - 20, Y0 - d, X0 + 28, Y0 + 8)).asWkb()) for d in (0, 6)]
    town = street()
    dock.open_ledger(town.write([town.flag(0, kind="reshaped", edit="reshape", before=wide[0], proposal=wide[1])]))
    qtbot.waitExposed(canvas)
    assert {("before", "left"), ("after", "left"), ("before", "right"), ("after", "right")} <= colours(canvas)
    press("W")
    assert dock.actions.swipe.isChecked()
    assert colours(canvas) == {("before", "left"), ("after", "right")}
    view, middle = canvas.viewport(), canvas.height() // 2
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     QPoint(canvas.width() // 2, middle))
    QTest.mouseMove(view, QPoint(canvas.width() - 5, middle))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                       QPoint(canvas.width() - 5, middle))
    assert dock.map_view.overlay.divider > 0.95
    assert colours(canvas) == {("before", "left"), ("before", "right")}
    press("W")
    assert dock.map_view.overlay.divider is None


def test_right_of_the_divider_the_map_lacks_what_would_go(dock, street, press, canvas, qtbot):
    from qgis.core import QgsFillSymbol, QgsSingleSymbolRenderer

    town = street(apart=20.0)
    layer = town.layer()
    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(
        {"color": "0,0,255,255", "outline_style": "no"})))
    style = layer.renderer().dump()
    canvas.setLayers([layer])
    dock.open_ledger(town.write([town.flag(1)]))
    with qtbot.waitSignal(canvas.mapCanvasRefreshed, timeout=20_000):
        canvas.refresh()
    box = dock.reading.current.box
    at = canvas.getCoordinateTransform().transform((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    beside = canvas.getCoordinateTransform().transform((box[0] + box[2]) / 2 + 20, (box[1] + box[3]) / 2)

    def blue(point):
        colour = canvas.grab().toImage().pixelColor(int(point.x()), int(point.y()))
        return colour.blue() > 150 > colour.red() + 20 and colour.green() < 100

    qtbot.waitUntil(lambda: blue(beside), timeout=20_000)  # that signal may have been of an earlier view
    refreshed = []
    canvas.mapCanvasRefreshed.connect(lambda: refreshed.append(True))
    press("W")
    dock.map_view.swipe.move_to(0.02)
    qtbot.waitUntil(lambda: canvas.grab().toImage().pixelColor(int(at.x()), int(at.y())).name() == "#ffffff",
                    timeout=20_000)
    assert blue(beside)
    dock.map_view.swipe.move_to(0.98)
    assert canvas.grab().toImage().pixelColor(int(at.x()), int(at.y())).name() != "#ffffff"
    assert layer.renderer().dump() == style
    qtbot.wait(300)
    assert len(refreshed) <= 1
    press("W")
    canvas.setLayers([])
