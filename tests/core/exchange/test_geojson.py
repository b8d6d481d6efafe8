"""The discrepancies as GeoJSON that follows RFC 7946, read back by GDAL."""

from __future__ import annotations

import json

import geopandas
import pytest
import shapely


def test_coordinates_are_degrees_rings_are_right_handed_and_evidence_is_there(hamlet, a_find, a_square):
    clockwise = shapely.Polygon(a_square(30, 30, 4, 4).exterior.coords[::-1], [a_square(31, 31).exterior.coords])
    hamlet.decided(a_find("a", None, "add", to=clockwise, evidence={"sentence": "Größer.", "p": float("nan")},
                          licence_flags="ortho: CC BY 4.0")).export("geojson", ".geojson", sources=yes("osm"))
    data = json.loads(hamlet.text(), parse_constant=pytest.fail)
    assert "crs" not in data
    assert data["provenance"] == {"source": "ortho (CC BY 4.0); osm", "made_by": "GeoLoop",
                                  "date": data["provenance"]["date"]}
    (feature,) = data["features"]
    assert feature["id"] == "a"
    outer, inner = (shapely.LinearRing(ring) for ring in feature["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not inner.is_ccw
    assert shapely.Polygon(outer, [inner]).equals(clockwise)
    assert feature["properties"]["evidence"] == {"sentence": "Größer.", "p": None}
    assert feature["properties"]["licence_flags"] == "ortho: CC BY 4.0"
    assert (feature["properties"]["decision"], feature["properties"]["drawn_as"]) == ("accept", "queue")
    assert "reviewer" not in feature["properties"]


def test_gdal_reads_it_in_place(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100"), a_find("b", "node/14", "delete")).export(
        "geojson", ".geojson", sources=yes("osm"))
    frame = geopandas.read_file(hamlet.output).set_index("id")
    assert frame.crs.to_epsg() == 4326
    assert frame.loc["a"].geometry.equals(a_square(0, 0))
    assert frame.loc["b"].geometry.equals(shapely.Point(15.002, 51.002))


def test_the_geometry_as_it_is_stands_beside_one_that_moves(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.5))).export(
        "geojson", ".json", sources=yes("osm"))
    (feature,) = json.loads(hamlet.text())["features"]
    assert shapely.Polygon(feature["properties"]["before"]["coordinates"][0]).equals(a_square(0, 0))
    assert shapely.Polygon(feature["geometry"]["coordinates"][0]).equals(a_square(0, 0, dx=0.5))


@pytest.mark.parametrize(("only", "uids"), [("accepted", {"a"}), ("undecided", {"open", "top"}),
                                            ("all", {"a", "open", "top"})])
def test_one_of_each_cause_goes_out_and_what_was_rejected_never(hamlet, a_find, only, uids):
    from geoloop.core.ledger import Ledger

    hamlet.decided(a_find("a", "way/100"), a_find("no", "way/101"), a_find("open", "way/102"),
                   a_find("top", "way/103", cause="c", probability=0.6), a_find("low", "way/103", cause="c",
                                                                                probability=0.3), decision="")
    with Ledger.open(hamlet.ledger) as ledger:
        ledger.decide(["a"], "accept")
        ledger.decide(["no"], "reject")
    hamlet.export("geojson", ".geojson", only=only, sources=yes("osm"))
    assert {feature["id"] for feature in json.loads(hamlet.text())["features"]} == uids


def yes(name):
    from geoloop.core.jobs.inputs import SourceSettings

    return {name: SourceSettings(may_export=True)}
