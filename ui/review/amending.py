"""Changing a proposal before it is accepted: its outline on the map, its values in a form."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsGeometry, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QLocale, QMetaType
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ...core.errors import InputError
from ...core.ledger import amendments
from ...core.ledger.amendments import Amendment
from ...core.ledger.queue import PageItem
from ...processing_provider.editing.columns import column_of
from ...processing_provider.editing.image import plain
from ...processing_provider.translation import tr
from .framing import Framing
from .overlay import Overlay
from .proposal_tool import ProposalTool

MOST_VALUES = 40
SEVERAL = (QMetaType.Type.QVariantMap, QMetaType.Type.QVariantList, QMetaType.Type.QStringList)
"""Types of values of which Python can make no set, as QGIS would."""


def takes_outline(item: PageItem) -> bool:
    """Whether the outline that an item proposes can be changed."""
    return amendments.takes_outline(item.edit, item.kind, has_feature=item.key is not None,
                                    has_proposal=item.proposal is not None)


def value_names(item: PageItem) -> list[str]:
    """The columns whose values an item proposes, or asks for."""
    if not amendments.takes_values(item.edit, item.kind, has_feature=item.key is not None):
        return []
    if item.edit == "flag":
        return [str(item.evidence["attribute"])] if item.evidence.get("attribute") else []
    return sorted(item.after_values)


def can_be_amended(item: PageItem) -> bool:
    """Whether there is anything to change of what an item proposes."""
    return item.uid is not None and (takes_outline(item) or bool(value_names(item)))


class Amending(QWidget):
    """The form for the values, and the map tool for the outline, while one proposal is changed."""

    def __init__(self, canvas: QgsMapCanvas, overlay: Overlay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._overlay = canvas, overlay
        self.tool = ProposalTool(canvas)
        self.tool.changed.connect(overlay.show_proposal)
        self._tool_before = None
        self._item: PageItem | None = None
        self._framing: Framing | None = None
        self.fields: dict[str, QComboBox] = {}
        self._shown: dict[str, str] = {}
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addWidget(self.hint)
        self.hide()

    def begin(self, item: PageItem, framing: Framing, layer: QgsVectorLayer | None) -> None:
        """Let the reviewer change what ``item`` proposes; ``layer``, if it is in the project, knows usual values."""
        self._item, self._framing = item, framing
        after = item.amendment.after_values if item.amendment else item.after_values
        for name in value_names(item):
            box = QComboBox(self)
            box.setEditable(True)
            box.addItems(usual_values(layer, name))
            box.setCurrentText("" if after.get(name) is None else str(after[name]))
            self.fields[name], self._shown[name] = box, box.currentText()
            self._form.addRow(name, box)
        if takes_outline(item):
            proposal = item.amendment.proposal if item.amendment else item.proposal
            shape = framing.on_map(proposal)
            self._tool_before = self._canvas.mapTool()
            self.tool.begin(shape)
            self._canvas.setMapTool(self.tool)
            self._overlay.with_handles = True
            self._overlay.show_proposal(shape)
            self.hint.setText(tr("On the map: drag a corner to move it, a side to bend it, the inside to move all of "
                                 "it; Delete over a corner takes it away, Ctrl+Z takes the last step back."))
        self.hint.setVisible(takes_outline(item))
        self.show()

    def end(self) -> None:
        """Put the form and the tool away."""
        if self._canvas.mapTool() == self.tool:
            if self._tool_before is not None:
                self._canvas.setMapTool(self._tool_before)
            else:
                self._canvas.unsetMapTool(self.tool)
        self._tool_before = self._item = self._framing = None
        self.tool.begin(QgsGeometry())
        self._overlay.with_handles = False
        while self._form.rowCount():
            self._form.removeRow(0)
        self.fields, self._shown = {}, {}
        self.hide()

    def outcome(self) -> Amendment | None:
        """Return the proposal as it is now; None where nothing was changed.

        Raises :class:`InputError` for an outline that is no valid shape.
        """
        item, framing = self._item, self._framing
        if item is None or framing is None:
            return None
        standing = item.amendment or Amendment(item.edit, item.proposal, item.after_values, item.class_proposed)
        values = {name: self._value(name, standing.after_values.get(name)) for name in self.fields}
        changed = {name for name, value in values.items() if value != standing.after_values.get(name)}
        shaped = takes_outline(item) and self.tool.has_changes
        if shaped and not self.tool.shape.isGeosValid():
            raise InputError(tr("The outline crosses itself; move its corners, or take steps back with Ctrl+Z."))
        if not shaped and not changed:
            return item.amendment
        return Amendment(
            amendments.edit_of(standing.edit, is_shaped=shaped),
            framing.in_ledger(self.tool.shape) if shaped else standing.proposal,
            {**standing.after_values, **values},
            amendments.class_of(item.edit, item.after_values, standing.class_proposed, values, changed))

    def _value(self, name: str, proposed: Any) -> Any:
        """The value of a field; what nobody touched is what was ``proposed``, of whatever kind."""
        text = self.fields[name].currentText()
        return proposed if text == self._shown[name] else _typed(text, proposed)


def usual_values(layer: QgsVectorLayer | None, name: str) -> list[str]:
    """Return some of the values that a column of the layer has, as texts; none of a column of lists or JSON."""
    at = column_of(layer, name) if layer is not None else -1
    if layer is None or at < 0 or layer.fields().at(at).type() in SEVERAL:
        return []
    found = (plain(value) for value in layer.uniqueValues(at, MOST_VALUES))
    return sorted({str(value) for value in found if value not in (None, "")})


def _typed(text: str, like: Any) -> Any:
    """The text as a value of the kind that was proposed; None for an empty one. Numbers may be written with a point, or
    as the user's country writes them.
    """
    text = text.strip()
    if not text:
        return None
    if isinstance(like, bool) or not isinstance(like, (int, float)):
        return text
    try:
        return type(like)(text)
    except ValueError:
        number = _number(text)
    return text if number is None else int(number) if isinstance(like, int) and number.is_integer() else number


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        number, is_one = QLocale().toDouble(text)
        return number if is_one else None
