"""What the bands of a raster are called, which light they measure, and when they were taken."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import rasterio

from ..errors import InputError
from ..jobs.inputs import RasterInput
from .scenes import SENTINEL_2, Scene, date_since, iso_date, scene_of
from .stac import StacAsset, StacBand, asset_of

# The common names of STAC's electro-optical extension, each at the centre of its range.
COMMON = {
    "coastal": 0.44, "blue": 0.49, "green": 0.56, "yellow": 0.60, "red": 0.665, "rededge": 0.73, "rededge1": 0.705,
    "rededge2": 0.74, "rededge3": 0.783, "nir": 0.842, "nir08": 0.865, "nir09": 0.945, "cirrus": 1.375, "swir1": 1.61,
    "swir16": 1.61, "swir2": 2.19, "swir22": 2.19, "pan": 0.65,
}
DATE_TAG, LAYER_TAG = "ACQUISITION_DATE", "SOURCE_LAYER"
"""Band metadata of a stack: when a band was taken, and which layer it came from."""

_WAVELENGTH_IN_NAME = re.compile(r"\s*\(\s*[\d.]+(?:\s+[A-Za-zµ]+)?\s*\)$")
_MICROMETRES = {
    "micrometers": 1.0, "micrometer": 1.0, "micrometres": 1.0, "microns": 1.0, "micron": 1.0, "um": 1.0, "µm": 1.0,
    "μm": 1.0, "nanometers": 1e-3, "nanometer": 1e-3, "nanometres": 1e-3, "nm": 1e-3, "angstroms": 1e-4,
    "millimeters": 1e3, "millimetres": 1e3, "mm": 1e3, "centimeters": 1e4, "centimetres": 1e4, "cm": 1e4,
    "meters": 1e6, "metres": 1e6, "m": 1e6,
}
_LIGHT_UM_GHZ = 299_792.458


@dataclass(frozen=True)
class Band:
    """One band: ``name`` unique within the imagery, centre wavelength in micrometres if known, name of its layer.

    ``date`` is when it was taken (ISO 8601, UTC; empty: unknown). A stored value times ``scale`` plus ``offset`` is
    what was measured. ``nodata`` is a value that only a file beside the raster declares invalid.
    """

    name: str
    wavelength_um: float | None
    layer: str
    date: str = ""
    scale: float = 1.0
    offset: float = 0.0
    nodata: float | None = None


def band_indexes(raster: RasterInput, dataset: rasterio.DatasetReader) -> tuple[int, ...]:
    """Return the 1-based bands that are measurements; an alpha band is only one where the user names it as such."""
    if len(raster.bands) == dataset.count:
        return tuple(range(1, dataset.count + 1))
    interpretations = dataset.colorinterp
    indexes = tuple(i for i, colour in enumerate(interpretations, 1) if colour.name != "alpha")
    if raster.bands and len(raster.bands) != len(indexes):
        raise InputError(
            f"The imagery “{raster.name or raster.path}” has {len(indexes)} bands, but {len(raster.bands)} band names "
            f"are given; give one name a band."
        )
    if not indexes:
        raise InputError(f"The imagery “{raster.name or raster.path}” has only an alpha band; give one that measures.")
    return indexes


def bands_of(raster: RasterInput, dataset: rasterio.DatasetReader) -> tuple[Band, ...]:
    """Return the bands of one raster, named by the user, else by the file, a STAC item beside it, or position."""
    indexes = band_indexes(raster, dataset)
    layer = raster.name or PurePath(raster.path).stem
    scene = scene_of(raster.path, raster.name)
    asset = asset_of(raster.path, dataset.count)
    told = asset.bands if asset and asset.bands else (StacBand(),) * dataset.count
    file_date = _file_date(dataset, asset, scene)
    names = raster.bands or tuple(_own_name(dataset, i, len(indexes), scene, told[i - 1]) for i in indexes)
    found = []
    for name, i in zip(names, indexes, strict=True):
        stac, own_scale = told[i - 1], (dataset.scales[i - 1], dataset.offsets[i - 1])
        scale, offset = own_scale if own_scale != (1.0, 0.0) else (stac.scale or 1.0, stac.offset or 0.0)
        found.append(Band(
            name, _wavelength(name, dataset, i, scene, stac), layer, _band_date(dataset, i) or file_date, scale, offset,
            stac.nodata if dataset.nodatavals[i - 1] is None else None,
        ))
    return tuple(found)


def without_collisions(bands: Sequence[Band]) -> tuple[Band, ...]:
    """Make names unique: equal ones of different days get their day, others their layer's name, then a number."""
    by_name: dict[str, list[Band]] = {}
    for band in bands:
        by_name.setdefault(band.name, []).append(band)
    taken: set[str] = set()
    unique = []
    for band in bands:
        alike = by_name[band.name]
        days = {one.date[:10] for one in alike}
        name = band.name
        if len(alike) > 1:
            by_day = "" not in days and len(days) == len(alike)
            name = f"{name} {band.date[:10]}" if by_day else f"{band.layer} {name}"
        number, candidate = 2, name
        while candidate in taken:
            number, candidate = number + 1, f"{name} ({number})"
        taken.add(candidate)
        unique.append(replace(band, name=candidate))
    return tuple(unique)


