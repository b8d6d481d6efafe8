"""The published weights of Galileo (nano) and Presto compute what their authors' own code does.

The golden numbers were printed by single_file_galileo.py of github.com/nasaharvest/galileo (commit 0f0b5b9) and
single_file_presto.py of github.com/nasaharvest/presto (commit 13173d0) with the published weights, inputs made by
``wave``, torch 2.13 on a CPU.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.encoders import galileo, presto
from geoloop.core.models.encoders.encoder import Encoder, Scene
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band

WHEN = torch.tensor([[[2021.0, 100.0], [2021.0, 160.0], [2021.0, 250.0]]])  # April, June, September
WHERE = torch.tensor([[51.3, 12.4]])

# The first numbers of the vector, and of the coarsest map (channels, cells).
GALILEO = torch.tensor([0.030782, 0.039536, 0.022791, 0.027729, 0.076476, -0.032792])
GALILEO_MAP = torch.tensor([
    [0.026766, 0.019348, 0.036208, 0.022569],
    [0.031185, 0.053410, 0.028436, 0.051419],
    [0.021356, 0.038780, -0.001565, 0.014371]])
# Without radar, heights and place; nothing in June, nothing in September in the first two patches; pixels of 30 m.
GALILEO_GAPS = torch.tensor([0.039004, 0.038648, -0.050655, 0.012128, 0.084723, -0.012635])
GALILEO_GAPS_MAP = torch.tensor([
    [0.036731, 0.035322, 0.041580, 0.040330],
    [0.035642, 0.038662, 0.036453, 0.044782],
    [-0.069641, -0.046923, -0.046664, -0.046417]])
# Two pixels; then without radar, weather and heights, and nothing in June.
PRESTO = torch.tensor([
    [0.429209, -0.869203, 0.844653, -0.274540, -0.613193, 1.977514],
    [0.415590, -0.859745, 0.842723, -0.279152, -0.621711, 1.950495]])
PRESTO_GAPS = torch.tensor([
    [0.287403, -2.510948, 0.049953, 0.264446, -0.247603, 1.740844],
    [0.274319, -2.510775, 0.041320, 0.259474, -0.221274, 1.732512]])


def wave(*shape: int) -> torch.Tensor:
    """Numbers from 0 to 1, the same wherever they are made."""
    count = int(torch.tensor(shape).prod())
    return (torch.arange(count, dtype=torch.float64).mul(0.37).sin() * 0.5 + 0.5).view(shape).float()


def opened(data_folder: Path, name: str, file: str) -> Encoder:
    path = data_folder / "models" / file
    if not path.is_file():
        pytest.skip(f"the published weights are not at {path}")
    specs = galileo.BANDS if name.startswith("galileo") else presto.BANDS
    return open_encoder(f"{name}:{path}", [Band(spec.name, spec.wavelength_um, "x") for spec in specs])


def galileo_scene() -> Scene:
    """What the authors' code was given (B, H, W, T, bands), already between 0 and 1."""
    over_time, still = wave(1, 16, 16, 3, 13), wave(1, 16, 16, 16)[..., :2]
    values = torch.cat([over_time, still[:, :, :, None].expand(-1, -1, -1, 3, -1)], dim=-1).permute(0, 4, 3, 1, 2)
    return Scene(values, torch.ones_like(values, dtype=torch.bool), torch.ones(15, dtype=torch.bool), WHEN, WHERE)


def presto_scene() -> Scene:
    """Two pixels (pixel, date, band) in the corner of an image."""
    values = torch.zeros(1, 17, 3, 8, 8)
    values[0, :, :, 0, :2] = wave(2, 3, 17).permute(2, 1, 0)
    return Scene(values, torch.ones_like(values, dtype=torch.bool), torch.ones(17, dtype=torch.bool), WHEN, WHERE)


@pytest.mark.data
def test_galileo_gives_its_authors_numbers(data_folder: Path) -> None:
    encoder = opened(data_folder, "galileo_nano", "galileo_nano/encoder.pt")
    with torch.inference_mode():
        found = encoder.encode(galileo_scene())
    torch.testing.assert_close(found.pooled[0, :6], GALILEO, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found.maps[3][0, :3].flatten(1), GALILEO_MAP, atol=1e-5, rtol=1e-4)
    assert [one.shape[-1] for one in found.maps] == [16, 8, 4, 2]


@pytest.mark.data
def test_galileo_leaves_out_what_is_lacking_as_its_authors_do(data_folder: Path) -> None:
    encoder = opened(data_folder, "galileo_nano", "galileo_nano/encoder.pt")
    encoder.pixel_m = 30.0
    scene = galileo_scene()
    valid = scene.valid.clone()
    valid[:, :2], valid[:, 13:], valid[:, :, 1], valid[:, :, 2, :8, :4] = False, False, False, False
    with torch.inference_mode():
        found = encoder.encode(replace(scene, valid=valid, location=None))
    torch.testing.assert_close(found.pooled[0, :6], GALILEO_GAPS, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found.maps[3][0, :3].flatten(1), GALILEO_GAPS_MAP, atol=1e-5, rtol=1e-4)


