"""U-Nets, CromSS and FarSeg: public layouts, and the numbers of public implementations.

The golden numbers were printed by segmentation-models-pytorch 0.5.0 (Unet, resnet18), and by torchvision 0.28's
ResNet-50 with the pyramid of github.com/Z-Zheng/SimpleCV and SceneRelation and AssymetricDecoder of
github.com/Z-Zheng/FarSeg (commit 35ba29f), torch 2.13 on a CPU, with weights and images made by ``public_numbers``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from accounts import settle
from public_layouts import cromss, farseg
from public_numbers import noise, state

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.checkpoint import fill
from geoloop.core.models.encoders.cromss import CromSS
from geoloop.core.models.encoders.encoder import Encoder, Features, Scene
from geoloop.core.models.encoders.mapping import BandPolicy, map_bands
from geoloop.core.models.encoders.opening import known, open_encoder
from geoloop.core.models.encoders.resnet import RESNET_18
from geoloop.core.sources.bands import Band


def filled(name: str, layout: dict[str, tuple[int, ...]]) -> Encoder:
    entry = known(name)
    encoder = entry.build(entry.card, 3)
    fill(encoder.get_submodule("trunk"), state(layout), entry.rules)
    return encoder.eval()


def features(encoder: Encoder, x: torch.Tensor, present: torch.Tensor) -> Features:
    x = x[:, :, None]
    with torch.inference_mode():
        return encoder.encode(Scene(x, torch.ones_like(x, dtype=torch.bool), present))


def close(found: torch.Tensor, golden: list[float]) -> None:
    torch.testing.assert_close(found, torch.tensor(golden), atol=2e-5, rtol=2e-3)


def test_both_sensors_of_cromss_compute_what_the_public_unets_do() -> None:
    entry = known("cromss_13b_late")
    encoder = CromSS(entry.card, late=True, shape=RESNET_18).eval()
    fill(encoder.trunk, state(cromss(13, late=True, blocks=(2, 2, 2, 2), expansion=1)), entry.rules)
    x, radar = noise((1, 15, 64, 64), 11) + 0.5, torch.arange(15) < 2
    found = features(encoder, x, radar)
    close(found.pooled[0, :4], [0.184462, 0.020673, 0.12162, 0.0])
    close(found.maps[3].mean(dim=1)[0, 1], [0.038262, 0.040373, 0.040606, 0.040371])
    close(found.maps[0].mean(dim=1)[0, 16, ::8], [0.048052, 0.047082, 0.048635, 0.048987])
    found = features(encoder, x, ~radar)
    close(found.pooled[0, :4], [0.08988, 0.0, 0.178967, 0.138871])
    close(found.maps[3].mean(dim=1)[0, 1], [0.039102, 0.039074, 0.038958, 0.037408])
    close(found.maps[0].mean(dim=1)[0, 16, ::8], [0.046952, 0.053065, 0.055624, 0.052762])
    found = features(encoder, x, radar | ~radar)
    close(found.maps[0].mean(dim=1)[0, 16, ::8], [0.047502, 0.050073, 0.052129, 0.050875])


@pytest.mark.parametrize(("bands", "late"), [(13, False), (13, True), (9, False), (9, True)])
def test_every_key_of_cromss_has_its_place(bands: int, late: bool) -> None:
    dropped = settle(known(f"cromss_{bands}b_{'late' if late else 'mid'}"), cromss(bands, late=late))
    assert dropped["the classes of pretraining, Dynamic World's"] == (4 if late else 2)
    assert len(dropped) == 2


def test_cromss_file_with_its_scripts_settings_is_read_without_running_anything(
    public_file: Callable[..., Path], sentinel_1: list[Band], sentinel_2: list[Band],
) -> None:
    path = public_file(cromss(9, late=False), "cromss.ckpt", within="state_dict",
                       hyper_parameters={"args": argparse.Namespace(lr=5e-3, mt="resnet50")})
    encoder = open_encoder(f"cromss_9b_mid:{path}", [*sentinel_1, *sentinel_2])
    assert encoder.report is not None
    assert encoder.report.made == ()
    x = torch.cat([torch.full((1, 2, 32, 32), -15.0), torch.full((1, 13, 32, 32), 9e4)], dim=1)
    values = encoder.scene(x).values[0, :, 0, 0, 0]
    assert float(values[0]) == pytest.approx((-15 + 12.54847273 + 2 * 5.25697717) / (4 * 5.25697717), abs=1e-5)
    # The archive was kept in 8 bits: blue is never above its mean and two deviations.
    assert float(values[2]) == pytest.approx((1390.78157673 + 2 * 850.34818441) / 1e4, abs=1e-5)


def test_radar_speaks_where_clouds_hide_the_light(sentinel_1: list[Band], sentinel_2: list[Band]) -> None:
    card = known("cromss_13b_mid").card
    torch.manual_seed(0)
    encoder = CromSS(card, late=False, shape=RESNET_18).eval()
    everything = [*sentinel_1, *sentinel_2]
    encoder.connect(map_bands(card, everything), everything)
    x = torch.cat([noise((2, 2, 32, 32), 1) * 10 - 12, noise((2, 13, 32, 32), 2) * 3000 + 2000], dim=1)
    cloudy = torch.ones_like(x, dtype=torch.bool)
    cloudy[1, 2:] = False
    with torch.inference_mode():
        found, clear = encoder(x, valid=cloudy), encoder(x)
        encoder.connect(map_bands(card, sentinel_1, BandPolicy(missing="mean")), sentinel_1)
        radar = encoder(x[:, :2])
    torch.testing.assert_close(found.pooled[1], radar.pooled[1])
    torch.testing.assert_close(found.pooled[0], clear.pooled[0])
    with pytest.raises(InputError, match="needs B01"):
        open_encoder("cromss_13b_mid", sentinel_1)


def test_farseg_computes_what_its_public_parts_do() -> None:
    encoder = filled("farseg_isaid", farseg())
    found = features(encoder, noise((1, 3, 64, 64), 13) * 4, torch.ones(3, dtype=torch.bool))
    close(found.pooled[0, :5], [0.261806, 0.012477, 0.227747, 0.373757, 0.035846])
    close(found.maps[0].mean(dim=1)[0, 5, ::4], [0.036652, 0.036357, 0.036371, 0.036415])
    close(found.maps[2].mean(dim=1)[0, 1], [0.021258, 0.022571, 0.022591, 0.021514])
    close(found.maps[1].mean(dim=1)[0, 3, :4], [0.022081, 0.02178, 0.022005, 0.021734])


def test_every_key_of_farseg_has_its_place() -> None:
    dropped = settle(known("farseg_isaid"), farseg())
    assert dropped["the classifier of pretraining"] == 3
    assert len(dropped) == 2


@pytest.mark.parametrize("name", ["unet", "farseg"])
def test_the_baselines_take_any_bands_and_learn(name: str, sentinel_2: list[Band]) -> None:
    encoder = open_encoder(name, sentinel_2[:5], statistics=[(2000.0, 500.0)] * 5)
    x = noise((2, 5, 32, 32), 4) * 1000 + 2000
    found = encoder(x)
    strides, widths = encoder.card.strides, encoder.card.widths
    assert [tuple(one.shape[1:]) for one in found.maps] == [
        (width, 32 // stride, 32 // stride) for width, stride in zip(widths, strides, strict=True)]
    sum(one.mean() for one in found.maps).backward()
    assert all(weight.grad is not None for weight in encoder.parameters())
