"""Fields of our own in the dialogs of Processing, for parameters that are a text everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterDefinition
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsGui, QgsProcessingGui
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

MODELER, BATCH = "ModelerParametersDialog", "BatchAlgorithmDialog"


class TextField(QWidget):
    """A field that holds a text."""

    changed = pyqtSignal()

    def text(self) -> str:
        """What it holds."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """Hold another text."""
        raise NotImplementedError


class DialogField(QgsAbstractProcessingParameterWidgetWrapper):
    """What QGIS makes for a parameter in the toolbox's dialog and in batch mode: a :class:`TextField`, which may look
    at what other parameters, those of ``BESIDE``, hold.

    In the modeler the layers are not known yet, and a value may come from an input or an expression: there QGIS's own
    field for a text stands in.
    """

    BESIDE: tuple[str, ...] = ()

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, row: int = 0, col: int = 0) -> Any:
        if type(dialog).__name__ == MODELER:
            own = QgsGui.processingGuiRegistry().createModelerParameterWidget(
                dialog.model, dialog.childId, parameter, dialog.context)
            own.setDialog(dialog)
            return own
        return super().__new__(cls)

    def __init__(self, parameter: QgsProcessingParameterDefinition, dialog: Any, row: int = 0, col: int = 0) -> None:
        self.is_batch = type(dialog).__name__ == BATCH
        kind = QgsProcessingGui.WidgetType.Batch if self.is_batch else QgsProcessingGui.WidgetType.Standard
        super().__init__(parameter, kind)
        self._beside: dict[str, QgsAbstractProcessingParameterWidgetWrapper] = {}
        self.shown: TextField | None = None
        self._holder: QWidget | None = None

    def field(self, parent: QWidget) -> TextField:
        """Make the field."""
        raise NotImplementedError

    def said(self, value: Any) -> str:
        """A value that is set, as the field shows it."""
        return "" if value is None else str(value)

    def beside(self) -> dict[str, Any]:
        """What the other parameters hold now."""
        return {name: wrapper.parameterValue() for name, wrapper in self._beside.items()}

    def createWidget(self) -> QWidget:
        holder = QWidget()  # PyQt forgets that this object is Python's, not that its children are
        self._holder = holder  # and drops its half of it, which Qt still asks, unless it is held here
        self.shown = self.field(holder)
        self.shown.setToolTip(self.parameterDefinition().toolTip())
        self.shown.changed.connect(lambda: self.widgetValueHasChanged.emit(self))
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.shown)
        return holder

    def setWidgetValue(self, value: Any, context: QgsProcessingContext) -> None:
        if self.shown is not None:
            self.shown.set_text(self.said(value))

    def widgetValue(self) -> str:
        return "" if self.shown is None else self.shown.text()

    def postInitialize(self, wrappers: Sequence[QgsAbstractProcessingParameterWidgetWrapper]) -> None:
        super().postInitialize(wrappers)
        self._beside = {one.parameterDefinition().name(): one for one in wrappers
                        if one.parameterDefinition().name() in self.BESIDE}
