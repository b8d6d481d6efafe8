"""A Cloud Optimized GeoTIFF that is made while its rows come is the file that GDAL writes of the finished raster."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.output import Layer, new_raster
from geoloop.core.inference.strips import Strips
from geoloop.core.inference.tiff_blocks import directories
from geoloop.core.sources.grid import Grid

RANDOM = np.random.default_rng(3)


def grid_of(values: np.ndarray) -> Grid:
    return Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), Affine(10, 0, 5e5, 0, -10, 58e5), values.shape[2],
                values.shape[1], 1.0)


def streamed(path: Path, layer: Layer, values: np.ndarray, rows: int = 250) -> bytes:
    with Strips({str(path): layer}, grid_of(values), "a run") as strips:
        for start in range(0, values.shape[1], rows):
            strips.write(start, {str(path): values[:, start:start + rows]})
        strips.finish(Feedback())
    return path.read_bytes()


def stopped(path: Path, layer: Layer, values: np.ndarray, feedback: Feedback) -> None:
    with Strips({str(path): layer}, grid_of(values), "a run") as strips:
        strips.write(0, {str(path): values})
        strips.finish(feedback)


def by_gdal(path: Path, layer: Layer, values: np.ndarray) -> bytes:
    with new_raster(path, grid_of(values), count=layer.count, dtype=layer.dtype, nodata=layer.nodata, names=layer.names,
                    tags=layer.tags, colors=layer.colors) as raster:
        raster.write(values)
    return path.read_bytes()


@pytest.mark.parametrize(("shape", "dtype"), [
    ((1, 1030, 700), "uint8"), ((2, 603, 1531), "uint8"), ((1, 40, 9000), "uint8"),
    ((4, 300, 600), "uint16"), ((1, 40, 30), "uint8"), ((1, 1, 1), "uint8")])
def test_to_the_byte_for_classes(tmp_path: Path, shape: tuple[int, int, int], dtype: str) -> None:
    patches = RANDOM.integers(0, 4, (shape[0], shape[1] // 4 + 1, shape[2] // 4 + 1)).astype(dtype)
    values = patches.repeat(4, axis=1).repeat(4, axis=2)[:, :shape[1], :shape[2]]
    values[:, :20, :50] = 255
    layer = Layer(shape[0], dtype, 255, [f"Höhe {n}" for n in range(shape[0])], {"classes": {"1": "wood & <field>"}},
                  {1: (1, 2, 3, 255)} if dtype == "uint8" else {})
    assert streamed(tmp_path / "a.tif", layer, values) == by_gdal(tmp_path / "b.tif", layer, values)


def test_with_the_same_pixels_and_layout_for_values(tmp_path: Path) -> None:
    values = RANDOM.random((2, 1030, 700), dtype=np.float32)
    values[:, 100:300, :80] = np.nan
    layer = Layer(2, "float32", float("nan"), ["wood", "water"], {"task": "regression"})
    streamed(tmp_path / "a.tif", layer, values)
    by_gdal(tmp_path / "b.tif", layer, values)
    with rasterio.open(tmp_path / "a.tif") as ours, rasterio.open(tmp_path / "b.tif") as theirs:
        np.testing.assert_array_equal(ours.read(), theirs.read())
        assert ours.tags() == theirs.tags()
        assert ours.tags(ns="IMAGE_STRUCTURE") == theirs.tags(ns="IMAGE_STRUCTURE")
        assert ours.overviews(1) == theirs.overviews(1) == [2, 4]
        assert (ours.descriptions, ours.block_shapes) == (theirs.descriptions, theirs.block_shapes)


@pytest.mark.parametrize("big", ["YES", "NO"])
def test_blocks_are_found_in_files_of_either_size(tmp_path: Path, big: str) -> None:
    with rasterio.open(tmp_path / "a.tif", "w", driver="GTiff", width=70, height=40, count=1, dtype="uint8", tiled=True,
                       blockxsize=16, blockysize=16, bigtiff=big, crs="EPSG:32633",
                       transform=Affine(1, 0, 5e5, 0, -1, 5e6)) as raster:
        raster.write(np.full((1, 40, 70), 7, np.uint8))
    content = (tmp_path / "a.tif").read_bytes()
    (image,) = directories(content)
    assert image.sizes.read(content) == (256,) * 15
    for at in image.offsets.read(content)[:4]:
        assert content[at:at + 256] == bytes([7]) * 256


def test_a_run_that_was_killed_while_it_laid_blocks_together_ends_with_the_same_file(tmp_path: Path) -> None:
    layer, values = Layer(1, "uint8", 255), RANDOM.integers(0, 3, (1, 1100, 600), dtype=np.uint8)
    path = tmp_path / "a.tif"

    class Stopped(Feedback):
        def check(self) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stopped(path, layer, values, Stopped())
    assert not path.exists()
    with Strips({str(path): layer}, grid_of(values), "a run") as strips:
        assert strips.done == 1100
        strips.finish(Feedback())
    assert path.read_bytes() == by_gdal(tmp_path / "b.tif", layer, values)


def test_cancelling_it_leaves_what_was_there(tmp_path: Path) -> None:
    layer, values = Layer(1, "uint8", 255), np.zeros((1, 600, 600), np.uint8)
    path = tmp_path / "a.tif"
    path.write_bytes(b"the user's own")

    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        stopped(path, layer, values, Stopped())
    assert path.read_bytes() == b"the user's own"
    assert [one.name for one in tmp_path.iterdir()] == ["a.tif"]


def test_what_gdal_refuses_meanwhile_is_told_of_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **options: object) -> None:
        if "sparse_ok" in options:
            raise OSError("no room")
        copy(*_, **options)

    copy = rasterio.shutil.copy
    monkeypatch.setattr(rasterio.shutil, "copy", refuse)
    with pytest.raises(InputError, match=r"a\.tif"):
        streamed(tmp_path / "a.tif", Layer(1, "uint8", 255), np.zeros((1, 600, 600), np.uint8))
    assert not (tmp_path / "a.tif").exists()


def test_nobody_waits_for_the_head_of_a_large_raster_when_asked_to_stop(tmp_path: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    def linger(*_: object, **options: object) -> None:
        if "sparse_ok" in options:
            released.wait(30)
        copy(*_, **options)

    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return time.monotonic() > began + 0.5

    copy, released = rasterio.shutil.copy, threading.Event()
    monkeypatch.setattr(rasterio.shutil, "copy", linger)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        stopped(tmp_path / "a.tif", Layer(1, "uint8", 255), np.zeros((1, 600, 600), np.uint8), Stopped())
    assert time.monotonic() < began + 2.5
    released.set()
