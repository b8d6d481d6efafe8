"""The base of the algorithms that take imagery, map and field layers."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
)

from ..core.errors import InputError
from . import parameters as shared
from .algorithm import EngineAlgorithm
from .layers.layers import Inputs, Layers, read_layers
from .parameters import EFFORTS
from .translation import tr


class LayersAlgorithm(EngineAlgorithm):
    """Reads and checks the layers before the engine starts, and hands them to :meth:`job_on`."""

    _layers: Layers

    LAYER_PARAMETERS = (shared.imagery, shared.map_layers, shared.key, shared.field_layers, shared.sources)
    RUN_PARAMETERS = (
        shared.effort, shared.extent, shared.seed, shared.device, shared.allow_ballpark, shared.selected_only,
    )

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Run the job on the layers and return every declared output."""
        raise NotImplementedError

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for name in ("OUTPUT", "PROBABILITY", "UNCERTAINTY"):
            self._check_destination(parameters, name, (".tif", ".tiff"))
        self._check_destination(parameters, "LEDGER", (".gpkg",))
        legend = self.parameterAsString(parameters, "LEGEND", context).strip()
        if legend.lower().endswith(".json") and not os.path.isfile(legend):
            raise InputError(tr("The file {path} of LEGEND does not exist.").format(path=legend))
        read_layers(self, parameters, context)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        ok, why = super().checkParameterValues(parameters, context)
        if not ok:  # QGIS says no more than «incorrect parameter value» of a file that it cannot open
            try:
                self.check(parameters, context)
            except InputError as error:
                return False, str(error)
        return ok, why

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._layers = read_layers(self, parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with TemporaryDirectory(prefix="geoloop-") as folder:
            return self.job_on(self._layers.write(Path(folder), feedback), parameters, context, feedback)

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Return the fields of a job's ``Params`` that all these algorithms share, layers excepted."""
        legend = self.parameterAsString(parameters, "LEGEND", context).strip()
        return {
            "legend": os.path.abspath(legend) if os.path.isfile(legend) else legend,
            "effort": self.parameterAsEnumString(parameters, "EFFORT", context) or EFFORTS[0],
            "seed": self.parameterAsInt(parameters, "SEED", context),
            "device": self.parameterAsString(parameters, "DEVICE", context),
            "allow_ballpark": self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
        }

    def output_path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """Return the absolute path of a raster destination; empty if it was not asked for."""
        path = self.parameterAsOutputLayer(parameters, name, context)
        return os.path.abspath(path) if path else ""

    def ledger_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Return the absolute path of the ledger; empty if none is kept."""
        path = self.parameterAsFileOutput(parameters, "LEDGER", context)
        return os.path.abspath(path) if path else ""

    def _check_destination(self, parameters: dict[str, Any], name: str, endings: tuple[str, ...]) -> None:
        """Refuse what could not be written in the end: a wrong format, or a folder that is not there."""
        path = parameters.get(name)
        if self.parameterDefinition(name) is None or not isinstance(path, str) or path in ("", "TEMPORARY_OUTPUT"):
            return
        if not path.lower().endswith(endings):
            raise InputError(tr("{name} must end in {endings}, not {path}.").format(
                name=name, endings=tr(" or ").join(endings), path=path
            ))
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise InputError(tr("The folder {folder} of {name} does not exist.").format(folder=folder, name=name))
        if not os.access(path if os.path.exists(path) else folder, os.W_OK):
            raise InputError(tr("{name} cannot be written: {path} is read-only.").format(name=name, path=path))


def round_outputs() -> list[QgsProcessingOutputDefinition]:
    """Return the outputs of an algorithm that writes a round of discrepancies."""
    return [
        QgsProcessingOutputNumber("ROUND", tr("Number of the round")),
        QgsProcessingOutputNumber("CANDIDATES", tr("Discrepancies kept in the ledger")),
        QgsProcessingOutputNumber("FLAGS", tr("Discrepancies that are errors with at least even odds")),
    ]
