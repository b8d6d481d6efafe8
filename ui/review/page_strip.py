"""The items of a page, as numbers to choose from or to take together."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication, QHBoxLayout, QLabel, QToolButton, QWidget

from ...core.ledger.queue import PageItem
from ...processing_provider.translation import tr
from .style import put_style
from .words import DECISION_COLOURS, decision_name, kind_name, title

MOST = 8
"""As many as a page ever has (``core.review.pages.MOST_ITEMS``)."""


class PageStrip(QWidget):
    """One small button an item; none where a page has one item only."""

    chosen = pyqtSignal(int)
    taken_along = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        self.buttons = [self._button(at) for at in range(MOST)]
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        self.together = QLabel(self)
        row.addWidget(self.together)

    def show_page(self, items: Sequence[PageItem], current: int, along: set[int]) -> None:
        """Show the items (at most :data:`MOST`), which is looked at, and which are taken along with it."""
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(items) > 1)
            if at < len(items):
                self._paint(button, items[at], at == current, at in along)
        count = len(along | {current})
        self.together.setText(tr("{count} together").format(count=count) if count > 1 else "")

    def _paint(self, button: QToolButton, item: PageItem, is_current: bool, is_along: bool) -> None:
        said = decision_name(item.decision) if item.decision else kind_name(item.kind)
        button.setToolTip(tr("{title}: {said}. Shift or Ctrl with a click takes it along.").format(
            title=title(item), said=said))
        fill = DECISION_COLOURS.get(item.decision, "")
        edge = "palette(highlight)" if is_current or is_along else "palette(mid)"
        style = f"border: {2 if is_current or is_along else 1}px {'dashed' if is_along and not is_current else 'solid'}"
        put_style(
            button, f"QToolButton {{ {style} {edge}; border-radius: 12px; font-weight: {700 if is_current else 400};"
            f" {f'background: {fill}; color: white;' if fill else ''} }}")

    def _button(self, at: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(str(at + 1))
        button.setFixedSize(25, 25)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._clicked(button, at))
        return button

    def _clicked(self, button: QToolButton, at: int) -> None:
        held = QApplication.keyboardModifiers()
        along = held & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        (self.taken_along if along else self.chosen).emit(at)
