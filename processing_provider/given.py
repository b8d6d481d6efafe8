"""Reads what a parameter was given as: texts that scripts give as objects, numbers left empty, names that are files."""

from __future__ import annotations

import json
import os
from typing import Any

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext

from ..core.errors import InputError
from .editing.image import is_null
from .translation import tr


def as_text(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> str:
    """Return a parameter that is a text. What a script gives as an object or a list, which QGIS would take for an
    empty text, comes as JSON.
    """
    given = parameters.get(name)
    if isinstance(given, dict | list | tuple):
        return json.dumps(given, ensure_ascii=False)
    return str(algorithm.parameterAsString(parameters, name, context)).strip()


def number_if_given(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float | None:
    """Return a parameter that is an optional number; None where it is left empty. QGIS itself takes for 0 what is no
    number: an empty text, as from the command line, and an expression without a result, as in models.

    Raises :class:`InputError` for a text that is no number.
    """
    given = parameters.get(name)
    text = "" if given is None or is_null(given) else algorithm.parameterAsString(parameters, name, context).strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InputError(tr("{name} must be a number, not {text}.").format(name=name, text=text)) from error


def listed(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> list[str]:
    """Return the parts of a parameter that is a text separated by commas, or what a script gives as a list."""
    given = parameters.get(name)
    parts = map(str, given) if isinstance(given, list | tuple) else algorithm.parameterAsString(
        parameters, name, context).split(",")
    return [part.strip() for part in parts if part.strip()]


def legend_path(given: str) -> str:
    """Return LEGEND as a job takes it: a file by its absolute path, or a shipped name.

    Raises :class:`InputError` for a JSON file that does not exist.
    """
    legend = given.strip()
    if legend.lower().endswith(".json") and not os.path.isfile(legend):
        raise InputError(tr("The file {path} of LEGEND does not exist.").format(path=legend))
    return os.path.abspath(legend) if os.path.isfile(legend) else legend


def encoder_path(given: str) -> str:
    """Return an encoder's name with its file, ``NAME:FILE``, or one of the two, the file by its absolute path.

    Raises :class:`InputError` for a file that does not exist.
    """
    given = given.strip()
    name, colon, file = given.partition(":")
    if not colon or os.path.exists(given):
        name, file = ("", given) if os.path.exists(given) or os.path.splitext(given)[1] else (given, "")
    if file and not os.path.isfile(file):
        raise InputError(tr("The file {path} of MODEL does not exist.").format(path=file))
    return ":".join(part for part in (name, os.path.abspath(file) if file else "") if part)
