"""What to look at, in one sentence: for a mapper at a screen or a surveyor on the ground."""

from __future__ import annotations

from collections.abc import Callable

from ..ledger import Discrepancy

SENTENCES = {
    "missing": "Look whether there is {proposed} here: “{layer}” shows none.",
    "obsolete": "Look whether the {now} of “{layer}” is still here.",
    "shifted": "Look where the {now} really stands: “{layer}” seems to have it in the wrong place.",
    "reshaped": "Look how far the {now} reaches: its outline in “{layer}” seems wrong.",
    "wrong_class": "Look whether this is {proposed}: “{layer}” says {now}.",
    "wrong_value": "Look whether what “{layer}” says of this {now} is right: {before}; proposed is {after}.",
    "duplicate": "Look whether this is one {now} or two: “{layer}” has it twice.",
    "invalid": "Look how the {now} is bounded: its outline in “{layer}” is no valid shape.",
    "field_conflict": "Look again at what is here: the visit in “{layer}” says {now}, the others {proposed}.",
    "outdated": "Look whether this is still {now}: what “{layer}” says is old.",
    "common_shift": "Measure a sharp corner here: the objects of “{layer}” lie off together.",
}


def task_sentence(d: Discrepancy, spoken: Callable[[str], str] = str) -> str:
    """Return what to look at; ``spoken`` turns English texts into another language's."""
    return spoken(SENTENCES[d.kind]).format(
        proposed=d.class_proposed or spoken("something else"), now=d.class_now or d.class_proposed or spoken("object"),
        layer=d.target_layer, before=_values(d.before_values, spoken), after=_values(d.after_values, spoken))


def _values(values: dict[str, object], spoken: Callable[[str], str]) -> str:
    return (", ".join(f"{name} = {value}" for name, value in sorted(values.items()) if value is not None)
            or spoken("nothing"))
