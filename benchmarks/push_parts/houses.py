"""A layer of houses in a GeoPackage or shapefile, and a ledger whose accepted edits speak of it; from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osgeo import ogr, osr
from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.processing_provider.editing.image import Image, watched_signature

NAME, EPSG = "houses", 32633
DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile"}
SHARES = {"retag": 0.4, "set_value": 0.15, "reshape": 0.1, "move": 0.1, "delete": 0.1, "add": 0.1, "merge": 0.05}
"""What share of the edits is of each kind."""
KINDS = {"retag": "wrong_class", "set_value": "wrong_value", "reshape": "reshaped", "move": "shifted",
         "delete": "obsolete", "add": "missing", "merge": "duplicate"}
COLUMNS = (("osm_id", ogr.OFTInteger64), ("building", ogr.OFTString), ("height", ogr.OFTReal),
           ("street", ogr.OFTString), ("seen", ogr.OFTDate))
COMMIT_EVERY, FIRST_ID, NEW_PLACES = 20_000, 10_000, 1_000_000
ogr.UseExceptions()


def house(number: int, width: float = 9.0, shift: float = 0.0) -> str:
    """The WKT of a house with two corners more than a box, at a place of its own."""
    x, y = 400_000 + 25.0 * (number % 200) + shift, 5_500_000 + 25.0 * (number // 200)
    return (f"POLYGON (({x} {y}, {x + width} {y}, {x + width} {y + 6}, {x + width - 3} {y + 6}, "
            f"{x + width - 3} {y + 11}, {x} {y + 11}, {x} {y}))")


def write_houses(path: Path, count: int, edits: int) -> None:
    """Write the layer: ``count`` houses, and behind them the twins that merges of so many edits need. A twin is drawn a
    little off, and it alone knows the street.
    """
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(EPSG)
    source = ogr.GetDriverByName(DRIVERS[path.suffix]).CreateDataSource(str(path))
    layer = source.CreateLayer(NAME, reference, ogr.wkbPolygon)
    for name, kind in COLUMNS:
        layer.CreateField(ogr.FieldDefn(name, kind))
    layer.StartTransaction()
    twins = round(SHARES["merge"] * edits)
    for number in range(count + twins):
        place = number % count
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(house(place, shift=0.4 if number >= count else 0.0)))
        for name, value in (("osm_id", FIRST_ID + number), ("building", "house"), ("height", 4.0 + number % 7),
                            ("seen", "2024-05-17")):
            feature.SetField(name, value)
        if place >= twins or number >= count:
            feature.SetField("street", f"Straße {place // 50}")
        layer.CreateFeature(feature)
        if number % COMMIT_EVERY == COMMIT_EVERY - 1:
            layer.CommitTransaction()
            layer.StartTransaction()
    layer.CommitTransaction()
    del layer, source


def write_ledger(path: Path, layer: QgsVectorLayer, address: str, edits: int, seed: int) -> list[str]:
    """Write a ledger with so many accepted edits of the layer; return their uids in the order of the push."""
    flags = list(_flags(layer, edits, random.Random(seed)))
    crs = layer.crs()
    with Ledger.create(path, Crs(crs.description(), "EPSG", EPSG, crs.toWkt())) as ledger:
        ledger.add_round(Round("flag", seed, {}), [SourceRow("map", NAME, address)], (), flags)
        ledger.decide([flag.uid for flag in flags], "accept", reviewer="benchmark")
    return [flag.uid for flag in flags]


def signatures(layer: QgsVectorLayer) -> dict[int, str]:
    """The signature of every feature over all columns, by id."""
    return {feature.id(): Image.of(feature, layer).signature(layer) for feature in layer.getFeatures()}


def _flags(layer: QgsVectorLayer, edits: int, random_source: random.Random) -> Iterator[Discrepancy]:
    kinds = [edit for edit, share in SHARES.items() for _ in range(round(share * edits))]
    random_source.shuffle(kinds)
    features = list(layer.getFeatures())
    twins = kinds.count("merge")
    count = len(features) - twins
    alone, merged = iter(random_source.sample(features[twins:count], len(kinds) - twins)), iter(range(twins))
    for number, edit in enumerate(kinds):
        if edit == "merge":
            at = next(merged)
            yield _flag(number, edit, features[count + at], layer, str(features[at].id()))
        else:
            yield _flag(number, edit, None if edit == "add" else next(alone), layer)


def _flag(number: int, edit: str, feature: QgsFeature | None, layer: QgsVectorLayer, twin: str = "") -> Discrepancy:
    watched = {} if feature is None else {"building": layer.fields().lookupField("building"),
                                          "height": layer.fields().lookupField("height")}
    after: dict[str, Any] = {"retag": {"building": f"church {number}"}, "set_value": {"height": 20.0 + number},
                             "reshape": {"height": 3.5}, "add": {"building": "barn", "height": 5.0}}.get(edit, {})
    proposal = None
    if feature is None:
        proposal = house(NEW_PLACES + number)
    elif edit in ("move", "reshape"):
        place = int(feature["osm_id"]) - FIRST_ID
        proposal = house(place, shift=2.5) if edit == "move" else house(place, width=7.0)
    return Discrepancy(
        uid=f"d{number:06}", source="map", target_layer=NAME, kind=KINDS[edit], edit=edit,
        probability=0.95 - number * 1e-6,
        proposal=None if proposal is None else bytes(QgsGeometry.fromWkt(proposal).asWkb()),
        before=None if feature is None else bytes(feature.geometry().asWkb()),
        target_key=None if feature is None else str(feature.id()),
        signature=None if feature is None else watched_signature(feature, layer, watched),
        before_values={} if feature is None else {name: feature.attribute(at) for name, at in watched.items()},
        after_values=after, evidence={"twin": twin} if twin else {})
