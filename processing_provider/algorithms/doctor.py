"""``geoloop:doctor``: which engine would run."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
)

from ...core.jobs.doctor import Params
from .. import parameters as shared
from ..algorithm import EngineAlgorithm
from ..engine.interpreter import find_interpreter
from ..translation import tr


class Doctor(EngineAlgorithm):
    """Starts the engine and reports what it finds, as log and as outputs."""

    ID = "doctor"
    TITLE = "Examine the engine"
    GROUP = "Engine"
    TAGS = ("doctor", "diagnosis", "gpu", "cuda", "versions", "engine")
    ABOUT = (
        "Says which engine GeoLoop would use: interpreter, versions of its libraries, device, and free memory. A real "
        "computation is run on the device, and coordinate systems are really looked up, so that what is reported works."
    )

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [shared.device()]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputString("PYTHON", tr("The engine's interpreter")),
            QgsProcessingOutputString("NAMED_BY", tr("What named the interpreter")),
            QgsProcessingOutputString("DEVICE", tr("Device")),
            QgsProcessingOutputString("DEVICE_NAME", tr("Name of the device")),
            QgsProcessingOutputString("DEVICE_CAPABILITY", tr("CUDA compute capability of the device")),
            QgsProcessingOutputNumber("THREADS", tr("Threads that the CPU computes with")),
            QgsProcessingOutputBoolean("KERNEL_OK", tr("Whether a computation on the device succeeded")),
            QgsProcessingOutputBoolean("CRS_OK", tr("Whether coordinate systems are found")),
            QgsProcessingOutputNumber("FREE_MEMORY_MB", tr("Free memory (MB)")),
            QgsProcessingOutputNumber("FREE_DEVICE_MEMORY_MB", tr("Free memory of the device (MB)")),
            QgsProcessingOutputString("VERSIONS", tr("Versions of the engine's libraries (JSON)")),
        ]

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        interpreter = find_interpreter()
        feedback.pushInfo(tr("The engine is {python}, named by {named_by}.").format(
            python=interpreter.python, named_by=interpreter.named_by
        ))
        found = self.run_job("doctor", Params(self.parameterAsString(parameters, "DEVICE", context)), feedback)
        return {**found, "NAMED_BY": interpreter.named_by, "VERSIONS": json.dumps(found["VERSIONS"])}
