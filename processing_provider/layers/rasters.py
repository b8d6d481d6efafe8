"""Imagery: raster layers as inputs of a job, and the one that gives the grid."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsDistanceArea,
    QgsPointXY,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsRasterLayer,
)

from ...core.errors import InputError
from ...core.jobs.inputs import RasterInput
from ..translation import tr
from .crs import has_crs
from .names import layer_name

_WGS84 = "EPSG:4326"


def raster_input(layer: QgsRasterLayer, context: QgsProcessingContext) -> RasterInput:
    """Return the layer by path, with its name and CRS in QGIS.

    Raises :class:`InputError` if it has no CRS or is no file that GDAL reads, such as a web map.
    """
    name = layer_name(layer, context)
    if layer.providerType() != "gdal":
        raise InputError(tr(
            "The imagery “{name}” is a layer of the kind {kind}, not a raster file; save the part you need with "
            "geoloop:webimagery, which asks for resolution and licence, and use what it writes."
        ).format(name=name, kind=layer.providerType()))
    if not has_crs(layer):
        raise InputError(tr(
            "The imagery “{name}” has no coordinate reference system; set it in the layer's properties or with "
            "gdal:assignprojection."
        ).format(name=name))
    return RasterInput(
        path=absolute(layer.source().split("|")[0]), name=name, crs=layer.crs().toWkt(Qgis.CrsWktVariant.Preferred)
    )


def optional_raster(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> QgsRasterLayer | None:
    """Return the raster layer of a parameter, None where none is given. Raises :class:`InputError` for one that cannot
    be opened: in a model QGIS itself would leave it out in silence.
    """
    layer = algorithm.parameterAsRasterLayer(parameters, name, context)
    if layer is None and parameters.get(name) not in (None, ""):
        raise InputError(tr(
            "{parameter}: “{path}” cannot be opened as a layer; check the path, and whether another program locks "
            "the file."
        ).format(parameter=name, path=parameters[name]))
    return layer


def grid_layer(layers: Sequence[QgsRasterLayer], context: QgsProcessingContext) -> QgsRasterLayer:
    """Return the layer that gives the grid: the finest, as the engine finds it.

    Raises :class:`InputError` naming a fitting metric CRS if that layer's is in degrees.
    """
    finest = finest_layer(layers, context)
    if finest.crs().isGeographic():
        raise InputError(tr(
            "The imagery “{name}” gives the grid, but its CRS {crs} is in degrees; reproject it to a metric CRS with "
            "gdal:warpreproject, here {utm}."
        ).format(
            name=layer_name(finest, context), crs=finest.crs().userFriendlyIdentifier(),
            utm=_utm_code(finest),
        ))
    return finest


def finest_layer(layers: Sequence[QgsRasterLayer], context: QgsProcessingContext) -> QgsRasterLayer:
    """Return the first layer with the smallest pixels on the ground.

    A hundredth more or less counts as the same size: scale differs a little over a projection.
    """
    sizes = [_ground_pixel_m(layer, context) for layer in layers] if len(layers) > 1 else [1.0]
    return next(layer for layer, size in zip(layers, sizes, strict=True) if size <= 1.01 * min(sizes))


def absolute(path: str) -> str:
    """Return a path that means the same in the engine's process; GDAL's virtual paths stay as they are."""
    return os.path.abspath(path) if os.path.exists(path) else path


def _ground_pixel_m(layer: QgsRasterLayer, context: QgsProcessingContext) -> float:
    measure = QgsDistanceArea()
    measure.setSourceCrs(layer.crs(), context.transformContext())
    measure.setEllipsoid(layer.crs().ellipsoidAcronym() or "WGS84")
    centre = layer.extent().center()
    right = QgsPointXY(centre.x() + layer.rasterUnitsPerPixelX(), centre.y())
    up = QgsPointXY(centre.x(), centre.y() + layer.rasterUnitsPerPixelY())
    try:
        side = math.sqrt(measure.measureLine(centre, right) * measure.measureLine(centre, up))
    except QgsCsException:
        side = math.nan
    if not 0 < side < math.inf:
        raise InputError(tr(
            "The layer “{name}” does not lie where its CRS {crs} is valid; correct the CRS in its properties."
        ).format(name=layer_name(layer, context), crs=layer.crs().userFriendlyIdentifier()))
    return side


def _utm_code(layer: QgsRasterLayer) -> str:
    """Return the EPSG code of the UTM zone that the middle of the layer lies in."""
    to_degrees = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem(_WGS84), layer.transformContext()
    )
    try:
        middle = to_degrees.transform(layer.extent().center())
    except QgsCsException:
        return tr("a UTM zone")
    zone = min(max(int((middle.x() + 180) // 6) + 1, 1), 60)
    return f"EPSG:{(32600 if middle.y() >= 0 else 32700) + zone}"
