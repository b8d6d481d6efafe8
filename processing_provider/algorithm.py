"""What all algorithms share: texts, help, icon, and how errors and jobs reach QGIS."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from ..core.errors import EngineError, GeoLoopError
from ..paths import ICONS
from .engine import client
from .engine.interpreter import find_interpreter
from .feedback import ProcessingFeedback
from .settings import Settings
from .translation import tr
from .values import check_value


class GeoLoopAlgorithm(QgsProcessingAlgorithm):
    """An algorithm is its id, its texts, its parameters, and :meth:`process`.

    A subclass sets ``ID``, ``TITLE``, ``GROUP`` (one of :data:`GROUPS`), ``TAGS`` and ``ABOUT`` (English; translated
    here) and defines :meth:`define_parameters` and :meth:`process`. Any
    :class:`~geoloop.core.errors.GeoLoopError` raised in a subclass's methods becomes the run's one-sentence error.
    """

    ID = ""
    TITLE = ""
    GROUP = ""
    ABOUT = ""
    TAGS: tuple[str, ...] = ()

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        """Return the parameters, each with its help set (see ``parameters``)."""
        return []

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        """Return the outputs that are no destination parameter."""
        return []

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Raise an error if the parameters cannot be used; only what is quick to find out. Asked before a dialog or the
        command line runs, and once more as the run begins: models ask nothing before.
        """

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Read what must be read in the main thread: layers, and the project."""

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Do the work, in a thread of its own, and return every declared output."""
        raise NotImplementedError

    # What QGIS calls, from here on.

    def name(self) -> str:
        return self.ID

    def displayName(self) -> str:
        return tr(self.TITLE)

    def group(self) -> str:
        return f"{GROUPS.index(self.GROUP) + 1} · {tr(self.GROUP)}"

    def groupId(self) -> str:
        return self.GROUP.lower()

    def tags(self) -> list[str]:
        return [tr(tag) for tag in self.TAGS]

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return str(ICONS / f"{self.groupId()}.svg")

    def shortDescription(self) -> str:
        return tr(self.ABOUT).split(". ")[0].rstrip(".") + "."

    def shortHelpString(self) -> str:
        described = [f"{p.name()}: {p.help()}" for p in self.parameterDefinitions() if p.help()]
        return "\n\n".join([tr(self.ABOUT), *described])

    def helpUrl(self) -> str:
        return f"{SITE}algorithms/{self.ID}/"

    def createInstance(self) -> GeoLoopAlgorithm:
        return type(self)()

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in self.define_parameters():
            self.addParameter(parameter)
        for output in self.define_outputs():
            self.addOutput(output)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        ok, why = super().checkParameterValues(parameters, context)
        if not ok:
            return False, why
        try:
            self._check_values(parameters, context)
            self.check(parameters, context)
        except GeoLoopError as error:
            return False, str(error)
        return True, ""

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        try:
            self._check_values(parameters, context)
            self.check(parameters, context)
            self.prepare_run(parameters, context, feedback)
        except GeoLoopError as error:
            raise QgsProcessingException(str(error)) from error
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        try:
            return self.process(parameters, context, feedback)
        except GeoLoopError as error:
            raise QgsProcessingException(str(error)) from error

    def _check_values(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for definition in self.parameterDefinitions():
            check_value(definition, parameters.get(definition.name()), context)


class EngineAlgorithm(GeoLoopAlgorithm):
    """An algorithm whose work is a job of the engine. Without an engine it stays visible and says what to install."""

    def canExecute(self) -> tuple[bool, str]:
        try:
            find_interpreter()
        except EngineError as error:
            return False, str(error)
        return True, ""

    def run_job(self, name: str, params: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Run the job ``name`` with its ``Params`` (a dataclass) in the engine and return its result."""
        interpreter = find_interpreter()
        return client.run(
            interpreter.python, name, asdict(params), ProcessingFeedback(feedback), Settings.read().variables
        )

    def train(self, name: str, params: Any, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """As :meth:`run_job`, in a worker of its own."""
        interpreter = find_interpreter()
        return client.run_alone(
            interpreter.python, name, asdict(params), ProcessingFeedback(feedback),
            variables=Settings.read().variables,
        )


SITE = "https://geoloop.github.io/geoloop/"
"""Where the documentation is; ``mkdocs.yml`` says the same."""

GROUPS = ("Engine", "Sources", "Models", "Loop", "Review")
"""In the order of work, which the toolbox keeps since their names begin with their numbers: it sorts by name.

Engine: installation and diagnosis. Sources: data in. Models: networks that others or GeoLoop trained, run on imagery
and handed on. Loop: fuse, flag. Review: decide, push, undo, report. Each has its icon.
"""
