"""How far each source can be trusted, class by class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ...ledger import ReliabilityRow
from ..blocks import Picture, Pictures, Section, Table, Text
from ..drawing import SERIES, SIGNS, in_legend, new_figure, plot_picture, style
from ..facts import Facts
from ..words import SOURCES, clean, interval, number, percent, with_interval

MOST_CLASSES = 16
"""More classes than these are left to the table: those with the fewest places."""
_WIDTH_IN = 5.2


def reliability(facts: Facts) -> Section:
    """The newest round's diagonal of each confusion matrix, with its interval."""
    title = "How far each source can be trusted"
    newest = newest_by_layer(facts)
    overall = {layer: [row for row in rows if not row.region] for layer, rows in newest.items()}
    overall = {layer: rows for layer, rows in overall.items() if rows}
    if not overall:
        return Section("reliability", title, (Text(
            "The ledger holds no reliabilities yet; geoloop:loop, geoloop:flag and geoloop:fuse estimate them.",
            "missing"),))
    lead = ("Of the ground that truly is of a class: the share that the source calls so. Nobody was told which source "
            "is right; the shares are estimated from where the sources agree and contradict each other and from what "
            "was reviewed. Bars are 90 % intervals.")
    with style():
        picture = _picture(overall)
    return Section("reliability", title, (Text(lead), Pictures((picture,)), _table(newest)))


def newest_by_layer(facts: Facts) -> dict[tuple[str, str], list[ReliabilityRow]]:
    """The rows of each source's newest round, by kind and layer."""
    last: dict[tuple[str, str], int] = {}
    for number_, row in facts.reliabilities:
        last[row.source, row.layer] = max(number_, last.get((row.source, row.layer), 0))
    found: dict[tuple[str, str], list[ReliabilityRow]] = defaultdict(list)
    for number_, row in facts.reliabilities:
        if number_ == last[row.source, row.layer]:
            found[row.source, row.layer].append(row)
    return dict(found)


def layer_word(key: tuple[str, str]) -> str:
    """A source as a table names it: «imagery», «buildings (map layer)»."""
    kind, layer = key
    word = SOURCES.get(kind, kind)
    return word if layer == kind else f"{clean(layer)} ({word})"


def _picture(overall: dict[tuple[str, str], list[ReliabilityRow]]) -> Picture:
    weight: dict[str, float] = defaultdict(float)
    for rows in overall.values():
        for row in rows:
            weight[row.class_name] += row.n
    classes = sorted(weight, key=lambda name: -weight[name])[:MOST_CLASSES]
    step = 0.7 / max(len(overall), 1)
    figure, axes = new_figure(_WIDTH_IN, 0.85 + len(classes) * max(0.26, 0.15 * len(overall)) + 0.17 * len(overall))
    for at, (layer, rows) in enumerate(overall.items()):
        own = {row.class_name: row for row in rows}
        shown = [(place, own[name]) for place, name in enumerate(classes) if name in own]
        y = np.array([place + (at - (len(overall) - 1) / 2) * step for place, _ in shown])
        value, low, high = (np.array([100 * getattr(row, name) for _, row in shown])
                            for name in ("accuracy", "low", "high"))
        colour = SERIES[at % len(SERIES)]
        axes.hlines(y, low, high, color=colour, linewidth=2.2, alpha=0.55)
        axes.plot(value, y, linestyle="", marker=SIGNS[at % len(SIGNS)], color=colour, markeredgecolor="white",
                  markeredgewidth=0.6, label=in_legend(layer_word(layer)))
    axes.set(xlim=(0, 101), ylim=(len(classes) - 0.4, -0.6), yticks=range(len(classes)),
             xlabel="share called by the right class, %")
    axes.set_yticklabels([clean(name)[:26] or "all classes" for name in classes])
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1 if len(overall) > 3 else 2, borderaxespad=0.2,
                handletextpad=0.3, columnspacing=1.4)
    told = "; ".join(f"{layer_word(layer)}: " + ", ".join(
        f"{clean(row.class_name)} {percent(row.accuracy)}" for row in rows if row.class_name in classes)
        for layer, rows in overall.items())
    return plot_picture(figure, "reliability", f"Share called by the right class. {told}.",
                        "Reliability of each source by class, with 90 % intervals.")


def _table(newest: dict[tuple[str, str], list[ReliabilityRow]]) -> Table:
    regional = any(row.region for rows in newest.values() for row in rows)
    head = ("source", "class", "called right (90 % interval)", "most often mistaken for", "places behind it")
    rows = []
    for layer, its in newest.items():
        for row in its:
            if not row.region:
                line = (layer_word(layer), clean(row.class_name) or "all classes",
                        with_interval(row.accuracy, row.low, row.high), _mistaken(row), number(row.n))
                rows.append((*line, _regions(row, its)) if regional else line)
    return Table((*head, "by region") if regional else head, rows, frozenset({4}), small=True,
                 caption="Places are independent ones: neighbouring pixels count as one.")


def _mistaken(row: ReliabilityRow) -> str:
    others = {name: share for name, share in row.row.items() if name != row.class_name and share >= 0.005}
    if not others:
        return "–"
    name = max(others, key=lambda one: others[one])
    return f"{clean(name)} ({percent(others[name])})"


def _regions(row: ReliabilityRow, rows: Sequence[ReliabilityRow]) -> str:
    shares = [one.accuracy for one in rows if one.region and one.class_name == row.class_name]
    return f"{interval(min(shares), max(shares))} in {len(shares)}" if shares else "–"
