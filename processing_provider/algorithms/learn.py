"""``geoloop:learn``: decisions become reliabilities and the next model."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
)

from ...core.jobs.learn import Params
from ...core.ledger import Ledger
from .. import parameters as shared
from ..layers.models import loop_model_path
from ..parameters import EFFORTS
from ..translation import tr
from ..writing_algorithm import WritingAlgorithm


class Learn(WritingAlgorithm):
    """Goes on learning from what reviewers said."""

    ID = "learn"
    TITLE = "Learn from decisions"
    GROUP = "Loop"
    TAGS = ("learning", "training", "fine-tuning", "review", "reliability", "ledger", "noisy labels")
    ABOUT = (
        "Turns decisions into a better network and better knowledge of the sources. What you accepted corrects the "
        "labels that the network learns from, what you rejected confirms them, what you left open is left out; your "
        "layers stay as they are. The fit goes on from the ledger's last network; where the ledger believes many "
        "labels to be wrong, those that two views of the imagery both contradict count less. Places that neither "
        "network has learnt from decide whether the new one replaces the old one, or what was found at random, where "
        "it contradicts the other labels. geoloop:loop on the same ledger takes it from there."
    )
    ENDINGS = {"OUTPUT": (".safetensors",)}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        model = shared.model_of_loop()
        model.setHelp(tr("The model to go on from: a .safetensors file that geoloop:loop or geoloop:learn left for the "
                         "same ground. Default: empty, the ledger's last."))
        return [
            shared.ledger(),
            model,
            shared.effort(),
            shared.seed(),
            shared.device(),
            shared.explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Model"), tr("GeoLoop's models (*.safetensors)"),
                                                      optional=True, createByDefault=False),
                tr("The model to go on with: the new one, or the old one if the new one is not better. It is kept "
                   "beside the ledger in any case. Default: not written elsewhere.")),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputNumber("ROUND", tr("Number of the round")),
            QgsProcessingOutputNumber("DECISIONS", tr("Decisions that were learnt from")),
            QgsProcessingOutputBoolean("REPLACED", tr("Whether the new model took the place of the old one")),
            QgsProcessingOutputNumber("GAIN", tr("How much more unseen ground it names right, as a share")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        Ledger.open(self.parameterAsFile(parameters, "LEDGER", context), timeout_s=1.0).close()
        loop_model_path(self, parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        found = self.train("learn", Params(
            ledger=os.path.abspath(self.parameterAsFile(parameters, "LEDGER", context)),
            model=loop_model_path(self, parameters, context),
            output=self.file_path(parameters, "OUTPUT", context),
            effort=self.parameterAsEnumString(parameters, "EFFORT", context) or EFFORTS[0],
            seed=self.parameterAsInt(parameters, "SEED", context),
            device=self.parameterAsString(parameters, "DEVICE", context),
        ), feedback)
        return {name: value for name, value in found.items() if value not in ("", None)}
