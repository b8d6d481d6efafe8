"""Looking into embeddings: Moran's I of patches and of noise, groups, likeness, features."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely

from geoloop.core.embedding.embedder import Components
from geoloop.core.embedding.surface import Surface, groups, likeness, morans_i, nearest, of_features
from geoloop.core.feedback import Feedback
from geoloop.core.sources.grid import Grid

from ..conftest import UPRIGHT, UTM


@pytest.fixture
def surface(make_raster: Callable[..., Any]) -> Callable[[np.ndarray], Surface]:
    """A raster of embeddings of given values."""
    def make(values: np.ndarray) -> Surface:
        given = make_raster(values.astype(np.float32), nodata=float("nan"))
        crs = rasterio.crs.CRS.from_string(UTM).to_wkt()
        return Surface(Path(given.path), Grid(crs, UPRIGHT, values.shape[2], values.shape[1], 1.0), len(values))

    return make


def test_morans_i_is_the_formula_and_tells_patches_from_noise(
    surface: Callable[..., Surface], monkeypatch: pytest.MonkeyPatch
) -> None:
    from geoloop.core.embedding import surface as module

    monkeypatch.setattr(module, "ROWS", 7)
    rng = np.random.default_rng(0)
    row, column = np.mgrid[:40, :50]
    values = np.stack([np.sin(row / 9) + column / 30, rng.normal(size=(40, 50)), (row + column) % 2.0])
    values[:, 5:9, 10:14] = np.nan
    found = morans_i(surface(values), Feedback())
    assert found[0] > 0.95
    assert abs(found[1]) < 0.1
    assert found[2] == pytest.approx(-1, abs=0.01)
    z = values[0] - np.nanmean(values[0])
    pairs = np.concatenate([(z[:, 1:] * z[:, :-1]).ravel(), (z[1:] * z[:-1]).ravel()])
    expected = np.isfinite(z).sum() / np.isfinite(pairs).sum() * np.nansum(pairs) / np.nansum(z**2)
    assert found[0] == pytest.approx(expected, rel=1e-5)


def test_groups_are_found_in_the_little_of_a_raster_that_shows_something(
    surface: Callable[..., Surface], monkeypatch: pytest.MonkeyPatch
) -> None:
    from geoloop.core.embedding import surface as module

    monkeypatch.setattr(module, "SAMPLE", 30)
    values = np.full((2, 60, 60), np.nan)
    values[:, 3:6, 3:6] = np.arange(18).reshape(2, 3, 3)
    made = surface(values)
    assert len(made.sample(0, Feedback())) == 9
    assert len(groups(made, 4, 0, Feedback())) == 4


def test_groups_are_those_that_are_there_the_largest_first(surface: Callable[..., Surface]) -> None:
    rng = np.random.default_rng(0)
    kind = np.zeros((30, 30), int)
    kind[:, 20:] = 1
    kind[:5, :5] = 2
    centre = np.array([[0.0, 0], [5, 5], [-5, 5]])
    made = surface(np.moveaxis(centre[kind] + rng.normal(0, 0.1, (30, 30, 2)), -1, 0))
    middles = groups(made, 3, 0, Feedback())
    assert middles == pytest.approx(centre, abs=0.1)
    assert nearest(np.array([[4.0, 4.5], [0.2, 0.1]]), middles).tolist() == [1, 0]


def test_likeness_is_the_cosine() -> None:
    vectors = np.array([[2.0, 0], [0, 3], [-1, 0], [1, 1]])
    assert likeness(vectors, np.array([4.0, 0])) == pytest.approx([1, 0, -1, 2**-0.5])


def test_features_get_the_mean_of_the_blocks_they_touch(surface: Callable[..., Surface]) -> None:
    values = np.arange(100.0).reshape(1, 10, 10)
    values[:, 0, 0] = np.nan
    made = surface(values)
    x, y = UPRIGHT @ (3, 2)
    shapes = np.array([shapely.box(x, y - 10, x + 20, y), shapely.Point(x + 5, y - 5), shapely.box(*made.grid.bounds),
                       shapely.Point(*(UPRIGHT @ (0.5, 0.5)))], dtype=object)
    found = of_features(made, shapes, Feedback())[:, 0]
    assert found[0] == pytest.approx(np.mean([23, 24]), abs=6)
    assert found[1] == 23
    assert found[2] == pytest.approx(np.nanmean(values))
    assert np.isnan(found[3])


def test_components_hold_what_varies_most_and_keep_their_sign() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 2)) @ np.array([[3.0, 3, 0], [0, 0, 0.5]]) + 7
    found = Components.of(x, 2)
    assert found.share[0] > 0.9
    assert found.share.sum() == pytest.approx(1)
    assert found.axes[:, 0] == pytest.approx([2**-0.5, 2**-0.5, 0], abs=0.02)
    assert found(x).mean(axis=0) == pytest.approx(0, abs=1e-6)
