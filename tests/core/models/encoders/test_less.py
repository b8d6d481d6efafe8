"""The any-band transformer takes bands by their light: any number, in any order, with gaps."""

from __future__ import annotations

import pytest
import torch
from public_numbers import noise

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.card import EncoderCard
from geoloop.core.models.encoders.less import Less, LessShape, LowRank
from geoloop.core.models.encoders.mapping import map_bands
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band

LIGHT = [Band(f"{nm} nm", nm / 1000, "EnMAP") for nm in (460, 550, 660, 850, 1610, 2200)]
X = noise((2, 6, 32, 32), 8)


@pytest.fixture(scope="module")
def encoder() -> Less:
    torch.manual_seed(0)
    card = EncoderCard("any", "any", (), (24,) * 4, (2.0, 4.0, 8.0, 16.0), 24, 16)
    return Less(card, LessShape(places=12, bands=2, depth=4, heads=2)).eval()


def told(encoder: Less, bands: list[Band], x: torch.Tensor, valid: torch.Tensor | None = None) -> torch.Tensor:
    encoder.connect(map_bands(encoder.card, bands), bands)
    with torch.inference_mode():
        return encoder(x, valid=valid).pooled


def test_attention_is_the_product_of_places_and_bands() -> None:
    torch.manual_seed(1)
    product = LowRank(LessShape(places=6, bands=2, heads=2))
    x, seen = torch.randn(1, 5, 3, 12), torch.ones(1, 5, 3, dtype=torch.bool)
    with torch.inference_mode():
        found = product(x, seen)[0]
    assert found.shape == (5, 3, 12)
    # As a matrix of places by bands, each pair of a place's and a band's numbers has rank 1.
    for pair in found.unflatten(2, (6, 2)).permute(2, 3, 0, 1).flatten(0, 1):
        values = torch.linalg.svdvals(pair)
        assert float(values[1]) < 1e-5 * float(values[0])


def test_the_order_of_bands_does_not_matter_but_their_light_does(encoder: Less) -> None:
    order = [3, 0, 5, 1, 4, 2]
    one = told(encoder, LIGHT, X)
    torch.testing.assert_close(told(encoder, [LIGHT[i] for i in order], X[:, order]), one, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(told(encoder, LIGHT, X[:, order]), one, atol=1e-3)


def test_one_network_takes_few_bands_and_many(encoder: Less) -> None:
    for count in (1, 4, 60):
        bands = [Band(f"b{i}", 0.4 + 0.03 * i, "x") for i in range(count)]
        assert told(encoder, bands, noise((1, count, 32, 32), count)).shape == (1, 24)


def test_radar_goes_by_its_polarisation_and_a_band_without_light_is_refused(encoder: Less) -> None:
    radar = [Band("S1 VV", None, "S1"), Band("vh", None, "S1")]
    assert bool(told(encoder, radar, X[:, :2]).isfinite().all())
    bands = [Band("quality", None, "x")]
    with pytest.raises(InputError, match="band quality has none"):
        encoder.connect(map_bands(encoder.card, bands), bands)


def test_a_band_or_a_patch_that_is_not_seen_says_nothing(encoder: Less) -> None:
    valid = torch.ones(2, 6, 32, 32, dtype=torch.bool)
    valid[:, 4] = False
    valid[..., :16, :16] = False
    other = torch.where(valid, X, 50.0)
    one, two = told(encoder, LIGHT, X, valid), told(encoder, LIGHT, other, valid)
    torch.testing.assert_close(one, two)
    assert not torch.allclose(one, told(encoder, LIGHT, X), atol=1e-3)
    nothing = told(encoder, LIGHT, X, torch.zeros_like(valid))
    assert bool(nothing.isfinite().all())


def test_pixels_of_another_size_are_other_places(encoder: Less) -> None:
    one = told(encoder, LIGHT, X)
    encoder.pixel_m = 30.0
    other = told(encoder, LIGHT, X)
    encoder.pixel_m = 10.0
    assert not torch.allclose(one, other, atol=1e-4)


def test_it_learns_from_a_gradient() -> None:
    encoder = open_encoder("any_band_small", LIGHT, statistics=[(0.0, 0.3)] * 6)
    found = encoder(X[:1])
    assert [tuple(one.shape) for one in found.maps] == [
        (1, width, 32 // stride, 32 // stride) for width, stride in zip(encoder.card.widths, encoder.card.strides,
                                                                       strict=True)]
    (found.pooled.sum() + sum(one.sum() for one in found.maps)).backward()
    assert all(weight.grad is not None for weight in encoder.parameters())
