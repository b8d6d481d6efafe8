"""Writing rasters that appear whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rasterio
from rasterio.io import DatasetWriter

from ..errors import InputError
from ..sources.grid import Grid

NODATA_CLASS = 255


@contextmanager
def new_raster(path: str | Path, grid: Grid, *, count: int, dtype: str, nodata: float, names: Sequence[str] = (),
               tags: Mapping[str, Any] | None = None, colors: Mapping[int, tuple[int, int, int, int]] | None = None,
               ) -> Iterator[DatasetWriter]:
    """Open a tiled GeoTIFF on a grid for writing. It is written under another name beside ``path`` and takes the name
    only when the block ends without an error; a file that stood there before stays until then.

    ``names`` describe the bands, ``tags`` become metadata (JSON where they are no text), ``colors`` the palette.
    """
    path = Path(path)
    draft = path.with_name(f".{path.stem}.draft-{os.getpid()}{path.suffix or '.tif'}")
    profile = dict(
        driver="GTiff", width=grid.width, height=grid.height, count=count, dtype=dtype, nodata=nodata, crs=grid.crs,
        transform=grid.transform, tiled=True, blockxsize=256, blockysize=256, compress="deflate",
        predictor=3 if dtype == "float32" else 2, bigtiff="if_safer", interleave="band", zlevel=1)
    try:
        raster = rasterio.open(draft, "w", **profile)
    except rasterio.errors.RasterioIOError as error:
        raise InputError(f"The output {path} cannot be written ({error}); choose a folder you may write to.") from error
    try:
        with raster:
            for band, name in enumerate(names, start=1):
                raster.set_band_description(band, name)
            if tags:
                raster.update_tags(**{k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
                                      for k, v in tags.items()})
            if colors:
                raster.write_colormap(1, dict(colors))
            yield raster
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(draft.name + ".aux.xml").unlink(missing_ok=True)
