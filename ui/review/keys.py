"""The keys of a review, wherever the keyboard's focus is: on the map or in the dock."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qgis.gui import QgsMapCanvas, QgsMapTool
from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

WRITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
PLAIN, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
Key = tuple[Qt.Key, Qt.KeyboardModifier]


class Keys(QObject):
    """Calls what belongs to a key that is pressed in one of the ``places`` (or a child of it).

    A single letter may be a shortcut of QGIS; it is claimed first. Where somebody writes, letters are letters, unless
    these keys are for ``while_writing``; where somebody draws on the map with a tool that edits a layer, keys are that
    tool's. ``when`` says whether they are wanted now.
    """

    def __init__(self, bindings: Mapping[Key, Callable[[], object]], when: Callable[[], bool], parent: QObject, *,
                 while_writing: bool = False) -> None:
        super().__init__(parent)
        self._bindings, self._when, self._while_writing = dict(bindings), when, while_writing
        self._places: list[QWidget] = []

    def listen_to(self, place: QWidget) -> None:
        """Hear keys pressed here."""
        place.installEventFilter(self)
        self._places.append(place)

    def stop(self) -> None:
        """Hear no more."""
        for place in self._places:
            try:
                place.removeEventFilter(self)
            except RuntimeError:
                pass  # the window closed before
        self._places = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease or _is_drawn_on(watched):
            return False
        action = self._action(event)
        if action is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():  # a key held down is one decision
            action()
        return True

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        writes = isinstance(QApplication.focusWidget(), WRITING) and not self._while_writing
        if writes or not self._when():
            return None
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return next((action for (key, modifier), action in self._bindings.items()
                     if key == event.key() and modifier == held), None)


def _is_drawn_on(place: QObject) -> bool:
    tool = place.mapTool() if isinstance(place, QgsMapCanvas) else None
    return tool is not None and bool(tool.flags() & QgsMapTool.Flag.EditTool)
