"""Field observations: what was seen where, and over which pixels its position spreads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import rasterio.windows
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from .burn import burn
from .grid import Grid
from .legend import Legend
from .vectors import Features


@dataclass(frozen=True)
class PixelSupport:
    """Pixels of the grid by observation, all arrays (m,): ``weight`` sums to 1 over the pixels of one observation."""

    observation: NDArray[np.int64]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class FieldObservations:
    """Points or plots with the class mix (n, classes) that the legend reads from them, or a value (n,), NaN: none."""

    features: Features
    mix: NDArray[np.float32] | None
    values: NDArray[np.float64]

    @classmethod
    def of(cls, features: Features, legend: Legend | None = None) -> FieldObservations:
        """Ask legend and value field what was observed. Raises :class:`InputError` for a value field of words."""
        field = features.settings.value_field
        values = np.full(len(features), np.nan)
        if field:
            try:
                values = pd.to_numeric(features.attributes[field]).to_numpy(dtype=np.float64, na_value=np.nan)
            except (ValueError, TypeError) as error:
                raise InputError(
                    f"The value field “{field}” of the layer “{features.name}” holds text that is no number ({error}); "
                    f"choose a numeric field, or set it as the class field."
                ) from error
        return cls(features, None if legend is None else legend.classify(features), values)

    def support(self, grid: Grid) -> PixelSupport:
        """Return the pixels that each observation speaks of, those outside the grid left out.

        A plot speaks of the pixels whose centres it holds, equally; a point of its own pixel and, by a normal
        distribution with its stated accuracy as standard deviation (cut at two), of those around. What holds no
        pixel's centre speaks of the pixel that its middle lies in.
        """
        found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
        sigma = np.nan_to_num(self.features.accuracy_m) / grid.pixel_m
        for geometry, spread in zip(grid.to_pixels(self.features.geometries), sigma, strict=True):
            is_plot = shapely.get_dimensions(geometry) == 2
            found.append(_plot(geometry, grid) if is_plot else _point(geometry, spread, grid))
        number = np.repeat(np.arange(len(found)), [len(weight) for _, _, weight in found])
        rows, columns, weights = (np.concatenate([entry[i] for entry in found]) for i in range(3))
        return PixelSupport(number, rows.astype(np.int64), columns.astype(np.int64), weights.astype(np.float64))


def _point(
    geometry: shapely.Geometry, sigma: float, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    x, y = shapely.get_coordinates(shapely.centroid(geometry))[0]
    reach = int(np.ceil(2 * sigma))
    rows, columns = np.mgrid[int(y // 1) - reach:int(y // 1) + reach + 1, int(x // 1) - reach:int(x // 1) + reach + 1]
    own = (rows == y // 1) & (columns == x // 1)
    distance = np.where(own, 0.0, np.hypot(rows + 0.5 - y, columns + 0.5 - x))
    near = own | (distance <= 2 * sigma)
    weight = np.exp(-0.5 * (distance / max(sigma, 1e-6)) ** 2)
    return _within(rows[near], columns[near], weight[near], grid)


def _plot(
    geometry: shapely.Geometry, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    left, top, right, bottom = shapely.bounds(geometry)
    window = Window(int(left // 1), int(top // 1), int(right // 1 - left // 1) + 1, int(bottom // 1 - top // 1) + 1)
    whole = Window(0, 0, grid.width, grid.height)
    # A plot of a country's size must not make a window of a country's size.
    clipped = window.intersection(whole) if rasterio.windows.intersect(window, whole) else Window(0, 0, 1, 1)
    inside = burn(
        np.array([geometry]), np.zeros(1), (clipped.height, clipped.width), (clipped.row_off, clipped.col_off)
    ) == 0
    if not inside.any():
        return _point(geometry, 0.0, grid)
    rows, columns = np.nonzero(inside)
    return _within(rows + clipped.row_off, columns + clipped.col_off, np.ones(len(rows)), grid)


def _within(
    rows: NDArray[np.int64], columns: NDArray[np.int64], weight: NDArray[np.float64], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    inside = (rows >= 0) & (rows < grid.height) & (columns >= 0) & (columns < grid.width)
    kept = weight[inside]
    return rows[inside], columns[inside], kept / kept.sum() if len(kept) and kept.sum() > 0 else kept
