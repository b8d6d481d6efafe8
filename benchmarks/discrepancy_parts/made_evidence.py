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
CLOUDY_PX, CLOUDINESS, GRAIN = 6.0, 0.65, 0.35
"""Noise in the log odds of each class: in patches of a few pixels, and in each pixel."""
SURE = 2.6
"""Log odds of a class well inside its features."""
STEPS = 200
"""Probabilities are rounded, so that a large raster compresses."""


def write_evidence(path: Path, shapes: NDArray[np.object_], label: NDArray[np.intp], transform: Affine, crs: str,
                   side: tuple[int, int], names: tuple[str, ...], seed: int) -> None:
    """Write p(class) over (height, width) pixels, tile by tile: shapes (n,) in world coordinates, each of the class
    ``label`` (n,), blurred, with noise. Where no shape lies is the first of the classes ``names``.
    """
    height, width = side
    pixels = shapely.transform(shapes, lambda xy: np.column_stack(~transform @ tuple(xy.T)))
    tree, noise = shapely.STRtree(pixels), _noise(np.random.default_rng(seed))
    profile = dict(driver="GTiff", width=width, height=height, count=len(names), dtype="float32", crs=crs,
                   transform=transform, nodata=np.nan, tiled=True, blockxsize=256, blockysize=256, compress="deflate",
                   zlevel=1, interleave="band", bigtiff="if_safer")
    with rasterio.open(path, "w", **profile) as raster:
        raster.descriptions = tuple(f"imagery: {name}" for name in names)
        for number, (top, left) in enumerate((t, c) for t in range(0, height, TILE) for c in range(0, width, TILE)):
            size = min(TILE, height - top), min(TILE, width - left)
            shown = _shown(pixels, label, tree, len(names), top, left, size)
            turned = [np.rot90(np.roll(noise, 97 * number + 389 * c, axis=0), (number + c) % 4)[:size[0], :size[1]]
                      for c in range(len(names))]
            odds = np.exp(SURE * shown + np.stack(turned))
            p = np.round(STEPS * odds / odds.sum(axis=0)) / STEPS
            raster.write(p.astype(np.float32), window=Window(left, top, size[1], size[0]))


def _shown(pixels: NDArray[np.object_], label: NDArray[np.intp], tree: shapely.STRtree, classes: int, top: int,
           left: int, size: tuple[int, int]) -> NDArray[np.float32]:
    """How far each pixel of a tile lies within each class (classes, height, width), 0..1, with soft edges."""
    wide = size[0] + 2 * MARGIN_PX, size[1] + 2 * MARGIN_PX
    corner = left - MARGIN_PX, top - MARGIN_PX
    near = tree.query(shapely.box(*corner, corner[0] + wide[1], corner[1] + wide[0]))
    top_class = np.zeros(wide, np.uint8)
    if len(near):
        moved = shapely.transform(pixels[near], lambda xy: xy - corner)
        rasterize(zip(moved, label[near], strict=True), out=top_class)
    planes = [ndimage.gaussian_filter((top_class == c).astype(np.float32), BLUR_PX) for c in range(classes)]
    return np.stack(planes)[:, MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]


def _noise(rng: np.random.Generator) -> NDArray[np.float32]:
    clouds = ndimage.gaussian_filter(rng.normal(size=(TILE, TILE)), CLOUDY_PX, mode="wrap")
    return (CLOUDINESS * clouds / clouds.std() + GRAIN * rng.normal(size=(TILE, TILE))).astype(np.float32)
