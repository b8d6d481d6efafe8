"""Plain vision transformers compute what timm's do, and read the files of SSL4EO-S12 and GeoLink.

The golden numbers were printed by timm 1.0.31 (VisionTransformer, dynamic_img_size; torch 2.13 on a CPU) with weights
and images made by ``public_numbers``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from accounts import settle
from public_layouts import geolink, vit
from public_numbers import noise, state

from geoloop.core.models.encoders.checkpoint import fill
from geoloop.core.models.encoders.encoder import Scene
from geoloop.core.models.encoders.mapping import map_bands
from geoloop.core.models.encoders.opening import known, open_encoder
from geoloop.core.models.encoders.transformer import TransformerShape
from geoloop.core.models.encoders.vit import ViTEncoder, ViTShape
from geoloop.core.models.encoders.vit_weights import VITS
from geoloop.core.sources.bands import Band

# The mean over patches of the result; two patches after block 3 of 4. For 64 × 64 pixels, and 64 × 96.
SQUARE = ([[1.837987, 0.615848, -0.795966, -0.046577, -1.915209], [1.748015, 0.551502, -0.729591, 0.028991, -1.949897]],
          [[0.743928, 0.292223, -0.582959], [0.893942, 0.59112, -0.669066]])
OBLONG = ([[1.70822, 0.590706, -0.637134, -0.13648, -1.936476]],
          [[0.715108, 0.639719, -0.665491], [0.799351, 0.665702, -0.372008]])
SIZES = {"small": (384, 12, 16, 14), "base": (768, 12, 16, 14), "large": (1024, 24, 16, 14), "huge": (1280, 32, 14, 16)}


@pytest.mark.parametrize(("shape", "golden"), [((2, 13, 64, 64), SQUARE), ((1, 13, 64, 96), OBLONG)])
def test_it_computes_what_timm_does(shape: tuple[int, ...], golden: tuple[list, list]) -> None:
    network = ViTEncoder(known("vit_small_s2_dino").card, 13, ViTShape(TransformerShape(96, 4, 3), grid=4)).eval()
    fill(network.trunk, state(vit(96, 4, 13, grid=4)), ())
    x = (noise(shape, 7) + 0.5)[:, :, None]
    with torch.inference_mode():
        found = network.encode(Scene(x, torch.ones_like(x, dtype=torch.bool), torch.ones(13, dtype=torch.bool)))
    torch.testing.assert_close(found.pooled[:, :5], torch.tensor(golden[0]), atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(found.maps[2][0, :3, 0, 1:3].T, torch.tensor(golden[1]), atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("entry", [one for one in VITS if one.card.bands], ids=lambda entry: entry.card.name)
def test_every_key_of_every_size_has_its_place(entry) -> None:
    name, bands = entry.card.name, len(entry.card.bands)
    size = "large" if name == "geolink_vit" else name.split("_")[1]
    width, depth, patch, grid = SIZES[size]
    dropped = settle(entry, vit(width, depth, bands, patch=patch, grid=grid, classes=10))
    assert dropped == {"the classifier of pretraining": 2}


def test_geolinks_file_with_the_maps_half_gives_its_image_encoder() -> None:
    assert settle(known("geolink_vit"), geolink()) == {
        "the patches' layer, which the file holds twice": 2,
        "parts of the image encoder that GeoLink does not use": 4,
        "the map's half and the decoders of pretraining": 12}


def test_a_file_without_the_last_normalisation_says_so(public_file: Callable[..., Path],
                                                      sentinel_2: list[Band]) -> None:
    path = public_file(vit(384, 12, 13, classes=5, normed=False), within="state_dict", epoch=3)
    report = open_encoder(f"vit_small_s2_moco:{path}", sentinel_2).report
    assert report is not None
    assert [name for name, _ in report.made] == ["norm.bias", "norm.weight"]
    assert "2 of the file's are left out: the classifier of pretraining" in report.lines()


def test_photographs_are_scaled_as_in_pretraining() -> None:
    photo = [Band(name, light, "ortho", scale=1 / 255) for name, light in {"red": 0.665, "green": 0.56,
                                                                        "blue": 0.49}.items()]
    entry = known("geolink_vit")
    small = ViTEncoder(entry.card, 3, ViTShape(TransformerShape(32, 4, 2)))
    small.connect(map_bands(entry.card, photo), photo)
    values = small.scene(torch.full((1, 3, 32, 32), 128.0)).values[0, :, 0, 0, 0]
    torch.testing.assert_close(values, (128 / 255 - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor(
        [0.229, 0.224, 0.225]))


def test_patches_under_clouds_are_left_out(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("vit_small", sentinel_2)
    x = noise((1, 13, 64, 64), 3) * 4000 + 2000
    valid = torch.ones(1, 1, 64, 64, dtype=torch.bool)
    valid[..., :32, :32] = False
    other = torch.where(valid, x, 0.0)
    with torch.inference_mode():
        one, two, clear = (encoder(x, valid=valid), encoder(other, valid=valid), encoder(x))
    torch.testing.assert_close(one.pooled, two.pooled)
    assert not torch.allclose(one.pooled, clear.pooled, atol=1e-3)
