"""The inference benchmark's own parts: what it counts of a run of GeoLoop's own network."""

from pathlib import Path

from inference_parts.jobs import job_of, measure_job
from inference_parts.models import make_own_model
from inference_parts.rasters import textured, write_raster


def test_forward_passes_of_an_own_network_are_counted_and_replayed(tmp_path: Path) -> None:
    model = make_own_model(textured(1024, 4, 1), tmp_path, 1, (8, 16))
    raster = write_raster(tmp_path / "scene.tif", 300, 4, 1)
    said = measure_job(job_of(model, raster, tmp_path / "classes.tif", tile=128, overlap=0.25), raster, 1, tmp_path,
                       replay=True)
    run, = said["runs"]
    assert (tmp_path / "classes.tif").exists()
    assert (run["tiles"], run["calls"]) == (16, 16)
    assert 0 < run["replay_s"] < run["whole_s"]
    assert 0 < run["forward_cpu_s"] < run["whole_cpu_s"]
