"""Fusion networks as files: weights as safetensors, what is needed to use them in the same file's metadata."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from ..errors import InputError
from ..whole import written_whole
from .fusion_net import FusionNet, FusionShape
from .safetensors_file import FUSION_KEY as KEY

MOST = {"classes": 256, "dim": 2048, "heads": 64, "rounds": 32, "words": 1024}


@dataclass(frozen=True)
class FusionAbout:
    """What a fusion network is: how large, the ``classes`` that it tells apart, the bands, pixel size and layers that
    it learnt from, how, with which losses it ended, and the card of its ``run``.
    """

    shape: FusionShape
    classes: tuple[str, ...]
    bands: tuple[str, ...]
    pixel_m: float
    trained_on: tuple[str, ...]
    seed: int = 0
    steps: int = 0
    task: str = "pretraining"
    losses: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    run: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """As text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> FusionAbout:
        """Read what :meth:`to_json` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
        data: dict[str, Any] = json.loads(text)
        shape = FusionShape.from_dict(data.pop("shape"))
        sane = all(isinstance(v := getattr(shape, name), int) and 1 <= v <= most for name, most in MOST.items())
        sane = sane and 2 <= len(shape.widths) <= 8 and all(1 <= w <= 4096 for w in shape.widths)
        if not sane or not shape.levels or not all(0 <= level < len(shape.widths) for level in shape.levels):
            raise ValueError("the shape is none of a fusion network")
        if shape.dim % shape.heads or len(data["classes"]) != shape.classes:
            raise ValueError("the shape does not fit together")
        for name in ("classes", "bands", "trained_on"):
            data[name] = tuple(map(str, data[name]))
        return cls(shape=shape, **data)


def save_fusion(path: str | Path, network: FusionNet, about: FusionAbout) -> None:
    """Write a network, whole or not at all."""
    tensors = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    with written_whole(path) as draft:
        save_file(tensors, draft, metadata={KEY: about.to_json()})


def open_fusion(path: str | Path) -> tuple[FusionNet, FusionAbout]:
    """Read a network, ready to be asked. Raises :class:`InputError` for a file that is none, or not whole."""
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(KEY)
            if text is None:
                raise InputError(f"The model {path} is no fusion network; give one that Pretrain wrote.")
            about = FusionAbout.from_json(text)
            with torch.device("meta"):
                wanted = {name: tuple(value.shape) for name, value in FusionNet(about.shape).state_dict().items()}
            named = list(file.keys())
            given = {name: tuple(file.get_slice(name).get_shape()) for name in named}
            if wanted != given:
                odd = sorted(set(wanted.items()) ^ set(given.items()))[0][0]
                raise InputError(f"The model {path} does not hold the weights that it describes: see {odd!r}; copy it "
                                 "again.")
            network = FusionNet(about.shape)
            network.load_state_dict({name: file.get_tensor(name) for name in named})
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"The model {path} cannot be read as a fusion network ({error}); copy it again, or give "
                         "another.") from error
    return network.eval(), about


def begin_with(network: FusionNet, start: FusionNet) -> list[str]:
    """Give a network the weights of another as far as their shapes agree; return the names that kept their own."""
    own, other = network.state_dict(), start.state_dict()
    fitting = {name: other[name] for name, value in own.items() if name in other and other[name].shape == value.shape}
    network.load_state_dict({**own, **fitting})
    return sorted(set(own) - set(fitting))


def is_fusion(path: str | Path) -> bool:
    """Whether a file says that it is a fusion network."""
    if Path(path).suffix.lower() != ".safetensors":
        return False
    try:
        with safe_open(path, framework="pt") as file:
            return KEY in (file.metadata() or {})
    except (SafetensorError, OSError):
        return False
