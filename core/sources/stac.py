"""What a STAC item beside a raster says of its bands."""

from __future__ import annotations

import heapq
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from .scenes import iso_date

LARGEST_FILE = 5_000_000
"""Larger JSON files in a raster's folder are no STAC items and are not read (bytes)."""
MOST_FILES = 24
"""So many JSON files of a folder are looked at: those named as the raster first, then by name."""
MOST_ITEMS = 1_000
OFFSET_APPLIED = ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied")
"""Properties of Earth Search's items of Sentinel-2 that say: the bands' offset is in their pixels already."""


@dataclass(frozen=True)
class StacBand:
    """One band as an item tells it: names, centre in micrometres, and what digital numbers mean; None: not told."""

    name: str = ""
    common_name: str = ""
    wavelength_um: float | None = None
    nodata: float | None = None
    scale: float | None = None
    offset: float | None = None


@dataclass(frozen=True)
class StacAsset:
    """``date`` is ISO 8601 in UTC, empty if the item has none; ``gsd_m`` the ground sample distance in metres."""

    date: str
    gsd_m: float | None
    bands: tuple[StacBand, ...]


def asset_of(path: str, count: int) -> StacAsset | None:
    """Return what the JSON files in a raster's folder say of it; None if none does, or if they contradict each other.

    An asset describes the raster if its address ends in the raster's file name and it tells of as many bands as the
    raster has (``count``), or of none. What is no JSON, too large, or no STAC is passed over.
    Extensions: eo, raster (STAC 1.0) and the common band object (STAC 1.1).
    """
    raster = Path(path)
    found = {
        asset for file in _beside(raster) for name, asset in _assets(*file)
        if name == raster.name and len(asset.bands) in (0, count)
    }
    return found.pop() if len(found) == 1 else None


def _beside(raster: Path) -> list[tuple[str, int, int]]:
    """Return path, modification time and size of the JSON files to look at."""
    try:
        with os.scandir(raster.parent) as entries:
            names = heapq.nsmallest(
                MOST_FILES, ((Path(e.name).stem != raster.stem, e.name) for e in entries if e.name.endswith(".json"))
            )
    except OSError:
        return []
    files = []
    for _, name in names:
        at = raster.parent / name
        try:
            status = at.stat()
        except OSError:
            continue
        if status.st_size <= LARGEST_FILE and at.is_file():
            files.append((str(at), status.st_mtime_ns, status.st_size))
    return files


@lru_cache(maxsize=2 * MOST_FILES)
def _assets(path: str, modified: int, size: int) -> tuple[tuple[str, StacAsset], ...]:
    """Return file name and asset of each asset in a file; ``modified`` and ``size`` make a changed file a new one."""
    try:
        text = Path(path).read_bytes()
        document = json.loads(text) if b'"assets"' in text else None
    except (OSError, ValueError, RecursionError):
        return ()
    return tuple(entry for item in _items(document) for entry in _assets_of(item))


def _items(document: object) -> list[Mapping[str, Any]]:
    top = _mapping(document)
    features = top.get("features")
    items = features[:MOST_ITEMS] if isinstance(features, list) else [top]
    return [_mapping(item) for item in items]


def _assets_of(item: Mapping[str, Any]) -> Iterator[tuple[str, StacAsset]]:
    properties = _mapping(item.get("properties"))
    for asset in map(_mapping, _mapping(item.get("assets")).values()):
        name = _file_name(asset.get("href"))
        if name:
            told = {**properties, **asset}
            when = _text(told.get("datetime")) or _text(told.get("start_datetime"))
            yield name, StacAsset(iso_date(when), _number(told.get("gsd")), tuple(
                replace(band, offset=None) if band.offset and any(told.get(key) is True for key in OFFSET_APPLIED)
                else band for band in _bands(asset)))


def _file_name(href: object) -> str:
    try:
        return unquote(PurePosixPath(urlsplit(_text(href)).path.replace("\\", "/")).name)
    except ValueError:
        return ""


def _bands(asset: Mapping[str, Any]) -> tuple[StacBand, ...]:
    common, optical, raster = (_list(asset.get(key)) for key in ("bands", "eo:bands", "raster:bands"))
    number = max(len(common), len(optical), len(raster))
    if any(len(part) not in (0, number) for part in (common, optical, raster)):
        return ()
    bands = []
    for index in range(number):
        parts = [_mapping(part[index]) for part in (common, optical, raster) if part]
        told = {key: value for part in (asset, *parts) for key, value in part.items()}
        own = {key: value for part in parts for key, value in part.items()}
        bands.append(StacBand(
            name=_text(own.get("name")),
            common_name=_text(told.get("eo:common_name") or own.get("common_name")),
            wavelength_um=_micrometres(told.get("eo:center_wavelength", own.get("center_wavelength"))),
            nodata=_number(told.get("nodata")),
            scale=_number(told.get("raster:scale", own.get("scale"))) or None,
            offset=_number(told.get("raster:offset", own.get("offset"))),
        ))
    return tuple(bands)


def _micrometres(value: object) -> float | None:
    """The extension asks for micrometres; some catalogues give nanometres, which no optical band is in micrometres."""
    number = _number(value)
    if number is None or number <= 0:
        return None
    return number / 1000 if number > 100 else number


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
