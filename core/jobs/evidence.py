"""What the imagery says, and by which networks: fitted here, going on from an earlier round, or given."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from .layers import OnLayers, Workplace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..discrepancies.witness import Witness
    from ..ledger import Ledger
    from ..ledger.history import WrongShare
    from ..ledger.verdicts import Verdict
    from ..models.card import ModelCard
    from ..models.files import ModelFile
    from ..models.starting import Start
    from ..sources.vectors import Features
    from ..training.crossfit import CrossFitted
    from ..training.targets import Targets


LITTLE_IN_COMMON = 0.5
"""Rasters that share less of their ground are more likely tiles than looks at one ground."""
COARSER = 2.0
"""A network that learnt on pixels so many times finer or coarser sees another world."""


@dataclass(frozen=True, kw_only=True)
class WithModel(OnLayers):
    """``model``: a file that says what the imagery shows. GeoLoop's own that judges this very ground, or an ONNX model
    that knows the legend's classes, is used as it is; another of GeoLoop's own is what the fit starts from. Empty:
    fitted here, going on from the ledger's last round. A fusion network that ``pretrain`` wrote leaves the fit as it
    is: it is asked about features that it does not see, where features are judged.
    """

    model: str = ""


@dataclass(frozen=True)
class Past:
    """What a ledger knows before a run: decisions, the last model and the round that left it, the last decision that
    this model has learnt from and whether it was made to learn (job ``learn``), and how much of each layer is wrong.
    Empty for a new ledger.
    """

    verdicts: Sequence[Verdict] = ()
    last_decision: int = 0
    model: str = ""
    round: int = 0
    knows: int = 0
    learnt: bool = False
    wrong: Mapping[str, WrongShare] = field(default_factory=dict)


@dataclass(frozen=True)
class ImageryEvidence:
    """Where the probabilities lie (a raster in the workplace's folder), what gave them as the ledger notes it (a card,
    or a path), the networks if they are GeoLoop's own and cross-fitted here, and what is said of the fit.
    """

    path: Path
    model: str
    fitted: CrossFitted | None
    learning: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """A ``witness`` of a run, if there is one; ``model`` is what remains to say what the imagery shows; ``said`` is
    what the round's metrics keep of it.
    """

    witness: Witness | None
    model: str
    said: Mapping[str, Any]


def hear(work: Workplace, params: WithModel, feedback: Feedback) -> Heard:
    """Open MODEL as a witness where it is a fusion network. See :class:`WithModel`."""
    from ..models.fusion_file import is_fusion, open_fusion

    if not is_fusion(params.model):
        return Heard(None, params.model, {})
    from ..discrepancies.witness import Witness

    network, about = open_fusion(params.model)
    pixel = work.ground.grid.pixel_m
    if not about.pixel_m / COARSER <= pixel <= about.pixel_m * COARSER:
        feedback.warning(f"The network {params.model} learnt on pixels of {about.pixel_m:g} m and is asked about ones "
                         f"of {pixel:g} m: what it says may be worth little.")
    feedback.info(f"{Path(params.model).name}, which learnt from {', '.join(about.trained_on)}, is asked about every "
                  "feature without seeing it.")
    witness = Witness.of(network, work.ground, work.device.torch(), params.seed)
    return Heard(witness, "", {"witness": {"model": params.model, "learnt_from": list(about.trained_on),
                                           "steps": about.steps, "pixel_m": about.pixel_m}})


def past_of(ledger: str) -> Past:
    """Read what a ledger knows; an empty past where there is none yet."""
    from ..ledger import Ledger

    if not ledger or not Path(ledger).exists():
        return Past()
    with Ledger.open(ledger) as opened:
        return read_past(opened)


def read_past(ledger: Ledger) -> Past:
    """Read what an open ledger knows. A model file that is gone counts as none, a decision that is more likely wrong
    than right as unsure.
    """
    from ..ledger.history import wrong_shares
    from ..ledger.reviewers import Reviewers
    from ..ledger.verdicts import last_decision, last_model, verdicts

    doubtful = Reviewers.of(ledger).doubtful()
    said = [replace(one, decision="unsure") if one.uid in doubtful else one for one in verdicts(ledger)]
    latest, last, wrong = last_decision(ledger), last_model(ledger), wrong_shares(ledger)
    if last is None or not (ledger.path.parent / last.path).is_file():
        return Past(said, latest, wrong=wrong)
    return Past(said, latest, str(ledger.path.parent / last.path), last.round, last.knows, last.job == "learn", wrong)


def imagery_evidence(work: Workplace, params: OnLayers, feedback: Feedback, *, model: str = "", ledger: str = ""
                     ) -> ImageryEvidence:
    """Write what networks say of places whose labels they never saw. See :class:`WithModel` for ``model``."""
    from ..fusion.evidence import write_evidence

    say_ground(work, params, feedback)
    path = Path(work.folder) / "imagery.tif"
    file = _open(model, work) if model else None
    if file is not None and file.format == "onnx":
        _run_model(params, model, path, feedback)
        return ImageryEvidence(path, model, None, {"began_from": model, "fitted": False})
    past, part = past_of(ledger), feedback.span(0.0, 0.85)
    if file is None:
        fitted, learning = learn_from(work, params, past, part, rest=True)
    elif not why_not_here(file.card, work):
        fitted, learning = _as_it_is(work, params, past, file, model)
    else:
        fitted, learning = learn_from(work, params, replace(past, model=""), part, start=_start(file, work))
    with feedback.stage("predict"):
        write_evidence(work.ground, fitted, path, feedback.span(0.85, 1.0))
    return ImageryEvidence(path, fitted.card.to_json(), fitted, learning)


def learn_from(work: Workplace, params: OnLayers, past: Past, feedback: Feedback, *, start: Start | None = None,
               rest: bool = False) -> tuple[CrossFitted, dict[str, Any]]:
    """Fit networks on the labels as decisions put them right, going on from the last model where it fits; keep the old
    ones if these do not know unseen labels better. With ``rest`` a model that has learnt all decisions is left alone.

    Returns the networks to go on with, and what the ledger shall say of this.
    """
    from ..fusion.evidence import fit_evidence, labels_of
    from ..fusion.rulings import Rulings
    from ..fusion.weigh import believed_wrong
    from ..models.files import open_model
    from ..training.holdout import MEASURE, compare
    from ..training.kept import reopen
    from ..training.selection import selection_of

    ground = work.ground
    file = open_model(past.model) if past.model else None
    why = why_not_here(file.card, work) if file is not None else ""
    if why:
        feedback.info(f"The model of round {past.round} does not go on here: {why}. The fit begins anew.")
        file = None
    if file is not None and rest and past.learnt and past.knows == past.last_decision:
        feedback.info(f"The model of round {past.round} has learnt every decision so far and is used as it is.")
        return _as_it_is(work, params, past, file, f"round {past.round}")
    targets = labels_of(ground, params.seed, past.verdicts, None if file is None else file.card)
    before = None if file is None else reopen(file, targets, work.device.torch())
    wrong = believed_wrong(targets.layers, past.wrong, past.verdicts)
    selection = None if before is None else selection_of(ground.imagery.bands, wrong)
    if before is not None:
        feedback.info(f"The fit goes on from the model of round {past.round}. Of the labels {100 * wrong:.1f} % are "
                      f"believed to be wrong: {'all count' if selection is None else 'so many may be doubted'}.")
    _say_lessons(targets, past, feedback)
    _say_cost(work, params, targets.blocks.count, before is not None, feedback)
    with feedback.stage("fit"):
        fitted = fit_evidence(ground, targets, params.effort, params.seed + past.round, work.device,
                              feedback.span(0.0, 0.9), start=start, before=before, selection=selection)
    held = None
    if before is not None:
        with feedback.stage("hold-out"):
            drawn = Rulings.of_verdicts(past.verdicts, ground).drawn(targets.layers)
            held = compare(before, fitted, ground.imagery, params.seed, feedback.span(0.9, 1.0), drawn)
        feedback.info(held.sentence())
    bands = ground.imagery.bands
    learning = {
        **_known(targets, past), "fitted": True,
        "began_from": f"round {past.round}" if before is not None else _beginning(start, fitted.card),
        "believed_wrong": round(wrong, 4),
        "selection": None if selection is None else {
            "views": [[bands[i].name for i in view] for view in selection.views]},
        "holdout": None if held is None else {**asdict(held), "gain": held.gain, "replaced": held.replaced,
                                              "measure": MEASURE}}
    return (fitted if before is None or held is None or held.replaced else before), learning


def keep_model(ledger: str, number: int, fitted: CrossFitted | None) -> dict[str, str]:
    """Keep the networks of a round beside its ledger; return what the round's metrics say of them."""
    if fitted is None:
        return {}
    from ..training.kept import keep

    at = Path(ledger)
    folder = at.with_name(f"{at.stem}_models")
    folder.mkdir(exist_ok=True)
    keep(folder / f"round-{number}.safetensors", fitted)
    return {"model_file": f"{folder.name}/round-{number}.safetensors"}


