"""An area as a fine-tuning sees it: labelled squares of imagery, some labels left out, some made wrong.

The labels are maps', so that what is judged is partly wrong itself: figures compare methods, and say nothing of how
right a map is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import ExtentInput, RasterInput, SourceSettings, VectorInput
from geoloop.core.sources.band_statistics import BandStatistics
from geoloop.core.sources.bands import Band
from geoloop.core.sources.crs import middle_in_degrees
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.legend import Legend
from geoloop.core.sources.statements import Statements
from geoloop.core.sources.vectors import read_features
from geoloop.core.training.tuning_chips import TuningChip, read_tuning_chips
from geoloop.core.training.tuning_labels import LEARN, ClassLabels, Labels
from geoloop.core.training.tuning_start import plain_bands

from .grounds import GROUNDS


@dataclass(frozen=True)
class Area:
    """The labelled squares of one cut of the ground into blocks, with all that a network must know of the imagery."""

    chips: list[TuningChip]
    channels: tuple[Band, ...]
    statistics: BandStatistics
    pixel_m: float
    location: tuple[float, float]
    classes: tuple[str, ...]
    crop: int


class Altered:
    """Labels of which only some features are learnt from, and some of these say another class."""

    def __init__(self, labels: ClassLabels, layer: Statements, kept: NDArray[np.bool_], says: NDArray[np.intp]) -> None:
        self.outputs, self.cut = labels.outputs, labels.cut
        self._labels, self._layer, self._kept, self._says = labels, layer, kept, says

    def read(self, window: Window) -> Labels:
        """The labels of a window."""
        said, feature = self._labels.read(window), self._layer.read(window).feature
        known = said.known & (feature >= 0) & np.append(self._kept, False)[feature]
        says = np.append(self._says, -1)[feature]
        target = np.where(says >= 0, np.arange(self.outputs)[:, None, None] == says, said.target) * known
        return replace(said, known=known, target=target.astype(np.float32))


def read_area(name: str, data: Path, out: Path, seed: int, *, features: int = 0, noise: float = 0.0,
              side_m: float = 0.0) -> Area:
    """Cut the ground by ``seed`` and read it: ``features`` of them are learnt from (0: all), a share ``noise`` of these
    with another class. What is judged is the same whatever these say. ``side_m`` cuts the ground to a square in its
    south-west (0: all of it).
    """
    ground = GROUNDS[name](data, out)
    raster = RasterInput(str(ground.raster), name=name)
    whole = Grid.from_imagery((raster,))
    west, south = whole.bounds[:2]
    extent = ExtentInput(west, south, west + side_m, south + side_m) if side_m else None
    grid = Grid.from_imagery((raster,), extent=extent)
    settings = SourceSettings(class_field=ground.field, accuracy_m=grid.pixel_m / 2 if ground.points else None)
    layer = VectorInput(str(ground.layer), name="labels", settings=settings)
    table = read_features(layer, grid, "field" if ground.points else "map")
    legend = Legend.from_field(table)
    statements = Statements.of(table, legend, grid)
    labels = ClassLabels((statements,), legend.names, grid, seed)
    kept, says = _altered(labels, statements, features, noise, seed)
    with Imagery.open((raster,), grid) as imagery:
        chips = read_tuning_chips(imagery, grid, Altered(labels, statements, kept, says), Feedback(),
                                  side=2 * ground.crop, seed=seed,
                                  buffer_px=min(max(3, labels.cut.side_px // 4), ground.crop))
        return Area(chips, plain_bands(imagery), imagery.statistics(0), grid.pixel_m,
                    middle_in_degrees(grid.crs, grid.bounds), legend.names, ground.crop)


def _altered(labels: ClassLabels, layer: Statements, features: int, noise: float, seed: int
             ) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which features are there, and which class those say that do not say their own (-1: their own)."""
    rng = np.random.default_rng([seed, 40])
    role = labels.cut.role(labels.cut.blocks.of(layer.centres))
    own = layer.mix.argmax(axis=1)
    learnt = rng.permutation(np.flatnonzero(role == LEARN))
    # Classes take turns, so that few labels still name most of them.
    turn = np.array([int((own[learnt[:at]] == own[one]).sum()) for at, one in enumerate(learnt)])
    chosen = learnt[np.argsort(turn, kind="stable")][:features or len(learnt)]
    kept = role != LEARN
    kept[chosen] = True
    says = np.full(len(own), -1, np.intp)
    wrong = chosen[: round(noise * len(chosen))] if noise else chosen[:0]
    wrong = rng.permutation(chosen)[:len(wrong)]
    says[wrong] = (own[wrong] + rng.integers(1, labels.outputs, len(wrong))) % labels.outputs
    return kept, says
