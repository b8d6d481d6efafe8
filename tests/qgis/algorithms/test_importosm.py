"""``geoloop:importosm`` through ``qgis_process``: its outputs are layers that a model can go on with."""

from __future__ import annotations

import json

from qgis.core import QgsVectorLayer

OSM = """<osm version="0.6">
 <node id="1" version="1" lat="45.1464" lon="13.7280"><tag k="amenity" v="bench"/></node>
 <node id="2" version="1" lat="45.1464" lon="13.7290"/>
 <node id="3" version="1" lat="45.1474" lon="13.7290"/>
 <node id="4" version="1" lat="45.1474" lon="13.7280"/>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way>
 <way id="11" version="1"><nd ref="2"/><nd ref="3"/><nd ref="4"/><tag k="highway" v="track"/></way>
</osm>"""


def test_points_lines_and_polygons_come_out_as_layers(qgis_process, engine_python, tmp_path):
    source, output = tmp_path / "town.osm", tmp_path / "Stadt Öd.gpkg"
    source.write_text(OSM)
    ran = qgis_process(
        "--json", "run", "geoloop:importosm", "--", f"INPUT={source}", f"OUTPUT={output}",
        GEOLOOP_ENGINE_PYTHON=str(engine_python),
    )
    assert ran.code == 0, ran.text
    found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
    for name in ("POINTS", "LINES", "POLYGONS"):
        layer = QgsVectorLayer(found[name], name, "ogr")
        assert layer.isValid()
        assert layer.featureCount() == 1


def test_data_without_objects_in_the_extent_is_one_sentence_and_nothing_written(qgis_process, engine_python, tmp_path):
    source, output = tmp_path / "town.osm", tmp_path / "out.gpkg"
    source.write_text(OSM)
    ran = qgis_process(
        "run", "geoloop:importosm", "--", f"INPUT={source}", f"OUTPUT={output}", "EXTENT=0,1,0,1 [EPSG:4326]",
        GEOLOOP_ENGINE_PYTHON=str(engine_python),
    )
    assert ran.code != 0
    assert "no tagged objects inside the extent" in ran.text
    assert not output.exists()
