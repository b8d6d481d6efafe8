"""Tiny rasters and layers, made from arrays and geometries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray

from geoloop.core import crew
from geoloop.core.jobs.inputs import RasterInput, SourceSettings, VectorInput
from geoloop.core.sources.grid import Grid

UTM = "EPSG:32633"
UPRIGHT = Affine(10.0, 0.0, 500_000.0, 0.0, -10.0, 5_800_000.0)


@pytest.fixture(scope="session", autouse=True)
def one_core_each() -> Iterator[None]:
    """What would share its work among the cores does it alone: the suite keeps them busy with a process on each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crew, "cores", lambda: 1)
        yield


def rasters_in(folder: Path) -> Callable[..., RasterInput]:
    """Return what writes rasters into a folder."""
    def make(
        values: NDArray[Any], transform: Affine = UPRIGHT, crs: str | None = UTM, name: str = "scene ä.tif",
        bands: tuple[str, ...] = (), mask: NDArray[np.bool_] | None = None, **profile: Any,
    ) -> RasterInput:
        path = folder / "with spaces" / name
        path.parent.mkdir(exist_ok=True)
        stack = values if values.ndim == 3 else values[None]
        count, height, width = stack.shape
        with rasterio.open(
            path, "w", driver="GTiff", width=width, height=height, count=count, dtype=stack.dtype, crs=crs,
            transform=transform, **profile,
        ) as dataset:
            dataset.write(stack)
            if mask is not None:
                dataset.write_mask(mask)
        return RasterInput(str(path), name=path.stem, bands=bands)

    return make


def layers_in(folder: Path) -> Callable[..., VectorInput]:
    """Return what writes layers into a folder."""
    def make(
        geometries: Sequence[Any], columns: Mapping[str, Sequence[Any]] | None = None, crs: str | None = UTM,
        name: str = "Häuser und Wege.gpkg", **more: Any,
    ) -> VectorInput:
        path = folder / "with spaces" / name
        path.parent.mkdir(exist_ok=True)
        table = geopandas.GeoDataFrame(dict(columns or {}), geometry=list(geometries), crs=crs)
        table.to_file(path, engine="pyogrio")
        settings = SourceSettings(**more.pop("settings", {}))
        return VectorInput(str(path), name=path.stem, settings=settings, **more)

    return make


@pytest.fixture
def make_raster(tmp_path: Path) -> Callable[..., RasterInput]:
    return rasters_in(tmp_path)


@pytest.fixture
def make_layer(tmp_path: Path) -> Callable[..., VectorInput]:
    return layers_in(tmp_path)


@pytest.fixture
def grid() -> Grid:
    """100 × 80 pixels of 10 m in UTM 33 N."""
    return Grid(rasterio.crs.CRS.from_string(UTM).to_wkt(), UPRIGHT, 100, 80, 1.0)
