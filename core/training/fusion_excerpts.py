"""The ground of a run as excerpts: squares with their imagery and features, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..feedback import Feedback
from ..sources.grid import Grid
from ..sources.imagery import BandStatistics, Imagery
from ..tokens.excerpt import Excerpt, excerpt_of
from ..tokens.tokens import Tokens
from .chips import MEMORY_MB, normalise

SIDE = 384
COVERED = ("silent", "covered")
"""What pretraining tells apart: ground of which the map says nothing, and ground on which a feature stands."""


@dataclass(frozen=True)
class Region:
    """Imagery and tokens on one grid, how bands are normalised, and the ``side`` of the squares it is read in."""

    imagery: Imagery
    grid: Grid
    tokens: Tokens
    statistics: BandStatistics
    side: int = SIDE

    def corners(self) -> list[tuple[int, int]]:
        """The first rows and columns of the squares that cover the grid."""
        rows, columns = (range(0, end, self.side) for end in self.grid.shape)
        return [(row, column) for row in rows for column in columns]

    def excerpt(self, corner: tuple[int, int], margin: int = 0) -> Excerpt:
        """Read a square and ``margin`` pixels around it, with every feature that comes into it."""
        row, column = corner[0] - margin, corner[1] - margin
        wide = self.side + 2 * margin
        x, valid = self.imagery.read(Window(column, row, wide, wide))
        low, high = self.tokens.outlines.reach
        rows = np.flatnonzero(((high > (column, row)) & (low < (column + wide, row + wide))).all(axis=1))
        own = self.tokens.select(rows, (row, column))
        bare = excerpt_of(normalise(x, valid, self.statistics), valid, self.imagery.bands, own, numbers=rows)
        mix = np.stack([bare.painted < 0, bare.painted >= 0]) & self._inside(row, column, wide)
        return excerpt_of(bare.x, valid, bare.bands, own, mix=mix, weight=np.asarray(mix.any(axis=0)),
                          label=np.full(len(rows), COVERED.index("covered")), numbers=rows)

    def _inside(self, row: int, column: int, side: int) -> NDArray[np.bool_]:
        rows, columns = row + np.arange(side), column + np.arange(side)
        return ((rows >= 0) & (rows < self.grid.height))[:, None] & ((columns >= 0) & (columns < self.grid.width))


def read_excerpts(region: Region, seed: int, feedback: Feedback) -> list[Excerpt]:
    """Read the squares of the ground that hold imagery or features, in random order; where they are more than fit into
    ``MEMORY_MB``, a random sample of them.
    """
    corners = region.corners()
    room = max(4, MEMORY_MB * 2**20 // (region.side**2 * (2 * len(region.imagery.bands) + 13)))
    found: list[Excerpt] = []
    for done, k in enumerate(np.random.default_rng([seed, 21]).permutation(len(corners))):
        feedback.check()
        excerpt = region.excerpt(corners[k])
        if excerpt.valid.any() or len(excerpt.tokens):
            found.append(excerpt)
        feedback.progress((done + 1) / len(corners))
        if len(found) == room:
            feedback.info(f"Learning from {room} random squares of {region.side} × {region.side} pixels: more do not "
                          f"fit into {MEMORY_MB} MB.")
            break
    return found


def squares(region: Region, margin: int, feedback: Feedback) -> Iterator[tuple[Excerpt, NDArray[np.intp]]]:
    """Yield each square of the ground with a margin, and the rows of its tokens whose middles lie in the square itself:
    every feature comes once.
    """
    corners = region.corners()
    ends = np.array([region.grid.width, region.grid.height])
    centres = np.clip(region.tokens.outlines.centres, 0, ends - 1e-3)
    for done, (row, column) in enumerate(corners):
        feedback.check()
        inside = (centres >= (column, row)) & (centres < (column + region.side, row + region.side))
        mine = np.asarray(inside.all(axis=1))
        if mine.any():
            excerpt = region.excerpt((row, column), margin=margin)
            yield excerpt, np.flatnonzero(mine[excerpt.numbers])
        feedback.progress((done + 1) / len(corners))
