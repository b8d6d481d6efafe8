"""What outputs look like in QGIS without anybody styling them: fused map, doubt, flags and arrows of shifts.

    QGIS_PYTHON examples/style_pictures.py OUT IMAGERY OUTPUT [OUTPUT …]

Run by QGIS's Python, without a screen. Each OUTPUT (a raster, a file of shifts, a ledger) is drawn over the raster
IMAGERY and saved under its own name in the folder OUT.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

SIZE, QUALITY, ZOOMED, SHARE = QSize(900, 650), 80, ("shifts", "ledger"), 0.45
"""Arrows and flags are small: of their ground only a share is drawn, around the middle."""


def opened(path: Path) -> QgsMapLayer:
    """An output in the style that it brings. Raises ValueError for what is no layer."""
    layer: QgsMapLayer
    if path.suffix == ".gpkg":
        ledger = QgsVectorLayer(f"{path}|layername=review|geometrytype=Polygon", "ledger", "ogr")
        layer = ledger if ledger.isValid() else QgsVectorLayer(str(path), "shifts", "ogr")
    else:
        layer = QgsRasterLayer(str(path), "raster")
    if not layer.isValid():
        raise ValueError(f"{path} is no layer that QGIS opens.")
    return layer


def main(out: Path, imagery: Path, outputs: list[Path]) -> None:
    """Draw each output."""
    application = QgsApplication([], True)
    application.initQgis()
    out.mkdir(parents=True, exist_ok=True)
    ground = QgsRasterLayer(str(imagery), "imagery")
    for path in outputs:
        layer = opened(path)
        extent = QgsRectangle(layer.extent())
        extent.scale(SHARE if layer.name() in ZOOMED else 1.0)
        settings = QgsMapSettings()
        settings.setLayers([layer, ground])
        settings.setDestinationCrs(ground.crs())
        settings.setExtent(extent)
        settings.setOutputSize(SIZE)
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        drawn = out / f"style_{path.stem}.jpg"
        job.renderedImage().save(str(drawn), "JPG", QUALITY)
        print(drawn)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(part) for part in sys.argv[3:]])
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown now and then crashes after everything is written
