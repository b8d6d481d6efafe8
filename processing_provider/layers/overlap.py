"""Whether layers lie where the imagery is: found out before any long work."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayer,
    QgsProcessingContext,
    QgsRectangle,
)

from ...core.errors import InputError
from ..translation import tr


def extent_in(
    layer: QgsMapLayer, name: str, crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext
) -> QgsRectangle:
    """Return the layer's extent in ``crs``; null for a layer without features. Raises :class:`InputError`."""
    extent = layer.extent()
    if extent.isNull():
        return extent
    transform = QgsCoordinateTransform(layer.crs(), crs, context.transformContext())
    transform.setBallparkTransformsAreAppropriate(True)
    try:
        return transform.transformBoundingBox(extent)
    except QgsCsException as error:
        raise InputError(tr(
            "The layer “{name}” does not lie where its CRS {layer_crs} is valid; correct the CRS in its properties."
        ).format(name=name, layer_crs=layer.crs().userFriendlyIdentifier())) from error


def refuse_apart(name: str, extent: QgsRectangle, area: QgsRectangle, area_name: str) -> None:
    """Raise :class:`InputError` if the layer ``name`` has features but none can lie in ``area``."""
    if not extent.isNull() and not extent.intersects(area):
        raise InputError(tr(
            "The layer “{name}” does not overlap {area}; check its CRS, or choose layers of one place."
        ).format(name=name, area=area_name))
