"""Rows that are finished stay finished, whatever happens to the run."""

from pathlib import Path

import numpy as np
import psutil
import pytest
import rasterio
from affine import Affine

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.output import Layer
from geoloop.core.inference.strips import Strips
from geoloop.core.sources.grid import Grid

GRID = Grid(rasterio.crs.CRS.from_epsg(32633).to_wkt(), Affine(10, 0, 500000, 0, -10, 5800000), 700, 600, 1.0)
CLASSES = np.random.default_rng(0).integers(0, 3, (1, 600, 700), dtype=np.uint8)
CHANCES = np.random.default_rng(1).random((2, 600, 700), dtype=np.float32)


def outputs(folder: Path) -> dict[str, Layer]:
    return {
        str(folder / "Karte über alles.tif"): Layer(1, "uint8", 255, ["class"], {"classes": {"1": "wood"}},
                                                    {1: (1, 2, 3, 255)}),
        str(folder / "chances.tif"): Layer(2, "float32", float("nan"), ["wood & <field>", "water"]),
    }


def write(strips: Strips, folder: Path, start: int, stop: int) -> None:
    names = list(outputs(folder))
    strips.write(start, {names[0]: CLASSES[:, start:stop], names[1]: CHANCES[:, start:stop]})


def stopped_run(folder: Path, error: Exception, *stops: int) -> None:
    start = 0
    with Strips(outputs(folder), GRID, "a run") as strips:
        for stop in stops:
            write(strips, folder, start, stop)
            start = stop
        raise error


def failed_run(folder: Path, *stops: int) -> None:
    with pytest.raises(ZeroDivisionError):
        stopped_run(folder, ZeroDivisionError(), *stops)


def test_strips_become_cloud_optimized_rasters_and_leave_nothing_else(tmp_path: Path) -> None:
    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        for start in (0, 250, 500):
            write(strips, tmp_path, start, min(start + 250, 600))
        strips.finish(Feedback())
    classes, chances = (rasterio.open(path) for path in outputs(tmp_path))
    np.testing.assert_array_equal(classes.read(), CLASSES)
    np.testing.assert_array_equal(chances.read(), CHANCES)
    assert classes.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert classes.overviews(1)
    assert chances.overviews(1)
    assert (classes.nodata, classes.colormap(1)[1]) == (255, (1, 2, 3, 255))
    assert classes.tags()["classes"] == '{"1": "wood"}'
    assert chances.descriptions == ("wood & <field>", "water")
    assert np.isnan(chances.nodata)
    assert classes.transform == GRID.transform
    assert classes.crs.to_epsg() == 32633
    assert {p.name for p in tmp_path.iterdir()} == {"Karte über alles.tif", "Karte über alles.qml", "chances.tif"}


def test_overviews_of_classes_hold_classes_only(tmp_path: Path) -> None:
    codes = np.where(np.arange(700) % 3 == 0, 9, 1)[None, None, :].repeat(600, axis=1).astype(np.uint8)
    path = str(tmp_path / "c.tif")
    with Strips({path: Layer(1, "uint8", 255)}, GRID, "") as strips:
        strips.write(0, {path: codes})
        strips.finish(Feedback())
    with rasterio.open(path, overview_level=0) as overview:
        assert set(np.unique(overview.read())) <= {1, 9}


def test_a_continued_run_has_the_overviews_of_one_that_was_not_stopped(tmp_path: Path) -> None:
    for name, stops in (("whole", (600,)), ("stopped", (129, 250, 600))):
        (tmp_path / name).mkdir()
        if name == "stopped":
            failed_run(tmp_path / name, *stops[:-1])
        with Strips(outputs(tmp_path / name), GRID, "a run") as strips:
            write(strips, tmp_path / name, strips.done, 600)
            strips.finish(Feedback())
    for one, other in zip(outputs(tmp_path / "whole"), outputs(tmp_path / "stopped"), strict=True):
        assert Path(one).read_bytes() == Path(other).read_bytes()


def test_what_another_version_has_left_in_another_way_is_thrown_away(tmp_path: Path) -> None:
    failed_run(tmp_path, 250)
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    (folder / "run.txt").write_text("a run")
    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        assert strips.done == 0


