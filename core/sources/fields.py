"""The fields that a run names of a layer: found whatever their case, as QGIS finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import InputError
from ..jobs.inputs import VectorInput

ROLES = {
    "class_field": "class field", "value_field": "value field", "date_field": "date field",
    "accuracy_field": "accuracy field",
}
"""Settings that name a field, and what it is to the user."""


def own_spelling(name: str, fields: Sequence[str]) -> str:
    """Return the field ``name`` as the layer spells it, or ``name`` where no field differs from it in case alone."""
    if name in fields:
        return name
    return next((field for field in fields if field.lower() == name.lower()), name)


def with_own_fields(input: VectorInput, name: str, fields: Sequence[str], fid_column: str = "") -> VectorInput:
    """Return the input with its key and fields spelt as the layer ``name`` does.

    Raises :class:`InputError` for one that it does not have; a key may be the ``fid_column``, too.
    """
    keys = [*fields, fid_column] if fid_column else fields
    key = _known(input.key or input.settings.key, keys, name, "key", fields)
    named = {setting: _known(getattr(input.settings, setting), fields, name, role, fields)
             for setting, role in ROLES.items()}
    return replace(input, key=key, settings=replace(input.settings, **named))


def listed(names: Sequence[str]) -> str:
    """Return names as they stand in a sentence."""
    return ", ".join(f"“{name}”" for name in names) or "none"


def _known(field: str, among: Sequence[str], name: str, role: str, fields: Sequence[str]) -> str:
    own = own_spelling(field, among)
    if own and own not in among:
        raise InputError(f"The layer “{name}” has no field “{field}” for its {role}; it has {listed(fields)}.")
    return own
