"""``geoloop:embed``: what a foundation model sees in blocks of ground or in features."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExpression,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...core.errors import InputError
from ...core.jobs.embed import Params
from .. import parameters as shared
from ..given import encoder_path
from ..layers.layers import ImageryLayers, read_features_on, read_imagery
from ..layers.vectors import VectorLayer
from ..parameters import explained, shown_by
from ..translation import tr
from ..writing_algorithm import GEOPACKAGE, RASTER, WritingAlgorithm

TASKS = ("embed", "similar", "cluster")
MISSING = ("refuse", "mean")


class Embed(WritingAlgorithm):
    """Embeddings to map with, to search by and to group."""

    ID = "embed"
    TITLE = "Embed imagery"
    GROUP = "Models"
    TAGS = (
        "embedding", "foundation model", "similarity search", "clustering", "urban form", "local climate zones",
        "galileo", "presto", "satclip", "moran", "principal components",
    )
    ABOUT = (
        "Turns each block of imagery into what a public foundation model sees in it: components to make maps with, how "
        "like each place is to features that you choose, or groups for a typology. Written as a raster of blocks or as "
        "attributes of features. For each component Moran's I says whether it lies in patches or is noise."
    )
    ENDINGS = {"OUTPUT": RASTER + GEOPACKAGE}
    SHOWN = {"OUTPUT": ""}

    _on: ImageryLayers
    _map: VectorLayer | None = None

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        whole = Qgis.ProcessingNumberParameterType.Integer
        return [
            shared.imagery(),
            explained(
                shown_by("suggestions.wrappers.EncoderField", QgsProcessingParameterString("MODEL", tr("Encoder"))),
                tr("An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file "
                   "alone where only one encoder fits it. The documentation lists them under Encoders and foundation "
                   "models."),
            ),
            explained(
                QgsProcessingParameterFeatureSource("MAP", tr("Features"), optional=True,
                                                    types=[Qgis.ProcessingSourceType.VectorAnyGeometry]),
                tr("The layer whose features are embedded, or hold the example. Default: none, blocks alone."),
            ),
            explained(
                QgsProcessingParameterEnum("TASK", tr("Task"), options=list(TASKS), defaultValue=TASKS[0],
                                           usesStaticStrings=True),
                tr("embed: the components themselves. similar: how like each place is to the features that LIKE picks. "
                   "cluster: which group each place belongs to. Default: embed."),
            ),
            explained(
                QgsProcessingParameterExpression("LIKE", tr("Example"), optional=True, parentLayerParameterName="MAP"),
                tr("Which features of MAP are the example for similar: an SQL condition, such as \"name\" = 'Old "
                   "town'. Default: none."),
            ),
            explained(QgsProcessingParameterNumber("CLUSTERS", tr("Groups"), whole, 8, False, 2, 200),
                      tr("How many groups cluster finds. Default: 8.")),
            explained(QgsProcessingParameterNumber("COMPONENTS", tr("Components"), whole, 16, False, 1, 512),
                      tr("How many components of the encoder's vectors are kept. Default: 16.")),
            explained(
                QgsProcessingParameterNumber("BLOCK", tr("Block"), whole, 0, False, 0),
                tr("The side of a block in pixels. Default: 0, the encoder's coarsest cells."), advanced=True),
            explained(
                QgsProcessingParameterString("LOCATION", tr("Location encoder"), optional=True),
                tr("Adds bands that say where on Earth a block lies, to a raster of embed: sphere, or a SatCLIP "
                   "encoder with its file, such as satclip_vit16_l40:/data/satclip.ckpt. Default: empty, none."),
                advanced=True),
            explained(
                QgsProcessingParameterEnum("MISSING", tr("Bands that the imagery lacks"), options=list(MISSING),
                                           defaultValue=MISSING[0], usesStaticStrings=True),
                tr("What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: "
                   "their mean in pretraining. Default: refuse."), advanced=True),
            shared.extent(),
            shared.seed(),
            shared.device(),
            shared.allow_ballpark(),
            shared.selected_only(),
            explained(
                QgsProcessingParameterFileDestination(
                    "OUTPUT", tr("Embeddings"), tr("GeoTIFF (*.tif);;GeoPackage (*.gpkg)")),
                tr("A raster of blocks if it ends in .tif, the features of MAP with attributes if in .gpkg."),
            ),
        ]

    def define_outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [QgsProcessingOutputString("MORANS_I", tr("Moran's I of each component"))]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        self._read(parameters, context)
        self._model(parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._on, self._map = self._read(parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        with TemporaryDirectory(prefix="geoloop-") as folder:
            found = self.run_job("embed", Params(
                imagery=self._on.imagery,
                model=self._model(parameters, context),
                map=None if self._map is None else self._map.write(Path(folder), feedback),
                task=self.parameterAsEnumString(parameters, "TASK", context) or TASKS[0],
                like=self.parameterAsExpression(parameters, "LIKE", context).strip(),
                clusters=self.parameterAsInt(parameters, "CLUSTERS", context),
                components=self.parameterAsInt(parameters, "COMPONENTS", context),
                block=self.parameterAsInt(parameters, "BLOCK", context),
                location=self.parameterAsString(parameters, "LOCATION", context).strip(),
                missing=self.parameterAsEnumString(parameters, "MISSING", context) or MISSING[0],
                extent=self._on.extent,
                seed=self.parameterAsInt(parameters, "SEED", context),
                device=self.parameterAsString(parameters, "DEVICE", context),
                allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
                output=self.file_path(parameters, "OUTPUT", context),
            ), feedback)
        return {"OUTPUT": found["OUTPUT"], "MORANS_I": ", ".join(f"{one:.3f}" for one in found["MORANS_I"])}

    def _read(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[ImageryLayers, VectorLayer | None]:
        on = read_imagery(self, parameters, context)
        task = self.parameterAsEnumString(parameters, "TASK", context) or TASKS[0]
        layer = read_features_on(self, parameters, context, "MAP", on)
        if task == "similar" and layer is None:
            raise InputError(tr("To find what is similar, MAP must name a layer and LIKE pick features of it."))
        like = str(parameters.get("LIKE") or "").strip()
        if like and not self.parameterAsExpression(parameters, "LIKE", context).strip():
            raise InputError(tr("LIKE is no valid condition: {like}; write one such as {example}.").format(
                like=like, example="\"name\" = 'Old town'"))
        if task == "similar" and not like:
            raise InputError(tr("To find what is similar, LIKE must pick the features of MAP that are the example."))
        return on, layer

    def _model(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return encoder_path(self.parameterAsString(parameters, "MODEL", context))