def test_a_failed_run_is_continued_by_the_same_run(tmp_path: Path) -> None:
    failed_run(tmp_path, 250)
    assert not [p for p in tmp_path.iterdir() if p.suffix == ".tif"]
    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        assert strips.done == 250
        write(strips, tmp_path, 250, 600)
        strips.finish(Feedback())
    with rasterio.open(next(iter(outputs(tmp_path)))) as raster:
        np.testing.assert_array_equal(raster.read(), CLASSES)


def test_another_run_starts_clean(tmp_path: Path) -> None:
    failed_run(tmp_path, 250)
    with Strips(outputs(tmp_path), GRID, "another run") as strips:
        assert strips.done == 0


def test_a_row_counts_as_done_only_if_every_output_has_it(tmp_path: Path) -> None:
    failed_run(tmp_path, 250, 500)
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    (folder / "1-00000250-250.tif").unlink()
    (folder / "half.draft").write_bytes(b"what a killed writer left")
    (folder / "0.cog").write_bytes(b"what a killed last pass left")
    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        assert strips.done == 250
        assert not {".draft", ".cog"} & {path.suffix for path in folder.iterdir()}


def test_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        stopped_run(tmp_path, Cancelled("The run was cancelled."), 250)
    assert list(tmp_path.iterdir()) == []


def test_cancelling_the_last_pass_leaves_nothing(tmp_path: Path) -> None:
    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        write(strips, tmp_path, 0, 600)
        with pytest.raises(Cancelled):
            strips.finish(Stopped())
    assert not [p for p in tmp_path.iterdir() if not p.name.startswith(".")]


def test_two_runs_never_write_one_output(tmp_path: Path) -> None:
    with Strips(outputs(tmp_path), GRID, "a run"), pytest.raises(InputError, match="Another run is writing"):
        Strips(outputs(tmp_path), GRID, "a run")


def test_the_lock_of_a_dead_process_is_no_lock(tmp_path: Path) -> None:
    failed_run(tmp_path, 250)
    folder = next(p for p in tmp_path.iterdir() if p.is_dir())
    own = psutil.Process()
    (folder / "lock.json").write_text(f'{{"pid": {own.pid}, "since": {own.create_time() - 1000}}}')
    with Strips(outputs(tmp_path), GRID, "a run") as strips:
        assert strips.done == 250


def test_specks_are_removed_and_nodata_stays(tmp_path: Path) -> None:
    codes = np.zeros((1, 600, 700), np.uint8)
    codes[0, 300:, :] = 2
    codes[0, 100, 100] = codes[0, 511, 350] = 1
    codes[0, 200:210, 200:210] = 255
    path = str(tmp_path / "c.tif")
    with Strips({path: Layer(1, "uint8", 255)}, GRID, "", {path: 5}) as strips:
        strips.write(0, {path: codes})
        strips.finish(Feedback())
    with rasterio.open(path) as raster:
        cleaned = raster.read(1)
    assert set(np.unique(cleaned)) == {0, 2, 255}
    assert (cleaned == 255).sum() == 100
    assert (cleaned[:297] != 2).all()
    assert (cleaned[303:] == 2).all()


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        Strips({str(tmp_path / "no" / "a.tif"): Layer(1, "uint8", 255)}, GRID, "")


@pytest.mark.parametrize("count", [3, 4, 5])
def test_bands_of_bytes_are_no_colours_and_none_is_transparency(tmp_path: Path, count: int) -> None:
    codes = np.random.default_rng(0).integers(0, 3, (count, 600, 700), dtype=np.uint8)
    path = str(tmp_path / "c.tif")
    with Strips({path: Layer(count, "uint8", 255)}, GRID, "") as strips:
        strips.write(0, {path: codes})
        strips.finish(Feedback())
    with rasterio.open(path) as raster:
        assert {c.name for c in raster.colorinterp} <= {"gray", "undefined"}
        np.testing.assert_array_equal(raster.read(), codes)


def test_blocks_stay_small_however_many_bands(tmp_path: Path) -> None:
    values = np.zeros((100, 600, 700), np.float32)
    path = str(tmp_path / "c.tif")
    with Strips({path: Layer(100, "float32", float("nan"))}, GRID, "") as strips:
        strips.write(0, {path: values})
        strips.finish(Feedback())
    with rasterio.open(path) as raster:
        assert raster.block_shapes[0] == (128, 128)
