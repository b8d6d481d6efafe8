"""``geoloop:align``: the shift between imagery and map layers, and moved copies of the layers."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ...core.errors import InputError
from ...core.jobs.align import Params
from .. import parameters as shared
from ..layers.layers import Inputs
from ..layers.rasters import absolute, optional_raster
from ..layers_algorithm import LayersAlgorithm
from ..translation import tr


class Align(LayersAlgorithm):
    """Finds where features lie beside what the imagery shows."""

    ID = "align"
    TITLE = "Align map layers with imagery"
    GROUP = "Loop"
    TAGS = ("alignment", "shift", "offset", "registration", "rubber sheet", "conflation", "georeferencer", "buildings")
    ABOUT = (
        "Moves the features of map layers to where the imagery shows them: by the smooth field of shifts that "
        "neighbours share, and by themselves where the imagery insists. A feature that the imagery does not show stays "
        "where it is. Which of the two is right, imagery or map, is not said."
    )

    SHOWN = {"OUTPUT": "", "SHIFTS": ""}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        maps = shared.map_layers()
        maps.setFlags(maps.flags() & ~Qgis.ProcessingParameterFlags(Qgis.ProcessingParameterFlag.Optional))
        imagery = shared.imagery()
        imagery.setFlags(imagery.flags() | Qgis.ProcessingParameterFlag.Optional)
        imagery.setHelp(imagery.help() + " " + tr("Default: none, PROBABILITIES gives the grid."))
        return [
            imagery,
            shared.explained(
                QgsProcessingParameterRasterLayer("PROBABILITIES", tr("Class probabilities"), optional=True),
                tr("What a model says of the imagery: a raster with one band a class, named by class, from 0 to 1, as "
                   "geoloop:fuse or geoloop:predict writes it. Default: empty, a network is fitted on IMAGERY as in "
                   "geoloop:fuse."),
            ),
            shared.explained(maps, tr("The vector layers to align, one at least. Each needs a CRS and a name of its "
                                      "own.")),
            *(build() for build in (shared.key, shared.sources)),
            shared.legend(),
            shared.explained(
                QgsProcessingParameterBoolean("OFF_NADIR", tr("Imagery is off nadir"), defaultValue=False),
                tr("Whether the imagery looks at the ground at a slant, so that roofs do not lie above their "
                   "footprints: nothing is moved then. Default: no."),
            ),
            shared.explained(
                QgsProcessingParameterNumber(
                    "REACH", tr("Reach"), Qgis.ProcessingNumberParameterType.Double, defaultValue=10.0, minValue=0.1
                ),
                tr("How far a feature may lie off, in metres on the ground; at most 40 pixels. Default: 10."),
                advanced=True,
            ),
            *(build() for build in self.RUN_PARAMETERS),
            shared.explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Moved copies"), tr("GeoPackage (*.gpkg)")),
                tr("The GeoPackage to write: a copy of each map layer with its features moved, a table each, named "
                   "like the layer."),
            ),
            shared.explained(
                QgsProcessingParameterFileDestination(
                    "SHIFTS", tr("Shifts"), tr("GeoPackage (*.gpkg)"), optional=True, createByDefault=False
                ),
                tr("The shifts as lines from where a feature lies to where it belongs, with the fields layer, key, "
                   "dx_m and dy_m (metres eastward and northward), length_m, confidence (0 to 1), field_dx_m and "
                   "field_dy_m (what neighbours share), alone and turn_deg (degrees clockwise). Default: not written."),
            ),
            shared.explained(
                QgsProcessingParameterFileDestination(
                    "GCPS", tr("Control points"), tr("Control points (*.points)"), optional=True, createByDefault=False
                ),
                tr("The field that neighbours share as ground control points, for QGIS's georeferencer. Default: not "
                   "written."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputNumber("MOVED", tr("Features moved")),
            QgsProcessingOutputNumber("COMMON", tr("Neighbourhoods that lie off as a whole")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        parameters = self._with_grid(parameters, context)
        for name, ending in (("OUTPUT", ".gpkg"), ("SHIFTS", ".gpkg"), ("GCPS", ".points")):
            self._check_destination(parameters, name, (ending,))
        written = [parameters[name] for name in ("OUTPUT", "SHIFTS") if isinstance(parameters.get(name), str)]
        if len(written) == 2 and written[0] not in ("", "TEMPORARY_OUTPUT") and os.path.abspath(
                written[0]) == os.path.abspath(written[1]):
            raise InputError(tr("OUTPUT and SHIFTS name the same file; give them different names."))
        self._probabilities(parameters, context)
        self._check_layers(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        super().prepare_run(self._with_grid(parameters, context), context, feedback)

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        imagery = self.parameterAsLayerList(parameters, "IMAGERY", context)
        found = self.run_job("align", Params(
            imagery=inputs.imagery if imagery else (), map=inputs.map, extent=inputs.extent,
            probabilities=self._probabilities(parameters, context),
            off_nadir=self.parameterAsBoolean(parameters, "OFF_NADIR", context),
            reach_m=self.parameterAsDouble(parameters, "REACH", context),
            output=self._file(parameters, "OUTPUT", context), shifts=self._file(parameters, "SHIFTS", context),
            gcps=self._file(parameters, "GCPS", context), **self.settings(parameters, context),
        ), feedback)
        written = {name: found[name] for name in ("OUTPUT", "SHIFTS", "GCPS") if found[name]}
        return {**written, "MOVED": found["MOVED"], "COMMON": found["COMMON"]}

    def _check_layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        if not self.parameterAsLayerList(parameters, "MAP", context) and not parameters.get("MAP"):
            raise InputError(tr("MAP names no layer; give at least one to be aligned."))
        super().check({name: value for name, value in parameters.items() if name != "OUTPUT"}, context)

    def _with_grid(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Let the probabilities stand for imagery that is not given: they show the same ground."""
        if parameters.get("IMAGERY"):
            return parameters
        if not parameters.get("PROBABILITIES"):
            raise InputError(tr("Neither IMAGERY nor PROBABILITIES names a layer; give one of them."))
        return {**parameters, "IMAGERY": [parameters["PROBABILITIES"]]}

    def _probabilities(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        layer = optional_raster(self, parameters, "PROBABILITIES", context)
        return absolute(layer.source()) if layer is not None else ""

    def _file(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        path = self.parameterAsFileOutput(parameters, name, context)
        return os.path.abspath(path) if path else ""
