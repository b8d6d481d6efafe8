"""Embeddings of blocks and features: components, groups, likeness; hostile layers, and what does not go together."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import rasterio.shutil
import torch
from heard import Heard

from geoloop.core import jobs
from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.encoders.location import open_location_encoder
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band


@pytest.fixture
def given(country: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """The country's south-west with its date, and Galileo's layout with random weights."""
    with rasterio.open(country["imagery"][0]["path"], "r+") as raster:
        for band, name in enumerate(("B02", "B03", "B04"), start=1):
            raster.set_band_description(band, name)
            raster.update_tags(band, ACQUISITION_DATE="2021-06-01")
    weights = tmp_path / "encoder.pt"
    encoder = open_encoder("galileo_nano", [Band("B08", 0.842, "x")], seed=5)
    torch.save(encoder.get_submodule("trunk").state_dict(), weights)
    return {"imagery": country["imagery"], "model": f"galileo_nano:{weights}", "components": 4, "device": "cpu",
            "extent": {"xmin": 500_000, "ymin": 5_798_900, "xmax": 501_150, "ymax": 5_800_000},
            "output": str(tmp_path / "Vektoren ä.tif")}


@pytest.fixture
def land(country: dict[str, Any]) -> dict[str, Any]:
    return {"path": country["map"][0]["path"], "name": "land", "key": "nr"}


def test_components_are_written_block_by_block_with_what_they_encode(given: dict[str, Any]) -> None:
    heard = Heard()
    found = jobs.run("embed", {**given, "location": "sphere"}, heard)
    assert all(heard.cost), heard.lines
    assert heard.lines[0].startswith("Device: CPU (as asked)")
    assert "The files of B02, B03, B04 declare no scale; their values look like reflectance × 10000." in heard.lines
    with rasterio.open(found["OUTPUT"]) as raster:
        values = raster.read()
        assert raster.res == (80.0, 80.0)
        assert raster.shape == (14, 15)
        assert raster.descriptions == (*(f"component {n}" for n in range(1, 5)), *(f"place {n}" for n in range(1, 5)))
        assert "variance" in raster.tags()
    assert np.isfinite(values[:, 1:, 1:-1]).all()
    assert len(found["MORANS_I"]) == 4
    again = jobs.run("embed", {**given, "output": str(Path(given["output"]).with_name("b.tif"))}, Feedback())
    with rasterio.open(again["OUTPUT"]) as raster:
        assert np.array_equal(raster.read(), values[:4], equal_nan=True)


def test_groups_of_blocks_and_of_features_are_the_same_ones(given: dict[str, Any], land: dict[str, Any], tmp_path: Path
                                                            ) -> None:
    jobs.run("embed", {**given, "task": "cluster", "clusters": 3}, Feedback())
    with rasterio.open(given["output"]) as raster:
        codes = raster.read(1)
        assert set(np.unique(codes)) - {255} == {1, 2, 3}
        assert raster.colormap(1)[1][3] == 255
    assert Path(given["output"]).with_suffix(".qml").exists()
    vectors = str(tmp_path / "Gruppen.gpkg")
    jobs.run("embed", {**given, "task": "cluster", "clusters": 3, "map": land, "output": vectors}, Feedback())
    rows = pyogrio.read_dataframe(vectors)
    assert set(rows["group"].dropna()) <= {1, 2, 3}
    assert len(rows) == len(set(rows["key"]))


def test_a_feature_is_most_like_itself(given: dict[str, Any], land: dict[str, Any], tmp_path: Path) -> None:
    vectors = str(tmp_path / "ähnlich.gpkg")
    like = {**given, "task": "similar", "map": land, "like": "\"nr\" = 26"}
    jobs.run("embed", {**like, "output": vectors}, Feedback())
    rows = pyogrio.read_dataframe(vectors)
    assert rows.loc[rows["key"] == "26", "likeness"].iloc[0] == pytest.approx(1)
    assert rows["likeness"].between(-1.001, 1.001).all()
    jobs.run("embed", like, Feedback())
    with rasterio.open(given["output"]) as raster:
        assert np.nanmax(raster.read(1)) <= 1.001


class _Broken(Feedback):
    """Breaks down when half of the work is done."""

    def progress(self, fraction: float, text: str = "") -> None:
        if fraction > 0.5:
            raise RuntimeError("broken off")


def test_rows_that_other_weights_left_are_not_gone_on_with(given: dict[str, Any], tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        torch.save(open_location_encoder("sphere", seed=seed).trunk.state_dict(), tmp_path / f"{name}.pt")
    own = {**given, "location": f"sphere:{tmp_path / 'b.pt'}"}
    jobs.run("embed", {**own, "output": str(tmp_path / "whole.tif")}, Feedback())
    with pytest.raises(RuntimeError, match="broken off"):
        jobs.run("embed", {**given, "location": f"sphere:{tmp_path / 'a.pt'}"}, _Broken())
    assert list(tmp_path.glob(".Vektoren*/0-*.tif"))
    jobs.run("embed", own, Feedback())
    with rasterio.open(given["output"]) as raster, rasterio.open(tmp_path / "whole.tif") as whole:
        assert np.array_equal(raster.read(), whole.read(), equal_nan=True)


def test_rows_of_a_virtual_raster_that_shows_something_else_by_now_are_not_gone_on_with(given: dict[str, Any],
                                                                                       tmp_path: Path) -> None:
    shown, mosaic = given["imagery"][0]["path"], tmp_path / "mosaic.vrt"
    with rasterio.open(shown) as raster:
        rasterio.shutil.copy(raster, mosaic, driver="VRT")
    own = {**given, "imagery": [{"path": str(mosaic), "name": "imagery"}]}
    with pytest.raises(RuntimeError, match="broken off"):
        jobs.run("embed", own, _Broken())
    assert list(tmp_path.glob(".Vektoren*/0-*.tif"))
    with rasterio.open(shown, "r+") as raster:  # so little that the components hold as much of the variance as before
        values = raster.read()
        values[:, 12:16, 12:16] += 1
        raster.write(values)
    jobs.run("embed", own, Feedback())
    jobs.run("embed", {**own, "output": str(tmp_path / "whole.tif")}, Feedback())
    with rasterio.open(given["output"]) as raster, rasterio.open(tmp_path / "whole.tif") as whole:
        assert np.array_equal(raster.read(), whole.read(), equal_nan=True)


def test_dates_of_which_each_hides_what_the_other_shows_are_embedded(given: dict[str, Any], tmp_path: Path) -> None:
    dates = []
    for number, day in enumerate(("2021-06-01", "2021-08-01")):
        path = str(tmp_path / f"{day}.tif")
        shutil.copy(given["imagery"][0]["path"], path)
        with rasterio.open(path, "r+") as raster:
            values = raster.read()
            values[:, :, (slice(0, 60) if number else slice(60, None))] = 0
            raster.write(values)
            for band in (1, 2, 3):
                raster.update_tags(band, ACQUISITION_DATE=day)
        dates.append({"path": path})
    found = jobs.run("embed", {**given, "imagery": dates}, Feedback())
    with rasterio.open(found["OUTPUT"]) as raster:
        assert np.isfinite(raster.read(1)[1:, 1:-1]).all()


def test_blocks_may_have_any_size_and_lie_where_they_lie(given: dict[str, Any], tmp_path: Path) -> None:
    """Blocks of 25 pixels cut the encoder's cells of 8, and say about what blocks of 24 say."""
    said = []
    for block in (24, 25):
        found = jobs.run("embed", {**given, "block": block, "components": 1, "output": str(tmp_path / f"{block}.tif")},
                         Feedback())
        with rasterio.open(found["OUTPUT"]) as raster:
            assert raster.res == (10.0 * block, 10.0 * block)
            said.append(raster.read(1)[:4, :4])
    assert np.isfinite(said[1]).all()
    assert abs(np.corrcoef(said[0].ravel(), said[1].ravel())[0, 1]) > 0.8


