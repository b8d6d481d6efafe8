"""Whether the answer depends on how the raster was cut: tile, overlap, extent and batch varied, pixels compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from .jobs import job_of
from .models import PIXEL_M, Model
from .rasters import ORIGIN

Side = tuple[int, int, int, int]


@dataclass(frozen=True)
class Cut:
    """A way to cut a raster; ``window`` (left, top, width, height) in pixels is the extent, None the whole."""

    tile: int
    overlap_px: int
    batch: int
    window: Side | None = None

    def __str__(self) -> str:
        place = "whole" if self.window is None else "{2} × {3} from {0}, {1}".format(*self.window)
        return f"tile {self.tile}, overlap {self.overlap_px} px, batch {self.batch}, {place}"

    def params(self) -> dict[str, Any]:
        """As parameters of the predict job."""
        params: dict[str, Any] = {"tile": self.tile, "overlap": self.overlap_px / self.tile, "batch": self.batch}
        if self.window is not None:
            left, top, width, height = self.window
            x, y = ORIGIN[0] + left * PIXEL_M, ORIGIN[1] - top * PIXEL_M
            params["extent"] = {"xmin": x, "ymin": y - height * PIXEL_M, "xmax": x + width * PIXEL_M, "ymax": y}
        return params


def cuts(side: int) -> list[Cut]:
    """What is varied, of a raster of ``side`` pixels; extents begin on multiples of 16 pixels and elsewhere.

    Two have less overlap than the U-Net's field of view: what is left of seams then is the network's own.
    """
    inner = side * 3 // 4
    return [Cut(640, 256, 1), Cut(640, 256, 4), Cut(768, 256, 2), Cut(768, 320, 1), Cut(1024, 256, 1),
            Cut(1024, 384, 1), Cut(640, 256, 2, (128, 96, inner, inner)), Cut(768, 256, 1, (37, 83, inner, inner)),
            Cut(512, 128, 1), Cut(768, 192, 1)]


def probabilities(model: Model, raster: Path, cut: Cut, folder: Path) -> np.ndarray:
    """The probabilities (classes, side, side) on the whole raster's pixels; NaN where the cut has none."""
    from geoloop.core import jobs
    from geoloop.core.feedback import Feedback

    output = folder / "probability.tif"
    params = job_of(model, raster, folder / "classes.tif", probability=str(output), **cut.params())
    jobs.run("predict", params, Feedback())
    with rasterio.open(raster) as scene, rasterio.open(output) as found:
        left, top = (round(v) for v in ~scene.transform * (found.bounds.left, found.bounds.top))
        whole = np.full((found.count, *scene.shape), np.nan, np.float32)
        whole[:, top:top + found.height, left:left + found.width] = found.read(masked=True).filled(np.nan)
    return whole


@dataclass(frozen=True)
class Seams:
    """Largest difference in probability of every pair of cuts, away from the raster's border."""

    differences: dict[tuple[Cut, Cut], float]
    spread: float

    def among(self, cuts: Collection[Cut]) -> float:
        """The largest of the pairs of which both are among these."""
        return max(d for pair, d in self.differences.items() if set(pair) <= set(cuts))

    def of(self, cut: Cut, others: Collection[Cut]) -> float:
        """The largest of a cut and one of the others."""
        return max(d for pair, d in self.differences.items() if cut in pair and set(pair) - {cut} <= set(others))


def compare_cuts(model: Model, raster: Path, ways: Iterable[Cut], margin: int, folder: Path) -> Seams:
    """Cut the raster in every way and compare, ``margin`` pixels away from its border."""
    found = {cut: probabilities(model, raster, cut, folder)[:, margin:-margin, margin:-margin] for cut in ways}
    differences = {(a, b): float(np.nanmax(np.abs(found[a] - found[b]))) for a, b in combinations(found, 2)}
    return Seams(differences, float(np.nanstd(next(iter(found.values())))))
