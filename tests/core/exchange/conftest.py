"""A hamlet in OpenStreetMap, a ledger that found errors in it, and the job that hands them on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyproj
import pytest
import shapely
from heard import Heard

from geoloop.core.jobs import exchange
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow

LON, LAT, STEP = 15.0, 51.0, 0.0001
TO_GRID = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32633", always_xy=True)

HAMLET = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" version="3" lat="51.0000" lon="15.0000"/> <node id="2" version="2" lat="51.0000" lon="15.0001"/>
 <node id="3" version="1" lat="51.0001" lon="15.0001"/> <node id="4" version="1" lat="51.0001" lon="15.0000"/>
 <node id="5" version="4" lat="51.0000" lon="15.0002"/> <node id="6" version="1" lat="51.0001" lon="15.0002"/>
 <node id="7" version="1" lat="51.0005" lon="15.0005"/> <node id="8" version="1" lat="51.0005" lon="15.0006"/>
 <node id="9" version="6" lat="51.0006" lon="15.0006"><tag k="entrance" v="main"/></node>
 <node id="10" version="1" lat="51.0006" lon="15.0005"/>
 <node id="11" version="1" lat="51.0010" lon="15.0010"/> <node id="12" version="1" lat="51.0010" lon="15.0011"/>
 <node id="13" version="1" lat="51.0011" lon="15.0011"/>
 <node id="14" version="2" lat="51.0020" lon="15.0020"><tag k="natural" v="tree"/></node>
 <node id="15" version="1" lat="51.0030" lon="15.0030"/> <node id="16" version="1" lat="51.0030" lon="15.0034"/>
 <node id="17" version="1" lat="51.0034" lon="15.0034"/>
 <node id="18" version="1" lat="51.0031" lon="15.0032"/> <node id="19" version="1" lat="51.0031" lon="15.0033"/>
 <node id="20" version="1" lat="51.0032" lon="15.0033"/>
 <way id="100" version="5"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
  <tag k="building" v="yes"/><tag k="name" v="Müller &amp; Söhne &quot;&lt;Öl&gt;&quot;"/></way>
 <way id="101" version="7"><nd ref="2"/><nd ref="5"/><nd ref="6"/><nd ref="3"/><nd ref="2"/>
  <tag k="building" v="house"/></way>
 <way id="102" version="2"><nd ref="7"/><nd ref="8"/><nd ref="9"/><nd ref="10"/><nd ref="7"/>
  <tag k="building" v="shed"/></way>
 <way id="103" version="1"><nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="11"/><tag k="building" v="yes"/></way>
 <way id="104" version="1"><nd ref="15"/><nd ref="16"/><nd ref="17"/><nd ref="15"/></way>
 <way id="105" version="1"><nd ref="18"/><nd ref="19"/><nd ref="20"/><nd ref="18"/></way>
 <relation id="500" version="9">
  <member type="way" ref="104" role="outer"/><member type="way" ref="105" role="inner"/>
  <tag k="type" v="multipolygon"/><tag k="landuse" v="forest"/></relation>
 <relation id="103" version="1"><member type="way" ref="103" role="house"/>
  <tag k="type" v="associatedStreet"/></relation>
</osm>
"""


def square(x: float, y: float, wide: float = 1, high: float = 1, dx: float = 0.0, dy: float = 0.0) -> shapely.Polygon:
    """A rectangle whose corner lies ``x``, ``y`` ten-thousandths of a degree from the hamlet's origin."""
    corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    return shapely.Polygon([(LON + (a + dx) * STEP, LAT + (b + dy) * STEP) for a, b in corners])


def on_grid(geometry: shapely.Geometry) -> bytes:
    """Degrees to the ledger's grid, as WKB."""
    return shapely.to_wkb(shapely.transform(
        geometry, lambda xy: np.column_stack(TO_GRID.transform(xy[:, 0], xy[:, 1]))))


HOUSES = {"way/100": square(0, 0), "way/101": square(1, 0), "way/102": square(5, 5),
          "way/103": shapely.Polygon([(15.0010, 51.0010), (15.0011, 51.0010), (15.0011, 51.0011)]),
          "node/14": shapely.Point(15.002, 51.002),
          "relation/500": shapely.Polygon([(15.003, 51.003), (15.0034, 51.003), (15.0034, 51.0034)],
                                          [[(15.0032, 51.0031), (15.0033, 51.0031), (15.0033, 51.0032)]])}


