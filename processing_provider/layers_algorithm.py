"""The base of the algorithms that take imagery, map and field layers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
)

from . import parameters as shared
from .given import legend_path, number_if_given
from .layers.layers import Inputs, Layers, read_layers
from .parameters import EFFORTS
from .translation import tr
from .writing_algorithm import GEOPACKAGE, HTML, RASTER, WritingAlgorithm


class LayersAlgorithm(WritingAlgorithm):
    """Reads and checks the layers before the engine starts, and hands them to :meth:`job_on`."""

    _layers: Layers

    ENDINGS = {"OUTPUT": RASTER, "PROBABILITY": RASTER, "UNCERTAINTY": RASTER, "LEDGER": GEOPACKAGE, "REPORT": HTML}
    LAYER_PARAMETERS = (shared.imagery, shared.map_layers, shared.key, shared.field_layers, shared.sources)
    RUN_PARAMETERS = (
        shared.effort, shared.extent, shared.resolution, shared.seed, shared.device, shared.allow_ballpark,
        shared.selected_only,
    )

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Run the job on the layers and return every declared output."""
        raise NotImplementedError

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        legend_path(self.parameterAsString(parameters, "LEGEND", context))
        self._read(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._layers = self._read(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with TemporaryDirectory(prefix="geoloop-") as folder:
            return self.job_on(self._layers.write(Path(folder), feedback), parameters, context, feedback)

    def value_field(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the field with the value of layers for which SOURCES names none; empty where an algorithm asks for
        classes alone.
        """
        return ""

    def _read(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Layers:
        return read_layers(self, parameters, context, value_field=self.value_field(parameters, context))

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Return the fields of a job's ``Params`` that all these algorithms share, layers excepted."""
        return {
            "legend": legend_path(self.parameterAsString(parameters, "LEGEND", context)),
            "resolution_m": number_if_given(self, parameters, "RESOLUTION", context),
            "effort": self.parameterAsEnumString(parameters, "EFFORT", context) or EFFORTS[0],
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "device": self.parameterAsString(parameters, "DEVICE", context),
            "allow_ballpark": self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
        }

    def ledger_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the absolute path of the ledger; empty if none is kept."""
        return self.file_path(parameters, "LEDGER", context)


def round_outputs() -> list[QgsProcessingOutputDefinition]:
    """Return the outputs of an algorithm that writes a round of discrepancies."""
    return [
        QgsProcessingOutputNumber("ROUND", tr("Number of the round")),
        QgsProcessingOutputNumber("CANDIDATES", tr("Discrepancies kept in the ledger")),
        QgsProcessingOutputNumber("FLAGS", tr("Discrepancies that are more probably errors than not")),
    ]
