"""What can be done with the layers: push what was accepted into one, or take the last push back."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QWidget

from ...processing_provider.translation import tr


class LayersMenu(QMenu):
    """Filled each time that it is opened."""

    push_wanted = pyqtSignal(str)
    undo_wanted = pyqtSignal(str)
    columns_wanted = pyqtSignal(str)
    queue_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def fill(self, due: Mapping[str, int | None]) -> None:
        """Offer what there is: by layer of the ledger how many edits are due, None where it is not in the project."""
        self.clear()
        for name, count in due.items():
            action = self.addAction(tr("Push {count} accepted edits into “{layer}”").format(
                count=count or 0, layer=_in_menu(name)))
            action.setEnabled(bool(count))
            action.triggered.connect(lambda _=False, name=name: self.push_wanted.emit(name))
        self.addSeparator()
        for name, count in due.items():
            action = self.addAction(tr("Take the last push into “{layer}” back").format(layer=_in_menu(name)))
            action.setEnabled(count is not None)
            action.triggered.connect(lambda _=False, name=name: self.undo_wanted.emit(name))
        self.addSeparator()
        for name, count in due.items():
            action = self.addAction(tr("Columns of “{layer}”…").format(layer=_in_menu(name)))
            action.setEnabled(count is not None)
            action.triggered.connect(lambda _=False, name=name: self.columns_wanted.emit(name))
        self.addSeparator()
        self.addAction(tr("Make a new queue")).triggered.connect(lambda: self.queue_wanted.emit())
        self.addAction(tr("Close the ledger")).triggered.connect(lambda: self.close_wanted.emit())


def _in_menu(name: str) -> str:
    """A name as a menu shows it: an ampersand alone would underline the next letter."""
    return name.replace("&", "&&")
