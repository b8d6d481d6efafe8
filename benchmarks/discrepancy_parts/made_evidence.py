"""Probabilities made from the truth: what a good network would say, without fitting one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy import ndimage

TILE = 1024
BLUR_PX, MARGIN_PX = 1.5, 8
CLOUDY_PX, CLOUDINESS, GRAIN = 6.0, 0.9, 0.5
"""Noise in log odds: in patches of a few pixels, and in each pixel."""
SURE = 2.6
"""Log odds well inside a feature, and of nothing well outside."""
STEPS = 200
"""Probabilities are rounded, so that a large raster compresses."""


def write_evidence(path: Path, shapes: NDArray[np.object_], transform: Affine, crs: str, side: tuple[int, int],
                   names: tuple[str, str], seed: int) -> None:
    """Write p(nothing), p(feature) over (height, width) pixels, tile by tile: the shapes (in world coordinates),
    blurred, with noise. ``names`` are the classes of nothing and of a feature.
    """
    height, width = side
    pixels = shapely.transform(shapes, lambda xy: np.column_stack(~transform @ tuple(xy.T)))
    tree, noise = shapely.STRtree(pixels), _noise(np.random.default_rng(seed))
    profile = dict(driver="GTiff", width=width, height=height, count=2, dtype="float32", crs=crs, transform=transform,
                   nodata=np.nan, tiled=True, blockxsize=256, blockysize=256, compress="deflate", zlevel=1,
                   interleave="band", bigtiff="if_safer")
    with rasterio.open(path, "w", **profile) as raster:
        raster.descriptions = tuple(f"imagery: {name}" for name in names)
        for number, (top, left) in enumerate((t, c) for t in range(0, height, TILE) for c in range(0, width, TILE)):
            size = min(TILE, height - top), min(TILE, width - left)
            inside = _inside(pixels, tree, top, left, size)
            turned = np.rot90(np.roll(noise, 97 * number, axis=0), number % 4)[:size[0], :size[1]]
            p = np.round(STEPS / (1 + np.exp(-(SURE * (2 * inside - 1) + turned)))) / STEPS
            raster.write(np.stack([1 - p, p]).astype(np.float32), window=Window(left, top, size[1], size[0]))


def _inside(pixels: NDArray[np.object_], tree: shapely.STRtree, top: int, left: int,
            size: tuple[int, int]) -> NDArray[np.float32]:
    """How far each pixel of a tile lies within a shape, 0..1, with soft edges."""
    wide = size[0] + 2 * MARGIN_PX, size[1] + 2 * MARGIN_PX
    corner = left - MARGIN_PX, top - MARGIN_PX
    near = pixels[tree.query(shapely.box(*corner, corner[0] + wide[1], corner[1] + wide[0]))]
    mask = np.zeros(wide, np.float32)
    if len(near):
        moved = shapely.transform(near, lambda xy: xy - corner)
        mask = rasterize([(shape, 1) for shape in moved], out_shape=wide, dtype="uint8").astype(np.float32)
    return ndimage.gaussian_filter(mask, BLUR_PX)[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]


def _noise(rng: np.random.Generator) -> NDArray[np.float32]:
    clouds = ndimage.gaussian_filter(rng.normal(size=(TILE, TILE)), CLOUDY_PX, mode="wrap")
    return (CLOUDINESS * clouds / clouds.std() + GRAIN * rng.normal(size=(TILE, TILE))).astype(np.float32)
