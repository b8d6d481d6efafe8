"""The ledger's codes and numbers as people read them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

STATUS = {
    "open": "not looked at yet", "accepted": "confirmed, not written yet", "rejected": "right as it is",
    "unsure": "cannot be told", "stale": "changed meanwhile", "pushed": "mended", "undone": "mended, then taken back",
}
"""What became of a discrepancy."""
KINDS = {
    "missing": "missing", "obsolete": "obsolete", "shifted": "shifted", "reshaped": "wrong outline",
    "wrong_class": "wrong class", "wrong_value": "wrong value", "duplicate": "duplicate", "invalid": "invalid shape",
    "field_conflict": "field conflict", "outdated": "outdated", "common_shift": "neighbourhood shifted",
    "label_patch": "imagery misread",
}
EDITS = {
    "add": "added", "delete": "deleted", "flag": "marked", "move": "moved", "reshape": "given another outline",
    "retag": "reclassified", "set_value": "given another value", "merge": "merged", "revisit": "to be visited",
    "label_patch": "label mended",
}
STATES = {
    "planned": "cut off before its end", "committed": "written", "undone": "taken back",
    "stale": "not written: the feature had changed", "failed": "not written: refused, broken off or replaced",
}
SOURCES = {"imagery": "imagery", "map": "map layer", "field": "field survey"}
JOBS = {"loop": "whole round", "flag": "flagging", "fuse": "fusion", "learn": "learning", "evaluate": "evaluation"}
DRAWN = {"queue": "by value", "audit": "at random", "bulk": "in bulk"}
FINE_SPACE, SPACE, JOINER = "\u202f", "\u00a0", "\u2060"
"""Where no line may break."""


def clean(text: object) -> str:
    """A name from outside as one line of text, without characters that no page can hold."""
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(text)).split())


def kind_word(kind: str) -> str:
    """A discrepancy's kind."""
    return KINDS.get(kind) or clean(kind.replace("_", " "))


def number(value: float, digits: int = 0) -> str:
    """A number with its thousands set apart."""
    return f"{value:,.{digits}f}".replace(",", FINE_SPACE)


def count_of(value: int, one: str, many: str = "") -> str:
    """A number of things: ``1 place``, ``2 places``."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A share in percent: whole from ten on, else with one decimal."""
    value = 100 * share
    whole = value >= 9.95 or value < 0.05
    return f"{value:.0f}{FINE_SPACE}%" if whole else f"{value:.1f}{FINE_SPACE}%"


def interval(low: float, high: float) -> str:
    """An interval of shares in percent."""
    least, most = percent(low), percent(high)
    return most if least == most else f"{least.removesuffix(FINE_SPACE + '%')}{JOINER}–{JOINER}{most}"


def with_interval(share: float, low: float, high: float) -> str:
    """A share with its interval: ``72 % (64–79 %)``."""
    return f"{percent(share)}{SPACE}({interval(low, high)})"


def day(at: str) -> str:
    """The day of a time that the ledger keeps: ``27 November 2026``; a text that is no time as it is."""
    found = _time(at)
    return f"{found.day} {found:%B %Y}" if found else clean(at)


def moment(at: str) -> str:
    """Day and time in UTC: ``27 November 2026, 19:45 UTC``."""
    found = _time(at)
    return f"{found.day} {found:%B %Y, %H:%M} UTC" if found else clean(at)


def duration(seconds: float) -> str:
    """A duration in the unit that suits it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def length(metres: float) -> str:
    """A length on the ground."""
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def listed(names: Sequence[str]) -> str:
    """Names in a row: ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _time(at: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
