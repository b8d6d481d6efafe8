"""A fit starts from what synthetic scenes taught, on whatever bands and classes the user has."""

from __future__ import annotations

import pytest
import torch

from geoloop.core.models.card import Channel
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.context import ContextNet
from geoloop.core.models.starting import WEIGHTS, Start, played, start_of
from geoloop.core.sources.bands import Band

RGB = [Band("red", 0.665, "photo"), Band("green", 0.56, "photo"), Band("blue", 0.49, "photo")]
NIR = Band("nir", 0.842, "photo")
BUILDINGS = ("other", "building")


@pytest.fixture(scope="module")
def start() -> Start:
    found = start_of("compact_unet")
    assert found is not None
    return found


def begun(start: Start, bands: list[Band], classes: tuple[str, ...] = BUILDINGS) -> CompactUNet:
    network = CompactUNet(len(bands), len(classes)).eval()
    start.give(network, bands, classes)
    return network


def scores(network: CompactUNet, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return network(x)


def test_what_ships_is_small_and_says_that_it_saw_synthetic_scenes_alone(start: Start) -> None:
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) <= 8e6
    assert all("synthetic" in source for source in start.card.trained_on)


def test_the_same_bands_and_classes_give_the_shipped_network(start: Start) -> None:
    x = torch.randn(1, 3, 32, 32)
    assert torch.equal(scores(begun(start, RGB), x), scores(start.network, x))


def test_bands_are_known_by_name_whatever_their_order(start: Start) -> None:
    x = torch.randn(1, 3, 32, 32)
    mirrored = scores(begun(start, RGB[::-1]), x.flip(1))
    assert torch.allclose(mirrored, scores(start.network, x), atol=1e-4)


def test_a_band_that_the_network_never_saw_says_nothing_at_first_but_can_be_learnt(start: Start) -> None:
    network = begun(start, [*RGB, NIR])
    x = torch.randn(1, 4, 32, 32)
    assert torch.allclose(scores(network, x), scores(start.network, x[:, :3]), atol=1e-4)
    network(x).square().sum().backward()
    first = network.down[0][0].weight
    assert first.grad[:, 3].abs().max() > 0


@pytest.mark.parametrize(("bands", "shares"), [
    ([NIR, RGB[0], RGB[1]], [[0, 0, 0], [1, 0, 0], [0, 1, 1]]),
    ([Band("pan", 0.65, "photo")], [[1, 1, 1]]),
    ([Band("B02", 0.49, "s"), Band("B03", 0.56, "s"), Band("B04", 0.665, "s")], [[0, 0, 1], [0, 1, 0], [1, 0, 0]]),
    ([Band("band 1", None, "photo"), Band("band 2", None, "photo")], [[0.5] * 3, [0.5] * 3]),
])
def test_each_channel_is_played_by_the_band_of_its_name_or_nearest_light_else_by_all(
        start: Start, bands: list[Band], shares: list[list[float]]) -> None:
    assert played(start.card.inputs[0].channels, bands).tolist() == shares


def test_a_channel_is_played_by_the_band_of_its_name_however_that_is_written() -> None:
    channels, bands = (Channel("NDVI"), Channel("Height")), [Band("Height", None, "dsm"), Band("ndvi", None, "index")]
    assert played(channels, bands).tolist() == [[0, 1], [1, 0]]


def test_new_classes_start_from_chance_and_known_ones_by_name(start: Start) -> None:
    network = begun(start, RGB, ("road", "building", "other"))
    head, shipped = network.head.weight, start.network.head.weight
    assert torch.equal(head[1], shipped[1])
    assert torch.equal(head[2], shipped[0])
    assert not any(torch.equal(head[0], row) for row in shipped)


def test_the_log_says_what_was_adapted(start: Start) -> None:
    plain = start.line(RGB, BUILDINGS)
    assert "synthetic" in plain
    assert "bands" not in plain
    adapted = start.line([*RGB, NIR], (*BUILDINGS, "road"))
    assert "nir as nothing yet" in adapted
    assert "new classes: road" in adapted


def test_there_is_no_start_for_spectra_alone() -> None:
    assert start_of("context_net") is None


def test_a_network_of_another_kind_is_refused(start: Start) -> None:
    with pytest.raises(TypeError):
        start.give(ContextNet(3, 2), RGB, BUILDINGS)
