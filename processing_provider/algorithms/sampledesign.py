"""``geoloop:sampledesign``: a probability sample to survey."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
    QgsRasterLayer,
)

from ...core.jobs.inputs import ExtentInput, RasterInput, SourceSettings
from ...core.jobs.sampledesign import Params, check
from ...core.ledger import Ledger
from ...core.review.design import ALLOCATIONS, DESIGNS
from .. import parameters as shared
from ..given import legend_path
from ..layers.fields import field_of
from ..layers.map_input import class_field_parameter, ledger_of, map_layer
from ..layers.names import layer_name
from ..layers.rasters import absolute, optional_raster, raster_input
from ..layers.vectors import VectorLayer, vector_layer
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import GEOPACKAGE, WritingAlgorithm


class SampleDesign(WritingAlgorithm):
    """Draws units to look at, each with a known chance."""

    ID = "sampledesign"
    TITLE = "Design a sample"
    GROUP = "Review"
    TAGS = ("sample", "stratified", "systematic", "accuracy", "area", "validation", "survey", "reference")
    ABOUT = (
        "Draws a probability sample of a class raster, of a layer's features, or of the ground of a ledger: units to "
        "visit or to look at, each with its chance of having been drawn. Fill in class_reference and hand the layer to "
        "geoloop:evaluate for accuracy and area with intervals, or to geoloop:loop as field layer. Strata by map class "
        "or by disagreement put more units where a few would say little."
    )
    ENDINGS = {"OUTPUT": GEOPACKAGE}

    _params: Params
    _layer: VectorLayer | None = None

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        whole = Qgis.ProcessingNumberParameterType.Integer
        return [
            explained(
                QgsProcessingParameterMapLayer(
                    "INPUT", tr("Class raster, features, or a ledger"),
                    types=[Qgis.ProcessingSourceType.Raster, Qgis.ProcessingSourceType.VectorAnyGeometry],
                ),
                tr("What is drawn from: pixels of a raster of class codes, features of a layer, or the ground of a "
                   "ledger (its .gpkg, or any layer of it)."),
            ),
            explained(QgsProcessingParameterNumber("SIZE", tr("Number of units"), whole, 300, False, 2),
                      tr("How many units are drawn. Systematic samples of rasters may have a few more or less. "
                         "Default: 300.")),
            explained(
                QgsProcessingParameterEnum("DESIGN", tr("Design"), options=list(DESIGNS), defaultValue="map_class",
                                           usesStaticStrings=True),
                tr("simple: every unit alike. map_class: within each class of the map, which tells most of rare "
                   "classes. disagreement: more where two maps, or the ledger's sources, differ. systematic: on a "
                   "regular pattern from a random start. Default: map_class."),
            ),
            explained(QgsProcessingParameterRasterLayer("OTHER", tr("Second class raster"), optional=True),
                      tr("For strata by disagreement of a raster: the raster that it is compared with, such as the map "
                         "of another year or another method, of the same classes. Default: none.")),
            class_field_parameter(
                tr("Class field"),
                tr("For features: the field that holds the class; DESIGN map_class needs it. Default: none.")),
            explained(shared.legend(), tr("For a raster: names for its codes, as a JSON file, or one of the shipped "
                                          "legends, buildings and landcover. Default: empty, the names in the raster, "
                                          "else its codes.")),
            explained(
                QgsProcessingParameterEnum("ALLOCATION", tr("Allocation"), options=list(ALLOCATIONS),
                                           defaultValue="proportional", usesStaticStrings=True),
                tr("How units go to strata beyond MINIMUM: proportional to their size, or equal. Default: "
                   "proportional."), advanced=True),
            explained(QgsProcessingParameterNumber("MINIMUM", tr("Least units of a stratum"), whole, 25, False, 0),
                      tr("So many units each stratum gets, or all it has. Default: 25."), advanced=True),
            explained(shared.extent(), tr("The area to draw from, in any CRS. Default: empty, all of INPUT.")),
            shared.seed(),
            shared.selected_only(),
            explained(
                QgsProcessingParameterVectorDestination("OUTPUT", tr("Sample")),
                tr("The GeoPackage to write: points or features with their stratum, inclusion_probability, and "
                   "class_reference to fill in."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputNumber("UNITS", tr("Number of units"))]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._read(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._params, self._layer = self._read(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        # Asked for here and not before: what is written is only loaded where the thread of the run has asked for it.
        params = replace(self._params, output=self.output_path(parameters, "OUTPUT", context))
        with TemporaryDirectory(prefix="geoloop-") as folder:
            if self._layer is not None:
                params = replace(params, layer=self._layer.write(Path(folder), feedback))
            found = self.run_job("sampledesign", params, feedback)
        return {"OUTPUT": found["OUTPUT"], "UNITS": found["UNITS"]}

    def _read(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[Params, VectorLayer | None]:
        """The job's parameters, and the layer that may still have to be copied."""
        layer = map_layer(self, parameters, "INPUT", context)
        ledger, raster, features = ledger_of(layer), None, None
        if not ledger and isinstance(layer, QgsRasterLayer):
            raster = raster_input(layer, context)
        elif not ledger:
            features = vector_layer(
                layer, layer_name(layer, context),
                settings=SourceSettings(class_field=field_of(self, parameters, "CLASS_FIELD", layer, context)), key="",
                grid=layer.crs(), context=context, allow_ballpark=True,
                selected_only=self.parameterAsBoolean(parameters, "SELECTED_ONLY", context))
        params = Params(
            size=self.parameterAsInt(parameters, "SIZE", context),
            output=self.output_path(parameters, "OUTPUT", context),
            raster=raster, layer=None if features is None else features.input,
            ledger=absolute(ledger) if ledger else "",
            design=self.parameterAsEnumString(parameters, "DESIGN", context) or "map_class",
            other=self._other(parameters, context),
            allocation=self.parameterAsEnumString(parameters, "ALLOCATION", context) or "proportional",
            minimum=self.parameterAsInt(parameters, "MINIMUM", context),
            legend=legend_path(self.parameterAsString(parameters, "LEGEND", context)),
            extent=self._extent(parameters, _crs_of_ledger(ledger) if ledger else layer.crs(), context),
            seed=self.parameterAsInt(parameters, "SEED", context),
        )
        check(params)
        return params, features

    def _other(self, parameters: dict[str, Any], context: QgsProcessingContext) -> RasterInput | None:
        layer = optional_raster(self, parameters, "OTHER", context)
        return None if layer is None else raster_input(layer, context)

    def _extent(
        self, parameters: dict[str, Any], crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext
    ) -> ExtentInput | None:
        extent = self.parameterAsExtent(parameters, "EXTENT", context, crs)
        if extent.isNull():
            return None
        return ExtentInput(extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())


def _crs_of_ledger(path: str) -> QgsCoordinateReferenceSystem:
    """The CRS of a ledger's ground: some of its tables, and the file itself, have none in QGIS."""
    with Ledger.open(path) as ledger:
        return QgsCoordinateReferenceSystem.fromWkt(ledger.crs_wkt())
