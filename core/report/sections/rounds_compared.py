"""The rounds beside each other: did the sources get better?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ...ledger import ReliabilityRow
from ...ledger.history import RoundRow
from ..blocks import Block, Picture, Pictures, Section, Table, Text
from ..drawing import SERIES, SIGNS, in_legend, new_figure, plot_picture, style
from ..facts import SHOWN_FROM, Facts
from ..figures import Estimate, estimate, estimates
from ..words import JOBS, clean, day, listed, number, percent, with_interval
from .reliability import layer_word

Z_90 = 1.6448536
Errors = dict[tuple[str, str], dict[int, Estimate]]


def rounds_compared(facts: Facts) -> Section:
    """What each round found, and each source's error by round."""
    title = "The rounds beside each other"
    if not facts.rounds:
        return Section("rounds", title, (Text("No round was run yet; geoloop:loop runs one.", "missing"),))
    blocks: list[Block] = [_table(facts), *_learnt(facts)]
    errors = errors_by_round(facts)
    several = {key: its for key, its in errors.items() if len(its) > 1}
    controls = [f"round {one.number} ({clean(one.metrics['control'])})" for one in facts.rounds
                if one.metrics.get("control")]
    if controls:
        blocks.append(Text(f"A control, which must not improve anything, is {listed(controls)}.", "notice"))
    if not several:
        blocks.append(Text("Whether the sources get better shows once two rounds have estimated them: review, push or "
                           "learn, and run the next round into the same ledger.", "missing"))
        return Section("rounds", title, blocks)
    with style():
        picture = _picture(several)
    blocks += [verdict(several), Pictures((picture,)), _error_table(several)]
    return Section("rounds", title, blocks)


def errors_by_round(facts: Facts) -> Errors:
    """The share wrong of each source (kind, layer) by round: as a round says itself, else from its reliabilities."""
    found: Errors = defaultdict(dict)
    rows: dict[tuple[tuple[str, str], int], list[ReliabilityRow]] = defaultdict(list)
    for at, row in facts.reliabilities:
        if not row.region:
            rows[(row.source, row.layer), at].append(row)
    for (key, at), its in rows.items():
        found[key][at] = _error(its)
    kinds = {row.layer: row.kind for row in facts.sources if row.kind != "imagery"}
    for one in facts.rounds:
        for name, value in estimates(one.metrics.get("source_error")).items():
            found[name if name == "imagery" else kinds.get(name, "map"), name][one.number] = value
    return dict(found)


def verdict(errors: Errors) -> Text:
    """Say plainly which source got better from its first to its last round, and which did not."""
    better, worse, same = [], [], []
    for key, its in errors.items():
        first, last = its[min(its)], its[max(its)]
        told = f"{layer_word(key)} from {_said(first)} wrong to {_said(last)}"
        if last.value < first.value and _apart(first, last):
            better.append(told)
        elif last.value > first.value and _apart(first, last):
            worse.append(told)
        else:
            same.append(layer_word(key))
    if not better:
        text = "Nothing got better: no source's error fell by more than its interval from its first round to its last."
        return Text(text + (f" Worse: {listed(worse)}." if worse else ""), "notice")
    text = f"Better by more than the intervals: {listed(better)}."
    text += f" No difference beyond the intervals: {listed(same)}." if same else ""
    return Text(text + (f" Worse: {listed(worse)}." if worse else ""), "notice" if worse else "plain")


def _apart(one: Estimate, other: Estimate) -> bool:
    """Whether two estimates differ by more than their intervals; without intervals nothing does."""
    if None in (one.low, one.high, other.low, other.high):
        return False
    half = [((e.high or 0.0) - (e.low or 0.0)) / 2 for e in (one, other)]
    return abs(one.value - other.value) > math.hypot(*half)


def _error(rows: Sequence[ReliabilityRow]) -> Estimate:
    """The share wrong over all classes, each counting by its places; a row for all classes is taken as it is."""
    everything = next((row for row in rows if not row.class_name), None)
    if everything is not None:
        return Estimate(1 - everything.accuracy, 1 - everything.high, 1 - everything.low)
    weight = np.array([row.n for row in rows])
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(rows), 1 / len(rows))
    right = float((weight * [row.accuracy for row in rows]).sum())
    half = float(np.sqrt((weight**2 * [((row.high - row.low) / 2) ** 2 for row in rows]).sum()))
    return Estimate(1 - right, max(1 - right - half, 0.0), min(1 - right + half, 1.0))


