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
    """Return ``text`` with tags changed, or removed where the new value is None, in the dialect that it had. What else
    stands in it stays as it is: numbers of JSON, values that are none, words that belong to no key.
    """
    stripped = text.strip()
    if stripped.startswith("{"):
        return json.dumps(_changed(list(_members(stripped).items()), changes), ensure_ascii=False)
    if "=>" in stripped or not stripped:
        own = [(_ESCAPED.sub(r"\1", found[1]), found[0]) for found in _PAIR.finditer(stripped)]
        return ",".join(_changed(own, {key: None if value is None else hstore_text({key: value})
                                       for key, value in changes.items()}).values())
    separator = _separator(stripped)
    pieces = [(key, f"{key}{separator}{value}" if key else value) for key, value in _pieces(stripped, separator)]
    words = [piece for key, piece in pieces if not key]
    named = _changed([piece for piece in pieces if piece[0]], {
        key: None if value is None else f"{key}{separator}{value}" for key, value in changes.items()})
    return ";".join([*words, *named.values()])


def only(text: str, tags: Mapping[str, str]) -> str:
    """Return a text that says ``tags`` and nothing else, in the dialect of ``text``."""
    stripped = text.strip()
    if stripped.startswith("{"):
        return json.dumps(dict(tags), ensure_ascii=False)
    if "=>" in stripped or not stripped:
        return hstore_text(tags)
    separator = _separator(stripped)
    return ";".join(f"{key}{separator}{value}" for key, value in tags.items())


def _changed(held: Sequence[tuple[str, Any]], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What is held by key, in its order, with the changes: None removes."""
    return {key: value for key, value in {**dict(held), **changes}.items()
            if value is not None or key not in changes}


def _from_json(text: str) -> dict[str, str]:
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in _members(text).items()
            if v is not None and v != ""}


def _members(text: str) -> dict[str, Any]:
    """What a JSON object holds; nothing where the text is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return dict(found)


def _separator(text: str) -> str:
    """What stands between keys and values: the first piece that has one says it."""
    return next((sign for piece in text.split(";") for sign in "=:" if sign in piece), ":")


def _from_pairs(text: str, separator: str) -> dict[str, str]:
    return {key: value for key, value in _pieces(text, separator) if key and value}


def _pieces(text: str, separator: str) -> list[tuple[str, str]]:
    """Keys and values in their order; words that belong to no key have none."""
    pieces: list[tuple[str, str]] = []
    for piece in text.split(";"):
        key, found, value = piece.strip().partition(separator)
        if found and key.strip():
            pieces.append((key.strip(), value.strip()))
        elif pieces and all(pieces[-1]) and piece.strip():
            # A value with a semicolon of its own: surface=asphalt;gravel.
            pieces[-1] = pieces[-1][0], f"{pieces[-1][1]};{piece.strip()}"
        elif piece.strip():
            pieces.append(("", piece.strip()))
    return pieces


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
