"""From changed columns of a layer to changed tags of an OpenStreetMap object; nothing that is no tag gets out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from ..ledger import value_text
from ..sources.osm_layers import NOT_TAGS
from ..sources.tags import TAG_COLUMNS, parse_tags
from .selection import RefusedError

LONGEST = 255
"""Characters of a key or value that OpenStreetMap's server takes."""
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")


def tag_changes(before: Mapping[str, Any], after: Mapping[str, Any], current: Mapping[str, str],
                known_keys: Set[str]) -> dict[str, str | None]:
    """Return the tags to set, None for those to remove.

    ``before`` and ``after`` are columns as the ledger holds them, ``current`` the object's tags. A column whose old
    value is not the object's tag of that name is no tag, or the object has changed: refused. So is a new tag whose key
    occurs nowhere in the extract (``known_keys``).
    """
    changes: dict[str, str | None] = {}
    for _, old, new in _columns(before, after):
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) == new.get(key):
                continue
            if current.get(key) != old.get(key):
                raise RefusedError(f"“{key}” is no tag of the object, or it has another value in EXTRACT than when it "
                                   "was flagged")
            if key not in current and key not in known_keys:
                raise RefusedError(f"no object in EXTRACT has a tag “{key}”")
            changes[key] = new.get(key)
    _refuse_other_texts(before, after, current, changes)
    if not changes:
        raise RefusedError("the edit changes no tag")
    return _checked(changes)


def new_tags(after: Mapping[str, Any], known_keys: Set[str]) -> dict[str, str]:
    """Return the tags of a new object; refused if a key occurs nowhere in the extract, or if there is none."""
    tags: dict[str, str] = {}
    for _, _, new in _columns(None, after):
        tags |= new
    strange = sorted(set(tags) - known_keys)
    if strange:
        raise RefusedError(f"no object in EXTRACT has a tag “{strange[0]}”")
    if not tags:
        raise RefusedError("the ledger does not say which tags the new object gets")
    _checked(tags)
    return tags


def proposed_keys(after: Mapping[str, Any]) -> set[str]:
    """Return the tag keys that an edit speaks of."""
    return {key for _, _, new in _columns(None, after) for key in new}


def _columns(before: Mapping[str, Any] | None, after: Mapping[str, Any]
             ) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Return, column by column, the tags as they are and as they shall be; columns first, texts of all tags last.

    ``before`` None: a new object. A text that the ledger does not hold as it was is left out.
    """
    single, texts = [], []
    for column in sorted(after):
        old, new = value_text((before or {}).get(column)), value_text(after[column])
        if column.lower() in NOT_TAGS:
            continue
        if _is_text(column, old, new):
            if before is None or column in before:
                texts.append((column, parse_tags(old), parse_tags(new)))
        else:
            single.append((column, {column: old} if old else {}, {column: new} if new else {}))
    return single + texts


def _is_text(column: str, *values: str) -> bool:
    return column.lower() in TAG_COLUMNS and any(parse_tags(value) for value in values)


def _refuse_other_texts(before: Mapping[str, Any], after: Mapping[str, Any], current: Mapping[str, str],
                        changes: Mapping[str, str | None]) -> None:
    """Refuse a text of all tags that differs from the object's in more than the changes that are known."""
    for column, value in after.items():
        new = parse_tags(value_text(value))
        if column in before or not _is_text(column, value_text(value)):
            continue
        if any(current.get(key) != new.get(key) for key in (current.keys() | new.keys()) - changes.keys()):
            raise RefusedError("its tags in EXTRACT are not those that were flagged")


def _checked(tags: Mapping[str, str | None]) -> dict[str, str | None]:
    for key, value in tags.items():
        if max(len(key), len(value or "")) > LONGEST:
            raise RefusedError(f"the tag “{key[:40]}” is longer than {LONGEST} characters")
        if _CONTROL.search(key + (value or "")):
            raise RefusedError(f"the tag “{_CONTROL.sub('?', key)[:40]}” holds control characters")
    return dict(tags)
