"""The colour and sign by which a map tells kinds and statuses."""

from __future__ import annotations

from dataclasses import dataclass

from .drawing import BLUE, GREEN, INK, ORANGE, PURPLE, QUIET, SKY, VERMILION, YELLOW


@dataclass(frozen=True)
class Sign:
    """A colour and a marker of matplotlib."""

    colour: str
    marker: str


KIND_SIGNS = {
    "missing": Sign(VERMILION, "P"), "obsolete": Sign(BLUE, "X"), "shifted": Sign(ORANGE, ">"),
    "reshaped": Sign(GREEN, "s"), "wrong_class": Sign(PURPLE, "o"), "wrong_value": Sign("#882255", "d"),
    "duplicate": Sign(SKY, "D"), "invalid": Sign(INK, "v"), "field_conflict": Sign(YELLOW, "*"),
    "outdated": Sign("#8c8c8c", "p"), "common_shift": Sign("#117733", "^"), "label_patch": Sign("#44aa99", "h"),
}
OTHER_SIGN = Sign(QUIET, "8")
STATUS_SIGNS = {
    "pushed": Sign(GREEN, "o"), "accepted": Sign(BLUE, "^"), "open": Sign(VERMILION, "s"),
    "rejected": Sign("#8c8c8c", "X"), "unsure": Sign(YELLOW, "D"), "stale": Sign(PURPLE, "v"), "undone": Sign(INK, "P"),
}
