"""The base of the algorithms whose job in the engine writes files that the user names."""

from __future__ import annotations

import os
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingOutputLayerDefinition

from ..core.errors import GeoLoopError, InputError
from .algorithm import EngineAlgorithm
from .layers.loading import is_looked_at, load_when_done
from .translation import tr

RASTER, GEOPACKAGE, HTML = (".tif", ".tiff"), (".gpkg",), (".html", ".htm")


class WritingAlgorithm(EngineAlgorithm):
    """Refuses what could not be written in the end, before the engine starts.

    A subclass says in ``ENDINGS`` how the files of its destination parameters may end, and in ``SHOWN`` which of them
    hold layers and are no layer to QGIS, so that it would not show them, and which table is to be seen (empty: all).
    """

    ENDINGS: dict[str, tuple[str, ...]] = {}
    SHOWN: dict[str, str] = {}
    _is_looked_at = False
    _written: dict[str, Any] = {}

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        for name, endings in self.ENDINGS.items():
            self._check_destination(parameters, name, endings)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        ok, why = super().checkParameterValues(parameters, context)
        if not ok:  # QGIS says no more than «incorrect parameter value» of a file that it cannot open
            try:
                self.check(parameters, context)
            except GeoLoopError as error:
                return False, str(error)
        return ok, why

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        self._is_looked_at = is_looked_at(feedback, context)
        return bool(super().prepareAlgorithm(parameters, context, feedback))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        self._written = super().processAlgorithm(parameters, context, feedback)
        return self._written

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        for name, table in self.SHOWN.items() if self._is_looked_at else ():
            if self._written.get(name):
                load_when_done(self._written[name], context, table)
        return {}

    def output_path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """Return the absolute path of a layer to be written; empty if it was not asked for."""
        path = self.parameterAsOutputLayer(parameters, name, context)
        return os.path.abspath(path) if path else ""

    def file_path(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """Return the absolute path of a file to be written; empty if it was not asked for."""
        path = self.parameterAsFileOutput(parameters, name, context)
        return os.path.abspath(path) if path else ""

    def existing_file(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        """Return the absolute path of a file to be read; empty if none is named."""
        path = self.parameterAsFile(parameters, name, context)
        if path and not os.path.isfile(path):
            raise InputError(tr("The file {path} of {name} does not exist.").format(path=path, name=name))
        return os.path.abspath(path) if path else ""

    def _check_destination(self, parameters: dict[str, Any], name: str, endings: tuple[str, ...]) -> None:
        path = asked_for(parameters.get(name))
        if self.parameterDefinition(name) is None or path in ("", "TEMPORARY_OUTPUT"):
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


def asked_for(destination: Any) -> str:
    """Return the path that a destination parameter names; empty if nothing is to be written."""
    if isinstance(destination, QgsProcessingOutputLayerDefinition):
        destination = destination.sink.staticValue()
    return destination if isinstance(destination, str) else ""
