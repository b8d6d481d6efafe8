"""``geoloop:flag``: where each source contradicts all the others."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
)

from ...core.jobs.flag import Params
from .. import parameters as shared
from ..layers.layers import Inputs
from ..layers.models import loop_model_path
from ..layers.rasters import absolute, optional_raster
from ..layers_algorithm import LayersAlgorithm, round_outputs
from ..translation import tr


class Flag(LayersAlgorithm):
    """Writes a round of discrepancies into the ledger."""

    ID = "flag"
    TITLE = "Flag discrepancies"
    GROUP = "Loop"
    TAGS = ("discrepancies", "quality", "errors", "change", "openstreetmap", "validation", "ledger")
    ABOUT = (
        "Finds what is missing, obsolete, shifted, reshaped, duplicate, invalid, outdated or of the wrong class or "
        "value in each source, judged by all the others, with the probability that it is a real error. The findings go "
        "into the ledger: put them in order with geoloop:queue, decide, and push."
    )
    SHOWN = {"LEDGER": "review"}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            shared.legend(),
            shared.explained(
                QgsProcessingParameterRasterLayer("PROBABILITIES", tr("Class probabilities"), optional=True),
                tr("What a model that never saw the map says of the imagery: a raster with one band a class, named by "
                   "class, from 0 to 1. Default: empty, a network is fitted as in geoloop:fuse."),
            ),
            shared.model_of_loop(),
            shared.min_probability(),
            *(build() for build in self.RUN_PARAMETERS),
            shared.ledger_to_continue(),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return round_outputs()

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        loop_model_path(self, parameters, context)
        optional_raster(self, parameters, "PROBABILITIES", context)

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        probabilities = optional_raster(self, parameters, "PROBABILITIES", context)
        return self.run_job("flag", Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            ledger=self.ledger_path(parameters, context),
            probabilities=absolute(probabilities.source()) if probabilities is not None else "",
            min_probability=self.parameterAsDouble(parameters, "MIN_PROBABILITY", context),
            model=loop_model_path(self, parameters, context),
            **self.settings(parameters, context),
        ), feedback)
