"""What the review dock is made of: its widgets, laid out. What they do is the dock's affair."""

from __future__ import annotations

from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgsDockWidget, QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...processing_provider.translation import tr
from .actions import Actions
from .amending import Amending
from .card import Card
from .filters import Filters
from .layers_menu import LayersMenu
from .map_view import MapView
from .opening import Opening
from .page_strip import PageStrip
from .style import put_style
from .tally import Tally

REVIEWER, LEDGER = "geoloop/reviewer", "geoloop/ledger"
"""What QGIS remembers from one session to the next."""
OPENING, REVIEWING = 0, 1
LEAST_WIDTH_PX = 330


class Panel(QgsDockWidget):
    """The dock's widgets, and the overlay on the map that goes with them."""

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(tr("GeoLoop review"), parent)
        self.setObjectName("GeoLoopReview")
        self.map_view = MapView(canvas, self)
        self.opening = Opening(self)
        self.opening.start_from(str(QgsSettings().value(LEDGER, "") or ""))
        self.filters = Filters(canvas, self)
        self.filters.hide()
        self.card = Card(self)
        self.strip = PageStrip(self)
        self.amending = Amending(canvas, self.map_view.overlay, self)
        self.actions = Actions(self)
        self.tally = Tally(self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.reviewer = QLineEdit(self)
        self.reviewer.setPlaceholderText(tr("who decides"))
        self.reviewer.setText(QgsSettings().value(REVIEWER, "") or QgsApplication.userFullName())
        self.note = QLineEdit(self)
        self.note.setPlaceholderText(tr("why, if it should be known (N)"))
        self.filter_button = _tool(self, tr("Filter"))
        self.filter_button.setCheckable(True)
        self.layers_button = _tool(self, tr("Layers"))
        self.layers_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.layers_menu = LayersMenu(self)
        self.layers_button.setMenu(self.layers_menu)
        self._lay_out()

    def say(self, text: str, *, is_trouble: bool = False) -> None:
        """Tell the reviewer a sentence; an empty one takes the last away."""
        self.message.setText(text)
        self.message.setVisible(bool(text))
        ground, ink = ("#ffe3e3", "#8c1d1d") if is_trouble else ("#e7f5ff", "#0b4a75")
        put_style(self.message, f"background: {ground}; color: {ink}; border-radius: 4px; padding: 6px 8px;")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.strip, 1)
        top.addWidget(self.filter_button)
        top.addWidget(self.layers_button)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        column.addWidget(self.amending)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        review = QWidget(self)
        page = QVBoxLayout(review)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addWidget(self.tally)
        page.addLayout(top)
        page.addWidget(scroll, 1)
        page.addWidget(self.actions)
        who = QFormLayout()
        who.setVerticalSpacing(5)
        who.addRow(tr("Note"), self.note)
        who.addRow(tr("Reviewer"), self.reviewer)
        page.addLayout(who)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.opening)
        self.stack.addWidget(review)
        whole = QWidget(self)
        body = QVBoxLayout(whole)
        body.setContentsMargins(10, 8, 10, 8)
        body.addWidget(self.filters)
        body.addWidget(self.stack, 1)
        body.addWidget(self.message)
        whole.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        whole.setMinimumWidth(LEAST_WIDTH_PX)
        self.setWidget(whole)


def _tool(parent: QWidget, text: str) -> QToolButton:
    button = QToolButton(parent)
    button.setText(text)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
