"""The pictures of the guide's first loop: layers, dialog, fused map and flags, of the synthetic countryside.

    QGIS_PYTHON examples/guide_pictures.py SCENE ROUND OUT

Run by QGIS's Python, without a screen. SCENE is the folder ``countryside`` that ``scene.py`` wrote, ROUND a folder with
the ``fused.tif`` and ``loop.gpkg`` of a round on it, OUT the folder of the pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / ".dev"), "/usr/share/qgis/python/plugins"]

from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsMarkerSymbol,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QSize  # noqa: E402
from qgis.PyQt.QtGui import QImage  # noqa: E402

SIZE, QUALITY, SHOWN = QSize(1000, 720), 78, 0.5
NATURAL = ("B04", "B03", "B02")
COLOURS = {
    "farm": "#e8d27a", "meadow": "#b5d67c", "grass": "#86c26b", "forest": "#2f7a3d", "scrub": "#8a9a4b",
    "wetland": "#6fb7a8", "water": "#3f7fc1", "residential": "#c9776b",
}
SOURCES = ('{"landuse": {"class_field": "landuse"}, "field": {"class_field": "class", "accuracy_field": "accuracy_m"}}')


def imagery(path: Path) -> QgsRasterLayer:
    """The imagery in natural colours, stretched."""
    layer = QgsRasterLayer(str(path), path.stem)
    bands = [next(b for b in range(1, layer.bandCount() + 1) if name in layer.bandName(b)) for name in NATURAL]
    layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), *bands))
    layer.setDefaultContrastEnhancement()
    return layer


def landuse(path: Path) -> QgsVectorLayer:
    """The map of land use, half transparent."""
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    layer.setRenderer(QgsCategorizedSymbolRenderer("landuse", [
        QgsRendererCategory(name, _veil(colour), name) for name, colour in COLOURS.items()]))
    return layer


def _veil(colour: str) -> QgsFillSymbol:
    """A fill through which the imagery is seen."""
    symbol = QgsFillSymbol.createSimple({"color": colour, "outline_color": colour})
    symbol.setOpacity(0.6)
    return symbol


def field(path: Path) -> QgsVectorLayer:
    """The survey's points."""
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    points = {"color": "white", "outline_color": "black", "size": "1.8"}
    layer.renderer().setSymbol(QgsMarkerSymbol.createSimple(points))
    return layer


def flags(path: Path) -> QgsVectorLayer:
    """The ledger's flags in the style that they bring, those with at least even odds."""
    layer = QgsVectorLayer(f"{path}|layername=review|geometrytype=Polygon", "review", "ogr")
    layer.setSubsetString(f'"probability" >= {SHOWN}')
    return layer


def draw(layers: list[QgsMapLayer], extent: QgsRectangle, path: Path) -> None:
    """Draw layers, the first on top."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(layers[-1].crs())
    settings.setExtent(extent)
    settings.setOutputSize(SIZE)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image: QImage = job.renderedImage()
    image.save(str(path), "JPG", QUALITY)
    print(path)


def draw_dialogs(scene: Path, path: Path, path_of_form: Path) -> None:
    """The dialog of the loop and its form about the sources, as a user has filled them in."""
    import qgis.utils
    from processing.core.Processing import Processing
    from processing.gui import ParametersPanel
    from processing.gui.AlgorithmDialog import AlgorithmDialog
    from qgis.gui import QgsBrowserGuiModel, QgsMapCanvas, QgsMessageBar
    from qgis.PyQt.QtWidgets import QMainWindow

    from geoloop.processing_provider.provider import GeoLoopProvider

    window = QMainWindow()
    canvas, bar, browser = QgsMapCanvas(window), QgsMessageBar(window), QgsBrowserGuiModel()
    qgis.utils.iface = ParametersPanel.iface = SimpleNamespace(  # what the dialog asks QGIS's window for
        mainWindow=lambda: window, mapCanvas=lambda: canvas, messageBar=lambda: bar, browserModel=lambda: browser,
        activeLayer=lambda: None)
    Processing.initialize()
    provider = GeoLoopProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geoloop:loop")
    dialog = AlgorithmDialog(algorithm, False, window)
    dialog.setParameters({
        "IMAGERY": [str(scene / "imagery.tif")], "MAP": [str(scene / "landuse.gpkg")], "KEY": "gl_key",
        "FIELD": [str(scene / "field.gpkg")], "SOURCES": SOURCES, "LEDGER": "loop.gpkg"})
    dialog.resize(980, 760)
    dialog.show()
    form = dialog.mainWidget().wrappers["SOURCES"].shown.open_form()
    form.table.cellWidget(0, 0).setFocus()
    form.explain(0)
    for _ in range(20):
        QCoreApplication.processEvents()
    for shown, at in ((dialog, path), (form, path_of_form)):
        shown.grab().save(str(at))
        print(at)


def main(scene: Path, done: Path, out: Path) -> None:
    """Draw all four."""
    application = QgsApplication([], True)
    application.initQgis()
    out.mkdir(parents=True, exist_ok=True)
    ground, uses, visits = imagery(scene / "imagery.tif"), landuse(scene / "landuse.gpkg"), field(scene / "field.gpkg")
    QgsProject.instance().addMapLayers([ground, uses, visits])
    extent = QgsRectangle(ground.extent())
    extent.scale(0.72)
    draw([visits, uses, ground], extent, out / "guide_layers.jpg")
    draw_dialogs(scene, out / "guide_dialog.png", out / "guide_sources.png")
    fused = QgsRasterLayer(str(done / "fused.tif"), "fused")
    draw([fused, ground], extent, out / "guide_fused.jpg")
    draw([flags(done / "loop.gpkg"), ground], extent, out / "guide_flags.jpg")


if __name__ == "__main__":
    main(*(Path(part) for part in sys.argv[1:4]))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown now and then crashes after everything is written
