"""The fields of a layer that a user names: whatever the case, or by alias, as QGIS finds them."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsFields, QgsProcessingAlgorithm, QgsProcessingContext, QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr
from .names import layer_name


def own_name(field: str, fields: QgsFields) -> str:
    """Return the field that a user calls so by its own name; empty for none."""
    place = fields.lookupField(field)
    return str(fields.at(place).name()) if place >= 0 else ""


def field_of(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], parameter: str, layer: QgsVectorLayer,
    context: QgsProcessingContext,
) -> str:
    """Return the field of ``layer`` that a parameter names, by its own name; empty where it names none.

    Raises :class:`InputError` if the layer has no such field.
    """
    given = algorithm.parameterAsString(parameters, parameter, context).strip()
    found = own_name(given, layer.fields())
    if given and not found:
        raise InputError(tr("{parameter}: the layer “{name}” has no field “{field}”.").format(
            parameter=parameter, name=layer_name(layer, context), field=given))
    return found
