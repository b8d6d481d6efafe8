"""Tiles of whole blocks, whatever an encoder's cells are."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from geoloop.core.embedding.embedder import LARGEST, STEP, shares, tiling_for, whole_cells


@given(st.integers(1, 600), st.sampled_from([1, 8, 16, 32]))
def test_a_tile_holds_whole_blocks_and_is_little_larger_than_they_ask_for(block: int, multiple: int) -> None:
    tiling = tiling_for(block, multiple)
    assert tiling.step % block == tiling.halo % block == 0
    assert tiling.halo >= multiple, "what an encoder makes of a tile's rim does not count"
    assert tiling.halo <= max(LARGEST, block + multiple)
    assert tiling.step <= max(STEP, tiling.halo)
    unit = math.lcm(block, multiple)
    if unit <= LARGEST:
        assert tiling.side % multiple == 0


def test_a_block_that_shares_no_divisor_with_the_cells_has_no_huge_tile() -> None:
    assert tiling_for(33, 32).side == 3 * 33
    assert tiling_for(25, 8).side == 3 * 25


def test_blocks_that_cut_cells_count_them_by_the_share_that_lies_within() -> None:
    pixels = torch.arange(40.0).expand(1, 1, 40, 40) + 100 * torch.arange(40.0)[:, None]
    cells = F.avg_pool2d(pixels, 8)
    weights = shares(3, 10, 5, 8.0)
    assert torch.allclose(weights.sum(dim=1), torch.ones(3))
    each = cells.repeat_interleave(8, -1).repeat_interleave(8, -2)
    expected = F.avg_pool2d(each, 10)[..., :3, :3]
    assert torch.allclose(weights @ cells @ weights.T, expected)


@pytest.mark.parametrize("side", [64, 75])
def test_what_makes_a_tile_whole_is_a_gap(side: int) -> None:
    images = torch.ones(2, 3, 1, side, side)
    whole = whole_cells(images, 8)
    assert whole.shape[-2:] == (-(-side // 8) * 8,) * 2
    assert torch.equal(whole[..., :side, :side], images)
    assert np.isnan(whole.numpy()).sum() == 6 * (whole.shape[-1] ** 2 - side**2)