def say_grid(work: Workplace, feedback: Feedback) -> None:
    """Log where and on what a run works."""
    ground, grid = work.ground, work.ground.grid
    feedback.info(work.device.line)
    feedback.facts["device"] = work.device.line
    feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m; classes: "
                  f"{', '.join(ground.legend.names)}; bands: {', '.join(b.name for b in ground.imagery.bands)}.")
    for layer in ground.layers:
        _say_left_out(layer.features, feedback)


def _say_left_out(features: Features, feedback: Feedback) -> None:
    """Warn of features that a layer has and a run does not use, or does not judge."""
    unused = [f"{number} {reason}" for reason, number in features.skipped.items() if reason != "outside the grid"]
    if unused:
        feedback.warning(f"Features of “{features.name}” that are not used: {', '.join(unused)}.")
    keyless = int(features.keyless.sum())
    if keyless:
        feedback.warning(f"“{features.name}”: {keyless} of {len(features)} features have no {features.input.key}, by "
                         "which they would be known in later rounds: they say what is there and are not judged; fill "
                         "the field.")


def say_ground(work: Workplace, params: OnLayers, feedback: Feedback) -> None:
    """As :func:`say_grid`, and warn where the imagery seems to have a border that is not declared, or its rasters have
    little ground in common.
    """
    say_grid(work, feedback)
    ground = work.ground
    common = ground.imagery.common_share()
    if common < LITTLE_IN_COMMON:
        names = ", ".join(f"“{raster.name}”" for raster in ground.imagery.rasters)
        feedback.warning(f"Only {common:.1%} of the ground lies within all of {names}, and only there the imagery "
                         "is heard: several rasters are several looks at one ground. Tiles that lie side by side are "
                         "joined first, with gdal:merge or gdal:buildvirtualraster; EXTENT cuts a run to what rasters "
                         "have in common.")
    if doubt := ground.imagery.statistics(params.seed).doubt:
        feedback.warning(doubt)


