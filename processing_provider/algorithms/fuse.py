"""``geoloop:fuse``: the fused map from imagery, map and field."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterDefinition

from ...core.jobs.fuse import Params
from .. import parameters as shared
from ..layers.layers import Inputs
from ..layers.models import loop_model_path
from ..layers_algorithm import LayersAlgorithm
from ..translation import tr


class Fuse(LayersAlgorithm):
    """Weighs all sources against each other and writes what they say together."""

    ID = "fuse"
    TITLE = "Fuse imagery, map and field"
    GROUP = "Loop"
    TAGS = ("fusion", "classification", "land cover", "probability", "uncertainty", "imagery", "openstreetmap")
    ABOUT = (
        "Makes one map of classes from imagery, map layers and field layers together. Each source counts as much as "
        "the others bear it out; no source is taken for the truth. A network is fitted on the layers' own labels, and "
        "every place is judged by a network that never saw its label."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            shared.legend(),
            shared.model_of_loop(),
            *(build() for build in self.RUN_PARAMETERS),
            shared.ledger_to_continue(optional=True),
            shared.fused_map(),
            shared.probability(),
            shared.raster_output(
                "UNCERTAINTY", tr("Uncertainty"),
                tr("The entropy of the probabilities, from 0 (sure) to 1 (all classes alike). Default: not written."),
                optional=True,
            ),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        loop_model_path(self, parameters, context)

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        found = self.run_job("fuse", Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            output=self.output_path(parameters, "OUTPUT", context),
            probability=self.output_path(parameters, "PROBABILITY", context),
            uncertainty=self.output_path(parameters, "UNCERTAINTY", context),
            ledger=self.ledger_path(parameters, context),
            model=loop_model_path(self, parameters, context),
            **self.settings(parameters, context),
        ), feedback)
        return {name: found[name] for name in ("OUTPUT", "PROBABILITY", "UNCERTAINTY", "LEDGER") if found[name]}
