"""A map whose errors are known, and its evaluation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import rasterio
from affine import Affine

from geoloop.core import jobs
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput

from ..conftest import UPRIGHT, UTM

NAMES = {1: "forest", 2: "meadow", 3: "water"}


class World:
    """A map and the truth on one grid of 120 × 100 pixels, in which the map loses a part of the rare water."""

    def __init__(self, make_raster: Callable[..., RasterInput], folder: Path, transform: Affine = UPRIGHT,
                 crs: str = UTM) -> None:
        rng = np.random.default_rng(0)
        patches = np.kron(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1], size=(20, 24)), np.ones((5, 5), int))
        self.truth = patches.astype(np.uint8)
        wrong = rng.random(patches.shape) < np.choose(patches - 1, [0.05, 0.1, 0.35])
        self.mapped = np.where(wrong, patches % 3 + 1, patches).astype(np.uint8)
        self.mapped[:2] = 0
        self.raster = make_raster(self.mapped, transform, crs, nodata=0)
        with rasterio.open(self.raster.path, "r+") as raster:
            raster.update_tags(classes=json.dumps(NAMES))
        self.transform, self.folder = transform, folder
        self.seen = self.mapped > 0

    def sample(self, **design: Any) -> geopandas.GeoDataFrame:
        """Draw a sample and find the truth there."""
        path = self.folder / "drawn.gpkg"
        raster = {"path": self.raster.path, "name": "Karte"}
        jobs.run("sampledesign", {"raster": raster, "output": str(path), "size": 400, **design}, Feedback())
        table = pyogrio.read_dataframe(path)
        column, row = ~self.transform @ (table.geometry.x.to_numpy(), table.geometry.y.to_numpy())
        table["class_reference"] = [NAMES[t] for t in self.truth[row.astype(int), column.astype(int)]]
        return table

    def evaluate(self, table: geopandas.GeoDataFrame, **more: Any) -> dict[str, Any]:
        """Evaluate the map by a sample."""
        path, output = self.folder / "Referenz ä.gpkg", self.folder / "figures.json"
        table.to_file(path, layer="sample", engine="pyogrio")
        given = {"raster": {"path": self.raster.path, "name": "Karte"}} if "layer" not in more else {}
        jobs.run("evaluate", {**given, "reference": {"path": str(path), "name": "Referenz"}, "output": str(output),
                              **more}, Feedback())
        return json.loads(output.read_text(encoding="utf-8"))

    @property
    def true(self) -> dict[str, Any]:
        truth, mapped = self.truth[self.seen], self.mapped[self.seen]
        return {"overall": (truth == mapped).mean(), "share": {n: (truth == c).mean() for c, n in NAMES.items()},
                "users": {n: (truth == c)[mapped == c].mean() for c, n in NAMES.items()},
                "producers": {n: (mapped == c)[truth == c].mean() for c, n in NAMES.items()}}


def holds(found: dict[str, float], truth: float, slack: float = 0.0) -> bool:
    return bool(found["low"] - slack <= truth <= found["high"] + slack)
