"""What a fine-tuning shall learn at every pixel: classes or values, and on which side of the judging it stands.

Where no feature lies nothing is known, unless a legend says what a map's silence means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Protocol

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from ..sources.burn import burn
from ..sources.grid import Grid
from ..sources.missing_codes import doubted_code
from ..sources.statements import Statements, supports
from ..sources.vectors import Features
from .blocking import LEAST_ACROSS, MOST_ACROSS, alike_within
from .folds import Blocks, deal
from .targets import WEIGHT_BOUNDS, Targets

FOLDS = 5
"""One is judged, one says when to stop and how sure to be, the others are learnt from."""
LEVELS = 4
"""Values are dealt to folds by this many levels, so that each fold has its part of all."""
LEARN, STOP, JUDGE = 1, 2, 3


@dataclass(frozen=True)
class Labels:
    """The labels of a window: ``target`` (classes, H, W) shares that sum to 1, or (1, H, W) values; ``known``, where
    there is one; ``weight``, how much it counts; ``sure``, where somebody was there; ``fold`` and ``block`` (H, W).
    """

    target: NDArray[np.float32]
    known: NDArray[np.bool_]
    weight: NDArray[np.float32]
    sure: NDArray[np.bool_]
    fold: NDArray[np.uint8]
    block: NDArray[np.uint16]


@dataclass(frozen=True)
class Cut:
    """How the ground is cut into blocks of about ``side_px`` pixels, and what the pixels of each fold are for:
    ``roles`` by its number.
    """

    side_px: int
    blocks: Blocks
    roles: tuple[int, ...]

    def role(self, fold: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The role of every pixel by its fold."""
        found: NDArray[np.uint8] = np.array(self.roles, np.uint8)[fold]
        return found

    def block(self, window: Window) -> NDArray[np.uint16]:
        """The number of every pixel's block."""
        rows, columns = self.blocks.fold.shape
        numbers = np.arange(rows * columns, dtype=np.uint8).reshape(rows, columns)
        return Blocks(self.blocks.height, self.blocks.width, numbers).at(window).astype(np.uint16)


class LabelSource(Protocol):
    """Where labels come from: shares of ``outputs`` classes, or one value."""

    outputs: int
    cut: Cut

    def read(self, window: Window) -> Labels:
        """The labels of a window, which may reach outside the grid."""
        ...


class ClassLabels:
    """Classes of map and field layers, polygons, lines and points alike; what a field survey says counts as sure."""

    def __init__(self, layers: Sequence[Statements], names: Sequence[str], grid: Grid, seed: int) -> None:
        self.outputs = len(names)
        xy = np.concatenate([layer.centres for layer in layers])
        mix = np.concatenate([layer.mix for layer in layers])
        told = mix.sum(axis=1) > 0.5
        if not told.any():
            raise InputError("No feature has a class that is known; check LEGEND and the class fields in SOURCES.")
        spoken = (mix[told] > 0).any(axis=0)
        for layer in layers:
            spoken = spoken if layer.background is None else spoken | (layer.background > 0)
        if spoken.sum() < 2:
            raise InputError(f"All {int(told.sum())} features with a known class are {names[int(spoken.argmax())]}: "
                             "there is nothing to tell it from; give a layer that says where it is not, or another "
                             "LEGEND.")
        self.cut = _cut(grid, xy[told], mix[told], mix[told].argmax(axis=1), tuple(names), seed)
        self._targets = Targets(layers, self.cut.blocks)
        self._fields = [layer for layer in layers if layer.features.kind == "field"]

    def read(self, window: Window) -> Labels:
        """See :class:`LabelSource`."""
        target = self._targets.read(window)
        sure = target.sure
        for layer in self._fields:
            sure = sure | (layer.read(window).feature >= 0)
        return Labels(target.mix, target.mix.sum(axis=0) > 0.5, target.weight, sure, target.fold,
                      self.cut.block(window))


