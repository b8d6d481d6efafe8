"""``geoloop:pretrain``: a fusion network that learns from the user's own imagery and layers, without classes."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ...core.errors import InputError
from ...core.jobs.pretrain import Params
from ..layers.layers import Inputs
from ..layers.models import model_path
from ..layers_algorithm import LayersAlgorithm
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import GEOPACKAGE

SIZES = ("small", "large")


class Pretrain(LayersAlgorithm):
    """Hides parts of every source and learns to say them from the rest."""

    ID = "pretrain"
    TITLE = "Pretrain a fusion network"
    GROUP = "Models"
    TAGS = (
        "self-supervised", "foundation model", "masked modelling", "fusion", "attention", "imagery", "openstreetmap",
        "surprise",
    )
    ABOUT = (
        "Lets a network learn how imagery and map go together, from your own layers and without any class: parts of "
        "the imagery, tags, outlines and whole features are hidden, and the network learns to say them from the rest. "
        "What it says of a feature that it does not see can be written too: whether one like it should stand there, "
        "how far it should be moved, and how surprising its attributes are."
    )
    ENDINGS = {"OUTPUT": (".safetensors",), "SURPRISE": GEOPACKAGE}
    SHOWN = {"SURPRISE": ""}

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            *(build() for build in self.LAYER_PARAMETERS),
            explained(
                QgsProcessingParameterFile(
                    "MODEL", tr("Model to start from"), Qgis.ProcessingFileParameterBehavior.File, optional=True,
                    fileFilter=tr("Fusion networks (*.safetensors)"),
                ),
                tr("A network that an earlier run of this algorithm wrote, to go on from; its size counts. Default: "
                   "empty, from nothing."),
            ),
            explained(
                QgsProcessingParameterEnum(
                    "SIZE", tr("Size of the network"), options=list(SIZES), defaultValue=SIZES[0],
                    usesStaticStrings=True,
                ),
                tr("small: learns on any processor. large: for a graphics card. Default: small."),
            ),
            *(build() for build in self.RUN_PARAMETERS),
            explained(
                QgsProcessingParameterFileDestination(
                    "OUTPUT", tr("Pretrained network"), tr("Fusion networks (*.safetensors)")
                ),
                tr("The network to write. Beside it, the losses as a table (.csv), and while it learns a file "
                   "(.unfinished) from which a run that was broken off goes on when started again."),
            ),
            explained(
                QgsProcessingParameterFileDestination(
                    "SURPRISE", tr("Surprise"), tr("GeoPackage (*.gpkg)"), optional=True, createByDefault=False
                ),
                tr("The features with what the network says of each while it is hidden, in the fields layer, key, "
                   "exists (the probability that such a feature stands there), dx_m and dy_m (metres eastward and "
                   "northward to where it should lie), tag_surprise and surprise (more is odder). Default: not "
                   "written."),
            ),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        model = self._model(parameters, context)
        if model and self.file_path(parameters, "OUTPUT", context) == model:
            raise InputError(tr("OUTPUT is the MODEL itself; choose another name."))

    def job_on(
        self, inputs: Inputs, parameters: dict[str, Any], context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        settings = self.settings(parameters, context)
        settings.pop("legend")
        found = self.train("pretrain", Params(
            imagery=inputs.imagery, map=inputs.map, field=inputs.field, extent=inputs.extent,
            model=self._model(parameters, context),
            size=self.parameterAsEnumString(parameters, "SIZE", context) or SIZES[0],
            output=self.file_path(parameters, "OUTPUT", context),
            surprise=self.file_path(parameters, "SURPRISE", context), **settings,
        ), feedback)
        return {name: found[name] for name in ("OUTPUT", "SURPRISE") if found[name]}

    def _model(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        path = self.parameterAsFile(parameters, "MODEL", context).strip()
        if not path:
            return ""
        if not path.lower().endswith(".safetensors"):
            raise InputError(tr("MODEL must be a .safetensors file that this algorithm wrote, not {path}.").format(
                path=os.path.basename(path)
            ))
        return model_path(self, parameters, context)
