"""How to do it again: parameters, seeds, versions, fingerprints, models and devices; and the licences."""

from __future__ import annotations

import json
from typing import Any

from ...ledger import Ledger
from ...ledger.history import RoundRow
from ..addresses import shown_address, shown_parameters
from ..blocks import Section, Table, Text
from ..facts import Facts
from ..words import JOBS, clean, duration, listed, moment, number

_SHORT = 16
"""So many characters of a fingerprint are shown: enough to tell files apart."""


def provenance(ledger: Ledger, facts: Facts) -> Section:
    """One table a round."""
    title = "Where this comes from"
    if not facts.rounds:
        return Section("provenance", title, (Text("There is no round to tell of.", "missing"),))
    blocks: list[Text | Table] = [Text(
        "Enough to do each round again. Files are named without their folders; fingerprints are size in bytes and the "
        "beginning of a hash of the file's first and last mebibyte (SHA-256).")]
    told: dict[str, str] = {}
    for one in facts.rounds:
        rows = _rows(one)
        new = [(name, text) for name, text in rows if told.get(name) != text]
        title_ = f"{JOBS.get(one.job, clean(one.job))}, {moment(one.at)}"
        if new:
            same = "" if len(new) == len(rows) else "; all else as in the round before"
            blocks.append(Table((f"round {one.number}", title_ + same), new, small=True))
        else:
            blocks.append(Text(f"Round {one.number} ({title_}): all as in the round before."))
        told = dict(rows)
    flags = [clean(row[0]) for row in ledger.read(
        "SELECT DISTINCT licence_flags FROM discrepancies WHERE coalesce(licence_flags, '') != '' ORDER BY 1")]
    blocks.append(Text(f"Licences to heed when findings are handed on: {'; '.join(flags)}." if flags else
                       "No licence flag hangs on any finding."))
    return Section("provenance", title, blocks)


def _rows(one: RoundRow) -> list[tuple[str, str]]:
    """What is known of a round, in words; what is not known is left out."""
    seconds = one.metrics.get("seconds")
    parameters = shown_parameters({name: value for name, value in one.parameters.items()
                                   if name not in ("imagery", "map", "field", "ledger", "output", "seed")})
    layers = {name: shown_parameters(one.parameters[name]) for name in ("imagery", "map", "field")
              if one.parameters.get(name)}
    found = [
        ("seed", "" if one.seed is None else str(one.seed)),
        ("device", clean(one.device.removeprefix("Device: "))),
        ("model", _model(one)),
        ("layers", "; ".join(f"{name}: {_told(value)}" for name, value in layers.items())),
        ("parameters", _told(parameters)),
        ("versions", ", ".join(f"{clean(name)} {clean(version)}" for name, version in one.versions.items())),
        ("fingerprints", ", ".join(f"{clean(shown_address(name))} {clean(print_)[:_SHORT + 12]}…"
                                   for name, print_ in one.fingerprints.items() if print_)),
        ("time", ", ".join(f"{clean(name)} {duration(float(value))}" for name, value in seconds.items())
         if isinstance(seconds, dict) else ""),
        ("memory at most", f"{number(one.metrics['peak_mb'])} MB" if one.metrics.get("peak_mb") else ""),
    ]
    return [(name, text) for name, text in found if text]


def _model(one: RoundRow) -> str:
    """The model in words: a card's name, task and classes, or the raster that was given in its place."""
    named = one.metrics.get("model_file") or ""
    prefix = f"{clean(shown_address(str(named)))}; " if named else ""
    try:
        card = json.loads(one.model)
    except ValueError:
        return prefix + (shown_address(one.model) if one.model else "")
    if not isinstance(card, dict):
        return prefix + clean(one.model)[:80]
    members, trained_on = card.get("members") or 1, [clean(name) for name in card.get("trained_on") or ()]
    words = [clean(card.get(name) or "") for name in ("name", "architecture", "task")]
    words += [f"{members} networks together"] if members > 1 else []
    words += [f"trained on {listed(trained_on)}"] if trained_on else []
    return prefix + ", ".join(dict.fromkeys(filter(None, words)))


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{clean(str(name).replace('_', ' '))} {_told(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " + ".join(_told(inner) if not isinstance(inner, (dict, list)) else f"({_told(inner)})"
                          for inner in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(f"{value:g}" if isinstance(value, float) else value)
