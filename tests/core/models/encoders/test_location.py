"""Places as vectors: SatCLIP's harmonics, with the quirks its weights were trained with, and its file."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from public_layouts import satclip
from scipy.special import gammaln, lpmv

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.location import LOCATIONS, harmonics, open_location_encoder

PLACES = torch.tensor([[51.3, 12.4], [-33.9, 151.2], [0.0, 0.0], [89.9, -179.9], [-75.0, -60.0]], dtype=torch.float64)


def by_scipy(places: torch.Tensor, degrees: int) -> np.ndarray:
    """SatCLIP's expressions (its generator for sympy), with SciPy's Legendre functions."""
    theta, phi = np.radians(places[:, 0].numpy() + 90), np.radians(places[:, 1].numpy() + 180)
    columns = []
    for l in range(degrees):  # noqa: E741
        for m in range(-l, l + 1):
            legendre = lpmv(abs(m), l, np.cos(theta))
            if m == 0:
                columns.append(math.sqrt((2 * l + 1) / 4 * math.pi) * legendre)
                continue
            norm = math.sqrt((2 * l + 1) / (4 * math.pi)) * math.exp((gammaln(l - abs(m) + 1) - gammaln(
                l + abs(m) + 1)) / 2)
            turn = np.sin(abs(m) * phi) if m < 0 else np.cos(m * phi)
            columns.append((-1) ** m * math.sqrt(2) * norm * legendre * turn)
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("degrees", [10, 40])
def test_harmonics_are_satclips_to_the_last_digits(degrees: int) -> None:
    np.testing.assert_allclose(harmonics(PLACES, degrees).numpy(), by_scipy(PLACES, degrees), atol=1e-11)


def test_zonal_harmonics_are_pi_times_the_usual_ones() -> None:
    found = harmonics(PLACES, 3)
    assert float(found[0, 0]) == pytest.approx(math.pi * math.sqrt(1 / (4 * math.pi)))
    # Y₁₀ at the polar angle from the south: π √(3/4π) cos(latitude + 90°).
    assert float(found[0, 2]) == pytest.approx(math.pi * math.sqrt(3 / (4 * math.pi)) * math.cos(math.radians(141.3)))


def test_the_date_line_is_no_edge() -> None:
    encoder = open_location_encoder("satclip_vit16_l10")
    with torch.inference_mode():
        west, east = encoder(torch.tensor([[10.0, -180.0]])), encoder(torch.tensor([[10.0, 180.0]]))
    torch.testing.assert_close(west, east)


@pytest.mark.parametrize("degrees", [10, 40])
def test_a_public_file_is_read_key_by_key(degrees: int, public_file: Callable[..., Path]) -> None:
    path = public_file(satclip(degrees), "satclip.ckpt", within="state_dict", epoch=499,
                       hyper_parameters={"legendre_polys": degrees, "le_type": "sphericalharmonics"})
    encoder = open_location_encoder(f"satclip_vit16_l{degrees}:{path}")
    assert encoder.report is not None
    assert (encoder.report.loaded, encoder.report.dropped) == (6, (("the image's half of pretraining", 3),))
    state = torch.load(path, weights_only=True)["state_dict"]
    weight = {key.removeprefix("model.location.nnet."): value.double() for key, value in state.items()}
    x = torch.from_numpy(by_scipy(PLACES, degrees))
    x = torch.sin(30 * (x @ weight["layers.0.weight"].T + weight["layers.0.bias"]))
    x = torch.sin(x @ weight["layers.1.weight"].T + weight["layers.1.bias"])
    x = x @ weight["last_layer.weight"].T + weight["last_layer.bias"]
    with torch.inference_mode():
        torch.testing.assert_close(encoder(PLACES).double(), x, atol=2e-3, rtol=1e-3)
    other = 10 if degrees == 40 else 40
    with pytest.raises(InputError, match=rf"layers\.0\.weight is \(512, {degrees**2}\)"):
        open_location_encoder(f"satclip_vit16_l{other}:{path}")


def test_names_and_shapes_that_are_wrong_are_refused() -> None:
    with pytest.raises(InputError, match="no location encoder 'satclip'"):
        open_location_encoder("satclip")
    with pytest.raises(ValueError, match="latitude and longitude"):
        open_location_encoder("sphere")(torch.zeros(3))
    assert len(LOCATIONS) == 7
