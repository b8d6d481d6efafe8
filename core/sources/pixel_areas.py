"""How much ground each pixel of a raster covers, in any coordinate reference system."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyproj
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from ..errors import InputError
from .crs import in_degrees

TICKS = 33
QUAD_M = 1000.0
"""Areas are measured on squares of about this side: a pixel's own is too small to be told exactly on the ellipsoid."""


@dataclass(frozen=True)
class PixelAreas:
    """The ground area of a raster's pixels in square metres, on a lattice over the raster: ``rows`` and ``columns`` in
    pixels, ``area_m2`` (rows, columns); between them it is interpolated.
    """

    rows: NDArray[np.float64]
    columns: NDArray[np.float64]
    area_m2: NDArray[np.float64]

    @classmethod
    def over(cls, crs: pyproj.CRS, transform: Affine, shape: tuple[int, int], name: str) -> PixelAreas:
        """Measure the pixels of a raster of ``shape`` (height, width) along the ellipsoid; errors name the raster."""
        rows, columns = (np.linspace(0, max(side, 1), TICKS) for side in shape)
        y, x = np.meshgrid(rows, columns, indexing="ij")
        return cls(rows, columns, _measured(crs, transform, x, y, name))

    def of(self, window: Window) -> NDArray[np.float64]:
        """The area of a pixel in each row of a window (height,), at its middle column: across a window it hardly
        changes.
        """
        y = window.row_off + np.arange(int(window.height)) + 0.5
        return self.at(y - 0.5, np.full(len(y), window.col_off + window.width / 2 - 0.5))

    def at(self, row: NDArray[np.number], column: NDArray[np.number]) -> NDArray[np.float64]:
        """The areas (n,) of single pixels."""
        i, v = _between(self.rows, np.asarray(row, np.float64) + 0.5)
        j, u = _between(self.columns, np.asarray(column, np.float64) + 0.5)
        a = self.area_m2
        return np.asarray((1 - v) * ((1 - u) * a[i, j] + u * a[i, j + 1])
                          + v * ((1 - u) * a[i + 1, j] + u * a[i + 1, j + 1]))


def _between(ticks: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    i = np.clip(np.searchsorted(ticks, at, side="right") - 1, 0, len(ticks) - 2)
    return i, (at - ticks[i]) / (ticks[i + 1] - ticks[i])


def _measured(crs: pyproj.CRS, transform: Affine, x: NDArray[np.float64], y: NDArray[np.float64],
              name: str) -> NDArray[np.float64]:
    flat = abs(transform.determinant)
    geodetic = crs.geodetic_crs
    if geodetic is None or crs.is_engineering:
        unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
        return np.full(x.shape, flat * unit**2)
    side_m = math.sqrt(flat) * (111_320.0 if crs.is_geographic else crs.axis_info[0].unit_conversion_factor)
    half = max(QUAD_M / side_m, 1e-3) / 2
    corners = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    geod = geodetic.get_geod() or pyproj.Geod(ellps="WGS84")
    a, b, c, d, e, f = transform[:6]
    lon_lat = [in_degrees(crs, geodetic, (a * cx + b * cy + c).ravel(), (d * cx + e * cy + f).ravel())
               for cx, cy in corners]
    lon, lat = (np.stack([corner[i] for corner in lon_lat]) for i in (0, 1))
    there = np.flatnonzero((np.isfinite(lon) & np.isfinite(lat)).all(axis=0))
    if not len(there):
        raise InputError(f"“{name}” lies outside of the area where its coordinate reference system holds; check the "
                         "system that is assigned to it.")
    lat = np.clip(lat, -90, 90)
    areas = np.array([abs(geod.polygon_area_perimeter(lon[:, k], lat[:, k])[0]) for k in there])
    # Of the corners of a map of the whole world, which lie outside of it, no pixel tells: as the nearest place.
    away = np.abs(x.ravel()[:, None] - x.ravel()[there]) + np.abs(y.ravel()[:, None] - y.ravel()[there])
    return np.asarray(areas[away.argmin(axis=1)].reshape(x.shape) / (2 * half) ** 2)
