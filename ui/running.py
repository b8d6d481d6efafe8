"""Running an algorithm from a window: the same algorithm, with the same parameters, as the toolbox would run."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCursor
from qgis.PyQt.QtWidgets import QApplication

from ..core.errors import InputError
from ..processing_provider.algorithm import GeoLoopAlgorithm


class RunLog(QgsProcessingFeedback):
    """Keeps what an algorithm tells."""

    def __init__(self) -> None:
        super().__init__(False)
        self.told: list[str] = []

    def pushInfo(self, text: str) -> None:
        self.told.append(text)

    def pushWarning(self, text: str) -> None:
        self.told.append(text)


def run_here(algorithm: GeoLoopAlgorithm, parameters: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Run an algorithm to its end in the main thread, under the waiting cursor; return its results and what it told.

    Raises :class:`InputError` with the run's own sentence if it fails.
    """
    context, log = QgsProcessingContext(), RunLog()
    context.setProject(QgsProject.instance())
    runnable = algorithm.create()
    ok, why = runnable.checkParameterValues(parameters, context)
    if not ok:
        raise InputError(why)
    QApplication.setOverrideCursor(QCursor(Qt.CursorShape.WaitCursor))
    try:
        results, _ = runnable.run(parameters, context, log, {}, False)
    except QgsProcessingException as error:
        raise InputError(str(error)) from error
    finally:
        QApplication.restoreOverrideCursor()
        context.temporaryLayerStore().removeAllMapLayers()
    return results, log.told
