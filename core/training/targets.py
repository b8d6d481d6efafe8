"""What the fit shall learn at every pixel, and which fold the pixel belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from ..sources.statements import Statements
from .folds import Blocks

EDGE_WEIGHT = 0.3
WEIGHT_BOUNDS = (0.02, 50.0)


@dataclass(frozen=True)
class Target:
    """The labels of one window: ``mix`` (classes, height, width) sums to 1 where a label is known and is 0 elsewhere;
    ``fold`` and ``weight`` (height, width): the fold of the pixel, and how much it counts in the fit.
    """

    mix: NDArray[np.float32]
    fold: NDArray[np.uint8]
    weight: NDArray[np.float32]


class Targets:
    """The statements of all layers as one label per pixel: a later layer speaks over an earlier one.

    A feature's pixels all belong to the fold of its middle; silent ones to their block's. Where silence says nothing,
    every class counts alike and every feature of a class does, however large; pixels at its edge count less. Where it
    says something, pixels count as they are.
    """

    def __init__(self, layers: Sequence[Statements], blocks: Blocks) -> None:
        self.layers, self.blocks = tuple(layers), blocks
        self._folds = [blocks.of(layer.centres) for layer in layers]
        self._weights = _weights(self.layers)

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.layers[0].mix.shape[1])

    def read(self, window: Window) -> Target:
        """Return the labels and folds of a window, which may reach outside the grid."""
        fold = self.blocks.at(window)
        mix = np.zeros((self.classes, *fold.shape), np.float32)
        weight = np.ones(fold.shape, np.float32)
        for layer, folds, weights in zip(self.layers, self._folds, self._weights, strict=True):
            said = layer.read(window)
            here = said.feature >= 0
            mix = np.where(here | (mix.sum(axis=0) < 0.5), said.mix, mix)
            fold = np.where(here, np.append(folds, np.uint8(0))[said.feature], fold)
            if weights is not None:
                edge = ndimage.maximum_filter(said.feature, 3) != ndimage.minimum_filter(said.feature, 3)
                own = np.append(weights, np.float32(1))[said.feature] * np.where(edge, np.float32(EDGE_WEIGHT), 1)
                weight = np.where(here, own, weight)
        return Target(mix, fold, weight.astype(np.float32))


def _weights(layers: Sequence[Statements]) -> list[NDArray[np.float32] | None]:
    """The weight of a pixel of each feature, by layer; None for layers whose silence speaks. Weights average 1."""
    open_ = [layer for layer in layers if layer.background is None]
    if not open_:
        return [None] * len(layers)
    area = np.concatenate([np.maximum(shapely.area(layer.support), 1.0) for layer in open_])
    mix = np.concatenate([layer.mix for layer in open_])
    known = mix.sum(axis=1) > 0.5
    per_class = np.maximum(mix.sum(axis=0), 1.0)
    weight = np.where(known, (mix / per_class).sum(axis=1), 0.0) / area
    weight *= area[known].sum() / max(float((weight * area).sum()), 1e-12)
    weight = np.clip(weight, *WEIGHT_BOUNDS).astype(np.float32)
    parts = iter(np.split(weight, np.cumsum([len(layer.support) for layer in open_])[:-1]))
    return [next(parts) if layer.background is None else None for layer in layers]
