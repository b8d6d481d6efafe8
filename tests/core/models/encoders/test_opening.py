"""An encoder is opened for the bands that there are, and every key of its file is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.mapping import BandPolicy
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.encoders.registry import REGISTRY
from geoloop.core.sources.bands import Band

X = torch.rand(2, 13, 64, 64, generator=torch.Generator().manual_seed(0)) * 4000


def test_an_unknown_name_is_answered_with_the_names_there_are(sentinel_2: list[Band]) -> None:
    with pytest.raises(InputError, match=r"no encoder .resnet7.; there are .*resnet18"):
        open_encoder("resnet7", sentinel_2)


@pytest.mark.parametrize("name", ["resnet18_s2_moco", "resnet18"])
def test_features_have_the_sizes_that_the_card_says(name: str, sentinel_2: list[Band]) -> None:
    encoder = open_encoder(name, sentinel_2)
    with torch.inference_mode():
        found = encoder(X)
    card = encoder.card
    assert [tuple(one.shape) for one in found.maps] == [
        (2, width, 64 / stride, 64 / stride) for width, stride in zip(card.widths, card.strides, strict=True)]
    assert found.pooled.shape == (2, card.pooled)


def test_bands_are_found_by_light_in_any_order_and_under_any_name(sentinel_2: list[Band]) -> None:
    order = torch.randperm(13, generator=torch.Generator().manual_seed(1)).tolist()
    shuffled = [Band(f"channel {i}", sentinel_2[at].wavelength_um, "x", scale=1e-4) for i, at in enumerate(order)]
    with torch.inference_mode():
        one = open_encoder("resnet18_s2_moco", sentinel_2)(X).pooled
        other = open_encoder("resnet18_s2_moco", shuffled)(X[:, order]).pooled
    torch.testing.assert_close(one, other)


def test_what_is_stored_differently_is_the_same_once_measured(sentinel_2: list[Band]) -> None:
    shares = [Band(band.name, band.wavelength_um, "x", scale=0.5, offset=-0.1) for band in sentinel_2]
    with torch.inference_mode():
        one = open_encoder("resnet18_s2_moco", sentinel_2)(X).pooled
        other = open_encoder("resnet18_s2_moco", shares)((X * 1e-4 + 0.1) * 2).pooled
    torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_a_lacking_band_is_refused_by_name_and_light_unless_its_mean_may_stand_in(sentinel_2: list[Band]) -> None:
    few = [band for band in sentinel_2 if band.name != "B11"]
    with pytest.raises(InputError, match=r"needs B11 \(1.61 µm\), which the imagery lacks"):
        open_encoder("resnet18_s2_moco", few)
    encoder = open_encoder("resnet18_s2_moco", few, BandPolicy(missing="mean"))
    assert encoder.mapping is not None
    assert "B11 (1.61 µm) is lacking: its mean in pretraining stands in" in encoder.mapping.lines()
    assert "B03 (0.56 µm) is the imagery's B03" in encoder.mapping.lines()
    keep = [at for at in range(13) if at != 11]
    filled = X.clone()
    filled[:, 11] = 0.0
    with torch.inference_mode():
        torch.testing.assert_close(encoder(X[:, keep]).pooled,
                                   open_encoder("resnet18_s2_moco", sentinel_2)(filled).pooled)


def test_a_learnt_stand_in_gets_a_gradient(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("resnet18_s2_moco", sentinel_2[:11], BandPolicy(missing="learnt"))
    encoder(X[:, :11]).pooled.sum().backward()
    assert encoder.stand_in is not None
    assert encoder.stand_in.shape == (2,)
    assert encoder.stand_in.grad is not None
    assert bool((encoder.stand_in.grad != 0).all())


def test_imagery_with_nothing_in_common_is_refused_under_any_policy(sentinel_1: list[Band]) -> None:
    with pytest.raises(InputError, match="lacks"):
        open_encoder("resnet18_s2_moco", sentinel_1, BandPolicy(missing="mean"))


def test_vegetation_indices_are_computed_from_their_bands(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("seco_eco_ndvi", sentinel_2)
    x = torch.full((1, 13, 32, 32), 1000.0)
    x[:, 7] = 3000.0
    assert encoder.mapping is not None
    assert "NDVI is computed from B08 and B04" in encoder.mapping.lines()
    torch.testing.assert_close(encoder.scene(x).values[0, 8], torch.full((1, 32, 32), 0.5))
    x[:, 7] = 100.0
    assert float(encoder.scene(x).values[0, 8].max()) == 0.0
    of_a_file = open_encoder("seco_eco_ndvi", [*sentinel_2, Band("ndvi", None, "x")])
    assert of_a_file.mapping is not None
    assert "NDVI is computed from B08 and B04" in of_a_file.mapping.lines()
    assert "ndvi" in of_a_file.mapping.unused


def test_the_seed_alone_decides_random_weights(sentinel_2: list[Band]) -> None:
    torch.manual_seed(9)
    one = open_encoder("resnet18", sentinel_2, seed=3).state_dict()
    torch.rand(5)
    other = open_encoder("resnet18", sentinel_2, seed=3).state_dict()
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_weights_saved_as_they_were_wrapped_to_learn_fit_in_half_precision_too(sentinel_2: list[Band], tmp_path: Path
                                                                               ) -> None:
    plain = open_encoder("resnet18", sentinel_2, seed=4)
    state = plain.get_submodule("trunk").state_dict()
    wrapped = {f"module._orig_mod.{name}": value.half() for name, value in state.items()}
    torch.save({"state_dict": wrapped, "epoch": 3}, tmp_path / "mine.pth")
    opened = open_encoder(f"resnet18:{tmp_path / 'mine.pth'}", sentinel_2)
    weights = zip(opened.get_submodule("trunk").parameters(), plain.get_submodule("trunk").parameters(), strict=True)
    assert all(one.dtype == torch.float32 and torch.allclose(one, other, atol=1e-3) for one, other in weights)


def test_weights_that_are_no_numbers_are_refused(sentinel_2: list[Band], tmp_path: Path) -> None:
    """What learning has spoilt, or what half precision cannot hold."""
    state = open_encoder("resnet18", sentinel_2).get_submodule("trunk").state_dict()
    state["layer2.0.conv1.weight"] = (state["layer2.0.conv1.weight"] * 1e9).half()
    torch.save(state, tmp_path / "spoilt.pth")
    with pytest.raises(InputError, match=r"layer2\.0\.conv1\.weight holds what is no number"):
        open_encoder(f"resnet18:{tmp_path / 'spoilt.pth'}", sentinel_2)


def test_names_are_unique_and_every_card_says_where_weights_come_from() -> None:
    for name, entry in REGISTRY.items():
        card = entry.card
        assert card.name == name
        assert card.publication
        assert card.licence
        assert not card.bands or card.weights_from
        assert list(card.strides) == sorted(card.strides)
