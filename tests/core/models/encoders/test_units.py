"""Imagery whose files declare no scale is understood by its values, told, or refused."""

from __future__ import annotations

import math

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.encoders.units import measured_units
from geoloop.core.sources.bands import Band
from geoloop.core.sources.scenes import SENTINEL_2

BANDS = [Band(name, light, "S2") for name, light in SENTINEL_2.items()]


@pytest.mark.parametrize(("mean", "scale"), [(0.2, 1.0), (90.0, 1 / 255), (1800.0, 1e-4)])
def test_the_scale_follows_from_the_values(mean: float, scale: float) -> None:
    units = measured_units(BANDS, [(mean, mean / 2)] * 13)
    assert {band.scale for band in units.bands} == {scale}
    assert bool(units.assumed) == (scale != 1.0)
    if scale == 1e-4:
        assert units.assumed[0].endswith("declare no scale; their values look like reflectance × 10000.")


def test_what_a_file_declares_is_believed() -> None:
    declared = [Band("B02", 0.49, "x", scale=1e-4, offset=-0.1), Band("B03", 0.56, "x")]
    units = measured_units(declared, [(1800.0, 1.0), (1900.0, 1.0)])
    assert units.bands[0] == declared[0]
    assert units.bands[1].scale == 1e-4


def test_heights_and_temperatures_are_no_reflectance() -> None:
    bands = [Band("elevation", None, "dem"), Band("thermal", 10.9, "x"), Band("B02", 0.49, "x")]
    units = measured_units(bands, [(800.0, 1.0), (290.0, 1.0), (0.1, 1.0)])
    assert units.bands == tuple(bands)


def test_values_that_are_nothing_known_are_refused() -> None:
    with pytest.raises(InputError, match="set the bands' scale and offset"):
        measured_units(BANDS, [(-40.0, 1.0)] + [(500.0, 1.0)] * 12)
    with pytest.raises(InputError, match=r"10 \* log10"):
        measured_units([Band("S1 VV", None, "x")], [(0.08, 0.1)])
    assert measured_units([Band("S1 VV", None, "x")], [(-11.0, 3.0)]).assumed == ()


@pytest.mark.parametrize("empty", [0, 12])
def test_a_band_without_any_valid_pixel_says_nothing_of_the_units(empty: int) -> None:
    statistics = [(math.nan if number == empty else 0.2, 0.1) for number in range(13)]
    assert {band.scale for band in measured_units(BANDS, statistics).bands} == {1.0}
    with pytest.raises(InputError, match=r"None of B01, .* has a valid pixel"):
        measured_units(BANDS, [(math.nan, math.nan)] * 13)


def test_an_encoder_sees_the_same_whatever_the_units() -> None:
    x = torch.rand(1, 13, 32, 32, generator=torch.Generator().manual_seed(0)) * 0.4
    results = []
    for factor in (1.0, 255.0, 1e4):
        encoder = open_encoder("resnet18_s2_moco", BANDS, statistics=[(0.2 * factor, 0.1 * factor)] * 13)
        with torch.inference_mode():
            results.append(encoder(x * factor).pooled)
    torch.testing.assert_close(results[0], results[1], atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(results[0], results[2], atol=1e-4, rtol=1e-3)
