"""Wrong value: an attribute other than the class that the rest of its feature and its surroundings speak against.

Each attribute worth judging is foretold from the geometry, the other attributes, what the imagery shows and what the
neighbours say (:mod:`foretold`). How a number came to be follows from how far off it lies (:mod:`slips`); whether a
category is right, from how odd it looks beside categories mistaken on purpose (:mod:`calibration`). A rare spelling
that is almost a frequent value is a slip of the pen.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..feedback import Feedback
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..ledger.signature import value_text
from ..sources.statements import Statements
from .calibration import folds_of, mistaken
from .finding import dated, on_feature
from .foretold import Categories, Numbers, neighbours
from .pooling import Pooled
from .portraits import colours
from .sentences import Said, says, told
from .slips import origin

FEWEST = 40
CATEGORIES_MAX, LEAST_COUNT = 25, 5
STEPS_MAX, STEPS_SHARE = 8, 0.9
"""Numbers of which this share has one of so few values are steps of a scale."""
MOST_DISTINCT = 0.5
"""A text of which more than this share of values is distinct is a name or free text, a whole number an identifier."""
ALIKE, FREQUENT, RARE, RARER = 0.8, 10, 2, 10
"""Spellings so alike that one is frequent and the other rare, or that many times rarer, are one word."""
EXPECTED, MOST = 0.02, 0.2
"""The share of mistaken values to expect, and the largest that it may come out at."""
LEAST, CEILING = 0.01, 0.97
TYPO = 0.85
BAND_NUMBER = re.compile(r"(?:b|band)[ _]*0*(\d+)(a?)")
INDICES = {"ndvi", "gndvi", "evi", "evi2", "savi", "msavi", "ndwi", "mndwi", "ndmi", "ndbi", "nbr", "ndsi", "ndre"}
"""Indices of bands, as they are commonly called."""
CLEAR, FITS = 0.6, 2.5
"""What is proposed must be that probable among all that a value may be instead; a number within so many deviations."""


def find(ground: Ground, layer: Statements, pooled: Pooled, number: int, least: float, seed: int, feedback: Feedback
         ) -> list[Discrepancy]:
    """Return the attribute values of a layer that may be wrong, with a probability of at least ``least``."""
    features = layer.features
    columns, copied = judged_columns(ground, layer), copied_bands(ground, layer)
    if copied:
        feedback.info(f"“{features.name}”: {', '.join(copied)} are called as the imagery's bands are and not judged.")
    if not columns:
        return []
    fold = folds_of(layer.centres)
    found = []
    with feedback.stage("values"):
        shown = np.concatenate([np.nan_to_num(pooled.inside, nan=-1.0), np.nan_to_num(pooled.ring, nan=-1.0),
                                colours(ground, layer, np.flatnonzero(pooled.seen()), feedback)], axis=1)
        for at, name in enumerate(columns):
            feedback.check()
            for row, slip in _judged(layer, shown, name, fold, seed).items():
                if features.evidence_only[row] or slip.probability < least:
                    continue
                found.append(on_feature(
                    ground, layer, row, kind="wrong_value", edit="set_value" if slip.proposed is not None else "flag",
                    probability=slip.probability, surprise=-np.log(max(1 - slip.probability, 1e-4)), number=number,
                    about=name, class_now=None, columns=(name,),
                    after={} if slip.proposed is None else {name: slip.proposed},
                    evidence={**told(*slip.sentences), "attribute": name, **slip.evidence, **dated(layer, row)}))
            feedback.progress((at + 1) / len(columns))
    return found


@dataclass(frozen=True)
class Slip:
    """Why a value may be wrong, and what to set instead (None: not known well enough)."""

    probability: float
    proposed: Any
    sentences: tuple[Said, ...]
    evidence: dict[str, Any]


def judged_columns(ground: Ground, layer: Statements) -> list[str]:
    """Return the columns worth judging: enough values, more than one, neither an identifier nor free text, a date, an
    accuracy, what decides the class, nor a copy of the imagery.
    """
    features = layer.features
    settings = features.settings
    apart = {*ground.legend.watched(features), *features.tag_columns, features.input.key, settings.date_field,
             settings.accuracy_field, settings.class_field, *copied_bands(ground, layer)}
    return [str(name) for name in features.attributes.columns
            if name not in apart and _worth_judging(features.attributes[name])]


def copied_bands(ground: Ground, layer: Statements) -> list[str]:
    """Return the columns of numbers that are called as a band of the imagery, or an index of its bands, is: samples of
    imagery carry what was measured there, which is no attribute of theirs.
    """
    bands = INDICES | {_as_band(band.name) for band in ground.imagery.bands}
    table = layer.features.attributes
    return [str(name) for name in table.columns
            if _as_band(str(name)) in bands and _numeric(table[name].dropna()) is not None]


def _as_band(name: str) -> str:
    """A band's name in one of its spellings: ``B02``, ``b2`` and ``band_2`` are one."""
    plain = name.strip().casefold()
    numbered = BAND_NUMBER.fullmatch(plain)
    return f"b{numbered[1]}{numbered[2]}" if numbered else plain


