"""Was the order of review worth it? Fixes per reviewed item, against looking at findings in any order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...review.precision import Precision, flag_precision
from ..blocks import Beside, Picture, Section, Table, Text
from ..drawing import BLUE, QUIET, new_figure, plot_picture, style
from ..facts import Facts
from ..words import count_of, number, percent, with_interval

FEWEST = 10
AT = (50, 100, 300, 1000, 3000)


def effort(facts: Facts) -> Section:
    """Real errors found per item looked at, in the order in which reviewers decided."""
    title = "What a look was worth"
    fixes = _fixes(facts)
    if len(fixes) < FEWEST:
        return Section("effort", title, (Text(
            f"{count_of(len(fixes), 'item')} {'was' if len(fixes) == 1 else 'were'} looked at one by one so far, and "
            f"{FEWEST} are needed: geoloop:queue makes the order in which a look is worth most.", "missing"),))
    chance = flag_precision(facts.flags, facts.state, facts.decisions, facts.draws, 0.0)
    random = chance[0] if chance and chance[0].share is not None and (
        chance[0].audited >= FEWEST or chance[0].decided == chance[0].flags) else None
    share = float(fixes.mean())
    lead = (f"{number(len(fixes))} items were looked at one by one: {count_of(len(facts.looked_at), 'finding')} and "
            f"{count_of(len(fixes) - len(facts.looked_at), 'feature')} that nothing is flagged of. "
            f"{number(int(fixes.sum()))} were real errors: {percent(share)}.")
    if random is None:
        assumed = _assumed(facts)
        lead += (f" Findings in any order would give about {percent(assumed)}, if the probabilities are right: too few "
                 "were drawn at random and decided to know.")
        low = high = assumed
    else:
        assumed, low, high = random.share or 0.0, random.low, random.high
        lead += (f" Findings in any order would give {with_interval(assumed, low, high)}, by the random audit of all "
                 f"{number(random.flags)} candidates in the ledger.")
    with style():
        picture = _picture(fixes, (assumed, low, high))
    return Section("effort", title, (Text(lead), Beside(picture, _table(fixes, assumed, random))))


def _fixes(facts: Facts) -> NDArray[np.bool_]:
    """Of each item that was looked at one by one (n,), in order: whether it was a real error, by the newest word."""
    said: dict[object, bool] = {}
    for d in facts.decisions:
        if d.drawn_as != "bulk":
            said[d.uid if d.uid is not None else (d.layer, d.key)] = d.decision == "accept"
    return np.array(list(said.values()), np.bool_)


def _assumed(facts: Facts) -> float:
    standing = [f.probability for f, stands in zip(facts.flags, facts.state.standing, strict=True) if stands]
    return float(np.mean(standing)) if standing else 0.0


def _picture(fixes: NDArray[np.bool_], random: tuple[float, float, float]) -> Picture:
    figure, axes = new_figure(5.2, 3.3)
    x = np.arange(len(fixes) + 1)
    found = np.concatenate([[0], np.cumsum(fixes)])
    assumed, low, high = random
    axes.fill_between(x, low * x, high * x, color=QUIET, alpha=0.18, linewidth=0)
    axes.plot(x, assumed * x, color=QUIET, linestyle="--", label="in any order")
    axes.step(x, found, color=BLUE, where="post", label="in the order of review")
    axes.set(xlim=(0, len(fixes)), ylim=(0, max(float(found[-1]), high * len(fixes)) * 1.05 + 1),
             xlabel="items looked at", ylabel="real errors found")
    axes.legend(loc="upper left")
    return plot_picture(
        figure, "fixes", f"Real errors found: {found[-1]} after {len(fixes)} items in the order of review, about "
        f"{assumed * len(fixes):.0f} in any order.",
        "Real errors found with each item looked at; the band is the 90 % interval of finding them in any order.")


def _table(fixes: NDArray[np.bool_], assumed: float, random: Precision | None) -> Table:
    rows = []
    for at in (*(n for n in AT if n < len(fixes)), len(fixes)):
        share = float(fixes[:at].mean())
        rows.append((f"after {number(at)}", percent(share), percent(assumed),
                     f"{share / assumed:.1f} times" if assumed > 0 else "–"))
    source = "by the random audit" if random is not None else "as the probabilities say"
    return Table(("items looked at", "real errors per item", f"in any order, {source}", "gain"), rows,
                 frozenset({1, 2, 3}))
