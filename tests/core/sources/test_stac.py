"""STAC items beside a raster: understood in both versions, and harmless whatever they hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.stac import LARGEST_FILE, asset_of

BLUE = {"name": "B02", "common_name": "blue", "center_wavelength": 0.4927, "full_width_half_max": 0.065}


def item(href: str, asset: dict, **properties) -> dict:
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": "scene",
        "properties": {"datetime": "2021-05-03T10:20:21.024Z", **properties},
        "assets": {"data": {"href": href, **asset}},
    }


@pytest.fixture
def beside(make_raster):
    """A raster of two bands, and what stands in the JSON file beside it."""

    def write(document, name: str = "item.json", **raster):
        made = make_raster(np.arange(32, dtype=np.uint16).reshape(2, 4, 4), name="scène B.tif", **raster)
        text = document if isinstance(document, str | bytes) else json.dumps(document)
        at = Path(made.path).with_name(name)
        at.write_bytes(text if isinstance(text, bytes) else text.encode())
        return made

    return write


def bands_of(raster):
    with Imagery.open([raster], Grid.from_imagery([raster])) as imagery:
        return imagery.bands, imagery.read_bands(Window(0, 0, 4, 4))


def test_names_wavelengths_date_scale_and_nodata_come_from_an_item_of_version_1_0(beside):
    raster = beside(item("https://x.org/a/sc%C3%A8ne%20B.tif?sig=1", {
        "eo:bands": [BLUE, {"name": "B08", "common_name": "nir"}],
        "raster:bands": [{"scale": 0.0001, "offset": -0.1, "nodata": 0}, {"nodata": "nan"}],
    }))
    (blue, nir), (_, valid) = bands_of(raster)
    assert (blue.name, blue.wavelength_um, blue.date) == ("B02", 0.4927, "2021-05-03T10:20:21Z")
    assert (blue.scale, blue.offset) == (0.0001, -0.1)
    assert (nir.name, nir.wavelength_um, nir.scale) == ("B08", 0.842, 1.0)
    assert valid.sum(axis=(1, 2)).tolist() == [15, 16]


@pytest.mark.parametrize(("applied", "offset"), [(True, 0.0), (False, -0.1)])
def test_an_offset_that_is_in_the_pixels_already_is_not_applied_again(beside, applied, offset):
    raster = beside(item("scène B.tif", {"raster:bands": [{"scale": 0.0001, "offset": -0.1}] * 2},
                         **{"earthsearch:boa_offset_applied": applied}))
    (band, _), _ = bands_of(raster)
    assert (band.scale, band.offset) == (0.0001, offset)


def test_the_common_band_object_of_version_1_1_is_understood(beside):
    raster = beside(item("./scène B.tif", {"nodata": 7, "bands": [
        {"name": "one", "eo:center_wavelength": 0.66, "raster:scale": 2}, {"eo:common_name": "swir16", "nodata": 20},
    ]}))
    (one, two), (_, valid) = bands_of(raster)
    assert (one.name, one.wavelength_um, one.scale) == ("one", 0.66, 2.0)
    assert (two.name, two.wavelength_um) == ("swir16", 1.61)
    assert np.argwhere(~valid).tolist() == [[0, 1, 3], [1, 1, 0]]


def test_nanometres_in_a_catalogue_become_micrometres(beside):
    raster = beside(item("scène B.tif", {"eo:bands": [{"center_wavelength": 490}, {"center_wavelength": -1}]}))
    assert [band.wavelength_um for band in bands_of(raster)[0]] == [0.49, None]


def test_what_the_file_itself_says_wins(beside):
    import rasterio

    raster = beside(item("scène B.tif", {"eo:bands": [BLUE, BLUE], "raster:bands": [{"nodata": 3}] * 2}), nodata=9)
    with rasterio.open(raster.path, "r+") as dataset:
        dataset.descriptions = ("rot", "grün")
        dataset.scales, dataset.offsets = (0.5, 0.5), (0, 0)
        dataset.update_tags(1, ns="IMAGERY", CENTRAL_WAVELENGTH_UM="0.665")
    (red, _), (_, valid) = bands_of(raster)
    assert (red.name, red.wavelength_um, red.scale) == ("rot", 0.665, 0.5)
    assert np.argwhere(~valid).tolist() == [[0, 2, 1]]


def test_an_item_of_another_raster_or_number_of_bands_says_nothing(beside):
    for href, bands in [("other.tif", [BLUE, BLUE]), ("scène B.tif", [BLUE] * 3)]:
        raster = beside(item(href, {"eo:bands": bands}))
        assert asset_of(raster.path, 2) is None


def test_items_that_contradict_each_other_say_nothing(beside):
    beside(item("scène B.tif", {}, datetime="2021-05-03"), "a.json")
    raster = beside(item("scène B.tif", {}, datetime="2022-05-03"), "b.json")
    assert asset_of(raster.path, 2) is None


def test_a_collection_of_items_is_searched(beside):
    raster = beside({"type": "FeatureCollection", "features": [item("x.tif", {}), item("scène B.tif", {"gsd": 10})]})
    found = asset_of(raster.path, 2)
    assert (found.gsd_m, found.bands) == (10.0, ())


@pytest.mark.parametrize("document", [
    b"\xff\xfe\x00", "", "[", "null", "[1, 2]", '{"assets": 3}', '{"assets": {"a": 1, "b": {"href": ["x"]}}}',
    '{"assets": ' + "[" * 100_000 + "]" * 100_000 + "}", '{"assets": {"a": {"href": "http://[bad/scène B.tif"}}}',
    '{"features": {"assets": {}}}',
    json.dumps(item("scène B.tif", {"eo:bands": [1, None], "raster:bands": "x", "gsd": [], "nodata": {}})),
    json.dumps(item("scène B.tif", {"eo:bands": [{"name": 3, "center_wavelength": 1e999}, {"common_name": {}}]})),
    '{"assets": {"a": {"href": "scène B.tif", "gsd": ' + "9" * 5000 + "}}}",
    '{"properties": 5, "assets": {"a": {"href": "scène B.tif", "bands": [{"nodata": 1e400}, {}]}}}',
])
def test_hostile_json_is_passed_over(beside, document):
    (first, second), (_, valid) = bands_of(beside(document))
    assert [first.name, second.name] == ["band 1", "band 2"]
    assert first.wavelength_um is None
    assert valid.all()


def test_a_large_file_and_more_than_some_dozens_are_not_read(beside):
    document = json.dumps(item("scène B.tif", {"eo:bands": [BLUE, BLUE]}))
    raster = beside(document + " " * LARGEST_FILE)
    assert asset_of(raster.path, 2) is None
    for number in range(200):
        Path(raster.path).with_name(f"a{number:03d}.json").write_text("{}")
    beside(document, "z.json")
    assert asset_of(raster.path, 2) is None
    beside(document, "scène B.json")
    assert asset_of(raster.path, 2) is not None


KEYS = ["assets", "href", "bands", "eo:bands", "raster:bands", "nodata", "name", "datetime", "features"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(KEYS), inner, max_size=4
    ),
    max_leaves=12,
)


@given(document=json_values, asset=json_values)
@settings(max_examples=150)
def test_no_json_whatever_makes_reading_fail(tmp_path_factory, document, asset):
    folder = tmp_path_factory.mktemp("json", numbered=True)
    (folder / "a.json").write_text(json.dumps(document))
    wrapped = {"assets": {"x": {**(asset if isinstance(asset, dict) else {}), "href": "r.tif"}}}
    (folder / "b.json").write_text(json.dumps(wrapped))
    asset_of(str(folder / "r.tif"), 2)
