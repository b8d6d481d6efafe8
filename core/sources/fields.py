"""The fields that a run names of a layer: found whatever their case, as QGIS finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import InputError
from ..jobs.inputs import VectorInput


def own_spelling(name: str, fields: Sequence[str]) -> str:
    """Return the field ``name`` as the layer spells it, or ``name`` where no field differs from it in case alone."""
    if name in fields:
        return name
    return next((field for field in fields if field.lower() == name.lower()), name)


def with_own_fields(input: VectorInput, name: str, fields: Sequence[str], fid_column: str = "") -> VectorInput:
    """Return the input with its key and fields spelt as the layer ``name`` does.

    Raises :class:`InputError` for one that it does not have; a key may be the ``fid_column``, too.
    """
    def own(field: str, role: str, also: str = "") -> str:
        spelt = own_spelling(field, [*fields, also])
        if spelt and spelt not in (*fields, also):
            raise InputError(f"The layer “{name}” has no field “{field}” for its {role}; it has {listed(fields)}.")
        return spelt

    said = input.settings
    return replace(input, key=own(input.key or said.key, "key", fid_column), settings=replace(
        said, class_field=own(said.class_field, "class field"), value_field=own(said.value_field, "value field"),
        date_field=own(said.date_field, "date field"), accuracy_field=own(said.accuracy_field, "accuracy field")))


def listed(names: Sequence[str]) -> str:
    """Return names as they stand in a sentence."""
    return ", ".join(f"“{name}”" for name in names) or "none"

