"""Everything known of the ground of one run: the grid, the legend and the three kinds of sources on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..jobs.inputs import ExtentInput, RasterInput, VectorInput
from ..sources.grid import Grid
from ..sources.imagery import Imagery
from ..sources.legend import Legend
from ..sources.statements import Statements
from ..sources.vectors import read_features


@dataclass(frozen=True)
class Ground:
    """The sources of a run, all on ``grid`` and in the classes of ``legend``."""

    grid: Grid
    legend: Legend
    imagery: Imagery
    maps: tuple[Statements, ...]
    fields: tuple[Statements, ...]

    @property
    def layers(self) -> tuple[Statements, ...]:
        """Map and field layers, the maps first."""
        return (*self.maps, *self.fields)


@contextmanager
def open_ground(
    imagery: Sequence[RasterInput], maps: Sequence[VectorInput], fields: Sequence[VectorInput], legend: str,
    extent: ExtentInput | None, allow_ballpark: bool, resolution_m: float | None = None,
) -> Iterator[Ground]:
    """Read the sources of a run; the imagery stays open for windowed reading until the block ends.

    ``legend`` empty: the classes are the values of the first map's class field. ``resolution_m`` is the side of a pixel
    in ground metres; None: the legend's, else that of the finest raster. Every input is looked at before any
    long work; :class:`InputError` names the one that does not fit.
    """
    if not imagery:
        raise InputError("No imagery is given; name at least one raster layer.")
    if not maps and not fields:
        raise InputError("Neither a map nor a field layer is given; name at least one.")
    shipped = Legend.load(legend) if legend else None
    if resolution_m is None and shipped is not None:
        resolution_m = shipped.resolution_m
    grid = Grid.from_imagery(imagery, resolution_m, extent)
    map_features = [read_features(layer, grid, "map", allow_ballpark=allow_ballpark) for layer in maps]
    field_features = [read_features(layer, grid, "field", allow_ballpark=allow_ballpark) for layer in fields]
    classes = shipped or Legend.from_field((map_features or field_features)[0])
    with Imagery.open(imagery, grid, allow_ballpark=allow_ballpark) as opened:
        yield Ground(grid, classes, opened,
                     tuple(Statements.of(features, classes, grid) for features in map_features),
                     tuple(Statements.of(features, classes, grid) for features in field_features))


def training_layers(ground: Ground) -> tuple[Statements, ...]:
    """The layers that a network may learn from: those that do not say ``may_train: false``.

    Raises :class:`InputError` where there is none, or the imagery says so.
    """
    refuse_training(ground.imagery)
    layers = tuple(layer for layer in ground.layers if layer.features.settings.may_train is not False)
    if not any((layer.mix.sum(axis=1) > 0.5).any() for layer in layers):
        raise InputError("No layer may train the network, or none has a feature whose class is known; check LEGEND and "
                         "may_train in SOURCES.")
    return layers


def refuse_training(imagery: Imagery) -> None:
    """Raise :class:`InputError` if a network may not learn from this imagery."""
    barred = [name for name, said in imagery.terms.items() if said.may_train is False]
    if barred:
        raise InputError(f"The imagery “{barred[0]}” may not train a network (may_train is false in SOURCES); give a "
                         "MODEL that is fitted already, or other imagery.")


def foreground(layer: Statements) -> np.ndarray:
    """The likeliest class (n,) of a layer's features; −1 where nothing is said, or only the legend's background."""
    label = dominant(layer.mix)
    return label if layer.background is None else np.where(label == int(layer.background.argmax()), -1, label)


def dominant(mix: np.ndarray) -> np.ndarray:
    """The likeliest class (n,) of class mixes (n, classes); −1 where nothing is said."""
    return np.where(mix.sum(axis=1) > 0.5, mix.argmax(axis=1), -1)
