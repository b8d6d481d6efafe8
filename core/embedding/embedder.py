"""Embeddings of blocks of ground: an encoder's vectors, and the few components that say most of them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import torch
from numpy.typing import NDArray
from rasterio.windows import Window
from torch import Tensor
from torch.nn import functional as F

from ..errors import InputError
from ..feedback import Feedback
from ..inference.tiling import Tiling
from ..models.encoders.encoder import Encoder
from ..models.encoders.location import LocationEncoder
from ..models.tuned.dates import Dates, arranged
from ..sources.grid import Grid
from ..sources.imagery import Imagery

TILES = 12
"""Tiles from which the components are found."""
PLACES = 4
"""Components of the embedding of the location."""
STEP = 48
"""About the side of what a tile adds, in pixels."""
LARGEST = 2 * STEP
"""Smaller blocks lie in tiles that add no more than this, in pixels."""

Blocks = NDArray[np.float32]


@dataclass(frozen=True)
class Components:
    """Principal components: ``mean`` (C,), ``axes`` (C, k), each turned so that its largest part is positive;
    ``share`` (k,) of the variance that each holds.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    share: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[np.floating], count: int) -> Components:
        """Find them in vectors (n, C)."""
        x = np.asarray(vectors, np.float64)
        mean = x.mean(axis=0)
        _, s, v = np.linalg.svd(x - mean, full_matrices=False)
        axes = v[:count].T
        axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])] < 0, -1, 1)
        total = float((s**2).sum())
        return cls(mean, axes, (s[:count] ** 2 / total if total else np.zeros(axes.shape[1])))

    def __call__(self, vectors: NDArray[np.floating]) -> NDArray[np.float32]:
        """Vectors (…, C) to their components (…, k)."""
        return np.asarray((vectors - self.mean) @ self.axes, np.float32)


