"""How often a flag is right, and how wrong the layers are, both from the random audit."""

from __future__ import annotations

import numpy as np

from ...review import ErrorRate
from ...review.precision import Precision, flag_precision
from ...review.rates import UNFLAGGED
from ..blocks import Picture, Pictures, Section, Table, Text
from ..drawing import BLUE, QUIET, new_figure, plot_picture, style
from ..facts import SHOWN_FROM, Facts
from ..words import clean, kind_word, number, percent, with_interval

FEWEST = 10
"""With fewer audited items no share is told: its interval would reach over half of everything."""
_AUDIT = ("a queue of geoloop:queue with a larger AUDIT_SHARE draws more of them at random")


def precision(facts: Facts) -> Section:
    """The share of real errors among the likely ones, by kind."""
    title = "How often a flag is right"
    found = flag_precision(facts.flags, facts.state, facts.decisions, facts.draws, SHOWN_FROM)
    if not found:
        return Section("precision", title, (Text("No likely error stands in the ledger, so that there is none to be "
                                                 "right.", "missing"),))
    lead = ("The share of real errors among the likely errors, from those alone that chance chose to be looked at: "
            "what was looked at because it seemed most worth it says more for the flags than is true of all of them.")
    told = [one for one in found if _enough(one)]
    blocks: list[Text | Pictures | Table] = [Text(lead)]
    if not told:
        audited = found[0].audited
        blocks.append(Text(f"Too few likely errors were drawn at random and decided so far ({audited}; at least "
                           f"{FEWEST} are needed for a share): {_AUDIT}.", "missing"))
    elif len(told) > 1:
        with style():
            blocks.append(Pictures((_picture(told),)))
    blocks.append(_table(found))
    blocks += _layers(facts)
    return Section("precision", title, blocks)


def _enough(one: Precision) -> bool:
    return one.share is not None and (one.audited >= FEWEST or one.decided == one.flags)


def _word(one: Precision) -> str:
    return kind_word(one.kind) if one.kind else "all kinds"


def _picture(told: list[Precision]) -> Picture:
    figure, axes = new_figure(5.2, 0.75 + 0.3 * len(told))
    y = np.arange(len(told))
    share = np.array([100 * (one.share or 0.0) for one in told])
    axes.hlines(y, [100 * one.low for one in told], [100 * one.high for one in told], color=BLUE, linewidth=2.4,
                alpha=0.55)
    axes.plot(share, y, "o", color=BLUE, markeredgecolor="white", markeredgewidth=0.6)
    axes.set(xlim=(0, 101), ylim=(len(told) - 0.5, -0.6), yticks=y, xlabel="of these flags are real errors, %")
    axes.set_yticklabels([f"{_word(one)} (n = {one.audited or one.decided})" for one in told])
    axes.axvline(50, color=QUIET, linewidth=0.8, linestyle=":")
    axes.grid(axis="y", visible=False)
    alt = ", ".join(f"{_word(one)} {percent(one.share or 0.0)}" for one in told)
    return plot_picture(figure, "precision", f"Share of real errors among likely errors: {alt}.",
                        "Share of real errors among the likely errors, with 90 % intervals; n: items drawn at random "
                        "and decided, or all of them.")


def _table(found: list[Precision]) -> Table:
    rows = []
    for one in found if len(found) > 2 else found[1:]:
        share = "too few"
        if _enough(one) and one.share is not None:
            share = (f"{percent(one.share)} (each one was looked at)" if one.decided == one.flags else
                     with_interval(one.share, one.low, one.high))
        seen = f"{number(one.confirmed)} of {number(one.decided)}" if one.decided else "–"
        rows.append((_word(one), number(one.flags), share, number(one.audited), seen))
    return Table(("kind", "likely errors", "real, by the random audit (90 % interval)", "drawn and decided",
                  "confirmed of all looked at"), rows, frozenset({1, 3, 4}),
                 caption="The last column holds what was chosen for review too, and flatters the flags.")


def _layers(facts: Facts) -> list[Text | Table]:
    """How wrong each layer is, flagged or not."""
    rates = [one for one in facts.rates if one.audited >= FEWEST or one.low == one.high]
    if not rates:
        return [Text("How wrong the layers are as a whole, also where nothing is flagged, is not known yet: too few of "
                     f"their features were drawn at random and decided; {_AUDIT}.", "missing")]
    rows = [(clean(one.layer), "features" if one.thing == "feature" else "places without a feature", _error(one),
             with_interval(one.rate, one.low, one.high), f"{number(one.errors)} of {number(one.elements)}",
             number(one.audited)) for one in rates]
    return [Text("How wrong each layer is as a whole, also where nothing is flagged:"), Table(
        ("layer", "of its", "error", "share wrong (90 % interval)", "about", "drawn and decided"), rows,
        frozenset({4, 5}))]


def _error(one: ErrorRate) -> str:
    return {"": "any", UNFLAGGED: "one that no flag tells of"}.get(one.kind) or kind_word(one.kind)
