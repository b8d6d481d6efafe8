"""The parameter SOURCES: what layers do not say of themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from qgis.core import QgsFields

from ...core.errors import InputError
from ...core.jobs.inputs import SourceSettings
from ...core.jobs.parameters import from_json
from ..translation import tr
from .fields import own_name

_FIELDS = ("key", "class_field", "value_field", "date_field", "accuracy_field")


def read_settings(text: str) -> dict[str, SourceSettings]:
    """Read SOURCES, JSON or the path of a JSON file, into settings by layer name.

    Raises :class:`InputError` for a file that cannot be read, broken JSON, and an unknown or mistyped setting.
    """
    text = text.strip()
    if not text:
        return {}
    data = _object(text if text.startswith("{") else _content(text))
    settings = {}
    for name, entry in data.items():
        if not isinstance(entry, dict):
            raise InputError(tr("SOURCES: the entry of “{name}” must be an object, such as {example}.").format(
                name=name, example='{"class_field": "building"}'
            ))
        settings[name] = from_json(SourceSettings, entry, where=f"SOURCES.{name}.")
    return settings


def refuse_unknown_layers(settings: dict[str, SourceSettings], names: Sequence[str]) -> None:
    """Raise :class:`InputError` if SOURCES speaks of a layer that the run does not have."""
    unknown = sorted(set(settings) - set(names))
    if unknown:
        raise InputError(tr("SOURCES speaks of “{name}”, but the layers of this run are {known}.").format(
            name=unknown[0], known=", ".join(f"“{name}”" for name in names) or tr("none")
        ))


def with_own_fields(name: str, settings: SourceSettings, fields: QgsFields) -> SourceSettings:
    """Return the settings of the layer ``name`` with its fields by their own names.

    Raises :class:`InputError` if they speak of a field it does not have.
    """
    named = {setting: getattr(settings, setting) for setting in _FIELDS if getattr(settings, setting)}
    for setting, field in named.items():
        if not own_name(field, fields):
            raise InputError(tr("SOURCES: {setting} of “{name}” is “{field}”, but the layer has only {known}.").format(
                setting=setting, name=name, field=field, known=", ".join(fields.names()) or tr("no fields")
            ))
    return replace(settings, **{setting: own_name(field, fields) for setting, field in named.items()})


def _content(path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(tr(
            "SOURCES must be a JSON object or the path of a JSON file; “{path}” cannot be read ({why})."
        ).format(path=path[:200], why=getattr(error, "strerror", None) or error)) from error


def _object(text: str) -> dict[str, object]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise InputError(tr("SOURCES is no valid JSON: {why}.").format(why=error)) from error
    if not isinstance(data, dict):
        raise InputError(tr("SOURCES must be a JSON object whose keys are layer names."))
    return data
