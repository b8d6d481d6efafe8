"""Rules from tags and attributes to classes, and which of them matches each feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .vectors import Features

ANY = "*"
"""As a value: whatever is not empty. As a key: the layer's class field."""

Condition = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rule:
    """What matches (``when``, but not ``unless``; or raster codes ``pixel``) and the class shares that it means.

    A condition maps a key (``a|b``: either of two) to the values that satisfy it; all keys of ``when`` must be
    satisfied, any key of ``unless`` spoils it. ``whole``: a text must be one of the values as it stands, semicolons
    within it included.
    """

    when: Condition
    unless: Condition
    pixel: tuple[int, ...]
    mix: Mapping[str, float]
    whole: bool = False

    @property
    def main_class(self) -> str:
        """The class with the largest share."""
        return max(self.mix, key=lambda name: self.mix[name])

    @property
    def keys(self) -> frozenset[str]:
        """Every key that the rule asks for."""
        return frozenset(key for either in (*self.when, *self.unless) for key in either.split("|"))

    def asking(self, keys: frozenset[str], class_field: str) -> Rule | None:
        """Return the rule as far as it asks for some of ``keys`` (ANY read as ``class_field``), None if it then cannot
        be decided."""
        when = [(_narrowed(either, keys, class_field), values) for either, values in self.when.items()]
        unless = [(_narrowed(either, keys, class_field), values) for either, values in self.unless.items()]
        if self.pixel or any(not either for either, _ in when):
            return None
        return replace(self, when=dict(when), unless={either: values for either, values in unless if either})


def _narrowed(either: str, keys: frozenset[str], class_field: str) -> str:
    named = [class_field if key == ANY else key for key in either.split("|")]
    return "|".join(dict.fromkeys(key for key in named if key in keys))


def match(rules: tuple[Rule, ...], features: Features) -> NDArray[np.int64]:
    """Return the first rule that matches each feature (n,), −1 for none."""
    values = _Values(features)
    matched = np.full(len(features), -1, np.int64)
    for number, rule in enumerate(rules):
        hit = matched < 0
        for either, wanted in rule.when.items():
            hit &= values.satisfy(either, wanted, rule.whole)
        for either, wanted in rule.unless.items():
            hit &= ~values.satisfy(either, wanted, rule.whole)
        matched[hit] = number
    return matched


def satisfies(text: str | None, values: tuple[str, ...], *, whole: bool = False) -> bool:
    """Whether a value meets a condition: case does not count, and one of several values (``forest;meadow``) will do,
    unless the ``whole`` is asked for.
    """
    if text is None:
        return False
    plain = text.strip().casefold()
    parts = {plain, *(() if whole else (part.strip() for part in plain.split(";")))}
    return any(value == ANY or value.casefold() in parts for value in values)


class _Values:
    """A layer's values by key, as numbers of distinct texts: conditions are asked once a text, not once a feature."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._known: dict[str, tuple[NDArray[np.int64], list[str]]] = {}

    def satisfy(self, either: str, wanted: tuple[str, ...], whole: bool) -> NDArray[np.bool_]:
        """Return whether one of the keys has one of the values, per feature."""
        result = np.zeros(len(self._features), np.bool_)
        for key in either.split("|"):
            if key not in self._known:
                numbers, texts = pd.factorize(self._features.value(key))
                self._known[key] = numbers, [str(text) for text in texts]
            numbers, texts = self._known[key]
            # The last entry stands for rows without a value, whose number is −1.
            result |= np.array([*(satisfies(text, wanted, whole=whole) for text in texts), False], np.bool_)[numbers]
        return result
