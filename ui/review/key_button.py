"""A button that shows the key which does the same."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QPushButton, QWidget

CAP_PX, MARGIN_PX, HEIGHT_PX = 17, 7, 30


class KeyButton(QPushButton):
    """``key`` is drawn as a key cap at the right; ``colour`` marks what the button stands for by a bar at the left."""

    def __init__(self, text: str, key: str, parent: QWidget | None = None, colour: str = "") -> None:
        super().__init__(text, parent)
        self.key, self._colour = key, colour
        self.setToolTip(f"{text} ({key})")
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # keys stay with the map
        self.setMinimumHeight(HEIGHT_PX)
        # the text keeps clear of the key and of the bar
        self.setStyleSheet(f"QPushButton {{ padding: 4px {self._cap_width() + MARGIN_PX}px 4px 10px; }}")

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(text + self._cap_width() + 4 * MARGIN_PX, HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        if self._colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            painter.drawRoundedRect(QRectF(4, 7, 4, self.height() - 14), 2, 2)
        cap = QRectF(self.width() - self._cap_width() - MARGIN_PX, (self.height() - CAP_PX) / 2, self._cap_width(),
                     CAP_PX)
        ink = self.palette().color(QPalette.ColorRole.ButtonText)
        edge = QColor(ink)
        edge.setAlpha(90)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(QPen(ink))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key)
        painter.end()

    def _cap_width(self) -> int:
        font = self.font()
        font.setPixelSize(11)
        return max(CAP_PX, QFontMetrics(font).horizontalAdvance(self.key) + 10)
