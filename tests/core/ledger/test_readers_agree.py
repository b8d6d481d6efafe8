"""The engine flags through pyogrio, QGIS asks through its own provider: one feature must have one signature."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from geoloop.core.ledger import signature

pyogrio, pandas, geopandas = (pytest.importorskip(name) for name in ("pyogrio", "pandas", "geopandas"))
shapely = pytest.importorskip("shapely")
ROOT = Path(__file__).resolve().parents[3]
SYSTEM_PYTHON = Path("/usr/bin/python3")
HAS_QGIS = SYSTEM_PYTHON.exists() and subprocess.run(
    [str(SYSTEM_PYTHON), "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0

IN_QGIS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
from geoloop.processing_provider.editing.image import watched_signature
layer = QgsVectorLayer(sys.argv[2], "layer", "ogr")
columns = {name: layer.fields().lookupField(name) for name in json.loads(sys.argv[3])}
found = {}
for name, at in columns.items():
    found[name] = sorted(watched_signature(feature, layer, {name: at}) for feature in layer.getFeatures())
print(json.dumps(found))
del layer
app.exitQgis()
"""


def frame(crs):
    shapes = [shapely.box(500_000 + 10 * n, 5_500_000, 500_007.125 + 10 * n, 5_500_003) for n in range(3)]
    whole = geopandas.GeoDataFrame(
        {
            "text": ["Häuser am Fluß", None, "x"],
            "whole": [1, 2, -3],
            "gaps": pandas.array([2**40, None, 7], dtype="Int64"),
            "real": [0.1, None, 1e9],
            "yes": [True, False, True],
            "day": pandas.to_datetime(["2024-05-17", None, "1969-12-31"]),
            "at": pandas.to_datetime(["2024-05-17T10:30:15.250", "2024-01-01T23:59:59", None], format="ISO8601"),
        },
        geometry=shapes,
        crs=32633,
    )
    return whole.to_crs(crs)


@pytest.mark.skipif(not HAS_QGIS, reason="the system's Python has no QGIS")
@pytest.mark.parametrize("crs", [32633, 4326])
@pytest.mark.parametrize(("driver", "suffix"), [
    ("GPKG", "gpkg"), ("ESRI Shapefile", "shp"), ("GeoJSON", "geojson"), ("FlatGeobuf", "fgb")])
def test_pyogrio_and_qgis_see_the_same_feature(tmp_path, driver, suffix, crs):
    path, data = tmp_path / f"a.{suffix}", frame(crs)
    if driver == "ESRI Shapefile":
        data = data.drop(columns="at")  # shapefiles know no times
    pyogrio.write_dataframe(data, path, driver=driver)
    read = pyogrio.read_dataframe(path)
    names = [name for name in read.columns if name != "geometry"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([str(SYSTEM_PYTHON), "-c", IN_QGIS, str(ROOT / ".dev"), str(path), json.dumps(names)],
                          capture_output=True, text=True, check=True, env=environment)
    in_qgis = json.loads(done.stdout.strip().splitlines()[-1])
    for name in names:
        here = sorted(
            signature(row.geometry.wkb, {name: row[name]}, geographic=crs == 4326) for _, row in read.iterrows()
        )
        assert in_qgis[name] == here, (name, list(read[name]))
