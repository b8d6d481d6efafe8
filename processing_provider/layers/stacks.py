"""The layers of a stack, and the one whose pixels it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
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
from .rasters import finest_layer, grid_layer, raster_input


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
    """Return the finest layer among those with a metric CRS, else among all."""
    return finest_layer([layer for layer in layers if not layer.crs().isGeographic()] or layers, context)
