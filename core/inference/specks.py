"""Removing specks from a map of classes: each pixel takes the most frequent class of its surroundings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from ..feedback import Feedback

ROWS = 512


def remove_specks(source: Path, target: Path, size: int, feedback: Feedback) -> None:
    """Copy a raster of classes to ``target``, filtered in squares of ``size`` pixels (odd), in strips of rows.

    Nodata stays and counts for nothing. A tie is won by the class that is there, then by the smaller code. For two
    classes this is the median filter.
    """
    radius = size // 2
    with rasterio.open(source) as raster, rasterio.open(target, "w", **{**raster.profile, "driver": "GTiff"}) as out:
        for top in range(0, raster.height, ROWS):
            feedback.check()
            first = max(top - radius, 0)
            stop = min(top + ROWS, raster.height)
            codes = raster.read(window=Window(0, first, raster.width, min(stop + radius, raster.height) - first))
            kept = [majority(band, size, raster.nodata)[top - first:stop - first] for band in codes]
            out.write(np.stack(kept), window=Window(0, top, raster.width, stop - top))
            feedback.progress(stop / raster.height)


def majority(codes: NDArray[np.integer], size: int, nodata: float | None) -> NDArray[np.integer]:
    """Return the most frequent code (H, W) in the square of ``size`` pixels around each; see :func:`remove_specks`."""
    result, most = codes.copy(), np.zeros(codes.shape, np.float32)
    for code in np.unique(codes):
        if code == nodata:
            continue
        here = codes == code
        votes = ndimage.uniform_filter(here.astype(np.float32), size, mode="constant") * size**2
        votes = np.round(votes) + 0.5 * here
        won = votes > most
        result[won], most[won] = code, votes[won]
    result[codes == nodata] = codes[codes == nodata]
    return result
