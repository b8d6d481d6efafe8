"""The user's table: which column of a layer takes a value that the ledger calls by another name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ...processing_provider.editing.columns import column_of
from ...processing_provider.editing.image import own_fields
from ...processing_provider.translation import tr

KEPT_AS = "geoloop/columns"
"""The property of a layer that keeps its table: it is saved with the project."""


def table_of(layer: QgsVectorLayer) -> dict[str, str]:
    """Return the table that the user made for a layer, from names of the ledger to columns; empty where there is none.
    """
    try:
        kept = json.loads(str(layer.customProperty(KEPT_AS, "") or "{}"))
    except ValueError:
        return {}
    return {str(name): str(column) for name, column in kept.items()} if isinstance(kept, dict) else {}


def keep_table(layer: QgsVectorLayer, table: Mapping[str, str]) -> None:
    """Let a layer have this table."""
    if table:
        layer.setCustomProperty(KEPT_AS, json.dumps(dict(table), ensure_ascii=False, sort_keys=True))
    else:
        layer.removeCustomProperty(KEPT_AS)


class ColumnsDialog(QDialog):
    """Asks for each of the ``names`` in which column of ``layer`` its values go; accepted, the layer keeps that."""

    def __init__(self, layer: QgsVectorLayer, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = layer
        self.setWindowTitle(tr("Columns of “{layer}”").format(layer=layer.name()))
        about = QLabel(tr("Which column takes a proposed value? A column is never added; a value without one stays in "
                          "the ledger."), self)
        about.setWordWrap(True)
        form = QFormLayout()
        self.boxes = {name: self._box(name, table_of(layer).get(name, "")) for name in names}
        for name, box in self.boxes.items():
            form.addRow(name, box)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(about)
        column.addLayout(form)
        column.addWidget(buttons)

    def accept(self) -> None:
        keep_table(self._layer, {name: box.currentData() for name, box in self.boxes.items() if box.currentData()})
        super().accept()

    def _box(self, name: str, said: str) -> QComboBox:
        box = QComboBox(self)
        at, columns = column_of(self._layer, name), own_fields(self._layer).names()
        box.addItem(tr("{column} (of that name)").format(column=columns[at]) if at >= 0 else tr("none"), "")
        for column in columns:
            box.addItem(column, column)
        box.setCurrentIndex(max(box.findData(said), 0))
        return box
