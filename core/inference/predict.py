"""Running a model over an area: from tiles to rasters that continue where a killed run was, or to boxes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from ..feedback import Feedback
from ..models.files import ModelFile
from ..sources.fingerprint import fingerprint, written
from ..sources.grid import Grid
from .blend import Scale, output_scale
from .detections import Detections, write_detections
from .output import Layer
from .plan import IOU, OpenPlan, Plan
from .strips import Strips
from .tiler import Compute, run_tiles
from .tiling import Lattice, Tiling


def laid_out(opened: OpenPlan, tiling: Tiling) -> tuple[Tiling, Scale]:
    """Return the tiles and the scale that a model's outputs ask for: one that gives a vector a tile has no overlap."""
    if opened.card.task == "detection":
        return tiling, Scale()
    if opened.heads.per_tile:
        tiling = Tiling(tiling.side, 0, 0)
    return tiling, output_scale(tiling.side, opened.heads.output_side, tiling)


def predict_rasters(
    plan: Plan, opened: OpenPlan, compute: Compute, lattice: Lattice, scale: Scale, feedback: Feedback, *,
    batch: int, output: str = "", probability: str = "", tags: Mapping[str, Any],
) -> None:
    """Write the map of classes, values or embeddings, and the probabilities, of an area of the plan's grid.

    Finished rows are kept beside the output; a run that was killed or failed is continued by one that would give the
    same. Raises :class:`~geoloop.core.errors.InputError` if an output cannot be written.
    """
    heads = opened.heads
    grid = scaled(plan.grid.crop(scale.snapped(lattice.area)), scale)
    layers: dict[str, Layer] = {}
    if output:
        layers[output] = heads.map_layer(dict(tags))
    if probability:
        layers[probability] = heads.probability_layer(dict(tags))
    specks = {output: opened.card.smallest_px} if output and opened.card.smallest_px else {}
    with (Strips(layers, grid, run_text(plan, opened.model, lattice, batch), specks) as strips,
          ThreadPoolExecutor(1, "write") as writer):
        if strips.done:
            feedback.info(f"Continuing a run that was stopped: {strips.done} of {grid.height} rows are there.")
        written: Future[None] | None = None
        for rows in run_tiles(lattice, compute, heads.channels, feedback.span(0.0, 0.95), scale=scale, batch=batch,
                              done=strips.done, device=opened.runner.device):
            bands: dict[str, NDArray[np.generic]] = {}
            if output:
                bands[output] = heads.map(rows.values, rows.valid)
            if probability:
                bands[probability] = rows.values.cpu().numpy()
            start = rows.start
            del rows  # large where a raster is wide, and done with
            if written:
                written.result()
            written = writer.submit(strips.write, start, bands)
        if written:
            written.result()
        strips.finish(feedback.span(0.95, 1.0))


def predict_boxes(
    plan: Plan, opened: OpenPlan, compute: Compute, lattice: Lattice, feedback: Feedback, *, batch: int,
    detections: str, tags: Mapping[str, Any],
) -> int:
    """Write the objects that a detector finds in an area of the plan's grid; return how many."""
    grid, card = plan.grid, opened.card
    found = Detections(grid.shape, lattice.tiling.halo, IOU if card.iou is None else card.iou, lattice.area)
    for computed in compute(lattice.batches(batch)):
        feedback.check()
        for tile, boxes in zip(computed.seen, computed.values, strict=True):
            found.add(boxes, tile.window)
        feedback.progress(lattice.share(computed.batch[-1]))
    objects = found.found()
    write_detections(detections, grid, objects, card.outputs[0].classes, tags)
    return len(objects)


def scaled(grid: Grid, scale: Scale) -> Grid:
    """The grid in output pixels."""
    return replace(grid, transform=grid.transform @ Affine.scale(scale.down / scale.up), width=scale.of(grid.width),
                   height=scale.of(grid.height))


def run_text(plan: Plan, model: ModelFile, lattice: Lattice, batch: int) -> str:
    """A text that is the same for runs that give the same result, as long as nobody has written to their files."""
    files = [plan.model, *model.external, *(one.path for one in plan.imagery)]
    return json.dumps({
        "plan": {k: v for k, v in asdict(plan).items() if k not in ("batches",)},
        "area": [int(v) for v in lattice.area.flatten()], "tiling": asdict(lattice.tiling), "batch": batch,
        "card": model.card.to_json(),  # wherever it was found
        "files": {name: fingerprint(name) for name in files if name and Path(name).is_file()},
        "written": written(one.path for one in plan.imagery),
    }, default=str, sort_keys=True)
