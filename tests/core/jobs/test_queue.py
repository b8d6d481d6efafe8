"""The queue as a job: the engine reads the layers again where the ledger says that they lie."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box, to_wkb

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import run
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger import queue as table

UTM = ('PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
       'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
       'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],'
       'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]]')


@pytest.fixture
def judged(country, tmp_path):
    """A ledger on the country's 144 fields, three of them flagged; ``judged(uri=…)``."""

    def make(key="nr", uri=None, where="", extent=None, encoding="", imagery=None):
        path = tmp_path / "loop.gpkg"
        land = country["map"][0]["path"]
        with Ledger.create(path, Crs("WGS 84 / UTM zone 33N", "EPSG", 32633, UTM)) as ledger:
            ledger.add_round(
                Round("flag", 0, {"map": [{"name": "land", "where": where, "encoding": encoding}], "extent": extent}),
                [imagery or SourceRow("imagery", "imagery", country["imagery"][0]["path"]),
                 SourceRow("map", "land", uri or f"{land}|layername=land", key=key)], (),
                [Discrepancy(uid=f"d{n}", source="map", target_layer="land", kind="wrong_class", edit="retag",
                             probability=0.7, proposal=to_wkb(box(5e5 + 200 * n, 5_799_800, 5e5 + 200 * n + 190,
                                                                  5_799_990)),
                             target_key=str(n), signature=f"s{n}") for n in range(3)])
        return str(path)

    return make


def drawn(path):
    with Ledger.open(path) as ledger:
        return table.rows(ledger)


def test_the_engine_reads_every_feature_of_the_judged_layers(judged):
    path = judged()
    result = run("queue", {"ledger": path, "size": 200, "audit_share": 1.0}, Feedback())
    assert result["ITEMS"] == 144
    items = drawn(path)
    assert {item.key or item.uid for item in items} == {"d0", "d1", "d2", *map(str, range(3, 144))}
    third = next(item for item in items if item.key == "3")
    assert third.box == pytest.approx((500_600, 5_799_800, 500_790, 5_799_990))


def test_the_filter_and_the_extent_of_the_round_hold_for_the_audit_too(judged):
    path = judged(where="nr < 30", extent={"xmin": 5e5, "ymin": 5_799_700.0, "xmax": 500_950.0, "ymax": 5.8e6})
    run("queue", {"ledger": path, "size": 200, "audit_share": 1.0}, Feedback())
    assert {item.key or item.uid for item in drawn(path)} == {"d0", "d1", "d2", "3", "4",
                                                              *(str(n) for n in range(12, 17))}


def test_imagery_bounds_the_audit_in_the_crs_it_was_read_in_whichever_way_its_rows_run(judged, tmp_path):
    path = tmp_path / "south up.tif"
    with rasterio.open(path, "w", "GTiff", 100, 40, 1, dtype="uint8",
                       transform=Affine(10, 0, 5e5, 0, 10, 5_799_600)) as raster:
        raster.write(np.ones((1, 40, 100), np.uint8))
    ledger = judged(imagery=SourceRow("imagery", "imagery", str(path), crs=UTM))
    run("queue", {"ledger": ledger, "size": 200, "audit_share": 1.0}, Feedback())
    boxes = [item.box for item in drawn(ledger) if item.key]
    assert len(boxes) == len({item.key for item in drawn(ledger) if item.key}) > 5
    assert all(xmin <= 501_000 and ymax >= 5_799_600 for xmin, _, _, ymax in boxes)


def test_keys_of_a_shapefile_are_read_in_the_encoding_that_it_was_judged_in(judged, country, tmp_path):
    land = geopandas.read_file(country["map"][0]["path"])
    land["name"] = [f"Höhe {number}" for number in land["nr"]]
    land[["name", "geometry"]].to_file(tmp_path / "land.shp", encoding="cp852")
    (tmp_path / "land.cpg").unlink()
    path = judged(key="name", uri=str(tmp_path / "land.shp"), encoding="IBM852")
    run("queue", {"ledger": path, "size": 200, "audit_share": 1.0}, Feedback())
    assert {item.key for item in drawn(path) if item.key} == {f"Höhe {number}" for number in range(144)}


def test_what_has_no_key_was_not_judged_and_is_not_drawn(judged, country, tmp_path):
    land = geopandas.read_file(country["map"][0]["path"])
    land.loc[land["nr"] >= 140, "nr"] = None
    land.to_file(tmp_path / "land.shp")
    path = judged(uri=str(tmp_path / "land.shp"))
    run("queue", {"ledger": path, "size": 200, "audit_share": 1.0}, Feedback())
    assert {item.key for item in drawn(path) if item.key} == {str(number) for number in range(3, 140)}


def test_given_features_are_drawn_from_without_reading_any_layer(judged):
    path = judged(uri="/nowhere/land.gpkg")
    features = [{"layer": "land", "keys": ["0", "1", "2", "x"], "boxes": [[0, 0, 1, 1]] * 4}]
    run("queue", {"ledger": path, "size": 50, "audit_share": 1.0, "features": features}, Feedback())
    assert {item.key or item.uid for item in drawn(path)} == {"d0", "d1", "d2", "x"}


@pytest.mark.parametrize(("changed", "match"), [
    ({"size": 0}, "SIZE must be at least 1"),
    ({"audit_share": 0.05}, "AUDIT_SHARE must be from 0.1 to 1"),
    ({"seed": -1}, "SEED must be 0 or more"),
    ({"page_m": 0.0}, "PAGE_WIDTH must be more than 0"),
    ({"kinds": {"lost": 1.0}}, "the kind 'lost'"),
    ({"classes": {"road": -1.0}}, "'road' the weight -1"),
    ({"output": "queue.shp"}, r"must be a GeoPackage ending in \.gpkg"),
])
def test_a_parameter_that_cannot_be_is_one_sentence(judged, changed, match):
    path = judged()
    with pytest.raises(InputError, match=match):
        run("queue", {"ledger": path, **changed}, Feedback())
    assert drawn(path) == []


@pytest.mark.parametrize(("given", "match"), [
    ({"uri": "/nowhere/land.gpkg"}, "'land' .* cannot be read for the random audit"),
    ({"key": "gone"}, "no field 'gone' any more"),
])
def test_a_layer_that_is_no_longer_what_it_was_is_named(judged, given, match):
    with pytest.raises(InputError, match=match):
        run("queue", {"ledger": judged(**given), "size": 20}, Feedback())
