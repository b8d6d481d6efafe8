"""Outdated: a feature or a visit so old that what it says has probably changed since. Not an error: a visit to make."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .finding import on_feature
from .sentences import Said, says, told

HALF_LIFE_YEARS = 10.0
"""After so many years half of the features of a class are taken to have changed, before anything is known of it."""
CEILING = 0.9
LEAST_YEARS = 2.0
ABOUT = "date"
DAYS = 365.25
FORMS = ("%Y-%m-%d", "%Y-%m", "%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d")
SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})/\d{4}\b")
TIME = re.compile(r"T(?=\d)|\s+(?=\d{1,2}:)")
MONTHS = 12


def find(ground: Ground, layer: Statements, wrong: NDArray[np.float64], number: int, least: float
         ) -> list[Discrepancy]:
    """Return the features of a layer that are much older than the newest thing known here.

    Age is counted to the newest date that any source of the run states; without at least two dates nothing is said.
    ``wrong`` (n,) is how probable it is that a feature is wrong, as far as it was judged (NaN: not): a class of which
    old features are wrong more often than young ones has a shorter half-life.
    """
    born = years(layer.features.dates)
    dated = np.flatnonzero(~np.isnan(born))
    known = np.concatenate([years(other.features.dates) for other in ground.layers] + [_imagery_years(ground)])
    known = known[~np.isnan(known)]
    if not len(dated) or len(np.unique(known)) < 2:
        return []
    newest = float(known.max())
    label = dominant(layer.mix)
    found = []
    for c in np.unique(label[dated]):
        rows = dated[label[dated] == c]
        age = newest - born[rows]
        half = half_life(age, wrong[rows])
        chance = CEILING * (1 - 0.5 ** (np.maximum(age - LEAST_YEARS, 0) / half))
        for row, old, p in zip(rows, age, chance, strict=True):
            if p < least or layer.features.evidence_only[row]:
                continue
            name = None if c < 0 else ground.legend.names[c]
            found.append(on_feature(
                ground, layer, int(row), kind="outdated", edit="revisit", probability=p,
                surprise=-np.log(max(1 - p, 1e-4)), number=number, about=ABOUT, class_now=name, evidence={
                    **told(*_sentences(layer.features.kind == "field", name, date=layer.features.dates[row] or "",
                                       old=f"{old:.1f}", half=f"{half:.0f}")),
                    "date": layer.features.dates[row], "age_years": round(float(old), 2),
                    "half_life_years": round(half, 1)}))
    return found


def _sentences(is_visit: bool, name: str | None, date: str, old: str, half: str) -> tuple[Said, Said]:
    age = (says("The visit is of {date}, {old} years older than the newest source.", date=date, old=old)
           if is_visit else
           says("The feature is of {date}, {old} years older than the newest source.", date=date, old=old))
    return age, (says("About half of such features change within {half} years.", half=half) if name is None else
                 says("About half of {name} change within {half} years.", name=name, half=half))


def half_life(age: NDArray[np.float64], wrong: NDArray[np.float64]) -> float:
    """Return the years after which half of a class has changed: the rate at which features judged wrong add up with
    age, held to ``HALF_LIFE_YEARS`` as if by ten changed features.
    """
    seen = ~np.isnan(wrong)
    rate = np.log(2) / HALF_LIFE_YEARS
    changed, exposed = float(wrong[seen].sum()), float(age[seen].clip(0).sum())
    return float(np.log(2) / ((changed + 10.0) / (exposed + 10.0 / rate)))


def years(dates: list[str | None]) -> NDArray[np.float64]:
    """Return the dates of a column (ISO: a year, a month or a day; 30.06.2024; with or without a time) as years. NaN
    where there is none, and for what lies ahead, such as the year 9999 of what has no end: nobody has seen it. Slashes
    (30/06/2024) are read where the column shows which number is the day.
    """
    known = _read(dates)
    return np.array([known.get(date or "", np.nan) for date in dates], dtype=np.float64)


def unread(dates: list[str | None]) -> list[str]:
    """Return the dates, each once, that :func:`years` can make nothing of."""
    return sorted(date for date, year in _read(dates).items() if np.isnan(year))


def _read(dates: list[str | None]) -> dict[str, float]:
    told = {date for date in dates if date}
    forms = (*FORMS, *_slashed(told))
    return {date: _year(date, forms) for date in told}


def _slashed(dates: Iterable[str]) -> tuple[str, ...]:
    """How dates with slashes are to be read: a number above 12 is a day, and the day stands in one place."""
    pairs = [(int(found[1]), int(found[2])) for found in map(SLASHED.match, dates) if found]
    day_first, month_first = (any(pair[place] > MONTHS for pair in pairs) for place in (0, 1))
    if day_first == month_first:
        return ()
    return ("%d/%m/%Y",) if day_first else ("%m/%d/%Y",)


def _year(text: str, forms: Iterable[str]) -> float:
    day = TIME.split(text.strip(), maxsplit=1)[0][:10]
    for form in forms:
        try:
            found = datetime.datetime.strptime(day, form)
        except ValueError:
            continue
        if found > datetime.datetime.now() + datetime.timedelta(days=1):  # today is later elsewhere
            return np.nan
        return found.year + (found.timetuple().tm_yday - 1) / DAYS
    return np.nan


def _imagery_years(ground: Ground) -> NDArray[np.float64]:
    return years([band.date or None for band in ground.imagery.bands])
