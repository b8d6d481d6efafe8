"""``geoloop:evaluate``: accuracy and area from a reference sample."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterVectorLayer,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs.evaluate import Params
from ...core.jobs.inputs import RasterInput, SourceSettings
from ...core.review.sample_file import SHAPEFILE_LETTERS
from .. import parameters as shared
from ..given import legend_path
from ..layers.fields import field_of, own_name
from ..layers.map_input import class_field_parameter, map_layer
from ..layers.names import layer_name
from ..layers.rasters import absolute, raster_input
from ..layers.vectors import VectorLayer, vector_layer
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import WritingAlgorithm

JSON = (".json",)
REFERENCE_FIELD = "class_reference"


class Evaluate(WritingAlgorithm):
    """Says how right a map is, with intervals."""

    ID = "evaluate"
    TITLE = "Evaluate a map"
    GROUP = "Review"
    TAGS = ("accuracy", "area", "confusion matrix", "validation", "olofsson", "stehman", "confidence interval")
    ABOUT = (
        "Compares a class raster or a layer of areas with a reference sample and says, with 95 % intervals, how right "
        "the map is overall and class by class (user's and producer's accuracy, F1), and how large each class really "
        "is: counting pixels of a map that errs does not tell. Any probability sample will do; one that "
        "geoloop:sampledesign drew carries all that is needed."
    )
    ENDINGS = {"OUTPUT": JSON}

    _raster: RasterInput | None
    _map: VectorLayer | None
    _reference: VectorLayer
    _reference_field: str

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterMapLayer(
                    "INPUT", tr("Map"),
                    types=[Qgis.ProcessingSourceType.Raster, Qgis.ProcessingSourceType.VectorPolygon],
                ),
                tr("The map to evaluate: a raster of class codes, or a layer of areas."),
            ),
            explained(
                QgsProcessingParameterVectorLayer(
                    "REFERENCE", tr("Reference sample"), types=[Qgis.ProcessingSourceType.VectorAnyGeometry]),
                tr("Points or areas with the class that was found there. The fields that geoloop:sampledesign wrote "
                   "say how they were drawn; a sample of your own needs at least inclusion_probability, and of strata "
                   "stratum and stratum_units."),
            ),
            explained(
                QgsProcessingParameterField("REFERENCE_FIELD", tr("Reference class"), REFERENCE_FIELD,
                                            parentLayerParameterName="REFERENCE"),
                tr("The field with the class that was found: a name of the legend, or a code of the raster. Units "
                   "without one are left out. Default: class_reference."),
            ),
            explained(shared.legend(), tr("The classes and their rules: a JSON file, or one of the shipped legends, "
                                          "buildings and landcover. Default: empty, the names in the raster, else its "
                                          "codes; of a layer the values of CLASS_FIELD.")),
            class_field_parameter(
                tr("Class field of the map"),
                tr("For a layer of areas: the field that holds the class. Default: none, LEGEND reads the tags."),
            ),
            explained(
                QgsProcessingParameterFile(
                    "LEDGER", tr("Ledger"), Qgis.ProcessingFileParameterBehavior.File, optional=True,
                    fileFilter=tr("GeoPackage (*.gpkg)")),
                tr("A ledger that keeps the figures, for the loop's report. Default: none."),
            ),
            shared.selected_only(),
            shared.allow_ballpark(),
            explained(
                QgsProcessingParameterFileDestination("OUTPUT", tr("Figures"), tr("JSON (*.json)")),
                tr("The figures as JSON; they are in the log too."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("OVERALL", tr("Overall accuracy")),
                QgsProcessingOutputNumber("UNITS", tr("Number of units"))]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._read(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._raster, self._map, self._reference, self._reference_field = self._read(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        ledger = self.parameterAsFile(parameters, "LEDGER", context)
        with TemporaryDirectory(prefix="geoloop-") as folder:
            found = self.run_job("evaluate", Params(
                reference=self._reference.write(Path(folder), feedback),
                output=self.file_path(parameters, "OUTPUT", context), raster=self._raster,
                layer=None if self._map is None else self._map.write(Path(folder), feedback),
                legend=legend_path(self.parameterAsString(parameters, "LEGEND", context)),
                reference_field=self._reference_field,
                ledger=absolute(ledger) if ledger else "",
                allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
            ), feedback)
        return {name: found[name] for name in ("OUTPUT", "OVERALL", "UNITS") if found[name] is not None}

    def _read(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[RasterInput | None, VectorLayer | None, VectorLayer, str]:
        """The map, as a raster or a layer; the reference sample, and its field with the class that was found."""
        layer = map_layer(self, parameters, "INPUT", context)
        reference = map_layer(self, parameters, "REFERENCE", context)
        if not isinstance(reference, QgsVectorLayer):
            raise InputError(tr("REFERENCE: “{name}” is no vector layer.").format(name=reference.name()))

        def read(one: QgsVectorLayer, settings: SourceSettings) -> VectorLayer:
            return vector_layer(
                one, layer_name(one, context), settings=settings, key="", grid=layer.crs(), context=context,
                selected_only=self.parameterAsBoolean(parameters, "SELECTED_ONLY", context),
                allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context))

        given = self.parameterAsString(parameters, "REFERENCE_FIELD", context) or REFERENCE_FIELD
        field = own_name(given, reference.fields()) or own_name(given[:SHAPEFILE_LETTERS], reference.fields())
        if not field:
            raise InputError(tr("REFERENCE: “{name}” has no field “{field}”; name the one with the class that was "
                                "found in REFERENCE_FIELD.").format(name=reference.name(), field=given))
        units = read(reference, SourceSettings())
        if isinstance(layer, QgsRasterLayer):
            return raster_input(layer, context), None, units, field
        own = SourceSettings(class_field=field_of(self, parameters, "CLASS_FIELD", layer, context))
        return None, read(layer, own), units, field
