"""Scenes to run over: textured at every scale, seeded, as large as wanted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window
from scipy.ndimage import zoom

from .models import PIXEL_M

SCALES_PX = (2, 8, 32, 128)
PATCH_PX = 2048
STRIP_PX = 512
BANDS = ("red", "green", "blue", "nir")
ORIGIN = (400_000.0, 5_800_000.0)


def textured(side: int, bands: int, seed: int) -> np.ndarray:
    """Bands (bands, side, side), uint8: blobs of every scale in ``SCALES_PX`` and some noise in each pixel."""
    random = np.random.default_rng(seed)
    scene = np.empty((bands, side, side), np.uint8)
    for band in range(bands):
        total = random.normal(0, 6, (side, side)).astype(np.float32)
        for scale in SCALES_PX:
            coarse = random.normal(0, 22, (side // scale + 2,) * 2).astype(np.float32)
            total += zoom(coarse, scale, order=1)[:side, :side]
        scene[band] = np.clip(total + 127, 0, 255)
    return scene


def write_raster(path: Path, side: int, bands: int, seed: int) -> Path:
    """A tiled, compressed GeoTIFF of ``side`` × ``side`` pixels of :func:`textured`, written strip by strip.

    Beyond ``PATCH_PX`` the scene is the same patch again and again, mirrored in one axis or none and brighter or darker
    from one to the next, so that no two neighbours are alike and no strip costs more than copying.
    """
    patch = textured(min(side, PATCH_PX), bands, seed)
    profile = dict(driver="GTiff", width=side, height=side, count=bands, dtype="uint8", crs="EPSG:32633", tiled=True,
                   transform=from_origin(*ORIGIN, PIXEL_M, PIXEL_M), blockxsize=512, blockysize=512, compress="deflate",
                   zlevel=1, predictor=2, interleave="pixel", bigtiff="if_safer", num_threads="all_cpus",
                   photometric="minisblack")
    with rasterio.open(path, "w", **profile) as raster:
        raster.descriptions = BANDS[:bands]
        for top in range(0, side, STRIP_PX):
            height = min(STRIP_PX, side - top)
            strip = patch[:, top % PATCH_PX:top % PATCH_PX + height]
            number = top // PATCH_PX
            columns = [shade(strip, number, i) for i in range(-(-side // PATCH_PX))]
            raster.write(np.concatenate(columns, axis=2)[:, :, :side], window=Window(0, top, side, height))
    return path


def shade(strip: np.ndarray, row: int, column: int) -> np.ndarray:
    """One more copy of a strip of the patch (bands, H, W), different from its neighbours."""
    copied = strip[:, :, ::-1] if (row + column) % 2 else strip
    return copied if not (row or column) else copied // 8 * 7 + np.uint8((37 * row + 11 * column) % 32)
