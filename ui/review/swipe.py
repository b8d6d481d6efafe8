"""The before-and-after swipe: a divider over the map that follows the mouse."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent

from .overlay import GRIP_PX, Overlay

EDGE = 0.02
"""How near to the edge of the map the divider may go, so that it can be taken hold of again."""


class Swipe(QObject):
    """Moves the overlay's divider. Whatever is not on the divider goes to the map as always."""

    switched = pyqtSignal(bool)

    def __init__(self, canvas: QgsMapCanvas, overlay: Overlay, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._overlay, self._holds = canvas, overlay, False

    @property
    def is_on(self) -> bool:
        """Whether the divider is shown."""
        return self._overlay.divider is not None

    def switch(self, on: bool) -> None:
        """Show the divider in the middle of the map, or take it away."""
        if on == self.is_on:
            return
        view = self._canvas.viewport()
        if on:
            view.installEventFilter(self)
            self._overlay.divider = 0.5
        else:
            view.removeEventFilter(self)
            self._let_go()
            self._overlay.divider = None
        self._overlay.update()
        self.switched.emit(on)

    def move_to(self, share: float) -> None:
        """Put the divider at a share of the map's width."""
        self._overlay.divider = min(max(share, EDGE), 1 - EDGE)
        self._overlay.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.is_on or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._holds = self._is_on_divider(event.pos().x())
            return self._holds
        if kind == QEvent.Type.MouseMove:
            if self._holds:
                self.move_to(event.pos().x() / max(self._canvas.width(), 1))
                return True
            near = self._is_on_divider(event.pos().x())
            self._canvas.viewport().setCursor(
                Qt.CursorShape.SplitHCursor) if near else self._canvas.viewport().unsetCursor()
            return False
        if kind == QEvent.Type.MouseButtonRelease and self._holds:
            self.move_to(event.pos().x() / max(self._canvas.width(), 1))
            self._let_go()
            return True
        return False

    def _is_on_divider(self, x: float) -> bool:
        return abs(x - (self._overlay.divider or 0.0) * self._canvas.width()) <= GRIP_PX

    def _let_go(self) -> None:
        self._holds = False
        self._canvas.viewport().unsetCursor()