def _say_cost(work: Workplace, params: OnLayers, folds: int, goes_on: bool, feedback: Feedback) -> None:
    """Say what the networks will take on this device, before they begin."""
    from ..feedback import in_words
    from ..training.estimate import expected

    ground = work.ground
    cost = expected(ground.grid, len(ground.imagery.bands), len(ground.legend.names), folds=folds,
                    effort=params.effort, device=work.device.torch(), goes_on=goes_on)
    feedback.info(f"The networks will take about {in_words(cost.seconds)} and {cost.memory_mb:.0f} MB beside what the "
                  "engine itself holds.")


def _as_it_is(work: Workplace, params: OnLayers, past: Past, file: ModelFile, began_from: str
              ) -> tuple[CrossFitted, dict[str, Any]]:
    from ..fusion.evidence import labels_of
    from ..training.kept import reopen

    targets = labels_of(work.ground, params.seed, past.verdicts, file.card)
    return (reopen(file, targets, work.device.torch()),
            {**_known(targets, past), "fitted": False, "began_from": began_from, "selection": None, "holdout": None,
             "after_decision": past.knows})


def _known(targets: Targets, past: Past) -> dict[str, Any]:
    counts = {} if targets.lessons is None else dict(targets.lessons.counts)
    return {"decisions": len(past.verdicts), "after_decision": past.last_decision, "lessons": counts}


def _say_lessons(targets: Targets, past: Past, feedback: Feedback) -> None:
    if targets.lessons is None:
        return
    n = targets.lessons.counts
    feedback.info(f"{len(past.verdicts)} decisions teach the fit: {n['corrected']} labels put right, {n['confirmed']} "
                  f"confirmed, {n['patches']} painted, {n['ignored']} left out; {n['silent']} say nothing of labels, "
                  f"{n['past']} are of features that have changed since.")


def _beginning(start: Start | None, card: ModelCard) -> str:
    from ..models.starting import start_of

    begun = start or start_of(card.architecture)
    return "chance" if begun is None else begun.card.name


def why_not_here(card: ModelCard, work: Workplace) -> str:
    """Why a model cannot judge this ground place by place; empty if it can."""
    from ..training.kept import why_not

    ground = work.ground
    return why_not(card, ground.grid, ground.imagery.bands, ground.legend.names)


def _open(model: str, work: Workplace) -> ModelFile:
    """Open MODEL and see, before any long work, that it can be used here one way or another."""
    from ..errors import InputError
    from ..models.files import open_model
    from ..models.match import match_bands
    from ..training.kept import overlaps

    file = open_model(model)
    names = [label.name for label in file.card.outputs[0].classes]
    if file.format == "onnx":
        file.require("task", "scaling", "classes")
        lacking = [name for name in work.ground.legend.names if name not in names]
        if file.card.task != "segmentation" or lacking:
            why = f"it does not know the class {lacking[0]!r}" if lacking else f"it does {file.card.task}"
            raise InputError(f"The model {model} cannot be the imagery's word: {why}; name one that tells "
                             f"{', '.join(work.ground.legend.names)} apart, or none.")
        twice = [name for name in work.ground.legend.names if names.count(name) > 1]
        if twice:
            raise InputError(f"The model {model} has several classes named {twice[0]!r}, and nothing tells which one "
                             "is the legend's; give each its own name in its card.")
        match_bands(file.card, work.ground.imagery.bands)
    elif why_not_here(file.card, work) and overlaps(file.card, work.ground.grid):
        raise InputError(f"The model {model} has learnt from labels of this ground and cannot judge them, because "
                         f"{why_not_here(file.card, work)}; name it with the imagery, LEGEND and EXTENT it was made "
                         "with, or none.")
    return file


def _start(file: ModelFile, work: Workplace) -> Start:
    from ..models.starting import start_with
    from ..training.crossfit import recipe_of

    ground = work.ground
    return start_with(file, recipe_of(ground.grid).architecture, ground.imagery.bands, ground.legend.names)


def _run_model(params: OnLayers, model: str, path: Path, feedback: Feedback) -> None:
    from . import predict

    predict.run(predict.Params(imagery=params.imagery, model=model, extent=params.extent, device=params.device,
                               allow_ballpark=params.allow_ballpark, probability=str(path)), feedback)
