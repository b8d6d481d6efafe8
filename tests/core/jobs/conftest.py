"""A small country on disk (bands that show the class, a land-use layer, visits); what tests of one job share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import onnx_models
import pytest
import rasterio
from affine import Affine
from predicting import SEGMENTOR
from rasterio.features import rasterize
from shapely import box

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.jobs.stackimagery import Params, run

from .evaluated import World

CRS = "EPSG:32633"
TRANSFORM = Affine(10, 0, 500_000, 0, -10, 5_800_000)
USES = ("forest", "meadow", "water")
SPECTRA = np.array([[200, 900, 400], [500, 1600, 900], [300, 100, 60]], float)
WRONG = {10: "water", 50: "meadow"}


@pytest.fixture
def country(tmp_path: Path) -> dict[str, Any]:
    """Write imagery.tif, land.gpkg (two wrong classes) and visits.gpkg; return job parameters for `loop`."""
    folder = tmp_path / "ein Ordner"
    folder.mkdir()
    fields = [box(500_000 + 200 * c, 5_799_800 - 200 * r, 500_190 + 200 * c, 5_799_990 - 200 * r)
              for r in range(12) for c in range(12)]
    truth = np.array([(i * 7 + i // 12) % 3 for i in range(len(fields))])
    label = rasterize([(f, int(t)) for f, t in zip(fields, truth, strict=True)], out_shape=(245, 245), fill=1,
                      transform=TRANSFORM)
    rng = np.random.default_rng(0)
    bands = np.moveaxis(SPECTRA[label], -1, 0) * rng.normal(1, 0.08, (3, 245, 245))
    bands[:, :6, :6] = 0
    with rasterio.open(folder / "imagery.tif", "w", driver="GTiff", width=245, height=245, count=3, dtype="uint16",
                       crs=CRS, transform=TRANSFORM, nodata=0) as raster:
        raster.write(bands.astype("uint16"))
        for band, name in enumerate(("green", "nir", "swir"), start=1):
            raster.set_band_description(band, name)
    said = [WRONG.get(i, USES[t]) for i, t in enumerate(truth)]
    layer = geopandas.GeoDataFrame({"nr": range(len(fields)), "use": said}, geometry=fields, crs=CRS)
    layer.to_file(folder / "land.gpkg")
    visits = geopandas.GeoDataFrame({"nr": range(20), "saw": [USES[t] for t in truth[:20]]},
                                    geometry=[f.centroid for f in fields[:20]], crs=CRS)
    visits.to_file(folder / "visits.gpkg")
    return {
        "imagery": [{"path": str(folder / "imagery.tif"), "name": "imagery"}],
        "map": [{"path": str(folder / "land.gpkg"), "name": "land", "key": "nr", "settings": {"class_field": "use"}}],
        "field": [{"path": str(folder / "visits.gpkg"), "name": "visits", "key": "nr",
                   "settings": {"class_field": "saw", "accuracy_m": 6.0}}],
        "output": str(folder / "fused map.tif"), "probability": str(folder / "probability.tif"),
        "ledger": str(folder / "loop.gpkg"), "seed": 3, "device": "cpu"}


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Fit in seconds: the test country is learnt in a few steps."""
    from geoloop.core.training import crossfit

    monkeypatch.setitem(crossfit.COARSE.steps, "quick", 40)
    return lambda: None


@pytest.fixture
def blurring(tmp_path: Path) -> Path:
    """A model of two classes that looks two pixels far."""
    return onnx_models.blur(tmp_path / "models" / "Wälder.onnx", **SEGMENTOR)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Callable[..., rasterio.DatasetReader]]:
    """Stack rasters and return the open result."""
    opened = []

    def make(inputs: Sequence[RasterInput], feedback: Feedback | None = None, **more: Any) -> rasterio.DatasetReader:
        output = str(tmp_path / "Stapel, alle Bänder.tif")
        assert run(Params(imagery=tuple(inputs), output=output, **more), feedback or Feedback()) == {"OUTPUT": output}
        opened.append(rasterio.open(output))
        return opened[-1]

    yield make
    for dataset in opened:
        dataset.close()


@pytest.fixture
def world(make_raster: Callable[..., RasterInput], tmp_path: Path) -> World:
    return World(make_raster, tmp_path)
