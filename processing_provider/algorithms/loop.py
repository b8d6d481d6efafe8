"""``geoloop:loop``: a whole round of the loop."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
)

from ...core.jobs import loop
from ...core.jobs.inputs import SourceSettings, VectorInput
from .. import parameters as shared
from ..layers.layers import Inputs, read_imagery, vector_layers
from ..layers.models import loop_model_path
from ..layers.names import layer_name
from ..layers.vectors import VectorLayer, vector_layer
from ..layers_algorithm import LayersAlgorithm, round_outputs
from ..translation import tr


class Loop(LayersAlgorithm):
    """Fits or goes on learning, fuses and flags in one run."""

    ID = "loop"
    TITLE = "Run a round of the loop"
    GROUP = "Loop"
    TAGS = ("loop", "fusion", "discrepancies", "quality", "imagery", "openstreetmap", "field survey")
    ABOUT = (
        "A whole round: fits a network on the layers' own labels, fuses imagery, map and field into one map, and flags "
        "where each source contradicts all the others. Review the ledger next, with geoloop:queue and geoloop:decide, "
        "write what you accept with geoloop:push, and run it again on the same ledger: decisions put labels right, say "
        "how far each source can be trusted, and the fit goes on from the last round's network."
    )
    SHOWN = {"LEDGER": "review"}

    _true: tuple[VectorLayer, ...]
    _oracle: tuple[VectorInput, ...]

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            shared.legend(),
            shared.model_of_loop(),
            shared.min_probability(),
            *(build() for build in self.RUN_PARAMETERS),
            *_oracle(),
            shared.ledger_to_continue(),
            shared.fused_map(),
            shared.probability(),
            shared.report(optional=True),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            *round_outputs(),
            QgsProcessingOutputNumber("DECIDED", tr("Decisions of the simulated reviewer")),
            QgsProcessingOutputBoolean("REPLACED", tr("Whether the new model took the place of the last round's")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        loop_model_path(self, parameters, context)
        self._true_layers(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        super().prepare_run(parameters, context, feedback)
        self._true = self._true_layers(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with TemporaryDirectory(prefix="geoloop-") as folder:
            self._oracle = tuple(layer.write(Path(folder), feedback) for layer in self._true)
            return super().process(parameters, context, feedback)

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        params = loop.Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            output=self.output_path(parameters, "OUTPUT", context),
            probability=self.output_path(parameters, "PROBABILITY", context),
            ledger=self.ledger_path(parameters, context),
            report=self.file_path(parameters, "REPORT", context),
            min_probability=self.parameterAsDouble(parameters, "MIN_PROBABILITY", context),
            model=loop_model_path(self, parameters, context),
            oracle=self._oracle,
            oracle_error=self.parameterAsDouble(parameters, "ORACLE_ERROR", context),
            oracle_seconds=self.parameterAsDouble(parameters, "ORACLE_SECONDS", context),
            decisions=self.parameterAsInt(parameters, "DECISIONS", context),
            **self.settings(parameters, context),
        )
        loop.check(params)
        found = self.run_job("loop", params, feedback)
        return {name: value for name, value in found.items() if value != ""}

    def _true_layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[VectorLayer, ...]:
        """The layers of ORACLE. Raises :class:`InputError` for one that cannot be compared with anything."""
        layers = vector_layers(self, parameters, "ORACLE", context)
        grid = read_imagery(self, parameters, context).grid
        return tuple(vector_layer(
            layer, layer_name(layer, context), settings=SourceSettings(), key="", grid=grid, context=context,
            selected_only=False, allow_ballpark=True) for layer in layers)


def _oracle() -> list[QgsProcessingParameterDefinition]:
    """The simulated reviewer."""
    whole = Qgis.ProcessingNumberParameterType.Integer
    real = Qgis.ProcessingNumberParameterType.Double
    return [
        shared.explained(
            QgsProcessingParameterMultipleLayers("ORACLE", tr("True layers, to simulate a reviewer"),
                                                 Qgis.ProcessingSourceType.VectorAnyGeometry, optional=True),
            tr("For tests: layers that are known to be true, one for each of MAP and then of FIELD, in their order. A "
               "simulated reviewer compares by place and class, and decides the first items of a queue; its decisions "
               "bear the name “simulated”. Default: none, nobody decides."), advanced=True),
        shared.explained(
            QgsProcessingParameterNumber("ORACLE_ERROR", tr("Share of wrong decisions"), real, 0.0, False, 0.0, 1.0),
            tr("How often the simulated reviewer says the opposite of what is right, from 0 to 1. Default: 0."),
            advanced=True),
        shared.explained(
            QgsProcessingParameterNumber("ORACLE_SECONDS", tr("Seconds a decision"), real, 8.0, False, 0.1),
            tr("What a decision of the simulated reviewer costs, in seconds, as the ledger notes it. Default: 8."),
            advanced=True),
        shared.explained(
            QgsProcessingParameterNumber("DECISIONS", tr("Simulated decisions"), whole, 100, False, 1),
            tr("How many items the simulated reviewer decides. Default: 100."), advanced=True),
    ]
