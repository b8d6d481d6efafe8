"""File names of satellite scenes: band, date and wavelengths, and nothing made up."""

from __future__ import annotations

import pytest

from geoloop.core.sources.scenes import date_since, iso_date, scene_of


@pytest.mark.parametrize(("path", "band", "date", "wavelength"), [
    ("T33UUU_20170216T102101_B02.jp2", "B02", "2017-02-16T10:21:01Z", 0.49),
    ("IMG_DATA/R20m/T33UUU_20210503T102021_B8A_20m.jp2", "B8A", "2021-05-03T10:20:21Z", 0.865),
    ("T33UUU_20210503T102021_SCL_20m.jp2", "SCL", "2021-05-03T10:20:21Z", None),
    ("S2A_MSIL2A_20210503T102021_N0300_R065_T33UUU_20210503T120000_B12.tif", "B12", "2021-05-03T10:20:21Z", 2.19),
    ("S2B_33UUU_20210503_0_L2A/B04.tif", "B04", "2021-05-03", 0.665),
    ("2018-10-13, Sentinel-2B L1C, B08.tiff", "B08", "2018-10-13", 0.842),
    ("S2A_OPER_MSI_L1C_TL_SGS__20160608T200000_A005029_T33UUU_B03.jp2", "B03", "", 0.56),
    ("LC08_L2SP_193024_20200101_20200823_02_T1_SR_B4.TIF", "B4", "2020-01-01", 0.655),
    ("LC09_L1TP_193024_20220301_20220302_02_T1_B10.TIF", "B10", "2022-03-01", 10.895),
    ("LC08_L2SP_193024_20200101_20200823_02_T1_QA_PIXEL.TIF", "QA_PIXEL", "2020-01-01", None),
    ("LE07_L1TP_022049_19991118_20170216_01_T1_B6_VCID_1.TIF", "B6_VCID_1", "1999-11-18", 11.45),
    ("LT05_L1TP_224063_19880814_20200917_02_T1_B4.TIF", "B4", "1988-08-14", 0.83),
    ("LT52240631988227CUB02_B6.TIF", "B6", "1988-08-14", 11.45),
    ("LM05_L1TP_224063_19880814_20200917_02_T2_B4.TIF", "B4", "1988-08-14", 0.95),
    ("LM01_L1TP_224063_19730814_20200917_02_T2_B4.TIF", "B4", "1973-08-14", 0.55),
    ("S1A_IW_GRDH_1SDV_20210503T053412_20210503T053437_037720_VV.tif", "VV", "2021-05-03T05:34:12Z", None),
])
def test_a_scene_s_name_tells_band_date_and_wavelength(path, band, date, wavelength):
    scene = scene_of(path)
    assert (scene.band, scene.date) == (band, date)
    assert scene.wavelength(band) == wavelength


@pytest.mark.parametrize("path", [
    "dem_31UDS.tif", "ndvi_landsat.ard1_p50_30m_s_20171202_20180320_nl.tif", "20210503.tif", "", "Ä, ö.tif",
    "S2A_MSIL2A_20211503T102021.tif", "LT52240631988999CUB02.tif",
])
def test_a_name_that_tells_no_date_gets_none(path):
    assert scene_of(path).date == ""


def test_the_layer_s_name_tells_what_the_file_s_does_not():
    scene = scene_of("/data/B4.TIF", "LC08_L2SP_193024_20200101_20200823_02_T1")
    assert (scene.band, scene.date, scene.wavelength("SR_B4")) == ("B4", "2020-01-01", 0.655)


def test_bands_of_a_landsat_stack_are_known_by_their_description():
    scene = scene_of("LE70220491999322EDC01_stack.gtif")
    assert scene.date == "1999-11-18"
    assert scene.wavelength("band 7 reflectance") == 2.215
    assert scene.wavelength("Band 8") is None


@pytest.mark.parametrize(("text", "date"), [
    ("2021-05-03", "2021-05-03"), ("2021-05-03T10:20:21.024Z", "2021-05-03T10:20:21Z"),
    ("2021-05-03T12:20:21+02:00", "2021-05-03T10:20:21Z"), ("1988-08-14 13:00:47", "1988-08-14T13:00:47Z"),
    ("0001-01-01T00:00:00+14:00", ""), ("yesterday", ""), ("", ""),
])
def test_dates_are_iso_8601_in_utc(text, date):
    assert iso_date(text) == date


def test_netcdf_times_count_from_their_start():
    assert date_since("863999", "seconds since 2018-08-02 10:46:53") == "2018-08-12T10:46:52Z"
    assert date_since("1.5", "days since 2018-08-01") == "2018-08-02T12:00:00Z"

@pytest.mark.parametrize(("value", "units"), [
    ("x", "days since 2018-08-01"), ("1", "metres"), ("1e300", "days since 2018-08-01"),
    ("nan", "days since 2018-08-01"), ("1", "days since then"),
])
def test_what_is_no_netcdf_time_has_no_date(value, units):
    assert date_since(value, units) == ""
