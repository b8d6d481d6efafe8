"""OpenStreetMap tags as one text: reading the dialects that layers hold, and writing a change back in the same one.

Known dialects: hstore (``"building"=>"yes"``, GDAL's ``other_tags``), JSON objects, ``key=value;key=value`` and
``key:value;key:value``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

TAG_COLUMNS = ("other_tags", "all_tags", "tags", "osm tags", "osm_tags", "label")
"""Columns, in lower case, that may hold all tags of a feature in one text."""

_TEXT = r'"((?:[^"\\]|\\.)*)"'
_PAIR = re.compile(rf"{_TEXT}\s*=>\s*(?:{_TEXT}|NULL)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_tags(text: str) -> dict[str, str]:
    """Return the tags in a text; empty if it is in none of the known dialects."""
    text = text.strip()
    if text.startswith("{"):
        return _from_json(text)
    if "=>" in text:
        pairs = [(key, value) for key, value in _PAIR.findall(text) if value]
        return {_ESCAPED.sub(r"\1", key): _ESCAPED.sub(r"\1", value) for key, value in pairs}
    return _from_pairs(text, _separator(text))


def parsed_columns(columns: Mapping[str, Sequence[Any]]) -> dict[str, list[dict[str, str]]]:
    """Return, of a table's columns, those that hold all tags of a row in one text, parsed row by row."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, values in columns.items():
        if name.lower() in TAG_COLUMNS:
            tags = [parse_tags(value) if isinstance(value, str) else {} for value in values]
            if any(tags):
                found[name] = tags
    return found


def hstore_text(tags: Mapping[str, str]) -> str:
    """Return tags as hstore text, in their own order."""
    return ",".join(f'"{_escaped(key)}"=>"{_escaped(value)}"' for key, value in tags.items())


def rewritten(text: str, changes: Mapping[str, str | None]) -> str:
    """Return ``text`` with tags changed, or removed where the new value is None, in the dialect that it had."""
    tags: dict[str, str] = parse_tags(text)
    for key, value in changes.items():
        if value is None:
            tags.pop(key, None)
        else:
            tags[key] = value
    stripped = text.strip()
    if stripped.startswith("{"):
        return json.dumps(tags, ensure_ascii=False)
    if "=>" in stripped or not stripped:
        return hstore_text(tags)
    separator = _separator(stripped)
    return ";".join(f"{key}{separator}{value}" for key, value in tags.items())


def _from_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in found.items() if v is not None and v != ""}


def _separator(text: str) -> str:
    return "=" if "=" in text.split(";", 1)[0] else ":"


def _from_pairs(text: str, separator: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    last = ""
    for piece in text.split(";"):
        key, found, value = piece.strip().partition(separator)
        if found and key.strip() and value.strip():
            last = key.strip()
            tags[last] = value.strip()
        elif last and piece.strip():
            # A value with a semicolon of its own: surface=asphalt;gravel.
            tags[last] += f";{piece.strip()}"
    return tags


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
