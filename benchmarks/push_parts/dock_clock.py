"""How long a reviewer waits from a key press to the next item, framed and drawn, on a long queue.

    QGIS_PYTHON benchmarks/push_parts/dock_clock.py [--items 100000] [--presses 150] [--folder FOLDER]

Run by QGIS's own Python (``QT_QPA_PLATFORM=offscreen`` without a screen). A ledger of so many discrepancies and its
whole queue, the random audit included, lie in a GeoPackage; the map shows imagery of the area. Each press is a
decision, a skip or a step back. The clock stops when the decision is recorded, the map has the next item's extent, and
dock and map have been painted; QGIS goes on rendering the imagery meanwhile, which is waited for before the next press
and told apart. One line of JSON: ``dock_next_ms``, ``dock_next_cpu_ms`` (what of it the dock's thread worked: on a
shared machine the rest is waiting for a processor) and ``dock_rendered_ms``, median and max.
"""

from __future__ import annotations

import argparse
import json
import os
import struct
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from osgeo import gdal, osr
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtTest import QTest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".dev"))

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger import queue as table
from geoloop.core.review import LayerFeatures, make_queue
from geoloop.ui.review_dock import ReviewDock

CRS, WEST, SOUTH = 32633, 400_000.0, 5_800_000.0
SPACING_M, SIDE_M, VILLAGE = 25.0, 9.0, 10
"""Houses stand in villages of ten by ten, so that some pages hold several items and others one."""
KINDS = (("missing", "add"), ("obsolete", "delete"), ("wrong_class", "retag"), ("shifted", "move"))
KEYS = (Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_A, Qt.Key.Key_S, Qt.Key.Key_U, Qt.Key.Key_R, Qt.Key.Key_A, Qt.Key.Key_B,
        Qt.Key.Key_R, Qt.Key.Key_A)
WARM_UP, LONGEST_S = 3, 20.0
CANVAS_PX, DOCK_PX = (1100, 850), (360, 850)


def outline(x: float, y: float, side: float = SIDE_M) -> bytes:
    """A square as WKB."""
    return struct.pack("<BIII10d", 1, 3, 1, 5, x, y, x + side, y, x + side, y + side, x, y + side, x, y)


def places(count: int) -> np.ndarray:
    """Lower left corners (n, 2) of houses in villages on a square country."""
    villages = -(-count // VILLAGE**2)
    across = int(np.ceil(np.sqrt(villages)))
    at = np.arange(count)
    village, house = np.divmod(at, VILLAGE**2)
    offset = np.stack(np.divmod(house, VILLAGE), -1) * SPACING_M
    return np.array([WEST, SOUTH]) + np.stack(np.divmod(village, across), -1) * 2 * VILLAGE * SPACING_M + offset


def write_ledger(path: Path, corners: np.ndarray, seed: int) -> int:
    """A ledger with one discrepancy for each corner, and its whole queue; return how many items that has."""
    random = np.random.default_rng(seed)
    chance = np.round(random.beta(2, 2, len(corners)), 4)
    flags = []
    for number, ((x, y), p) in enumerate(zip(corners.tolist(), chance.tolist(), strict=True)):
        kind, edit = KINDS[number % len(KINDS)]
        flags.append(Discrepancy(
            uid=f"d{number:06}", source="map", target_layer="houses", kind=kind, edit=edit, probability=p,
            proposal=outline(x + (3.0 if kind == "shifted" else 0.0), y), area_m2=SIDE_M**2,
            before=None if kind == "missing" else outline(x, y),
            target_key=None if kind == "missing" else str(number),
            signature=None if kind == "missing" else f"{number:040x}", class_now=None if kind == "missing" else "house",
            class_proposed="house" if kind == "missing" else "garage" if kind == "wrong_class" else None,
            before_values={} if kind == "missing" else {"building": "house"},
            after_values={"building": "garage"} if kind == "wrong_class" else {},
            evidence={"sentence": f"What is said of the place {number} in one sentence of the usual length.",
                      "imagery": {"house": p, "ground": round(1 - p, 4)}}))
    crs = QgsCoordinateReferenceSystem(f"EPSG:{CRS}")
    with Ledger.create(path, Crs(crs.description(), "EPSG", CRS, crs.toWkt())) as ledger:
        ledger.add_round(Round("flag", seed, {}), [SourceRow("map", "houses", "houses.gpkg")], (), flags)
        keys = tuple(str(number) for number in range(len(corners)))
        boxes = tuple((x, y, x + SIDE_M, y + SIDE_M) for x, y in corners.tolist())
        return make_queue(ledger, [LayerFeatures("houses", keys, boxes)], size=len(corners), audit_share=0.1,
                          seed=seed).items


def write_imagery(path: Path, corners: np.ndarray, seed: int) -> None:
    """Noise over the whole country, three bands, tiled."""
    side = 2048
    span = float((corners.max(axis=0) - corners.min(axis=0)).max()) + 200.0
    raster = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 3, gdal.GDT_Byte, ["TILED=YES"])
    raster.SetGeoTransform((WEST - 100, span / side, 0, SOUTH - 100 + span, 0, -span / side))
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(CRS)
    raster.SetProjection(srs.ExportToWkt())
    random = np.random.default_rng(seed)
    for band in (1, 2, 3):
        raster.GetRasterBand(band).WriteArray(random.integers(40, 200, (side, side), dtype=np.uint8))
    raster.FlushCache()


