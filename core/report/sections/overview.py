"""The page's first lines: what was done, in one paragraph and a few numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..blocks import KeyFigures, Points, Section, Text
from ..facts import Facts
from ..words import clean, count_of, day, duration, kind_word, listed, number, with_interval
from .precision import FEWEST
from .rounds_compared import errors_by_round, verdict


def overview(facts: Facts) -> Section:
    """What a reader must know who reads nothing else."""
    points = tuple(_points(facts))
    return Section("overview", "In short", (
        Text(_sentence(facts)), KeyFigures(_figures(facts)), *((Points(points),) if points else ()), Text(
            "Each source was judged by all the others; none counts as the truth. A likely error is a place where a "
            "source contradicts the others so much that it is wrong with at least even odds, by GeoLoop's own "
            "estimate.")))


def _sentence(facts: Facts) -> str:
    if not facts.rounds:
        return ("The ledger is empty: no round was run yet. Run geoloop:loop or geoloop:flag, and make the report "
                "again.")
    kinds = [count_of(n, one, many) for one, many, n in (
        ("imagery layer", "imagery layers", _of_kind(facts, "imagery")),
        ("map layer", "map layers", _of_kind(facts, "map")),
        ("field survey", "field surveys", _of_kind(facts, "field"))) if n]
    first, last = day(facts.rounds[0].at), day(facts.rounds[-1].at)
    when = f"on {first}" if first == last else f"from {first} to {last}"
    judged = f"{listed(kinds)} were brought together" if kinds else "the sources were brought together"
    return f"In {count_of(len(facts.rounds), 'round')} {when}, {judged} and judged by each other."


def _points(facts: Facts) -> Iterator[str]:
    """The findings that matter most, a sentence each."""
    likely = [f for f, one in zip(facts.flags, facts.likely, strict=True) if one]
    if likely:
        kinds = Counter(kind_word(f.kind) for f in likely).most_common(3)
        yield f"Most frequent: {listed([f'{number(n)} {word}' for word, n in kinds])}."
    for rate in facts.rates:
        if not rate.kind and rate.thing == "feature" and (rate.audited >= FEWEST or rate.low == rate.high):
            yield (f"Of the {number(rate.elements)} features of “{clean(rate.layer)}”, "
                   f"{with_interval(rate.rate, rate.low, rate.high)} are wrong in some way, by a random sample.")
    errors = {key: its for key, its in errors_by_round(facts).items() if len(its) > 1}
    if errors:
        yield verdict(errors).text
    waiting = Counter(f.status for f in likely)
    if waiting["open"] or waiting["accepted"]:
        yield (f"Still to be done: {count_of(waiting['open'], 'likely error')} to look at, "
               f"{count_of(waiting['accepted'], 'confirmed error')} to write into the layers.")


def _of_kind(facts: Facts, kind: str) -> int:
    return sum(row.kind == kind for row in facts.sources)


def _figures(facts: Facts) -> tuple[tuple[str, str], ...]:
    status = [f.status for f, likely in zip(facts.flags, facts.likely, strict=True) if likely]
    said = [d.decision for d in facts.looked_at.values()]
    written = sum(push.count for push in facts.pushes if push.state == "committed")
    seconds = sum(row.seconds for row in facts.reviewing)
    figures = [(number(len(status)), "likely errors found"),
               (number(len(said)), "findings looked at one by one"),
               (number(said.count("accept")), "of these confirmed as real"),
               (number(written), "edits standing in the layers")]
    if seconds:
        figures.append((duration(seconds), "of recorded review"))
    return tuple(figures)
