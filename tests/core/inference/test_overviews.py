"""Overviews that are made while rows stream are those that GDAL makes of the finished raster."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from geoloop.core.inference.output import Layer, new_raster
from geoloop.core.inference.overviews import Pyramid
from geoloop.core.sources.grid import Grid

RANDOM = np.random.default_rng(0)


def by_gdal(path: Path, layer: Layer, values: np.ndarray) -> list[np.ndarray]:
    grid = Grid("EPSG:32633", Affine(1, 0, 5e5, 0, -1, 58e5), values.shape[2], values.shape[1], 1.0)
    with new_raster(path, grid, count=layer.count, dtype=layer.dtype, nodata=layer.nodata,
                    colors=layer.colors) as raster:
        raster.write(values)
    with rasterio.open(path) as raster:
        number = len(raster.overviews(1))
    found = []
    for level in range(number):
        with rasterio.open(path, overview_level=level) as raster:
            found.append(raster.read())
    return found


def streamed(layer: Layer, values: np.ndarray, most: int = 200) -> list[np.ndarray]:
    pyramid = Pyramid(layer, *values.shape[1:])
    parts: list[list[np.ndarray]] = [[] for _ in pyramid.shapes]
    start = 0
    while start < values.shape[1]:
        stop = start + int(RANDOM.integers(1, most))
        for kept, rows in zip(parts, pyramid.add(values[:, start:stop]), strict=True):
            kept.append(rows)
        start = stop
    return [np.concatenate(kept, axis=1) for kept in parts]


def classes(shape: tuple[int, int, int], dtype: str, nodata: float | None) -> np.ndarray:
    """Patches of four classes with a good deal of noise, so that ties are many, and gaps of all sizes."""
    coarse = RANDOM.integers(0, 4, (shape[0], shape[1] // 2 + 1, shape[2] // 2 + 1))
    values = coarse.repeat(2, axis=1).repeat(2, axis=2)[:, :shape[1], :shape[2]].astype(dtype)
    noisy = RANDOM.random(shape) < 0.3
    values[noisy] = RANDOM.integers(0, 4, noisy.sum())
    if nodata is not None:
        values[RANDOM.random(shape) < 0.2] = nodata
        values[:, :150, :90] = nodata
    return values


@pytest.mark.parametrize(("shape", "dtype", "nodata"), [
    ((1, 1100, 700), "uint8", 255), ((2, 1103, 531), "uint8", 255), ((1, 517, 1031), "uint8", None),
    ((1, 1101, 640), "uint16", 65535), ((1, 3, 1100), "uint8", 255), ((1, 520, 515), "int32", 9)])
def test_classes_keep_their_most_frequent(tmp_path: Path, shape: tuple[int, int, int], dtype: str, nodata: float | None
                                          ) -> None:
    layer = Layer(shape[0], dtype, nodata, colors={1: (1, 2, 3, 255)} if dtype == "uint8" else {})
    values = classes(shape, dtype, nodata)
    expected = by_gdal(tmp_path / "o.tif", layer, values)
    assert len(expected) > 0
    for one, other in zip(streamed(layer, values), expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("shape", "nodata"), [((2, 1100, 700), float("nan")), ((1, 1103, 531), float("nan")),
                                               ((1, 525, 600), -9.0), ((1, 525, 600), None)])
def test_values_keep_the_mean_of_what_is_there(tmp_path: Path, shape: tuple[int, int, int], nodata: float | None
                                               ) -> None:
    values = RANDOM.random(shape, dtype=np.float32)
    if nodata is not None:
        values[:, RANDOM.random(shape[1:]) < 0.2] = nodata
        values[:, 300:420, 50:190] = nodata
    layer = Layer(shape[0], "float32", nodata)
    for one, other in zip(streamed(layer, values), by_gdal(tmp_path / "o.tif", layer, values), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_where_nothing_is_there_an_overview_has_nodata_also_below_zero() -> None:
    layer = Layer(1, "int16", -5)
    (half,) = streamed(layer, np.full((1, 600, 600), -5, np.int16))
    assert (half == -5).all()


@given(height=st.integers(513, 2100), stop=st.integers(1, 2099))
@settings(max_examples=25)
def test_a_run_goes_on_from_any_row(height: int, stop: int) -> None:
    layer, stop = Layer(1, "uint8", 255), min(stop, height - 1)
    values = classes((1, height, 7), "uint8", 255)
    levels = [values, *streamed(layer, values)]
    pyramid = Pyramid(layer, height, 7)
    pyramid.resume(stop, lambda level, first, end: levels[level][:, first:end])
    for rows, done, whole in zip(pyramid.add(values[:, stop:]), pyramid.rows(stop), levels[1:], strict=True):
        np.testing.assert_array_equal(rows, whole[:, done:])


def test_a_raster_no_larger_than_a_block_has_none() -> None:
    assert Pyramid(Layer(1, "uint8", 255), 512, 512).shapes == []
