"""What was written into the layers, what was taken back, and what could not be written."""

from __future__ import annotations

from collections import defaultdict

from ...ledger.history import PushRow
from ..addresses import shown_address
from ..blocks import Section, Table, Text
from ..facts import Facts
from ..words import EDITS, STATES, clean, count_of, moment, number


def pushed(facts: Facts) -> Section:
    """The journal, push by push."""
    title = "What was written into the layers"
    if not facts.pushes:
        return Section("pushes", title, (Text("No edit was written yet; geoloop:push writes what was accepted, into a "
                                              "copy or into the layer itself.", "missing"),))
    totals: dict[str, int] = defaultdict(int)
    for one in facts.pushes:
        totals[one.state] += one.count
    lead = (f"{count_of(totals['committed'], 'edit')} {'stands' if totals['committed'] == 1 else 'stand'} in the layers"
            f", {number(totals['undone'])} were taken back, {number(totals['stale'])} were not written since the "
            "feature had changed meanwhile. Every edit is in the ledger's journal and can be undone.")
    grouped: dict[tuple[str, str, str], list[PushRow]] = defaultdict(list)
    for one in facts.pushes:
        grouped[one.push, one.layer, one.source].append(one)
    rows = [(moment(its[0].at), clean(layer), shown_address(source), _became(its))
            for (_, layer, source), its in grouped.items()]
    return Section("pushes", title, (Text(lead), Table(("when", "layer", "written into", "edits"), rows)))


def _became(rows: list[PushRow]) -> str:
    """The edits of one push in words: «12 added, 3 moved; taken back: 2 added»."""
    by_state: dict[str, list[str]] = defaultdict(list)
    for one in rows:
        by_state[one.state].append(f"{number(one.count)} {EDITS.get(one.edit, clean(one.edit))}")
    parts = [", ".join(by_state.pop("committed"))] if "committed" in by_state else []
    parts += [f"{STATES.get(state, clean(state))}: {', '.join(words)}" for state, words in by_state.items()]
    return "; ".join(parts)
