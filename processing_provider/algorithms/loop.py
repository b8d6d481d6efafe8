"""``geoloop:loop``: a whole round of the loop."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
)

from ...core.jobs.loop import Params
from .. import parameters as shared
from ..layers.layers import Inputs
from ..layers_algorithm import LayersAlgorithm, round_outputs


class Loop(LayersAlgorithm):
    """Fits, fuses and flags in one run."""

    ID = "loop"
    TITLE = "Run a round of the loop"
    GROUP = "Loop"
    TAGS = ("loop", "fusion", "discrepancies", "quality", "imagery", "openstreetmap", "field survey")
    ABOUT = (
        "A whole round: fits a network on the layers' own labels, fuses imagery, map and field into one map, and flags "
        "where each source contradicts all the others. Review the ledger next, with geoloop:decide, and write what you "
        "accept with geoloop:push."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            shared.legend(),
            shared.min_probability(),
            *(build() for build in self.RUN_PARAMETERS),
            shared.ledger_to_continue(),
            shared.fused_map(),
            shared.probability(),
            shared.report(optional=True),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return round_outputs()

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        found = self.run_job("loop", Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            output=self.output_path(parameters, "OUTPUT", context),
            probability=self.output_path(parameters, "PROBABILITY", context),
            ledger=self.ledger_path(parameters, context),
            report=self.file_path(parameters, "REPORT", context),
            min_probability=self.parameterAsDouble(parameters, "MIN_PROBABILITY", context),
            **self.settings(parameters, context),
        ), feedback)
        return {name: value for name, value in found.items() if value != ""}
