"""Prithvi computes what its public implementation does, leaves out what clouds hide, and says it.

The golden numbers were printed by PrithviMAE of github.com/IBM/terratorch (commit 85467a9f, with timm 1.0.31 and torch
2.13 on a CPU) with weights and images made by ``public_numbers``; no published weights were at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from public_layouts import prithvi
from public_numbers import noise, state

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.checkpoint import fill, renamed
from geoloop.core.models.encoders.encoder import Scene
from geoloop.core.models.encoders.opening import known, open_encoder, open_filler
from geoloop.core.models.encoders.prithvi import Prithvi, PrithviShape
from geoloop.core.models.encoders.prithvi_weights import PRITHVI
from geoloop.core.models.encoders.published import Published
from geoloop.core.models.encoders.transformer import TransformerShape
from geoloop.core.sources.bands import Band

WHEN = torch.tensor([[[2019.0, 45.0], [2020.0, 200.0]]] * 2)
WHERE = torch.tensor([[51.3, 12.4], [-12.0, -70.5]])
X = noise((2, 6, 2, 64, 64), 99) * 2
# The vectors' first five numbers; of the third map (after block 3 of 4) two channels of two patches; hidden values.
TOLD = ([[-1.510242, -2.190101, -0.769972, -0.123498, -0.731855],
         [-1.524361, -2.098661, -0.572997, -0.340482, -0.705716]],
        [[-1.463123, -0.5318, -0.029546, -0.432759],
         [-1.845752, -0.635183, 0.152133, 0.158769]],
        [[-0.187261, -0.101706],
         [-0.243468, -0.099362]], [-0.319607, -0.338942])
FIRST = ([[0.495244, -0.93849, -0.37164, -0.249182, -0.164082],
         [0.417266, -0.993238, -0.308505, -0.122963, -0.170018]],
        [[-0.350761, -0.11405, 1.704844, 0.633328],
         [-0.068879, -0.211848, 1.296036, 0.237338]],
        [[-0.273622, 0.903762],
         [-0.304083, 0.879803]], [-0.595499, -0.63553])
HIDDEN = torch.zeros(2, 32, dtype=torch.bool)
HIDDEN[:, 5], HIDDEN[:, 20:26] = True, True


def tiny(first: bool) -> Prithvi:
    shape = PrithviShape(TransformerShape(192, 4, 3, eps=1e-5), TransformerShape(128, 2, 4, eps=1e-5),
                         told=not first)
    entry = known("prithvi_eo_v1_100" if first else "prithvi_eo_v2_tiny_tl")
    return Prithvi(entry.card, shape, decodes=True)


SIZES = {"prithvi_eo_v1_100": (768, 12, 16), "prithvi_eo_v2_tiny_tl": (192, 12, 16),
         "prithvi_eo_v2_100_tl": (768, 12, 16), "prithvi_eo_v2_300": (1024, 24, 16),
         "prithvi_eo_v2_300_tl": (1024, 24, 16), "prithvi_eo_v2_600": (1280, 32, 14),
         "prithvi_eo_v2_600_tl": (1280, 32, 14)}


def scene() -> Scene:
    return Scene(X, torch.ones_like(X, dtype=torch.bool), torch.ones(6, dtype=torch.bool), WHEN, WHERE)


@pytest.mark.parametrize(("first", "golden"), [(False, TOLD), (True, FIRST)], ids=["v2", "v1"])
def test_it_computes_what_the_public_implementation_does(first: bool, golden: tuple[list, ...]) -> None:
    network, layout = tiny(first), prithvi(192, 4, 128, 2, told=not first, first=first)
    rules = known("prithvi_eo_v1_100" if first else "prithvi_eo_v2_tiny_tl").filler_rules
    report = fill(network.trunk, state(layout), rules)
    assert dict(report.dropped) == {"positions, which are computed anew": 2}
    assert report.loaded == len(layout) - 2
    pooled, patches, hidden, other = (torch.tensor(one) for one in golden)
    with torch.inference_mode():
        found = network.eval().encode(scene())
        said = network.reconstruct(scene(), ~HIDDEN)
    torch.testing.assert_close(found.pooled[:, :5], pooled, atol=2e-4, rtol=1e-3)
    torch.testing.assert_close(found.maps[2][:, :2, 0, 1:3].transpose(1, 2).flatten(1), patches, atol=2e-4, rtol=1e-3)
    torch.testing.assert_close(said[:, :2, 0, 19, 21], hidden, atol=2e-4, rtol=1e-3)
    torch.testing.assert_close(said[:, 5, 1, 23, 9], other, atol=2e-4, rtol=1e-3)


@pytest.mark.parametrize("entry", PRITHVI, ids=lambda entry: entry.card.name)
def test_every_key_of_every_size_has_its_place(entry: Published) -> None:
    name = entry.card.name
    width, depth, patch = SIZES[name]
    layout = prithvi(width, depth, patch=patch, dates=3, told=name.endswith("tl"), first="v1" in name)
    assert entry.filler is not None
    for build, rules in ((entry.build, entry.rules), (entry.filler, entry.filler_rules)):
        with torch.device("meta"):
            wanted = build(entry.card, 6).get_submodule("trunk").state_dict()
            given, dropped = renamed({key: torch.empty(shape) for key, shape in layout.items()}, rules)
        assert {key: value.shape for key, value in given.items()} == {key: one.shape for key, one in wanted.items()}
        assert sum(dropped.values()) == len(layout) - len(given)
        assert all(dropped)


LANDSAT = [Band(name, light, "HLS", scale=1e-4) for name, light in {
    "blue": 0.49, "green": 0.56, "red": 0.665, "nir08": 0.865, "swir16": 1.61, "swir22": 2.19}.items()]
STORED = (noise((1, 6, 3, 32, 64), 5) + 0.6) * 3000


def test_a_public_file_opens_with_and_without_its_decoder(public_file: Callable[..., Path]) -> None:
    path = public_file(prithvi(192, 12, told=True))
    encoder = open_encoder(str(path), LANDSAT)
    assert encoder.card.name == "prithvi_eo_v2_tiny_tl"
    assert encoder.report is not None
    # Positions of encoder and decoder, then the decoder's other weights.
    assert sorted(count for _, count in encoder.report.dropped) == [2, 105]
    filler = open_filler(str(path), LANDSAT)
    assert filler.report is not None
    assert filler.report.loaded == encoder.report.loaded + 105
    with pytest.raises(InputError, match="presto cannot say what a gap hides; prithvi_eo_v1_100"):
        open_filler("presto", LANDSAT)


def test_dates_and_places_are_heard() -> None:
    x, when, where = STORED[:, :, :2], WHEN[:1], WHERE[:1]
    told = open_encoder("prithvi_eo_v2_tiny_tl", LANDSAT)
    with torch.inference_mode():
        assert not torch.allclose(told(x, time=when).pooled, told(x).pooled, atol=1e-4)
        assert not torch.allclose(told(x, location=where).pooled, told(x).pooled, atol=1e-4)


def test_a_date_under_clouds_changes_nothing() -> None:
    encoder = open_encoder("prithvi_eo_v2_tiny_tl", LANDSAT)
    valid = torch.ones(1, 1, 3, 32, 64, dtype=torch.bool)
    valid[:, :, 2] = False
    other = STORED.clone()
    other[:, :, 2] = 9e5
    with torch.inference_mode():
        one, two = encoder(STORED, valid=valid), encoder(other, valid=valid)
        clear = encoder(STORED[:, :, :2])
    torch.testing.assert_close(one.pooled, two.pooled)
    torch.testing.assert_close(one.pooled, clear.pooled, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(one.maps[0], clear.maps[0], atol=1e-5, rtol=1e-4)


def test_filling_changes_gaps_alone_and_leaves_none_where_something_is_seen() -> None:
    filler = open_filler("prithvi_eo_v2_tiny_tl", [*LANDSAT, Band("thermal", 10.9, "HLS")])
    x = torch.cat([STORED, torch.full((1, 1, 3, 32, 64), 290.0)], dim=1).expand(2, -1, -1, -1, -1).clone()
    valid = torch.ones(2, 1, 3, 32, 64, dtype=torch.bool)
    valid[0, :, 1, 4:20, 10:40] = False
    valid[1] = False
    with torch.inference_mode():
        found = filler.fill(x, valid)
    gap = ~valid[0, 0]
    assert torch.equal(found.images[0, :6][:, ~gap], x[0, :6][:, ~gap])
    assert bool(found.images[0, :6].isfinite().all())
    assert not torch.equal(found.images[0, :6][:, gap], x[0, :6][:, gap])
    assert bool(found.images[0, 6][gap].isnan().all())  # a band that it does not know
    assert bool(found.images[1].isnan().all())  # nothing seen, nothing said
    assert torch.equal(found.filled[0, 0], gap)
    assert not found.filled[0, 6].any()
    assert not found.filled[1].any()
    assert float(found.images[0, :6][:, gap].std()) < 1e5


def test_what_is_hidden_does_not_leak_into_what_is_said() -> None:
    filler = open_filler("prithvi_eo_v2_tiny_tl", LANDSAT)
    valid = torch.ones(1, 1, 3, 32, 64, dtype=torch.bool)
    valid[..., 1, :16, :16] = False
    other = torch.where(valid, STORED, 12_000.0)
    with torch.inference_mode():
        torch.testing.assert_close(filler.fill(STORED, valid).images, filler.fill(other, valid).images)


def test_an_encoder_opened_without_its_decoder_says_so() -> None:
    encoder = open_encoder("prithvi_eo_v2_tiny_tl", LANDSAT)
    assert isinstance(encoder, Prithvi)
    with pytest.raises(ValueError, match="without its decoder"):
        encoder.reconstruct(scene(), ~HIDDEN)
