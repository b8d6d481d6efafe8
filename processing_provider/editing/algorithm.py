"""What algorithms share that write into TARGET: they run on the main thread, and a file cut off is mended first."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsProcessingContext

from ...core.errors import InputError
from ..algorithm import GeoLoopAlgorithm
from .cut_off import mend_given


class EditingAlgorithm(GeoLoopAlgorithm):
    """An algorithm that edits the layer TARGET."""

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        try:  # before QGIS looks whether the layer can be opened
            mend_given(parameters.get("TARGET"), context.project())
        except InputError as error:
            return False, str(error)
        return super().checkParameterValues(parameters, context)
