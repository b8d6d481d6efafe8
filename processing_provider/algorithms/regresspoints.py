"""``geoloop:regresspoints``: field points and rasters to a map of values or presences."""

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
    QgsProcessingParameterEnum,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterVectorLayer,
)

from ...core.errors import InputError
from ...core.jobs.regresspoints import Params
from .. import parameters as shared
from ..layers.fields import field_of
from ..layers.layers import ImageryLayers, features_layer, read_features_on, read_imagery
from ..layers.vectors import VectorLayer
from ..parameters import explained
from ..translation import tr
from ..writing_algorithm import HTML, RASTER, WritingAlgorithm

METHODS = ("forest", "boosting")


class RegressPoints(WritingAlgorithm):
    """Learns from points what rasters tell, and says how far that can be trusted."""

    ID = "regresspoints"
    TITLE = "Map from field points"
    GROUP = "Models"
    TAGS = (
        "regression", "random forest", "gradient boosting", "species distribution", "presence", "biomass", "soil",
        "air quality", "embedding", "quantile", "uncertainty", "spatial cross-validation",
    )
    ABOUT = (
        "Makes a map from field points: of a value such as biomass, soil carbon or air quality, of presence and "
        "absence, or of how well places suit what was found (presences alone). Learns from rasters of any kind, "
        "embeddings of geoloop:embed among them, and writes the estimate of every pixel with bounds that hold nine of "
        "ten. How good the map is where nobody measured is judged on blocks of ground that are left out; the usual "
        "random split is shown beside it, so that you see how much it flatters."
    )
    ENDINGS = {"OUTPUT": RASTER, "REPORT": HTML}

    _on: ImageryLayers
    _field: VectorLayer
    _target: str
    _station: str

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        whole = Qgis.ProcessingNumberParameterType.Integer
        return [
            explained(
                QgsProcessingParameterMultipleLayers("RASTERS", tr("Rasters"), Qgis.ProcessingSourceType.Raster),
                tr("What may tell the value: imagery, elevation, climate, embeddings. The one with the finest pixel "
                   "gives the map's grid, and its CRS must be metric."),
            ),
            explained(
                QgsProcessingParameterVectorLayer(
                    "FIELD", tr("Field points"), types=[Qgis.ProcessingSourceType.VectorAnyGeometry]),
                tr("The points that were visited; of lines and areas the middle counts."),
            ),
            explained(
                QgsProcessingParameterField(
                    "TARGET", tr("What was measured"), parentLayerParameterName="FIELD", optional=True),
                tr("The field with a number, or with presence and absence as yes and no, or 1 and 0. Default: none, "
                   "every point is a presence."),
            ),
            explained(
                QgsProcessingParameterEnum("METHOD", tr("Method"), options=list(METHODS), defaultValue=METHODS[0],
                                           usesStaticStrings=True),
                tr("forest: a random forest, steady with few points. boosting: boosted trees, often better with many. "
                   "Default: forest."),
            ),
            explained(
                QgsProcessingParameterField(
                    "STATION", tr("Station"), parentLayerParameterName="FIELD", optional=True),
                tr("The field that names the station, plot or transect; what was measured at one is never judged by "
                   "what else was measured there. Default: none, each point is its own."),
            ),
            explained(
                QgsProcessingParameterNumber("BACKGROUND", tr("Places of background"), whole, 2000, False, 10),
                tr("For presences alone: so many places are drawn evenly from the rasters to tell presences from. "
                   "Default: 2000."), advanced=True),
            shared.explained(shared.extent(), tr("The area of the map, in any CRS. Default: empty, all of RASTERS.")),
            shared.seed(),
            shared.allow_ballpark(),
            shared.selected_only(),
            shared.raster_output(
                "OUTPUT", tr("Map"),
                tr("Three bands, as GeoTIFF: the estimate, and two bounds; the value is expected to lie below the "
                   "lower in 5 % of all places, and above the upper in 5 %. Of presences the bounds are the spread "
                   "of the models. Scores are in its metadata.")),
            shared.report(optional=True),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            QgsProcessingOutputNumber("SCORE", tr("R², or AUC of presences, on blocks of ground left out")),
            QgsProcessingOutputNumber("SCORE_RANDOM", tr("The same by a random split, for comparison")),
            QgsProcessingOutputNumber("POINTS", tr("Number of points that were learnt from")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._read(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._on, self._field, self._target, self._station = self._read(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with TemporaryDirectory(prefix="geoloop-") as folder:
            found = self.run_job("regresspoints", Params(
                rasters=self._on.imagery,
                field=self._field.write(Path(folder), feedback),
                target=self._target,
                method=self.parameterAsEnumString(parameters, "METHOD", context) or METHODS[0],
                station=self._station,
                background=self.parameterAsInt(parameters, "BACKGROUND", context),
                extent=self._on.extent,
                seed=self.parameterAsInt(parameters, "SEED", context),
                allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
                output=self.output_path(parameters, "OUTPUT", context),
                report=self.file_path(parameters, "REPORT", context),
            ), feedback)
        return {name: value for name, value in found.items() if value not in ("", None)}

    def _read(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[ImageryLayers, VectorLayer, str, str]:
        """The rasters and the points, and which fields of these are TARGET and STATION."""
        on = read_imagery(self, parameters, context, "RASTERS")
        points = features_layer(self, parameters, context, "FIELD")
        field = read_features_on(self, parameters, context, "FIELD", on)
        if points is None or field is None:
            raise InputError(tr("FIELD names no layer; choose the points to learn from."))
        target, station = (field_of(self, parameters, name, points, context) for name in ("TARGET", "STATION"))
        return on, field, target, station