def found(uid: str, key: str | None = None, edit: str = "retag", *, to: shapely.Geometry | None = None,
          **more: Any) -> Discrepancy:
    """A discrepancy of a house of the hamlet, or of a new one."""
    kinds = {"add": "missing", "delete": "obsolete", "retag": "wrong_class", "move": "shifted", "reshape": "reshaped"}
    shape = HOUSES.get("way/" + key if key and key.isdigit() else key or "")
    proposal = to if to is not None else shape
    values: dict[str, Any] = {
        "source": "map", "target_layer": "osm", "kind": kinds.get(edit, "outdated"), "edit": edit, "probability": 0.8,
        "proposal": None if proposal is None else on_grid(proposal),
        "before": None if shape is None else on_grid(shape),
        "target_key": key, "signature": f"looks of {key}", "class_now": "shed", "class_proposed": "house",
        "evidence": {"sentence": "The imagery shows it."}}
    return Discrepancy(uid=uid, **(values | more))


class Hamlet:
    """The extract, the ledger, and :meth:`export`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.extract, self.ledger = folder, folder / "hamlet.osm", folder / "Schleife ä.gpkg"
        self.extract.write_text(HAMLET, encoding="utf-8")
        self.heard = Heard()

    def decided(self, *items: Discrepancy, decision: str = "accept", drawn_as: str = "queue",
                settings: dict[str, Any] | None = None, imagery: dict[str, Any] | None = None) -> Hamlet:
        """Make the ledger of one round; all items are decided alike (decision "": not at all)."""
        wkt = pyproj.CRS.from_epsg(32633).to_wkt("WKT1_GDAL")
        allowed = {"licence": "CC BY 4.0", "may_export": True, "may_trace": True}
        with Ledger.create(self.ledger, Crs("WGS 84 / UTM zone 33N", "EPSG", 32633, wkt)) as ledger:
            ledger.add_round(Round("flag", 7, {}), [
                SourceRow("imagery", "ortho", "o.tif", settings=allowed if imagery is None else imagery),
                SourceRow("map", "osm", "osm.gpkg", key="osm_id", crs="EPSG:4326", settings=settings or {})], (), items)
            if decision:
                ledger.decide([d.uid for d in items], decision, reviewer="Zoë Groß", drawn_as=drawn_as)
        return self

    def export(self, format: str, ending: str, **more: Any) -> dict[str, Any]:
        """Run the job; the extract is given where the format needs one."""
        given = {"extract": str(self.extract)} if format in ("osmchange", "maproulette") else {}
        self.output = self.folder / f"Übergabe 1{ending}"
        return exchange.run(exchange.Params(ledger=str(self.ledger), format=format, output=str(self.output),
                                            **(given | more)), self.heard)

    def osmchange(self, **more: Any) -> dict[str, dict[tuple[str, int], Any]]:
        """Export an OsmChange and read it back with osmium: what is created, modified, deleted, by kind and id."""
        self.result = self.export("osmchange", ".osc", **more)
        return read_osc(self.output)

    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def said(self) -> str:
        return "\n".join(self.heard.lines)


def read_osc(path: Path) -> dict[str, dict[tuple[str, int], Any]]:
    """What an .osc file creates, modifies and deletes, as osmium understands it."""
    changes: dict[str, dict[tuple[str, int], Any]] = {"create": {}, "modify": {}, "delete": {}}
    for item in osmium.FileProcessor(str(path)):
        kind = {"n": "node", "w": "way", "r": "relation"}[item.type_str()]
        what = "delete" if item.deleted else "create" if item.id < 0 else "modify"
        values: dict[str, Any] = {"version": item.version, "tags": {tag.k: tag.v for tag in item.tags}}
        if kind == "node" and item.location.valid():
            values["at"] = (round(item.location.lon, 7), round(item.location.lat, 7))
        elif kind == "way":
            values["nodes"] = [node.ref for node in item.nodes]
        elif kind == "relation":
            values["members"] = [(member.type, member.ref, member.role) for member in item.members]
        changes[what][kind, item.id] = values
    return changes


@pytest.fixture
def hamlet(tmp_path: Path) -> Hamlet:
    return Hamlet(tmp_path)


@pytest.fixture
def a_find() -> Callable[..., Discrepancy]:
    return found


@pytest.fixture
def a_square() -> Callable[..., shapely.Polygon]:
    return square


@pytest.fixture
def read_lines() -> Callable[[str], list[dict[str, Any]]]:
    return lambda text: [json.loads(line.removeprefix("\x1e")) for line in text.split("\n") if line]
