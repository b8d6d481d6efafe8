"""Public files of weights: read as data, every key accounted for."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from ...errors import InputError, first_line

State = dict[str, Tensor]
WRAPPERS = ("module.", "_orig_mod.")
"""What stands before every key where the network was saved as it was wrapped to learn on several devices, or compiled.
"""


@dataclass(frozen=True)
class Rule:
    """What becomes of the keys of a file that match ``pattern`` (a whole match): renamed to ``to``, in which ``\\1``
    is the first group, or, with ``to`` None, dropped because of ``why``.
    """

    pattern: str
    to: str | None
    why: str = ""


@dataclass(frozen=True)
class KeyReport:
    """What became of a file's keys: how many were ``loaded``, how many ``dropped`` for which reason, and which weights
    of the network the file does not hold and why (``made``).
    """

    file: str
    loaded: int
    dropped: tuple[tuple[str, int], ...] = ()
    made: tuple[tuple[str, str], ...] = ()

    def lines(self) -> tuple[str, ...]:
        """The report in words."""
        told = [f"{self.loaded} weights are the file's"]
        told += [f"{count} of the file's are left out: {why}" for why, count in self.dropped]
        told += [f"{name} is not the file's: {why}" for name, why in self.made]
        return tuple(told)


def read_state(path: str | Path, within: Sequence[str] = ()) -> State:
    """The tensors of a .safetensors or torch file by their keys; nothing in it is run.

    ``within`` are names under which training frameworks put the weights (``state_dict``, ``model``): the first that the
    file has is opened, else the file itself is taken for the weights. Keys come without ``WRAPPERS``. Raises
    :class:`InputError`.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"There is no file of weights {path}; name one that you have downloaded.")
    try:
        # Settings of a training script, beside the weights, are often such a bag of names: it runs nothing either.
        with torch.serialization.safe_globals([argparse.Namespace]):
            found: Any = load_file(file) if file.suffix.lower() == ".safetensors" else torch.load(
                file, map_location="cpu", weights_only=True)
    except Exception as error:  # torch and safetensors raise whatever the bytes provoke
        # Torch's own words would tell how to run what is in the file.
        why = "it is none, or holds code" if "weights_only" in str(error) else first_line(error)
        raise InputError(f"The file of weights {path} cannot be read as plain data ({why}); download it again, or save "
                         "its state_dict with torch.save.") from error
    inside = [found[name] for name in within if isinstance(found, Mapping) and isinstance(found.get(name), Mapping)]
    inner = inside[0] if inside else found
    if not isinstance(inner, Mapping) or not all(isinstance(key, str) for key in inner):
        raise InputError(f"The file of weights {path} holds no table of weights; save the network's state_dict.")
    others = [key for key, value in inner.items() if not isinstance(value, Tensor)]
    if others or not inner:
        raise InputError(f"The file of weights {path} is no table of weights alone: it holds "
                         f"{', '.join(others[:5]) or 'nothing'}; save the network's state_dict.")
    state = dict(inner)
    while wrapper := next((one for one in WRAPPERS if all(key.startswith(one) for key in state)), ""):
        state = {key.removeprefix(wrapper): value for key, value in state.items()}
    return state


def renamed(state: State, rules: Sequence[Rule]) -> tuple[State, Counter[str]]:
    """Keys as the first rule that matches says, others as they are; and how many were dropped for which reason."""
    kept: State = {}
    dropped: Counter[str] = Counter()
    for key, value in state.items():
        for rule in rules:
            match = re.fullmatch(rule.pattern, key)
            if match and rule.to is None:
                dropped[rule.why] += 1
                break
            if match and rule.to is not None:
                kept[match.expand(rule.to)] = value
                break
        else:
            kept[key] = value
    return kept, dropped


def fill(network: nn.Module, state: State, rules: Sequence[Rule], path: str = "the file",
         may_lack: Mapping[str, str] | None = None) -> KeyReport:
    """Load a public file's tensors into a network and account for every key.

    ``may_lack`` are patterns of the network's own keys that the file need not hold, each with its reason. Raises
    :class:`InputError` for a key that has no place, one that is lacking, or a wrong shape.
    """
    given, dropped = renamed(state, rules)
    wanted = network.state_dict()
    surplus = sorted(set(given) - set(wanted))
    made = []
    lacking = []
    for name in sorted(set(wanted) - set(given)):
        why = next((why for pattern, why in (may_lack or {}).items() if re.fullmatch(pattern, name)), None)
        if why is None:
            lacking.append(name)
        else:
            made.append((name, why))
    if surplus or lacking:
        raise InputError(f"The weights {path} do not fit: {_some('they lack', lacking)}"
                         f"{'; ' if lacking and surplus else ''}{_some('there is no place for', surplus)}.")
    for name, value in given.items():
        if value.shape != wanted[name].shape:
            raise InputError(f"The weights {path} do not fit: {name} is {tuple(value.shape)} and not "
                             f"{tuple(wanted[name].shape)}.")
        if not bool(value.isfinite().all()):
            raise InputError(f"The weights {path} cannot be used: {name} holds what is no number; download the file "
                             "again, or save it with more digits (float32).")
    network.load_state_dict({name: value.to(wanted[name].dtype) for name, value in given.items()}, strict=False)
    return KeyReport(str(path), len(given), tuple(sorted(dropped.items())), tuple(made))


def _some(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"{what} {', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"
