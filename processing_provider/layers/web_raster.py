"""Imagery of a web map as a raster file: its area at a chosen resolution, on pixels of the map's own CRS."""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsRasterBlockFeedback,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRasterPipe,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QThread

from ...core.errors import Cancelled, InputError
from ..translation import tr

MOST_PIXELS = 20_000**2
"""More is asked of a server only by those who should ask its owner first."""
ROWS = 256
"""Rows that are looked at at once."""
OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "PREDICTOR=2", "BIGTIFF=IF_SAFER"]


@dataclass(frozen=True)
class Cut:
    """The part of a web map that is saved: its extent in the map's CRS, whole pixels of it, and their size there."""

    extent: QgsRectangle
    width: int
    height: int
    pixel: float

    @classmethod
    def of(cls, layer: QgsRasterLayer, extent: QgsRectangle, resolution_m: float,
           context: QgsCoordinateTransformContext) -> Cut:
        """Cut ``extent`` (in the layer's CRS) at ``resolution_m`` metres on the ground.

        Raises :class:`InputError` for an area that would be too many pixels.
        """
        pixel = resolution_m / _ground_metres(layer, extent, context)
        west, south = math.floor(extent.xMinimum() / pixel) * pixel, math.floor(extent.yMinimum() / pixel) * pixel
        width = max(math.ceil((extent.xMaximum() - west) / pixel), 1)
        height = max(math.ceil((extent.yMaximum() - south) / pixel), 1)
        if width * height > MOST_PIXELS:
            raise InputError(tr(
                "EXTENT at {resolution} m would be {width} × {height} pixels, too much to ask of a web server at once; "
                "choose a smaller EXTENT or a coarser RESOLUTION."
            ).format(resolution=resolution_m, width=width, height=height))
        return cls(QgsRectangle(west, south, west + width * pixel, south + height * pixel), width, height, pixel)


@dataclass(frozen=True)
class WebMap:
    """A layer of a web map as it was in the main thread: its ``pipe`` goes to the thread that fetches.

    That thread makes no Qt object of QGIS's known to Python and connects no signal: PyQt keeps tables of both that two
    threads must not change at once, and QGIS would crash now and then. So all of it is made here, before.
    """

    name: str
    source: str
    attribution: str
    crs: QgsCoordinateReferenceSystem
    pipe: QgsRasterPipe
    feedback: QgsRasterBlockFeedback

    @classmethod
    def of(cls, layer: QgsRasterLayer, feedback: QgsProcessingFeedback) -> WebMap:
        """Take what a run with this ``feedback`` needs of ``layer``. Main thread only."""
        pipe, told = QgsRasterPipe(), QgsRasterBlockFeedback()
        if not pipe.set(layer.dataProvider().clone()):
            raise InputError(tr("The imagery “{name}” cannot be read.").format(name=layer.name()))
        pipe.moveToThread(None)
        feedback.canceled.connect(told.cancel)
        told.progressChanged.connect(feedback.progressChanged)
        return cls(layer.name(), layer.source(), attribution(layer), layer.crs(), pipe, told)


def attribution(layer: QgsRasterLayer) -> str:
    """What the layer itself says of whose it is and how it may be used; empty if nothing."""
    said = (layer.serverProperties().attribution(), *layer.metadata().rights(), *layer.metadata().licenses(),
            *_terms(layer))
    return "; ".join(dict.fromkeys(one.strip() for one in said if one.strip()))


def _terms(layer: QgsRasterLayer) -> list[str]:
    """Fees and access constraints as the server tells them: QGIS keeps them on its page for people alone, under its own
    words for them in its own language.
    """
    told = []
    page = layer.dataProvider().htmlMetadata()
    for name, ours in (("Fees", tr("Fees: {text}")), ("Access Constraints", tr("Access constraints: {text}"))):
        named = "|".join(re.escape(one) for one in {name, QCoreApplication.translate("QgsWmsProvider", name)})
        cell = re.search(rf"<td>(?:{named})</td>\s*<td>(.*?)</td>", page, re.DOTALL)
        text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", cell[1])).split()) if cell else ""
        if text.strip("- "):
            told.append(ours.format(text=text))
    return told


def write_cut(web: WebMap, cut: Cut, path: str, feedback: QgsProcessingFeedback,
              context: QgsCoordinateTransformContext) -> None:
    """Fetch the part and write it as a GeoTIFF: red, green, blue, and where the map shows nothing.

    Raises :class:`InputError` for what the server did not give, and :class:`Cancelled`.
    """
    web.pipe.moveToThread(QThread.currentThread())
    writer = QgsRasterFileWriter(path)
    writer.setOutputFormat("GTiff")
    set_options = getattr(writer, "setCreationOptions", None) or writer.setCreateOptions  # its name before QGIS 3.44
    set_options(OPTIONS)
    problem = writer.writeRaster(web.pipe, cut.width, cut.height, cut.extent, web.crs, context, web.feedback)
    if feedback.isCanceled():
        raise Cancelled("The run was cancelled.")
    if problem != QgsRasterFileWriter.WriterError.NoError:
        raise InputError(tr("The imagery “{name}” cannot be written to {path}.").format(name=web.name, path=path))
    for error in dict.fromkeys(web.feedback.errors()):
        feedback.pushWarning(error)
    shown = _share_shown(path)
    if shown is None:
        raise InputError(tr("The imagery “{name}” cannot be written to {path}.").format(name=web.name, path=path))
    if shown == 0:
        raise InputError(tr(
            "The server of “{name}” gave nothing for this area and resolution; look whether the map shows it in QGIS, "
            "and choose a resolution that it has."
        ).format(name=web.name))
    if shown < 1:
        feedback.pushWarning(tr(
            "The server of “{name}” gave nothing for {share} % of the area: it may have nothing there, or have failed; "
            "these pixels are nodata. Run it again if they should not be."
        ).format(name=web.name, share=f"{100 * (1 - shown):.2g}"))


def _ground_metres(layer: QgsRasterLayer, extent: QgsRectangle, context: QgsCoordinateTransformContext) -> float:
    """The metres on the ground of one unit of the layer's CRS in the middle of an extent."""
    crs, middle = layer.crs(), extent.center()
    if crs.isGeographic():
        raise InputError(tr(
            "The imagery “{name}” comes in degrees; set a metric CRS for it, such as EPSG:3857, in the layer's "
            "properties, if its server offers one."
        ).format(name=layer.name()))
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context)
    measure.setEllipsoid(crs.ellipsoidAcronym() or "WGS84")
    step = 100.0 / QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), measure.lengthUnits())
    try:
        metres = measure.measureLine(middle, QgsPointXY(middle.x() + step, middle.y())) / step
    except QgsCsException:
        metres = math.nan
    if not (math.isfinite(metres) and metres > 0):
        raise InputError(tr("EXTENT does not lie where the CRS {crs} of “{name}” is valid; choose an area of the map."
                            ).format(crs=crs.userFriendlyIdentifier(), name=layer.name()))
    return float(metres)


def _share_shown(path: str) -> float | None:
    """The share of a written raster's pixels that are not transparent; None where it cannot be read to its end: QGIS's
    writer does not tell of a disk that has run full.
    """
    clear = 0
    try:
        written = gdal.Open(path)
        width, height = written.RasterXSize, written.RasterYSize
        for top in range(0, height, ROWS):
            rows = min(ROWS, height - top)
            clear += written.ReadRaster(0, top, width, rows)[-width * rows:].count(0)  # opacity is the last band
    except (AttributeError, RuntimeError, TypeError):  # GDAL raises, or gives None
        return None
    return 1 - clear / (width * height)