def _said(one: Estimate) -> str:
    return percent(one.value) if one.low is None or one.high is None else with_interval(one.value, one.low, one.high)


def _learnt(facts: Facts) -> list[Text]:
    """What became of the networks: whether a new one took over, by labels that neither had seen."""
    told = []
    for one in facts.rounds:
        learning = one.metrics.get("learning")
        holdout = learning.get("holdout") if isinstance(learning, dict) else None
        if isinstance(holdout, dict) and "measure" not in holdout:
            continue  # of an older version, which compared likelihoods
        gain = estimate([holdout.get(name) for name in ("gain", "low", "high")]) if isinstance(holdout, dict) else None
        if isinstance(holdout, dict) and gain is not None and gain.low is not None and gain.high is not None:
            did = "took over" if holdout.get("replaced") else "did not take over"
            measured = ("that it names right at places drawn at random for review" if holdout.get("by") == "drawn"
                        else "that it names as labels do which neither had seen")
            told.append(f"In round {one.number} the newly fitted network {did}: the share of ground {measured} changed "
                        f"by {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}, 90 % interval)."
                        .replace("-", "−"))
    return [Text(" ".join(told) + " That is a score on held-out labels, not the accuracy of a map.")] if told else []


def _table(facts: Facts) -> Table:
    said = {uid: d.decision for uid, d in facts.looked_at.items()}
    rows = [_line(one, facts, said) for one in facts.rounds]
    return Table(("round", "date", "what ran", "candidates", "likely errors", "looked at one by one",
                  "confirmed", "confirmed per item"), rows, frozenset({3, 4, 5, 6, 7}),
                 caption="Candidates are all discrepancies kept in the ledger; rival kinds of one place count each.")


def _line(one: RoundRow, facts: Facts, said: dict[str, str]) -> tuple[str, ...]:
    own = [(f, top) for f, top in zip(facts.flags, facts.tops, strict=True) if f.round == one.number]
    words = [said[f.uid] for f, _ in own if f.uid in said]
    likely = sum(bool(top) and f.probability >= SHOWN_FROM for f, top in own)
    confirmed = words.count("accept")
    return (f"{one.number}", day(one.at), JOBS.get(one.job, clean(one.job)), number(len(own)), number(likely),
            number(len(words)), number(confirmed), percent(confirmed / len(words)) if words else "–")


def _error_table(errors: Errors) -> Table:
    numbers = sorted({at for its in errors.values() for at in its})
    rows = [(layer_word(key), *(_said(its[at]) if at in its else "–" for at in numbers))
            for key, its in errors.items()]
    return Table(("share wrong", *(f"round {at}" for at in numbers)), rows, frozenset(range(1, len(numbers) + 1)),
                 caption="As each round estimates it from all sources, with 90 % intervals.")


def _picture(errors: Errors) -> Picture:
    figure, axes = new_figure(5.2, 3.2)
    numbers = sorted({at for its in errors.values() for at in its})
    for at, (key, its) in enumerate(errors.items()):
        x = np.array(sorted(its), np.float64) + (at - (len(errors) - 1) / 2) * 0.05
        own = [its[one] for one in sorted(its)]
        colour = SERIES[at % len(SERIES)]
        y = np.array([100 * one.value for one in own])
        axes.vlines(x, [100 * (one.value if one.low is None else one.low) for one in own],
                    [100 * (one.value if one.high is None else one.high) for one in own], color=colour, linewidth=2,
                    alpha=0.5)
        axes.plot(x, y, "-", color=colour, marker=SIGNS[at % len(SIGNS)], markeredgecolor="white",
                  label=in_legend(layer_word(key)))
    axes.set(xticks=numbers, xlabel="round", ylabel="share wrong, %", xlim=(numbers[0] - 0.3, numbers[-1] + 0.3))
    axes.set_ylim(bottom=0)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, borderaxespad=0.2, handletextpad=0.4)
    alt = "; ".join(f"{layer_word(key)}: " + ", ".join(percent(its[at].value) for at in sorted(its))
                    for key, its in errors.items())
    return plot_picture(figure, "rounds", f"Share wrong by round. {alt}.",
                        "Each source's share wrong by round, with 90 % intervals.")
