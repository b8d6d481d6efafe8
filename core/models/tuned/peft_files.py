"""What a fine-tuning added to a frozen encoder: a folder of a few megabytes that says nothing of anybody's data.

``adapter_model.safetensors`` holds all that learnt, ``geoloop_card.json`` is the model's card. With LoRA the folder is
one of the library peft: it reads ``adapter_config.json`` and the tensors, the decoder being one of its modules to save.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...errors import InputError, first_line
from ...whole import check_folder, write_text, written_whole
from ..card import ModelCard
from .lora import loras
from .network import TunedNetwork

CONFIG, WEIGHTS, CARD = "adapter_config.json", "adapter_model.safetensors", "geoloop_card.json"
PREFIX, DECODER = "base_model.model.", "base_model.model.decoder."
A, B = ".lora_A.weight", ".lora_B.weight"


@dataclass(frozen=True)
class Learnt:
    """All that learnt: the thin layers A and B of LoRA's additions by the name of their layer, other parts by their own
    name (experts, values that stand in for bands), and the decoder's state.
    """

    pairs: dict[str, tuple[Tensor, Tensor]]
    others: dict[str, Tensor]
    decoder: dict[str, Tensor]


@dataclass(frozen=True)
class Adapter:
    """A folder, read."""

    path: str
    card: ModelCard
    learnt: Learnt


def learnt_by(network: TunedNetwork) -> Learnt:
    """What a network has learnt beside its encoder's public weights."""
    pairs = {name: (lora.lora_A.weight, lora.lora_B.weight) for name, lora in loras(network).items()}
    others: dict[str, Tensor] = {
        name: one for name, one in network.named_parameters()
        if one.requires_grad and "lora_" not in name and not name.startswith("decoder.")}
    return Learnt(pairs, others, network.decoder.state_dict())


def folder_beside(model: str | Path) -> str:
    """The folder beside a model's file for what was added to its encoder."""
    return f"{Path(model).with_suffix('')}_adapter"


def check_adapter(folder: str | Path) -> None:
    """Raise :class:`InputError` if an adapter cannot be written there: for before a long work."""
    at = Path(folder)
    if at.is_dir():
        check_folder(at / WEIGHTS)
    elif at.exists():
        raise _unmade(folder, "there is a file of that name")


def _unmade(folder: str | Path, why: object) -> InputError:
    return InputError(f"The folder {folder} for the adapter cannot be made ({why}); choose another OUTPUT.")


def write_adapter(folder: str | Path, network: TunedNetwork, card: ModelCard) -> None:
    """Write what a network with a frozen encoder has learnt. Raises :class:`InputError` where that is not possible.

    The card of the run, which names the files that were learnt from and where they lie, stays with the model.
    """
    at = Path(folder)
    try:
        at.mkdir(exist_ok=True)
    except OSError as error:
        raise _unmade(folder, error.strerror or error) from error
    learnt, tuned = learnt_by(network), network.card
    tensors = {f"{DECODER}{name}": value for name, value in learnt.decoder.items()}
    tensors |= {f"{PREFIX}{name}": value for name, value in learnt.others.items()}
    for layer, (a, b) in learnt.pairs.items():
        tensors |= {f"{PREFIX}{layer}{A}": a, f"{PREFIX}{layer}{B}": b}
    with written_whole(at / WEIGHTS) as draft:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, draft,
                  metadata={"format": "pt"})
    if tuned.method == "lora":
        config: dict[str, Any] = {
            "peft_type": "LORA", "task_type": None, "base_model_name_or_path": tuned.encoder, "r": tuned.rank,
            "lora_alpha": tuned.alpha, "lora_dropout": 0.0, "bias": "none", "fan_in_fan_out": False,
            "target_modules": sorted(learnt.pairs), "modules_to_save": ["decoder"], "inference_mode": True}
        write_text(str(at / CONFIG), json.dumps(config, indent=2))
    else:  # what another METHOD left there before tells of layers that are not
        (at / CONFIG).unlink(missing_ok=True)
    write_text(str(at / CARD), replace(card, run={}).to_json())


def remove_adapter(folder: str | Path) -> bool:
    """Take away the adapter that :func:`write_adapter` wrote there, and its folder unless it holds more; return whether
    there was one: a folder whose card is not GeoLoop's stays as it is. Raises :class:`OSError` where it cannot go.
    """
    at = Path(folder)
    if not (at / CARD).is_file():
        return False
    try:
        card = ModelCard.from_json((at / CARD).read_text(encoding="utf-8", errors="replace"))
    except InputError:
        return False
    if card.tuned is None:
        return False
    for name in (WEIGHTS, CONFIG, CARD):
        (at / name).unlink(missing_ok=True)
    if not any(at.iterdir()):
        at.rmdir()
    return True


def read_adapter(folder: str | Path) -> Adapter:
    """Read a folder that :func:`write_adapter` wrote. Raises :class:`InputError` for anything else."""
    at = Path(folder)
    lacking = [name for name in (CARD, WEIGHTS) if not (at / name).is_file()]
    if lacking:
        raise InputError(f"The adapter {folder} lacks {lacking[0]}; name a folder that geoloop:finetune wrote with "
                         "METHOD probe, lora or adapter.")
    card = ModelCard.from_json((at / CARD).read_text(encoding="utf-8", errors="replace"))
    tuned = card.tuned
    if tuned is None or tuned.method == "full":
        raise InputError(f"The folder {folder} holds no adapter: its card is of a model whose encoder learnt, too.")
    try:
        tensors = load_file(at / WEIGHTS, device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"The adapter {folder} cannot be read ({first_line(error)}); copy it again.") from error
    spoilt = [name for name, value in tensors.items() if not bool(value.isfinite().all())]
    if spoilt:
        raise InputError(f"The adapter {folder} cannot be used: {spoilt[0]} holds what is no number; copy it again, or "
                         "fine-tune anew.")
    decoder = {name.removeprefix(DECODER): tensors.pop(name) for name in list(tensors) if name.startswith(DECODER)}
    layers = [name.removeprefix(PREFIX).removesuffix(A) for name in tensors if name.endswith(A)]
    pairs = {}
    for layer in sorted(layers):
        a, b = (tensors.pop(f"{PREFIX}{layer}{part}", None) for part in (A, B))
        if a is None or b is None or len(a) != tuned.rank:
            raise InputError(f"The adapter {folder} is not whole: the layer {layer} lacks a part; copy it again.")
        pairs[layer] = a, b
    others = {name.removeprefix(PREFIX): value for name, value in tensors.items()}
    return Adapter(str(folder), card, Learnt(pairs, others, decoder))


def put_into(network: TunedNetwork, learnt: Learnt) -> None:
    """Give a network what another has learnt. Raises :class:`InputError` where that does not fit it."""
    own, given = _flat(learnt_by(network)), _flat(learnt)
    wrong = sorted(set(own) ^ set(given)) or [name for name in own if own[name].shape != given[name].shape]
    if wrong:
        raise InputError(f"The adapter does not fit the network: {wrong[0]} is in one of them only, or of another "
                         "size.")
    with torch.no_grad():
        for name, value in own.items():
            value.copy_(given[name])


def _flat(learnt: Learnt) -> dict[str, Tensor]:
    """All tensors by a name of their own."""
    parts = {f"decoder.{name}": value for name, value in learnt.decoder.items()} | learnt.others
    for layer, (a, b) in learnt.pairs.items():
        parts |= {f"{layer}{A}": a, f"{layer}{B}": b}
    return parts
