"""The map of a point model: estimate and bounds of every pixel, tile by tile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..inference.output import Layer
from ..inference.strips import Strips
from ..inference.tiler import here, run_tiles
from ..inference.tiling import Lattice, Tiling
from ..sources.grid import Grid
from ..sources.imagery import Imagery
from .estimators import Estimator
from .observations import LEAST_BANDS, Kind

SIDE = 64
"""Small tiles: a forest takes its time, and a user who cancels none."""
NAMES: Mapping[Kind, tuple[str, str, str]] = {
    "value": ("value", "low 5 %", "high 95 %"),
    "presence": ("probability of presence", "low 5 %", "high 95 %"),
    "presence_only": ("relative suitability", "low 5 %", "high 95 %"),
}


def write_map(path: str, model: Estimator, kind: Kind, widening: float, imagery: Imagery, grid: Grid,
              tags: Mapping[str, Any], written: Mapping[str, int], feedback: Feedback) -> None:
    """Write three bands: the estimate, and bounds that hold nine of ten; NaN where too few bands have measurements.

    ``widening`` is added to the bounds of values. ``tags`` say what made the map, ``written`` when each file of the
    imagery was written last: rows of a killed run with the same are used. Raises
    :class:`~geoloop.core.errors.InputError` if it cannot be written.
    """
    def read(window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        values, valid = imagery.read_bands(window)
        return np.where(valid, values, np.float32(np.nan)), valid.mean(axis=0) >= LEAST_BANDS

    def predict(x: NDArray[np.float32], valid: NDArray[np.bool_], windows: list[Window]) -> NDArray[np.float32]:
        found = np.full((len(x), 3, *x.shape[2:]), np.nan, np.float32)
        estimate = model(np.ascontiguousarray(np.moveaxis(x, 1, -1)[valid]))
        estimate[1] -= widening
        estimate[2] += widening
        np.moveaxis(found, 1, -1)[valid] = estimate.T
        return found

    lattice = Lattice.over(Tiling(SIDE, 0, 0), grid.shape)
    layer = Layer(3, "float32", float("nan"), NAMES[kind], tags)
    with Strips({path: layer}, grid, json.dumps([dict(tags), written], sort_keys=True, default=str)) as strips:
        for rows in run_tiles(lattice, here(read, predict), 3, feedback.span(0.0, 0.95), done=strips.done):
            strips.write(rows.start, {path: rows.values.numpy()})
        strips.finish(feedback.span(0.95, 1.0))
