"""No job writes over what it reads, or twice to one path."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest
import rasterio.shutil
from shapely import Point

from geoloop.core import jobs
from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.jobs.outputs import READ, WRITTEN
from geoloop.core.ledger import Crs, Ledger

PLAIN = {"uids", "which", "bands", "like", "target", "station", "reason", "reviewer", "expression", "comment", "title",
         "attribution", "reference_field", "target_layer", "target_source", "device", "scheduler"}
"""Texts that name no file."""


@pytest.fixture
def image(make_raster) -> str:
    values = np.random.default_rng(0).integers(1, 255, (3, 40, 40), dtype=np.uint8)
    return make_raster(values, name="image.tif").path


@pytest.fixture
def points(make_layer) -> str:
    random = np.random.default_rng(1)
    places = [Point(500_000 + x, 5_800_000 - y) for x, y in random.uniform(1, 399, (12, 2))]
    return make_layer(places, {"value": random.normal(size=12), "class_reference": ["1"] * 12}, name="points.gpkg").path


def refused(job: str, **params: object) -> str:
    """What is said of a run; everything that lay in the folder stays as it was."""
    with pytest.raises(InputError) as caught:
        jobs.run(job, dict(params), Feedback())
    return str(caught.value)


def test_an_output_that_is_an_input_is_refused(image: str, points: str, tmp_path: Path) -> None:
    link = tmp_path / "link.tif"
    link.symlink_to(image)
    hard = tmp_path / "hard.tif"
    os.link(image, hard)
    virtual = str(tmp_path / "virtual.vrt")
    rasterio.shutil.copy(image, virtual, driver="VRT")
    before = {path: Path(path).read_bytes() for path in (image, points)}
    one = {"rasters": [{"path": image}], "field": {"path": points}, "target": "value"}
    for output in (image, str(link), str(hard), points):
        assert refused("regresspoints", **one, output=output) == (
            f"The output {output} is one of the inputs; choose another name.")
    assert "is one of the inputs" in refused("stackimagery", imagery=[{"path": virtual}], output=image)
    assert "is one of the inputs" in refused("stackimagery", imagery=[{"path": image}], grid={"path": virtual},
                                             output=virtual)
    copied = {"path": str(tmp_path / "copy of it.gpkg"), "source": f"{points}|layername=points"}
    assert "is one of the inputs" in refused("sampledesign", size=5, layer=copied, output=points)
    assert "is one of the inputs" in refused("sampledesign", size=5, ledger=points, output=points)
    assert "is one of the inputs" in refused("embed", imagery=[{"path": image}], model=f"galileo_nano:{points}",
                                             output=points)
    assert {path: Path(path).read_bytes() for path in before} == before


def test_two_outputs_of_one_name_are_refused(image: str, points: str, tmp_path: Path) -> None:
    same = str(tmp_path / "same.tif")
    said = refused("regresspoints", rasters=[{"path": image}], field={"path": points}, output=same,
                   report=str(tmp_path / "." / "same.tif"))
    assert "OUTPUT and REPORT name the same file" in said
    assert not Path(same).exists()


@pytest.mark.parametrize("job", ["pretrain", "stackimagery", "predict"])
def test_an_output_that_cannot_be_written_is_refused_before_the_work(job: str, image: str, points: str, tmp_path: Path
                                                                     ) -> None:
    one: dict[str, object] = {"imagery": [{"path": image}]}
    one |= {"pretrain": {"map": [{"path": points}]}, "predict": {"model": "none.onnx"}}.get(job, {})
    assert "its folder does not exist" in refused(job, **one, output=str(tmp_path / "gone" / "a.tif"))
    assert f"{tmp_path} is a folder" in refused(job, **one, output=str(tmp_path))


@pytest.mark.parametrize("job", ["importosm", "sampledesign"])
def test_a_ledger_is_no_output(job: str, points: str, tmp_path: Path) -> None:
    loop = tmp_path / "loop.GPKG"
    Ledger.create(loop, Crs("x", "EPSG", 32633, "WKT")).close()
    before = loop.read_bytes()
    given = {"importosm": {"input": points}, "sampledesign": {"layer": {"path": points}, "size": 3}}[job]
    assert refused(job, **given, output=str(loop)) == (
        f"The output {loop} is a ledger, whose decisions would be lost; choose another name.")
    assert loop.read_bytes() == before


def test_an_output_that_is_being_edited_is_refused_before_the_work(image: str, points: str, tmp_path: Path) -> None:
    output = tmp_path / "edited.gpkg"
    with closing(sqlite3.connect(output)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE things (name TEXT)")
        said = refused("embed", imagery=[{"path": image}], model="none", map={"path": points}, output=str(output))
    assert "another program holds it open for writing" in said


@pytest.mark.parametrize("job", ["pretrain", "finetune", "mergeadapters"])
def test_a_model_is_only_written_to_where_it_could_be_opened_again(job: str, image: str, points: str, tmp_path: Path
                                                                   ) -> None:
    one = {"adapters": []} if job == "mergeadapters" else {"imagery": [{"path": image}], "map": [{"path": points}]}
    assert refused(job, **one, output=str(tmp_path / "network.pt")).startswith("OUTPUT must end in .safetensors, not ")


@pytest.mark.parametrize("job", jobs.NAMES)
def test_each_text_among_a_jobs_parameters_is_known_to_name_a_file_or_none(job: str) -> None:
    hints = get_type_hints(import_module(f"geoloop.core.jobs.{job}").Params)
    texts = {name for name, kind in hints.items() if kind in (str, str | None, tuple[str, ...])}
    assert texts <= PLAIN | set(READ) | set(WRITTEN)
