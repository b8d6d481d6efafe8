"""INPUT that may be a raster, a layer of features, or a ledger, and the class field of the features."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingParameterString,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ...core.errors import InputError, LedgerError
from ...core.ledger import Ledger
from ..parameters import explained, shown_by
from ..translation import tr


def class_field_parameter(title: str, help_text: str) -> QgsProcessingParameterString:
    """CLASS_FIELD. A text and no choice of INPUT's fields: QGIS 3.40 crashes when it offers the fields of a raster."""
    return explained(shown_by("suggestions.wrappers.InputAttributeField",
                              QgsProcessingParameterString("CLASS_FIELD", title, optional=True)), help_text)


def map_layer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> QgsRasterLayer | QgsVectorLayer:
    """Return the layer of a parameter. Raises :class:`InputError` if it is none, broken, or of another kind."""
    layer: QgsMapLayer | None = algorithm.parameterAsLayer(parameters, name, context)
    if layer is None or not layer.isValid():
        raise InputError(tr("{name}: “{given}” cannot be opened as a layer; check the path, and whether another "
                            "program locks the file.").format(name=name, given=parameters.get(name)))
    if not isinstance(layer, QgsRasterLayer | QgsVectorLayer):
        raise InputError(tr("{name}: “{layer}” is neither a raster nor a vector layer.").format(
            name=name, layer=layer.name()))
    return layer


def ledger_of(layer: QgsRasterLayer | QgsVectorLayer) -> str:
    """Return the path of the ledger that a layer is a table of; empty if it is none."""
    path = layer.source().split("|")[0]
    if not isinstance(layer, QgsVectorLayer) or not path.lower().endswith(".gpkg"):
        return ""
    try:
        with Ledger.open(path):
            return path
    except LedgerError:
        return ""
