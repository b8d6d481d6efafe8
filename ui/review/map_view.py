"""The map's part of a review: what is framed, what is drawn over it, and the before-and-after swipe."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsGeometry, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...core.ledger.queue import PageItem
from ...processing_provider.editing.image import plain
from ...processing_provider.translation import tr
from .after_map import AfterMap
from .framing import Framing
from .overlay import Drawn, Overlay
from .reading import Reading
from .swipe import Swipe
from .targets import Targets

DRAWN_EDITS = ("add", "move", "reshape", "retag", "set_value")
"""Edits after which something is there; of all others the geometry only says where."""


class MapView(QObject):
    """Shows the page that is read on the map. ``crs_changed``: the map has another CRS, all is drawn anew."""

    crs_changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.overlay = Overlay(canvas)
        self.swipe = Swipe(canvas, self.overlay, self)
        self._after_map = AfterMap(canvas, self.overlay, self)
        self.framing: Framing | None = None
        self._targets: Targets | None = None
        self._reading: Reading | None = None
        self.is_frozen = False
        self.swipe.switched.connect(self._show_after_map)
        QgsProject.instance().layersAdded.connect(self.draw)
        QgsProject.instance().layersRemoved.connect(self.draw)
        canvas.destinationCrsChanged.connect(self._change_crs)

    def open(self, framing: Framing, targets: Targets, reading: Reading) -> None:
        """Begin with a ledger."""
        self.framing, self._targets, self._reading = framing, targets, reading

    def close(self) -> None:
        """Draw nothing, until another ledger is opened."""
        self.swipe.switch(False)
        self.overlay.clear()
        self.framing = self._targets = self._reading = None

    def let_go(self) -> None:
        """Leave nothing behind on the map."""
        self.close()
        QgsProject.instance().layersAdded.disconnect(self.draw)
        QgsProject.instance().layersRemoved.disconnect(self.draw)
        self._canvas.destinationCrsChanged.disconnect(self._change_crs)
        self._canvas.scene().removeItem(self.overlay)

    def set_visible(self, on: bool) -> None:
        """Show what is drawn, or hide it with the dock."""
        if not on:
            self.swipe.switch(False)
        self.overlay.setVisible(on)

    def draw(self, *_: object) -> None:
        """Draw the page. While ``is_frozen``, what is drawn is being changed by the reviewer and stays."""
        reading, framing = self._reading, self.framing
        if self.is_frozen:
            return
        if reading is None or framing is None or reading.current is None:
            self.overlay.clear()
            return
        self.overlay.show_items(
            Drawn(number, self._before(item), self._after(item), item.decision, item is reading.current)
            for number, item in enumerate(reading.items, start=1))

    def show(self, item: PageItem, *, anew: bool) -> str:
        """Draw the page with this item and have it in view; return what the reviewer should know of that.

        The map stands still while the item is in view and large enough to be judged, unless it is to be framed
        ``anew``: then with all items of the page that are open.
        """
        self.draw()
        told = ""
        if anew or not self.framing.shows(item.box):
            boxes = [one.box for one in self._reading.items if not one.decision or one is item]
            if not self.framing.frame(boxes) and item.box is not None:
                told = tr("The place cannot be shown in the map's coordinate reference system; choose another.")
        self._show_after_map()
        return told if item.box is not None else tr("This item has no place on the map.")

    def zoom_to_item(self) -> None:
        """Frame the item that is looked at, alone."""
        if self._reading is not None and self._reading.current is not None:
            self.framing.frame([self._reading.current.box])

    def values_in_layer(self, item: PageItem) -> dict[str, Any]:
        """What the layer has of a feature that nothing is flagged of, and the ledger therefore keeps nothing."""
        feature = self._targets.feature_of(item, self.framing) if item.uid is None else None
        if feature is None:
            return {}
        return {field.name(): plain(value) for field, value in zip(feature.fields(), feature.attributes(), strict=True)}

    def _after(self, item: PageItem) -> QgsGeometry:
        """What will be there; null where nothing will, or what is stays."""
        if item.amendment is not None:
            return self.framing.on_map(item.amendment.proposal)
        return self.framing.on_map(item.proposal if item.edit in DRAWN_EDITS else None)

    def _before(self, item: PageItem) -> QgsGeometry:
        if item.uid is not None:
            place = None if item.edit in DRAWN_EDITS else item.proposal
            return self.framing.on_map(item.before or place)
        layer, feature = self._targets.layer(item.layer), self._targets.feature_of(item, self.framing)
        if layer is not None and feature is not None and feature.hasGeometry():
            return self.framing.of_layer(layer, feature.geometry())
        return QgsGeometry() if item.box is None else self.framing.rectangle_on_map(QgsRectangle(*item.box))

    def _show_after_map(self, *_: object) -> None:
        """Right of the divider the map is to lack what the item would replace or delete."""
        item = self._reading.current if self._reading is not None else None
        if not self.swipe.is_on or item is None:
            self._after_map.stop()
            return
        changes = item.uid is not None and item.before is not None and (
            item.edit in ("delete", "merge") or not self._after(item).isNull())
        layer = self._targets.layer(item.layer) if changes else None
        feature = self._targets.feature_of(item, self.framing) if layer is not None else None
        self._after_map.show_without(layer, None if feature is None else feature.id())

    def _change_crs(self) -> None:
        self.crs_changed.emit()
        if self._reading is not None and self._reading.current is not None:
            self.show(self._reading.current, anew=True)
