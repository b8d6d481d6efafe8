"""``geoloop:stackimagery``: several rasters as one, on one grid."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ...core.jobs.stackimagery import Params
from .. import parameters as shared
from ..given import number_if_given
from ..layers.stacks import StackLayers, read_stack
from ..parameters import explained, shown_by
from ..translation import tr
from ..writing_algorithm import RASTER, WritingAlgorithm


class StackImagery(WritingAlgorithm):
    """Optical, radar and elevation layers, of several dates, resolutions and CRS."""

    ID = "stackimagery"
    TITLE = "Stack imagery"
    GROUP = "Sources"
    TAGS = (
        "bands", "layer stack", "resample", "reproject", "sentinel-2", "landsat", "radar", "dem", "time series",
    )
    ABOUT = (
        "Brings rasters of any resolution and CRS onto one grid and writes all their bands into one GeoTIFF. Each "
        "band keeps its name, wavelength, date, scale and its own nodata. File names of Sentinel-2 and Landsat, ENVI "
        "headers and STAC items beside a raster are understood. Where nothing needs resampling, the numbers stay as "
        "they are."
    )
    ENDINGS = {"OUTPUT": RASTER}

    _layers: StackLayers

    def define_parameters(self) -> list[QgsProcessingParameterDefinition]:
        return [
            explained(
                QgsProcessingParameterMultipleLayers("INPUT", tr("Rasters"), Qgis.ProcessingSourceType.Raster),
                tr("The raster layers to stack, in the order of their bands: optical, radar, elevation, of one or "
                   "several dates. All need a CRS; at least one, or GRID, must have a metric one."),
            ),
            explained(
                QgsProcessingParameterRasterLayer("GRID", tr("Grid"), optional=True),
                tr("A raster layer whose CRS, pixels and extent the stack takes over; it is not stacked itself. "
                   "Default: empty, the raster of INPUT with the smallest pixels and a metric CRS."),
            ),
            explained(
                QgsProcessingParameterNumber(
                    "RESOLUTION", tr("Resolution"), Qgis.ProcessingNumberParameterType.Double, optional=True,
                    minValue=0.001,
                ),
                tr("The side of a pixel in metres on the ground. Coarser than a raster: its pixels are averaged; "
                   "finer: interpolated. Default: empty, that of the grid."),
            ),
            explained(
                QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
                tr("The area that the stack covers, in any CRS, widened to whole pixels. Default: empty, that of the "
                   "grid."),
            ),
            explained(
                shown_by("suggestions.wrappers.FillField",
                         QgsProcessingParameterString("FILL", tr("Fill gaps with"), optional=True)),
                tr("An encoder that was taught to say what clouds and missing data hide, with its published file: "
                   "prithvi_eo_v2_300_tl:/path/Prithvi_EO_V2_300M_TL.pt. What it says is a guess from what is seen "
                   "around, before and after: map with it, do not measure with it. Default: empty, gaps stay gaps."),
                advanced=True,
            ),
            shared.device(),
            shared.allow_ballpark(),
            shared.raster_output(
                "OUTPUT", tr("Stack"),
                tr("The GeoTIFF to write: the rasters' own integer type where none is resampled, else 32-bit "
                   "floating-point numbers with NaN as nodata."),
            ),
        ]

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        read_stack(self, parameters, context)

    def prepare_run(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        self._layers = read_stack(self, parameters, context)

    def process(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        found = self.run_job("stackimagery", Params(
            imagery=self._layers.imagery,
            grid=self._layers.grid,
            extent=self._layers.extent,
            resolution=number_if_given(self, parameters, "RESOLUTION", context),
            fill=self.parameterAsString(parameters, "FILL", context).strip(),
            device=self.parameterAsString(parameters, "DEVICE", context),
            allow_ballpark=self.parameterAsBoolean(parameters, "ALLOW_BALLPARK", context),
            output=self.output_path(parameters, "OUTPUT", context),
        ), feedback)
        return {"OUTPUT": found["OUTPUT"]}
