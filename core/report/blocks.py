"""What a page is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Row = tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A picture as it stands in the page and as a file of its own: ``name`` is the file's, without ending.

    ``shown`` is SVG or JPEG, ``png`` makes the same for the folder of images; ``alt`` says in words what is to be
    seen. ``width_px`` and ``height_px`` are the size at which it is shown.
    """

    name: str
    alt: str
    caption: str
    shown: bytes
    kind: Literal["image/svg+xml", "image/jpeg"]
    png: Callable[[], bytes]
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Pictures:
    """Pictures side by side, where the page is wide enough."""

    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Table:
    """A table; ``numeric`` are the columns that are set to the right. The first column names the row."""

    head: Row
    rows: Sequence[Row]
    numeric: frozenset[int] = frozenset()
    caption: str = ""
    small: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph. ``tone``: plain; missing, what the ledger does not hold and how to get it; notice, to be heeded."""

    text: str
    tone: Literal["plain", "missing", "notice"] = "plain"


@dataclass(frozen=True)
class KeyFigures:
    """The few numbers to remember: (number, what it is)."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Points:
    """Sentences, one below the other."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """A plot and the table of its numbers, side by side where the page is wide enough."""

    picture: Picture
    table: Table


Block = Pictures | Table | Text | KeyFigures | Points | Beside


@dataclass(frozen=True)
class Section:
    """A part of the page; ``anchor`` is its name in the address and in the table of contents."""

    anchor: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)

    @property
    def pictures(self) -> list[Picture]:
        """All pictures of the section."""
        return [one for block in self.blocks for one in (
            block.pictures if isinstance(block, Pictures) else (block.picture,) if isinstance(block, Beside) else ())]
