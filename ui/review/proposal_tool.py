"""The map tool with which a reviewer changes a proposed outline before accepting it."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence

REACH_PX = 9
"""How near to a corner or a side the mouse must be to take hold of it."""


class ProposalTool(QgsMapTool):
    """Drag a corner to move it, a side to make a new corner, the inside to move all; Delete takes a corner away."""

    changed = pyqtSignal(QgsGeometry)

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._shape = QgsGeometry()
        self._earlier: list[QgsGeometry] = []
        self._corner: int | None = None
        self._held_from: QgsPointXY | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)

    def begin(self, shape: QgsGeometry) -> None:
        """Change this geometry, in the map's CRS."""
        self._shape, self._earlier = QgsGeometry(shape), []
        self._let_go()

    @property
    def shape(self) -> QgsGeometry:
        """The geometry as it is now."""
        return QgsGeometry(self._shape)

    @property
    def has_changes(self) -> bool:
        """Whether anything was changed since the beginning."""
        return bool(self._earlier)

    def step_back(self) -> None:
        """Take the last change back."""
        if self._earlier:
            self._shape = self._earlier.pop()
            self.changed.emit(self.shape)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._shape.isNull():
            return
        point = event.mapPoint()
        reach = REACH_PX * self.canvas().mapUnitsPerPixel()
        before = self.shape
        corner = self._corner_at(point, reach)
        if corner is None:
            distance_sq, _, after, _ = self._shape.closestSegmentWithContext(point)
            if 0 <= distance_sq <= reach**2 and self._shape.insertVertex(point.x(), point.y(), after):
                corner = after
            elif not self._shape.contains(point):
                return
        self._earlier.append(before)
        self._corner, self._held_from = corner, point
        if corner is not None:
            self._drag_to(point)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        if self._held_from is not None:
            self._drag_to(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if self._held_from is not None:
            self._drag_to(event.mapPoint())
        if self._held_from is not None and self._earlier and self._shape.equals(self._earlier[-1]):
            self._earlier.pop()  # a mere click
        self._let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.step_back()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            here = self.canvas().mapSettings().mapToPixel().toMapCoordinates(self.canvas().mouseLastXY())
            self._delete_at(here)
        else:
            event.ignore()
            return
        event.accept()

    def _delete_at(self, point: QgsPointXY) -> None:
        corner = self._corner_at(point, 2 * REACH_PX * self.canvas().mapUnitsPerPixel())
        before = self.shape
        if corner is not None and self._shape.deleteVertex(corner):
            if self._shape.isEmpty() or not self._shape.isGeosValid():
                self._shape = before
                return
            self._earlier.append(before)
            self.changed.emit(self.shape)

    def _corner_at(self, point: QgsPointXY, reach: float) -> int | None:
        _, corner, _, _, distance_sq = self._shape.closestVertex(point)
        return corner if 0 <= distance_sq <= reach**2 else None

    def _drag_to(self, point: QgsPointXY) -> None:
        if self._held_from is None:
            return
        if self._corner is not None:
            self._shape.moveVertex(point.x(), point.y(), self._corner)
        else:
            self._shape.translate(point.x() - self._held_from.x(), point.y() - self._held_from.y())
            self._held_from = point
        self.changed.emit(self.shape)

    def _let_go(self) -> None:
        self._corner = self._held_from = None
