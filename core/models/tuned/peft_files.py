"""LoRA in the format of the library peft: a folder of a few megabytes that says nothing of anybody's data.

``adapter_config.json`` and ``adapter_model.safetensors`` are what peft reads; the decoder is one of its modules to
save. ``geoloop_card.json`` is the model's card.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ...errors import InputError, first_line
from ...whole import write_text, written_whole
from ..card import ModelCard, parse_json
from .lora import loras
from .network import TunedNetwork

CONFIG, WEIGHTS, CARD = "adapter_config.json", "adapter_model.safetensors", "geoloop_card.json"
PREFIX, DECODER = "base_model.model.", "base_model.model.decoder."


@dataclass(frozen=True)
class Adapter:
    """A folder, read: the card, and tensors by peft's names."""

    path: str
    card: ModelCard
    tensors: dict[str, Tensor]

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that are added to."""
        return tuple(sorted(name.removeprefix(PREFIX).removesuffix(".lora_A.weight") for name in self.tensors
                            if name.endswith(".lora_A.weight")))

    def pair(self, layer: str) -> tuple[Tensor, Tensor]:
        """The thin layers A and B of an addition."""
        return self.tensors[f"{PREFIX}{layer}.lora_A.weight"], self.tensors[f"{PREFIX}{layer}.lora_B.weight"]

    @property
    def decoder(self) -> dict[str, Tensor]:
        """The decoder's state."""
        return {name.removeprefix(DECODER): value for name, value in self.tensors.items() if name.startswith(DECODER)}


def write_adapter(folder: str | Path, network: TunedNetwork, card: ModelCard) -> None:
    """Write the LoRA additions and the decoder of a network. Raises :class:`InputError` where that is not possible."""
    at = Path(folder)
    try:
        at.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} for the adapter cannot be made ({error}); choose another OUTPUT."
                         ) from error
    tuned = network.card
    tensors = {f"{DECODER}{name}": value for name, value in network.decoder.state_dict().items()}
    for layer, lora in loras(network).items():
        tensors |= {f"{PREFIX}{layer}.lora_A.weight": lora.lora_A.weight,
                    f"{PREFIX}{layer}.lora_B.weight": lora.lora_B.weight}
    config: dict[str, Any] = {
        "peft_type": "LORA", "task_type": None, "base_model_name_or_path": tuned.encoder, "r": tuned.rank,
        "lora_alpha": tuned.alpha, "lora_dropout": 0.0, "bias": "none", "fan_in_fan_out": False,
        "target_modules": sorted(loras(network)), "modules_to_save": ["decoder"], "inference_mode": True}
    with written_whole(at / WEIGHTS) as draft:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, draft,
                  metadata={"format": "pt"})
    write_text(str(at / CONFIG), json.dumps(config, indent=2))
    write_text(str(at / CARD), card.to_json())


def read_adapter(folder: str | Path) -> Adapter:
    """Read a folder that :func:`write_adapter` wrote. Raises :class:`InputError` for anything else."""
    at = Path(folder)
    lacking = [name for name in (CONFIG, WEIGHTS, CARD) if not (at / name).is_file()]
    if lacking:
        raise InputError(f"The adapter {folder} lacks {lacking[0]}; name a folder that geoloop:finetune wrote with "
                         "METHOD=lora.")
    card = ModelCard.from_json((at / CARD).read_text(encoding="utf-8", errors="replace"))
    config = parse_json((at / CONFIG).read_bytes(), str(at / CONFIG))
    try:
        tensors = load_file(at / WEIGHTS, device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"The adapter {folder} cannot be read ({first_line(error)}); copy it again.") from error
    tuned = card.tuned
    if tuned is None or tuned.method != "lora" or not isinstance(config, dict) or config.get("r") != tuned.rank:
        raise InputError(f"The adapter {folder} is none of LoRA's, or its files do not belong together.")
    adapter = Adapter(str(folder), card, tensors)
    for layer in adapter.layers:
        if f"{PREFIX}{layer}.lora_B.weight" not in tensors or len(adapter.pair(layer)[0]) != tuned.rank:
            raise InputError(f"The adapter {folder} is not whole: the layer {layer} lacks a part; copy it again.")
    return adapter


def put_into(network: TunedNetwork, layers: dict[str, tuple[Tensor, Tensor]], decoder: dict[str, Tensor]) -> None:
    """Give a network additions and a decoder. Raises :class:`InputError` where they do not fit it."""
    own = loras(network)
    wrong = sorted(set(own) ^ set(layers))
    state = network.decoder.state_dict()
    wrong += sorted(set(state) ^ set(decoder)) or [name for name in state if state[name].shape != decoder[name].shape]
    if wrong:
        raise InputError(f"The adapter does not fit the network: {wrong[0]} is in one of them only, or of another "
                         "size.")
    with torch.no_grad():
        for name, (a, b) in layers.items():
            if own[name].lora_A.weight.shape != a.shape or own[name].lora_B.weight.shape != b.shape:
                raise InputError(f"The adapter does not fit the network: {name} is of another size.")
            own[name].lora_A.weight.copy_(a)
            own[name].lora_B.weight.copy_(b)
    network.decoder.load_state_dict(decoder)
