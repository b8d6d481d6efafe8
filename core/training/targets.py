"""What the fit shall learn at every pixel, and which fold the pixel belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..sources.statements import Statements
from .folds import Blocks


@dataclass(frozen=True)
class Target:
    """The labels of one window: ``mix`` (classes, height, width) sums to 1 where a label is known and is 0 elsewhere;
    ``fold`` (height, width) is the fold of the pixel.
    """

    mix: NDArray[np.float32]
    fold: NDArray[np.uint8]


class Targets:
    """The statements of all layers as one label per pixel: a later layer speaks over an earlier one.

    A feature's pixels all belong to the fold of its middle; silent ones to their block's.
    """

    def __init__(self, layers: Sequence[Statements], blocks: Blocks) -> None:
        self.layers, self.blocks = tuple(layers), blocks
        self._folds = [blocks.of(layer.centres) for layer in layers]

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.layers[0].mix.shape[1])

    def read(self, window: Window) -> Target:
        """Return the labels and folds of a window, which may reach outside the grid."""
        fold = self.blocks.at(window)
        mix = np.zeros((self.classes, *fold.shape), np.float32)
        for layer, folds in zip(self.layers, self._folds, strict=True):
            said = layer.read(window)
            mix = np.where((said.feature >= 0) | (mix.sum(axis=0) < 0.5), said.mix, mix)
            fold = np.where(said.feature >= 0, np.append(folds, np.uint8(0))[said.feature], fold)
        return Target(mix, fold)
