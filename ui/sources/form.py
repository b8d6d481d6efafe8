"""The form: a question a row, a layer a column, and the meaning of the question that is being answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...core.jobs.inputs import SourceSettings
from ...processing_provider.translation import tr
from .layers import AskedLayer
from .questions import Question, questions

NOTHING = -1.0  # what the field of metres holds where nothing is said: 0 m is an answer
MOST_METRES = 100_000.0
COLUMN_PX, SIZE_PX = 190, (720, 640)


class SourcesForm(QDialog):
    """Asks of each layer what SOURCES can say; :meth:`entries` are the answers that differ from the defaults."""

    def __init__(self, layers: Sequence[AskedLayer], said: Mapping[str, SourceSettings],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About the sources"))
        self.resize(*SIZE_PX)
        self.layers = [*layers, *(AskedLayer(name) for name in said if name not in {one.name for one in layers})]
        self.questions = questions()
        self._read: dict[tuple[str, str], Callable[[], Any]] = {}
        self._row_of: dict[QObject, int] = {}
        about = QLabel(tr("What the layers do not say of themselves. Everything may stay empty that does not matter to "
                          "you; what is left empty is not said.") if self.layers else
                       tr("Choose the layers first: imagery, map layers, field layers."), self)
        about.setWordWrap(True)
        self.table = self._table(said)
        self.meaning = QLabel(self)
        self.meaning.setWordWrap(True)
        self.meaning.setMinimumHeight(3 * self.fontMetrics().height())
        self.meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addWidget(self.table)
        column.addWidget(self.meaning)
        column.addWidget(buttons)
        self.explain(0)

    def entries(self) -> dict[str, dict[str, Any]]:
        """The answers by layer, as SOURCES takes them; a layer of which nothing is said is left out."""
        default = asdict(SourceSettings())
        found: dict[str, dict[str, Any]] = {}
        for (layer, setting), read in self._read.items():
            value = read()
            if value != default[setting]:
                found.setdefault(layer, {})[setting] = value
        return found

    def explain(self, row: int) -> None:
        """Show what the question of a row means."""
        self.meaning.setText(f"<b>{self.questions[row].title}</b>: {self.questions[row].meaning}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in self._row_of and event.type() == QEvent.Type.FocusIn:
            self.explain(self._row_of[watched])
        elif watched in self._row_of and event.type() == QEvent.Type.Wheel:
            event.ignore()  # the wheel moves the table, and does not change an answer that it passes
            return True
        return super().eventFilter(watched, event)

    def _table(self, said: Mapping[str, SourceSettings]) -> QTableWidget:
        table = QTableWidget(len(self.questions), len(self.layers), self)
        table.setHorizontalHeaderLabels([one.name for one in self.layers])
        table.setVerticalHeaderLabels([one.title for one in self.questions])
        table.verticalHeader().setSectionsClickable(True)
        table.verticalHeader().sectionClicked.connect(self.explain)
        table.horizontalHeader().setDefaultSectionSize(COLUMN_PX)
        table.horizontalHeader().setSectionResizeMode(
            QHeaderView.ResizeMode.Stretch if len(self.layers) < 4 else QHeaderView.ResizeMode.Interactive)
        for row, question in enumerate(self.questions):
            table.verticalHeaderItem(row).setToolTip(question.meaning)
            for at, layer in enumerate(self.layers):
                if layer.is_imagery and not question.of_imagery:
                    unasked = QTableWidgetItem()
                    unasked.setFlags(Qt.ItemFlag.NoItemFlags)
                    unasked.setBackground(self.palette().window())
                    table.setItem(row, at, unasked)
                    continue
                settings = said.get(layer.name, SourceSettings())
                editor, read = self._editor(question, layer, getattr(settings, question.setting))
                editor.setToolTip(question.meaning)
                editor.setAccessibleName(f"{question.title}, {layer.name}")
                editor.installEventFilter(self)
                self._row_of[editor] = row
                self._read[layer.name, question.setting] = read
                table.setCellWidget(row, at, editor)
        return table

    def _editor(self, question: Question, layer: AskedLayer, value: Any) -> tuple[QWidget, Callable[[], Any]]:
        """A field for an answer, holding ``value``, and what reads it."""
        if question.answer == "yes_no":
            return _yes_no(getattr(SourceSettings(), question.setting), value)
        if question.answer == "metres":
            return _metres(value)
        if question.answer == "field" and layer.fields:
            return _one_of(layer.fields, value)
        line = QLineEdit(value)
        return line, lambda: line.text().strip()


def _yes_no(default: bool | None, value: bool | None) -> tuple[QWidget, Callable[[], Any]]:
    box = QComboBox()
    for text, meant in (("", None), (tr("yes"), True), (tr("no"), False)):
        if default is None or meant is not None:
            box.addItem(text, meant)
    box.setCurrentIndex(box.findData(value))
    return box, box.currentData


def _metres(value: float | None) -> tuple[QWidget, Callable[[], Any]]:
    number = QDoubleSpinBox()
    number.setDecimals(3)  # of a survey a millimetre may count
    number.setRange(NOTHING, MOST_METRES)
    number.setSuffix(" m")
    number.setSpecialValueText(" ")
    number.setValue(NOTHING if value is None else value)
    return number, lambda: None if number.value() == NOTHING else number.value()


def _one_of(fields: Sequence[str], value: str) -> tuple[QWidget, Callable[[], Any]]:
    """A choice of the layer's fields; one that it does not have stays, for the run to say so."""
    box = QComboBox()
    box.addItems(["", *fields, *([value] if value and value not in fields else [])])
    box.setCurrentText(value)
    return box, box.currentText
