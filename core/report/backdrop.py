"""Imagery as the ground of a map: decimated, in natural colours where there are such bands, and pale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.warp import reproject
from rasterio.windows import Window

from ..errors import GeoLoopError, first_line
from ..feedback import Feedback
from ..jobs.inputs import RasterInput
from ..ledger.queue import Box
from ..sources.bands import Band, band_indexes, bands_of
from ..sources.crs import read_crs
from ..sources.grid import open_raster, raster_crs
from ..sources.placement import overlap
from .addresses import shown_address
from .words import listed

COLOURS_UM = ((0.60, 0.70), (0.51, 0.60), (0.43, 0.51))
"""Red, green and blue light, micrometres."""
PALER = 0.38
"""How far a map's ground goes towards white, so that what is drawn on it stands out."""
STRETCHED = (2.0, 98.0)
"""Percentiles that become dark and bright, for values that are no bytes."""
AVERAGED_UP_TO = 6
"""From more pixels to a side than these, one is read for all where the file has no overviews: reading all takes long.
"""


@dataclass(frozen=True)
class Backdrop:
    """Colours (H, W, 3) from 0 to 1, white where nothing is seen; ``layers`` are the imagery shown."""

    colours: NDArray[np.float64]
    layers: tuple[str, ...]


@dataclass(frozen=True)
class _Chosen:
    raster: RasterInput
    index: int


def read_backdrop(imagery: Sequence[RasterInput], crs: str, bounds: Box, shape: tuple[int, int],
                  feedback: Feedback | None = None) -> Backdrop | str:
    """Return the imagery within ``bounds`` (in ``crs``), ``shape`` pixels; or one sentence for the page why there is
    none to show. What went wrong, which may speak of folders and passwords, ``feedback`` alone is told.
    """
    if not imagery:
        return "The ledger names no imagery."
    try:
        chosen = _natural(imagery)
        bands = [_read(one, crs, bounds, shape) for one in chosen]
    except (GeoLoopError, RasterioError, CRSError, ProjError, OSError, ValueError) as error:
        if feedback is not None:
            feedback.warning(f"The imagery could not be read again: {first_line(error)}")
        named = listed(list(dict.fromkeys(shown_address(one.path) for one in imagery)))
        return f"The imagery could not be read again ({named}), so that places are shown without it."
    colours = np.concatenate([band for band, _ in bands])
    is_bytes = all(one for _, one in bands)
    colours = colours[:3] if len(colours) >= 3 else colours[:1].repeat(3, axis=0)
    seen = np.isfinite(colours).all(axis=0)
    if not seen.any():
        return "The imagery shows nothing of the places."
    stretched = np.stack([_brightness(band, seen, is_bytes) for band in colours], axis=-1)
    pale = stretched + (1 - stretched) * PALER
    return Backdrop(np.where(seen[..., None], pale, 1.0), tuple(dict.fromkeys(c.raster.name for c in chosen)))


def _natural(imagery: Sequence[RasterInput]) -> list[_Chosen]:
    """The bands of red, green and blue light, of the first raster that has each; else those of the first raster."""
    found: list[tuple[_Chosen, Band]] = []
    for raster in imagery:
        with open_raster(raster) as dataset:
            found += [(_Chosen(raster, index), band) for index, band in
                      zip(band_indexes(raster, dataset), bands_of(raster, dataset), strict=True)]
    light = [next((one for one, band in found if band.wavelength_um is not None and low <= band.wavelength_um < high),
                  None) for low, high in COLOURS_UM]
    if all(light):
        return [one for one in light if one is not None]
    first = [one for one, _ in found if one.raster is imagery[0]]
    return first[:3] if len(first) >= 3 else first[:1]


def _read(chosen: _Chosen, crs: str, bounds: Box, shape: tuple[int, int]) -> tuple[NDArray[np.float64], bool]:
    """One band, or the three of a colour table, (C, H, W), NaN where nothing is seen; and whether its values are bytes.
    """
    height, width = shape
    xmin, ymin, xmax, ymax = bounds
    here = Affine((xmax - xmin) / width, 0, xmin, 0, (ymin - ymax) / height, ymax)
    target = read_crs(crs, "ledger")
    with open_raster(chosen.raster) as dataset:
        own = raster_crs(chosen.raster, dataset)
        window = _window(dataset, pyproj.Transformer.from_crs(target, own, always_xy=True), here, shape)
        if window is None:
            return np.full((1, height, width), np.nan), True
        block = _decimated(dataset, chosen.index, window, (2 * height, 2 * width))
        scale = Affine.scale(window.width / block.shape[2], window.height / block.shape[1])
        result = np.full((len(block), height, width), np.nan)
        there = dataset.transform @ Affine.translation(window.col_off, window.row_off) @ scale
        reproject(block, result, src_transform=there, src_crs=own.to_wkt(), dst_transform=here,
                  dst_crs=target.to_wkt(), resampling=Resampling.bilinear, src_nodata=np.nan, dst_nodata=np.nan)
        return result, dataset.dtypes[chosen.index - 1] == "uint8"


def _window(dataset: rasterio.DatasetReader, operation: pyproj.Transformer, here: Affine, shape: tuple[int, int]
            ) -> Window | None:
    """The raster's pixels under the map, whatever way round it lies; None where there are none."""
    col, row = np.meshgrid(np.linspace(0, shape[1], 33), np.linspace(0, shape[0], 33))
    x, y = here.a * col.ravel() + here.c, here.e * row.ravel() + here.f
    with np.errstate(invalid="ignore"):
        there_x, there_y = operation.transform(x, y)
        t = ~dataset.transform
        col, row = t.a * there_x + t.b * there_y + t.c, t.d * there_x + t.e * there_y + t.f
    known = np.isfinite(col) & np.isfinite(row)
    if not known.any():
        return None
    left, top = np.floor(col[known].min()) - 2, np.floor(row[known].min()) - 2
    right, bottom = np.ceil(col[known].max()) + 2, np.ceil(row[known].max()) + 2
    return overlap(Window(left, top, right - left, bottom - top), dataset.width, dataset.height)


def _decimated(dataset: rasterio.DatasetReader, index: int, window: Window, most: tuple[int, int]
               ) -> NDArray[np.float64]:
    times = max(1.0, min(window.height / most[0], window.width / most[1]))
    out = max(1, round(window.height / times)), max(1, round(window.width / times))
    table = dataset.colorinterp[index - 1] == ColorInterp.palette
    plain = table or (times > AVERAGED_UP_TO and not dataset.overviews(index))
    how = Resampling.nearest if plain else Resampling.average
    stored = dataset.read(index, window=window, out_shape=out, resampling=how)
    seen = dataset.read_masks(index, window=window, out_shape=out, resampling=Resampling.nearest) > 0
    if table:
        colours = np.full((256, 3), np.nan)
        for code, colour in dataset.colormap(index).items():
            colours[min(code, 255)] = colour[:3]
        values = np.moveaxis(colours[np.clip(stored, 0, 255).astype(np.int64)], -1, 0)
    else:
        values = stored[None].astype(np.float64)
    return np.where(seen & np.isfinite(values), values, np.nan)


def _brightness(band: NDArray[np.float64], seen: NDArray[np.bool_], is_bytes: bool) -> NDArray[np.float64]:
    """Brightness from 0 to 1: bytes as they are, other values from dark to bright ground."""
    low, high = (0.0, 255.0) if is_bytes else np.percentile(band[seen], STRETCHED).tolist()
    share = np.clip((np.nan_to_num(band) - low) / max(high - low, 1e-9), 0, 1)
    return np.asarray(share if is_bytes else share**0.8)
