"""Who looked, at how much, and in which time."""

from __future__ import annotations

from collections import defaultdict

from ...ledger.history import ReviewerRow
from ..blocks import Section, Table, Text
from ..facts import Facts
from ..words import DRAWN, clean, count_of, day, duration, number

SIMULATED = "simulated"
"""The reviewer of decisions that a program made by a layer taken for the truth."""


def reviewers(facts: Facts) -> Section:
    """One row a reviewer; without names unless they were asked for."""
    title = "Who looked, and how long"
    if not facts.reviewing:
        return Section("reviewers", title, (Text("Nobody has decided on a finding yet; review them in the order that "
                                                 "geoloop:queue makes, or decide in bulk with geoloop:decide.",
                                                 "missing"),))
    by_name: dict[str, list[ReviewerRow]] = defaultdict(list)
    for row in facts.reviewing:
        by_name[row.reviewer].append(row)
    rows = [_line(_named(name, at, facts.wishes.reviewers), its) for at, (name, its) in enumerate(by_name.items(), 1)]
    blocks: list[Text | Table] = [Table(
        ("reviewer", "decisions", "how they were chosen", "accepted", "rejected", "cannot tell", "time",
         "time a decision", "when"), rows, frozenset({1, 3, 4, 5, 6, 7}),
        caption="Times are as recorded, breaks of more than five minutes counted as five.")]
    if SIMULATED in by_name:
        count = sum(row.count for row in by_name[SIMULATED])
        blocks.insert(0, Text(f"{count_of(count, 'decision')} {'was' if count == 1 else 'were'} made by a simulated "
                              "reviewer, that is by a program that knows a layer taken for the truth, not by a person.",
                              "notice"))
    if not facts.wishes.reviewers and set(by_name) - {SIMULATED, ""}:
        blocks.append(Text("Reviewers are not named in this report."))
    return Section("reviewers", title, blocks)


def _named(name: str, at: int, is_named: bool) -> str:
    if name == SIMULATED:
        return "simulated reviewer"
    return (clean(name) or "not named") if is_named else f"reviewer {at}"


def _line(name: str, rows: list[ReviewerRow]) -> tuple[str, ...]:
    drawn: dict[str, int] = defaultdict(int)
    said: dict[str, int] = defaultdict(int)
    for row in rows:
        drawn[row.drawn_as] += row.count
        said[row.decision] += row.count
    timed, seconds = sum(row.timed for row in rows), sum(row.seconds for row in rows)
    first, last = day(min(row.first for row in rows)), day(max(row.last for row in rows))
    return (name, number(sum(said.values())),
            ", ".join(f"{number(n)} {DRAWN.get(how, how)}" for how, n in drawn.items()), number(said["accept"]),
            number(said["reject"]), number(said["unsure"]), duration(seconds) if timed else "not recorded",
            duration(seconds / timed) if timed else "–", first if first == last else f"{first} to {last}")
