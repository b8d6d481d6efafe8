"""What may happen while a review is open: each is one sentence, and the review goes on."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from osgeo import gdal
from qgis.core import QgsProject, QgsVectorLayer

from geoloop.core.ledger import Ledger
from geoloop.core.ledger import queue as table


def test_a_ledger_that_another_program_holds_is_told_and_the_item_stays(dock, street, press, monkeypatch):
    from geoloop.ui.review import reading

    monkeypatch.setattr(reading, "PATIENCE_S", 0.1)
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(2)]))
    other = sqlite3.connect(town.ledger, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    press("A")
    assert "close" in dock.message.text()
    assert dock.reading.current.uid == "d0"
    other.execute("ROLLBACK")
    other.close()
    press("A")
    assert [row[0] for row in town.decisions()] == ["d0"]


def test_a_ledger_that_was_deleted_is_told(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(2)]))
    town.ledger.unlink()
    press("A")
    assert "does not exist" in dock.message.text()
    assert dock.reading.current.uid == "d0"


def test_a_file_that_is_no_ledger_is_told(dock, street, tmp_path):
    town = street()
    dock.open_ledger(town.path)
    assert "no GeoLoop ledger" in dock.message.text()
    assert dock.reading is None
    dock.open_ledger(tmp_path / "none.gpkg")
    assert "does not exist" in dock.message.text()


def test_a_ledger_without_a_queue_offers_to_make_it(dock, street, qtbot):
    from qgis.PyQt.QtCore import Qt

    town = street(houses=30)
    dock.open_ledger(town.write([town.flag(n) for n in range(5)], queue=False))
    town.layer()
    assert "No queue yet" in dock.opening.title.text()
    dock.opening.queue_size.setValue(20)
    qtbot.mouseClick(dock.opening.make, Qt.MouseButton.LeftButton)
    assert "random audit of" in dock.message.text()
    assert dock.reading.current is not None
    assert len(town.rows()) >= 5


def test_a_queue_that_cannot_be_made_is_told(dock, street, qtbot):
    from qgis.PyQt.QtCore import Qt

    town = street(houses=3)
    dock.open_ledger(town.write([town.flag(0)], queue=False))
    town.path.unlink()
    qtbot.mouseClick(dock.opening.make, Qt.MouseButton.LeftButton)
    assert "is no longer at" in dock.message.text()


def test_a_layer_that_leaves_the_project_takes_its_buffer_along(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    layer = town.layer()
    layer.startEditing()
    press("A")
    layer.rollBack()
    QgsProject.instance().removeMapLayer(layer.id())
    press("A", "B", "R")
    assert [row[:2] for row in town.decisions()] == [("d0", "accept"), ("d1", "accept"), ("d1", "reject")]


def test_a_flag_without_any_place_is_shown_and_decided(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(0, proposal=None, before=None), town.flag(1)]))
    assert dock.reading.current.box is None
    assert "no place" in dock.message.text()
    press("R")
    assert town.decisions()[0][:2] == ("d0", "reject")


def test_a_closed_project_closes_the_review(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(0)]))
    QgsProject.instance().clear()
    assert dock.reading is None
    assert dock.map_view.overlay.items() == []
    press("A")
    assert town.decisions() == []


def test_a_queue_made_anew_by_somebody_else_is_read_on(dock, street, press):
    from geoloop.core.review import make_queue

    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(4)]))
    press("A")
    with Ledger.open(town.ledger) as ledger:
        make_queue(ledger, [], size=2, audit_share=0.0, seed=3)
    press("S", "B")
    assert dock.reading.current is not None
    press("A")
    assert len(town.decisions()) == 2


def test_a_decision_is_of_what_was_seen_though_the_queue_was_made_anew(dock, street, press):
    town = street()
    dock.open_ledger(town.write([town.flag(n) for n in range(3)]))
    assert dock.reading.current.uid == "d0"
    with Ledger.open(town.ledger) as ledger:  # another window, or geoloop:queue
        first, *rest = table.rows(ledger)
        pages = [row.page for row in (first, *rest)]
        table.write(ledger, [replace(row, rank=rank, page=page) for rank, (row, page) in enumerate(
            zip([*rest, first], pages, strict=True), 1)], (), (), 0)
    press("A")
    assert town.decisions() == []
    assert "made anew meanwhile" in dock.message.text()
    assert dock.reading.current.uid == "d1"
    press("A")
    assert [row[0] for row in town.decisions()] == ["d1"]


def test_a_hidden_dock_hears_no_keys_and_draws_nothing(dock, street, press, canvas):
    town = street()
    dock.open_ledger(town.write([town.flag(0)]))
    dock.hide()
    press("A", where=canvas)
    assert town.decisions() == []
    assert not dock.map_view.overlay.isVisible()
    dock.show()
    assert dock.map_view.overlay.isVisible()


def test_a_layer_whose_file_a_killed_process_left_in_parts_is_there_again(dock, street, press):
    town = street(houses=3)
    shapefile = town.folder / "Häuser am Fluß.shp"
    gdal.VectorTranslate(str(shapefile), str(town.path), format="ESRI Shapefile")
    town.path = shapefile
    ledger = town.write([town.flag(0)])
    for suffix in (".shp", ".shx"):
        shapefile.with_suffix(suffix).rename(shapefile.with_name(f"{shapefile.stem}_packed{suffix}"))
    broken = QgsVectorLayer(str(shapefile), shapefile.stem, "ogr")
    QgsProject.instance().addMapLayer(broken)
    assert not broken.isValid()
    dock.open_ledger(ledger)
    assert broken.isValid()
    press("A")
    dock.push(broken.name())
    assert "1 edits were applied" in dock.message.text()
    assert broken.featureCount() == 2
