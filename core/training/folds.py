"""Spatial folds: who judges which place.

The grid is cut into blocks, the blocks are dealt to folds, and a feature belongs whole to the fold of its middle. The
network of a fold learns nothing from its own fold's labels nor from those within a buffer around them, so that no place
is judged by a network that has seen what the map says there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError

FOLDS = 4


@dataclass(frozen=True)
class Blocks:
    """A cut of a grid of ``height`` × ``width`` pixels into rows × columns blocks; ``fold`` (rows, columns) is
    theirs.
    """

    height: int
    width: int
    fold: NDArray[np.uint8]

    @property
    def count(self) -> int:
        """The number of folds."""
        return int(self.fold.max()) + 1

    def of(self, xy: NDArray[np.float64]) -> NDArray[np.uint8]:
        """The fold of points (n, 2) in pixels, x right and y down; points outside go to the nearest block."""
        rows, columns = self.fold.shape
        j = np.clip((xy[:, 0] / self.width * columns).astype(int), 0, columns - 1)
        i = np.clip((xy[:, 1] / self.height * rows).astype(int), 0, rows - 1)
        return np.asarray(self.fold[i, j])

    def at(self, window: Window) -> NDArray[np.uint8]:
        """The fold of every pixel of a window (height, width), which may reach outside the grid."""
        rows, columns = self.fold.shape
        y = window.row_off + np.arange(window.height) + 0.5
        x = window.col_off + np.arange(window.width) + 0.5
        i = np.clip((y / self.height * rows).astype(int), 0, rows - 1)
        j = np.clip((x / self.width * columns).astype(int), 0, columns - 1)
        return np.asarray(self.fold[np.ix_(i, j)])


def deal(
    shape: tuple[int, int], xy: NDArray[np.float64], label: NDArray[np.intp], class_names: tuple[str, ...],
    *, seed: int, block_px: int, folds: int = FOLDS,
) -> Blocks:
    """Cut a grid into blocks of about ``block_px`` pixels and deal them to folds, each class as evenly as may be.

    ``xy`` (n, 2) are the middles of the labelled features in pixels, ``label`` (n,) their class indices. Blocks with
    the rarest classes are dealt first, each to the fold that has least of them. Raises :class:`InputError` if a class
    has features in fewer than two folds: then no network could learn it without seeing what it judges.
    """
    height, width = shape
    rows, columns = (max(2, min(12, round(side / block_px))) for side in shape)
    numbered = Blocks(height, width, np.arange(rows * columns).reshape(rows, columns).astype(np.uint8))
    block = numbered.of(xy).astype(int) if len(xy) else np.zeros(0, int)
    counts = np.zeros((rows * columns, len(class_names)))
    np.add.at(counts, (block, label), 1.0)
    total = counts.sum(axis=0)
    share = counts / np.maximum(total, 1.0)
    rng = np.random.default_rng(seed)
    order = np.lexsort((rng.random(len(share)), -share.max(axis=1)))
    load = np.zeros((folds, len(class_names)))
    size = np.zeros(folds)
    fold = np.zeros(rows * columns, np.uint8)
    for b in order:
        crowd = (load * share[b]).sum(axis=1) + 1e-6 * size
        fold[b] = int(np.argmin(crowd + 1e-9 * rng.random(folds)))
        load[fold[b]] += share[b]
        size[fold[b]] += 1
    spread = (load > 0).sum(axis=0)
    poor = [f"{name} ({int(n)})" for name, n, s in zip(class_names, total, spread, strict=True) if n > 0 and s < 2]
    if poor or not len(xy):
        what = ", ".join(poor) or "no class at all"
        raise InputError(
            f"Too few labelled features to judge each by the others: {what} within the extent; give a larger EXTENT, "
            "more features of these classes, or a LEGEND that joins them with others.")
    return Blocks(height, width, fold.reshape(rows, columns))
