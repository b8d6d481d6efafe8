"""``geoloop:installengine``: makes the engine's environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
)

from ...core.errors import EngineError
from ..algorithm import GeoLoopAlgorithm
from ..engine.installation import Recipe, install
from ..engine.interpreter import find_interpreter
from ..engine.location import DEVICES
from ..feedback import ProcessingFeedback
from ..parameters import explained
from ..translation import tr


class InstallEngine(GeoLoopAlgorithm):
    """Makes the environment outside the plugin's folder, whole or not at all."""

    ID = "installengine"
    TITLE = "Install the engine"
    GROUP = "Engine"
    TAGS = ("install", "engine", "torch", "pip", "offline", "wheels")
    ABOUT = (
        "Makes the Python environment that GeoLoop computes in, apart from QGIS's own Python, which stays as it is. It "
        "takes 2 GB of disk (8 GB with CUDA) and some minutes. An engine that is already there is kept; an "
        "installation that is cancelled or fails leaves nothing behind."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterEnum(
                    "DEVICE", tr("Device"), options=list(DEVICES), defaultValue=DEVICES[0], usesStaticStrings=True
                ),
                tr("What the engine shall compute on: cpu, or cuda for an NVIDIA graphics card. Default: cpu."),
            ),
            explained(
                QgsProcessingParameterFile(
                    "WHEELS", tr("Folder of wheels"), Qgis.ProcessingFileParameterBehavior.Folder, optional=True
                ),
                tr("For a machine without network: a folder with all packages as wheels, made elsewhere by pip "
                   "download with requirements/engine-cpu.txt, or engine-cuda.txt, of the plugin's folder. Default: "
                   "empty, pip downloads as it is configured."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputString("PYTHON", tr("The engine's interpreter"))]

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        wheels = self.parameterAsFile(parameters, "WHEELS", context)
        device = self.parameterAsEnumString(parameters, "DEVICE", context)
        recipe = Recipe.for_device(device, wheels=Path(wheels) if wheels else None)
        python = install(recipe, ProcessingFeedback(feedback))
        self._tell_if_passed_over(python, feedback)
        return {"PYTHON": str(python)}

    @staticmethod
    def _tell_if_passed_over(python: Path, feedback: QgsProcessingFeedback) -> None:
        try:
            used = find_interpreter()
        except EngineError as error:
            feedback.pushWarning(str(error))
            return
        if used.python != python:
            feedback.pushWarning(tr("{named_by} still names another engine, {python}, which is used instead.").format(
                named_by=used.named_by, python=used.python
            ))
