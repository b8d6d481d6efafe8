"""``geoloop:finetune``: a public foundation model, or a network from nothing, learns the user's own labels."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputFolder,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...core.jobs.finetune import Params
from .. import parameters as shared
from ..given import encoder_path
from ..layers.layers import Inputs
from ..layers_algorithm import LayersAlgorithm
from ..parameters import explained, shown_by
from ..translation import tr
from ..writing_algorithm import HTML

METHODS = ("probe", "lora", "adapter", "full")
LOSSES = ("balanced", "plain", "focal", "dice")
MISSING = ("refuse", "mean", "learnt")


class FineTune(LayersAlgorithm):
    """Fits a model to labels and says what it is worth on other ground."""

    ID = "finetune"
    TITLE = "Fine-tune a model"
    GROUP = "Models"
    TAGS = (
        "foundation model", "fine-tuning", "lora", "peft", "adapter", "galileo", "presto", "prithvi", "resnet",
        "segmentation", "regression", "calibration", "noisy labels",
    )
    ABOUT = (
        "Teaches a model what your map and field layers say: classes, or values such as height and biomass with their "
        "uncertainty. It starts from a public foundation model whose file you name, or from nothing. Labels may be "
        "points, lines or areas, and few; where none lies nothing is assumed. The model is judged on blocks of ground "
        "that it did not learn from, with the usual random split beside it so that you see how much that flatters. "
        "geoloop:predict runs what is written, geoloop:exportmodel hands it on."
    )
    ENDINGS = {"OUTPUT": (".safetensors",), "REPORT": HTML, "HOLDOUT": (".safetensors",)}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            shared.legend(),
            explained(
                shown_by("suggestions.wrappers.AttributeField",
                         QgsProcessingParameterString("TARGET", tr("Field with a value"), optional=True)),
                tr("The field of the map and field layers that holds a number, to learn values and their uncertainty. "
                   "Default: empty, classes are learnt, by LEGEND or the class fields in SOURCES."),
            ),
            explained(
                shown_by("suggestions.wrappers.EncoderField",
                         QgsProcessingParameterString("MODEL", tr("Model to start from"), optional=True)),
                tr("An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file "
                   "alone where only one encoder fits it; or an encoder's name alone with METHOD full. The "
                   "documentation lists them under Encoders and foundation models. Default: empty, a ResNet-18 learns "
                   "from nothing."),
            ),
            explained(
                QgsProcessingParameterEnum("METHOD", tr("Method"), options=list(METHODS), defaultValue="lora",
                                           usesStaticStrings=True),
                tr("What learns. probe: only the decoder on top. lora: thin additions to the encoder's layers as well, "
                   "written beside the model in the format of the library peft. adapter: experts of slow and fast "
                   "changes over the ground (Earth-Adapter). full: everything, which asks for many labels. Default: "
                   "lora."),
            ),
            *(build() for build in self.RUN_PARAMETERS),
            explained(
                QgsProcessingParameterEnum("LOSS", tr("Loss"), options=list(LOSSES), defaultValue=LOSSES[0],
                                           usesStaticStrings=True),
                tr("Which errors it learns from most, for classes. balanced: those of all classes alike, however rare. "
                   "plain: those of all pixels alike. focal: those of hard pixels. dice: the overlap of each class as "
                   "well. Default: balanced."), advanced=True),
            explained(
                QgsProcessingParameterBoolean("SELECTION", tr("Distrust labels of maps"), defaultValue=True),
                tr("Whether labels of map layers count less where two views of the imagery both contradict them; what "
                   "field layers say always counts. Default: yes."), advanced=True),
            explained(
                QgsProcessingParameterBoolean("COMPARE", tr("Compare with a random split"), defaultValue=True),
                tr("Whether to learn once more on pixels dealt by chance, to show how much that flatters; takes twice "
                   "the time. Default: yes."), advanced=True),
            explained(
                QgsProcessingParameterEnum("MISSING", tr("Bands that the imagery lacks"), options=list(MISSING),
                                           defaultValue=MISSING[0], usesStaticStrings=True),
                tr("What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: "
                   "their mean in pretraining. learnt: a value that is learnt. Default: refuse."), advanced=True),
            explained(
                QgsProcessingParameterNumber("CROP", tr("Crop"), Qgis.ProcessingNumberParameterType.Integer, 0, False,
                                             0),
                tr("The side in pixels of what the network sees at once, now and when it is run. Default: 0, chosen "
                   "by the encoder."), advanced=True),
            explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Model"), tr("GeoLoop's models (*.safetensors)")),
                tr("The model to write, whole, with its card. Beside it, the losses as a table (.csv); unless METHOD "
                   "is full, a folder of a few megabytes to share (_adapter); and while it learns a file (.unfinished) "
                   "from which a run that was broken off goes on when started again."),
            ),
            shared.report(optional=True),
            explained(
                QgsProcessingParameterFileDestination(
                    "HOLDOUT", tr("Hold-out"), tr("Hold-outs (*.safetensors)"), optional=True, createByDefault=False),
                tr("The places that were judged, imagery and labels without position, so that geoloop:mergeadapters "
                   "can ask other models about them. Classes only. Default: not written."), advanced=True),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputNumber("SCORE", tr("Mean F1, or R² of values, on blocks left out")),
            QgsProcessingOutputNumber("SCORE_RANDOM", tr("The same by a random split, for comparison")),
            QgsProcessingOutputNumber("ECE_BEFORE", tr("Calibration error as the network came")),
            QgsProcessingOutputNumber("ECE_AFTER", tr("Calibration error of the model as written")),
            QgsProcessingOutputNumber("TRAINED_SHARE", tr("Share of the weights that learnt")),
            QgsProcessingOutputFolder("ADAPTER", tr("Adapter to share")),
        ]

    def value_field(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.parameterAsString(parameters, "TARGET", context).strip()

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._model(parameters, context)

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        found = self.train("finetune", Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            target=self.value_field(parameters, context),
            model=self._model(parameters, context),
            method=self.parameterAsEnumString(parameters, "METHOD", context) or "lora",
            loss=self.parameterAsEnumString(parameters, "LOSS", context) or LOSSES[0],
            selection=self.parameterAsBoolean(parameters, "SELECTION", context),
            compare=self.parameterAsBoolean(parameters, "COMPARE", context),
            missing=self.parameterAsEnumString(parameters, "MISSING", context) or MISSING[0],
            crop=self.parameterAsInt(parameters, "CROP", context),
            output=self.file_path(parameters, "OUTPUT", context),
            report=self.file_path(parameters, "REPORT", context),
            holdout=self.file_path(parameters, "HOLDOUT", context), **self.settings(parameters, context),
        ), feedback)
        return {name: value for name, value in found.items() if value not in ("", None)}

    def _model(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return encoder_path(self.parameterAsString(parameters, "MODEL", context))
