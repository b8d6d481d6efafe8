"""The card of a run: what went in and what it took, in the log and beside the raster."""

from __future__ import annotations

from dataclasses import dataclass

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput, VectorInput
from geoloop.core.jobs.run_card import RunCard


@dataclass(frozen=True)
class Params:
    imagery: tuple[RasterInput, ...]
    trees: VectorInput
    seed: int = 5


def test_the_card_names_inputs_stages_and_seed_and_lies_beside_rasters_alone(tmp_path):
    feedback = Feedback()
    feedback.seconds.update(read=2.0, fit=300.0)
    feedback.facts["device"] = "Device: CPU."
    card = RunCard.of("fuse", Params((RasterInput("/there/Bild & <1>.tif"),), VectorInput("t.gpkg", name="Bäume")),
                      feedback)
    assert card.line.startswith("Run card of fuse: inputs “Bild & <1>”, “Bäume”; fit 5 minutes; read 2 seconds; peak")
    assert card.line.endswith("MB; seed 5; Device: CPU.")
    raster, table = tmp_path / "fused.tif", tmp_path / "loop.gpkg"
    raster.touch()
    table.touch()
    card.leave_beside([str(raster), str(table), str(tmp_path / "not there.tif"), "", 3])
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["fused.tif", "fused.tif.aux.xml", "loop.gpkg"]
    assert "&lt;1&gt;" in (tmp_path / "fused.tif.aux.xml").read_text(encoding="utf-8")
