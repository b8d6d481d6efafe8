"""What a run in the toolbox wrote is there to see; nothing is loaded where nobody looks on."""

from __future__ import annotations

import pytest
from osgeo import gdal, ogr, osr
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QApplication

from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.processing_provider.engine import client
from geoloop.processing_provider.layers.loading import load_when_done

SQUARE = bytes(QgsGeometry.fromWkt("POLYGON((0 0,1 0,1 1,0 1,0 0))").asWkb())
OSM = """<osm version="0.6"><node id="1" version="1" lat="45.1" lon="13.7"><tag k="amenity" v="bench"/></node></osm>"""


@pytest.fixture
def tables():
    """Write a GeoPackage as the engine would: tables by name, each with so many features, or none and no geometry."""
    def written(path, features):
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32633)
        source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
        for name, count in features.items():
            layer = source.CreateLayer(name, srs, ogr.wkbNone if count is None else ogr.wkbPoint)
            for number in range(count if count is not None else 1):
                feature = ogr.Feature(layer.GetLayerDefn())
                if count is not None:
                    feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({number} 1)"))
                layer.CreateFeature(feature)
                del feature
            del layer
        del source
    return written


@pytest.fixture
def importing(processing_registry, tables, tmp_path, monkeypatch):
    """Run importosm, whose engine writes points, no lines and a table without geometry, with some feedback; what QGIS
    is to load then, by name.
    """
    source, output = tmp_path / "a.osm", tmp_path / "Stadt Öd.gpkg"
    source.write_text(OSM)

    def engine(python, name, params, feedback, variables=None):
        tables(output, {"points": 2, "lines": 0, "notes": None, "polygons": 1})
        return {}

    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")  # found, and never started
    monkeypatch.setattr(client, "run", engine)

    def run(feedback, project=True):
        context = QgsProcessingContext()
        if project:
            context.setProject(QgsProject.instance())
        algorithm = processing_registry.createAlgorithmById("geoloop:importosm")
        _, ok = algorithm.run({"INPUT": str(source), "OUTPUT": str(output)}, context, feedback)
        assert ok
        return {details.name: uri for uri, details in context.layersToLoadOnCompletion().items()}

    return run


@pytest.fixture
def dialog(processing_registry, qgis_app):
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(processing_registry.createAlgorithmById("geoloop:importosm"), False)
    yield dialog
    if not sip.isdeleted(dialog):  # it closes itself after a run that has nothing to show
        sip.delete(dialog)


def test_the_layers_of_a_file_are_shown_after_a_run_in_the_dialog(importing, dialog):
    found = importing(dialog.createFeedback())
    assert sorted(found) == ["Stadt Öd — points", "Stadt Öd — polygons"]
    assert all(QgsVectorLayer(uri, name, "ogr").featureCount() for name, uri in found.items())


def test_the_dialog_puts_them_into_the_project(importing, dialog, project, qtbot, tmp_path):
    dialog.setParameters({"INPUT": str(tmp_path / "a.osm"), "OUTPUT": str(tmp_path / "Stadt Öd.gpkg")})
    dialog.runAlgorithm()
    qtbot.waitUntil(lambda: len(project.mapLayers()) == 2, timeout=60_000)
    assert {layer.name() for layer in project.mapLayers().values()} == {"Stadt Öd — points", "Stadt Öd — polygons"}


def test_a_batch_loads_nothing_of_itself(importing, processing_registry, project, qtbot, tmp_path):
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    dialog = BatchAlgorithmDialog(processing_registry.createAlgorithmById("geoloop:importosm"))
    panel, output = dialog.mainWidget(), tmp_path / "Stadt Öd.gpkg"
    panel.checkLoadLayersOnCompletion.setChecked(False)
    panel.wrappers[0][panel.parameter_to_column["INPUT"]].setParameterValue(
        str(tmp_path / "a.osm"), dialog.processingContext())
    panel.tblParameters.cellWidget(1, panel.parameter_to_column["OUTPUT"]).setValue(str(output))
    dialog.runAlgorithm()
    qtbot.waitUntil(lambda: output.exists() and not QgsApplication.taskManager().countActiveTasks(), timeout=60_000)
    QApplication.processEvents()
    assert not project.mapLayers()
    if not sip.isdeleted(dialog):
        sip.delete(dialog)


def test_nothing_is_loaded_in_scripts_and_models_or_without_a_project(importing, dialog):
    assert importing(QgsProcessingFeedback()) == {}
    assert importing(dialog.createFeedback(), project=False) == {}


def test_a_raster_and_a_single_table_are_called_as_their_file_is(processing_registry, dialog, tables, tmp_path):
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    raster, table = tmp_path / "was es ist.tif", tmp_path / "Schübe.gpkg"
    gdal.GetDriverByName("GTiff").Create(str(raster), 3, 3, 2).SetGeoTransform((0, 1, 0, 9, 0, -1))
    tables(table, {"shifts": 1})
    for path in (raster, table):
        load_when_done(str(path), context)
    assert {details.name for details in context.layersToLoadOnCompletion().values()} == {"was es ist", "Schübe"}


def test_of_a_ledger_the_flags_are_shown_once(project, tmp_path):
    path = tmp_path / "Schleife 1.gpkg"
    with Ledger.create(path, Crs("UTM 33", "EPSG", 32633, "")) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "Häuser", "h.gpkg")], (), [Discrepancy(
            uid="d", source="map", target_layer="Häuser", kind="obsolete", edit="delete", probability=0.9,
            proposal=SQUARE, before=SQUARE, target_key="1", evidence={"sentence": "No roof."})])
    context = QgsProcessingContext()
    context.setProject(project)
    load_when_done(str(path), context, "review")
    (uri,) = context.layersToLoadOnCompletion()
    layer = QgsVectorLayer(uri, "flags", "ogr")
    assert layer.featureCount() == 1
    assert layer.fields().lookupField("probability") >= 0
    project.addMapLayer(layer)
    context.setLayersToLoadOnCompletion({})
    load_when_done(str(path), context, "review")
    assert context.layersToLoadOnCompletion() == {}
