"""Runs Deepness's own segmentation, unchanged, over a raster in QGIS's Python and says what it cost.

    python peer_loop.py request.json

The request names Deepness's sources, the raster, the model and how to run it; the last line printed is a JSON object.
Deepness is constructed as its own tests construct it and its loop is run as it is. The onnxruntime session is watched,
and the step after the loop that makes polygons of the finished class image is left out: GeoLoop's job makes none, and
on a textured scene it would cost Deepness many times what the loop does, and most of its memory.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from forward_clock import ForwardClock, peak_mb, watch_sessions
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer


def make_processor(raster: str, request: dict[str, Any]) -> Any:
    """Deepness's processor for an entire raster, from opening the model on."""
    from deepness.common.channels_mapping import ChannelsMapping, ImageChannelStandaloneBand
    from deepness.common.processing_overlap import ProcessingOverlap, ProcessingOverlapOptions
    from deepness.common.processing_parameters.map_processing_parameters import ProcessedAreaType
    from deepness.common.processing_parameters.segmentation_parameters import SegmentationParameters
    from deepness.processing.map_processor.map_processor_segmentation import MapProcessorSegmentation
    from deepness.processing.models.segmentor import Segmentor

    layer = QgsRasterLayer(raster, "imagery")
    if not layer.isValid():
        sys.exit(f"QGIS cannot open {raster}.")
    QgsProject.instance().addMapLayer(layer)
    model = Segmentor(request["model"])
    channels = ChannelsMapping()
    channels.set_image_channels([ImageChannelStandaloneBand(band_number=i + 1, name=name)
                                 for i, name in enumerate(("red", "green", "blue"))])
    channels.set_number_of_model_inputs_same_as_image_channels()
    parameters = SegmentationParameters(
        resolution_cm_per_px=100 * layer.rasterUnitsPerPixelX(), tile_size_px=request["tile"],
        batch_size=request["batch"], local_cache=False, processed_area_type=ProcessedAreaType.ENTIRE_LAYER,
        mask_layer_id=None, input_layer_id=layer.id(), input_channels_mapping=channels,
        postprocessing_dilate_erode_size=0, pixel_classification__probability_threshold=0.0, model=model,
        processing_overlap=ProcessingOverlap(ProcessingOverlapOptions.OVERLAP_IN_PIXELS,
                                             overlap_px=request["overlap_px"]))
    return MapProcessorSegmentation(rlayer=layer, vlayer_mask=None, map_canvas=None, params=parameters)


def run_once(raster: str, request: dict[str, Any], clock: ForwardClock) -> tuple[dict[str, float], np.ndarray]:
    """Run over one raster; the seconds of its parts, and the classes (H, W) from 0."""
    clock.reset()
    start, busy = time.perf_counter(), time.process_time()
    processor = make_processor(raster, request)
    opened = time.perf_counter()
    processor._create_vlayer_from_mask_for_base_extent = lambda mask_img: None
    processor._run()
    parts = {"open_s": opened - start, "whole_s": time.perf_counter() - start,
             "whole_cpu_s": time.process_time() - busy, "forward_s": clock.seconds,
             "forward_cpu_s": clock.cpu_s}
    return parts, processor.get_result_img()[0] - 1


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.path.insert(0, request["sources"])
    clock = ForwardClock()
    watch_sessions(clock, request["threads"])
    application = QgsApplication([], False)
    application.initQgis()
    run_once(request["warm_up"], request, clock)
    before_mb = peak_mb()
    parts, classes = run_once(request["raster"], request, clock)
    answer = {**parts, "tiles": clock.tiles, "calls": clock.calls, "threads": clock.threads, "peak_mb": peak_mb(),
              "peak_before_mb": before_mb}
    np.save(request["classes"], classes)
    print(json.dumps(answer), flush=True)
    os._exit(0)  # Qt's own ending order is not what is measured


if __name__ == "__main__":
    main()
