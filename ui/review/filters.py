"""Which items are shown: by kind, layer, region and probability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qgis.core import QgsRectangle
from qgis.gui import QgsCheckableComboBox, QgsMapCanvas, QgsMapToolExtent
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ...core.errors import InputError
from ...core.ledger.queue_filter import EVERYTHING, Choice, Wanted
from ...processing_provider.translation import tr
from .framing import Framing
from .words import kind_name


class Filters(QWidget):
    """Emits what is ``wanted`` whenever that changes; ``trouble`` with a sentence where it cannot be used."""

    wanted = pyqtSignal(object)
    trouble = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._framing = canvas, None
        self._region: tuple[float, float, float, float] | None = None
        self._tool: QgsMapToolExtent | None = None
        self._tool_before = None
        self._filling = False
        self.kinds = QgsCheckableComboBox(self)
        self.layers = QgsCheckableComboBox(self)
        self.kinds.setDefaultText(tr("All kinds"))
        self.layers.setDefaultText(tr("All layers"))
        self.least = _percent(self, 0)
        self.most = _percent(self, 100)
        self.here = QPushButton(tr("Map view"), self)
        self.here.setToolTip(tr("Only what the map shows now"))
        self.drawn = QPushButton(tr("Draw"), self)
        self.drawn.setToolTip(tr("Only what lies in a rectangle that you draw on the map"))
        self.everywhere = QPushButton(tr("Clear"), self)
        self.note = QLabel(tr("The random audit needs all of its items: what a filter leaves out, decide later."), self)
        self.note.setWordWrap(True)
        self._lay_out()
        self.kinds.checkedItemsChanged.connect(self._tell)
        self.layers.checkedItemsChanged.connect(self._tell)
        for spin in (self.least, self.most):
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._tell)
        self.here.clicked.connect(self._take_view)
        self.drawn.clicked.connect(self._draw)
        self.everywhere.clicked.connect(lambda: self._take(None))

    def offer(self, choices: Sequence[Choice], framing: Framing) -> None:
        """Offer what the queue has, with nothing left out."""
        self._framing, self._region, self._filling = framing, None, True
        for box, counted, name in (
            (self.kinds, _counted(choices, "kind"), kind_name), (self.layers, _counted(choices, "layer"), str),
        ):
            box.clear()
            for value, count in sorted(counted.items(), key=lambda one: -one[1]):
                box.addItemWithCheckState(f"{name(value)} ({count:,})".replace(",", " "), Qt.CheckState.Unchecked,
                                          value)
        self.least.setValue(0)
        self.most.setValue(100)
        self._filling = False
        self._show_region()

    def what(self) -> Wanted:
        """What is wanted now."""
        return Wanted(kinds=_checked(self.kinds), layers=_checked(self.layers), region=self._region,
                      least=self.least.value() / 100, most=self.most.value() / 100)

    def let_go(self) -> None:
        """Give the map its own tool back."""
        tool, self._tool = self._tool, None
        if tool is None:
            return
        if self._canvas.mapTool() == tool:
            if self._tool_before is not None:
                self._canvas.setMapTool(self._tool_before)
            else:
                self._canvas.unsetMapTool(tool)
        self._tool_before = None
        QTimer.singleShot(0, lambda: tool.deleteLater())  # not now: it may be at work, telling its rectangle

    def _tell(self, *_: object) -> None:
        if not self._filling:
            self.note.setVisible(self.what() != EVERYTHING)
            self.wanted.emit(self.what())

    def _take_view(self) -> None:
        self._take_rectangle(self._canvas.extent())

    def _draw(self) -> None:
        self.let_go()
        self._tool_before = self._canvas.mapTool()
        self._tool = QgsMapToolExtent(self._canvas)
        self._tool.extentChanged.connect(self._take_rectangle)
        self._canvas.setMapTool(self._tool)

    def _take_rectangle(self, rectangle: QgsRectangle) -> None:
        self.let_go()
        if self._framing is None:
            return
        try:
            self._take(self._framing.box_of(rectangle))
        except InputError as error:
            self.trouble.emit(str(error))

    def _take(self, region: tuple[float, float, float, float] | None) -> None:
        self._region = region
        self._show_region()
        self._tell()

    def _show_region(self) -> None:
        self.everywhere.setEnabled(self._region is not None)
        self.note.setVisible(self.what() != EVERYTHING)

    def _lay_out(self) -> None:
        shares = QHBoxLayout()
        shares.addWidget(self.least, 1)
        shares.addWidget(QLabel(tr("to"), self))
        shares.addWidget(self.most, 1)
        region = QHBoxLayout()
        region.setSpacing(4)
        region.addWidget(self.here, 1)
        region.addWidget(self.drawn)
        region.addWidget(self.everywhere)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Kind"), self.kinds)
        form.addRow(tr("Layer"), self.layers)
        form.addRow(tr("Probability"), shares)
        form.addRow(tr("Region"), region)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.note)


def _percent(parent: QWidget, value: int) -> QSpinBox:
    box = QSpinBox(parent)
    box.setRange(0, 100)
    box.setSuffix(" %")
    box.setSingleStep(5)
    box.setValue(value)
    return box


def _counted(choices: Sequence[Choice], what: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for one in choices:
        counted[getattr(one, what)] += one.count
    return counted


def _checked(box: QgsCheckableComboBox) -> tuple[str, ...]:
    """The values of the checked items; none checked is all, and so are all."""
    states = {box.itemData(at): box.itemCheckState(at) == Qt.CheckState.Checked for at in range(box.count())}
    chosen = tuple(value for value, on in states.items() if on)
    return () if len(chosen) == len(states) else chosen
