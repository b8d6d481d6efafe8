"""Bands: their names, wavelengths and dates, from whatever a file says of itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio

from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.sources.bands import Band, bands_of, micrometres, without_collisions


def read(raster: RasterInput) -> tuple[Band, ...]:
    with rasterio.open(raster.path) as dataset:
        return bands_of(raster, dataset)


@pytest.fixture
def envi(make_raster):
    """Write an ENVI raster of two bands whose header has some lines more."""

    def make(*lines: str) -> RasterInput:
        raster = make_raster(np.ones((2, 3, 3), np.int16), name="scene.img")
        path = Path(raster.path)
        with rasterio.open(path) as dataset:
            profile = {**dataset.profile, "driver": "ENVI"}
        for name in ("tiled", "interleave", "blockysize"):
            profile.pop(name, None)
        path.unlink()
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(np.ones((2, 3, 3), np.int16))
        path.with_name("scene.img.aux.xml").unlink(missing_ok=True)
        header = path.with_suffix(".hdr")
        kept = [line for line in header.read_text().splitlines() if not line.startswith(("band names", "Band "))]
        header.write_text("\n".join([*kept, "band names = {blue light, NIR}", *lines]) + "\n")
        return raster

    return make


@pytest.mark.parametrize(("unit", "given", "expected"), [
    ("Nanometers", "490.5, 842.25", [0.4905, 0.84225]), ("Micrometers", "0.4905, 11.45", [0.4905, 11.45]),
    ("Unknown", "490.5, 842", [0.4905, 0.842]), ("Unknown", "0.49, 2.19", [0.49, 2.19]),
    ("Index", "1, 2", [None, 0.842]), ("Wavenumber", "20000, 10000", [0.5, 1.0]),
])
def test_an_envi_header_tells_wavelengths_in_its_own_unit(envi, unit, given, expected):
    bands = read(envi(f"wavelength = {{{given}}}", f"wavelength units = {unit}"))
    assert [band.wavelength_um for band in bands] == [pytest.approx(one) if one else None for one in expected]
    assert [band.name for band in bands] == ["blue light", "NIR"]


def test_an_envi_header_without_units_tells_them_by_size(envi):
    assert [band.wavelength_um for band in read(envi("wavelength = {490, 842}"))] == [0.49, 0.842]


def test_an_envi_header_tells_the_date(envi):
    assert {band.date for band in read(envi("acquisition time = 2021-05-03T10:20:21.0Z"))} == {"2021-05-03T10:20:21Z"}


@pytest.mark.parametrize(("value", "unit", "expected"), [
    (5.405, "GHz", 55_465.7), (5405, "MHz", 55_465.7), (665, "", 0.665), (0.665, "", 0.665), (0, "nm", None),
    (float("nan"), "um", None), (3, "parsec", None), (6650, "Angstroms", 0.665),
])
def test_wavelengths_in_any_unit_become_micrometres(value, unit, expected):
    assert micrometres(value, unit) == (None if expected is None else pytest.approx(expected, rel=1e-4))


def test_the_same_band_of_several_days_is_told_apart_by_its_day():
    days = "2021-05-03T10:20:21Z", "2022-06-01"
    bands = [Band("B02", 0.49, "a", days[0]), Band("B03", 0.56, "a"), Band("B02", 0.49, "b", days[1])]
    assert [band.name for band in without_collisions(bands)] == ["B02 2021-05-03", "B03", "B02 2022-06-01"]


def test_the_same_band_of_one_day_is_told_apart_by_its_layer():
    taken = [("a", "2021-05-03"), ("b", "2021-05-03"), ("b", "2021-05-04")]
    bands = [Band("B02", None, layer, date) for layer, date in taken]
    assert [band.name for band in without_collisions(bands)] == ["a B02", "b B02", "b B02 (2)"]


def test_names_stay_unique_whatever_they_are():
    bands = [Band(name, None, "a") for name in ("x", "x", "a x", "a x (2)", "a x")]
    names = [band.name for band in without_collisions(bands)]
    assert len(set(names)) == len(names)


def test_a_wrong_declaration_is_no_wavelength(make_raster):
    raster = make_raster(np.ones((1, 3, 3), np.uint8))
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.update_tags(1, wavelength="blue", wavelength_units="Nanometers")
        dataset.update_tags(1, ns="IMAGERY", CENTRAL_WAVELENGTH_UM="much")
    assert read(raster)[0].wavelength_um is None


@pytest.mark.data
def test_enmap_s_bands_have_their_wavelengths_scale_and_date(data_folder: Path):
    folder = data_folder / "potsdam_hyperspectral/original/tests/testdata/external/specdeepmap/test_requierments/images"
    bands = read(RasterInput(str(sorted(folder.glob("*.tif"))[0])))
    assert len(bands) == 224
    assert bands[0].wavelength_um == pytest.approx(0.41824)
    assert bands[-1].wavelength_um == pytest.approx(2.445, abs=0.001)
    assert {(band.scale, band.date) for band in bands} == {(0.0001, "2022-07-24T10:45:26Z")}
    assert bands[0].name == "band 1"


@pytest.mark.data
def test_landsat_7_s_bands_have_wavelengths_and_the_quality_band_none(data_folder: Path):
    for path in (data_folder / "chiapas_landsat7/original/data").glob("LE7*.gtif"):
        bands = read(RasterInput(str(path)))
        assert [band.wavelength_um for band in bands] == [0.485, 0.56, 0.66, 0.83, 1.65, 2.215, 11.45, None]
        assert bands[0].date in ("1999-11-18", "2002-04-16")


@pytest.mark.data
def test_landsat_5_s_date_is_read_from_the_metadata_beside_it(data_folder: Path):
    path = data_folder / "para_landsat5/original/inst/external/landsat/LT52240631988227CUB02_B4.TIF"
    (band,) = read(RasterInput(str(path)))
    assert (band.name, band.wavelength_um, band.date) == ("B4", 0.83, "1988-08-14T13:00:47Z")


@pytest.mark.data
def test_a_netcdf_variable_gives_name_and_dates(data_folder: Path):
    folder = data_folder / "flanders_crops/original/worldcerealtraining/0000280849BAC91C"
    (path,) = folder.glob("S2_L2A_10m*.nc")
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        bands = read(RasterInput(f"netcdf:{path}:B08", name="series"))
    assert {band.name for band in bands} == {"B08"}
    assert bands[0].date.startswith("2018-08-0")
    assert len({band.date for band in bands}) == len(bands)
    assert {(band.wavelength_um, band.scale) for band in bands} == {(0.842, 0.0001)}