def _worth_judging(values: pd.Series) -> bool:
    known = values.dropna()
    if len(known) < FEWEST or known.map(str).nunique() < 2:
        return False
    numeric = _numeric(known)
    distinct = known.map(str).nunique()
    if numeric is not None:
        whole = bool((numeric == np.round(numeric)).all())
        return not (whole and distinct > 0.9 * len(known))
    if not known.map(lambda v: isinstance(v, str)).all() or _dates(known):
        return False
    return bool(distinct <= MOST_DISTINCT * len(known))


def _numeric(known: pd.Series) -> NDArray[np.float64] | None:
    if known.map(lambda v: isinstance(v, bool)).any() or np.asarray(known).dtype.kind == "M":
        return None
    try:
        numbers = pd.to_numeric(known).to_numpy(dtype=np.float64)
    except (ValueError, TypeError):
        return None
    return numbers if np.isfinite(numbers).all() else None


def _dates(known: pd.Series) -> bool:
    return bool(known.head(200).map(lambda v: str(v)[:4].isdigit() and str(v)[4:5] in "-/").mean() > 0.8)


def _judged(layer: Statements, shown: NDArray[np.float64], name: str, fold: NDArray[np.intp], seed: int
            ) -> dict[int, Slip]:
    values = layer.features.attributes[name]
    rows = np.flatnonzero(values.notna().to_numpy())
    column = Column(name, rows, values.iloc[rows].tolist(), _known_of(layer, shown, name)[rows], layer.centres[rows],
                    fold[rows], seed)
    numbers = _numeric(values.iloc[rows])
    if numbers is None:
        return {**column.mistaken(), **typing_slips(rows, column.texts, name)}
    if column.steps():
        return {**column.mistaken(), **column.off(numbers, others=False)}
    return column.off(numbers)


@dataclass(frozen=True)
class Column:
    """An attribute of the features that have it: their ``rows`` in the layer (n,), ``values`` (n,), what is known of
    them otherwise, ``x`` (n, d), where they lie, ``centres`` (n, 2), and their ``fold`` of ground (n,).
    """

    name: str
    rows: NDArray[np.intp]
    values: list[Any]
    x: NDArray[np.float64]
    centres: NDArray[np.float64]
    fold: NDArray[np.intp]
    seed: int

    @cached_property
    def texts(self) -> NDArray[np.object_]:
        """The values as texts (n,)."""
        return np.array([value_text(value) for value in self.values], dtype=object)

    def steps(self) -> bool:
        """Whether numbers are steps of a scale, such as speed limits: nearly all have one of a few values."""
        count = np.unique(self.texts.astype(str), return_counts=True)[1]
        usual = count[count >= LEAST_COUNT]
        return len(usual) <= STEPS_MAX and usual.sum() >= STEPS_SHARE * len(self.texts)

    def mistaken(self) -> dict[int, Slip]:
        """The rows whose value is probably another of those that occur often."""
        known, code, count = np.unique(self.texts.astype(str), return_inverse=True, return_counts=True)
        usual = np.flatnonzero(count >= LEAST_COUNT)
        at = np.flatnonzero(np.isin(code, usual))
        if not 2 <= len(usual) <= CATEGORIES_MAX or len(at) < FEWEST:
            return {}
        found = Categories.of(np.searchsorted(usual, code[at]), len(usual), self.x[at], neighbours(self.centres[at]),
                              self.fold[at], self.seed)
        if found is None:
            return {}
        tried, made_of = found.mistaken(np.random.default_rng([self.seed, 7]))
        chance = mistaken(found.looks(), self.fold[at], tried, self.fold[at][made_of], made_of, EXPECTED,
                          found.share_mistaken(EXPECTED, self.seed), MOST, self.seed)
        if chance is None:
            return {}
        other, each = found.best_other(), np.arange(len(at))
        p_other, p_own = found.p[each, other], found.p[each, found.code]
        plain = p_other / np.maximum(1 - p_own, 1e-9) >= CLEAR
        written = dict(zip(self.texts.tolist(), self.values, strict=True))
        return {int(self.rows[at[i]]): Slip(
            float(chance[i]), written[str(known[usual[other[i]]])] if plain[i] else None,
            (says("{name} is “{value}”; features like it say “{other}” ({chance} against {own}).", name=self.name,
                  value=str(self.texts[at[i]]), other=str(known[usual[other[i]]]), chance=f"{p_other[i]:.0%}",
                  own=f"{p_own[i]:.0%}"),),
            {"value": self.texts[at[i]], "expected": str(known[usual[other[i]]]),
             "own_probability": round(float(p_own[i]), 3)})
            for i in np.flatnonzero(chance >= LEAST)}

    def off(self, numbers: NDArray[np.float64], others: bool = True) -> dict[int, Slip]:
        """The rows whose number is probably a slip, nobody's, or with ``others`` another feature's."""
        found = Numbers.of(numbers, self.x, neighbours(self.centres), self.fold, self.seed)
        came = origin(found, self.seed, others)
        chance = np.minimum(came.slip + (came.other + came.nobody if others else 0), CEILING)
        z = (found.y - found.expected) / found.spread
        result = {}
        for i in np.flatnonzero(chance >= LEAST):
            expected = float(found.number(found.expected[i:i + 1])[0])
            before = float(came.before[i])
            known = np.isfinite(before) and came.slip[i] >= CLEAR * chance[i] and (
                abs(found.looked_at(np.array(before)) - found.expected[i]) <= FITS * found.spread[i])
            fits = (says("{number} would fit.", number=f"{before:.4g}"),) if known else ()
            result[int(self.rows[i])] = Slip(
                float(chance[i]), _written_like(self.values[i], before) if known else None,
                (says("{name} is {number}, where {expected} is expected from the feature and its surroundings: {off} "
                      "usual deviations off.", name=self.name, number=f"{numbers[i]:.4g}", expected=f"{expected:.4g}",
                      off=f"{abs(z[i]):.1f}"), *fits),
                {"value": float(numbers[i]), "expected": expected, "z": round(float(z[i]), 2)})
        return result


