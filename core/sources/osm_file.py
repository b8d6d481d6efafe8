"""Opening OpenStreetMap files (.osm, .pbf, packed or not): what a place is like at one moment, not how it became so."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import osmium

from ..errors import InputError

SUFFIXES = (".osm", ".pbf", ".osm.gz", ".osm.bz2", ".o5m")
_OF_HISTORY = frozenset({".osc", ".osh"})
_OF_TEXT: Mapping[str, Callable[[str], Any]] = {".osm": partial(open, mode="rb"), ".osm.gz": gzip.open,
                                                ".osm.bz2": bz2.open}
_OBJECT = re.compile(rb"""<(node|way|relation)\s((?:[^<>"']|"[^"]*"|'[^']*')*)>""")
_DELETED, _ID = re.compile(rb"""\baction\s*=\s*["']delete["']"""), re.compile(rb"""\bid\s*=\s*["'](-?\d+)["']""")
_BLOCK_BYTES = 1_000_000


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


def deleted_in_draft(path: str) -> frozenset[tuple[str, int]]:
    """Return kind and id of the objects of a file that an editor (JOSM, Vespucci) has marked to be deleted once it
    uploads: they still stand in the file, and osmium does not tell. Only files of text have such marks.
    """
    opener = next((opener for suffix, opener in _OF_TEXT.items() if path.lower().endswith(suffix)), None)
    if opener is None:
        return frozenset()
    found, rest = set(), b""
    try:
        with opener(path) as stream:
            while block := stream.read(_BLOCK_BYTES):
                block = rest + block
                if _DELETED.search(block):
                    found |= {(kind.decode(), int(number[1])) for kind, said in _OBJECT.findall(block)
                              if _DELETED.search(said) and (number := _ID.search(said))}
                rest = block[block.rfind(b"<"):]
    except (OSError, EOFError, zlib.error):
        return frozenset()  # a damaged file: osmium says so
    return frozenset(found)


def holds_history(path: str) -> InputError:
    """Return the error for a file that says of objects what they once were."""
    return InputError(f"The OpenStreetMap file {path} holds changes or deleted objects and so their history; give an "
                      "extract of one moment (osmium time-filter makes one).")


def _names_history(path: str) -> bool:
    return bool(_OF_HISTORY & {suffix.lower() for suffix in Path(path).suffixes[-2:]})
