"""The dialog that installs and examines the engine: two algorithms, run in the background."""

from __future__ import annotations

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..core.errors import EngineError
from ..processing_provider.engine.interpreter import find_interpreter
from ..processing_provider.engine.location import DEVICES
from ..processing_provider.translation import tr


class EngineDialog(QDialog):
    """Shows which engine is used, installs one, and lets doctor examine it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("GeoLoop's engine"))
        self.resize(640, 460)
        self._task: QgsProcessingAlgRunnerTask | None = None
        self._feedback: QgsProcessingFeedback | None = None
        self._context: QgsProcessingContext | None = None

        self.status = QLabel(self)
        self.status.setWordWrap(True)
        self.device = QComboBox(self)
        self.device.addItems(DEVICES)
        self.wheels = QgsFileWidget(self)
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.log = QPlainTextEdit(self)
        self.log.setReadOnly(True)
        self.progress = QProgressBar(self)
        buttons = QDialogButtonBox(self)
        self.install_button = self._button(buttons, tr("Install"), self.install)
        self.examine_button = self._button(buttons, tr("Examine"), self.examine)
        self.cancel_button = self._button(buttons, tr("Cancel"), self.cancel)

        form = QFormLayout()
        form.addRow(tr("Device"), self.device)
        form.addRow(tr("Folder of wheels (optional)"), self.wheels)
        layout = QVBoxLayout(self)
        layout.addWidget(self.status)
        layout.addLayout(form)
        layout.addWidget(self.log)
        layout.addWidget(self.progress)
        layout.addWidget(buttons)
        self._show_state()

    def install(self) -> None:
        """Run ``geoloop:installengine`` with what the dialog says."""
        self._start("geoloop:installengine", {
            "DEVICE": self.device.currentText(), "WHEELS": self.wheels.filePath() or None,
        })

    def examine(self) -> None:
        """Run ``geoloop:doctor``."""
        self._start("geoloop:doctor", {})

    def cancel(self) -> None:
        """Stop what runs."""
        if self._feedback is not None:
            self._feedback.cancel()

    def reject(self) -> None:
        self.cancel()
        super().reject()

    def _button(self, buttons: QDialogButtonBox, text: str, when_clicked) -> QPushButton:
        button = buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(when_clicked)
        return button

    def _start(self, algorithm_id: str, parameters: dict[str, object]) -> None:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        ok, why = algorithm.canExecute()
        self.log.clear()
        if not ok:
            self.log.appendPlainText(why)
            return
        # The task keeps neither of the two; they must live as long as it runs.
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._feedback = _DialogFeedback(self.log)
        self._feedback.progressChanged.connect(lambda percent: self.progress.setValue(round(percent)))
        self._task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self._feedback)
        self._task.executed.connect(self._finish)
        QgsApplication.taskManager().addTask(self._task)
        self._show_state()

    def _finish(self, successful: bool, results: dict[str, object]) -> None:
        self._task = self._feedback = self._context = None
        self.log.appendPlainText(tr("Done.") if successful else tr("Not done."))
        self._show_state()

    def _show_state(self) -> None:
        running = self._task is not None
        self.install_button.setEnabled(not running)
        self.examine_button.setEnabled(not running)
        self.cancel_button.setEnabled(running)
        try:
            used = find_interpreter()
        except EngineError as error:
            self.status.setText(str(error))
        else:
            self.status.setText(tr("The engine is {python}, named by {named_by}.").format(
                python=used.python, named_by=used.named_by
            ))


class _DialogFeedback(QgsProcessingFeedback):
    """Carries the log of a background run into the dialog, line by line, through signals between threads."""

    line_written = pyqtSignal(str)

    def __init__(self, log: QPlainTextEdit) -> None:
        super().__init__(False)
        self.line_written.connect(log.appendPlainText)

    def pushInfo(self, text: str) -> None:
        self.line_written.emit(text)

    def pushWarning(self, text: str) -> None:
        self.line_written.emit(text)

    def reportError(self, text: str, fatalError: bool = False) -> None:
        self.line_written.emit(text)

    def setProgressText(self, text: str) -> None:
        self.line_written.emit(text)
