"""Putting items into view, with enough of their surroundings to judge them."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas

from ...core.errors import InputError
from ...core.ledger.queue import Box
from ...processing_provider.editing.image import geometry_of
from ...processing_provider.translation import tr

LEAST_SIDE_M = 60.0
"""A house with its garden and its neighbours' walls."""
AROUND = 0.6
"""What is added on each side of an item, of its own size."""
CLOSE, FAR = 0.04, 1.0
"""An item whose longer side fills less than this share of the view, or more, is framed anew."""


class Framing:
    """Between the ledger's CRS and the map's. ``metres_per_unit`` of the ledger's CRS, on the ground."""

    def __init__(self, canvas: QgsMapCanvas, wkt: str, metres_per_unit: float) -> None:
        self._canvas = canvas
        self._crs = QgsCoordinateReferenceSystem.fromWkt(wkt)
        self._least = LEAST_SIDE_M / metres_per_unit

    def to_map(self) -> QgsCoordinateTransform:
        """From the ledger's CRS to the map's as they are now."""
        return QgsCoordinateTransform(self._crs, self._canvas.mapSettings().destinationCrs(), QgsProject.instance())

    def on_map(self, wkb: bytes | None) -> QgsGeometry:
        """Return a geometry of the ledger in the map's CRS; a null one where there is none, or no way to bring it."""
        geometry = geometry_of(wkb)
        try:
            geometry.transform(self.to_map())
        except QgsCsException:
            return QgsGeometry()
        return geometry

    def rectangle_on_map(self, box: QgsRectangle) -> QgsGeometry:
        """Return a rectangle of the ledger as an outline in the map's CRS."""
        return self.on_map(bytes(QgsGeometry.fromRect(box).asWkb()))

    def in_ledger(self, geometry: QgsGeometry) -> bytes:
        """Return a geometry of the map as the ledger keeps it. Raises :class:`InputError` if it cannot be brought."""
        copy = QgsGeometry(geometry)
        try:
            copy.transform(QgsCoordinateTransform(
                self._canvas.mapSettings().destinationCrs(), self._crs, QgsProject.instance()))
        except QgsCsException as error:
            raise InputError(tr("The outline cannot be brought into the ledger's CRS: {why}").format(
                why=error)) from error
        return bytes(copy.asWkb())

    def to_layer(self, layer: QgsVectorLayer) -> QgsCoordinateTransform:
        """From the ledger's CRS to a layer's."""
        return QgsCoordinateTransform(self._crs, layer.crs(), QgsProject.instance())

    def of_layer(self, layer: QgsVectorLayer, geometry: QgsGeometry) -> QgsGeometry:
        """Return a geometry of a layer in the map's CRS; a null one where there is no way to bring it."""
        on_map = QgsGeometry(geometry)
        try:
            on_map.transform(QgsCoordinateTransform(
                layer.crs(), self._canvas.mapSettings().destinationCrs(), QgsProject.instance()))
        except QgsCsException:
            return QgsGeometry()
        return on_map

    def box_of(self, on_map: QgsRectangle) -> Box:
        """Return a rectangle of the map in the ledger's CRS. Raises :class:`InputError` if it reaches too far."""
        back = QgsCoordinateTransform(
            self._canvas.mapSettings().destinationCrs(), self._crs, QgsProject.instance())
        try:
            box = back.transformBoundingBox(on_map)
        except QgsCsException as error:
            raise InputError(tr("The rectangle reaches beyond the ledger's CRS; zoom in first.")) from error
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()

    def frame(self, boxes: Iterable[Box | None]) -> bool:
        """Let the map show these boxes and their surroundings; False where none of them has a place on it."""
        extent = QgsRectangle()
        extent.setNull()
        for box in boxes:
            if box is not None:
                around = QgsRectangle(*box)
                around.grow(AROUND * max(around.width(), around.height()))
                extent.combineExtentWith(around)
        if extent.isNull():
            return False
        extent.grow(max(self._least - max(extent.width(), extent.height()), 0.0) / 2)
        try:
            on_map = self.to_map().transformBoundingBox(extent)
        except QgsCsException:
            return False
        if not on_map.isFinite():
            return False
        self._canvas.setExtent(on_map)
        self._canvas.refresh()
        return True

    def shows(self, box: Box | None) -> bool:
        """Whether the map shows a box whole and large enough to be judged."""
        if box is None:
            return True
        try:
            on_map = self.to_map().transformBoundingBox(QgsRectangle(*box))
        except QgsCsException:
            return True
        view = self._canvas.extent()
        share = max(on_map.width() / view.width(), on_map.height() / view.height()) if not view.isEmpty() else 0.0
        return view.contains(on_map) and CLOSE <= share <= FAR
