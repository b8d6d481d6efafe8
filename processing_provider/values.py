"""What QGIS would take for something else: a choice that there is not, a number out of range, a «no» that means yes."""

from __future__ import annotations

import math
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProperty,
)

from ..core.errors import InputError
from .editing.image import is_null
from .translation import tr

_TRUTHS = ("true", "false", "1", "0")


def check_value(definition: QgsProcessingParameterDefinition, given: Any, context: QgsProcessingContext) -> None:
    """Raise :class:`InputError` if ``given`` is no value of a choice, a number or a yes or no.

    QGIS looks at what a dialog or the command line gives, but neither at what a model hands on nor at what an
    expression comes to: of these a choice that there is not would be the default, a number out of range be used, and
    any text but “false” and “0” mean yes. Nothing given is the default.
    """
    value, name = _evaluated(given, context), definition.name()
    if value is None:
        return
    if isinstance(definition, QgsProcessingParameterEnum) and not definition.checkValueIsAcceptable(value, context):
        raise InputError(tr("{name} must be one of {known}, not {value}.").format(
            name=name, known=", ".join(definition.options()), value=value))
    if isinstance(definition, QgsProcessingParameterBoolean) and not _is_truth(value):
        raise InputError(tr("{name} must be true or false, not {value}.").format(name=name, value=value))
    if isinstance(definition, QgsProcessingParameterNumber) and not (
            definition.checkValueIsAcceptable(value, context) and _is_finite(value)):
        raise InputError(tr("{name} must be a number from {least} to {most}, not {value}.").format(
            name=name, value=value, least=_bound(definition.minimum()), most=_bound(definition.maximum())))


def _evaluated(given: Any, context: QgsProcessingContext) -> Any:
    """A value, or what an expression comes to; None for nothing."""
    value = given.value(context.expressionContext())[0] if isinstance(given, QgsProperty) else given
    return None if value is None or is_null(value) else value


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool | int | float) or str(value).lower() in _TRUTHS


def _is_finite(value: Any) -> bool:
    """Whether a value is no infinity and no NaN; a text that is no number at all is for others to refuse."""
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return True


def _bound(number: float) -> str:
    return f"{number:g}" if abs(number) < 1e9 else "∞" if number > 0 else "-∞"
