"""What the bands of a raster are called and which light they measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

import rasterio

from ..errors import InputError
from ..jobs.inputs import RasterInput

# Central wavelengths in micrometres. Sentinel-2A: ESA's MSI spectral response document; Landsat: the USGS band tables.
SENTINEL_2 = {
    "B01": 0.443, "B02": 0.490, "B03": 0.560, "B04": 0.665, "B05": 0.705, "B06": 0.740, "B07": 0.783, "B08": 0.842,
    "B8A": 0.865, "B09": 0.945, "B10": 1.375, "B11": 1.610, "B12": 2.190,
}
LANDSAT_TM = {"B1": 0.485, "B2": 0.560, "B3": 0.660, "B4": 0.830, "B5": 1.650, "B6": 11.45, "B7": 2.215, "B8": 0.710}
LANDSAT_OLI = {
    "B1": 0.443, "B2": 0.482, "B3": 0.561, "B4": 0.655, "B5": 0.865, "B6": 1.609, "B7": 2.201, "B8": 0.590, "B9": 1.373,
    "B10": 10.895, "B11": 12.005,
}
# The common names of STAC's electro-optical extension, each at the centre of its range.
COMMON = {
    "coastal": 0.44, "blue": 0.49, "green": 0.56, "yellow": 0.60, "red": 0.665, "rededge": 0.73, "rededge1": 0.705,
    "rededge2": 0.74, "rededge3": 0.783, "nir": 0.842, "nir08": 0.865, "nir09": 0.945, "cirrus": 1.375, "swir1": 1.61,
    "swir16": 1.61, "swir2": 2.19, "swir22": 2.19, "pan": 0.65,
}

_SENTINEL_FILE = re.compile(r"(?:^|[_\-, .])(B(?:0[1-9]|8A|1[0-2]))(?=$|[_\-. ])", re.IGNORECASE)
_LANDSAT_FILE = re.compile(r"(?:^|_)(?:SR_|ST_)?(B(?:1[01]|[1-9]))$", re.IGNORECASE)
_LANDSAT_SCENE = re.compile(r"(?:^|[_\-])L[A-Z]0?([4-9])")


@dataclass(frozen=True)
class Band:
    """One band: ``name`` unique within the imagery, centre wavelength in micrometres if known, name of its layer."""

    name: str
    wavelength_um: float | None
    layer: str


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
    """Return the bands of one raster, named by the user, else by the file, else by position."""
    indexes = band_indexes(raster, dataset)
    layer = raster.name or PurePath(raster.path).stem
    names = raster.bands or tuple(_own_name(dataset, index, len(indexes), raster.path) for index in indexes)
    return tuple(
        Band(name, _wavelength(name, dataset, index, raster), layer) for name, index in zip(names, indexes, strict=True)
    )


def without_collisions(bands: list[Band]) -> tuple[Band, ...]:
    """Prefix the names that occur more than once with their layer's name, and number what still collides."""
    names = [band.name for band in bands]
    prefixed = [f"{b.layer} {b.name}" if names.count(b.name) > 1 else b.name for b in bands]
    unique: list[str] = []
    for name in prefixed:
        number, candidate = 2, name
        while candidate in unique:
            number, candidate = number + 1, f"{name} ({number})"
        unique.append(candidate)
    return tuple(Band(name, b.wavelength_um, b.layer) for name, b in zip(unique, bands, strict=True))


def _own_name(dataset: rasterio.DatasetReader, index: int, count: int, path: str) -> str:
    description = (dataset.descriptions[index - 1] or "").strip()
    if description:
        return description
    if count == 1:
        stem = PurePath(path).stem
        found = _SENTINEL_FILE.findall(stem) or _LANDSAT_FILE.findall(stem)
        if found:
            return str(found[-1]).upper()
    colour = dataset.colorinterp[index - 1].name
    return colour if colour in ("red", "green", "blue") else f"band {index}"


def _wavelength(name: str, dataset: rasterio.DatasetReader, index: int, raster: RasterInput) -> float | None:
    declared = _declared_wavelength(dataset, index)
    if declared is not None:
        return declared
    upper = name.upper()
    scene = _LANDSAT_SCENE.search(f"{PurePath(raster.path).stem}_{raster.name}".upper())
    if scene and (upper.removeprefix("SR_")) in LANDSAT_OLI:
        table = LANDSAT_OLI if int(scene.group(1)) >= 8 else LANDSAT_TM
        return table.get(upper.removeprefix("SR_"))
    return SENTINEL_2.get(upper, COMMON.get(name.lower().replace(" ", "").replace("_", "")))


def _declared_wavelength(dataset: rasterio.DatasetReader, index: int) -> float | None:
    """Read what the file itself says, as ENVI headers and GDAL's IMAGERY domain write it."""
    tags = {key.lower(): value for key, value in dataset.tags(index).items()}
    imagery = dataset.tags(index, ns="IMAGERY").get("CENTRAL_WAVELENGTH_UM")
    try:
        if imagery:
            return float(imagery)
        if "wavelength" in tags:
            nanometres = tags.get("wavelength_units", "").lower().startswith("nano")
            return float(tags["wavelength"]) / (1000.0 if nanometres else 1.0)
    except ValueError:
        return None
    return None
