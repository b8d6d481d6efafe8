"""All layers of a run: read from the parameters in the main thread, handed to the job by path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs.inputs import ExtentInput, RasterInput, SourceSettings, VectorInput
from ..given import as_text
from ..translation import tr
from .fields import own_name
from .names import layer_name, refuse_same_names
from .overlap import extent_in, refuse_apart
from .rasters import grid_layer, raster_input
from .settings import read_settings, refuse_unknown_layers
from .vectors import VectorLayer, vector_layer


@dataclass(frozen=True)
class Inputs:
    """The layers of a job, all by path."""

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...]
    field: tuple[VectorInput, ...]
    extent: ExtentInput | None


@dataclass(frozen=True)
class ImageryLayers:
    """The imagery of a run, checked; ``grid`` is the CRS that it gives, ``area`` where the run works, by name."""

    imagery: tuple[RasterInput, ...]
    grid: QgsCoordinateReferenceSystem
    area: QgsRectangle
    area_name: str
    extent: ExtentInput | None


@dataclass(frozen=True)
class Layers:
    """The layers of a run, checked against each other; copies are still to be written."""

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorLayer, ...]
    field: tuple[VectorLayer, ...]
    extent: ExtentInput | None

    def write(self, folder: Path, feedback: QgsProcessingFeedback) -> Inputs:
        """Return the job's inputs; what the engine cannot open itself is copied into ``folder``."""
        return Inputs(
            self.imagery,
            tuple(layer.write(folder, feedback) for layer in self.map),
            tuple(layer.write(folder, feedback) for layer in self.field),
            self.extent,
        )


def read_imagery(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext,
    parameter: str = "IMAGERY",
) -> ImageryLayers:
    """Read IMAGERY (or ``parameter``) and EXTENT. Raises :class:`InputError` with one sentence for what imagery must
    not be.
    """
    rasters = raster_layers(algorithm, parameters, parameter, context)
    imagery = tuple(raster_input(layer, context) for layer in rasters)
    grid = grid_layer(rasters, context)
    area = QgsRectangle(grid.extent())
    area_name = tr("the imagery “{name}”").format(name=layer_name(grid, context))
    for layer, read in zip(rasters, imagery, strict=True):
        refuse_apart(read.name, extent_in(layer, read.name, grid.crs(), context), area, area_name)
    extent = algorithm.parameterAsExtent(parameters, "EXTENT", context, grid.crs())
    if extent.isNull():
        return ImageryLayers(imagery, grid.crs(), area, area_name, None)
    if not extent.intersects(area):
        raise InputError(tr("EXTENT does not overlap {area}; choose an area of it, and look at the CRS that EXTENT is "
                            "in.").format(area=area_name))
    return ImageryLayers(
        imagery, grid.crs(), area.intersect(extent), tr("the imagery within EXTENT"),
        ExtentInput(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()),
    )


def read_features_on(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext, parameter: str,
    on: ImageryLayers,
) -> VectorLayer | None:
    """Read the one vector layer of ``parameter``, SELECTED_ONLY and ALLOW_BALLPARK; None where none is given.

    Raises :class:`InputError` for a layer that cannot be opened, or that lies apart from the imagery.
    """
    layer = features_layer(algorithm, parameters, context, parameter)
    if layer is None:
        return None
    name = layer_name(layer, context)
    read = vector_layer(
        layer, name, settings=SourceSettings(), key="", grid=on.grid, context=context,
        selected_only=algorithm.parameterAsBoolean(parameters, "SELECTED_ONLY", context),
        allow_ballpark=algorithm.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
        only=_picked(algorithm, parameters, context, parameter, name))
    refuse_apart(name, extent_in(layer, name, on.grid, context), on.area, on.area_name)
    return read


def features_layer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext, parameter: str
) -> QgsVectorLayer | None:
    """Return the one vector layer of ``parameter``; None where none is given. Raises :class:`InputError` for one that
    cannot be opened.
    """
    given = parameters.get(parameter)
    if isinstance(given, QgsProcessingFeatureSourceDefinition):  # QGIS finds no layer in it
        given = given.source.valueAsString(context.expressionContext())[0]
    layer = algorithm.parameterAsVectorLayer({**parameters, parameter: given}, parameter, context)
    if layer is None and not given:
        return None
    if layer is None or not layer.isValid():
        raise InputError(tr("{parameter}: “{given}” cannot be opened as a vector layer; check the path.").format(
            parameter=parameter, given=given))
    return layer


