"""The classes a run speaks of, and the rules that turn tags, attributes and pixel codes into them."""

from __future__ import annotations

import colorsys
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..ledger.signature import value_text
from .retag import Retagging
from .rules import ANY, Rule, match
from .vectors import Features

SHIPPED = Path(__file__).parent / "legends"
MOST_VALUES = 60
"""More distinct values than this are a name or a number, not a class."""
MOST_CLASSES = 255


@dataclass(frozen=True)
class LegendClass:
    """One class: its code in rasters (0–255), name, colour (#rrggbb), and title for people."""

    code: int
    name: str
    color: str
    title: str


@dataclass(frozen=True)
class Legend:
    """Classes in order (their position is the class index everywhere else) and rules, of which the first match counts.

    ``resolution_m`` is the pixel size that suits the classes. ``background`` is the class that a map means where it
    shows nothing (None: its silence says nothing). Areas below ``min_area_m2`` are not worth a flag. ``field`` is the
    attribute whose values are the classes, for a legend made by :meth:`from_field`.
    """

    name: str
    classes: tuple[LegendClass, ...]
    rules: tuple[Rule, ...] = ()
    resolution_m: float | None = None
    background: str | None = None
    min_area_m2: float = 0.0
    field: str = ""

    def __post_init__(self) -> None:
        for what, values in (("name", self.names), ("code", tuple(c.code for c in self.classes))):
            twice = [value for value, number in Counter(values).items() if number > 1]
            if twice:
                raise InputError(f"The legend “{self.name}” has the class {what} {twice[0]!r} twice; make each unique.")
        if len(self.classes) > MOST_CLASSES:
            raise InputError(f"The legend “{self.name}” has {len(self.classes)} classes; a raster tells "
                             f"{MOST_CLASSES} apart, and what is not known.")
        if len(self.classes) < 2:
            raise InputError(f"The legend “{self.name}” needs at least two classes to tell apart.")
        if self.background is not None and self.background not in self.names:
            raise InputError(
                f"The legend “{self.name}” names the background {self.background!r}, which is none of its classes "
                f"({', '.join(self.names)})."
            )
        for rule in self.rules:
            unknown = [name for name in rule.mix if name not in self.names]
            if unknown:
                raise InputError(
                    f"A rule of the legend “{self.name}” names the class {unknown[0]!r}, which it does not have; it "
                    f"has {', '.join(self.names)}."
                )

    @classmethod
    def load(cls, name_or_path: str) -> Legend:
        """Read a shipped legend by name, or a file. Raises :class:`InputError` naming what is wrong in it."""
        shipped = sorted(path.stem for path in SHIPPED.glob("*.json"))
        path = SHIPPED / f"{name_or_path}.json" if name_or_path in shipped else Path(name_or_path)
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise InputError(
                f"The legend “{name_or_path}” cannot be read ({why}); give a JSON file, or one of {', '.join(shipped)}."
            ) from error
        except ValueError as error:
            raise InputError(f"The legend “{name_or_path}” is not valid JSON: {error}; correct it there.") from error
        return _LegendReader(name_or_path).legend(data)

    @classmethod
    def from_field(cls, features: Features) -> Legend:
        """Return a legend whose classes are the distinct values of the layer's class field, codes from 1. Spellings
        that differ in case or in blanks around them are one class, called by the commonest. Colours are those that the
        layer is shown in, as far as it is.

        Raises :class:`InputError` without a class field, and for fewer than 2 or more than MOST_VALUES values.
        """
        field = features.settings.class_field
        if not field:
            raise InputError(
                f"No legend is given and the layer “{features.name}” has no class field; choose a legend, or name the "
                f"field that holds the class in SOURCES, such as {_example(features)}."
            )
        spelt: dict[str, str] = {}
        for text, _ in Counter(v.strip() for v in features.value(field) if v is not None).most_common():
            spelt.setdefault(text.casefold(), text)
        values = sorted(filter(None, spelt.values()), key=_natural)
        if not 2 <= len(values) <= MOST_VALUES:
            raise InputError(
                f"The class field “{field}” of the layer “{features.name}” has {len(values)} distinct values inside "
                f"the grid, and a class field has 2 to {MOST_VALUES}; name another, or give a legend that groups them."
            )
        colors = {text.casefold(): color for text, color in features.input.colors.items()}
        classes = tuple(LegendClass(i + 1, value, colors.get(value.casefold(), _colour(i)), value)
                        for i, value in enumerate(values))
        return cls(name=field, classes=classes, field=field)

    @property
    def names(self) -> tuple[str, ...]:
        """The class names by index."""
        return tuple(c.name for c in self.classes)

    def index(self, name: str) -> int:
        """Return the index of a class. Raises :class:`InputError` for a name that the legend does not have."""
        try:
            return self.names.index(name)
        except ValueError as error:
            raise InputError(
                f"The legend “{self.name}” has no class {name!r}; it has {', '.join(self.names)}."
            ) from error

    def classify(self, features: Features) -> NDArray[np.float32]:
        """Return the class mix of every feature (n, classes): rows sum to 1, or to 0 where no rule matches.

        A layer with a class field is classified by that field alone: by rules on it (its own name, or ``*``), else by
        values that are class names. Raises :class:`InputError` if the legend says nothing of any feature.
        """
        rules = self._rules_for(features)
        matched = match(rules, features)
        if len(features) and not (matched >= 0).any():
            raise InputError(self._matches_nothing(features, rules))
        shares = np.array([self._shares(rule) for rule in rules], np.float32).reshape(-1, len(self.classes))
        return np.concatenate([shares, np.zeros((1, len(self.classes)), np.float32)])[matched]

    def classify_pixels(self, codes: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the class mix (classes, H, W) of a class raster's codes (H, W) by the rules with ``pixel``."""
        mix = np.zeros((len(self.classes), *codes.shape), np.float32)
        for rule in reversed(self.rules):
            if rule.pixel:
                here = np.isin(codes, rule.pixel)
                mix[:, here] = self._shares(rule)[:, None]
        return mix

    def watched(self, features: Features) -> tuple[str, ...]:
        """Return the columns of the layer that decide the class, sorted."""
        keys = {key for rule in self._rules_for(features) for key in rule.keys}
        found = {column for column in map(features.column, keys) if column}
        if not self._field_of(features):
            found |= set(features.tag_columns)
        return tuple(sorted(found))

    def retag(self, features: Features, row: int, class_name: str) -> dict[str, Any]:
        """Return the changes to the layer's columns after which a feature says ``class_name``; see :class:`Retagging`.

        Who asks for many features of a layer keeps :meth:`retagging`.
        """
        return self.retagging(features).changes(row, class_name)

    def values_of_new(self, features: Features, like: int, class_name: str) -> dict[str, Any]:
        """Return the values of a new feature of the class ``class_name``, said where the feature ``like`` says it."""
        return self.retagging(features).values_of_new(like, class_name)

    def retagging(self, features: Features) -> Retagging:
        """Return the changes of class that are possible in a layer."""
        return Retagging(self._rules_for(features), features)

    def _field_of(self, features: Features) -> str:
        """The attribute that alone decides the class of this layer's features, if there is one."""
        if features.settings.class_field:
            return features.settings.class_field
        return self.field if self.field and features.column(self.field) else ""

    def _rules_for(self, features: Features) -> tuple[Rule, ...]:
        """Return the rules that can be asked of a layer: of its class field alone if it has one, else of its tags."""
        field = self._field_of(features)
        keys = frozenset({field}) if field else frozenset(key for rule in self.rules for key in rule.keys) - {ANY}
        asked = tuple(rule for whole in self.rules if (rule := whole.asking(keys, field)) is not None)
        if not field:
            return asked
        # A rule without conditions speaks of every feature: it comes after what the class field says.
        names = tuple(Rule({field: (c.name,)}, {}, (), {c.name: 1.0}, whole=whole)
                      for whole in (True, False) for c in self.classes)
        return tuple(r for r in asked if r.when) + names + tuple(r for r in asked if not r.when)

    def _shares(self, rule: Rule) -> NDArray[np.float32]:
        return np.array([rule.mix.get(name, 0.0) for name in self.names], np.float32)

    def _matches_nothing(self, features: Features, rules: tuple[Rule, ...]) -> str:
        columns = ", ".join(f"“{name}”" for name in features.attributes.columns) or "no columns"
        field = self._field_of(features)
        if field:
            found = sorted({v for v in features.value(field) if v is not None}, key=_natural)[:8]
            return (
                f"The legend “{self.name}” says nothing of any value of “{field}” in the layer “{features.name}” "
                f"({', '.join(found)}); add a rule {{\"when\": {{\"{field}\": [\"…\"]}}, \"class\": \"…\"}}."
            )
        keys = ", ".join(sorted({key for rule in rules for key in rule.keys})) or "no key"
        return (
            f"The legend “{self.name}” matches no feature of the layer “{features.name}”: its rules ask for {keys}, "
            f"the layer has {columns}; choose another legend, add a rule, or name the layer's class field in SOURCES."
        )


def _example(features: Features) -> str:
    """An entry of SOURCES for a layer, with a field of its own that may hold the class."""
    columns = features.attributes
    texts = [str(name) for name in columns if columns[name].dtype.kind not in "biufcM"]
    fitting = [name for name in texts if 2 <= columns[name].dropna().map(value_text).nunique() <= MOST_VALUES]
    return json.dumps({features.name: {"class_field": (fitting or texts or ["class"])[0]}}, ensure_ascii=False)


def _natural(text: str) -> tuple[bool, float, str]:
    """Sort numbers by size, before words."""
    try:
        return False, float(text), text
    except ValueError:
        return True, 0.0, text.casefold()


def _colour(index: int) -> str:
    """Return colours that differ: hues by the golden ratio, lightness in three steps."""
    hue = (0.58 + index * 0.618034) % 1.0
    red, green, blue = colorsys.hls_to_rgb(hue, (0.45, 0.62, 0.35)[index // 7 % 3], 0.6)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


class _LegendReader:
    """From JSON to a :class:`Legend`; every error names the legend and the place."""

    KNOWN = ("name", "title", "classes", "rules", "resolution_m", "background", "min_area_m2")
    KNOWN_IN_CLASS = ("code", "name", "color", "title")
    KNOWN_IN_RULE = ("when", "not", "pixel", "class", "mix")

    def __init__(self, name: str) -> None:
        self._name = Path(name).stem

    def legend(self, data: Any) -> Legend:
        top = self._object(data, "the file", self.KNOWN)
        self._name = str(top.get("name", self._name))
        classes = tuple(self._class(entry, i) for i, entry in enumerate(self._list(top.get("classes"), "classes")))
        rules = tuple(self._rule(entry, i) for i, entry in enumerate(self._list(top.get("rules", []), "rules")))
        resolution, background = top.get("resolution_m"), top.get("background")
        return Legend(
            name=self._name,
            classes=classes,
            rules=rules,
            resolution_m=None if resolution is None else self._number(resolution, "resolution_m"),
            background=None if background is None else str(background),
            min_area_m2=self._number(top.get("min_area_m2", 0.0), "min_area_m2"),
        )

    def _class(self, data: Any, position: int) -> LegendClass:
        where = f"class {position + 1}"
        entry = self._object(data, where, self.KNOWN_IN_CLASS)
        code, name = entry.get("code"), entry.get("name")
        if isinstance(code, bool) or not isinstance(code, int) or not 0 <= code <= 255:
            raise self._error(where, f"needs a code from 0 to 255, not {code!r}")
        if not isinstance(name, str) or not name:
            raise self._error(where, "needs a name")
        color = entry.get("color", _colour(position))
        if not isinstance(color, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            raise self._error(where, f"needs a color written as #rrggbb, such as {_colour(position)}, not {color!r}")
        return LegendClass(code, name, color, str(entry.get("title", name)))

    def _rule(self, data: Any, position: int) -> Rule:
        where = f"rule {position + 1}"
        entry = self._object(data, where, self.KNOWN_IN_RULE)
        if ("class" in entry) == ("mix" in entry):
            raise self._error(where, "needs either “class” or “mix”")
        if ("when" in entry) == ("pixel" in entry):
            raise self._error(where, "needs either “when” or “pixel”")
        pixel = self._list(entry.get("pixel", []), where)
        if not all(isinstance(code, int) for code in pixel):
            raise self._error(where, "needs whole numbers as pixel codes")
        return Rule(
            when=self._condition(entry.get("when", {}), where),
            unless=self._condition(entry.get("not", {}), where),
            pixel=tuple(pixel),
            mix={str(entry["class"]): 1.0} if "class" in entry else self._mix(entry["mix"], where),
        )

    def _mix(self, data: Any, where: str) -> dict[str, float]:
        mix = {str(k): self._number(v, where) for k, v in self._object(data, where, None).items()}
        if abs(sum(mix.values()) - 1) > 1e-6 or min(mix.values(), default=0) < 0:
            raise self._error(where, f"needs shares that add up to 1, not {sum(mix.values()):g}")
        return mix

    def _condition(self, data: Any, where: str) -> dict[str, tuple[str, ...]]:
        condition = self._object(data, where, None)
        return {
            key: tuple(value_text(value) for value in (self._list(values, where) if values != ANY else [ANY]))
            for key, values in condition.items()
        }

    def _object(self, data: Any, where: str, known: tuple[str, ...] | None) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise self._error(where, f"must be a JSON object, not {data!r}")
        unknown = sorted(set(data) - set(known)) if known is not None else []
        if unknown:
            raise self._error(where, f"has the unknown entry {unknown[0]!r}; known are {', '.join(known or ())}")
        return data

    def _list(self, data: Any, where: str) -> list[Any]:
        if not isinstance(data, list):
            raise self._error(where, f"must be a list, not {data!r}")
        return data

    def _number(self, data: Any, where: str) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not np.isfinite(data) or data < 0:
            raise self._error(where, f"needs a positive number, not {data!r}")
        return float(data)

    def _error(self, where: str, what: str) -> InputError:
        return InputError(f"The legend “{self._name}” is wrong: {where} {what}.")
