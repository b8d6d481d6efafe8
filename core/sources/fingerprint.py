"""Telling whether an input is still the file that a run used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

PIECE = 1 << 20
BESIDE = ".aux.xml"
"""What programs that only look at a raster leave beside it: statistics, for one."""


def fingerprint(path: str | Path) -> str:
    """Return size and a hash of the first and last mebibyte: cheap for any size. Empty for what is no plain file."""
    file = Path(path)
    if not file.is_file():
        return ""
    size = file.stat().st_size
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        digest.update(stream.read(PIECE))
        if size > 2 * PIECE:
            stream.seek(-PIECE, 2)
        digest.update(stream.read(PIECE))
    return f"{size}:{digest.hexdigest()[:32]}"


def files_of(raster: str) -> tuple[str, ...]:
    """A raster and the files that it is made of; the raster alone where it cannot be opened."""
    import rasterio

    try:
        with rasterio.open(raster) as dataset:
            return tuple(dict.fromkeys((raster, *dataset.files)))
    except rasterio.errors.RasterioIOError:  # whoever reads it will say why
        return (raster,)


def fingerprints(raster: str) -> tuple[str, ...]:
    """The fingerprints of a raster and of the files that it is made of: a virtual one is the same text whatever becomes
    of what it shows.
    """
    return tuple(fingerprint(file) for file in files_of(raster) if not file.endswith(BESIDE))


def written(rasters: Iterable[str]) -> dict[str, int]:
    """When each of the files that rasters are made of was written last, in nanoseconds."""
    return {file: Path(file).stat().st_mtime_ns for raster in rasters for file in files_of(raster)
            if Path(file).is_file()}
