"""``geoloop:importosm``: OpenStreetMap data as points, lines and polygons."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs.importosm import Params
from ..layers.copy import Snapshot, write_copy
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import GEOPACKAGE, WritingAlgorithm

_TABLES = ("points", "lines", "polygons")


class ImportOsm(WritingAlgorithm):
    """Takes a file, or a layer of the project that QuickOSM made."""

    ID = "importosm"
    TITLE = "Import OpenStreetMap data"
    GROUP = "Sources"
    TAGS = ("osm", "openstreetmap", "pbf", "quickosm", "tags", "import")
    ABOUT = (
        "Turns OpenStreetMap data into a GeoPackage with the tables points, lines and polygons, every feature with all "
        "its tags and its id. Multipolygons are put together; what reaches out of the extent is cut."
    )
    ENDINGS = {"OUTPUT": GEOPACKAGE}
    SHOWN = {"OUTPUT": ""}

    _snapshot: Snapshot | None = None

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterFile(
                    "INPUT", tr("OpenStreetMap data"), Qgis.ProcessingFileParameterBehavior.File,
                    fileFilter=tr("All files (*)"),  # of itself QGIS refuses names without a dot, such as a layer's
                ),
                tr("An .osm, .osm.pbf, .osm.gz or .osm.bz2 file, a vector file with tags as columns, or the name of "
                   "such a layer in the project, as QuickOSM makes them."),
            ),
            explained(
                QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
                tr("The area to import, in any CRS. Default: empty, everything."),
            ),
            explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Features"), tr("GeoPackage (*.gpkg)")),
                tr("The GeoPackage to write, with the tables points, lines and polygons."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputVectorLayer("POINTS", tr("Points"), Qgis.ProcessingSourceType.VectorPoint),
            QgsProcessingOutputVectorLayer("LINES", tr("Lines"), Qgis.ProcessingSourceType.VectorLine),
            QgsProcessingOutputVectorLayer("POLYGONS", tr("Polygons"), Qgis.ProcessingSourceType.VectorPolygon),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        given = self.parameterAsString(parameters, "INPUT", context)
        if not os.path.isfile(given) and self._project_layer(given, context) is None:
            raise InputError(tr("INPUT: “{given}” is neither a file nor a vector layer of the project.").format(
                given=given
            ))

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        given = self.parameterAsString(parameters, "INPUT", context)
        layer = None if os.path.isfile(given) else self._project_layer(given, context)
        self._snapshot = Snapshot.of(layer) if layer is not None else None

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        given = self.parameterAsString(parameters, "INPUT", context)
        extent = self.parameterAsExtent(parameters, "EXTENT", context, QgsCoordinateReferenceSystem("EPSG:4326"))
        box = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        output = self.file_path(parameters, "OUTPUT", context)
        with TemporaryDirectory(prefix="geoloop-") as folder:
            path = os.path.abspath(given)
            if self._snapshot is not None:
                path = str(Path(folder) / "layer.gpkg")
                write_copy(self._snapshot, given, Path(path), feedback)
            self.run_job("importosm", Params(path, output, None if extent.isNull() else box), feedback)
        return {"OUTPUT": output, **{table.upper(): f"{output}|layername={table}" for table in _TABLES}}

    @staticmethod
    def _project_layer(given: str, context: QgsProcessingContext) -> QgsVectorLayer | None:
        project = context.project()
        if project is None:
            return None
        found = [project.mapLayer(given), *project.mapLayersByName(given)]
        return next((layer for layer in found if isinstance(layer, QgsVectorLayer)), None)
