"""The layers of a stack, and the one whose pixels it has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCsException,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsRasterLayer,
    QgsRectangle,
)

from ...core.errors import InputError
from ...core.jobs.inputs import ExtentInput, RasterInput
from ..translation import tr
from .layers import raster_layers
from .names import layer_name
from .overlap import extent_in, refuse_apart
from .rasters import grid_layer, raster_input


@dataclass(frozen=True)
class StackLayers:
    """What a stack is made of; ``extent`` is in the CRS of ``grid``."""

    imagery: tuple[RasterInput, ...]
    grid: RasterInput
    extent: ExtentInput | None


def read_stack(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext
) -> StackLayers:
    """Read INPUT, GRID and EXTENT. Raises :class:`InputError` with one sentence for what cannot be stacked."""
    layers = raster_layers(algorithm, parameters, "INPUT", context)
    imagery = tuple(raster_input(layer, context) for layer in layers)
    given = parameters.get("GRID") not in (None, "")
    grid = raster_layers(algorithm, parameters, "GRID", context)[0] if given else _finest(layers, context)
    grid_layer([grid], context)
    area, area_name = QgsRectangle(grid.extent()), tr("the grid of “{name}”").format(name=layer_name(grid, context))
    extent = algorithm.parameterAsExtent(parameters, "EXTENT", context, grid.crs())
    for layer, read in zip(layers, imagery, strict=True):
        covered = extent_in(layer, read.name, grid.crs(), context)
        if extent.isNull():
            refuse_apart(read.name, covered, area, area_name)
        elif not extent.intersects(covered):
            raise InputError(tr("EXTENT does not overlap {area}; choose an area of it, and look at the CRS that EXTENT "
                                "is in.").format(area=tr("the imagery “{name}”").format(name=read.name)))
    box = None if extent.isNull() else ExtentInput(
        extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
    )
    return StackLayers(imagery, raster_input(grid, context), box)


def _finest(layers: Sequence[QgsRasterLayer], context: QgsProcessingContext) -> QgsRasterLayer:
    """Return the first layer with the smallest pixels on the ground among those with a metric CRS, else among all.

    A hundredth more or less counts as the same size: scale differs a little over a projection.
    """
    candidates = [layer for layer in layers if not layer.crs().isGeographic()] or layers
    sizes = [_ground_pixel_m(layer, context) for layer in candidates]
    return next(layer for layer, size in zip(candidates, sizes, strict=True) if size <= 1.01 * min(sizes))


def _ground_pixel_m(layer: QgsRasterLayer, context: QgsProcessingContext) -> float:
    measure = QgsDistanceArea()
    measure.setSourceCrs(layer.crs(), context.transformContext())
    measure.setEllipsoid(layer.crs().ellipsoidAcronym() or "WGS84")
    centre = layer.extent().center()
    right = QgsPointXY(centre.x() + layer.rasterUnitsPerPixelX(), centre.y())
    up = QgsPointXY(centre.x(), centre.y() + layer.rasterUnitsPerPixelY())
    try:
        return math.sqrt(measure.measureLine(centre, right) * measure.measureLine(centre, up))
    except QgsCsException as error:
        raise InputError(tr(
            "The layer “{name}” does not lie where its CRS {crs} is valid; correct the CRS in its properties."
        ).format(name=layer_name(layer, context), crs=layer.crs().userFriendlyIdentifier())) from error
