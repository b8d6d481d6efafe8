"""Wrong value: an attribute other than the class that the rest of its feature and its surroundings speak against.

Each attribute worth judging is predicted from the geometry, the other attributes and what the imagery shows, by trees
that never saw the feature's spatial block. A number is wrong if it lies far off in robust spreads of what is left; a
category if it has hardly any of the probability; a rare spelling that is almost a frequent value is a slip of the pen.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy import stats
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from ..feedback import Feedback
from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..ledger.signature import value_text
from ..sources.statements import Statements
from .calibration import folds_of
from .finding import dated, on_feature
from .pooling import Pooled

FEWEST = 40
SPREADS = 3.0
CATEGORIES_MAX, LEAST_COUNT = 25, 5
MOST_DISTINCT = 0.5
"""A text of which more than this share of values is distinct is a name or free text, a whole number an identifier."""
ALIKE, FREQUENT, RARE, RARER = 0.8, 10, 2, 10
"""Spellings so alike that one is frequent and the other rare, or that many times rarer, are one word."""
LEARN_MAX, TREES = 5000, 60
CEILING = 0.9
TYPO = 0.85
LEAST_SKILL = 0.1
"""A category that is predicted no better than this (agreement beyond chance, as a share) is not judged."""


def find(ground: Ground, layer: Statements, pooled: Pooled, number: int, least: float, seed: int, feedback: Feedback
         ) -> list[Discrepancy]:
    """Return the attribute values of a layer that may be wrong, with a probability of at least ``least``."""
    features = layer.features
    columns = judged_columns(ground, layer)
    if not columns:
        return []
    fold = folds_of(layer.centres)
    found = []
    with feedback.stage("values"):
        for at, name in enumerate(columns):
            feedback.check()
            for row, slip in _judged(layer, pooled, name, fold, seed).items():
                if features.locked[row] or slip.probability < least:
                    continue
                found.append(on_feature(
                    ground, layer, row, kind="wrong_value", edit="set_value" if slip.proposed is not None else "flag",
                    probability=slip.probability, surprise=-np.log(max(1 - slip.probability, 1e-4)), number=number,
                    about=name, class_now=None, columns=(name,),
                    after={} if slip.proposed is None else {name: slip.proposed},
                    evidence={"sentence": slip.sentence, "attribute": name, **slip.evidence, **dated(layer, row)}))
            feedback.progress((at + 1) / len(columns))
    return found


@dataclass(frozen=True)
class Slip:
    """Why a value may be wrong, and what to set instead (None: not known well enough)."""

    probability: float
    proposed: Any
    sentence: str
    evidence: dict[str, Any]


def judged_columns(ground: Ground, layer: Statements) -> list[str]:
    """Return the columns worth judging: enough values, more than one, neither an identifier nor free text, a date, an
    accuracy, nor what decides the class.
    """
    features = layer.features
    settings = features.settings
    apart = {*ground.legend.watched(features), *features.tag_columns, features.input.key, settings.date_field,
             settings.accuracy_field, settings.class_field}
    return [str(name) for name in features.attributes.columns
            if name not in apart and _worth_judging(features.attributes[name])]


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


def _judged(layer: Statements, pooled: Pooled, name: str, fold: NDArray[np.intp], seed: int) -> dict[int, Slip]:
    values = layer.features.attributes[name]
    rows = np.flatnonzero(values.notna().to_numpy())
    numbers = _numeric(values.iloc[rows])
    x = _known_of(layer, pooled, name)[rows]
    if numbers is not None and len(np.unique(numbers)) > 5:
        return _numbers(rows, numbers, x, fold[rows], values, name, seed)
    texts = np.array([value_text(v) for v in values.iloc[rows].tolist()], dtype=object)
    slips = {} if numbers is not None else typing_slips(rows, texts, name)
    return {**_categories(rows, texts, x, fold[rows], values, name, seed), **slips}


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
                           f"{name} is “{text}”, as in {int((texts == text).sum())} of the features; "
                           f"{int((texts == found[text]).sum())} say “{found[text]}”.",
                           {"value": text, "usual": found[text]})
            for row, text in zip(rows, texts, strict=True) if text in found}


def _numbers(rows: NDArray[np.intp], numbers: NDArray[np.float64], x: NDArray[np.float64], fold: NDArray[np.intp],
             values: pd.Series, name: str, seed: int) -> dict[int, Slip]:
    positive = bool((numbers > 0).all()) and float(numbers.max() / max(np.median(numbers), 1e-12)) > 5
    y = np.log(numbers) if positive else numbers
    guess = _expected(x, y, fold, np.ones(len(y), bool), seed)
    z = _deviations(y, guess)
    guess = _expected(x, y, fold, np.abs(z) <= SPREADS, seed)
    if np.median(np.abs(y - guess)) > np.median(np.abs(y - np.median(y))):  # no better than the layer's own middle
        guess = np.full(len(y), np.median(y))
    z = _deviations(y, guess)
    chance = outlying(z)
    result = {}
    for at in np.flatnonzero(np.abs(z) > SPREADS):
        expected = float(np.exp(guess[at])) if positive else float(guess[at])
        result[int(rows[at])] = Slip(
            float(chance[at]), None,
            f"{name} is {numbers[at]:.4g}, where {expected:.4g} is expected from the feature and its surroundings: "
            f"{abs(z[at]):.1f} usual deviations off.",
            {"value": float(numbers[at]), "expected": expected, "z": round(float(z[at]), 2)})
    return result


def _expected(x: NDArray[np.float64], y: NDArray[np.float64], fold: NDArray[np.intp], sound: NDArray[np.bool_],
              seed: int) -> NDArray[np.float64]:
    """What trees that learnt from the ``sound`` values of other folds expect; extremes are drawn in first."""
    low, high = np.quantile(y[sound], [0.25, 0.75])
    held = np.clip(y, low - 3 * (high - low), high + 3 * (high - low)) if high > low else y
    guess = np.full(len(y), float(np.median(y)))
    for one in np.unique(fold):
        learn = _some(np.flatnonzero((fold != one) & sound), seed)
        if len(learn) >= FEWEST // 2:
            model = ExtraTreesRegressor(TREES, min_samples_leaf=3, random_state=seed)
            guess[fold == one] = model.fit(x[learn], held[learn]).predict(x[fold == one])
    return guess


def _deviations(y: NDArray[np.float64], guess: NDArray[np.float64]) -> NDArray[np.float64]:
    """Robust deviations: in spreads from the median absolute one, or from the tail where that is long."""
    off = y - guess
    off = off - np.median(off)
    size = np.abs(off)
    least = 1e-9 * max(float(np.abs(y).max()), 1.0)
    spread = max(1.4826 * float(np.median(size)), float(np.quantile(size, 0.95)) / 2.5, least)
    return off / spread


def outlying(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how probable it is that robust deviations ``z`` (n,) are errors: one minus the share of as large ones that
    long tails would bring anyway (Student's t with 4 degrees of freedom) among those that are there.
    """
    size = np.abs(z)
    order = np.argsort(-size)
    expected = 2 * stats.t.sf(size, 4) * len(z)
    there = np.empty(len(z))
    there[order] = np.arange(1, len(z) + 1)
    return np.asarray(np.clip(1 - expected / there, 0.0, 1.0) * CEILING * np.clip((size - SPREADS) / 3.0 + 0.4, 0, 1))


