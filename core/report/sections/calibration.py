"""Do the probabilities mean what they say?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...review.rates import wilson
from ..blocks import Beside, Picture, Section, Table, Text
from ..drawing import BLUE, QUIET, new_figure, plot_picture, style
from ..facts import Facts
from ..words import count_of, number, percent, with_interval

FEWEST = 20
"""With fewer decisions than these nothing is said of the probabilities."""
FEWEST_IN_BIN = 5
"""Neighbouring levels are joined until each holds so many decisions."""
STEP = 0.1


@dataclass(frozen=True)
class Level:
    """Discrepancies whose probability lies from ``low`` to ``high``: its mean, and the share accepted with interval."""

    low: float
    high: float
    count: int
    shown: float
    accepted: float
    interval: tuple[float, float]


def calibration(facts: Facts) -> Section:
    """The probability shown against the share that reviewers accepted."""
    title = "Do the probabilities mean what they say?"
    shown, accepted = _decided(facts)
    if len(shown) < FEWEST:
        bulk = sum(d.drawn_as == "bulk" for d in facts.decisions)
        more = f"; {count_of(bulk, 'decision')} in bulk do not count, since nobody looked" if bulk else ""
        return Section("calibration", title, (Text(
            f"{count_of(len(shown), 'finding')} {'was' if len(shown) == 1 else 'were'} accepted or rejected one by one "
            f"so far, and {FEWEST} are needed{more}: review the queue that geoloop:queue makes.", "missing"),))
    levels = in_levels(shown, accepted)
    off = sum(one.count * abs(one.shown - one.accepted) for one in levels) / len(shown)
    lead = (f"Of the {number(len(shown))} findings that were accepted or rejected one by one, "
            f"{percent(accepted.mean())} were real; the probabilities shown said {percent(shown.mean())}. On average a "
            f"probability is {100 * off:.0f} percentage points off. On the dashed line, what is called 70 % sure is "
            "real in 70 of 100 cases; below it the probabilities promise too much.")
    with style():
        picture = _picture(levels)
    rows = [(f"{percent(one.low)} to {percent(one.high)}", percent(one.shown),
             with_interval(one.accepted, *one.interval), number(one.count)) for one in levels]
    return Section("calibration", title, (Text(lead), Beside(picture, Table(
        ("probability shown", "its mean", "accepted (90 % interval)", "decided"), rows, frozenset({1, 3})))))


def in_levels(shown: NDArray[np.float64], accepted: NDArray[np.float64]) -> list[Level]:
    """Group decisions by probability (n,), in steps of :data:`STEP`; ``accepted`` (n,) is 0 or 1."""
    steps = round(1 / STEP)
    step = np.minimum((shown / STEP + 1e-9).astype(np.int64), steps - 1)
    groups: list[list[int]] = [[]]
    for at in range(steps):
        groups[-1].append(at)
        if np.isin(step, groups[-1]).sum() >= FEWEST_IN_BIN:
            groups.append([])
    rest = groups.pop()
    if groups:
        groups[-1] += rest
    else:
        groups = [rest]
    found: list[Level] = []
    for group in groups:
        own = np.isin(step, group)
        if own.any():
            rate, count = float(accepted[own].mean()), int(own.sum())
            found.append(Level(group[0] * STEP, (group[-1] + 1) * STEP, count, float(shown[own].mean()), rate,
                               wilson(rate, count)))
    return found


def _decided(facts: Facts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    probability = {f.uid: f.probability for f in facts.flags}
    pairs = [(probability[uid], float(d.decision == "accept")) for uid, d in facts.looked_at.items()
             if d.decision != "unsure" and uid in probability]
    both = np.array(pairs, np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _picture(levels: list[Level]) -> Picture:
    figure, axes = new_figure(4.3, 4.0)
    axes.plot((0, 100), (0, 100), color=QUIET, linewidth=1, linestyle="--", zorder=1)
    x, y = (100 * np.array([getattr(one, name) for one in levels]) for name in ("shown", "accepted"))
    low, high = 100 * np.array([one.interval for one in levels]).T
    axes.vlines(x, low, high, color=BLUE, linewidth=2.2, alpha=0.55)
    axes.plot(x, y, "-", color=BLUE, linewidth=1, alpha=0.6)
    axes.plot(x, y, "o", color=BLUE, markeredgecolor="white", markeredgewidth=0.6)
    for one, at, up in zip(levels, x, y, strict=True):
        axes.annotate(f"{one.count}", (at, up), (5, -9), textcoords="offset points", fontsize=8, color=QUIET)
    axes.set(xlim=(0, 101), ylim=(0, 101), xlabel="probability shown, %", ylabel="accepted as real, %")
    axes.set_aspect("equal")
    alt = "; ".join(f"shown {percent(one.shown)}, accepted {percent(one.accepted)}" for one in levels)
    return plot_picture(figure, "calibration", f"Probability shown against share accepted: {alt}.",
                        "Probability shown against the share accepted, with 90 % intervals; numbers are decisions.")
