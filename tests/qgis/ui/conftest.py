"""A canvas, a street of houses in a real layer, and the ledger that speaks of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from osgeo import ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger import queue as table
from geoloop.core.review import LayerFeatures, make_queue
from geoloop.processing_provider.editing.image import watched_signature
from geoloop.ui.review_dock import ReviewDock

GRID, X0, Y0 = "EPSG:32633", 500_000.0, 5_500_000.0
LAYER = "Häuser am Fluß"


def square(x: float, y: float, side: float = 8.0) -> bytes:
    """The outline of a house at metres from the street's beginning."""
    return bytes(QgsGeometry.fromRect(QgsRectangle(X0 + x, Y0 + y, X0 + x + side, Y0 + y + side)).asWkb())


@dataclass
class Street:
    """Houses 400 m apart, so that each has a page of its own unless ``apart`` says otherwise."""

    folder: Path
    houses: int = 6
    apart: float = 400.0
    crs: str = GRID
    settings: dict[str, Any] = field(default_factory=dict)
    path: Path = field(init=False)
    ledger: Path = field(init=False)

    def __post_init__(self) -> None:
        self.path, self.ledger = self.folder / "Häuser.gpkg", self.folder / "Schleife 1.gpkg"
        grid, own = osr.SpatialReference(), osr.SpatialReference()
        grid.SetFromUserInput(GRID)
        own.SetFromUserInput(self.crs)
        for srs in (grid, own):
            srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(self.path))
        layer = source.CreateLayer(LAYER, own, ogr.wkbPolygon)
        layer.CreateField(ogr.FieldDefn("building", ogr.OFTString))
        layer.CreateField(ogr.FieldDefn("levels", ogr.OFTInteger))
        for number in range(self.houses):
            house = ogr.Feature(layer.GetLayerDefn())
            shape = ogr.CreateGeometryFromWkb(square(self.apart * number, 0))
            shape.Transform(osr.CoordinateTransformation(grid, own))
            house.SetGeometry(shape)
            house.SetField("building", "house")
            house.SetField("levels", 2)
            layer.CreateFeature(house)
        del house, layer, source

    def layer(self) -> QgsVectorLayer:
        """The layer as a user opens it."""
        layer = QgsVectorLayer(f"{self.path}|layername={LAYER}", LAYER, "ogr")
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
        return layer

    def flag(self, number: int, **more: Any) -> Discrepancy:
        """A flag of the house ``number`` (from 0), by default that it is gone."""
        source = QgsVectorLayer(f"{self.path}|layername={LAYER}", LAYER, "ogr")
        feature = source.getFeature(number + 1)
        at = {"building": source.fields().indexOf("building")}
        given: dict[str, Any] = {
            "source": "map", "target_layer": LAYER, "kind": "obsolete", "edit": "delete",
            "probability": max(0.9 - 0.08 * number, 0.1),
            "proposal": square(self.apart * number, 0), "before": square(self.apart * number, 0),
            "target_key": str(number + 1), "signature": watched_signature(feature, source, at),
            "before_values": {"building": "house"}, "class_now": "house", "area_m2": 64.0,
            "evidence": {"sentence": f"No roof at {number}.", "probability_inside": 0.12}}
        return Discrepancy(uid=f"d{number}", **(given | more))

    def write(self, flags: list[Discrepancy], *, size: int = 100, queue: bool = True, audit: float = 0.0,
              unflagged: int = 0, imagery: Path | None = None) -> Path:
        """Write the ledger, and its queue unless told otherwise; with ``unflagged`` features in the audit."""
        seen = [SourceRow("imagery", imagery.stem, str(imagery))] if imagery else []
        grid = QgsCoordinateReferenceSystem(GRID)
        with Ledger.create(self.ledger, Crs(grid.description(), "EPSG", 32633, grid.toWkt())) as ledger:
            ledger.add_round(Round("flag", 1, {}), [*seen, SourceRow(
                "map", LAYER, f"{self.path}|layername={LAYER}", settings=self.settings)], (), flags)
            if queue:
                keys = tuple(str(n + 1) for n in range(len(flags) + unflagged))
                boxes = tuple((X0 + self.apart * n, Y0, X0 + self.apart * n + 8, Y0 + 8) for n in range(len(keys)))
                make_queue(ledger, [LayerFeatures(LAYER, keys, boxes)], size=size, audit_share=audit, seed=1)
        return self.ledger

    def decisions(self) -> list[tuple[Any, ...]]:
        """uid (or key), decision, reviewer and how it was drawn, the first first."""
        with Ledger.open(self.ledger) as ledger:
            rows = ledger.read("SELECT coalesce(uid, key), decision, reviewer, drawn_as FROM decisions ORDER BY id")
            return [tuple(row) for row in rows]

    def seconds(self) -> list[float]:
        with Ledger.open(self.ledger) as ledger:
            return [row[0] for row in ledger.read("SELECT seconds FROM decisions ORDER BY id")]

    def journal(self) -> list[tuple[str, str]]:
        """uid and state of every line of the journal."""
        with Ledger.open(self.ledger) as ledger:
            return [tuple(row) for row in ledger.read("SELECT uid, state FROM edits ORDER BY id")]

    def statuses(self) -> dict[str, str]:
        with Ledger.open(self.ledger) as ledger:
            return ledger.status()

    def rows(self) -> list[table.QueueRow]:
        with Ledger.open(self.ledger) as ledger:
            return table.rows(ledger)


@pytest.fixture(autouse=True)
def no_layer_outlives_its_test(qgis_app) -> Iterator[None]:
    yield
    QgsProject.instance().clear()
    gc.collect()


@pytest.fixture
def street(tmp_path: Path) -> Callable[..., Street]:
    """Make streets: ``street(houses=3, apart=20, crs="EPSG:4326", …)``."""
    folder = tmp_path / "Übung 1"
    folder.mkdir()
    return lambda **settings: Street(folder, **settings)


@pytest.fixture
def canvas(qgis_app, qtbot) -> Iterator[QgsMapCanvas]:
    canvas = QgsMapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(GRID))
    canvas.resize(600, 400)
    canvas.setExtent(QgsRectangle(X0, Y0, X0 + 1000, Y0 + 1000))
    qtbot.addWidget(canvas)
    canvas.show()
    return canvas


@pytest.fixture
def dock(canvas, qtbot) -> Iterator[ReviewDock]:
    dock = ReviewDock(canvas)
    dock.resize(360, 800)
    qtbot.addWidget(dock)
    dock.reviewer.setText("Zoë")
    dock.show()
    yield dock
    dock.let_go()


@pytest.fixture
def press(dock) -> Callable[..., None]:
    """Press keys, one after another, in the dock: ``press("A", "R")``."""
    named = {"Esc": Qt.Key.Key_Escape, "Enter": Qt.Key.Key_Return, "Backspace": Qt.Key.Key_Backspace}

    def pressed(*keys: str, where=None) -> None:
        for key in keys:
            code = named[key] if key in named else getattr(Qt.Key, f"Key_{key}")
            QTest.keyClick(where or dock, code)

    return pressed
