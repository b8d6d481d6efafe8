"""Where a TIFF file has its blocks: as much of its directories as it takes to move blocks from file to file unread.

TIFF 6.0 (Adobe 1992) and BigTIFF (Aware Systems), tiled files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OFFSETS, SIZES = 324, 325
"""The tags TileOffsets and TileByteCounts."""
_KINDS = {3: "H", 4: "I", 16: "Q"}
"""The types of these tags: SHORT, LONG, LONG8."""


@dataclass(frozen=True)
class Numbers:
    """Numbers in a file: where the first is, how many, and how :mod:`struct` reads them."""

    at: int
    count: int
    format: str

    def read(self, content: bytes) -> tuple[int, ...]:
        return struct.unpack_from(self.format, content, self.at)

    def write(self, content: bytearray, values: Sequence[int]) -> None:
        struct.pack_into(self.format, content, self.at, *values)


@dataclass(frozen=True)
class Directory:
    """One image of a file: where its blocks begin, and their sizes in bytes."""

    offsets: Numbers
    sizes: Numbers


def directories(content: bytes) -> list[Directory]:
    """The images of a tiled TIFF file, in the order of the file."""
    return [Directory(tags[OFFSETS], tags[SIZES]) for tags in _tags(content)]


def _tags(content: bytes) -> Iterator[dict[int, Numbers]]:
    """Of each image the tags that hold whole numbers."""
    order = "<" if content[:2] == b"II" else ">"
    big = struct.unpack_from(f"{order}H", content, 2)[0] == 43
    count, pointer, entry, first = ("Q", "Q", 20, 8) if big else ("H", "I", 12, 4)
    at = struct.unpack_from(order + pointer, content, first)[0]
    while at:
        entries = struct.unpack_from(order + count, content, at)[0]
        at += struct.calcsize(order + count)
        tags = {}
        for start in range(at, at + entries * entry, entry):
            tag, kind, number = struct.unpack_from(f"{order}HH{pointer}", content, start)
            if kind in _KINDS:
                format, place = f"{order}{number}{_KINDS[kind]}", start + struct.calcsize(f"{order}HH{pointer}")
                inside = struct.calcsize(format) <= struct.calcsize(order + pointer)
                tags[tag] = Numbers(place if inside else struct.unpack_from(order + pointer, content, place)[0],
                                    number, format)
        yield tags
        at = struct.unpack_from(order + pointer, content, at + entries * entry)[0]
