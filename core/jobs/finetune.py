"""An encoder fine-tuned on the user's own labels: a model to run, and what it is worth."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput
from .layers import CACHE_MB, Effort
from .outputs import check_model_name

if TYPE_CHECKING:
    from ..models.card import ClassLabel, ModelCard
    from ..models.tuned.network import TunedNetwork
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..training.tuning import Scores, Tuned
    from ..training.tuning_labels import LabelSource

FLATTERS = 0.03
"""A gap between the random and the blocked score that is worth a warning."""
WORDS = {"ece_before": "calibration error as the network came", "ece_after": "as it is written", "rmse": "RMSE",
         "mae": "mean error", "coverage_before": "share of values that its bounds hold, as the network came",
         "coverage_after": "as it is written"}
"""What figures are called in the log."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """``model`` is an encoder's name, ``NAME:FILE`` with its public weights, or such a file; empty: a ResNet-18 that
    learns from nothing, whatever the ``method``.

    ``target`` is the field that holds a number, in layers whose settings name none; where no layer has such a field,
    classes are learnt by ``legend`` (a file, a shipped name, or empty: the values of the first layer's class field).
    ``loss`` is for classes, ``selection`` has labels of maps weighed by two views of the imagery, ``compare`` learns
    once more on pixels dealt by chance. ``missing`` says what stands in for bands that the encoder knows and the
    imagery lacks. ``crop``: side of a crop in pixels (0: chosen). ``resolution_m``: side of a pixel in ground metres
    (None: the legend's, else that of the finest raster).

    ``output`` is the model (.safetensors); unless ``full``, a folder with what it added to the encoder lies beside it.
    ``report`` is a page (HTML), ``holdout`` a file of the judged places; empty: not written.
    """

    imagery: tuple[RasterInput, ...]
    map: tuple[VectorInput, ...] = ()
    field: tuple[VectorInput, ...] = ()
    legend: str = ""
    target: str = ""
    model: str = ""
    method: Literal["probe", "lora", "adapter", "full"] = "lora"
    loss: Literal["balanced", "plain", "focal", "dice"] = "balanced"
    selection: bool = True
    compare: bool = True
    missing: Literal["refuse", "mean", "learnt"] = "refuse"
    crop: int = 0
    effort: Effort = "quick"
    extent: ExtentInput | None = None
    resolution_m: float | None = None
    seed: int = 0
    device: str = "auto"
    allow_ballpark: bool = False
    output: str
    report: str = ""
    holdout: str = ""


@dataclass(frozen=True)
class Site:
    """Imagery and labels of a run on one grid; no ``classes``: values are learnt. ``doubts`` are to be told of them."""

    grid: Grid
    imagery: Imagery
    labels: LabelSource
    classes: tuple[ClassLabel, ...]
    layers: tuple[str, ...]
    doubts: Sequence[str] = ()


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Fine-tune, judge, write; return the paths and the scores."""
    from ..inference.device import choose_device
    from ..models.files import save_network
    from ..models.tuned.network import fingerprint
    from ..models.tuned.peft_files import check_adapter, folder_beside
    from ..report.tuning_page import TunedModel, tuning_page
    from ..sources.block_cache import start_small
    from ..sources.crs import middle_in_degrees
    from ..training.course import until_written
    from ..training.holdout_file import write_holdout
    from ..training.tuning import STEPS, TuningSettings, fine_tune
    from ..training.tuning_chips import content_of, read_tuning_chips
    from ..training.tuning_start import FROM_NOTHING, TuningStart, crop_for, plain_bands, tuned_card
    from ..whole import check_room, write_text
    from .record import described, versions
    from .run_card import RunCard

    check_model_name(params.output)
    if params.model and params.method != "full":
        check_adapter(folder_beside(params.output))
    start_small(CACHE_MB)
    device = choose_device(params.device)
    with _opened(params) as site:
        grid, imagery = site.grid, site.imagery
        start = TuningStart(
            params.model, params.method if params.model else "full", plain_bands(imagery),
            imagery.statistics(params.seed, gaps=True), grid.pixel_m, middle_in_degrees(grid.crs, grid.bounds),
            params.missing, max(len(site.classes), 1), "classes" if site.classes else "value", params.seed)
        encoder = start.encoder()
        crop = crop_for(encoder, params.crop)
        check_room(params.output, start.room(encoder))
        feedback.info(device.line)
        feedback.facts["device"] = device.line
        if not params.model:
            feedback.info(f"No MODEL is named: a {FROM_NOTHING} learns from nothing, all of it.")
        _say_start(site, start, encoder, feedback)
        with feedback.stage("read"):
            chips = read_tuning_chips(imagery, grid, site.labels, feedback.span(0.0, 0.1), side=2 * crop,
                                      buffer_px=min(max(3, site.labels.cut.side_px // 4), crop), seed=params.seed)
        settings = TuningSettings(
            STEPS[params.effort], crop, loss=params.loss, selection=params.selection, compare=params.compare,
            precision="full" if device.torch_name == "cpu" else "mixed", seed=params.seed,
            checkpoint=f"{params.output}.unfinished", log=f"{params.output}.csv",
            describes=str([params.model, params.method, params.target, params.legend, params.loss, params.selection,
                           params.missing, crop, params.extent, params.resolution_m, params.seed,
                           *map(described, _inputs(params)),
                           # Files of the same names may hold something else by now: what they held is told as well.
                           fingerprint(encoder), [(one.value, one.name) for one in site.classes], imagery.bands,
                           content_of(chips)]))
        with feedback.stage("learn"):
            tuned = fine_tune(start.network, chips, start.channels, settings, device.torch(), feedback.span(0.1, 0.98))
        network = tuned.network.cpu()
        told = _told(tuned)
        card = tuned_card(network, imagery.bands, site.classes, crop=crop, resolution_m=grid.pixel_m, seed=params.seed,
                          trained_on=site.layers, scores={key: f"{value:.4g}" for key, value in told.items()},
                          versions=versions(), run=RunCard.of("finetune", params, feedback).texts())
        warnings = _said_of_scores(told, site, feedback)
        with until_written(settings.checkpoint):
            replaced = os.path.exists(params.output)
            save_network(params.output, [network], card)
            adapter = _adapter_beside(params.output, network, card, replaced, feedback)
            if params.holdout:
                write_holdout(params.holdout, chips, [band.name for band in imagery.bands],
                              [label.name for label in site.classes])
            if params.report:
                write_text(params.report, tuning_page(TunedModel(
                    card, tuned.blocked, tuned.random, site.labels.cut.side_px * grid.pixel_m, network.trained_share,
                    warnings)))
    return {"OUTPUT": params.output, "ADAPTER": adapter, "REPORT": params.report, "HOLDOUT": params.holdout,
            "SCORE": told.get("score"), "SCORE_RANDOM": told.get("score_random"), "ECE_BEFORE": told.get("ece_before"),
            "ECE_AFTER": told.get("ece_after"), "TRAINED_SHARE": network.trained_share}


def _adapter_beside(output: str, network: TunedNetwork, card: ModelCard, replaced: bool, feedback: Feedback) -> str:
    """Write what the network has beside its encoder, and return the folder. Of a whole encoder that learnt there is
    none (empty), and that of a model which was ``replaced`` goes with it: without one the folder is somebody else's.
    """
    from ..models.tuned.peft_files import folder_beside, remove_adapter, write_adapter

    folder = folder_beside(output)
    if network.card.method != "full":
        write_adapter(folder, network, card)
        return folder
    if not replaced:
        return ""
    try:
        if remove_adapter(folder):
            feedback.info(f"The adapter {folder} was that of the model which lay here before, and is removed with it.")
    except OSError as error:
        feedback.warning(f"The adapter {folder} is that of the model which lay here before, and cannot be removed "
                         f"({error.strerror or error}); remove it yourself.")
    return ""


@contextmanager
def _opened(params: Params) -> Iterator[Site]:
    """Open imagery and labels. Raises :class:`InputError` naming the input that does not fit, before any long work."""
    from ..fusion.ground import open_ground, training_layers
    from ..models.card import ClassLabel
    from ..training.tuning_labels import ClassLabels

    maps, fields = (tuple(map(_with_target(params.target), layers)) for layers in (params.map, params.field))
    layers = [layer for layer in (*maps, *fields) if layer.settings.may_train is not False]
    if not maps and not fields:
        raise InputError("Neither MAP nor FIELD names a layer; give at least one to learn from.")
    valued = [layer for layer in layers if layer.settings.value_field]
    if valued:
        yield from _values(params, maps, fields)
        return
    if params.holdout and params.target:
        raise InputError("A HOLDOUT is written of classes only; leave it out, or TARGET.")
    with open_ground(params.imagery, maps, fields, params.legend, params.extent, params.allow_ballpark,
                     params.resolution_m) as ground:
        learnt = training_layers(ground)
        labels = ClassLabels(learnt, ground.legend.names, ground.grid, params.seed)
        yield Site(ground.grid, ground.imagery, labels,
                   tuple(ClassLabel(one.code, one.name, one.color) for one in ground.legend.classes),
                   tuple(layer.name for layer in learnt))


def _values(params: Params, maps: tuple[VectorInput, ...], fields: tuple[VectorInput, ...]) -> Iterator[Site]:
    from ..fusion.ground import refuse_training
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.vectors import read_features
    from ..training.tuning_labels import ValueLabels

    without = [layer.name for layer in (*maps, *fields) if not layer.settings.value_field]
    if without:
        raise InputError(f"The layer {without[0]!r} has no field of values, and others have; name its field in SOURCES "
                         "(value_field), or leave it out.")
    if params.holdout:
        raise InputError("A HOLDOUT is written of classes only; leave it out.")
    grid = Grid.from_imagery(params.imagery, params.resolution_m, params.extent)
    read = [*(read_features(one, grid, "map", allow_ballpark=params.allow_ballpark) for one in maps),
            *(read_features(one, grid, "field", allow_ballpark=params.allow_ballpark) for one in fields)]
    learnt = [features for features in read if features.settings.may_train is not False]
    labels = ValueLabels(learnt, grid, params.seed)
    with Imagery.open(params.imagery, grid, allow_ballpark=params.allow_ballpark) as imagery:
        refuse_training(imagery)
        yield Site(grid, imagery, labels, (), tuple(features.name for features in learnt), labels.doubts)


def _with_target(target: str) -> Any:
    def named(layer: VectorInput) -> VectorInput:
        own = layer.settings
        return layer if not target or own.value_field else replace(layer, settings=replace(own, value_field=target))

    return named


def _inputs(params: Params) -> tuple[RasterInput | VectorInput, ...]:
    return (*params.imagery, *params.map, *params.field)


def _say_start(site: Site, start: Any, encoder: Any, feedback: Feedback) -> None:
    grid = site.grid
    what = ", ".join(label.name for label in site.classes) or "a value with its doubt"
    feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m; learnt is {what}; blocks of "
                  f"{site.labels.cut.side_px * grid.pixel_m:.0f} m.")
    dates = [day for day in start.dates.dates if day]
    feedback.info(f"Encoder: {encoder.card.title}, METHOD={start.method}"
                  + (f", {len(dates)} dates from {dates[0]} to {dates[-1]}" if dates else "") + ".")
    for doubt in filter(None, (start.statistics.doubt, *site.doubts)):
        feedback.warning(doubt)
    for line in (*(encoder.mapping.lines() if encoder.mapping else ()),
                 *(encoder.report.lines() if encoder.report else ()), *encoder.assumed):
        feedback.info(f"  {line}")


def _told(tuned: Tuned) -> dict[str, float]:
    """The figures of a fit by name; those that do not exist are left out."""
    told = _figures(tuned.blocked)
    if tuned.random is not None:
        told["score_random"] = _figures(tuned.random)["score"]
    return {name: value for name, value in told.items() if value == value}


def _figures(scores: Scores) -> dict[str, float]:
    from ..training.judging import ClassScores

    if isinstance(scores, ClassScores):
        return {"score": scores.macro_f1, "low": scores.low, "high": scores.high, "accuracy": scores.accuracy,
                "ece_before": scores.ece_before, "ece_after": scores.ece_after, "temperature": scores.temperature}
    return {"score": scores.r2, "low": scores.low, "high": scores.high, "rmse": scores.rmse, "mae": scores.mae,
            "coverage_before": scores.coverage_before, "coverage_after": scores.coverage_after}


def _said_of_scores(told: dict[str, float], site: Site, feedback: Feedback) -> list[str]:
    name = "Mean F1" if site.classes else "R²"
    score, random = told.get("score", float("nan")), told.get("score_random")
    feedback.info(f"Judged on blocks left out: {name} {score:.3f} ({told.get('low', score):.3f} to "
                  f"{told.get('high', score):.3f}); "
                  + ", ".join(f"{WORDS.get(key, key)} {value:.3g}" for key, value in told.items()
                              if key not in ("score", "low", "high", "score_random")) + ".")
    if random is None:
        return []
    text = f"With pixels dealt by chance {name} is {random:.3f} instead of {score:.3f}"
    if not random - score > FLATTERS:
        feedback.info(f"{text}.")
        return []
    text = f"{text}: the difference is what neighbours give away; expect the blocked figure on other ground."
    feedback.warning(text)
    return [text]
