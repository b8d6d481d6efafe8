"""QGIS's readers of a GeoPackage fall silent when its journal mode changes behind their back; nothing is lost by it.

That a layer which is being edited then reads nothing needs two things: somebody reads the file while editing begins, so
that QGIS cannot switch it to a write-ahead log; and somebody switches it later, as each QGIS does that begins to edit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateTransformContext, QgsSettings, QgsVectorLayer

from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing.columns import RefusalError
from geoloop.processing_provider.editing.open_layer import OpenLayer


@pytest.fixture
def other(qgis_app) -> Iterator[Callable]:
    """Connections of other programs, open to the test's end: ``other(place)``. QGIS waits for none of them."""
    opened: list[sqlite3.Connection] = []
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", "10")
    QgsSettings().remove("qgis/walForSqlite3")

    def connect(place) -> sqlite3.Connection:
        opened.append(sqlite3.connect(place.path, isolation_level=None))
        return opened[-1]

    yield connect
    gdal.SetConfigOption("SQLITE_BUSY_TIMEOUT", None)
    for connection in opened:
        connection.close()


@pytest.fixture
def edit_beside_a_reader(other) -> Callable:
    """Begin to edit a layer while another program reads its file; return what later silences it."""
    def begin(place, layer: QgsVectorLayer) -> Callable[[], None]:
        reader = other(place)
        reader.execute("BEGIN")
        reader.execute(f'SELECT * FROM "{place.name}"').fetchone()
        assert layer.startEditing()
        assert count(layer) == place.houses  # as the map or a table of it reads
        reader.execute("COMMIT")

        def silence() -> None:
            assert reader.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)

        return silence

    return begin


@pytest.fixture
def open_buffer(town) -> Iterator[Callable]:
    opened = []

    def buffer(place, layer):
        opened.append(OpenLayer(layer, place.ledger_path(), QgsCoordinateTransformContext(), print))
        return opened[-1]

    yield buffer
    for one in opened:
        one.let_go()


def count(layer):
    return sum(1 for _ in layer.getFeatures())


def apply_all(place, buffer):
    with Ledger.open(place.ledger_path()) as ledger:
        became = buffer.apply(plan_push(ledger, place.name), ledger.source(place.name))
    return [one for one in became.values() if isinstance(one, RefusalError)]


def test_qgis_reads_nothing_from_a_file_that_another_program_switched_to_a_write_ahead_log(town, other):
    """Hence all of this. Beginning to edit opens the file anew, and all is there again."""
    place = town()
    layer = place.layer()
    assert count(layer) == 6
    other(place).execute("PRAGMA journal_mode = WAL")
    assert count(layer) == 0
    assert layer.featureCount() == 6
    layer.startEditing()
    assert count(layer) == 6
    layer.rollBack()


def test_nothing_is_called_deleted_only_because_the_layer_in_edit_mode_reads_nothing(
        town, edit_beside_a_reader, open_buffer, house):
    place = town()
    place.flags(("delete", 1, None, {}), ("retag", 2, None, {"building": "barn"}), ("add", None, house(2), {}))
    layer = place.layer()
    silence = edit_beside_a_reader(place, layer)
    layer.changeAttributeValue(6, layer.fields().indexOf("building"), "the user's own")
    silence()
    assert count(layer) == 0
    buffer = open_buffer(place, layer)
    (refusal,) = apply_all(place, buffer)
    assert "has such a feature already (id 3)" in str(refusal)
    assert layer.getFeature(6)["building"] == "the user's own"
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 2
    rows = place.rows()
    assert sorted(rows) == [2, 3, 4, 5, 6]
    assert rows[2]["building"] == "barn"


def test_what_was_saved_is_found_even_if_the_layer_falls_silent_before_it_is_looked_up(
        town, edit_beside_a_reader, open_buffer, undo, house):
    place = town()
    before = place.signatures()
    place.flags(("delete", 1, None, {}), ("retag", 2, None, {"building": "barn"}), ("add", None, house(30), {}))
    layer = place.layer()
    silence = edit_beside_a_reader(place, layer)
    assert apply_all(place, open_buffer(place, layer)) == []
    silence()
    assert layer.commitChanges()
    assert place.states() == ["committed"] * 3
    undo(place)
    assert place.signatures() == before


def test_what_is_really_gone_stays_gone(town, edit_beside_a_reader, open_buffer, edit_by_hand):
    place = town()
    place.flags(("delete", 1, None, {}), ("delete", 2, None, {}))
    edit_by_hand(place.layer(), lambda it: it.deleteFeature(1))
    place.houses = 5
    layer = place.layer()
    silence = edit_beside_a_reader(place, layer)
    silence()
    (refusal,) = apply_all(place, open_buffer(place, layer))
    assert refusal.stale
    assert "has been deleted since it was flagged" in str(refusal)
    layer.rollBack()
