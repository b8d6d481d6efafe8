"""What the dock shows before there is anything to review: which ledger, and a queue where it has none."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from ...processing_provider.algorithms.queue import Queue
from ...processing_provider.translation import tr
from ..running import run_here

USUAL_SIZE, MOST = 100, 1_000_000


def make_queue(path: Path, size: int) -> str:
    """Make the ledger's next queue, by ``geoloop:queue``; return what it told.

    Raises :class:`~geoloop.core.errors.InputError` with the algorithm's own sentence.
    """
    _, told = run_here(Queue(), {"LEDGER": str(path), "SIZE": size})
    return told[-1] if told else ""


class Opening(QWidget):
    """Asks for the ledger, and for a queue where there is none or it is at its end."""

    ledger_chosen = pyqtSignal(str)
    queue_wanted = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setStyleSheet("font-size: 15px; font-weight: 600;")
        self.text = QLabel(self)
        for label in (self.title, self.text):
            label.setWordWrap(True)
        self.ledger = QgsFileWidget(self)
        self.ledger.setFilter(tr("GeoPackage (*.gpkg)"))
        self.ledger.setDialogTitle(tr("The ledger that holds the discrepancies"))
        self.queue_size = QSpinBox(self)
        self.queue_size.setRange(1, MOST)
        self.queue_size.setSingleStep(50)
        self.queue_size.setValue(USUAL_SIZE)
        self.queue_size.setSuffix(" " + tr("items"))
        self.make = QPushButton(tr("Make the queue"), self)
        self.make.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(self.queue_size, 1)
        row.addWidget(self.make, 1)
        self.queue_row = QWidget(self)
        self.queue_row.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Ledger"), self.ledger)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 12, 4, 4)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(form)
        column.addWidget(self.queue_row)
        column.addStretch(1)
        self.ledger.fileChanged.connect(self._chosen)
        self.make.clicked.connect(lambda: self.queue_wanted.emit(self.queue_size.value()))
        self.ask_for_ledger()

    def ask_for_ledger(self) -> None:
        """Nothing is open."""
        self._say(tr("Review"), tr("Open the ledger that “Flag discrepancies” or “Run a round of the loop” wrote."),
                  queue=False)

    def ask_for_queue(self, path: Path) -> None:
        """A ledger is open that has no queue yet."""
        self.show_path(path)
        self._say(tr("No queue yet"), tr(
            "A queue puts what is worth most of your time first, and draws at least a tenth of its items at random, so "
            "that you learn how wrong the layers really are."), queue=True)

    def say_finished(self, path: Path, is_filtered: bool) -> None:
        """Every item is decided."""
        self.show_path(path)
        if is_filtered:
            self._say(tr("Nothing left here"), tr("Every item that the filter shows is decided. Widen the filter, or "
                                                  "make a new queue."), queue=True)
        else:
            self._say(tr("All done"), tr("Every item of this queue is decided. Push what you accepted, or make the "
                                         "next queue: it learns from what you said."), queue=True)

    def start_from(self, path: str) -> None:
        """Let the choice of a ledger begin where the last one was."""
        if path:
            self.ledger.setDefaultRoot(str(Path(path).parent))

    def show_path(self, path: Path) -> None:
        """Show which ledger is open."""
        blocked = self.ledger.blockSignals(True)
        self.ledger.setFilePath(str(path))
        self.ledger.blockSignals(blocked)

    def _chosen(self, path: str) -> None:
        if path.strip():
            self.ledger_chosen.emit(path.strip())

    def _say(self, title: str, text: str, *, queue: bool) -> None:
        self.title.setText(title)
        self.text.setText(text)
        self.queue_row.setVisible(queue)
