"""Fine-tuned encoders: they begin as what they were, train little, keep what is frozen, and come back from a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.ensemble import TUNED, build
from geoloop.core.models.export import export_onnx
from geoloop.core.models.files import open_model, save_network
from geoloop.core.models.tuned.decoder import pixels_for
from geoloop.core.models.tuned.earth_adapter import AdaptedBlock, FrequencyAdapter, low_pass
from geoloop.core.models.tuned.network import TunedNetwork, fingerprint, opened

Small = Callable[..., TunedNetwork]


def card_of(network: TunedNetwork) -> ModelCard:
    """A card as a job writes it."""
    names = ("a", "b", "c")[:network.classes] if network.says == "classes" else ("value", "standard deviation")
    return ModelCard(
        "tuned", TUNED, "segmentation" if network.says == "classes" else "regression",
        (ModelInput("bands", tuple(Channel(f"c{n}") for n in range(8)), side=32, multiple=8, gaps="missing"),),
        (ModelOutput("classes", classes=tuple(ClassLabel(n, name) for n, name in enumerate(names))),),
        origin="geoloop", widths=network.widths, tuned=network.card)


@pytest.mark.parametrize("encoder", ["galileo_nano", "presto", "resnet18"])
@pytest.mark.parametrize("method", ["lora", "adapter"])
def test_additions_begin_as_nothing(small: Small, images: torch.Tensor, method: str, encoder: str) -> None:
    plain, added = small("probe", encoder).eval(), small(method, encoder).eval()
    # The path for pixels, which may be of another width, begins as nothing, too.
    added.decoder.load_state_dict({name: value for name, value in plain.decoder.state_dict().items()
                                   if not name.startswith("pixels.")}, strict=False)
    with torch.no_grad():
        assert torch.allclose(plain(images[..., :8, :8] if encoder == "presto" else images),
                              added(images[..., :8, :8] if encoder == "presto" else images), atol=1e-5)


@pytest.mark.parametrize("encoder", ["galileo_nano", "presto", "resnet18"])
@pytest.mark.parametrize("method", ["probe", "lora", "adapter"])
def test_less_than_a_twentieth_of_the_weights_learns(small: Small, method: str, encoder: str) -> None:
    network = small(method, encoder)
    assert 0 < network.trained_share < 0.05
    assert small("full", encoder).trained_share > 0.8


@pytest.mark.parametrize("method", ["probe", "lora", "adapter", "full"])
def test_only_what_shall_learn_gets_a_gradient(small: Small, images: torch.Tensor, method: str) -> None:
    network = small(method).train()
    network(images).square().mean().backward()
    learnt = {name for name, one in network.named_parameters() if one.grad is not None and bool(one.grad.any())}
    assert any(name.startswith("decoder.") for name in learnt)
    in_trunk = {name for name in learnt if name.startswith("encoder.trunk.")}
    assert all("lora_" in name or ".expert." in name for name in in_trunk) == (method != "full")
    assert bool(in_trunk) == (method != "probe")


def test_a_frozen_encoder_keeps_its_statistics(small: Small, images: torch.Tensor) -> None:
    frozen, whole = small("lora", "resnet18").train(), small("full", "resnet18").train()
    before = fingerprint(frozen.encoder), fingerprint(whole.encoder)
    frozen(images)
    whole(images)
    assert fingerprint(frozen.encoder) == before[0]
    assert fingerprint(whole.encoder) != before[1]


@pytest.mark.parametrize("method", ["probe", "lora", "adapter", "full"])
def test_a_model_file_brings_it_back(small: Small, images: torch.Tensor, tmp_path: Path, method: str) -> None:
    network = small(method).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
        network.decoder.temperature.fill_(2.0)
    save_network(tmp_path / "m.safetensors", [network], card_of(network))
    file = open_model(str(tmp_path / "m.safetensors"))
    assert file.card.tuned == network.card
    with torch.no_grad():
        assert torch.allclose(file.network()(images), network(images).softmax(dim=1), atol=1e-6)


def test_pixels_are_shown_by_themselves_and_gaps_as_missing(small: Small, images: torch.Tensor) -> None:
    images[1, 0, 5, 5] = torch.nan
    images[1, 1, 6, 6] = 1e9
    alone = small("probe").look(images).maps[-1].unflatten(1, (5, 2))
    assert alone.shape == (2, 5, 2, 32, 32)
    # Channels 0 to 3 are the bands of the first date, 4 to 7 those of the second.
    assert alone[1, 2, 1, 9, 9] == pytest.approx((float(images[1, 6, 9, 9]) - 1000) / 300, abs=1e-5)
    assert alone[1, 0, 0, 5, 5] == 0
    assert alone[1, 1, 0, 6, 6] == 5
    assert alone[0, 4, 0, 0, 0] == 0
    assert alone[0, 4, 1, 0, 0] == alone[1, 4, 0, 5, 5] == 1


def test_the_path_for_pixels_is_as_wide_as_there_is_room() -> None:
    assert [pixels_for(channels, 1_000_000, 0.002, 0.008) for channels in (14, 39, 220, 2000)] == [32, 24, 24, 8]
    assert pixels_for(220, 1_000_000, 0.002, 0.002) == 8


def test_a_model_without_a_path_for_pixels_still_opens(small: Small, images: torch.Tensor, tmp_path: Path) -> None:
    made = small("probe")
    network = TunedNetwork(made.encoder, replace(made.card, pixels=0), 3).eval()
    save_network(tmp_path / "m.safetensors", [network], card_of(network))
    raw = (tmp_path / "m.safetensors").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    head = raw[8:8 + length].decode()
    told = head.replace(r', \"pixels\": 0', "").replace(r'\"pixels\": 0, ', "").encode()
    assert b"pixels" not in told
    (tmp_path / "m.safetensors").write_bytes(len(told).to_bytes(8, "little") + told + raw[8 + length:])
    with torch.no_grad():
        found = open_model(str(tmp_path / "m.safetensors")).network()(images)
        assert torch.allclose(found, network(images).softmax(dim=1), atol=1e-6)


def test_a_value_comes_with_its_doubt(small: Small, images: torch.Tensor, tmp_path: Path) -> None:
    network = small("probe", outputs=1, says="value").eval()
    network.decoder.centre.fill_(50.0)
    network.decoder.spread.fill_(10.0)
    with torch.no_grad():
        said = network(images)
    assert said.shape == (2, 2, 32, 32)
    assert 20 < said[:, 0].mean() < 80
    assert (said[:, 1] > 0).all()
    save_network(tmp_path / "v.safetensors", [network], card_of(network))
    with torch.no_grad():
        assert torch.allclose(open_model(str(tmp_path / "v.safetensors")).network()(images), said, atol=1e-5)


def test_the_encoder_that_it_began_with_is_known_again(small: Small) -> None:
    network = small("lora")
    assert fingerprint(opened(network.card)) != network.card.base
    assert fingerprint(small("probe").encoder) == network.card.base


@pytest.mark.parametrize(("method", "encoder", "side"), [
    ("lora", "galileo_nano", 16), ("adapter", "galileo_nano", 16), ("probe", "presto", 8), ("lora", "resnet18", 32)])
def test_exported_as_onnx_it_takes_any_number_of_images_and_knows_gaps(small: Small, tmp_path: Path, method: str,
                                                                       encoder: str, side: int) -> None:
    network = small(method, encoder).eval()
    card = card_of(network)
    card = replace(card, inputs=(replace(card.inputs[0], side=side, multiple=network.encoder.card.multiple),))
    save_network(tmp_path / "m.safetensors", [network], card)
    file = open_model(str(tmp_path / "m.safetensors"))
    assert export_onnx(file, tmp_path / "m.onnx") < 1e-4
    session = onnxruntime.InferenceSession((tmp_path / "m.onnx").read_bytes(), providers=["CPUExecutionProvider"])
    x = torch.rand(3, 8, side, side, generator=torch.Generator().manual_seed(0)) * 3000
    x[1, :4, :side // 2, :side // 2] = torch.nan  # a cloud on the first date
    x[2, 4:] = torch.nan  # the second date is lacking
    for some in (x[:1], x):
        given = torch.from_numpy(session.run(None, {"bands": some.numpy()})[0])
        with torch.inference_mode():
            assert torch.allclose(given, file.network()(some), atol=1e-4)
    assert open_model(str(tmp_path / "m.onnx")).card.inputs[0].gaps == "missing"


def test_what_has_no_operator_in_onnx_is_said_in_a_sentence(small: Small, tmp_path: Path) -> None:
    network = small("probe", "vit_small").eval()
    card = card_of(network)
    save_network(tmp_path / "m.safetensors", [network], replace(card, inputs=(replace(card.inputs[0], side=64),)))
    with pytest.raises(InputError, match="vit_small has steps that ONNX 17 has no operator for"):
        export_onnx(open_model(str(tmp_path / "m.safetensors")), tmp_path / "m.onnx")
    assert not (tmp_path / "m.onnx").exists()


@pytest.mark.parametrize("side", [7, 16, 31])
def test_the_low_pass_is_a_box_in_the_fourier_transform(side: int) -> None:
    x = torch.randn(side, side, generator=torch.Generator().manual_seed(side), dtype=torch.float64)
    kept = int(0.3 * side / 2)
    frequency = torch.fft.fftfreq(side, 1 / side).abs()
    box = ((frequency <= kept)[:, None] & (frequency <= kept)[None]).to(torch.float64)
    expected = torch.fft.ifft2(torch.fft.fft2(x) * box).real
    matrix = low_pass(side).double()
    assert torch.allclose(matrix @ x @ matrix, expected, atol=1e-5)


def test_slow_and_fast_parts_reach_their_own_experts() -> None:
    adapter = FrequencyAdapter(4, 2)
    torch.nn.init.ones_(adapter.experts[2].up.bias)
    with torch.no_grad():
        adapter.router.bias.copy_(torch.tensor([-50.0, -50.0, 50.0]))
    x = torch.zeros(1, 4, 8, 8)
    assert torch.allclose(adapter(x), torch.full_like(x, 0.1))


def test_a_card_that_describes_none_is_refused(small: Small) -> None:
    text = card_of(small("probe")).to_json()
    for right, wrong in (('"galileo_nano"', '"galileo_huge"'), ('"method": "probe"', '"method": "lora"'),
                         ('"steps": [0, 4]', '"steps": [0, 400]')):
        assert right in text
        with pytest.raises(InputError):
            build(ModelCard.from_json(text.replace(right, wrong)))


@pytest.mark.parametrize(("encoder", "experts"), [("any_band_small", 8), ("prithvi_eo_v2_tiny_tl", 12),
                                                  ("resnet18", 4), ("vit_small", 12)])
def test_every_kind_of_encoder_gets_an_expert_after_each_block_or_stage(encoder: str, experts: int, small: Small,
                                                                        images: torch.Tensor) -> None:
    network = small("adapter", encoder)
    assert sum(isinstance(module, AdaptedBlock) for module in network.modules()) == experts
    network(images[:1]).sum().backward()
    learnt = [module.expert.up.weight.grad for module in network.modules() if isinstance(module, AdaptedBlock)]
    assert all(gradient is not None for gradient in learnt)
