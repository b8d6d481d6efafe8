"""Files of layers that QGIS shows when a run in the toolbox is done; of itself it shows outputs that are one layer."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsProviderSublayerDetails,
    QgsWkbTypes,
)

OF_THE_DIALOG = "QgsProcessingAlgorithmDialogFeedback"
"""What the toolbox's dialog listens with. Batch rows, models and scripts have others: there nobody looks on."""


def is_looked_at(feedback: QgsProcessingFeedback, context: QgsProcessingContext) -> bool:
    """Whether somebody runs this by itself, in the toolbox's dialog."""
    return feedback.metaObject().className() == OF_THE_DIALOG and context.project() is not None


def load_when_done(path: str, context: QgsProcessingContext, table: str = "") -> None:
    """Let QGIS load the layers of a file when the run is over, or one ``table`` of it; not what has no feature or
    geometry, nor what the project has already.
    """
    flags = Qgis.SublayerQueryFlags(Qgis.SublayerQueryFlag.CountFeatures)
    layers = [one for one in QgsProviderRegistry.instance().querySublayers(path, flags)
              if _shows_something(one) and table in ("", one.name())]
    there = {layer.source() for layer in context.project().mapLayers().values()}
    for one in layers:
        stem = Path(path).stem
        name = f"{stem} — {one.name()}" if len(layers) > 1 else stem  # as QGIS calls them
        if one.uri() not in there:
            context.addLayerToLoadOnCompletion(one.uri(), QgsProcessingContext.LayerDetails(name, context.project()))


def _shows_something(one: QgsProviderSublayerDetails) -> bool:
    return one.type() == Qgis.LayerType.Raster or (
        one.wkbType() != QgsWkbTypes.Type.NoGeometry and one.featureCount() != 0)
