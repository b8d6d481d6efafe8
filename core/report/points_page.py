"""The page of a point model: how good it is where nobody measured, and what it goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np

from ..points.estimators import HIGH, LOW
from ..points.observations import Observations
from ..points.validation import Validation
from .blocks import Beside, Block, KeyFigures, Picture, Section, Table, Text
from .drawing import BLUE, FAINT, QUIET, VERMILION, new_figure, plot_picture, style
from .page import Heading, rendered
from .words import clean, length, number, percent

SCORES = {
    "r2": "R² (1 is perfect, 0 no better than the mean)", "rmse": "root mean square error", "mae": "mean error",
    "bias": "bias", "coverage": "bounds hold", "coverage_widened": "bounds as written hold",
    "auc": "AUC (1 is perfect, 0.5 chance)", "average_precision": "average precision",
    "boyce": "Boyce index (1 is best, 0 chance)",
}
SHARES = ("coverage", "coverage_widened")
MOST_ROWS = 15


@dataclass(frozen=True)
class PointModel:
    """What a page says: ``target`` in the user's words, ``method``, the layer's name, ground metres of a pixel, and
    sentences of warning.
    """

    target: str
    method: str
    layer: str
    pixel_m: float
    warnings: Sequence[str]
    seen: Observations
    found: Validation


def points_page(model: PointModel) -> str:
    """Return the page as HTML."""
    target, layer = clean(model.target), clean(model.layer)
    heading = Heading(
        f"How well do rasters tell {target}?", datetime.now(UTC).isoformat(), f"the points of “{layer}”", layer,
        "Scores are estimates from the points at hand; for statements on the whole map draw a probability sample.")
    with style():
        sections = [_scores(model), _picture(model), _what_counts(model)]
    return rendered(heading, sections)


def _scores(model: PointModel) -> Section:
    found, seen = model.found, model.seen
    blocks = len(np.unique(found.blocking.block))
    said = [Text(warning, "notice") for warning in model.warnings]
    width = "much narrower than" if found.flatters else "as wide as"
    lead = (f"{number(int(seen.observed.sum()))} points"
            + (f" and {number(int((~seen.observed).sum()))} places of background" if not seen.observed.all() else "")
            + f"; {model.method}. The ground was cut into {blocks} blocks of "
            f"{length(round(found.blocking.side * model.pixel_m))}, {width} what was measured is alike, and each block "
            "was judged by a model that learnt nothing from it"
            + (", nor from any point of a station in it." if seen.station is not None else ".")
            + " The last column is the usual random split, in which a point's neighbours give it away: the gap between "
            "the two is what such a figure promises too much.")
    rows = [(SCORES[name], _score(name, value), _score(name, found.random.get(name, float("nan"))))
            for name, value in found.blocked.items()]
    main = found.main
    beyond = ", beyond what nearness tells" if found.beyond_nearness else ""
    key = KeyFigures(((_score(main, found.score), f"{main} on ground left out{beyond}"),
                      (_score(main, found.random[main]), f"{main} by random split")))
    return Section("scores", "How good is it where nobody measured?", (
        *said, key, Text(lead), Table(("score", "blocks left out", "random split"), rows, frozenset({1, 2}))))


def _picture(model: PointModel) -> Section:
    seen, found = model.seen, model.found
    known = np.isfinite(found.estimate[0])
    if not known.any():
        return Section("points", "Point by point", (Text("The points lie in one heap: no block could be left out, and "
                                                         "nothing can be said of other ground.", "missing"),))
    if seen.kind == "value":
        return Section("points", "Point by point", (_against(model, known),))
    return Section("points", "Point by point", (_apart(model, known),))


def _against(model: PointModel, known: np.ndarray) -> Block:
    z, (value, low, high) = model.seen.z[known], model.found.estimate[:, known]
    by = model.found.widening
    figure, axes = new_figure(4.6, 4.3)
    ends = float(min(z.min(), value.min())), float(max(z.max(), value.max()))
    axes.plot(ends, ends, color=QUIET, linewidth=1, linestyle="--", zorder=1)
    axes.vlines(z, low - by, high + by, color=FAINT, linewidth=1)
    axes.plot(z, value, "o", color=BLUE, markersize=4, markeredgecolor="white", markeredgewidth=0.5)
    axes.set(xlabel="measured", ylabel="estimated by a model that did not see it")
    picture = plot_picture(figure, "points", f"Measured against estimated values of {len(z)} points.",
                           f"Each point as measured and as estimated; lines reach from {percent(LOW)} to "
                           f"{percent(HIGH)}. On the dashed line both are the same.")
    edges = np.unique(np.quantile(z, (0, 0.25, 0.5, 0.75, 1)))
    rows = []
    for one, other in pairwise(edges):
        here = (z >= one) & ((z < other) | (other == edges[-1]))
        if here.any():
            rows.append((f"{one:.3g} to {other:.3g}", number(int(here.sum())), f"{(value - z)[here].mean():+.3g}"))
    return Beside(picture, Table(("measured", "points", "mean difference"), rows, frozenset({1, 2})))


def _apart(model: PointModel, known: np.ndarray) -> Block:
    there = model.seen.z[known] > 0.5
    value = model.found.estimate[0, known]
    other = "background" if model.seen.kind == "presence_only" else "absence"
    figure, axes = new_figure(4.6, 3.2)
    edges = np.linspace(0, 1, 21)
    for some, name, color in ((there, "presence", BLUE), (~there, other, VERMILION)):
        share = np.histogram(value[some], edges)[0] / max(int(some.sum()), 1)
        axes.stairs(100 * share, edges, label=name, color=color, linewidth=1.8)
    axes.set(xlabel="estimate", ylabel="% of the places", xlim=(0, 1))
    axes.legend()
    picture: Picture = plot_picture(
        figure, "points", f"Estimates at presences and at {other}.",
        f"What a model that did not see the place estimates at presences and at {other}.")
    rows = [(name, number(int(some.sum())), f"{np.median(value[some]):.2f}")
            for some, name in ((there, "presence"), (~there, other)) if some.any()]
    return Beside(picture, Table(("place", "number", "median estimate"), rows, frozenset({1, 2})))


def _what_counts(model: PointModel) -> Section:
    rows = [(clean(name), f"{value:+.3f}") for name, value in list(model.found.weight.items())[:MOST_ROWS]]
    more = len(model.found.weight) - len(rows)
    text = (f"So much {model.found.main} falls when a band is shuffled among the points of the blocks left out. Bands "
            "that say the same share what they are worth." + (f" {more} others count less." if more > 0 else ""))
    return Section("counts", "What it goes by", (Text(text), Table(("band", "worth"), rows, frozenset({1}))))


def _score(name: str, value: float) -> str:
    if value != value:
        return "–"
    return percent(value) if name in SHARES else f"{value:.3g}"
