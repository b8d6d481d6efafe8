"""Run a model over imagery of any size."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .inputs import ExtentInput, RasterInput

if TYPE_CHECKING:
    from ..feedback import Feedback
    from ..inference.blend import Scale
    from ..inference.plan import OpenPlan
    from ..inference.tiling import Lattice


@dataclass(frozen=True, kw_only=True)
class Params:
    """``model`` is an ONNX or safetensors file, ``card`` a STAC MLM file or a shipped card's name (empty: within or
    beside the model). ``bands`` name the imagery's bands in the order of the model's channels (empty: found by name and
    wavelength). ``resample`` brings the imagery to the model's resolution.

    ``scheduler`` is the address of a Dask cluster (``tcp://host:8786``), or ``local:4``. ``precision`` ``fast``
    computes with fewer digits where the device gains by it. ``tile`` is a tile's side in pixels, ``overlap`` the share
    that neighbours have in common, ``batch`` how many go through the model at once; 0 and None: chosen.

    ``output`` gets the classes, values or embeddings, ``probability`` those of each class, ``detections`` the boxes of
    a detector; empty: not written.
    """

    imagery: tuple[RasterInput, ...]
    model: str
    card: str = ""
    bands: tuple[str, ...] = ()
    extent: ExtentInput | None = None
    resample: bool = False
    device: str = "auto"
    scheduler: str = ""
    precision: Literal["full", "fast"] = "full"
    tile: int = 0
    overlap: float | None = None
    batch: int = 0
    allow_ballpark: bool = False
    output: str = ""
    probability: str = ""
    detections: str = ""


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write what is asked for; return the paths written."""
    from ..inference import estimate
    from ..inference.cluster import on_cluster
    from ..inference.device import choose_device
    from ..inference.layout import area_of, batch_for, grid_for, tiling_for
    from ..inference.plan import Plan
    from ..inference.predict import laid_out, predict_boxes, predict_rasters
    from ..inference.quicken import quicken
    from ..inference.tiler import here
    from ..inference.tiling import Lattice
    from ..models.files import open_model
    from ..sources.block_cache import start_small

    model = open_model(params.model, params.card)
    model.require("task", "scaling")
    card = model.card
    _check_outputs(params, card.task)
    device = choose_device(params.device)
    grid = grid_for(card, params.imagery, resample=params.resample)
    area = area_of(grid, params.extent)
    tiling = tiling_for(card, params.tile, params.overlap, model.reach)
    batch = batch_for(card, device, params.batch)
    batches = estimate.batches_of(Lattice.over(tiling, grid.shape, area), batch)
    plan = Plan(params.model, params.card, params.imagery, params.bands, grid, tiling.side, batches, params.device,
                params.precision, params.allow_ballpark)
    start_small(estimate.CACHE_MB)
    with plan.open(feedback, model) as opened:
        opened.check_valid(area)
        if doubts := opened.doubts():
            feedback.warning(doubts)
        tiling, scale = laid_out(opened, tiling)
        lattice = Lattice.over(tiling, grid.shape, area)
        if params.precision == "fast" and card.task != "detection" and not params.scheduler:
            quicken(opened, lattice, feedback)
        _announce(opened, lattice, scale, batch, feedback)
        tags = _tags(opened, params)
        where = (on_cluster(params.scheduler, plan, feedback) if params.scheduler
                 else nullcontext(here(opened.read, opened.run, opened.runner.workers, opened.runner.readers,
                                       opened.runner.room, opened.finish)))
        with where as computing, feedback.stage("predict"):
            compute = estimate.telling(computing, lattice, estimate.batches_of(lattice, batch), feedback,
                                       after=estimate.AT_ONCE if params.scheduler else opened.runner.workers)
            if card.task == "detection":
                number = predict_boxes(plan, opened, compute, lattice, feedback, batch=batch,
                                       detections=params.detections, tags=tags)
                feedback.info(f"{number} objects found.")
            else:
                predict_rasters(plan, opened, compute, lattice, scale, feedback, batch=batch,
                                output=params.output, probability=params.probability, tags=tags)
    return {"OUTPUT": params.output, "PROBABILITY": params.probability, "DETECTIONS": params.detections}


def _check_outputs(params: Params, task: str) -> None:
    from ..errors import InputError

    if task == "detection":
        if params.output or params.probability or not params.detections:
            raise InputError("The model finds objects: name DETECTIONS, and leave OUTPUT and PROBABILITY empty.")
    elif params.detections or not (params.output or params.probability):
        raise InputError(f"The model does {task}, which makes a raster: name OUTPUT or PROBABILITY, and leave "
                         "DETECTIONS empty.")
    elif params.probability and task != "segmentation":
        raise InputError(f"The model does {task} and has no class probabilities; leave PROBABILITY empty.")


def _announce(opened: OpenPlan, lattice: Lattice, scale: Scale, batch: int, feedback: Feedback) -> None:
    """Say what will be done, where, and what it takes."""
    from ..inference import estimate

    card = opened.card
    feedback.info(opened.runner.line)
    feedback.facts["device"] = opened.runner.line
    batches = estimate.batches_of(lattice, batch)
    channels = 0 if card.task == "detection" else opened.heads.channels
    memory = estimate.memory_mb(lattice, scale, inputs=sum(len(one.channels) for one in card.inputs),
                                channels=channels, batch=batch,
                                threads=opened.runner.workers + opened.runner.readers)
    feedback.info(f"Model “{card.name}” ({card.task}) on {int(lattice.area.width)} × {int(lattice.area.height)} "
                  f"pixels: {batches} batches of {batch} tiles of {lattice.tiling.side} pixels; about {memory:.0f} MB "
                  "beside the model.")
    reach = opened.model.reach.pixels
    if reach is not None and reach > lattice.tiling.rim and card.task != "detection" and not opened.heads.per_tile:
        feedback.info(f"The model looks up to {reach} pixels far, and its tiles only {lattice.tiling.rim}: seams may "
                      "show faintly; a larger TILE or OVERLAP avoids them.")


def _tags(opened: OpenPlan, params: Params) -> dict[str, Any]:
    """The metadata of the outputs: what made them, from what, on what."""
    from .record import versions

    card = opened.card
    return {"made_by": "GeoLoop", "model": card.name, "model_file": opened.model.path, "task": card.task,
            "device": opened.runner.where, "precision": params.precision, "seed": str(card.seed),
            "trained_on": list(card.trained_on), "imagery": [one.path for one in params.imagery],
            "bands": [band.name for band in opened.imagery.bands], "versions": versions()}