class ValueLabels:
    """Values at features; every feature counts alike, however large."""

    outputs = 1

    def __init__(self, layers: Sequence[Features], grid: Grid, seed: int) -> None:
        shapes, values = [], []
        for features in layers:
            z = values_of(features)
            known = np.isfinite(z)
            shapes.append(supports(grid.to_pixels(features.geometries[known]), features.accuracy_m[known], grid))
            values.append(z[known])
        self._shape, self._value = np.concatenate(shapes), np.concatenate(values)
        self.doubts = [doubt for features, own in zip(layers, values, strict=True)
                       if (doubt := doubted_code(own, features.settings.value_field))]
        """What is to be told of values that may be none."""
        if len(self._value) < FOLDS:
            raise InputError(f"Only {len(self._value)} features have a value; at least {FOLDS} are needed.")
        if np.ptp(self._value) == 0:
            raise InputError(f"All {len(self._value)} features have the value {self._value[0]:g}: there is nothing to "
                             "learn; name another TARGET.")
        centre = shapely.get_coordinates(shapely.centroid(self._shape)).reshape(-1, 2)
        level = np.searchsorted(np.quantile(self._value, np.arange(1, LEVELS) / LEVELS), self._value)
        names = tuple(f"level {number + 1} of the values" for number in range(LEVELS))
        self.cut = _cut(grid, centre, self._value, level.astype(np.intp), names, seed)
        self._fold = self.cut.blocks.of(centre)
        area = np.maximum(shapely.area(self._shape), 1.0)
        self._weight = (area.mean() / area).clip(*WEIGHT_BOUNDS).astype(np.float32)

    def read(self, window: Window) -> Labels:
        """See :class:`LabelSource`."""
        shape = int(window.height), int(window.width)
        feature = burn(self._shape, np.arange(len(self._shape)), shape, (int(window.row_off), int(window.col_off)))
        here = feature >= 0
        value = np.where(here, np.append(self._value, 0.0)[feature], 0.0).astype(np.float32)[None]
        fold = np.where(here, np.append(self._fold, np.uint8(0))[feature], self.cut.blocks.at(window))
        weight = np.where(here, np.append(self._weight, np.float32(1))[feature], np.float32(1))
        return Labels(value, here, weight.astype(np.float32), here, fold.astype(np.uint8),
                      self.cut.block(window))


def values_of(features: Features) -> NDArray[np.float64]:
    """The value of each feature (n,), NaN where there is none. Raises :class:`InputError` for text."""
    field = features.settings.value_field
    try:
        values: NDArray[np.float64] = pd.to_numeric(features.attributes[field]).to_numpy(np.float64, na_value=np.nan)
        return values
    except (ValueError, TypeError) as error:
        raise InputError(f"The field “{field}” of the layer “{features.name}” holds no numbers ({error}); name one "
                         "that does, or leave TARGET and value_field empty to learn classes.") from error


def roles_of(blocks: Blocks, xy: NDArray[np.float64], label: NDArray[np.intp]) -> tuple[int, ...]:
    """Choose the folds to judge and to stop by so that as many labels as may be are learnt, judged and watched."""
    fold = blocks.of(xy)
    there = [set(label[fold == number].tolist()) for number in range(blocks.count)]

    def worth(pair: tuple[int, ...]) -> tuple[int, int, int]:
        learnt = set().union(*(there[n] for n in range(blocks.count) if n not in pair))
        return len(learnt), len(there[pair[0]] & learnt), len(there[pair[1]] & learnt)

    judge, stop = max(permutations(range(blocks.count), 2), key=worth)
    return tuple(JUDGE if n == judge else STOP if n == stop else LEARN for n in range(blocks.count))


def _cut(grid: Grid, xy: NDArray[np.float64], z: NDArray[np.floating], label: NDArray[np.intp],
         names: tuple[str, ...], seed: int) -> Cut:
    """Blocks as wide as labels are alike, and not so wide or narrow that they could not be dealt."""
    longest = max(grid.height, grid.width)
    alike = alike_within(xy, np.asarray(z, np.float64), seed)
    side = max(1, round(float(np.clip(alike, longest / MOST_ACROSS, longest / (LEAST_ACROSS + 1)))))
    blocks = deal(grid.shape, xy, label, names, seed=seed, block_px=side, folds=FOLDS)
    return Cut(side, blocks, roles_of(blocks, xy, label))