def micrometres(value: float, unit: str) -> float | None:
    """Return a centre wavelength in micrometres; None where ``unit`` is no length, wave number or frequency.

    Without a unit, numbers from 100 on are taken for nanometres: no sensor measures light so long, none so short.
    """
    word = unit.strip().lower()
    if not math.isfinite(value) or value <= 0:
        return None
    if word in ("", "unknown"):
        return value / 1000 if value >= 100 else value
    if word in _MICROMETRES:
        return value * _MICROMETRES[word]
    if word.startswith("wavenumber"):
        return 10_000 / value
    if word in ("ghz", "mhz"):
        return _LIGHT_UM_GHZ / value * (1000 if word == "mhz" else 1)
    return None


def _own_name(dataset: rasterio.DatasetReader, index: int, count: int, scene: Scene, stac: StacBand) -> str:
    description = (dataset.descriptions[index - 1] or "").strip()
    if "wavelength" in dataset.tags(index):
        description = _WAVELENGTH_IN_NAME.sub("", description)
    if description:
        return description
    if count == 1 and scene.band:
        return scene.band
    if stac.name or stac.common_name:
        return stac.name or stac.common_name
    variable = str(dataset.tags(index).get("NETCDF_VARNAME", "")).strip()
    if variable:
        return variable
    colour = str(dataset.colorinterp[index - 1].name)
    return colour if colour in ("red", "green", "blue") else f"band {index}"


def _wavelength(
    name: str, dataset: rasterio.DatasetReader, index: int, scene: Scene, stac: StacBand
) -> float | None:
    for declared in (_declared_wavelength(dataset, index), stac.wavelength_um, scene.wavelength(name)):
        if declared is not None:
            return declared
    common = (stac.common_name or name).lower().replace(" ", "").replace("_", "")
    return SENTINEL_2.get(name.upper(), COMMON.get(common))


def _declared_wavelength(dataset: rasterio.DatasetReader, index: int) -> float | None:
    """Read what the file itself says: ENVI headers first, which GDAL rounds where it copies them to IMAGERY."""
    tags = {key.lower(): value for key, value in dataset.tags(index).items()}
    header = dataset.tags(ns="ENVI")
    unit = tags.get("wavelength_units") or header.get("wavelength_units", "")
    imagery = dataset.tags(index, ns="IMAGERY").get("CENTRAL_WAVELENGTH_UM", "")
    try:
        if "wavelength" in tags:
            return micrometres(float(tags["wavelength"]), unit)
        return micrometres(float(imagery), "um") if imagery else None
    except ValueError:
        return None


def _band_date(dataset: rasterio.DatasetReader, index: int) -> str:
    tags = dataset.tags(index)
    if DATE_TAG in tags:
        return iso_date(tags[DATE_TAG])
    times = [key.removeprefix("NETCDF_DIM_") for key in tags if key.startswith("NETCDF_DIM_")]
    units = {key: value for key, value in dataset.tags().items() if key.endswith("#units")}
    found = (date_since(tags[f"NETCDF_DIM_{key}"], units.get(f"{key}#units", "")) for key in times)
    return next(filter(None, found), "")


def _file_date(dataset: rasterio.DatasetReader, asset: StacAsset | None, scene: Scene) -> str:
    tags = dataset.tags()
    told = (
        tags.get(DATE_TAG, ""), asset.date if asset else "",
        dataset.tags(ns="IMAGERY").get("ACQUISITIONDATETIME", ""), scene.date,
        dataset.tags(ns="ENVI").get("acquisition_time", ""), "" if "end_time" in tags else tags.get("start_time", ""),
    )
    return next(filter(None, map(iso_date, told)), "")
