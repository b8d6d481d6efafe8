"""Synthetic places: a town with known shifts, and what a network would say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.windows import Window
from scipy import ndimage

from geoloop.core.alignment.surfaces import translated
from geoloop.core.sources.grid import Grid


@dataclass(frozen=True)
class Scene:
    """``features`` lie off the probabilities ``p``: they fit where they are moved by ``needed`` (n, 2) pixels."""

    features: NDArray[np.object_]
    needed: NDArray[np.float64]
    p: NDArray[np.float32]
    grid: Grid

    def read(self, window: Window) -> NDArray[np.float32]:
        rows, columns = window.toslices()
        return self.p[rows, columns]


def town(rng: np.random.Generator, side: int, terraces: bool) -> NDArray[np.object_]:
    houses: list[shapely.Geometry] = []
    if not terraces:
        for y in range(30, side - 30, 62):
            for x in range(30, side - 30, 62):
                w, h = rng.uniform(12, 32, 2)
                house = shapely.affinity.rotate(shapely.box(-w / 2, -h / 2, w / 2, h / 2), rng.uniform(0, 90))
                houses.append(shapely.affinity.translate(house, *(np.array([x, y]) + rng.uniform(-8, 8, 2))))
        return np.array(houses)
    for y in range(40, side - 60, 66):
        x = 40 + rng.uniform(0, 15)
        while x < side - 60:
            for _ in range(int(rng.integers(5, 10))):
                if x > side - 60:
                    break
                wide = 20 * rng.uniform(0.92, 1.08)
                houses.append(shapely.box(x, y, x + wide - 2, y + 26 * rng.uniform(0.9, 1.1)))
                x += wide
            x += 30
    return np.array(houses)


def wavy(rng: np.random.Generator, side: int, amplitude: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """A smooth field of shifts, each component within ± amplitude."""
    z = np.stack([ndimage.zoom(rng.normal(size=(4, 4)), side / 4, order=3, mode="nearest", grid_mode=True)
                  for _ in range(2)])
    z *= amplitude / np.abs(z).max(axis=(1, 2), keepdims=True)
    return lambda xy: z[:, np.clip(xy[:, 1].astype(int), 0, side - 1), np.clip(xy[:, 0].astype(int), 0, side - 1)].T


@pytest.fixture
def scene() -> Callable[..., Scene]:
    def make(seed: int = 0, *, side: int = 700, terraces: bool = False, amplitude: float = 12.0, strength: float = 0.9,
             noise: float = 0.08, grain: float = 2.0) -> Scene:
        rng = np.random.default_rng(seed)
        truth = town(rng, side, terraces)
        needed = -wavy(rng, side, amplitude)(shapely.get_coordinates(shapely.centroid(truth)))
        mask = rasterize([(house, 1) for house in truth], out_shape=(side, side)).astype(np.float32)
        rough = ndimage.gaussian_filter(rng.normal(size=(side, side)), grain)
        p = 0.05 + strength * ndimage.gaussian_filter(mask, 2.0) + noise * rough / rough.std()
        grid = Grid(pyproj.CRS.from_epsg(32633).to_wkt(), Affine(0.5, 0, 0, 0, -0.5, 0), side, side, 1.0)
        return Scene(translated(truth, -needed), needed, np.clip(p, 0, 1).astype(np.float32), grid)

    return make
