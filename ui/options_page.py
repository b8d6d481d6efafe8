"""GeoLoop's page in QGIS's options: which engine, where networks run, how much memory, how large tiles are."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from ..core.errors import EngineError
from ..paths import ICON
from ..processing_provider.engine.interpreter import find_interpreter
from ..processing_provider.settings import Settings
from ..processing_provider.translation import tr

PAGE = "geoloop"
DEVICES = ("auto", "cpu", "cuda")


class OptionsPage(QgsOptionsPageWidget):
    """What holds for all runs that do not say else. Applied when the options are closed with OK."""

    def __init__(self, parent: QWidget | None = None, when_applied: Callable[[], None] = lambda: None) -> None:
        super().__init__(parent)
        self.setObjectName(PAGE)
        self._when_applied = when_applied
        now = Settings.read()
        self.python = QgsFileWidget(self)
        self.python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.python.setFilePath(now.engine_python)
        self.device = QComboBox(self)
        self.device.setEditable(True)  # cuda:1
        self.device.addItems(DEVICES)
        self.device.setCurrentText(now.device)
        self.cache = self._number(now.cache_mb, 64_000, 64, " MB")
        self.tile = self._number(now.tile, 8192, 64, " px")
        self.used = QLabel(self)
        self.used.setWordWrap(True)
        form = QFormLayout()
        for name, field, meaning in (
            (tr("The engine's Python"), self.python,
             tr("Empty: the environment variable GEOLOOP_ENGINE_PYTHON, else what “Install the engine” made.")),
            (tr("Device"), self.device, tr("Where networks run: auto takes a GPU if one really works.")),
            (tr("Raster cache"), self.cache, tr("How much of rasters the engine keeps in memory.")),
            (tr("Tile"), self.tile, tr("The side of a tile in pixels; as needed: what the model asks for.")),
        ):
            field.setToolTip(meaning)
            form.addRow(name, field)
            told = QLabel(meaning, self)
            told.setWordWrap(True)
            told.setEnabled(False)
            form.addRow("", told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.used)
        column.addLayout(form)
        column.addStretch(1)
        self._say_engine()

    def apply(self) -> None:
        """Keep what the page says; the next job's engine starts with it."""
        Settings(
            self.python.filePath().strip(), self.device.currentText().strip() or "auto", self.cache.value(),
            self.tile.value(),
        ).write()
        self._when_applied()

    def _say_engine(self) -> None:
        try:
            used = find_interpreter()
        except EngineError as error:
            self.used.setText(str(error))
        else:
            self.used.setText(tr("The engine is {python}, named by {named_by}.").format(
                python=used.python, named_by=used.named_by
            ))

    def _number(self, value: int, most: int, step: int, unit: str) -> QSpinBox:
        field = QSpinBox(self)
        field.setRange(0, most)
        field.setSingleStep(step)
        field.setValue(value)
        field.setSuffix(unit)
        field.setSpecialValueText(tr("as needed"))
        return field


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page when the options are opened; ``when_applied`` hears that they were closed with OK."""

    def __init__(self, when_applied: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._when_applied = when_applied
        self.setTitle("GeoLoop")

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def createWidget(self, parent: QWidget | None = None) -> OptionsPage:
        return OptionsPage(parent, self._when_applied)
