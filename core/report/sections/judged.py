"""What was judged: the sources, where they come from, and what may be done with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyproj
from pyproj.exceptions import CRSError

from ...ledger import SourceRow
from ..addresses import shown_address
from ..blocks import Section, Table, Text
from ..facts import Facts
from ..map_frame import MapFrame
from ..words import SOURCES, clean, day, listed, number

NOT_SAID = "not stated"


def judged(facts: Facts, frame: MapFrame | None) -> Section:
    """The sources as their newest round used them."""
    if not facts.sources:
        return Section("sources", "What was judged", (Text(
            "The ledger names no source yet; a round of geoloop:loop or geoloop:flag writes them down.", "missing"),))
    rows = [(clean(row.layer), SOURCES.get(row.kind, row.kind), _licence(row), _date(row), shown_address(row.uri),
             _crs(row.crs), _rights(row.settings)) for row in facts.sources]
    blocks: list[Text | Table] = [Table(
        ("source", "what it is", "licence", "date", "file or address", "coordinate system", "what it allows"), rows)]
    blocks += [Text(f"Attribution: {facts.wishes.attribution}")] if facts.wishes.attribution else []
    blocks += [Text(where)] if (where := _where(frame)) else []
    blocks += _gaps(facts)
    return Section("sources", "What was judged", blocks)


def attribution_line(facts: Facts) -> str:
    """Whose layers a map shows, in one line: as it was wished for, else names and licences."""
    if facts.wishes.attribution:
        return clean(facts.wishes.attribution)
    named = [f"{clean(row.layer)} ({_licence(row)})" if row.settings.get("licence") else clean(row.layer)
             for row in facts.sources]
    return f"Sources: {', '.join(named)}." if named else ""


def _licence(row: SourceRow) -> str:
    return clean(row.settings.get("licence") or "") or NOT_SAID


def _date(row: SourceRow) -> str:
    if row.settings.get("date"):
        return day(str(row.settings["date"]))
    field = row.settings.get("date_field")
    return f"of each feature ({clean(field)})" if field else NOT_SAID


def _crs(text: str) -> str:
    if not text:
        return "the file's own"
    try:
        return clean(pyproj.CRS.from_user_input(text).name)
    except CRSError:
        return clean(text)[:60]


def _rights(settings: Mapping[str, Any]) -> str:
    words = {"may_trace": "tracing", "may_train": "training", "may_export": "export", "may_edit": "edits"}
    allowed = [word for name, word in words.items() if settings.get(name)]
    refused = [word for name, word in words.items() if settings.get(name) is False]
    parts = ([listed(allowed)] if allowed else []) + ([f"not {listed(refused)}"] if refused else [])
    return "; ".join(parts) or NOT_SAID


def _where(frame: MapFrame | None) -> str:
    if frame is None or frame.centre is None or frame.size_m is None:
        return ""
    lon, lat = frame.centre
    wide, high = (number(size / 1000, 1 if size < 20_000 else 0) for size in frame.size_m)
    return (f"The places that were flagged lie within {wide} × {high} km around {abs(lat):.4f}° "
            f"{'N' if lat >= 0 else 'S'}, {abs(lon):.4f}° {'E' if lon >= 0 else 'W'}.")


def _gaps(facts: Facts) -> list[Text]:
    no_licence = [f"“{clean(row.layer)}”" for row in facts.sources if not row.settings.get("licence")]
    if not no_licence:
        return []
    also = "" if facts.wishes.attribution else ", and what it asks to be printed in ATTRIBUTION of this report"
    return [Text(f"The ledger does not say under which licence {listed(no_licence)} may be used: say it in SOURCES at "
                 f"the next round{also}.", "missing")]