def _written_like(value: Any, number: float) -> Any:
    """A number as ``value`` is written: as a number or as text."""
    number = round(number, 6)
    number = int(number) if number == int(number) else number
    return value_text(number) if isinstance(value, str) else number


def typing_slips(rows: NDArray[np.intp], texts: NDArray[np.object_], name: str) -> dict[int, Slip]:
    """Return the rows whose value is a rare spelling of a frequent one: another case, blanks, a letter or two."""
    known, count = np.unique(texts.astype(str), return_counts=True)
    number = dict(zip(known.tolist(), count.tolist(), strict=True))
    found: dict[str, str] = {}
    for value, n in number.items():
        often = [v for v, m in number.items() if v != value and m >= FREQUENT and n <= max(RARE, m / RARER)]
        if not often or not value:
            continue
        folded = {" ".join(v.split()).casefold(): v for v in often}
        plain = " ".join(value.split()).casefold()
        close = difflib.get_close_matches(plain, folded, 1, ALIKE) if len(plain) >= 4 else []
        match = folded.get(plain) or (folded[close[0]] if close else None)
        if match is not None and not any(ch.isdigit() for ch in value + match):
            found[value] = match
    return {int(row): Slip(TYPO, found[text],
                           (says("{name} is “{value}”, as in {rare} of the features; {often} say “{usual}”.", name=name,
                                 value=str(text), rare=str(int((texts == text).sum())),
                                 often=str(int((texts == found[text]).sum())), usual=found[text]),),
                           {"value": text, "usual": found[text]})
            for row, text in zip(rows, texts, strict=True) if text in found}


def _known_of(layer: Statements, shown: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """What is known of each feature (n, d) without the attribute itself: geometry, place, what the imagery has
    ``shown`` of it (n, k), other attributes.
    """
    shapes = layer.support
    area, length = shapely.area(shapes), shapely.length(shapes)
    parts: list[NDArray] = [np.log(area + 1e-6)[:, None], np.log(length + 1e-6)[:, None],
                            (4 * np.pi * area / np.maximum(length, 1e-6) ** 2)[:, None], layer.centres,
                            shown, layer.mix]
    table = layer.features.attributes
    for other in table.columns:
        if other != name and other not in layer.features.tag_columns and other != layer.features.input.key:
            column = _as_numbers(table[other])
            if column is not None:
                parts.append(column)
    return np.concatenate(parts, axis=1).astype(np.float64)


def _as_numbers(values: pd.Series) -> NDArray[np.float64] | None:
    known = values.dropna()
    if len(known) < FEWEST:
        return None
    numbers = _numeric(known)
    if numbers is not None:
        if len(np.unique(numbers)) == len(numbers) and (numbers == np.round(numbers)).all():
            return None
        full = np.full(len(values), float(np.median(numbers)) - 1)
        full[values.notna().to_numpy()] = numbers
        return full[:, None]
    texts = known.map(str)
    usual: Sequence[str] = texts.value_counts().head(12).index.tolist()
    if texts.nunique() > MOST_DISTINCT * len(texts):
        return None
    said = values.map(lambda v: None if v is None else str(v)).to_numpy()
    return np.stack([(said == value).astype(np.float64) for value in usual], axis=1)