class Embedder:
    """Reads tiles of imagery and says the vector of each block of ``block`` pixels, computed on ``device``.

    The map of the encoder whose cells are largest, and no larger than a block, is what counts. With a
    ``location`` encoder the vectors of the blocks' places follow.
    """

    def __init__(self, encoder: Encoder, dates: Dates, grid: Grid, where: tuple[float, float], block: int,
                 location: LocationEncoder | None, device: torch.device) -> None:
        card = encoder.card
        if card.needs_time and dates.time is None:
            raise InputError(f"The encoder {card.name} needs the date of every band, and the imagery does not say "
                             "them; stack it with geoloop:stackimagery from files that do.")
        self._level = max((level for level, stride in enumerate(card.strides) if stride <= block), default=-1)
        if self._level < 0:
            raise InputError(f"BLOCK is {block} pixels, and the finest cells of the encoder {card.name} are "
                             f"{card.strides[0]:g}; choose a larger one.")
        self.encoder, self.block, self.grid, self._device = encoder.to(device), block, grid, device
        self._index = torch.tensor(dates.index, device=device)
        self._time = None if dates.time is None else dates.time.to(device)
        self._where = torch.tensor([where], device=device) if card.takes_location else None
        self.location = location
        self._degrees = pyproj.Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
        self.tiling = tiling_for(block, card.multiple)
        self.components: Components | None = None
        self.places: Components | None = None
        self.tile_seconds = 0.0
        """What a tile took while the components were found."""

    @property
    def names(self) -> list[str]:
        """The names of the bands that :meth:`predict` gives."""
        assert self.components is not None
        own = [f"component {number + 1}" for number in range(self.components.axes.shape[1])]
        return own + [f"place {n + 1}" for n in range(self.places.axes.shape[1] if self.places is not None else 0)]

    def find_components(self, imagery: Imagery, count: int, seed: int, feedback: Feedback) -> None:
        """Find the components in a random sample of tiles. Raises :class:`InputError` where nothing is valid."""
        side, grid = self.tiling.side, self.grid
        rng = np.random.default_rng([seed, 50])
        corners = [(r, c) for r in range(0, grid.height, self.tiling.step)
                   for c in range(0, grid.width, self.tiling.step)]
        found, places = [], []
        began = time.perf_counter()
        for number in rng.permutation(len(corners)):
            feedback.check()
            row, column = corners[number]
            window = Window(column, row, side, side)
            x, valid = read(imagery, window)
            kept = cells(valid, self.block)
            if not kept.any():
                continue
            found.append(self.vectors(x[None])[0][:, kept].T)
            if not np.isfinite(found[-1]).all():
                raise InputError(f"What the encoder {self.encoder.card.name} makes of the imagery is no number. Look "
                                 "for values far out of range: a nodata that is not declared, such as -3.4e38.")
            if self.location is not None:
                places.append(self.place(window)[:, kept].T)
            feedback.progress(len(found) / TILES)
            if len(found) == TILES:
                break
        if not found:
            raise InputError("The imagery has no valid pixel within the extent; check its nodata.")
        self.tile_seconds = (time.perf_counter() - began) / len(found)
        self.components = Components.of(np.concatenate(found), count)
        self.places = Components.of(np.concatenate(places), PLACES) if places else None

    @torch.inference_mode()
    def vectors(self, x: NDArray[np.float32]) -> Blocks:
        """The encoder's vectors (N, C, h, w) of the blocks of tiles (N, channels, H, W), NaN in gaps."""
        images = arranged(torch.from_numpy(x).to(self._device), self._index)
        time = None if self._time is None else self._time.expand(len(x), -1, -1)
        where = None if self._where is None else self._where.expand(len(x), 2)
        images = whole_cells(images, self.encoder.card.multiple)
        own = self.encoder(images, time=time, location=where).maps[self._level]
        rows, columns = (shares(size // self.block, self.block, cells, pixels / cells).to(own) for
                         size, cells, pixels in zip(x.shape[-2:], own.shape[-2:], images.shape[-2:], strict=True))
        pooled: Blocks = (rows @ own @ columns.T).cpu().numpy()
        return pooled

    @torch.inference_mode()
    def place(self, window: Window) -> Blocks:
        """The vectors (C, h, w) of the places of a window's blocks."""
        assert self.location is not None
        rows, columns = (int(size) // self.block for size in (window.height, window.width))
        column, row = np.meshgrid((np.arange(columns) + 0.5) * self.block, (np.arange(rows) + 0.5) * self.block)
        x, y = self.grid.window_transform(window) @ (column, row)
        longitude, latitude = self._degrees.transform(x, y)
        at = torch.from_numpy(np.stack([latitude.ravel(), longitude.ravel()], axis=1))
        said: Blocks = self.location(at).T.unflatten(1, (rows, columns)).numpy()
        return said

    def predict(self, x: NDArray[np.float32], valid: NDArray[np.bool_], windows: Sequence[Window]) -> Blocks:
        """The components (N, k, h, w) of tiles."""
        assert self.components is not None
        own = np.moveaxis(self.components(np.moveaxis(self.vectors(x), 1, -1)), -1, 1)
        if self.places is None:
            return own
        there = np.stack([np.moveaxis(self.places(np.moveaxis(self.place(one), 0, -1)), -1, 0) for one in windows])
        return np.concatenate([own, there], axis=1)


def tiling_for(block: int, multiple: int) -> Tiling:
    """Tiles of whole blocks, of whole ``multiple`` pixels too where that does not make them much larger: what an
    encoder makes of a tile costs by the square of its area.
    """
    unit = math.lcm(block, multiple)
    if unit > max(LARGEST, block):
        unit = block * -(-multiple // block)
    return Tiling(max(1, STEP // unit) * unit, unit)


def whole_cells(images: Tensor, multiple: int) -> Tensor:
    """Images (…, H, W) with gaps to their right and below, so that their sides are multiples of ``multiple``."""
    high, wide = images.shape[-2:]
    return F.pad(images, (0, -wide % multiple, 0, -high % multiple), value=float("nan"))


def shares(count: int, block: int, cells: int, cell: float) -> Tensor:
    """How much of each of ``count`` blocks in a row lies in each of the cells of ``cell`` pixels (count, cells)."""
    first, left = torch.arange(count)[:, None] * block, torch.arange(cells) * cell
    return (torch.minimum(first + block, left + cell) - torch.maximum(first, left)).clamp_min(0.0) / block


def read(imagery: Imagery, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Channels (C, H, W) as stored, NaN in gaps, and where any of them shows something."""
    values, each = imagery.read_bands(window)
    shown: NDArray[np.bool_] = np.logical_or.reduce(each, axis=0)
    return np.where(each, values, np.float32(np.nan)), shown


def cells(valid: NDArray[np.bool_], block: int) -> NDArray[np.bool_]:
    """Which blocks show something."""
    height, width = valid.shape
    split = valid.reshape(height // block, block, width // block, block)
    return np.asarray(np.logical_or.reduce(split, axis=(1, 3)), np.bool_)
