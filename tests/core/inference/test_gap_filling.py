"""Gaps of a stack are filled in the stack's own numbers; what is seen stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from heard import Heard
from public_layouts import prithvi
from public_numbers import state

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.jobs.stackimagery import Params, run

HLS = ("B02", "B03", "B04", "B8A", "B11", "B12")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file in the public layout of the smallest Prithvi, with made-up numbers."""
    path = tmp_path_factory.mktemp("weights") / "Prithvi_EO_V2_tiny_TL.pt"
    torch.save(state(prithvi(192, 12, told=True)), path)
    return f"prithvi_eo_v2_tiny_tl:{path}"


@pytest.fixture
def two_dates(make_raster: Callable[..., RasterInput]) -> list[RasterInput]:
    """Six bands of two days, reflectance × 10⁴ in 16 bits; on the second a cloud is nodata."""
    rng, rasters = np.random.default_rng(0), []
    for number, day in enumerate(("20210503", "20210708")):
        values = rng.integers(800, 3000, (6, 40, 70)).astype(np.uint16)
        if number:
            values[:, 5:25, 30:60] = 0
        raster = make_raster(values, name=f"T33UUU_{day}T102021.tif", nodata=0)
        with rasterio.open(raster.path, "r+") as dataset:
            dataset.descriptions = HLS
        rasters.append(raster)
    return rasters


def test_a_cloud_is_filled_and_all_else_stays(two_dates: list[RasterInput], weights: str, tmp_path: Path) -> None:
    plain, filled, heard = tmp_path / "plain.tif", tmp_path / "filled.tif", Heard()
    run(Params(imagery=tuple(two_dates), output=str(plain)), Feedback())
    run(Params(imagery=tuple(two_dates), output=str(filled), fill=weights, device="cpu"), heard)
    with rasterio.open(plain) as one, rasterio.open(filled) as two:
        before, after, masks = one.read(), two.read(), one.read_masks() > 0
        assert two.dtypes == one.dtypes
        assert two.nodata == one.nodata
        assert two.descriptions == one.descriptions
        assert np.array_equal(after[masks], before[masks])
        assert (~masks).sum() == 6 * 20 * 30
        assert (two.read_masks() > 0).all()
    assert any("declare no scale; their values look like reflectance × 10000" in line for line in heard.lines)
    assert any("swir16 (1.61 µm) is the imagery's B11" in line for line in heard.lines)


def test_a_band_that_no_date_has_seen_does_not_change_the_units_of_the_others(
        make_raster: Callable[..., RasterInput], weights: str, tmp_path: Path) -> None:
    """Reflectance from 0 to 1, the first band empty on both dates; × 10⁴ would fill with numbers of another size."""
    rng, rasters = np.random.default_rng(0), []
    for day in ("20210503", "20210708"):
        values = rng.uniform(0.08, 0.3, (6, 40, 70)).astype(np.float32)
        values[0] = np.nan
        raster = make_raster(values, name=f"T33UUU_{day}T102021.tif", nodata=np.nan)
        with rasterio.open(raster.path, "r+") as dataset:
            dataset.descriptions = HLS
        rasters.append(raster)
    heard = Heard()
    run(Params(imagery=tuple(rasters), output=str(tmp_path / "stack.tif"), fill=weights, device="cpu"), heard)
    assert not any("10000" in line for line in heard.lines)
    assert any("None of the bands B02" in line for line in heard.lines)


def test_a_network_that_cannot_fill_is_refused_before_anything_is_written(two_dates: list[RasterInput],
                                                                         tmp_path: Path) -> None:
    output = tmp_path / "stack.tif"
    for model, message in (("presto", "cannot say what a gap hides"), ("nonsense", "no encoder 'nonsense'"),
                           ("prithvi_eo_v2_tiny_tl", "would fill gaps with noise; name its file")):
        with pytest.raises(InputError, match=message):
            run(Params(imagery=tuple(two_dates), output=str(output), fill=model, device="cpu"), Feedback())
        assert not output.exists()


def test_a_stack_without_the_bands_is_refused_by_their_light(make_raster: Callable[..., RasterInput], weights: str,
                                                            tmp_path: Path) -> None:
    photo = make_raster(np.full((3, 32, 32), 90, np.uint8), bands=("red", "green", "blue"))
    with pytest.raises(InputError, match=r"needs nir08 \(0\.865 µm\)"):
        run(Params(imagery=(photo,), output=str(tmp_path / "stack.tif"), fill=weights, device="cpu"), Feedback())