def press_keys(
    dock: ReviewDock, canvas: QgsMapCanvas, presses: int
) -> tuple[list[float], list[float], list[float]]:
    """Press so many keys; return the milliseconds of each until the next item is framed and drawn, those in which this
    thread really worked, and those until the imagery is rendered too.
    """
    framed, worked, rendered, done = [], [], [], []
    canvas.mapCanvasRefreshed.connect(lambda: done.append(True))
    for number in range(WARM_UP + presses):
        before, view = dock.reading.current, canvas.extent()
        done.clear()
        start, cpu = time.perf_counter(), time.thread_time()
        QTest.keyClick(dock, KEYS[number % len(KEYS)])
        dock.repaint()
        canvas.viewport().repaint()
        framed.append(1000 * (time.perf_counter() - start))
        worked.append(1000 * (time.thread_time() - cpu))
        now = dock.reading.current
        if now is None or now.rank == before.rank or dock.message.text():
            sys.exit(f"The key press {number} did not lead to another item: {dock.message.text()}")
        if not canvas.extent().contains(canvas_box(dock)):
            sys.exit(f"The item {now.rank} is not in view.")
        while canvas.extent() != view and not done and time.perf_counter() - start < LONGEST_S:
            QCoreApplication.processEvents()
        rendered.append(1000 * (time.perf_counter() - start))
    return framed[WARM_UP:], worked[WARM_UP:], rendered[WARM_UP:]


def canvas_box(dock: ReviewDock):
    """Where the current item is drawn, in the map's CRS."""
    return next(one for one in dock.map_view.overlay.items() if one.is_current).place.boundingBox()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000, help="discrepancies in the ledger")
    parser.add_argument("--presses", type=int, default=150, help="key presses that count")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where ledger and imagery are made; none: a temporary one")
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        measured = measure(Path(folder), args.items, args.presses, args.seed)
    print(json.dumps(measured), flush=True)
    os._exit(0)  # QGIS's own end crashes now and then where widgets are still known to Python


def measure(folder: Path, items: int, presses: int, seed: int) -> dict[str, object]:
    """Make ledger and map, press the keys, and return the figures."""
    application = QgsApplication([], True)  # must live as long as the widgets
    application.initQgis()
    corners = places(items)
    start = time.perf_counter()
    queued = write_ledger(folder / "ledger.gpkg", corners, seed)
    print(f"{items} discrepancies, {queued} items queued in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    write_imagery(folder / "imagery.tif", corners, seed)
    imagery = QgsRasterLayer(str(folder / "imagery.tif"), "imagery")
    QgsProject.instance().addMapLayer(imagery)
    canvas = QgsMapCanvas()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem(f"EPSG:{CRS}"))
    canvas.setLayers([imagery])
    canvas.resize(*CANVAS_PX)
    canvas.show()
    dock = ReviewDock(canvas)
    dock.resize(*DOCK_PX)
    dock.show()
    start = time.perf_counter()
    dock.open_ledger(folder / "ledger.gpkg")
    opened_s = time.perf_counter() - start
    framed, worked, rendered = press_keys(dock, canvas, presses)
    with Ledger.open(folder / "ledger.gpkg") as ledger:
        pages, decided = table.pages(ledger), len(table.decisions(ledger))
    dock.let_go()
    return {"dock_next_ms": {"median": round(median(framed), 1), "max": round(max(framed), 1)},
            "dock_next_cpu_ms": {"median": round(median(worked), 1), "max": round(max(worked), 1)},
            "dock_rendered_ms": {"median": round(median(rendered), 1), "max": round(max(rendered), 1)},
            "dock_open_s": round(opened_s, 2), "items": queued, "pages": pages, "presses": len(framed),
            "decided": decided}


if __name__ == "__main__":
    main()