def _categories(rows: NDArray[np.intp], texts: NDArray[np.object_], x: NDArray[np.float64], fold: NDArray[np.intp],
                values: pd.Series, name: str, seed: int) -> dict[int, Slip]:
    known, code, count = np.unique(texts.astype(str), return_inverse=True, return_counts=True)
    usual = np.flatnonzero(count >= LEAST_COUNT)
    if not 2 <= len(usual) <= CATEGORIES_MAX:
        return {}
    p = np.zeros((len(rows), len(known)))
    taught = np.isin(code, usual)
    for one in np.unique(fold):
        learn = _some(np.flatnonzero((fold != one) & taught), seed)
        if len(learn) < FEWEST // 2 or len(np.unique(code[learn])) < 2:
            return {}
        model = ExtraTreesClassifier(TREES, min_samples_leaf=3, random_state=seed).fit(x[learn], code[learn])
        p[np.ix_(fold == one, model.classes_)] = model.predict_proba(x[fold == one])
    each = np.arange(len(rows))
    share = np.bincount(code[taught], minlength=len(known)) / max(taught.sum(), 1)
    by_chance = float((share**2).sum())
    agreement = float((p.argmax(axis=1) == code)[taught].mean())
    skill = (agreement - by_chance) / max(1 - by_chance, 1e-9)
    if skill < LEAST_SKILL:
        return {}
    threshold = np.array([p[code == k, k].mean() if (code == k).any() else 1.0 for k in range(len(known))])
    best = np.where(p >= threshold, p, 0).argmax(axis=1)
    own = p[each, code]
    wrong = taught & (best != code) & (p[each, best] >= threshold[best])
    chance = CEILING * skill * p[each, best] / (p[each, best] + own + 1e-3)
    originals = dict(zip(texts.tolist(), values.iloc[rows].tolist(), strict=True))
    return {int(rows[at]): Slip(
        float(chance[at]), originals[str(known[best[at]])],
        f"{name} is “{texts[at]}”; features like it say “{known[best[at]]}” ({p[at, best[at]]:.0%} against "
        f"{own[at]:.0%}).",
        {"value": texts[at], "expected": str(known[best[at]]), "own_probability": round(float(own[at]), 3)})
        for at in np.flatnonzero(wrong)}


def _known_of(layer: Statements, pooled: Pooled, name: str) -> NDArray[np.float64]:
    """What is known of each feature (n, d) without the attribute itself: geometry, place, imagery, other attributes."""
    shapes = layer.support
    area, length = shapely.area(shapes), shapely.length(shapes)
    parts: list[NDArray] = [np.log(area + 1e-6)[:, None], np.log(length + 1e-6)[:, None],
                            (4 * np.pi * area / np.maximum(length, 1e-6) ** 2)[:, None], layer.centres,
                            np.nan_to_num(pooled.inside, nan=-1.0), np.nan_to_num(pooled.ring, nan=-1.0), layer.mix]
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


def _some(rows: NDArray[np.intp], seed: int) -> NDArray[np.intp]:
    return rows if len(rows) <= LEARN_MAX else np.random.default_rng([seed, 6]).permutation(rows)[:LEARN_MAX]
