"""The fused map as a raster."""

from __future__ import annotations

from dataclasses import replace

import rasterio

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.fused import write_fused
from geoloop.core.fusion.weigh import weigh

from ..discrepancies.conftest import town

HOUSES = town()


def test_a_class_whose_code_is_255_is_no_gap(make_layer, ground_of, evidence_of, tmp_path):
    ground = ground_of([make_layer(HOUSES, {"building": ["yes"] * len(HOUSES)}, name="houses.gpkg")])
    other, building = ground.legend.classes
    ground = replace(ground, legend=replace(ground.legend, classes=(other, replace(building, code=255))))
    evidence = evidence_of(ground, HOUSES, [1] * len(HOUSES), sure=0.9)
    write_fused(ground, evidence, weigh(ground, evidence, 0, Feedback()), Feedback(),
                output=str(tmp_path / "fused.tif"))
    with rasterio.open(tmp_path / "fused.tif") as raster:
        assert raster.nodata == 254
        assert (raster.read(1) == 255).mean() > 0.05
