"""A raster of embeddings, looked into: how far each component is alike over the ground, groups, likeness, features."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..feedback import Feedback
from ..inference.heads import PALETTE
from ..inference.output import NODATA_CLASS, new_raster
from ..sources.burn import burn
from ..sources.grid import Grid

ROWS = 256
SAMPLE = 20_000
"""Blocks that groups are found from, at most."""


@dataclass(frozen=True)
class Surface:
    """A raster of embeddings on a grid of blocks, NaN where nothing is seen. ``own`` bands are the encoder's
    components; places may follow.
    """

    path: Path
    grid: Grid
    own: int

    def rows(self, feedback: Feedback) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield first row and the components (k, rows, width) from the top."""
        with rasterio.open(self.path) as raster:
            for start in range(0, self.grid.height, ROWS):
                feedback.check()
                height = min(ROWS, self.grid.height - start)
                yield start, raster.read(list(range(1, self.own + 1)), window=Window(0, start, self.grid.width, height))
                feedback.progress((start + height) / self.grid.height)

    def sample(self, seed: int, feedback: Feedback) -> NDArray[np.float32]:
        """The vectors (n, k) of a random sample of the blocks that show something."""
        shown = sum(int(np.isfinite(x[0]).sum()) for _, x in self.rows(feedback.span(0.0, 0.5)))
        share = min(1.0, SAMPLE / max(shown, 1))
        found = []
        for start, x in self.rows(feedback.span(0.5, 1.0)):
            kept = np.isfinite(x[0]) & (np.random.default_rng([seed, 51, start]).random(x.shape[1:]) <= share)
            found.append(x[:, kept].T)
        vectors = np.concatenate(found)
        if not len(vectors):
            raise InputError("No block shows anything; check the imagery's nodata and the extent.")
        return vectors


def morans_i(surface: Surface, feedback: Feedback) -> NDArray[np.float64]:
    """Moran's I of each component over blocks that share an edge (Moran 1950, doi 10.2307/2332142): 1 where neighbours
    say the same, about 0 where a component is noise, below 0 where they say the contrary.
    """
    total, square, count = np.zeros(surface.own), np.zeros(surface.own), 0
    for _, x in surface.rows(feedback.span(0.0, 0.5)):
        known = x[:, np.isfinite(x[0])].astype(np.float64)
        total, square, count = total + known.sum(axis=1), square + (known**2).sum(axis=1), count + known.shape[1]
    if count < 2:
        return np.full(surface.own, np.nan)
    mean = total / count
    spread = square - count * mean**2
    products, pairs = np.zeros(surface.own), 0
    above: NDArray[np.float64] | None = None
    for _, part in surface.rows(feedback.span(0.5, 1.0)):
        z = part.astype(np.float64) - mean[:, None, None]
        joined = z if above is None else np.concatenate([above, z], axis=1)
        for one, other in ((z[:, :, :-1], z[:, :, 1:]), (joined[:, :-1], joined[:, 1:])):
            both = one * other
            known = np.isfinite(both[0])
            products, pairs = products + both[:, known].sum(axis=1), pairs + int(known.sum())
        above = z[:, -1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float64] = count * products / (pairs * spread)
    return found


def groups(surface: Surface, number: int, seed: int, feedback: Feedback) -> NDArray[np.float64]:
    """The middles (groups, k) of groups of blocks that are alike (k-means, Lloyd 1982), the largest first."""
    from sklearn.cluster import KMeans

    vectors = surface.sample(seed, feedback)
    if len(vectors) < number:
        raise InputError(f"{number} groups are asked for, and only {len(vectors)} blocks show something; ask for "
                         "fewer.")
    found = KMeans(number, n_init=4, random_state=seed).fit(vectors)
    order = np.argsort(-np.bincount(found.labels_, minlength=number), kind="stable")
    middles: NDArray[np.float64] = found.cluster_centers_[order]
    return middles


def nearest(vectors: NDArray[np.floating], middles: NDArray[np.float64]) -> NDArray[np.intp]:
    """The number (n,) of the group of vectors (n, k), from 0."""
    distance = (middles**2).sum(axis=1)[None] - 2 * vectors @ middles.T
    found: NDArray[np.intp] = distance.argmin(axis=1)
    return found


def likeness(vectors: NDArray[np.floating], like: NDArray[np.floating]) -> NDArray[np.float64]:
    """The cosine (n,) between vectors (n, k) and one (k,): 1 the same, 0 nothing in common, −1 the contrary."""
    length = np.linalg.norm(vectors, axis=1) * np.linalg.norm(like)
    found: NDArray[np.float64] = vectors @ like / np.maximum(length, 1e-12)
    return found


def write_groups(path: str, surface: Surface, middles: NDArray[np.float64], tags: dict[str, object], feedback: Feedback
                 ) -> None:
    """Write the group of each block, from 1, as classes with colours."""
    names = {str(n + 1): f"group {n + 1}" for n in range(len(middles))}
    colors = {n + 1: _rgba(PALETTE[n % len(PALETTE)]) for n in range(len(middles))}
    with new_raster(path, surface.grid, count=1, dtype="uint8", nodata=NODATA_CLASS, names=["group"],
                    tags={**tags, "classes": names}, colors=colors) as raster:
        for start, x in surface.rows(feedback):
            known = np.isfinite(x[0])
            found = np.full(known.shape, NODATA_CLASS, np.uint8)
            found[known] = nearest(x[:, known].T, middles) + 1
            raster.write(found, 1, window=Window(0, start, surface.grid.width, x.shape[1]))


def write_likeness(path: str, surface: Surface, like: NDArray[np.floating], tags: dict[str, object], feedback: Feedback
                   ) -> None:
    """Write how like each block is to a vector."""
    with new_raster(path, surface.grid, count=1, dtype="float32", nodata=float("nan"), names=["likeness"], tags=tags
                    ) as raster:
        for start, x in surface.rows(feedback):
            known = np.isfinite(x[0])
            found = np.full(known.shape, np.nan, np.float32)
            found[known] = likeness(x[:, known].T, like)
            raster.write(found, 1, window=Window(0, start, surface.grid.width, x.shape[1]))


def of_features(surface: Surface, geometries: NDArray[np.object_], feedback: Feedback) -> NDArray[np.float64]:
    """The mean vector (n, k) of the blocks that each feature (grid's CRS) touches; NaN where none shows anything."""
    shapes = surface.grid.to_pixels(geometries)
    flat = shapely.get_dimensions(shapes) < 2
    shapes = np.where(flat, shapely.buffer(shapes, 0.01, quad_segs=1), shapes)
    found = np.full((len(shapes), surface.own), np.nan)
    bounds = shapely.bounds(shapes)
    with rasterio.open(surface.path) as raster:
        for number, (left, top, right, bottom) in enumerate(bounds):
            feedback.check()
            column, row = max(0, int(left)), max(0, int(top))
            width = min(surface.grid.width, int(right) + 1) - column
            height = min(surface.grid.height, int(bottom) + 1) - row
            if width < 1 or height < 1:
                continue
            x = raster.read(list(range(1, surface.own + 1)), window=Window(column, row, width, height))
            inside = burn(shapes[number:number + 1], np.ones(1, np.int32), (height, width), (row, column),
                          all_touched=True, fill=0) > 0
            kept = inside & np.isfinite(x[0])
            if kept.any():
                found[number] = x[:, kept].mean(axis=1)
            feedback.progress((number + 1) / len(shapes))
    return found


def _rgba(text: str) -> tuple[int, int, int, int]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 255
