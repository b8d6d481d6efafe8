"""What each source contributed: the result without it."""

from __future__ import annotations

import numpy as np

from ..blocks import Beside, Picture, Section, Table, Text
from ..drawing import BLUE, QUIET, SERIES, new_figure, plot_picture, style
from ..facts import Facts
from ..figures import Estimate, estimate, estimates
from ..words import clean, count_of, percent, with_interval

DEFAULT_MEASURE = "share of ground classed right"


def contribution(facts: Facts) -> Section:
    """The newest round's leave-one-source-out figures."""
    title = "What each source contributed"
    for one in reversed(facts.rounds):
        found = one.metrics.get("contribution")
        if isinstance(found, dict):
            everything, without = estimate(found.get("all")), estimates(found.get("without"))
            if everything is not None and without:
                return _section(title, one.number, everything, without, found)
    return Section("contribution", title, (Text(
        "No round in this ledger measured what the result would be without each of its sources.", "missing"),))


def _section(title: str, number_: int, everything: Estimate, without: dict[str, Estimate],
             found: dict[str, object]) -> Section:
    measure = clean(found.get("measure") or DEFAULT_MEASURE)
    n = found.get("n")
    behind = f", over {count_of(int(n), 'place')}" if isinstance(n, (int, float)) else ""
    lead = (f"The {measure}, as round {number_} estimates it with all sources together and with one left out{behind}. "
            "The further a source's mark lies to the left of the dashed line, the more would be lost without it.")
    ordered = sorted(without.items(), key=lambda one: one[1].value)
    rows = [("none", _said(everything), "–"), *(
        (clean(name), _said(one), _points(one.value - everything.value))
        for name, one in ordered)]
    with style():
        picture = _picture(measure, everything, ordered)
    return Section("contribution", title, (Text(lead), Beside(picture, Table(
        ("left out", measure.split(",")[0], "difference"), rows, frozenset({1, 2})))))


def _said(one: Estimate) -> str:
    return percent(one.value) if one.low is None or one.high is None else with_interval(one.value, one.low, one.high)


def _points(difference: float) -> str:
    """A difference of shares in percentage points."""
    rounded = round(100 * difference, 1)
    return f"{rounded:+.1f} points".replace("-", "−") if rounded else "0.0 points"


def _picture(measure: str, everything: Estimate, ordered: list[tuple[str, Estimate]]) -> Picture:
    figure, axes = new_figure(5.2, 0.8 + 0.34 * (len(ordered) + 1))
    named = [("all sources", everything), *((f"without {clean(name)}", one) for name, one in ordered)]
    for y, (_, one) in enumerate(named):
        colour = BLUE if y == 0 else SERIES[1]
        if one.low is not None and one.high is not None:
            axes.hlines(y, 100 * one.low, 100 * one.high, color=colour, linewidth=2.2, alpha=0.55)
        axes.plot(100 * one.value, y, "o" if y == 0 else "s", color=colour, markeredgecolor="white")
    axes.axvline(100 * everything.value, color=QUIET, linestyle="--", linewidth=1)
    least = min(one.value if one.low is None else one.low for _, one in named)
    axes.set(xlim=(max(0.0, np.floor(10 * least - 0.5) * 10), 101), ylim=(len(named) - 0.5, -0.5),
             yticks=range(len(named)), xlabel=f"{measure.split(',')[0]}, %")
    axes.set_yticklabels([name[:34] for name, _ in named])
    axes.grid(axis="y", visible=False)
    alt = ", ".join(f"{name} {percent(one.value)}" for name, one in named)
    return plot_picture(figure, "contribution", f"{measure}: {alt}.",
                        f"The {measure}, with all sources and without each.")
