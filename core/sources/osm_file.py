"""Opening OpenStreetMap files (.osm, .pbf, packed or not): what a place is like at one moment, not how it became so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import osmium

from ..errors import InputError

SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2", ".o5m")
_OF_HISTORY = frozenset({".osc", ".osh"})


def is_osm_file(path: str) -> bool:
    """Whether a file's name says that it is OpenStreetMap data of any kind, whatever its case."""
    return path.lower().endswith(SUFFIXES) or _names_history(path)


def open_osm(path: str) -> Any:
    """Return osmium's processor of the objects in a file.

    Raises :class:`InputError` for a file that is not there, and for changes and objects' history.
    """
    if not Path(path).is_file():
        raise InputError(f"The OpenStreetMap file {path} does not exist; check the path.")
    if _names_history(path):
        raise holds_history(path)
    # osmium tells formats by small letters alone.
    suffix = next(suffix for suffix in SUFFIXES if path.lower().endswith(suffix))
    objects = osmium.FileProcessor(osmium.io.File(path, suffix.removeprefix(".")))
    if objects.header.has_multiple_object_versions:
        raise holds_history(path)
    return objects


def holds_history(path: str) -> InputError:
    """Return the error for a file that says of objects what they once were."""
    return InputError(f"The OpenStreetMap file {path} holds changes or deleted objects and so their history; give an "
                      "extract of one moment (osmium time-filter makes one).")


def _names_history(path: str) -> bool:
    return bool(_OF_HISTORY & {suffix.lower() for suffix in Path(path).suffixes[-2:]})
