"""The page of a fine-tuned model: how good it is on ground that it did not learn from, class by class, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from ..models.card import ModelCard
from ..training.judging import BINS, ClassScores, ValueScores
from .blocks import Beside, KeyFigures, Row, Section, Table, Text
from .drawing import BLUE, QUIET, new_figure, plot_picture, style
from .page import Heading, rendered
from .words import clean, length, listed, number, percent, with_interval

METHODS = {
    "probe": "the encoder as it is, under a light decoder that learnt", "full": "the whole encoder learnt",
    "lora": "LoRA: thin additions to the encoder's layers learnt",
    "adapter": "Earth-Adapter: experts of slow and fast changes over the ground learnt",
}


@dataclass(frozen=True)
class TunedModel:
    """What a page says; ``block_m`` is the side of a block on the ground, ``share`` that of the weights that learnt."""

    card: ModelCard
    blocked: ClassScores | ValueScores
    random: ClassScores | ValueScores | None
    block_m: float
    share: float
    warnings: Sequence[str]


def tuning_page(model: TunedModel) -> str:
    """Return the page as HTML."""
    layers = listed([clean(name) for name in model.card.trained_on])
    heading = Heading("How good is the fine-tuned model?", datetime.now(UTC).isoformat(), f"the labels of {layers}",
                      clean(model.card.name), "Scores are estimates from the labels at hand, which may be wrong "
                      "themselves; for statements on a map draw a probability sample.")
    with style():
        sections = ([_lead(model, model.blocked, model.random), _classes(model, model.blocked),
                     _sureness(model.blocked)] if isinstance(model.blocked, ClassScores)
                    else [_values(model, model.blocked)])
    return rendered(heading, [*sections, _how(model)])


def _lead(model: TunedModel, blocked: ClassScores, random: ClassScores | ValueScores | None) -> Section:
    said = [Text(warning, "notice") for warning in model.warnings]
    rows: list[Row] = [("mean F1 of the classes", with_interval(blocked.macro_f1, blocked.low, blocked.high),
                        _of(random, "macro_f1")),
                       ("pixels right", percent(blocked.accuracy), _of(random, "accuracy")),
                       ("calibration error, as it came", percent(blocked.ece_before), _of(random, "ece_before")),
                       ("calibration error, as written", percent(blocked.ece_after), _of(random, "ece_after"))]
    key = KeyFigures(((percent(blocked.macro_f1), "mean F1 on ground left out"),
                      *(((_of(random, "macro_f1"), "mean F1 by random split"),) if random is not None else ())))
    lead = (f"The ground was cut into blocks of {length(round(model.block_m))}, as wide as labels are alike. A fifth "
            "of them was judged by a model that learnt nothing there, nor in a strip around it. The last column is the "
            "usual split of pixels by chance, learnt anew: neighbours on both sides give the answer away.")
    return Section("scores", "How good is it on ground that it did not learn from?", (
        *said, key, Text(lead), Table(("score", "blocks left out", "random split"), rows, frozenset({1, 2}))))


def _of(scores: ClassScores | ValueScores | None, name: str) -> str:
    value = getattr(scores, name, float("nan"))
    return percent(value) if value == value else "–"


def _classes(model: TunedModel, blocked: ClassScores) -> Section:
    names = [clean(label.name) for label in model.card.outputs[0].classes]
    count = blocked.confusion.sum(axis=1)
    rows = [(name, number(int(count[n])), *(_share(part[n]) for part in (
        blocked.precision, blocked.recall, blocked.f1, blocked.iou))) for n, name in enumerate(names)]
    told = [Table(("class", "pixels judged", "precision", "recall", "F1", "IoU"), rows, frozenset(range(1, 6)))]
    wrong = [(blocked.confusion[a, b], a, b) for a in range(len(names)) for b in range(len(names)) if a != b]
    worst = [one for one in sorted(wrong, reverse=True)[:5] if one[0] > 0]
    said = listed([f"{names[a]} taken for {names[b]} ({percent(n / count[a])} of it)" for n, a, b in worst])
    return Section("classes", "Class by class", (
        *told, Text(f"Most often confused: {said}." if worst else "Nothing was confused.")))


def _sureness(blocked: ClassScores) -> Section:
    figure, axes = new_figure(4.3, 4.0)
    axes.plot((0, 100), (0, 100), color=QUIET, linewidth=1, linestyle="--", zorder=1)
    shown, right = (100 * np.array([level[n] for level in blocked.reliability]) for n in (0, 1))
    axes.plot(shown, right, "o-", color=BLUE, linewidth=1, markeredgecolor="white", markeredgewidth=0.6)
    axes.set(xlim=(0, 101), ylim=(0, 101), xlabel="probability shown, %", ylabel="right, %")
    axes.set_aspect("equal")
    picture = plot_picture(figure, "sureness", "Probability shown against share right.",
                           f"Probability of the likeliest class against the share right; {BINS} bins of like number.")
    before, after = blocked.ece_by_block
    rows = [("calibration error", percent(blocked.ece_before), percent(blocked.ece_after)),
            ("… mean over blocks", _share(before), _share(after)),
            ("negative log likelihood", f"{blocked.nll_before:.3f}", f"{blocked.nll_after:.3f}")]
    text = (f"Answers are divided by a temperature of {blocked.temperature:.2f}, which was found on other blocks than "
            "these: above 1 the network was too sure of itself.")
    return Section("sureness", "Is it as sure as it is right?", (
        Text(text), Beside(picture, Table(("", "as it came", "as written"), rows, frozenset({1, 2})))))


def _values(model: TunedModel, blocked: ValueScores) -> Section:
    random = model.random if isinstance(model.random, ValueScores) else None
    rows = [(name, _figure(getattr(blocked, key)), _figure(getattr(random, key, float("nan")))) for name, key in (
        ("R²", "r2"), ("root mean square error", "rmse"), ("mean error", "mae"), ("bias", "bias"))]
    rows += [(name, percent(getattr(blocked, key)), _of(random, key)) for name, key in (
        ("bounds hold, as they came", "coverage_before"), ("bounds hold, as written", "coverage_after"))]
    lead = (f"{number(blocked.count)} pixels in blocks of {length(round(model.block_m))} that were not learnt from; R² "
            f"lies between {blocked.low:.2f} and {blocked.high:.2f} in nine of ten draws of blocks. Bounds are 1.64 "
            "standard deviations to either side and should hold 90 %; they were made "
            f"{blocked.doubt:.2f} times as wide by what other blocks said.")
    return Section("scores", "How good is it on ground that it did not learn from?", (
        *(Text(warning, "notice") for warning in model.warnings), Text(lead),
        Table(("score", "blocks left out", "random split"), rows, frozenset({1, 2}))))


def _how(model: TunedModel) -> Section:
    tuned = model.card.tuned
    assert tuned is not None
    rows: list[Row] = [
        ("encoder", clean(tuned.encoder)), ("its weights", clean(tuned.weights) or "none: it learnt from nothing"),
        ("what learnt", METHODS[tuned.method]), ("share of the weights", percent(model.share)),
        ("bands", listed([clean(band.name) for band in tuned.bands])),
        ("dates", listed([day for day in tuned.dates if day]) or "not known"),
        ("pixels", f"{model.card.resolution_m:g} m"), ("seed", str(model.card.seed))]
    return Section("how", "How it came about", (Table(("what", "how"), rows),))


def _share(value: float) -> str:
    return percent(float(value)) if value == value else "–"


def _figure(value: float) -> str:
    return f"{value:.3g}" if value == value else "–"
