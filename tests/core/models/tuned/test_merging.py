"""Adapters: in files there and back, LoRA's in peft's format; merged as the mean of what they add, or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.ensemble import TUNED
from geoloop.core.models.tuned.lora import difference, loras
from geoloop.core.models.tuned.merging import merge, on_one_scale
from geoloop.core.models.tuned.network import TunedNetwork
from geoloop.core.models.tuned.peft_files import (
    CARD,
    CONFIG,
    Adapter,
    put_into,
    read_adapter,
    remove_adapter,
    write_adapter,
)

Small = Callable[..., TunedNetwork]


def card_of(network: TunedNetwork) -> ModelCard:
    return ModelCard("t", TUNED, "segmentation", (ModelInput("bands", tuple(Channel(f"c{n}") for n in range(8))),),
                     (ModelOutput("classes", classes=tuple(ClassLabel(n, name) for n, name in enumerate("abc"))),),
                     origin="geoloop", widths=network.widths, tuned=network.card)


def learnt(small: Small, seed: int, folder: Path, encoder: str = "galileo_nano", method: str = "lora"
           ) -> tuple[TunedNetwork, Adapter]:
    """A network whose additions and decoder say something, and its folder."""
    network = small(method, encoder).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
    write_adapter(folder, network, card_of(network))
    return network, read_adapter(folder)


@pytest.mark.parametrize(("encoder", "method"), [
    ("galileo_nano", "lora"), ("resnet18", "lora"), ("galileo_nano", "adapter"), ("resnet18", "probe")])
def test_a_folder_brings_the_additions_back(small: Small, images: torch.Tensor, tmp_path: Path, encoder: str,
                                            method: str) -> None:
    network, adapter = learnt(small, 1, tmp_path / "ä", encoder, method)
    fresh = small(method, encoder).eval()
    put_into(fresh, adapter.learnt)
    with torch.no_grad():
        assert torch.allclose(fresh(images), network(images), atol=1e-6)
    assert sum(file.stat().st_size for file in (tmp_path / "ä").iterdir()) < 2**22


def test_the_library_peft_reads_it(small: Small, images: torch.Tensor, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft", reason="peft is not installed beside the engine")
    network, _ = learnt(small, 1, tmp_path / "a")
    model = peft.PeftModel.from_pretrained(small("probe").eval(), str(tmp_path / "a")).eval()
    with torch.no_grad():
        assert torch.allclose(model(images), network(images), atol=1e-5)


def test_a_folder_written_again_by_another_method_does_not_say_that_it_holds_lora(small: Small, tmp_path: Path) -> None:
    learnt(small, 1, tmp_path / "a")
    assert (tmp_path / "a" / CONFIG).is_file()
    learnt(small, 1, tmp_path / "a", method="probe")
    assert not (tmp_path / "a" / CONFIG).exists()


def test_the_mean_of_one_and_the_same_is_itself(small: Small, tmp_path: Path) -> None:
    network, adapter = learnt(small, 1, tmp_path / "a")
    merged = merge([adapter, adapter], (3.0, 1.0))
    assert merged.kept == pytest.approx(1)
    fresh = small("lora")
    put_into(fresh, merged.learnt)
    for name, lora in loras(network).items():
        assert torch.allclose(difference(loras(fresh)[name]), difference(lora), atol=1e-5)


@pytest.mark.parametrize("encoder", ["galileo_nano", "resnet18"])
def test_the_merged_addition_is_the_best_of_its_rank_to_the_weighted_mean(small: Small, tmp_path: Path, encoder: str
                                                                          ) -> None:
    (one, a), (two, b) = (learnt(small, seed, tmp_path / str(seed), encoder) for seed in (1, 2))
    merged = merge([a, b], (1.0, 3.0))
    fresh = small("lora", encoder)
    put_into(fresh, merged.learnt)
    rank = one.card.rank
    for name in list(merged.learnt.pairs)[:6]:
        mean = 0.25 * difference(loras(one)[name]) + 0.75 * difference(loras(two)[name])
        s = torch.linalg.svdvals(mean.double())
        error = (difference(loras(fresh)[name]) - mean).double().square().sum()
        assert float(error) == pytest.approx(float((s[rank:] ** 2).sum()), rel=1e-3, abs=1e-9)
    state = fresh.decoder.state_dict()
    expected = 0.25 * one.decoder.head.weight + 0.75 * two.decoder.head.weight
    assert torch.allclose(state["head.weight"], expected, atol=1e-6)


@pytest.mark.parametrize("method", ["adapter", "probe"])
def test_what_began_alike_is_merged_as_the_mean_of_its_weights(small: Small, images: torch.Tensor, tmp_path: Path,
                                                               method: str) -> None:
    (one, a), (two, b) = (learnt(small, seed, tmp_path / str(seed), method=method) for seed in (1, 2))
    merged = merge([a, b], (1.0, 3.0))
    fresh = small(method).eval()
    put_into(fresh, merged.learnt)
    for name, value in fresh.named_parameters():
        if value.requires_grad:
            mean = 0.25 * one.get_parameter(name) + 0.75 * two.get_parameter(name)
            assert torch.allclose(value, mean, atol=1e-6)
    put_into(fresh, merge([a, a], (1.0, 3.0)).learnt)
    with torch.no_grad():
        assert torch.allclose(fresh(images), one(images), atol=1e-4)


def test_pixels_mean_the_same_whatever_the_mean_of_a_community(small: Small, images: torch.Tensor, tmp_path: Path
                                                               ) -> None:
    one, a = learnt(small, 1, tmp_path / "a", method="probe")
    bands = tuple(replace(band, mean=band.mean + 200 * number, std=250.0) for number, band in enumerate(one.card.bands))
    elsewhere = replace(a, card=replace(a.card, tuned=replace(one.card, bands=bands)))
    first, second = on_one_scale([elsewhere, a])
    for name, value in elsewhere.learnt.decoder.items():
        assert torch.allclose(first.learnt.decoder[name], value, atol=1e-6)
    images = images.nan_to_num(1000).clamp(500, 2000)
    fresh = small("probe").eval()
    there = TunedNetwork(fresh.encoder, replace(fresh.card, bands=bands), 3).eval()
    put_into(there, second.learnt)
    with torch.no_grad():
        assert torch.allclose(there(images), one(images), atol=1e-4)


def test_what_did_not_begin_alike_has_no_mean(small: Small, tmp_path: Path) -> None:
    _, a = learnt(small, 1, tmp_path / "a", method="adapter")
    elsewhere = replace(a, path="b", card=replace(a.card, seed=a.card.seed + 1))
    with pytest.raises(InputError, match="with METHOD adapter only those that began alike have a mean"):
        merge([a, elsewhere], (1, 1))


def test_adapters_of_other_methods_or_of_values_are_not_merged(small: Small, tmp_path: Path) -> None:
    (_, a), (_, b) = (learnt(small, 1, tmp_path / method, method=method) for method in ("lora", "probe"))
    with pytest.raises(InputError, match="do not belong together: their method differ"):
        merge([a, b], (1, 1))
    valued = replace(a, card=replace(a.card, task="regression"))
    with pytest.raises(InputError, match="only adapters that say classes can be merged"):
        merge([valued, valued], (1, 1))


def test_values_that_stand_in_for_bands_are_handed_on(small: Small, tmp_path: Path) -> None:
    network = small("lora")
    network.encoder.stand_in = torch.nn.Parameter(torch.tensor([0.5, -0.5]))
    write_adapter(tmp_path / "a", network, card_of(network))
    assert read_adapter(tmp_path / "a").learnt.others["encoder.stand_in"].tolist() == [0.5, -0.5]


def test_strangers_are_not_merged(small: Small, tmp_path: Path) -> None:
    _, a = learnt(small, 1, tmp_path / "a")
    _, other = learnt(small, 1, tmp_path / "b", "resnet18")
    tuned = a.card.tuned
    assert tuned is not None
    elsewhere = Adapter("c", replace(a.card, tuned=replace(tuned, base="0" * 32)), a.learnt)
    for stranger in (other, elsewhere):
        with pytest.raises(InputError, match="do not belong together: their encoder differ"):
            merge([a, stranger], (1, 1))
    with pytest.raises(InputError, match="At least two"):
        merge([a], (1,))
    for weights in ((1, -1), (float("inf"), 1)):
        with pytest.raises(InputError, match="one a piece"):
            merge([a, a], weights)


def test_communities_whose_imagery_is_stored_otherwise_are_not_merged(small: Small, tmp_path: Path) -> None:
    _, a = learnt(small, 1, tmp_path / "a")
    tuned = a.card.tuned
    assert tuned is not None

    def stored(**values: float) -> Adapter:
        bands = tuple(replace(band, **values) for band in tuned.bands)
        return replace(a, path="b", card=replace(a.card, tuned=replace(tuned, bands=bands)))

    for other in (stored(offset=-0.1), stored(scale=1.0, mean=0.1, std=0.03)):
        with pytest.raises(InputError, match="their bands' scale and offset differ"):
            merge([a, other], (1, 1))
    merge([a, stored(scale=1.0)], (1, 1))  # not declared, and the same by its values


def test_an_adapter_goes_with_its_folder_and_nothing_else_does(small: Small, tmp_path: Path) -> None:
    mine, shared, other = (tmp_path / name for name in "abc")
    for folder in (mine, shared):
        learnt(small, 1, folder)
    (shared / "notes.txt").write_text("mine")
    other.mkdir()
    (other / "adapter_model.safetensors").write_bytes(b"another's")
    assert [remove_adapter(folder) for folder in (mine, shared, other, tmp_path / "none")] == [True, True, False, False]
    assert not mine.exists()
    assert [file.name for file in shared.iterdir()] == ["notes.txt"]
    (other / CARD).write_text('{"name": "anything"}')
    assert not remove_adapter(other)
    assert (other / "adapter_model.safetensors").exists()


def test_an_adapter_of_no_numbers_is_refused(small: Small, tmp_path: Path) -> None:
    network, _ = learnt(small, 1, tmp_path / "a")
    with torch.no_grad():
        next(one for name, one in network.named_parameters() if "lora_B" in name).fill_(float("nan"))
    write_adapter(tmp_path / "a", network, card_of(network))
    with pytest.raises(InputError, match=r"lora_B\.weight holds what is no number"):
        read_adapter(tmp_path / "a")


def test_a_folder_that_is_none_is_refused(small: Small, tmp_path: Path) -> None:
    learnt(small, 1, tmp_path / "a")
    (tmp_path / "a" / "adapter_model.safetensors").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot be read"):
        read_adapter(tmp_path / "a")
    with pytest.raises(InputError, match=r"lacks geoloop_card\.json"):
        read_adapter(tmp_path)
