"""The card of a run: what went in and what it took, in the log and beside the raster."""

from __future__ import annotations

import json
from dataclasses import dataclass

import geopandas
import pyogrio
from shapely import Point

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput, VectorInput
from geoloop.core.jobs.run_card import RunCard


@dataclass(frozen=True)
class Params:
    imagery: tuple[RasterInput, ...]
    trees: VectorInput
    seed: int = 5


def test_the_card_names_inputs_stages_and_seed_and_lies_beside_rasters(tmp_path):
    feedback = Feedback()
    feedback.seconds.update(read=2.0, fit=300.0)
    feedback.facts["device"] = "Device: CPU."
    card = RunCard.of("fuse", Params((RasterInput("/there/Bild & <1>.tif"),), VectorInput("t.gpkg", name="Bäume")),
                      feedback)
    assert card.line.startswith("Run card of fuse: inputs “Bild & <1>”, “Bäume”; fit 5 minutes; read 2 seconds; peak")
    assert card.line.endswith("MB; seed 5; Device: CPU.")
    raster, page = tmp_path / "fused.tif", tmp_path / "page.html"
    raster.touch()
    page.touch()
    card.leave([str(raster), str(page), str(tmp_path / "not there.tif"), "", 3])
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["fused.tif", "fused.tif.aux.xml", "page.html"]
    assert "&lt;1&gt;" in (tmp_path / "fused.tif.aux.xml").read_text(encoding="utf-8")


def test_inputs_of_one_name_are_all_told():
    layers = RasterInput("/2021/B04.tif"), RasterInput("/2022/B04.tif", name="B04")
    card = RunCard.of("fuse", Params(layers, VectorInput("B04.gpkg", name="B04")), Feedback())
    assert card.inputs == {"B04": "/2021/B04.tif", "/2022/B04.tif": "/2022/B04.tif", "B04.gpkg": "B04.gpkg"}


def test_within_a_geopackage_it_is_metadata_that_gdal_reads(tmp_path):
    table = tmp_path / "Zäune.gpkg"
    geopandas.GeoDataFrame({"nr": [1]}, geometry=[Point(1, 2)], crs="EPSG:32633").to_file(table)
    feedback = Feedback()
    feedback.seconds["align"] = 2.0
    for seed in (6, 5):  # a second one takes the place of the first
        RunCard.of("align", Params((), VectorInput("t.gpkg", name="Bäume & <1>"), seed), feedback).leave([str(table)])
    info = pyogrio.read_info(table)
    told = json.loads(info["dataset_metadata"]["RUN"])
    assert (told["job"], told["seed"], told["seconds"]) == ("align", 5, {"align": 2.0})
    assert "Bäume & <1>" in told["inputs"]
    assert pyogrio.list_layers(table)[:, 0].tolist() == ["Zäune"]
    assert info["features"] == 1
