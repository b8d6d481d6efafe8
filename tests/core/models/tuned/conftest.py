"""Small fine-tuned encoders on imagery of a few bands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from geoloop.core.models.encoders.mapping import BandPolicy
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.tuned.network import TunedNetwork, tune
from geoloop.core.models.tuned_card import Method, TunedBand
from geoloop.core.sources.bands import Band

LIGHT = {"B02": 0.49, "B03": 0.56, "B04": 0.665, "B08": 0.842}


@pytest.fixture
def small() -> Callable[..., TunedNetwork]:
    """Galileo's smallest, or a ResNet, with random weights, ready to be tuned on four bands of two dates."""
    def make(method: Method = "lora", encoder: str = "galileo_nano", outputs: int = 3, **more: object) -> TunedNetwork:
        source = [Band(name, light, "S2", scale=1e-4) for name, light in LIGHT.items()]
        opened = open_encoder(encoder, source, BandPolicy(missing="mean"), statistics=[(1000.0, 300.0)] * 4, seed=1)
        bands = tuple(TunedBand(name, (number, number + 4), light, 1e-4, 0.0, 1000.0, 300.0)
                      for number, (name, light) in enumerate(LIGHT.items()))
        torch.manual_seed(2)
        return tune(opened, method, bands, ("2021-05-01", "2021-07-10"), outputs, missing="mean",
                    location=(52.5, 13.4), **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def images() -> torch.Tensor:
    """Two images of eight channels, a corner of one without measurement."""
    x = torch.rand(2, 8, 32, 32, generator=torch.Generator().manual_seed(0)) * 3000
    x[0, :4, :8, :8] = torch.nan
    return x
