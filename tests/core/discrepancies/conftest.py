"""A small ground with evidence made by hand: what a kind's rule sees, without fitting a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.features import rasterize
from shapely import box, transform

from geoloop.core.discrepancies import calibration, objects
from geoloop.core.discrepancies.judge import judge
from geoloop.core.feedback import Feedback
from geoloop.core.fusion.evidence import BAND_PREFIX, Evidence, open_evidence
from geoloop.core.fusion.ground import Ground, open_ground
from geoloop.core.fusion.weigh import weigh
from geoloop.core.jobs.inputs import RasterInput, VectorInput
from geoloop.core.ledger import Discrepancy

from ..conftest import layers_in, rasters_in

TOWN = Affine(0.4, 0, 500_000, 0, -0.4, 5_800_000)


def town(columns: int = 12, rows: int = 9) -> list[Any]:
    """Houses of 8 × 6 m, 20 m apart, in the world's coordinates."""
    return [box(500_010 + 20 * c, 5_799_990 - 20 * r - 6, 500_010 + 20 * c + 8, 5_799_990 - 20 * r)
            for r in range(rows) for c in range(columns)]


@pytest.fixture
def few_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put as many errors into a layer as it takes to learn from them, and no more."""
    monkeypatch.setattr(objects, "EXAMPLES", calibration.FEWEST)


def blank(stack: ExitStack, make_raster: Callable[..., RasterInput], maps: list[VectorInput],
          fields: list[VectorInput] | None = None, legend: str = "buildings", shape: tuple[int, int] = (500, 640),
          at: Affine = TOWN) -> Ground:
    """Open a ground whose imagery is blank."""
    image = make_raster(np.full((1, *shape), 7, np.uint8), at, name=f"imagery {len(maps)}.tif")
    return stack.enter_context(open_ground([image], maps, fields or [], legend, None, False))


def showing(stack: ExitStack, path: Path, ground: Ground, shapes: list[Any], shown: list[int], quiet: int = 0,
            sure: float = 0.9, unseen: Any = None, seed: int = 0) -> Evidence:
    """Open evidence that shows class `shown[i]` on shape i and `quiet` elsewhere, a little unsure of it all."""
    grid, classes = ground.grid, len(ground.legend.names)
    pixels = [transform(s, lambda xy: np.column_stack(~grid.transform @ tuple(xy.T))) for s in shapes]
    label = np.full(grid.shape, quiet)
    if pixels:
        rasterize(zip(pixels, shown, strict=True), out=label)
    rng = np.random.default_rng(seed)
    score = np.log((1 - sure) / (classes - 1)) + (np.log(sure) - np.log((1 - sure) / (classes - 1))) * (
        np.moveaxis(np.eye(classes)[label], -1, 0))
    score = score + rng.normal(0, 0.4, (classes, 1, 1)) + rng.normal(0, 0.3, (classes, *grid.shape))
    p = np.exp(score)
    p = (p / p.sum(axis=0)).astype(np.float32)
    if unseen is not None:
        p[:, unseen] = np.nan
    with rasterio.open(path, "w", driver="GTiff", width=grid.width, height=grid.height, count=classes,
                       dtype="float32", crs=grid.crs, transform=grid.transform, nodata=np.nan) as raster:
        raster.write(p)
        for band, name in enumerate(ground.legend.names, start=1):
            raster.set_band_description(band, BAND_PREFIX + name)
    return stack.enter_context(open_evidence(path, ground))


@pytest.fixture
def ground_of(make_raster: Callable[..., RasterInput]) -> Iterator[Callable[..., Ground]]:
    """Open a ground whose imagery is blank: `ground_of(maps, fields, legend, shape)`."""
    with ExitStack() as stack:
        yield partial(blank, stack, make_raster)


@pytest.fixture
def evidence_of(tmp_path: Path) -> Iterator[Callable[..., Evidence]]:
    """Open evidence of a ground: `evidence_of(ground, shapes, shown)`; see `showing`."""
    with ExitStack() as stack:
        yield partial(showing, stack, tmp_path / "evidence.tif")


def judged(ground: Ground, evidence: Evidence, rejected: Any = (), awaiting: Any = (), least: float = 0.05
           ) -> list[Discrepancy]:
    """What a first round would flag."""
    return judge(ground, evidence, weigh(ground, evidence, 0, Feedback()), number=1, seed=0, min_probability=least,
                 rejected=rejected, awaiting=awaiting, feedback=Feedback())


@dataclass(frozen=True)
class Judged:
    """A ground, its evidence, and what was found."""

    ground: Ground
    evidence: Evidence
    found: list[Discrepancy]


def judged_town(stack: ExitStack, folder: Path, shapes: list[Any], **more: Any) -> Judged:
    """Judge a map of houses where the imagery shows the town."""
    layer = houses(layers_in(folder), shapes, **more)
    ground = blank(stack, rasters_in(folder), [layer])
    evidence = showing(stack, folder / "evidence.tif", ground, town(), [1] * len(town()))
    return Judged(ground, evidence, judged(ground, evidence))


def houses(make_layer: Callable[..., VectorInput], shapes: list[Any], **more: Any) -> VectorInput:
    """A map of houses."""
    return make_layer(shapes, {"nr": list(range(len(shapes))), "building": ["yes"] * len(shapes)}, name="houses.gpkg",
                      key="nr", **more)
