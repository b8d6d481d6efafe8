"""Running ``predict`` on small rasters with models whose every output is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.jobs.predict import Params, run

SEGMENTOR = {"model_type": "Segmentor", "class_names": {"0": "field", "1": "wood"}}
REGRESSOR = {"model_type": "Regressor"}
RNG = np.random.default_rng(7)


def predict(folder: Path, imagery: RasterInput | tuple[RasterInput, ...], model: Path, *, probability: bool = False,
            feedback: Feedback | None = None, name: str = "out.tif", **more: object) -> Path:
    inputs = imagery if isinstance(imagery, tuple) else (imagery,)
    more["probability" if probability else "output"] = str(folder / name)
    run(Params(imagery=inputs, model=str(model), device="cpu", **more), feedback or Feedback())
    return folder / name


def pixels(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return raster.read()


def noise(bands: int, height: int, width: int) -> np.ndarray:
    return RNG.integers(1, 255, (bands, height, width), dtype=np.uint8)


def mlm(task: str, bands: int, **more: object) -> dict:
    """A STAC item with what MLM says of a model that takes bands as they are."""
    names = ["red", "green", "blue", "nir"][:bands] if bands > 1 else ["b"]
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": "m", "geometry": None, "assets": {}, "links": [],
        "stac_extensions": ["https://stac-extensions.github.io/mlm/v1.4.0/schema.json"],
        "properties": {
            "datetime": None, "mlm:name": "m", "mlm:architecture": "identity", "mlm:tasks": [task],
            "mlm:input": [{"name": "x", "bands": names if bands > 1 else [], "value_scaling": None, "input": {
                "shape": [-1, bands, -1, -1], "dim_order": ["batch", "channel", "height", "width"],
                "data_type": "float32"}}],
            "mlm:output": [{"name": "y", "tasks": [task], "result": {
                "shape": [-1, bands, -1, -1], "dim_order": ["batch", "channel", "height", "width"],
                "data_type": "float32"}}], **more}}
