"""What a fusion network is shown: windows of the ground in which some things are hidden, moved or made up.

What is drawn depends on the seed and the number of the step alone, so that a fit that was broken off goes on as if it
had not been.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..models.fusion_batch import Batch, collate
from ..tokens.excerpt import Excerpt
from ..tokens.tile import Questions, Tile, cut
from ..tokens.tokens import SOURCES

TRIES = 12


@dataclass(frozen=True)
class DrawSettings:
    """``batch`` windows of ``side`` pixels.

    Of the features of a window the share ``asked`` becomes questions, half of them moved by up to ``move_m`` metres,
    and about as many shapes are put where nothing stands; ``blurred`` is the share of the unmoved questions whose
    outline is hidden, ``hushed`` that of the visible features whose words are. ``veiled`` is the chance that parts of
    the imagery are hidden, ``veil_share`` how much of it then. ``no_map`` and ``no_field`` are the chances that a
    source is left out of a window, ``no_imagery`` that half or all of the imagery is. ``gain`` and ``offset`` bound the
    random change of light.
    """

    batch: int = 8
    side: int = 96
    asked: float = 0.2
    move_m: float = 8.0
    blurred: float = 0.0
    hushed: float = 0.0
    veiled: float = 0.0
    veil_share: float = 0.3
    no_map: float = 0.1
    no_field: float = 0.1
    no_imagery: float = 0.1
    gain: float = 0.15
    offset: float = 0.2
    seed: int = 0


class Draw:
    """Draws batches from excerpts of one run."""

    def __init__(self, excerpts: Sequence[Excerpt], strides: Sequence[int], settings: DrawSettings) -> None:
        """Raises :class:`InputError` if nothing may be learnt from."""
        self._excerpts, self._strides, self._settings = excerpts, tuple(strides), settings
        self._places = [_places(one) for one in excerpts]
        sizes = np.array([len(places) for places in self._places], float)
        if not sizes.sum():
            raise InputError("There is no place to learn from: neither imagery nor a feature is within the extent.")
        self._shares = sizes / sizes.sum()

    def batch(self, step: int, rank: int = 0) -> Batch:
        """Return the batch of a step; ``rank`` tells machines that learn together apart."""
        rng = np.random.default_rng([self._settings.seed, step, rank])
        return collate([self._tile(rng) for _ in range(self._settings.batch)])

    def _tile(self, rng: np.random.Generator) -> Tile:
        settings = self._settings
        side = settings.side
        number = int(rng.choice(len(self._excerpts), p=self._shares))
        excerpt = self._excerpts[number]
        height, width = excerpt.valid.shape
        at = divmod(int(rng.choice(self._places[number])), width)
        corner = tuple(int(np.clip(place - rng.integers(side), min(0, end - side), max(0, end - side)))
                       for place, end in zip(at, (height, width), strict=True))
        without = np.zeros(len(excerpt.tokens), bool)
        for kind, chance in zip(SOURCES, (settings.no_map, settings.no_field), strict=True):
            if rng.random() < chance:
                without |= excerpt.tokens.source == SOURCES.index(kind)
        centres = excerpt.tokens.outlines.centres - np.array(corner[::-1])
        here = np.flatnonzero(((centres > 0) & (centres < side)).all(axis=1) & excerpt.usable)
        questions, blur = self._questions(excerpt, here, without, corner, rng)
        tile = cut(excerpt, (corner[0], corner[1]), side, self._strides, questions=questions, blur=blur,
                   without=without, hush=rng.random(len(without)) < settings.hushed, veil=self._veil(rng),
                   turns=int(rng.integers(4)), mirror=bool(rng.random() < 0.5))
        gain = 1 + rng.uniform(-settings.gain, settings.gain)
        np.multiply(tile.x, gain, out=tile.x)
        np.add(tile.x, rng.uniform(-settings.offset, settings.offset, (len(tile.x), 1, 1)), out=tile.x)
        return tile

    def _questions(self, excerpt: Excerpt, here: NDArray[np.intp], without: NDArray[np.bool_], corner: tuple[int, ...],
                   rng: np.random.Generator) -> tuple[Questions, NDArray[np.bool_]]:
        settings = self._settings
        count = min(len(here), max(1, round(settings.asked * len(here)))) if settings.asked else 0
        real = Questions.about(rng.permutation(here)[:count])
        reach = settings.move_m / excerpt.tokens.pixel_m
        angle, far = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.1, 1.0, count) * reach
        moved = rng.random(count) < 0.5
        real.move[:] = np.where(moved[:, None], np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1), 0.0)
        made = self._made_up(excerpt, here, count, corner, rng)
        blur = np.concatenate([(rng.random(count) < settings.blurred) & ~moved, np.zeros(len(made.row), bool)])
        return Questions.joined([real, made]), blur

    def _made_up(self, excerpt: Excerpt, here: NDArray[np.intp], count: int, corner: tuple[int, ...],
                 rng: np.random.Generator) -> Questions:
        """Shapes of the window, turned and put where it is silent; those that fit nowhere are left out."""
        side, outlines = self._settings.side, excerpt.tokens.outlines
        found: list[tuple[int, float, float, float]] = []
        for row in rng.permutation(np.tile(here, 1 + count // max(len(here), 1)))[:count] if count else []:
            about = outlines.xy[row] - outlines.centres[row]
            turn = rng.uniform(0, 2 * np.pi, TRIES)
            place = rng.uniform(0, side, (TRIES, 2)) + np.array(corner[::-1])
            c, s = np.cos(turn)[:, None], np.sin(turn)[:, None]
            x = c * about[:, 0] - s * about[:, 1] + place[:, :1]
            y = s * about[:, 0] + c * about[:, 1] + place[:, 1:]
            rows, columns = (np.clip(v.astype(int), 0, end - 1)
                             for v, end in zip((y, x), excerpt.painted.shape, strict=True))
            silent = (excerpt.painted[rows, columns] < 0).all(axis=1)
            silent &= excerpt.painted[tuple(np.clip(place[:, i].astype(int), 0, excerpt.painted.shape[1 - i] - 1)
                                            for i in (1, 0))] < 0
            if silent.any():
                first = int(silent.argmax())
                found.append((int(row), float(turn[first]), *(place[first] - outlines.centres[row]).tolist()))
        table = np.array(found, float).reshape(-1, 4)
        return Questions(table[:, 0].astype(np.int64), np.zeros(len(table), bool), table[:, 1].astype(np.float32),
                         table[:, 2:].astype(np.float32))

    def _veil(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Where the bands are hidden: blocks of 8 to 32 pixels, or half the window, or all of it."""
        settings, side = self._settings, self._settings.side
        veil = np.zeros((side, side), bool)
        if rng.random() < settings.no_imagery:
            edge = int(rng.integers(side // 4, side + 1))
            veil[:edge] = True
            return np.rot90(veil, int(rng.integers(4)))
        if rng.random() < settings.veiled:
            while veil.mean() < settings.veil_share:
                height, width = rng.integers(8, 33, 2)
                row, column = rng.integers(0, side - 7, 2)
                veil[row:row + height, column:column + width] = True
        return veil


def _places(excerpt: Excerpt) -> NDArray[np.intp]:
    """Where there is something to learn and something to see; without imagery features may be seen from anywhere."""
    if not excerpt.valid.any():
        return np.flatnonzero(excerpt.weight > 0) if len(excerpt.tokens) else np.zeros(0, np.intp)
    return np.flatnonzero((excerpt.weight > 0) & (excerpt.valid | (excerpt.painted >= 0)))