def _picked(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext, parameter: str,
    name: str
) -> list[int]:
    """The ids of the features that the selection, filter and limit of QGIS's own field for a source leave; empty where
    it has none of them.
    """
    given = parameters[parameter]
    if not isinstance(given, QgsProcessingFeatureSourceDefinition) or not (
            given.selectedFeaturesOnly or given.filterExpression or given.featureLimit >= 0):
        return []
    source = algorithm.parameterAsSource(parameters, parameter, context)
    picked = [feature.id() for feature in source.getFeatures()]
    if not picked:
        raise InputError(tr("{parameter}: the selection or the filter leaves no feature of “{name}”.").format(
            parameter=parameter, name=name))
    return picked


def read_layers(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext, *,
    value_field: str = "",
) -> Layers:
    """Read IMAGERY, MAP, FIELD, KEY, SOURCES, EXTENT, SELECTED_ONLY and ALLOW_BALLPARK. ``value_field`` is that of
    layers for which SOURCES names none, as far as they have it.

    Raises :class:`InputError` with one sentence for whatever the layers of a run must not be.
    """
    on = read_imagery(algorithm, parameters, context)
    maps, fields = (vector_layers(algorithm, parameters, name, context) for name in ("MAP", "FIELD"))
    if not maps and not fields:
        raise InputError(tr("Neither MAP nor FIELD names a layer; give at least one for the imagery to be judged by."))
    names = [layer_name(layer, context) for layer in (*maps, *fields)]
    refuse_same_names(names)
    settings = read_settings(as_text(algorithm, parameters, "SOURCES", context))
    refuse_unknown_layers(settings, [*names, *(one.name for one in on.imagery)])
    imagery = tuple(replace(one, settings=settings.get(one.name, SourceSettings())) if one.name not in names else one
                    for one in on.imagery)
    key = algorithm.parameterAsString(parameters, "KEY", context).strip()
    if key and maps and all(layer.fields().lookupField(key) < 0 for layer in maps):
        raise InputError(tr("KEY is “{key}”, but no layer in MAP has such a field.").format(key=key))

    def read(layer: QgsVectorLayer, key: str) -> VectorLayer:
        name = layer_name(layer, context)
        said = settings.get(name, SourceSettings())
        checked = vector_layer(
            layer, name, settings=said if said.value_field else replace(
                said, value_field=own_name(value_field, layer.fields())),
            key=key, grid=on.grid, context=context,
            selected_only=algorithm.parameterAsBoolean(parameters, "SELECTED_ONLY", context),
            allow_ballpark=algorithm.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
        )
        refuse_apart(name, extent_in(layer, name, on.grid, context), on.area, on.area_name)
        return checked

    return Layers(
        imagery, tuple(read(layer, key) for layer in maps), tuple(read(layer, "") for layer in fields), on.extent,
    )


def raster_layers(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], parameter: str, context: QgsProcessingContext
) -> list[QgsRasterLayer]:
    """Return the raster layers of a parameter. Raises :class:`InputError` if there is none, or something else."""
    layers = list(_opened(algorithm, parameters, parameter, context))
    if not layers:
        raise InputError(tr("{parameter} names no layer; give at least one raster layer.").format(parameter=parameter))
    for layer in layers:
        if not isinstance(layer, QgsRasterLayer):
            raise InputError(tr("{parameter}: “{name}” is no raster layer.").format(
                parameter=parameter, name=layer.name()
            ))
    return layers


def vector_layers(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], parameter: str, context: QgsProcessingContext
) -> list[QgsVectorLayer]:
    """Return the vector layers of a parameter. Raises :class:`InputError` for something else."""
    layers = list(_opened(algorithm, parameters, parameter, context))
    for layer in layers:
        if not isinstance(layer, QgsVectorLayer):
            raise InputError(tr("{parameter}: “{name}” is no vector layer.").format(
                parameter=parameter, name=layer.name()
            ))
    return layers


def _opened(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], parameter: str, context: QgsProcessingContext
) -> Iterable[QgsMapLayer]:
    """Return the layers of a parameter; QGIS itself would leave out in silence what it cannot open."""
    layers = algorithm.parameterAsLayerList(parameters, parameter, context)
    given = parameters.get(parameter)
    for one in given if isinstance(given, list | tuple) else [given]:
        if isinstance(one, str) and one and QgsProcessingUtils.mapLayerFromString(one, context) is None:
            raise InputError(tr(
                "{parameter}: “{path}” cannot be opened as a layer; check the path, and whether another program locks "
                "the file."
            ).format(parameter=parameter, path=one))
    for layer in layers:
        if not layer.isValid():
            raise InputError(tr("{parameter}: the layer “{name}” is broken; repair its data source.").format(
                parameter=parameter, name=layer.name()
            ))
    return layers
