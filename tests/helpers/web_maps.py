"""A web server of our own with an XYZ map, a WMS and a WFS of three fields: for layers that are no files."""

from __future__ import annotations

import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice
from qgis.PyQt.QtGui import QColor, QImage

CAPABILITIES = """<?xml version="1.0"?>
<WFS_Capabilities version="1.0.0" xmlns="http://www.opengis.net/wfs" xmlns:ogc="http://www.opengis.net/ogc">
<Service><Name>WFS</Name><Title>fields</Title><OnlineResource>{url}</OnlineResource></Service>
<Capability><Request>
<GetCapabilities><DCPType><HTTP><Get onlineResource="{url}?"/></HTTP></DCPType></GetCapabilities>
<DescribeFeatureType><SchemaDescriptionLanguage><XMLSCHEMA/></SchemaDescriptionLanguage>
<DCPType><HTTP><Get onlineResource="{url}?"/></HTTP></DCPType></DescribeFeatureType>
<GetFeature><ResultFormat><GML2/></ResultFormat><DCPType><HTTP><Get onlineResource="{url}?"/></HTTP></DCPType>
</GetFeature></Request></Capability>
<FeatureTypeList><Operations><Query/></Operations><FeatureType><Name>fields</Name><Title>fields</Title>
<SRS>EPSG:32633</SRS><LatLongBoundingBox minx="13" miny="45" maxx="14" maxy="46"/></FeatureType></FeatureTypeList>
</WFS_Capabilities>"""
WMS_CAPABILITIES = """<?xml version="1.0"?>
<WMT_MS_Capabilities version="1.1.1"><Service><Name>OGC:WMS</Name><Title>ortho</Title>
<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}"/>
<Fees>free of charge</Fees><AccessConstraints>dl-de/by-2-0; © Landesamt Ä</AccessConstraints></Service>
<Capability><Request>
<GetCapabilities><Format>application/vnd.ogc.wms_xml</Format><DCPType><HTTP><Get><OnlineResource
 xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}?"/></Get></HTTP></DCPType></GetCapabilities>
<GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource
 xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}?"/></Get></HTTP></DCPType></GetMap></Request>
<Layer><Title>all</Title><SRS>EPSG:32633</SRS><LatLonBoundingBox minx="13" miny="45" maxx="14" maxy="46"/>
<Layer><Name>ortho</Name><Title>ortho</Title><SRS>EPSG:32633</SRS>
<LatLonBoundingBox minx="13" miny="45" maxx="14" maxy="46"/>
<BoundingBox SRS="EPSG:32633" minx="390000" miny="4990000" maxx="410000" maxy="5010000"/>
</Layer></Layer></Capability></WMT_MS_Capabilities>"""
SCHEMA = """<?xml version="1.0"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml" xmlns:t="urn:t"
 targetNamespace="urn:t" elementFormDefault="qualified" version="1.0">
<import namespace="http://www.opengis.net/gml" schemaLocation="http://schemas.opengis.net/gml/2.1.2/feature.xsd"/>
<element name="fields" type="t:fieldsType" substitutionGroup="gml:_Feature"/>
<complexType name="fieldsType"><complexContent><extension base="gml:AbstractFeatureType"><sequence>
<element name="geom" type="gml:PolygonPropertyType"/><element name="crop" type="string"/>
</sequence></extension></complexContent></complexType></schema>"""
COLLECTION = """<?xml version="1.0"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:t="urn:t">
<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>{members}</wfs:FeatureCollection>"""
MEMBER = """<gml:featureMember><t:fields fid="fields.{number}"><t:geom><gml:Polygon srsName="EPSG:32633">
<gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>{x0},{y0} {x1},{y0} {x1},{y1} {x0},{y1} {x0},{y0}
</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></t:geom><t:crop>Rüben</t:crop>
</t:fields></gml:featureMember>"""


def png(colour: QColor, width: int = 256, height: int = 256) -> bytes:
    """An image of one colour."""
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(colour)
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(kept.data())


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = f"http://{self.headers['Host']}/{self.server.name}"  # type: ignore[attr-defined]
        path = self.path.removeprefix(f"/{self.server.name}")  # type: ignore[attr-defined]
        parts = urlsplit(path)
        self.server.asked.append(path)  # type: ignore[attr-defined]
        said = {name.lower(): value[0] for name, value in parse_qs(parts.query).items()}
        if (parts.path.startswith("/tiles/") or said.get("request") == "GetMap") and self._has_failed():
            self.send_error(503)
        elif parts.path.startswith("/tiles/"):
            self._answer(png(self.server.colour), "image/png")  # type: ignore[attr-defined]
        elif said.get("request") == "GetMap":
            size = int(said["width"]), int(said["height"])
            self._answer(png(self.server.colour, *size), "image/png")  # type: ignore[attr-defined]
        elif said.get("request") == "GetCapabilities" and parts.path == "/wms":
            self._answer(WMS_CAPABILITIES.format(url=f"{server}/wms").encode(), "text/xml")
        elif said.get("request") == "GetCapabilities":
            self._answer(CAPABILITIES.format(url=f"{server}/wfs").encode(), "text/xml")
        elif said.get("request") == "DescribeFeatureType":
            self._answer(SCHEMA.encode(), "text/xml")
        elif said.get("request") == "GetFeature":
            members = "".join(MEMBER.format(number=n, x0=400_005 + 15 * n, x1=400_013 + 15 * n, y0=5_000_010,
                                            y1=5_000_019) for n in range(3))
            self._answer(COLLECTION.format(members=members).encode(), "text/xml")
        else:
            self.send_error(404)

    def _has_failed(self) -> bool:
        self.server.images -= 1  # type: ignore[attr-defined]
        return bool(self.server.images < 0)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/xml" else kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WebMaps:
    """Serves images of one ``colour`` and the fields while its block lasts; ``asked`` are the addresses asked for.
    After so many ``images`` it fails.

    Each has a name of its own in its address: QGIS keeps what it fetched, over runs too, and ports come again.
    """

    def __init__(self, colour: str = "#336699", images: int = 10**9) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.colour = QColor(colour)  # type: ignore[attr-defined]
        self._server.images = images  # type: ignore[attr-defined]
        self._server.asked = self.asked = []  # type: ignore[attr-defined]
        self._server.name = uuid.uuid4().hex  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/{self._server.name}"

    def __enter__(self) -> WebMaps:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
