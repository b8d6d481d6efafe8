"""What the fit shall learn at every pixel, and which fold the pixel belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import ndimage

from ..sources.burn import burn
from ..sources.statements import Statements
from .folds import Blocks
from .lessons import AS_IT_IS, Lessons, Patches

EDGE_WEIGHT = 0.3
WEIGHT_BOUNDS = (0.02, 50.0)


@dataclass(frozen=True)
class Target:
    """The labels of one window: ``mix`` (classes, height, width) sums to 1 where a label is known and is 0 elsewhere;
    ``fold`` and ``weight`` (height, width): the fold of the pixel, and how much it counts in the fit; ``sure`` (height,
    width): where a reviewer has looked.
    """

    mix: NDArray[np.float32]
    fold: NDArray[np.uint8]
    weight: NDArray[np.float32]
    sure: NDArray[np.bool_]


class Targets:
    """The statements of all layers as one label per pixel: a later layer speaks over an earlier one.

    A feature's pixels all belong to the fold of its middle; silent ones to their block's. Where silence says nothing,
    every class counts alike and every feature of a class does, however large; pixels at its edge count less. Where it
    says something, pixels count as they are. ``lessons`` put labels right and say which of them are sure; what was
    reviewed counts as much as what was not.
    """

    def __init__(self, layers: Sequence[Statements], blocks: Blocks, lessons: Lessons | None = None) -> None:
        self.layers, self.blocks = tuple(layers) if lessons is None else lessons.layers, blocks
        self._folds = [blocks.of(layer.centres) for layer in self.layers]
        self._sure = [np.zeros(len(layer.support), bool) for layer in self.layers] if lessons is None else lessons.sure
        self.lessons = lessons
        self._patches = None if lessons is None or not len(lessons.patches.shapes) else lessons.patches
        self._weights, self._patch_weights = _weights(self.layers, self._patches)

    @property
    def classes(self) -> int:
        """The number of classes."""
        return int(self.layers[0].mix.shape[1])

    def read(self, window: Window) -> Target:
        """Return the labels and folds of a window, which may reach outside the grid."""
        fold = self.blocks.at(window)
        mix = np.zeros((self.classes, *fold.shape), np.float32)
        weight = np.ones(fold.shape, np.float32)
        sure = np.zeros(fold.shape, bool)
        for layer, folds, weights, looked_at in zip(self.layers, self._folds, self._weights, self._sure, strict=True):
            said = layer.read(window)
            here = said.feature >= 0
            mix = np.where(here | (mix.sum(axis=0) < 0.5), said.mix, mix)
            fold = np.where(here, np.append(folds, np.uint8(0))[said.feature], fold)
            if weights is not None:
                weight = np.where(here, _spread(weights, said.feature), weight)
            sure = np.where(here, np.append(looked_at, False)[said.feature], sure)
        return self._patched(window, Target(mix, fold, weight.astype(np.float32), sure))

    def _patched(self, window: Window, target: Target) -> Target:
        """The labels with the patches that lie over them; a patch belongs whole to the fold of its middle."""
        patches = self._patches
        if patches is None:
            return target
        painted = burn(patches.shapes, np.arange(len(patches.shapes)), target.fold.shape,
                       (int(window.row_off), int(window.col_off)))
        here = painted >= 0
        label = np.append(patches.labels, AS_IT_IS)[painted]
        fold = self.blocks.of(shapely.get_coordinates(shapely.centroid(patches.shapes)).reshape(-1, 2))
        looked_at = np.append(patches.sure, False)[painted]
        relabelled = here & (label != AS_IT_IS)
        mix = np.where(relabelled, 0, target.mix)
        for c in np.unique(label[label >= 0]):
            mix[c, label == c] = 1
        sure = np.where(relabelled, looked_at, target.sure | looked_at)
        weight = target.weight
        if self._patch_weights is not None:
            weight = np.where(label >= 0, _spread(self._patch_weights, painted), weight)
        return Target(mix.astype(np.float32), np.where(label >= 0, np.append(fold, np.uint8(0))[painted], target.fold),
                      weight.astype(np.float32), sure)


def _spread(weights: NDArray[np.float32], feature: NDArray[np.int32]) -> NDArray[np.float32]:
    """The weight of every pixel (height, width), by its feature's (n,); less at an edge."""
    edge = ndimage.maximum_filter(feature, 3) != ndimage.minimum_filter(feature, 3)
    own = np.append(weights, np.float32(1))[feature]
    return np.asarray(own * np.where(edge, np.float32(EDGE_WEIGHT), 1))


def _weights(layers: Sequence[Statements], patches: Patches | None
             ) -> tuple[list[NDArray[np.float32] | None], NDArray[np.float32] | None]:
    """The weight of a pixel of each feature, by layer, None for layers whose silence speaks; and of each patch, which
    counts as one more feature of its class, None where all silence speaks. Weights average 1 over the features.
    """
    open_ = [layer for layer in layers if layer.background is None]
    if not open_:
        return [None] * len(layers), None
    area = np.concatenate([np.maximum(shapely.area(layer.support), 1.0) for layer in open_])
    mix = np.concatenate([layer.mix for layer in open_])
    known = mix.sum(axis=1) > 0.5
    per_class = np.maximum(mix.sum(axis=0), 1.0)
    weight = np.where(known, (mix / per_class).sum(axis=1), 0.0) / area
    scale = area[known].sum() / max(float((weight * area).sum()), 1e-12)
    weight = np.clip(scale * weight, *WEIGHT_BOUNDS).astype(np.float32)
    parts = iter(np.split(weight, np.cumsum([len(layer.support) for layer in open_])[:-1]))
    by_layer = [next(parts) if layer.background is None else None for layer in layers]
    if patches is None:
        return by_layer, None
    painted = scale / per_class[np.maximum(patches.labels, 0)] / np.maximum(shapely.area(patches.shapes), 1.0)
    return by_layer, np.clip(painted, *WEIGHT_BOUNDS).astype(np.float32)
