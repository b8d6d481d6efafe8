"""What the file names of satellite scenes say: the sensor's wavelengths, the date, the band."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

# Central wavelengths in micrometres. Sentinel-2A: ESA's MSI spectral response document; Landsat: the USGS band tables.
SENTINEL_2 = {
    "B01": 0.443, "B02": 0.490, "B03": 0.560, "B04": 0.665, "B05": 0.705, "B06": 0.740, "B07": 0.783, "B08": 0.842,
    "B8A": 0.865, "B09": 0.945, "B10": 1.375, "B11": 1.610, "B12": 2.190,
}
LANDSAT_1_MSS = {"B4": 0.55, "B5": 0.65, "B6": 0.75, "B7": 0.95}
LANDSAT_4_MSS = {"B1": 0.55, "B2": 0.65, "B3": 0.75, "B4": 0.95}
LANDSAT_TM = {
    "B1": 0.485, "B2": 0.560, "B3": 0.660, "B4": 0.830, "B5": 1.650, "B6": 11.45, "B6_VCID_1": 11.45,
    "B6_VCID_2": 11.45, "B7": 2.215, "B8": 0.710,
}
LANDSAT_OLI = {
    "B1": 0.443, "B2": 0.482, "B3": 0.561, "B4": 0.655, "B5": 0.865, "B6": 1.609, "B7": 2.201, "B8": 0.590, "B9": 1.373,
    "B10": 10.895, "B11": 12.005,
}

_SENTINEL_2 = re.compile(
    r"(?:^|[_\-, ])(?:S2[A-D](?=[_\-]|$)|SENTINEL-?2|T\d{2}[C-X][A-Z]{2}(?=_\d{8}T))", re.IGNORECASE
)
_SENTINEL_2_BAND = re.compile(r"(?:^|[_\-, .])(B(?:0[1-9]|8A|1[0-2])|SCL|AOT|WVP)(?=$|[_\-. ])", re.IGNORECASE)
_SENTINEL_1 = re.compile(r"(?:^|[_\-, ])S1[A-D](?=[_\-]|$)", re.IGNORECASE)
_SENTINEL_1_BAND = re.compile(r"(?:^|[_\-. ])(VV|VH|HH|HV)(?=$|[_\-. ])", re.IGNORECASE)
_SENTINEL_DATE = re.compile(r"(?<!\d)((?:19|20)\d{6}T\d{6})(?!\d)|(?<!\d)((?:19|20)\d{2}-?\d{2}-?\d{2})(?!\d)", re.I)
_PROCESSING_DATE = re.compile(r"^S2[A-D]_OPER_", re.IGNORECASE)
_LANDSAT = re.compile(r"(?:^|[_\- ])L([COETM])0?([1-9])(?=_|\d{13})", re.IGNORECASE)
_LANDSAT_BAND = re.compile(r"(?:^|_)(?:SR_|ST_)?(B(?:1[01]|[1-9])(?:_VCID_[12])?)$", re.IGNORECASE)
_LANDSAT_PRODUCT = re.compile(r"_\d{2}_(?:T1|T2|RT)_(\w+)$", re.IGNORECASE)
_LANDSAT_DATE = re.compile(r"_\d{6}_((?:19|20)\d{6})(?=_|$)")
_LANDSAT_YEAR_DAY = re.compile(r"L[COETM]\d\d{6}((?:19|20)\d{2})(\d{3})(?!\d)", re.IGNORECASE)
_LANDSAT_DESCRIPTION = re.compile(r"^BAND[ _]?(\d{1,2})[ _](?:REFLECTANCE|RADIANCE|TEMPERATURE)$")


@dataclass(frozen=True)
class Scene:
    """``band`` is the one that the name gives a single-band file, ``date`` ISO 8601 in UTC; both empty if unknown.

    ``wavelengths`` are the sensor's, in micrometres by band name.
    """

    band: str = ""
    date: str = ""
    wavelengths: Mapping[str, float] = field(default_factory=dict)

    def wavelength(self, name: str) -> float | None:
        """Return the centre wavelength in micrometres of a band of this scene, None if its name is not the sensor's."""
        upper = name.upper().strip()
        described = _LANDSAT_DESCRIPTION.match(upper)
        plain = f"B{described.group(1)}" if described else upper.removeprefix("SR_").removeprefix("ST_")
        return self.wavelengths.get(plain, self.wavelengths.get(re.sub(r"^B(\d)$", r"B0\1", plain)))


def scene_of(path: str, layer: str = "") -> Scene:
    """Return what a raster's file name says, else its folder's, else the name of its layer.

    Understands Sentinel-2 (``T33UUU_20170216T102101_B02``, ``S2A_MSIL2A_…``, earth-search and Sentinel Hub names),
    Sentinel-1, and Landsat (collections 1 and 2, and the names before them).
    """
    stem, folder = PurePath(path).stem, PurePath(path).parent.name
    band = _band(stem)
    for text in (stem, folder, layer):
        landsat = _LANDSAT.search(text)
        if landsat:
            product = _LANDSAT_PRODUCT.search(stem)
            name = band or (product.group(1).upper() if product else "")
            return Scene(name, _landsat_date(text), _landsat_bands(*landsat.groups()))
        if _SENTINEL_2.search(text):
            return Scene(band, _sentinel_date(text), SENTINEL_2)
        if _SENTINEL_1.search(text):
            polarisation = _SENTINEL_1_BAND.findall(stem)
            return Scene(polarisation[-1].upper() if polarisation else "", _sentinel_date(text))
    return Scene(band)


def iso_date(text: str) -> str:
    """Return a date, or a date and time in UTC, as ISO 8601 to the second; empty for what is neither."""
    given = text.strip()
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return ""
    if len(given) <= 10:
        return moment.date().isoformat()
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            return ""
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def date_since(value: str, units: str) -> str:
    """Return the ISO 8601 date of a NetCDF time, a number and ``days since 2018-08-01``; empty if it is none."""
    step, _, start = units.partition(" since ")
    seconds = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}.get(step.strip().lower().rstrip("s"))
    begin = iso_date(start)
    if seconds is None or not begin:
        return ""
    try:
        moment = datetime.fromisoformat(begin.removesuffix("Z")) + timedelta(seconds=float(value) * seconds)
    except (ValueError, OverflowError):
        return ""
    return moment.replace(microsecond=0).isoformat() + "Z"


def _band(stem: str) -> str:
    found = _SENTINEL_2_BAND.findall(stem) or _LANDSAT_BAND.findall(stem)
    return str(found[-1]).upper() if found else ""


def _sentinel_date(text: str) -> str:
    if _PROCESSING_DATE.match(text):
        return ""
    found = _SENTINEL_DATE.search(text)
    return iso_date(found.group(0).upper()) if found else ""


def _landsat_date(text: str) -> str:
    found = _LANDSAT_DATE.search(text)
    if found:
        return iso_date(found.group(1))
    early = _LANDSAT_YEAR_DAY.search(text)
    if not early or not 1 <= int(early.group(2)) <= 366:
        return ""
    return (datetime(int(early.group(1)), 1, 1) + timedelta(days=int(early.group(2)) - 1)).date().isoformat()


def _landsat_bands(sensor: str, number: str) -> Mapping[str, float]:
    if int(number) >= 8:
        return LANDSAT_OLI
    if int(number) <= 3:
        return LANDSAT_1_MSS
    return LANDSAT_4_MSS if sensor.upper() == "M" else LANDSAT_TM
