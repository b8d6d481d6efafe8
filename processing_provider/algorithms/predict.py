"""``geoloop:predict``: any model over imagery of any size."""

from __future__ import annotations

import re
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterDefinition

from ...core.errors import InputError
from ...core.jobs.predict import Params
from .. import parameters as shared
from ..given import listed, number_if_given
from ..layers.layers import ImageryLayers, read_imagery
from ..layers.models import card_path, model_path
from ..translation import tr
from ..writing_algorithm import GEOPACKAGE, RASTER, WritingAlgorithm, asked_for

_SCHEDULER = re.compile(r"local(:[1-9]\d*)?|[a-z]+://[^\s/]+:\d+")


class Predict(WritingAlgorithm):
    """Runs a model tile by tile; what comes out depends on what the model does."""

    ID = "predict"
    TITLE = "Run a model over imagery"
    GROUP = "Models"
    TAGS = (
        "onnx", "deepness", "inference", "deep learning", "segmentation", "regression", "object detection", "yolo",
        "embedding", "dask",
    )
    ABOUT = (
        "Runs a trained model over imagery of any size, tile by tile, without seams. A model that tells classes or "
        "values gives a raster (OUTPUT), one that finds objects gives polygons (DETECTIONS). The model's card says "
        "which bands it wants and how they are scaled; the imagery's bands are found by name and wavelength."
    )
    ENDINGS = {"OUTPUT": RASTER, "PROBABILITY": RASTER, "DETECTIONS": GEOPACKAGE}

    _on: ImageryLayers

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            shared.imagery(),
            shared.model(),
            shared.card(),
            shared.bands(),
            shared.extent(),
            shared.resample(),
            shared.device(),
            shared.scheduler(),
            shared.precision(),
            shared.tile(),
            shared.overlap(),
            shared.batch(),
            shared.allow_ballpark(),
            shared.raster_output(
                "OUTPUT", tr("Classes or values"),
                tr("The class of each pixel, or the model's values or embeddings, one band each, as GeoTIFF. Leave it "
                   "out for a model that finds objects."),
                optional=True, by_default=True,
            ),
            shared.raster_output(
                "PROBABILITY", tr("Class probabilities"),
                tr("The probability of each class, from 0 to 1, one band a class, as GeoTIFF. Default: not written."),
                optional=True,
            ),
            shared.detections(),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        model_path(self, parameters, context)
        card_path(self, parameters, context)
        self._scheduler(parameters, context)
        if not any(asked_for(parameters.get(name)) for name in self.ENDINGS):
            raise InputError(tr(
                "Nothing is asked for; name OUTPUT or PROBABILITY for a model of classes or values, DETECTIONS for one "
                "that finds objects."
            ))
        read_imagery(self, parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._on = read_imagery(self, parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        found = self.run_job("predict", Params(
            imagery=self._on.imagery,
            model=model_path(self, parameters, context),
            card=card_path(self, parameters, context),
            bands=tuple(listed(self, parameters, "BANDS", context)),
            extent=self._on.extent,
            resample=self.parameterAsBoolean(parameters, "RESAMPLE", context),
            device=self.parameterAsString(parameters, "DEVICE", context),
            scheduler=self._scheduler(parameters, context),
            precision=self.parameterAsEnumString(parameters, "PRECISION", context) or shared.PRECISIONS[0],
            tile=self.parameterAsInt(parameters, "TILE", context),
            overlap=number_if_given(self, parameters, "OVERLAP", context),
            batch=self.parameterAsInt(parameters, "BATCH", context),
            allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
            output=self.output_path(parameters, "OUTPUT", context),
            probability=self.output_path(parameters, "PROBABILITY", context),
            detections=self.output_path(parameters, "DETECTIONS", context),
        ), feedback)
        return {name: found[name] for name in self.ENDINGS if found[name]}

    def _scheduler(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        address = self.parameterAsString(parameters, "SCHEDULER", context).strip()
        if address and not _SCHEDULER.fullmatch(address):
            raise InputError(tr(
                "SCHEDULER is {address}; it must be an address such as tcp://host:8786, or local, or local:4."
            ).format(address=address))
        return address
