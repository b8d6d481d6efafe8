"""Which change of attributes makes a feature say another class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..ledger.signature import value_text
from .rules import ANY, Rule, match, satisfies
from .tags import only, parse_tags, rewritten
from .vectors import Features


class Retagging:
    """The changes by which features of one layer change class; made once a layer, asked once a feature."""

    def __init__(self, rules: tuple[Rule, ...], features: Features) -> None:
        self._rules, self._features = rules, features
        self._matched = match(rules, features)
        self._known: dict[str, list[dict[str, str]]] = {}

    def changes(self, row: int, class_name: str) -> dict[str, Any]:
        """Return new values of existing columns after which the feature's main class is ``class_name``.

        The value is the layer's commonest one for that class, else the first that a rule names; tags that would still
        say another class are removed. Empty if no change of attributes does it.
        """
        before = self._matched[row]
        for wanted in self._candidates(class_name):
            removed = dict.fromkeys(self._rules[before].keys - set(wanted)) if before >= 0 else {}
            for tags in (wanted, {**removed, **wanted}):
                changes = self._column_changes(row, tags)
                if changes is not None and self._says(row, changes, class_name):
                    return changes
        return {}

    def values_of_new(self, like: int, class_name: str) -> dict[str, Any]:
        """Return values of columns after which a feature that has none yet is of a class. They say the class alone, in
        the columns and texts in which the feature ``like`` says its own: its name and its storeys are no other's.
        """
        for wanted in self._candidates(class_name):
            values = self._column_changes(like, wanted)
            if values is None:
                continue
            for name in self._features.tag_columns.keys() & values.keys():
                tags = parse_tags(values[name])
                values[name] = only(values[name], {key: tags[key] for key in wanted if key in tags})
            if self._says(like, values, class_name, new=True):
                return values
        return {}

    def _candidates(self, class_name: str) -> list[dict[str, str]]:
        """Return tags that mean a class: the layer's own, commonest first, then those of the rules, purest first."""
        if class_name not in self._known:
            meaning = [rule.main_class == class_name for rule in self._rules]
            rows = np.flatnonzero(np.array([*meaning, False], np.bool_)[self._matched])
            own = Counter(tuple(sorted(self._satisfying(int(row)).items())) for row in rows)
            rules = sorted(
                (rule for rule in self._rules if rule.main_class == class_name), key=lambda r: -r.mix[class_name]
            )
            self._known[class_name] = [dict(tags) for tags, _ in own.most_common()] + list(self._named_by(rules))
        return self._known[class_name]

    def _satisfying(self, row: int) -> dict[str, str]:
        """Return the tags of a feature that made its rule match."""
        found: dict[str, str] = {}
        for either, wanted in self._rules[self._matched[row]].when.items():
            for key in either.split("|"):
                value = self._features.value(key)[row]
                if satisfies(value, wanted, whole=self._rules[self._matched[row]].whole):
                    found[key] = value
                    break
        return found

    def _named_by(self, rules: list[Rule]) -> Iterator[dict[str, str]]:
        for rule in rules:
            tags = {self._existing(either): values[0] for either, values in rule.when.items()}
            if tags and ANY not in tags.values():
                yield tags

    def _existing(self, either: str) -> str:
        """Return the alternative that the layer has a column for, else the first."""
        keys = either.split("|")
        return next((key for key in keys if self._features.column(key)), keys[0])

    def _column_changes(self, row: int, tags: Mapping[str, str | None]) -> dict[str, Any] | None:
        """Return the column values that give a feature these tags (None: removes one), None if no column can hold one.

        A tag that stands both in a column of its own and in the text of all tags is changed in both.
        """
        changes: dict[str, Any] = {}
        for key, value in tags.items():
            column = self._features.column(key)
            texts = [name for name, rows in self._features.tag_columns.items() if key in rows[row]]
            if column is None and not texts and value is not None:
                texts = list(self._features.tag_columns)[:1]
                if not texts:
                    return None
            if column is not None:
                native = None if value is None else self._native(column, value)
                if value is not None and native is None:
                    return None
                changes |= {column: native, **self._companion(column, native)}
            for name in texts:
                text = changes.get(name, self._features.attributes[name].iloc[row])
                changes[name] = rewritten(text if isinstance(text, str) else "", {key: value})
        return changes

    def _native(self, column: str, text: str) -> Any:
        """Return a value of the column's own type that reads ``text``, None if the column cannot hold it."""
        values = self._features.attributes[column]
        for value in values[~values.duplicated()].tolist():
            if value_text(value) == text:
                return _whole(value)
        if values.dtype.kind in "iuf":
            try:
                return float(text) if values.dtype.kind == "f" else int(text)
            except ValueError:
                return None
        return text if values.dtype.kind == "O" else None

    def _companion(self, column: str, value: Any) -> dict[str, Any]:
        """Keep Geofabrik's numeric ``code`` in step with ``fclass``, which is the same class in words."""
        code = self._features.column("code")
        if column.lower() != "fclass" or code is None:
            return {}
        table = self._features.attributes
        codes = table.loc[table[column] == value, code].dropna()
        # A class that the layer does not have yet has no code to look up: none is better than the old one.
        return {code: _whole(codes.mode().iloc[0]) if len(codes) else None}

    def _says(self, row: int, changes: Mapping[str, Any], class_name: str, *, new: bool = False) -> bool:
        """Whether a feature, or a ``new`` one that has no other values, is of the class with the changes."""
        one = self._features.select(np.arange(len(self._features)) == row)
        one.attributes = one.attributes.astype(object)
        if new:
            one.attributes.loc[:, :] = None
        for column, value in changes.items():
            one.attributes[column] = pd.Series([value], dtype=object)
        matched = int(match(self._rules, one)[0])
        return matched >= 0 and self._rules[matched].main_class == class_name


def _whole(value: Any) -> Any:
    """Return a whole number as an integer: columns with nulls are read as floating point."""
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
