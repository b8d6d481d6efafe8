"""A picture of the review dock beside its map, in a window as QGIS shows it.

    QGIS_PYTHON examples/dock_picture.py LEDGER MAP IMAGERY OUT [--press KEYS] [--swipe] [--width PX] [--height PX]

Run by QGIS's own Python (``QT_QPA_PLATFORM=offscreen`` without a screen). MAP is the layer that was judged, IMAGERY
what lies below it. Where the ledger has no queue, one is made; ``--press`` presses keys before the picture is taken,
one letter each, which records decisions: give a copy of the ledger.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsFillSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QFont
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMainWindow

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / ".dev"))

from geoloop.ui.review_dock import ReviewDock

QUEUE_SIZE, DOCK_PX, FONT_PX = 100, 360, 12
LONGEST_S, STILL_S, QUALITY = 60.0, 1.5, 74
OUTLINES = {"color": "255,255,255,0", "outline_color": "255,255,255,150", "outline_width": "0.2"}


def open_layers(imagery: Path, map_layer: Path) -> tuple[QgsVectorLayer, QgsRasterLayer]:
    """The map layer in thin outlines, and the imagery."""
    raster = QgsRasterLayer(str(imagery), imagery.stem)
    vector = QgsVectorLayer(str(map_layer), map_layer.stem, "ogr")
    for layer in (raster, vector):
        if not layer.isValid():
            sys.exit(f"{layer.source()} cannot be opened.")
    vector.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple(OUTLINES)))
    QgsProject.instance().addMapLayers([raster, vector])
    return vector, raster


def settle(canvas: QgsMapCanvas) -> None:
    """Let the map render, and whatever is rendered after it."""
    canvas.refresh()
    start = still_since = time.monotonic()
    while time.monotonic() - still_since < STILL_S and time.monotonic() - start < LONGEST_S:
        QCoreApplication.processEvents()
        time.sleep(0.01)
        if canvas.isDrawing():
            still_since = time.monotonic()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("map", type=Path)
    parser.add_argument("imagery", type=Path)
    parser.add_argument("out", type=Path, help=".png or .jpg")
    parser.add_argument("--press", default="", help="keys, one letter each")
    parser.add_argument("--swipe", action="store_true", help="with the before-and-after divider")
    parser.add_argument("--width", type=int, default=1180)
    parser.add_argument("--height", type=int, default=720)
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QgsApplication([], True)
    application.initQgis()
    QApplication.setStyle("Fusion")
    font = QFont("DejaVu Sans")
    font.setPixelSize(FONT_PX)
    QApplication.setFont(font)
    window = QMainWindow()
    canvas = QgsMapCanvas(window)
    canvas.enableAntiAliasing(True)
    window.setCentralWidget(canvas)
    vector, raster = open_layers(args.imagery, args.map)
    canvas.setDestinationCrs(raster.crs())
    canvas.setLayers([vector, raster])
    canvas.setExtent(raster.extent())
    dock = ReviewDock(canvas, window)
    dock.reviewer.setText("Maya")
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(args.width, args.height)
    window.resizeDocks([dock], [DOCK_PX], Qt.Orientation.Horizontal)
    window.show()
    settle(canvas)
    dock.open_ledger(args.ledger)
    if dock.reading is not None and dock.reading.current is None:
        dock.make_queue(QUEUE_SIZE)
    if dock.reading is None or dock.reading.current is None:
        sys.exit(dock.message.text() or "There is nothing to review.")
    for key in args.press.upper():
        QTest.keyClick(dock, Qt.Key(ord(key)))
        QTest.qWait(30)
    dock.map_view.swipe.switch(args.swipe)
    settle(canvas)
    if not window.grab().save(str(args.out), quality=QUALITY):
        sys.exit(f"{args.out} cannot be written.")
    dock.let_go()
    os._exit(0)  # QGIS's own end crashes now and then where widgets are still known to Python


if __name__ == "__main__":
    main()
