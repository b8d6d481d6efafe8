"""The compact network says of a pixel what it says of it in any other tile."""

from __future__ import annotations

import torch

from geoloop.core.models.compact import BatchNorm, CompactUNet


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
