"""Dates and gaps: what is not seen says nothing."""

from __future__ import annotations

import pytest
import torch

from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band

X = torch.rand(1, 13, 3, 32, 32, generator=torch.Generator().manual_seed(2)) * 4000


def test_a_date_under_clouds_changes_nothing(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("resnet18_s2_moco", sentinel_2)
    valid = torch.ones(1, 1, 3, 32, 32, dtype=torch.bool)
    valid[:, :, 1] = False
    with torch.inference_mode():
        found, clear = encoder(X, valid=valid), encoder(X[:, :, [0, 2]])
    for one, other in zip(found.maps, clear.maps, strict=True):
        torch.testing.assert_close(one, other)
    torch.testing.assert_close(found.pooled, clear.pooled)


def test_values_in_a_gap_do_not_matter_nor_do_numbers_that_are_none(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("resnet18_s2_moco", sentinel_2)
    valid = torch.ones(1, 1, 3, 32, 32, dtype=torch.bool)
    valid[..., :9, :] = False
    clouded, broken = X.clone(), X.clone()
    clouded[..., :9, :] = 12_000.0
    broken[..., :9, :] = float("nan")
    with torch.inference_mode():
        one, other, third = encoder(X, valid=valid), encoder(clouded, valid=valid), encoder(broken)
    torch.testing.assert_close(one.pooled, other.pooled)
    torch.testing.assert_close(one.pooled, third.pooled)


def test_imagery_without_a_valid_pixel_gives_numbers_all_the_same(sentinel_2: list[Band]) -> None:
    encoder = open_encoder("resnet18_s2_moco", sentinel_2)
    with torch.inference_mode():
        found = encoder(torch.full_like(X, float("nan")))
    assert all(bool(one.isfinite().all()) for one in (*found.maps, found.pooled))


@pytest.mark.parametrize("shape", [(1, 12, 32, 32), (1, 13, 30, 32), (13, 32, 32)])
def test_wrong_shapes_are_refused(shape: tuple[int, ...], sentinel_2: list[Band]) -> None:
    with pytest.raises(ValueError, match="Images"):
        open_encoder("resnet18_s2_moco", sentinel_2)(torch.zeros(shape))
