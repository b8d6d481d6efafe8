"""The layers of the project that the ledger speaks of, and bringing accepted edits into them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QWidget

from ...core.errors import GeoLoopError, InputError
from ...core.feedback import Feedback
from ...core.jobs import push
from ...core.ledger import SourceRow, key_text, plan_one, plan_push
from ...core.ledger.queue import PageItem
from ...core.ledger.reviewed import value_names
from ...processing_provider.algorithms.push import Push
from ...processing_provider.algorithms.undo import Undo
from ...processing_provider.editing.address import layer_address, layer_source_address
from ...processing_provider.editing.columns import RefusalError, column_of
from ...processing_provider.editing.image import plain
from ...processing_provider.editing.open_layer import OpenLayer
from ...processing_provider.editing.silent_readers import wake
from ...processing_provider.translation import tr
from ..running import run_here
from .columns_dialog import ColumnsDialog, table_of
from .framing import Framing
from .reading import opened

MOST_NEIGHBOURS = 500
"""So many features of a layer are looked through for one that is only known by its box."""


class Targets:
    """Which layer of the project is which of the ledger's, and the edits that wait in their buffers.

    ``warn`` tells the user a sentence that nobody asked for.
    """

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        self._path, self._warn = path, warn
        self._sources: dict[str, SourceRow | None] = {}
        self._found: dict[str, str] = {}
        self._open: dict[str, OpenLayer] = {}
        QgsProject.instance().layersAdded.connect(self._forget)
        QgsProject.instance().layersWillBeRemoved.connect(self._removed)

    def let_go(self) -> None:
        """Listen to the project no more, and to its layers only while they hold edits that are to be journalled."""
        QgsProject.instance().layersAdded.disconnect(self._forget)
        QgsProject.instance().layersWillBeRemoved.disconnect(self._removed)
        for layer in self._open.values():
            layer.leave()
        self._open = {}

    def source(self, name: str) -> SourceRow | None:
        """What the ledger says of a map or field layer; None of imagery, which is no layer to edit."""
        if name not in self._sources:
            with opened(self._path) as ledger:
                try:
                    self._sources[name] = ledger.source(name)
                except InputError:
                    self._sources[name] = None
        return self._sources[name]

    def layer(self, name: str) -> QgsVectorLayer | None:
        """Return the project's layer that the ledger calls ``name``: by its address, else by its name."""
        project = QgsProject.instance()
        if name not in self._found:
            vectors = [one for one in project.mapLayers().values() if isinstance(one, QgsVectorLayer) and one.isValid()]
            source = self.source(name)
            uri = source.uri if source is not None else ""
            address = layer_source_address(uri) if uri else ""
            alike = [one for one in vectors if address and layer_address(one) in (address, uri)]
            alike = alike or [one for one in vectors if source is not None and one.name() == name]
            self._found[name] = alike[0].id() if alike else ""
        found = project.mapLayer(self._found[name]) if self._found[name] else None
        return found if isinstance(found, QgsVectorLayer) else None

    def feature_of(self, item: PageItem, framing: Framing) -> QgsFeature | None:
        """Return the feature of the project's layer that an item is about, by its key and box; None if not at hand."""
        layer = self.layer(item.layer)
        if layer is None or item.box is None or item.key is None:
            return None
        try:
            box = framing.to_layer(layer).transformBoundingBox(QgsRectangle(*item.box))
        except QgsCsException:
            return None
        source = self.source(item.layer)
        at = column_of(layer, source.key) if source is not None and source.key else -1
        wake(layer)
        for feature in layer.getFeatures(QgsFeatureRequest(box).setLimit(MOST_NEIGHBOURS)):
            if (key_text(plain(feature.attribute(at))) if at >= 0 else str(feature.id())) == item.key:
                return QgsFeature(feature)
        return None

    def follow(self, item: PageItem, decision: str) -> str:
        """Let an item's layer follow a decision that has just been recorded; say what became of it, also where that
        fails: the decision stands.
        """
        try:
            said = self.withdrawn(item) if item.decision == "accept" or self._waits(item) else ""
            return said or (self.accepted(item) if decision == "accept" else "")
        except GeoLoopError as error:
            return _as_it_was(item.layer, error)

    def accepted(self, item: PageItem) -> str:
        """Bring an edit that was just accepted into its layer, if its user is editing that; say what became of it."""
        layer = self.layer(item.layer) if item.uid is not None else None
        if layer is None or not layer.isEditable():
            return ""
        with opened(self._path) as ledger:
            edit = plan_one(ledger, item.uid, layer_address(layer))
        source = self.source(item.layer)
        if edit is None or source is None:
            return ""
        try:
            became = self._opened_layer(layer).apply([edit], source, table_of(layer))[edit.uid]
        except InputError as error:
            became = RefusalError(str(error))
        if isinstance(became, RefusalError):
            return _as_it_was(layer.name(), became)
        note = f" {became[0].note}." if became[0].note else ""
        return tr("{command}: in “{layer}”, to be saved or undone there.").format(
            command=edit.command, layer=layer.name()) + note

    def withdrawn(self, item: PageItem) -> str:
        """Take an edit out of its layer's buffer, as it is decided anew; say if that is not possible: other steps came
        after it, or it has been written.
        """
        if item.uid is None:
            return ""
        layer = self.layer(item.layer)
        if layer is not None and layer.isEditable() and not self._opened_layer(layer).take_back(item.uid):
            return tr("The edit still stands in “{layer}”: other steps came after it. Undo it there.").format(
                layer=layer.name())
        with opened(self._path) as ledger:
            written = ledger.journal.plan_undo(item.layer, item.uid)
        if not written:
            return ""
        return tr("Recorded, but the edit is saved in “{layer}” and stays there; to take it back, run geoloop:undo "
                  "with WHICH {uid}.").format(layer=item.layer, uid=item.uid)

    def _waits(self, item: PageItem) -> bool:
        """Whether the edit of an item stands in its layer's buffer, perhaps decided before this queue was made."""
        layer = self.layer(item.layer) if item.uid is not None else None
        return layer is not None and layer.isEditable() and self._opened_layer(layer).holds(item.uid)

    def due(self, name: str) -> int | None:
        """How many accepted edits wait for a layer of the project; None where it is not in it or may not be edited."""
        layer, source = self.layer(name), self.source(name)
        if layer is None or source is None or source.settings.get("may_edit") is False:
            return None
        plan = push.run(push.Params(str(self._path), name, target_source=layer_address(layer)), Feedback())
        return len(plan["EDITS"])

    def push(self, name: str) -> str:
        """Push every accepted edit into the project's layer ``name``; return what was done.

        Into the layer's own undo list if it is in edit mode; else by ``geoloop:push``, saved and journalled.
        """
        layer = self._layer_to_edit(name)
        if layer.isEditable():
            return self._into_buffer(layer, name)
        _, told = run_here(Push(), {"LEDGER": str(self._path), "TARGET": layer, "APPLY": "source",
                                    "COLUMNS": json.dumps(table_of(layer))})
        layer.triggerRepaint()
        return told[-1] if told else ""

    def ask_for_columns(self, name: str, parent: QWidget) -> ColumnsDialog:
        """Let the user say which columns of the project's layer ``name`` take what the ledger proposes.

        Raises :class:`InputError` where nothing is proposed that needs a column.
        """
        layer = self._layer_to_edit(name)
        with opened(self._path) as ledger:
            names = value_names(ledger, name)
        if not names:
            raise InputError(tr("No values are proposed for “{layer}”.").format(layer=name))
        dialog = ColumnsDialog(layer, names, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def undo(self, name: str) -> str:
        """Take the last push into the project's layer ``name`` back, by ``geoloop:undo``; return what was done."""
        layer = self._layer_to_edit(name)
        _, told = run_here(Undo(), {"LEDGER": str(self._path), "TARGET": layer, "WHICH": "last"})
        layer.triggerRepaint()
        return told[-1] if told else ""

    def _layer_to_edit(self, name: str) -> QgsVectorLayer:
        layer = self.layer(name)
        if layer is None:
            raise InputError(tr("The layer “{layer}” is not in the project; add it, or push by geoloop:push.").format(
                layer=name))
        return layer

    def _into_buffer(self, layer: QgsVectorLayer, name: str) -> str:
        with opened(self._path) as ledger:
            edits, source = plan_push(ledger, name, target_source=layer_address(layer)), ledger.source(name)
        buffer = self._opened_layer(layer)
        waiting = {edit.uid: edit for edit in edits if not buffer.holds(edit.uid)}
        became = buffer.apply(list(waiting.values()), source, table_of(layer))
        refused = [f"{waiting[uid].command}: {one}" for uid, one in became.items() if isinstance(one, RefusalError)]
        done = len(became) - len(refused)
        text = tr("{done} edits are in “{layer}”, to be saved or undone there.").format(done=done, layer=layer.name())
        return text if not refused else text + " " + tr("{count} do not fit: {which}.").format(
            count=len(refused), which="; ".join(refused[:3]))

    def _opened_layer(self, layer: QgsVectorLayer) -> OpenLayer:
        if layer.id() not in self._open:
            self._open[layer.id()] = OpenLayer.of(
                layer, self._path, QgsProject.instance().transformContext(), self._warn)
        return self._open[layer.id()]

    def _forget(self, *_: object) -> None:
        self._found = {}

    def _removed(self, ids: list[str]) -> None:
        self._found = {}
        for one in ids:
            if one in self._open:
                self._open.pop(one).let_go()


def _as_it_was(layer: str, why: Exception) -> str:
    return tr("Recorded, but “{layer}” is as it was: {why}.").format(layer=layer, why=str(why).rstrip("."))
