"""The fused map: the posterior of every pixel, given every source and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..inference.output import NODATA_CLASS, new_raster
from ..inference.style import DOUBT, ramp_style
from ..sources.statements import Statements
from .crowd import Reliabilities
from .evidence import BAND_PREFIX, Evidence
from .ground import Ground
from .regions import Regions

FUSED_PREFIX = "fused: "
ROWS = 256


def posterior(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, window: Window,
              without: Evidence | Statements | None = None) -> NDArray[np.float64]:
    """p(class | every source) for a window (height, width, classes), or every source but ``without`` (the imagery's
    evidence, or a layer of the ground): the leave-one-out posterior that judges it.
    """
    q = None if without is evidence else np.moveaxis(np.nan_to_num(evidence.read(window)), 0, -1)
    said = [None if layer is without else np.moveaxis(layer.read(window).mix, 0, -1) for layer in ground.layers]
    if q is None and all(s is None for s in said):
        return np.broadcast_to(reliabilities.prior, (int(window.height), int(window.width), len(reliabilities.prior)))
    result = reliabilities.posterior(q, said, Regions.over(ground.grid).at(window))
    return np.broadcast_to(result, (int(window.height), int(window.width), result.shape[-1]))


def entropy(p: NDArray[np.floating]) -> NDArray[np.float32]:
    """The entropy of probabilities (…, classes), as a share of the largest there can be: 0 sure, 1 anything goes."""
    p = np.asarray(p)
    h = -(p * np.log(np.maximum(p, 1e-12))).sum(axis=-1) / np.log(p.shape[-1])
    return np.asarray(h, np.float32)


def write_fused(ground: Ground, evidence: Evidence, reliabilities: Reliabilities, feedback: Feedback, *, output: str,
                probability: str = "", uncertainty: str = "", tags: Mapping[str, Any] | None = None) -> None:
    """Write the fused map, and the probabilities and uncertainty where asked; a pixel that no source speaks of and no
    imagery shows is nodata, the largest code that no class has. All outputs appear at the end, together.
    """
    legend, grid = ground.legend, ground.grid
    names = legend.names
    codes = np.array([c.code for c in legend.classes], np.uint8)
    nothing = max(set(range(NODATA_CLASS + 1)) - set(codes.tolist()))
    colors = {c.code: _rgba(c.color) for c in legend.classes}
    described = {**(tags or {}), "classes": {str(c.code): c.name for c in legend.classes}, "legend": legend.name}
    with ExitStack() as stack:
        fused = stack.enter_context(new_raster(output, grid, count=1, dtype="uint8", nodata=nothing,
                                               names=["class"], tags=described, colors=colors))
        chances = probability and stack.enter_context(new_raster(
            probability, grid, count=2 * len(names), dtype="float32", nodata=float("nan"), tags=described,
            names=[FUSED_PREFIX + n for n in names] + [BAND_PREFIX + n for n in names]))
        doubt = uncertainty and stack.enter_context(new_raster(
            uncertainty, grid, count=1, dtype="float32", nodata=float("nan"), names=["entropy"], tags=described,
            style=ramp_style(DOUBT)))
        for top in range(0, grid.height, ROWS):
            feedback.check()
            window = Window(0, top, grid.width, min(ROWS, grid.height - top))
            p = posterior(ground, evidence, reliabilities, window)
            seen = evidence.read(window)
            known = ~np.isnan(seen[0])
            for layer in ground.layers:
                known |= layer.read(window).feature >= 0
            fused.write(np.where(known, codes[p.argmax(axis=-1)], nothing).astype(np.uint8), 1, window=window)
            if chances:
                both = np.concatenate([np.where(known, np.moveaxis(p, -1, 0), np.nan), seen])
                chances.write(both.astype(np.float32), window=window)
            if doubt:
                doubt.write(np.where(known, entropy(p), np.nan).astype(np.float32), 1, window=window)
            feedback.progress((top + window.height) / grid.height)


def _rgba(color: str) -> tuple[int, int, int, int]:
    """An opaque colour from its text, #rrggbb."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16), 255
