"""The map as it would look after an edit: rendered a second time, without the feature as it is."""

from __future__ import annotations

from qgis.core import (
    QgsMapLayerStyle,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRuleBasedRenderer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from .overlay import Overlay


class AfterMap(QObject):
    """Renders the map's layers once more whenever the map has been rendered, and hands the picture to the overlay.

    The layer keeps its own style: only this picture is drawn with one that leaves the feature out.
    """

    def __init__(self, canvas: QgsMapCanvas, overlay: Overlay, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._overlay = canvas, overlay
        self._style: tuple[str, str] | None = None
        self._job: QgsMapRendererParallelJob | None = None
        self._is_on = False

    def show_without(self, layer: QgsVectorLayer | None, fid: int | None) -> None:
        """Draw the right of the divider without a feature (None: with all of them)."""
        self._style = None if layer is None or fid is None else _style_without(layer, fid)
        self._overlay.show_after_picture(None)
        if not self._is_on:
            self._is_on = True
            self._canvas.mapCanvasRefreshed.connect(self._render)
        if not self._canvas.isDrawing():
            self._render()

    def stop(self) -> None:
        """Draw no more."""
        if self._is_on:
            self._is_on = False
            self._canvas.mapCanvasRefreshed.disconnect(self._render)
        self._cancel()
        self._overlay.show_after_picture(None)

    def _render(self) -> None:
        self._cancel()
        if self._style is None:  # what is seen already is right
            return
        settings = QgsMapSettings(self._canvas.mapSettings())
        layer, style = self._style
        settings.setLayerStyleOverrides({**settings.layerStyleOverrides(), layer: style})
        self._job = QgsMapRendererParallelJob(settings)
        self._job.finished.connect(self._rendered)
        self._job.start()

    def _rendered(self) -> None:
        job = self._job
        if job is not None and self._is_on:
            self._overlay.show_after_picture(job.renderedImage(), job.mapSettings().visibleExtent())

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.finished.disconnect(self._rendered)
            self._job.cancelWithoutBlocking()
            self._job = None


def _style_without(layer: QgsVectorLayer, fid: int) -> tuple[str, str] | None:
    """Return the layer's id and its style as XML, with a rule that leaves a feature out; None where it has no rules."""
    renderer = QgsRuleBasedRenderer.convertFromRenderer(layer.renderer())
    if renderer is None:
        return None
    renderer.rootRule().setFilterExpression(f"@id <> {fid}")
    copy = layer.clone()
    copy.setRenderer(renderer)
    style = QgsMapLayerStyle()
    style.readFromLayer(copy)
    return layer.id(), style.xmlData()
