"""``geoloop:mergeadapters``: what several communities learnt, in one model, without anybody's data."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputFolder,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ...core.errors import InputError
from ...core.jobs.mergeadapters import Params
from .. import parameters as shared
from ..given import listed
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import WritingAlgorithm

CARD = "geoloop_card.json"


class MergeAdapters(WritingAlgorithm):
    """Averages adapters and asks each community's hold-out."""

    ID = "mergeadapters"
    TITLE = "Merge adapters"
    GROUP = "Models"
    TAGS = ("lora", "peft", "adapter", "federated", "sharing", "model soup", "fine-tuning")
    ABOUT = (
        "Joins the adapters that several communities fine-tuned on the same encoder into one model: the weighted mean "
        "of what each adds. Adapters are a few megabytes and hold no imagery and no labels. Each community's hold-out "
        "says whether the common model serves it as well as its own."
    )
    ENDINGS = {"OUTPUT": (".safetensors",)}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterMultipleLayers("ADAPTERS", tr("Adapters"), Qgis.ProcessingSourceType.File),
                tr("Two or more folders that geoloop:finetune wrote with METHOD probe, lora or adapter, or the file "
                   "geoloop_card.json in each."),
            ),
            explained(
                QgsProcessingParameterMultipleLayers("HOLDOUTS", tr("Hold-outs"), Qgis.ProcessingSourceType.File,
                                                     optional=True),
                tr("The file that each community wrote as HOLDOUT, in the order of the adapters. Default: none, "
                   "nothing is checked."),
            ),
            explained(
                QgsProcessingParameterFile("MODEL", tr("The encoder's public weights"),
                                           Qgis.ProcessingFileParameterBehavior.File, optional=True),
                tr("The file of public weights that all adapters began with. Default: none, the encoder began with "
                   "random weights."),
            ),
            explained(
                QgsProcessingParameterString("WEIGHTS", tr("Weights"), optional=True),
                tr("How much each adapter counts, separated by commas, such as 2,1,1. Default: empty, all alike."),
                advanced=True),
            shared.device(),
            explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Model"), tr("GeoLoop's models (*.safetensors)")),
                tr("The model that comes of it, which geoloop:predict runs. The merged adapter lies beside it, in a "
                   "folder of its name and _adapter."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputFolder("ADAPTER", tr("Merged adapter")),
            QgsProcessingOutputNumber("KEPT", tr(
                "Share of the mean that the merged adapter keeps, in the layer where it keeps least")),
            QgsProcessingOutputNumber("WORST_CHANGE", tr("Change of mean F1 where the merged model does worst")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._params(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        found = self.run_job("mergeadapters", self._params(parameters, context), feedback)
        return {name: value for name, value in found.items() if value not in ("", None) and name != "CHECKS"}

    def _params(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Params:
        adapters = [self._folder(path) for path in self.parameterAsFileList(parameters, "ADAPTERS", context) if path]
        if len(adapters) < 2:
            raise InputError(tr("ADAPTERS names fewer than two adapters; give at least two."))
        holdouts = [path for path in self.parameterAsFileList(parameters, "HOLDOUTS", context) if path]
        for path in holdouts:
            if not os.path.isfile(path):
                raise InputError(tr("The file {path} of {name} does not exist.").format(path=path, name="HOLDOUTS"))
        if holdouts and len(holdouts) != len(adapters):
            raise InputError(tr("HOLDOUTS names {held} files for {number} adapters; give one for each, in the same "
                                "order, or none.").format(held=len(holdouts), number=len(adapters)))
        return Params(
            adapters=tuple(adapters), holdouts=tuple(map(os.path.abspath, holdouts)),
            model=self.existing_file(parameters, "MODEL", context), weights=self._weights(parameters, context),
            device=self.parameterAsString(parameters, "DEVICE", context),
            output=self.file_path(parameters, "OUTPUT", context))

    def _folder(self, path: str) -> str:
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        if not os.path.isfile(os.path.join(folder, CARD)):
            raise InputError(tr("ADAPTERS: {path} is no adapter that geoloop:finetune wrote: it lacks {file}.").format(
                path=path, file=CARD))
        return os.path.abspath(folder)

    def _weights(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[float, ...]:
        given = listed(self, parameters, "WEIGHTS", context)
        try:
            return tuple(map(float, given))
        except ValueError as error:
            raise InputError(tr("WEIGHTS must be numbers separated by commas, not {given}.").format(
                given=",".join(given))) from error
