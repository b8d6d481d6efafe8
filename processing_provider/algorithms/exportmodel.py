"""``geoloop:exportmodel``: a model as ONNX, with its card in it."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
)

from ...core.errors import InputError
from ...core.jobs.exportmodel import Params
from .. import parameters as shared
from ..layers.models import card_path, model_path
from ..translation import tr
from ..writing_algorithm import WritingAlgorithm, asked_for


class ExportModel(WritingAlgorithm):
    """Writes a model so that other programs can run it, and read what it expects."""

    ID = "exportmodel"
    TITLE = "Export a model"
    GROUP = "Models"
    TAGS = ("onnx", "export", "deepness", "stac", "mlm", "model card", "metadata")
    ABOUT = (
        "Writes a model as ONNX with all that is known of it: bands, scaling, classes, resolution. Other programs run "
        "it, the Deepness plugin among them, and GeoLoop on another machine needs no more than this file."
    )
    ENDINGS = {"OUTPUT": (".onnx",)}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            shared.model(),
            shared.card(),
            shared.explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Exported model"), tr("ONNX (*.onnx)")),
                tr("The ONNX file to write."),
            ),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        model = model_path(self, parameters, context)
        card_path(self, parameters, context)
        if asked_for(parameters.get("OUTPUT")) and self.file_path(parameters, "OUTPUT", context) == model:
            raise InputError(tr("OUTPUT is the MODEL itself; choose another name."))

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        return self.run_job("exportmodel", Params(
            model=model_path(self, parameters, context), card=card_path(self, parameters, context),
            output=self.file_path(parameters, "OUTPUT", context),
        ), feedback)
