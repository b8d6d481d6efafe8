"""What the imagery says of every pixel, by networks that never saw what the map says there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from ..inference.device import Device
from ..inference.output import new_raster
from ..inference.tiler import here, run_tiles
from ..inference.tiling import Lattice, Tiling
from ..jobs.inputs import RasterInput
from ..ledger.verdicts import Verdict
from ..models.card import ModelCard
from ..models.starting import Start
from ..sources.bands import Band, bands_of
from ..sources.grid import Grid
from ..training.crossfit import CrossFitted, Effort, cross_fit
from ..training.folds import deal
from ..training.kept import blocks_of
from ..training.lessons import Lessons
from ..training.selection import Selection
from ..training.targets import Targets
from .ground import Ground, dominant, training_layers

BAND_PREFIX = "imagery: "
BLOCK_M = 120.0
"""Blocks of the folds: several times what a network sees around a pixel, small enough that every fold gets every
class.
"""
BLOCK_PX = 160
LOOK_PX, LOOKS, TOLERANCE = 512, 8, 1e-3
USUAL_ONES = (100, 255, 10_000, 65_535)
"""What a probability of 1 is usually written as in whole numbers."""
TILING = Tiling(step=512, halo=128, rim=96)
"""The compact network looks less than 96 pixels far: where tiles count, they say the same, whatever their size."""


def labels_of(ground: Ground, seed: int, verdicts: Sequence[Verdict] = (), card: ModelCard | None = None) -> Targets:
    """What a network may learn on a ground: the layers' labels, put right by what reviewers said, cut into folds; those
    of ``card``, a model that judges this ground already, or new ones.
    """
    layers = training_layers(ground)
    grid, names = ground.grid, ground.legend.names
    if card is not None:
        blocks = blocks_of(card, grid)
    else:
        label = np.concatenate([dominant(layer.mix) for layer in layers])
        centres = np.concatenate([layer.centres for layer in layers])
        known = label >= 0
        blocks = deal(grid.shape, centres[known], label[known], names, seed=seed,
                      block_px=max(BLOCK_PX, round(BLOCK_M / grid.pixel_m)))
    return Targets(layers, blocks, Lessons.of(layers, names, grid, verdicts) if verdicts else None)


def fit_evidence(ground: Ground, targets: Targets, effort: Effort, seed: int, device: Device, feedback: Feedback,
                 *, start: Start | None = None, before: CrossFitted | None = None,
                 selection: Selection | None = None) -> CrossFitted:
    """Fit the compact network on the run's own labels, one a fold; ``start``, ``before`` and ``selection`` as in
    ``cross_fit``.
    """
    return cross_fit(ground.imagery, ground.grid, targets, ground.legend.names, feedback, effort=effort, seed=seed,
                     device=device.torch(), trained_on=tuple(layer.name for layer in targets.layers), start=start,
                     before=before, selection=selection)


def write_evidence(ground: Ground, fitted: CrossFitted, path: Path, feedback: Feedback) -> None:
    """Write p(class | imagery) of every pixel, one band a class, NaN where nothing is seen."""
    names, grid = ground.legend.names, ground.grid
    with new_raster(path, grid, count=len(names), dtype="float32", nodata=float("nan"),
                    names=[BAND_PREFIX + name for name in names], cloud_optimized=False) as raster:
        for rows in run_tiles(Lattice.over(TILING, grid.shape), here(ground.imagery.read, fitted.predict),
                              len(names), feedback):
            raster.write(rows.values.numpy(), window=Window(0, rows.start, grid.width, rows.values.shape[1]))


@dataclass(frozen=True)
class Learnt:
    """The layers that a network has learnt from, as far as its output tells; ``cross_fitted``: each place was judged by
    a network that never saw the labels there.
    """

    layers: frozenset[str] = frozenset()
    cross_fitted: bool = True


@dataclass(frozen=True)
class Evidence:
    """p(class | imagery) on the grid, read by window; ``learnt`` is what it may only repeat. Of bands in ``scales``,
    what the raster holds times the scale plus the offset is the probability, of others what it holds. A raster from
    elsewhere, at ``path``, shows a pixel where ``all_of`` its bands hold a probability and not all of them 0;
    ``stored`` are these bands' kinds of numbers.
    """

    raster: rasterio.io.DatasetReader | WarpedVRT
    bands: tuple[int, ...]
    grid: Grid
    learnt: Learnt = Learnt()
    scales: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    all_of: tuple[int, ...] = ()
    path: str = ""
    stored: tuple[str, ...] = ()

    def only(self, label: NDArray[np.intp]) -> tuple[Evidence, NDArray[np.intp]]:
        """Return the evidence of those classes alone that things of a class ``label`` (n,) are of, −1: of none, and
        their numbers among these (n,).
        """
        classes = np.unique(label[label >= 0])
        return (replace(self, bands=tuple(self.bands[c] for c in classes)),
                np.where(label >= 0, np.searchsorted(classes, label), -1))

    def read(self, window: Window, classes: Sequence[int] | None = None) -> NDArray[np.float32]:
        """Probabilities (classes, height, width) of a window, which may reach outside the grid, of all classes or those
        asked for; NaN: nothing seen, in all of them. Raises :class:`InputError` for numbers that are no probabilities.
        """
        bands = [*self.bands] if classes is None else [self.bands[c] for c in classes]
        height, width = int(window.height), int(window.width)
        result = np.full((len(bands), height, width), np.nan, np.float32)
        inside = _inside(window, self.grid)
        if inside is not None:
            top, left = int(inside.row_off - window.row_off), int(inside.col_off - window.col_off)
            values = self._values(list(dict.fromkeys((*bands, *self.all_of))), inside)[:len(bands)]
            result[:, top:top + int(inside.height), left:left + int(inside.width)] = values
        return result

    def _values(self, bands: list[int], window: Window) -> NDArray[np.float32]:
        """What bands of the raster hold in a window of the grid, as probabilities (bands, height, width)."""
        values: NDArray[np.float32] = self.raster.read(bands, window=window)
        for value, band in zip(values, bands, strict=True):
            if band in self.scales:
                scale, offset = self.scales[band]
                value *= scale
                value += offset
        if self.all_of:
            every = values[[bands.index(band) for band in self.all_of]]
            low, high = float(np.nanmin(every, initial=np.inf)), float(np.nanmax(every, initial=-np.inf))
            if low < -TOLERANCE or high > 1 + TOLERANCE:
                raise InputError(f"The probabilities {self.path} hold values from {low:.4g} to {high:.4g}; name a "
                                 f"raster of probabilities from 0 to 1{self._mend(low, high)}.")
            values[:, np.isnan(every).any(axis=0) | (every == 0).all(axis=0)] = np.nan
        return values

    def _mend(self, low: float, high: float) -> str:
        """How to say what whole numbers without a scale stand for; empty for other numbers."""
        one = next((usual for usual in USUAL_ONES if high <= usual), None)
        if self.scales or low < 0 or one is None or any(np.dtype(kind).kind not in "iu" for kind in self.stored):
            return ""
        return f", or, where {one} stands for 1, write that into it with gdal_edit.py -scale {1 / one:.6g}"


@contextmanager
def open_evidence(path: str | Path, ground: Ground) -> Iterator[Evidence]:
    """Open class probabilities: bands named by class, with or without the prefix ``imagery:``, on any grid, in numbers
    of any kind with the scale, offset and nodata that the raster or a STAC item beside it tells.

    Raises :class:`InputError` if a class of the legend has no band, and for a raster that has no place on the grid,
    shows nothing there, or holds other numbers than probabilities.
    """
    try:
        raster = rasterio.open(path)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(f"The probabilities {path} cannot be read ({error}); name a raster that Fuse or Predict "
                         "wrote.") from error
    with raster:
        named = {text: band for band, text in enumerate(raster.descriptions, start=1) if text}
        twice = [name for name in ground.legend.names if _count(raster, name) > 1]
        if twice:
            raise InputError(f"The probabilities {path} have several bands named {twice[0]!r}, and nothing tells which "
                             "one is the class; give each its own name, or add them up to one.")
        bands = tuple(named.get(BAND_PREFIX + name, named.get(name, 0)) for name in ground.legend.names)
        lacking = [name for name, band in zip(ground.legend.names, bands, strict=True) if not band]
        if lacking:
            raise InputError(f"The probabilities {path} have no band named {lacking[0]!r} (bands: "
                             f"{', '.join(named) or 'unnamed'}); name a raster whose bands are the legend's classes.")
        told = _told(raster, path)
        scales = {band: (one.scale, one.offset) for band, one in told.items() if (one.scale, one.offset) != (1.0, 0.0)}
        seen = Evidence(raster, bands, ground.grid, _learnt(raster, named), scales, bands, str(path),
                        tuple(raster.dtypes[band - 1] for band in bands))
        if _is_on(raster, ground.grid):
            _check(seen)
            yield replace(seen, all_of=()) if seen.learnt.cross_fitted else seen  # of Fuse's own all bands are alike
            return
        if raster.crs is None:
            raise InputError(f"The probabilities {path} have no coordinate reference system; assign the right one with "
                             "gdal:assignprojection.")
        with _without_alpha(raster, bands) as source, _warped(source, ground.grid, told[bands[0]].nodata) as aligned:
            seen = replace(seen, raster=aligned)
            _check(seen)
            yield seen


def _count(raster: rasterio.io.DatasetReader, name: str) -> int:
    """How many bands are called as a class is, by the name that counts."""
    names = list(raster.descriptions)
    return names.count(BAND_PREFIX + name) or names.count(name)


def _told(raster: rasterio.io.DatasetReader, path: str | Path) -> dict[int, Band]:
    """What the raster, else a STAC item beside it, tells of each of its bands."""
    every = tuple(text or f"band {band}" for band, text in enumerate(raster.descriptions, start=1))
    return dict(enumerate(bands_of(RasterInput(str(path), bands=every), raster), start=1))


@contextmanager
def _without_alpha(raster: rasterio.io.DatasetReader, bands: Sequence[int]) -> Iterator[rasterio.io.DatasetReader]:
    """The raster with no band of a class taken for one that hides the others: GDAL writes four bands of bytes as
    colours and transparency unless told otherwise.
    """
    if all(raster.colorinterp[band - 1] != ColorInterp.alpha for band in bands):
        yield raster
        return
    with MemoryFile(ext="vrt") as file:
        rasterio.shutil.copy(raster, file.name, driver="VRT")
        with rasterio.open(file.name, "r+") as virtual:
            virtual.colorinterp = [ColorInterp.undefined] * raster.count
        with rasterio.open(file.name) as virtual:
            yield virtual


def _warped(raster: rasterio.io.DatasetReader, grid: Grid, nodata: float | None) -> WarpedVRT:
    """The raster on the grid, NaN where nothing is seen; ``nodata`` is a value that only a file beside it declares."""
    return WarpedVRT(raster, crs=grid.crs, transform=grid.transform, width=grid.width, height=grid.height,
                     resampling=Resampling.bilinear, nodata=float("nan"), dtype="float32",
                     **{} if nodata is None else {"src_nodata": nodata})


def _check(evidence: Evidence) -> None:
    """Look at the first ``LOOKS`` blocks that show something: logits, percents and bytes are no probabilities."""
    grid, looks = evidence.grid, 0
    for top in range(0, grid.height, LOOK_PX):
        for left in range(0, grid.width, LOOK_PX):
            seen = evidence.read(Window(left, top, min(LOOK_PX, grid.width - left), min(LOOK_PX, grid.height - top)))
            looks += not np.isnan(seen[0]).all()
            if looks == LOOKS:
                return
    if not looks:
        raise InputError(f"The probabilities {evidence.path} show nothing within the imagery; name a raster that "
                         "covers it.")


def _learnt(raster: rasterio.io.DatasetReader, named: Mapping[str, int]) -> Learnt:
    """What the raster says of the network's teachers. Fuse's own bands are cross-fitted, what Predict writes is not."""
    said = raster.tags().get("trained_on", "[]")
    try:
        teachers = json.loads(said)
    except ValueError:  # another program's tag: a plain name
        teachers = said
    layers = frozenset(map(str, teachers if isinstance(teachers, list) else [teachers]))
    return Learnt(layers, any(name.startswith(BAND_PREFIX) for name in named))


def _is_on(raster: rasterio.io.DatasetReader, grid: Grid) -> bool:
    """Whether a raster's pixels are the grid's, with NaN where nothing is seen: then nothing has to be warped."""
    return (raster.shape == grid.shape and raster.transform.almost_equals(grid.transform, 1e-9)
            and raster.crs == rasterio.crs.CRS.from_wkt(grid.crs)
            and set(raster.dtypes) == {"float32"} and raster.nodata is not None and np.isnan(raster.nodata))


def _inside(window: Window, grid: Grid) -> Window | None:
    top, left = max(int(window.row_off), 0), max(int(window.col_off), 0)
    bottom = min(int(window.row_off + window.height), grid.height)
    right = min(int(window.col_off + window.width), grid.width)
    return Window(left, top, right - left, bottom - top) if bottom > top and right > left else None
