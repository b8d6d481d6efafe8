"""SQL conditions that users write: a misspelt column is an error, and not a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import InputError
from .fields import listed

_TEXT_OR_NAME = re.compile(r"""('(?:[^']|'')*')|"((?:[^"]|"")+)"(\s*\.)?|(\w+)""")
_OF_GDAL = ("fid", "rowid", "ogr_geometry", "ogr_style", "ogr_geom_wkt", "ogr_geom_area")


def check_columns(condition: str, name: str, columns: Iterable[str], purpose: str) -> None:
    """Raise :class:`InputError` if a condition on the layer ``name`` quotes a column that is not one of ``columns``, or
    compares nothing but texts.

    SQLite takes ``"verfied"``, where there is no such column, for a text: the condition is then false for every
    feature, or true, and nothing says so. ``'verified' = 1`` is a text of itself.
    """
    own = [column for column in columns if column]
    known = {column.lower() for column in (*own, *_OF_GDAL)}
    found = _TEXT_OR_NAME.findall(condition)
    names = [quoted.replace('""', '"') for _, quoted, is_table, _ in found if quoted and not is_table]
    unknown = [one for one in names if one.lower() not in known]
    if unknown:
        raise InputError(f"The {purpose} of the layer “{name}” speaks of the field “{unknown[0]}”, but the layer has "
                         f"only {listed(own)}.")
    has_text, words = any(text for text, *_ in found), {word.lower() for *_, word in found}
    if has_text and not names and not known & words:
        raise InputError(f"The {purpose} of the layer “{name}” speaks of no field: {condition}; texts stand in single "
                         f"quotes, fields in double ones or none. It has {listed(own)}.")