def test_a_single_block_has_no_neighbours_to_be_like(given: dict[str, Any]) -> None:
    heard = Heard()
    block = {"xmin": 500_200, "ymin": 5_799_720, "xmax": 500_280, "ymax": 5_799_800}
    found = jobs.run("embed", {**given, "components": 1, "block": 8, "extent": block}, heard)
    assert found["MORANS_I"] == []
    assert not any("nan" in line for line in heard.lines), heard.lines


def test_a_border_that_nobody_declared_is_told(given: dict[str, Any]) -> None:
    with rasterio.open(given["imagery"][0]["path"], "r+") as raster:
        values = raster.read()
        values[:, :12] = 0
        raster.write(values)
        raster.nodata = None
    heard = Heard()
    jobs.run("embed", given, heard)
    assert any("All bands of the imagery are 0 over more than one pixel" in line for line in heard.warnings)


def test_imagery_that_gives_no_numbers_is_refused(given: dict[str, Any], tmp_path: Path) -> None:
    """A nodata that nobody declared, in heights of which nobody can tell what is usual."""
    with rasterio.open(given["imagery"][0]["path"]) as raster:
        heights = np.full(raster.shape, 300.0, np.float32)
        profile = {**raster.profile, "dtype": "float32", "count": 2, "nodata": None}
    heights[40:60] = -3.4e38
    with rasterio.open(tmp_path / "dem.tif", "w", **profile) as raster:
        raster.write(np.stack([heights, heights]))
        raster.descriptions = ("elevation", "slope")
    own = {**given, "imagery": [*given["imagery"], {"path": str(tmp_path / "dem.tif"), "name": "dem"}]}
    with pytest.raises(InputError, match=r"is no number\. Look for values far out of range"):
        jobs.run("embed", own, Feedback())


def test_an_example_that_misspells_its_field_is_refused(given: dict[str, Any], land: dict[str, Any]) -> None:
    changed = {"task": "similar", "map": land, "like": "\"nmae\" <> 'old town'"}
    with pytest.raises(InputError, match="LIKE condition of the layer “land” speaks of the field “nmae”"):
        jobs.run("embed", {**given, **changed}, Feedback())


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"output": "x.shp"}, "OUTPUT must end in .tif"),
    ({"output": "x.gpkg"}, "MAP names no layer"),
    ({"task": "similar"}, "LIKE pick the features"),
    ({"clusters": 1}, "CLUSTERS must lie between"),
    ({"task": "cluster", "clusters": 5, "block": 80}, "CLUSTERS is 5, and the imagery has 4 blocks"),
    ({"block": 116}, "more than the imagery's 115 × 110"),
    ({"model": "nonsense"}, "There is no encoder 'nonsense'"),
    ({"location": "nowhere"}, "There is no location encoder 'nowhere'"),
])
def test_what_does_not_go_together_is_said(given: dict[str, Any], changed: dict[str, Any], sentence: str) -> None:
    if "output" in changed:
        changed = {"output": str(Path(given["output"]).with_name(changed["output"]))}
    with pytest.raises(InputError, match=sentence):
        jobs.run("embed", {**given, **changed}, Feedback())
