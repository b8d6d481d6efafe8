"""All features of a layer that was judged, by key and place: what the random audit draws from."""

from __future__ import annotations

import os

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from ...core.errors import Cancelled, InputError
from ...core.jobs.inputs import FID_FIELD
from ...core.ledger import key_text
from ...core.ledger.queue import Box, JudgedLayer
from ..editing.image import plain
from ..translation import tr


def feature_keys(
    layer: QgsVectorLayer, judged: JudgedLayer, to_ledger: QgsCoordinateTransform, context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> tuple[tuple[str, ...], tuple[Box, ...]]:
    """Return keys and boxes (in the ledger's CRS) of the features that lie where the layer was judged.

    That is the round's extent, else what all its imagery has in common. What has no key was not judged. Raises
    :class:`InputError` for a key field or imagery that is no longer there. Main thread only.
    """
    by_field = judged.key not in ("", FID_FIELD) and layer.fields().lookupField(judged.key) >= 0
    if judged.key not in ("", FID_FIELD) and not by_field and judged.key != "fid":
        raise InputError(tr("The layer “{layer}” has no field “{key}” any more, which identified its features; put it "
                            "back, or flag the layer again.").format(layer=judged.name, key=judged.key))
    area = QgsRectangle(*judged.extent) if judged.extent else _imagery(judged, to_ledger, context)
    request = QgsFeatureRequest()
    request.setSubsetOfAttributes([judged.key] if by_field else [], layer.fields())
    if judged.where is not None and judged.where != layer.subsetString():
        layer = layer.clone()
        context.temporaryLayerStore().addMapLayer(layer)
        if not layer.setSubsetString(judged.where):
            raise InputError(tr("The filter {where} that “{layer}” was judged with cannot be used any more; mend the "
                                "layer, or flag it again.").format(where=judged.where, layer=judged.name))
    keys, boxes = [], []
    for feature in layer.getFeatures(request):
        if feedback.isCanceled():
            raise Cancelled("The run was cancelled.")
        if not feature.hasGeometry():
            continue
        try:
            box = to_ledger.transformBoundingBox(feature.geometry().boundingBox())
        except QgsCsException:
            continue  # it lies where the ledger's CRS does not reach
        key = key_text(plain(feature.attribute(judged.key))) if by_field else str(feature.id())
        if key and (area is None or area.intersects(box)):
            keys.append(key)
            boxes.append((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))
    return tuple(keys), tuple(boxes)


def _imagery(
    judged: JudgedLayer, to_ledger: QgsCoordinateTransform, context: QgsProcessingContext
) -> QgsRectangle | None:
    """What all imagery of the round has in common, in the ledger's CRS; None where the round names none."""
    area: QgsRectangle | None = None
    for path, said in judged.imagery:
        raster = QgsRasterLayer(path, "imagery")
        if not os.path.exists(path) or not raster.isValid():
            raise InputError(tr("The imagery {path}, which bounds the random audit, cannot be opened; put it "
                                "back.").format(path=path))
        crs = QgsCoordinateReferenceSystem.fromWkt(said) if said else raster.crs()
        if not crs.isValid():
            continue
        here = QgsCoordinateTransform(crs, to_ledger.destinationCrs(), context.transformContext())
        box = here.transformBoundingBox(raster.extent())
        area = box if area is None else area.intersect(box)
    return area
