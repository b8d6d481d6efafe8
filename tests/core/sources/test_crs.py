"""Coordinate reference systems: one is one however it is spelled, and transformations are never guessed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
import shapely

from geoloop.core.errors import InputError
from geoloop.core.sources.crs import fitting_utm, in_degrees, metres_per_unit, operation_between, read_crs, same_crs

ESRI_UTM = (
    'PROJCS["WGS_1984_UTM_Zone_33N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,'
    '298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",15.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("spelling", [
    "EPSG:32633", "+proj=utm +zone=33 +datum=WGS84 +units=m +no_defs", ESRI_UTM, pyproj.CRS(32633).to_wkt("WKT1_GDAL"),
])
def test_one_system_in_many_spellings(spelling):
    assert same_crs(read_crs(spelling, "layer"), pyproj.CRS(32633))


@pytest.mark.parametrize("other", ["EPSG:32634", "EPSG:25833", "EPSG:4326", "+proj=utm +zone=33 +ellps=bessel"])
def test_different_systems_are_different(other):
    assert not same_crs(read_crs(other, "layer"), pyproj.CRS(32633))


def test_axis_order_does_not_count():
    assert same_crs(read_crs("OGC:CRS84", "layer"), pyproj.CRS(4326))


def test_a_building_site_s_own_system_is_like_no_other():
    local = pyproj.CRS('LOCAL_CS["site",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
    assert same_crs(local, read_crs(local.to_wkt(), "layer"))
    for one, other in ((local, pyproj.CRS(32633)), (pyproj.CRS(4326), local)):
        assert not same_crs(one, other)
        with pytest.raises(InputError, match="“layer”"):
            operation_between(one, other, "layer")


def test_what_is_no_system_is_named():
    for text in ("", "EPSG:99999999", "words"):
        with pytest.raises(InputError, match="“layer”"):
            read_crs(text, "layer")


def test_zones_and_hemispheres():
    assert fitting_utm(pyproj.CRS(4326), 13.5, 52) == "EPSG:32633"
    assert fitting_utm(pyproj.CRS(4326), -49, -1) == "EPSG:32722"


def test_a_place_where_the_system_does_not_hold_is_refused():
    with pytest.raises(InputError, match="outside of the area"):
        metres_per_unit(pyproj.CRS(32633), 1e12, 1e12, "layer")


def test_metres_are_metres_where_the_datum_counts_in_grads_from_paris():
    lambert, modern = pyproj.CRS(27572), pyproj.CRS(2154)
    x, y = pyproj.Transformer.from_crs(modern, lambert, always_xy=True).transform(700_000, 6_600_000)
    assert metres_per_unit(lambert, x, y, "layer") == pytest.approx(1.0, abs=1.5e-3)
    lon, lat = in_degrees(lambert, lambert.geodetic_crs, [x], [y])
    assert (lon[0], lat[0]) == pytest.approx((3.0, 46.5), abs=0.01)


def test_an_operation_states_its_accuracy_and_goes_both_ways():
    operation = operation_between(pyproj.CRS(4258), pyproj.CRS(32633), "layer")
    assert operation.accuracy_m == 1.0
    moved = operation.forward(np.array([shapely.Point(13.5, 52.0)]))
    x, y = shapely.get_coordinates(moved)[0]
    west, south, east, north = operation.backward_bounds((x - 1000, y - 1000, x + 1000, y + 1000)) or (0, 0, 0, 0)
    assert west < 13.5 < east
    assert south < 52 < north


def test_the_same_system_needs_no_operation():
    operation = operation_between(pyproj.CRS(32633), read_crs(ESRI_UTM, "layer"), "layer")
    assert (operation.pipeline, operation.accuracy_m) == ("", 0.0)


@pytest.mark.data
def test_wageningen_s_spellings_are_one_system(data_folder: Path):
    folder = data_folder / "wageningen_series/original"
    found = set()
    for path in folder.rglob("*.tif"):
        with rasterio.open(path) as dataset:
            found.add(dataset.crs.to_wkt())
    assert found
    for text in found:
        assert same_crs(read_crs(text, "raster"), pyproj.CRS(3035))
