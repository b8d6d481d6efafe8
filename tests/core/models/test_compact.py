"""The compact network says of a pixel what it says of it in any other tile."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scipy import ndimage
from torch.nn import functional as F

from geoloop.core.feedback import Feedback
from geoloop.core.fusion.evidence import TILING
from geoloop.core.inference.tiler import here, run_tiles
from geoloop.core.inference.tiling import Lattice
from geoloop.core.models.compact import BatchNorm, CompactUNet, beside_doubled
from geoloop.core.models.starting import start_of


def settled(bands: int = 3) -> CompactUNet:
    """A network whose normalisation has seen something."""
    torch.manual_seed(1)
    network = CompactUNet(bands, 2).train()
    for _ in range(12):
        network(torch.randn(2, bands, 64, 64) * 2 + 0.5)
    return network.eval()


def test_a_pixel_is_judged_alike_in_tiles_of_any_size() -> None:
    network = settled()
    x = torch.randn(1, 3, 384, 384)
    x[..., 300:, :] += 6.0
    with torch.inference_mode():
        whole, part = (network(tile).softmax(dim=1) for tile in (x, x[..., :288, :288]))
    assert torch.allclose(whole[..., 112:176, 112:176], part[..., 112:176, 112:176], atol=1e-4)


def test_tiles_of_evidence_leave_no_trace_whatever_their_size() -> None:
    start = start_of("compact_unet")
    assert start is not None
    rng = np.random.default_rng(0)
    scene = sum(ndimage.gaussian_filter(rng.normal(size=(3, 900, 900)), (0, s, s)) * s for s in (1, 4, 16))
    scene = np.pad((scene / scene.std()).astype(np.float32), [(0, 0), *[(TILING.side,) * 2] * 2])

    def read(window):
        row, column = (int(at) + TILING.side for at in (window.row_off, window.col_off))
        x = scene[:, row:row + int(window.height), column:column + int(window.width)]
        return x, np.ones(x.shape[1:], bool)

    def predict(x, valid, windows):
        with torch.inference_mode():
            return start.network(torch.from_numpy(x)).softmax(dim=1).numpy()

    def evidence(step: int):
        lattice = Lattice.over(replace(TILING, step=step), (900, 900))
        return np.concatenate([rows.values for rows in run_tiles(lattice, here(read, predict), 2, Feedback())], axis=1)

    whole = evidence(TILING.step)
    assert whole[1].std() > 0.05
    assert np.abs(whole - evidence(320)).max() < 1e-5


def test_normalisation_predicts_by_what_it_gathered_while_it_learnt() -> None:
    norm = BatchNorm(2).train()
    norm.momentum = 1.0
    x = torch.randn(8, 2, 16, 16) * torch.tensor([2.0, 5.0])[:, None, None] + 3
    norm(x)
    y = norm.eval()(x)
    assert torch.allclose(y.mean((0, 2, 3)), torch.zeros(2), atol=1e-4)
    assert torch.allclose(y.var((0, 2, 3)), torch.ones(2), atol=1e-2)


def test_all_that_a_network_holds_are_numbers_that_a_file_of_weights_can_hold() -> None:
    assert all(tensor.is_floating_point() for tensor in CompactUNet(3, 2).state_dict().values())


def test_a_map_beside_another_at_twice_its_size_is_convolved_as_if_it_were_drawn_larger() -> None:
    torch.manual_seed(2)
    weight = torch.randn(5, 3 + 4, 3, 3, dtype=torch.float64, requires_grad=True)
    skip, x = torch.randn(2, 3, 10, 14, dtype=torch.float64), torch.randn(2, 4, 5, 7, dtype=torch.float64)
    drawn = F.conv2d(torch.cat([skip, F.interpolate(x, scale_factor=2.0)], dim=1), weight, padding=1)
    ours = beside_doubled(weight, skip, x)
    assert torch.allclose(ours, drawn, atol=1e-12)
    one, other = (torch.autograd.grad(result.square().sum(), weight)[0] for result in (ours, drawn))
    assert torch.allclose(one, other, atol=1e-9)