@pytest.mark.data
def test_presto_gives_its_authors_numbers(data_folder: Path) -> None:
    encoder = opened(data_folder, "presto", "presto/presto.pt")
    with torch.inference_mode():
        found = encoder.encode(presto_scene())
    torch.testing.assert_close(found.maps[0][0, :6, 0, :2].T, PRESTO, atol=2e-5, rtol=1e-4)


@pytest.mark.data
def test_presto_leaves_out_what_is_lacking_as_its_authors_do(data_folder: Path) -> None:
    encoder = opened(data_folder, "presto", "presto/presto.pt")
    scene = presto_scene()
    valid = scene.valid.clone()
    valid[:, :2], valid[:, 12:16], valid[:, :, 1] = False, False, False
    with torch.inference_mode():
        found = encoder.encode(replace(scene, valid=valid))
    torch.testing.assert_close(found.maps[0][0, :6, 0, :2].T, PRESTO_GAPS, atol=2e-5, rtol=1e-4)


@pytest.mark.data
def test_every_key_of_the_published_files_is_told_of(data_folder: Path) -> None:
    for name, file in {"galileo_nano": "galileo_nano/encoder.pt", "presto": "presto/presto.pt"}.items():
        report = opened(data_folder, name, file).report
        keys = torch.load(data_folder / "models" / file, weights_only=True, map_location="cpu")
        decoder = [key for key in keys if key.startswith("decoder.")]
        assert report is not None
        assert report.loaded == len(keys) - len(decoder)
        assert dict(report.dropped) == ({"the decoder of pretraining": len(decoder)} if decoder else {})
        assert report.made == ()


@pytest.mark.data
def test_a_published_file_is_recognised_by_itself(data_folder: Path, sentinel_2: list[Band]) -> None:
    for name, file in {"galileo_nano": "galileo_nano/encoder.pt", "presto": "presto/presto.pt"}.items():
        opened(data_folder, name, file)
        assert open_encoder(str(data_folder / "models" / file), sentinel_2).card.name == name


def test_bands_that_are_lacking_are_no_trouble_but_told(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("galileo_nano", [band for band in sentinel_2 if band.name != "B12"])
    assert encoder.mapping is not None
    told = encoder.mapping.lines()
    assert "VV is lacking: the encoder does without it" in told
    assert "NDVI is computed from B08 and B04" in told
    assert "B11 (1.61 µm) is lacking: the encoder does without it" in told  # its group lacks B12
    assert "not used: B01, B09, B10, B11" in told


def test_stored_values_are_scaled_as_in_pretraining(sentinel_2: list[Band], sentinel_1: list[Band]) -> None:
    x = torch.full((1, 15, 8, 8), 2000.0)
    x[:, 13:] = -15.0
    seen = open_encoder("galileo_nano", [*sentinel_2, *sentinel_1]).scene(x, time=WHEN[:, :1])
    blue = (2000.0 - (1395.3408730676722 - 2 * 917.7041440370853)) / (4 * 917.7041440370853)
    assert float(seen.values[0, 2, 0, 0, 0]) == pytest.approx(blue, abs=1e-5)
    assert float(seen.values[0, 0, 0, 0, 0]) == pytest.approx((-15 + 11.728724389184965 + 2 * 4.887145774840316)
                                                             / (4 * 4.887145774840316), abs=1e-5)
    seen = open_encoder("presto", [*sentinel_2, *sentinel_1]).scene(x, time=WHEN[:, :1], location=WHERE)
    assert float(seen.values[0, 2, 0, 0, 0]) == pytest.approx(0.2)
    assert float(seen.values[0, 0, 0, 0, 0]) == pytest.approx(0.4)


def test_a_date_or_a_place_that_is_needed_is_asked_for(sentinel_2: list[Band]) -> None:
    x = torch.zeros(1, 13, 8, 8)
    with pytest.raises(InputError, match="galileo_nano needs the dates"):
        open_encoder("galileo_nano", sentinel_2)(x)
    with pytest.raises(InputError, match="presto needs the location"):
        open_encoder("presto", sentinel_2)(x, time=WHEN[:, :1])
    with pytest.raises(InputError, match="24 dates at most, and the imagery has 25"):
        open_encoder("galileo_nano", sentinel_2)(x[:, :, None].expand(-1, -1, 25, -1, -1), time=WHEN[:, :1].expand(
            -1, 25, -1))


def test_a_cloudy_image_of_a_batch_does_not_change_its_neighbour(sentinel_2: list[Band]) -> None:
    for name in ("galileo_nano", "presto"):
        encoder = open_encoder(name, sentinel_2)
        x = torch.rand(2, 13, 2, 8, 8) * 4000
        valid = torch.ones(2, 1, 2, 8, 8, dtype=torch.bool)
        valid[1, :, 0] = False
        time, place = WHEN[:, :2].expand(2, -1, -1), WHERE.expand(2, -1)
        with torch.inference_mode():
            both = encoder(x, valid=valid, time=time, location=place)
            alone = encoder(x[:1], time=time[:1], location=place[:1])
            nothing = encoder(x, valid=torch.zeros_like(valid), time=time, location=place)
        torch.testing.assert_close(both.pooled[:1], alone.pooled, atol=1e-5, rtol=1e-4)
        assert bool(nothing.pooled.isfinite().all())
