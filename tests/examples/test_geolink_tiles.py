"""Whoever has GeoLink's weights and graphs gets its fused tiles; a tile without a graph is read from its imagery."""

from __future__ import annotations

from pathlib import Path

import geolink_tiles
import numpy as np
import pytest
import rasterio
import torch
from public_layouts import geolink_map
from public_numbers import state

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.transformer import TransformerShape
from geoloop.core.models.encoders.vit import ViTShape

SMALL = ViTShape(TransformerShape(64, 4, 4))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "geolink.pth"
    torch.save({"model_state_dict": state(geolink_map(64, 4))}, path)
    return path


def photograph(path: Path, side: int = 224) -> None:
    values = np.random.default_rng(1).integers(0, 255, (3, side, side), np.uint8)
    with rasterio.open(path, "w", driver="GTiff", width=side, height=side, count=3, dtype="uint8") as file:
        file.write(values)


@pytest.mark.data
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_published_tiles_are_fused_with_their_graphs(data_folder: Path, weights: Path, tmp_path: Path,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    example = data_folder / "geolink_examples" / "ufz_example"
    fused = geolink_tiles.fuse(weights, example / "img", example / "graph", SMALL)
    assert len(fused) == 6
    assert all(one.shape == (256, 14, 14) and bool(torch.isfinite(one).all()) for one in fused.values())
    bare = geolink_tiles.fuse(weights, example / "img", tmp_path, SMALL)
    assert not any(torch.allclose(fused[name], bare[name], atol=1e-4) for name in fused)
    said = capsys.readouterr().out
    assert "weights are the file's" in said
    assert "161 features" in said
    assert "no features" in said


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_pictures_of_another_size_and_folders_without_any_are_refused(weights: Path, tmp_path: Path) -> None:
    images = tmp_path / "Bilder ä"
    images.mkdir()
    with pytest.raises(InputError, match="holds no picture"):
        geolink_tiles.fuse(weights, images, images, SMALL)
    photograph(images / "a.tif", 200)
    with pytest.raises(InputError, match="three of 224 × 224"):
        geolink_tiles.fuse(weights, images, images, SMALL)
    (images / "a.tif").write_text("no picture")
    with pytest.raises(InputError, match="cannot be read"):
        geolink_tiles.fuse(weights, images, images, SMALL)
