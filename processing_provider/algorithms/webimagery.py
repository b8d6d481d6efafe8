"""``geoloop:webimagery``: imagery of a web map as a raster file."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from qgis.core import (
    Qgis,
    QgsDataSourceUri,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
    QgsRectangle,
)

from ...core.beside import write_beside
from ...core.errors import InputError
from ...core.whole import written_whole
from ..layers.web_raster import Cut, WebMap, attribution, write_cut
from ..parameters import explained, raster_output
from ..translation import tr
from ..writing_algorithm import RASTER, WritingAlgorithm

SECRETS = ("username", "password", "authcfg", "http-header:", "api_key", "apikey", "key", "token", "access_token")


class WebImagery(WritingAlgorithm):
    """Saves what an XYZ or WMS layer shows of an area. Needs no engine."""

    ID = "webimagery"
    TITLE = "Save web imagery"
    GROUP = "Sources"
    TAGS = ("xyz", "wms", "wmts", "tiles", "web", "imagery", "licence", "export", "download")
    ABOUT = (
        "Saves what an XYZ, WMS or WMTS layer shows of an area as a GeoTIFF, at a resolution that you choose, so that "
        "the other algorithms can work on it. Many web maps may be looked at and not saved, traced or learnt from: "
        "read the licence of the layer first, and say in LICENCE what it is. The answer stays with the raster."
    )
    ENDINGS = {"OUTPUT": RASTER}

    _web: WebMap
    _cut: Cut

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterRasterLayer("INPUT", tr("Web imagery")),
                tr("A layer of a web map in the project: XYZ tiles, WMS or WMTS."),
            ),
            explained(
                QgsProcessingParameterExtent("EXTENT", tr("Extent")), tr("The area to save, in any CRS."),
            ),
            explained(
                QgsProcessingParameterNumber(
                    "RESOLUTION", tr("Resolution"), Qgis.ProcessingNumberParameterType.Double, defaultValue=0.5,
                    minValue=0.01,
                ),
                tr("The side of a pixel in metres on the ground. Finer than what the server has only makes the file "
                   "larger. Default: 0.5."),
            ),
            explained(
                QgsProcessingParameterString("LICENCE", tr("Licence")),
                tr("What the imagery's licence is, such as CC BY 4.0, as it shall stand in the metadata. What the "
                   "layer and its server say of rights, fees and access constraints is shown before anything is "
                   "saved."),
            ),
            explained(
                QgsProcessingParameterBoolean(
                    "ALLOWED", tr("The licence allows saving it and deriving data from it"), defaultValue=False
                ),
                tr("Whether you have read the licence and it allows to save this imagery and to derive map data from "
                   "it. Default: no, nothing is saved."),
            ),
            raster_output("OUTPUT", tr("Imagery"), tr("The GeoTIFF to write: red, green, blue, and where the map shows "
                                                      "nothing.")),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        layer = self._web_layer(parameters, context)
        if not self.parameterAsBoolean(parameters, "ALLOWED", context):
            raise InputError(tr(
                "Read the licence of “{name}” first ({told}): if it allows to save the imagery and to derive data from "
                "it, set ALLOWED."
            ).format(name=layer.name(), told=attribution(layer) or tr("the layer itself names none")))
        if not self.parameterAsString(parameters, "LICENCE", context).strip():
            raise InputError(tr("LICENCE is empty; say what the licence of “{name}” is.").format(name=layer.name()))
        self._cut_of(layer, parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        layer = self._web_layer(parameters, context)
        self._cut = self._cut_of(layer, parameters, context)
        self._web = WebMap.of(layer, feedback)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        cut, output = self._cut, self.output_path(parameters, "OUTPUT", context)
        feedback.pushInfo(tr("{width} × {height} pixels of {resolution} m on the ground, about {tiles} tiles of the "
                             "server.").format(
            width=cut.width, height=cut.height, tiles=-(-cut.width // 256) * -(-cut.height // 256),
            resolution=self.parameterAsDouble(parameters, "RESOLUTION", context)))
        if self._web.attribution:
            feedback.pushInfo(tr("“{name}” says of itself: {told}").format(name=self._web.name,
                                                                           told=self._web.attribution))
        with written_whole(output) as draft:
            write_cut(self._web, cut, str(draft), feedback, context.transformContext())
        write_beside(output, {
            "LICENCE": self.parameterAsString(parameters, "LICENCE", context).strip(),
            "ATTRIBUTION": self._web.attribution, "SOURCE": address(self._web.source), "made_by": "GeoLoop"})
        return {"OUTPUT": output}

    def _web_layer(self, parameters: dict[str, Any], context: QgsProcessingContext) -> QgsRasterLayer:
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None or layer.providerType() != "wms":
            raise InputError(tr(
                "INPUT is no layer of a web map; raster files need no saving, the other algorithms take them as they "
                "are."
            ))
        return layer

    def _cut_of(self, layer: QgsRasterLayer, parameters: dict[str, Any], context: QgsProcessingContext) -> Cut:
        extent: QgsRectangle = self.parameterAsExtent(parameters, "EXTENT", context, layer.crs())
        if extent.isEmpty():
            raise InputError(tr("EXTENT is empty; choose an area with a width and a height."))
        resolution = self.parameterAsDouble(parameters, "RESOLUTION", context)
        return Cut.of(layer, extent, resolution, context.transformContext())


def address(source: str) -> str:
    """A web layer's address without what opens its door: user, password, keys."""
    parts = QgsDataSourceUri.removePassword(source).split("&")
    kept = "&".join(part for part in parts if not part.lower().startswith(SECRETS))
    said = unquote(kept).lower()
    if not any(f"{secret}=" in said for secret in SECRETS):
        return kept
    return re.split(r"\?|%3f", kept, maxsplit=1, flags=re.IGNORECASE)[0]
