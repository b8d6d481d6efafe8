"""Judged squares in a file: so that others can see how their model does on ground that it never saw.

Imagery and labels of the places alone, without position, name or date; whoever hands such a file on decides so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from ..errors import InputError
from ..whole import written_whole
from .tuning_chips import TuningChip
from .tuning_labels import JUDGE

KEY = "geoloop_holdout"


def write_holdout(path: str | Path, chips: Sequence[TuningChip], channels: Sequence[str], classes: Sequence[str]
                  ) -> int:
    """Write the judged pixels of chips with the imagery around them; return how many pixels there are."""
    kept = [chip for chip in chips if (chip.role == JUDGE).any()]
    label = np.stack([np.where(chip.role == JUDGE, chip.target.argmax(axis=0), -1) for chip in kept]).astype(np.int16)
    told = {"channels": list(channels), "classes": list(classes)}
    with written_whole(path) as draft:
        save_file({"x": np.stack([chip.x for chip in kept]), "label": label,
                   "block": np.stack([chip.block for chip in kept]).astype(np.int32)}, draft,
                  metadata={KEY: json.dumps(told, ensure_ascii=False)})
    return int((label >= 0).sum())


def read_holdout(path: str | Path, channels: Sequence[str], classes: Sequence[str]) -> list[TuningChip]:
    """Read such a file as chips to be judged. Raises :class:`InputError` if it is none, or one of other channels or
    classes.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            told = json.loads((file.metadata() or {}).get(KEY, "{}"))
            x, label, block = (file.get_tensor(name) for name in ("x", "label", "block"))
            told = told if isinstance(told, dict) else {}
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"The hold-out {path} cannot be read; name a file that geoloop:finetune wrote as HOLDOUT."
                         ) from error
    for what, own in (("channels", channels), ("classes", classes)):
        if told.get(what) != list(own):
            given = ", ".join(map(str, told.get(what) or ["none"]))
            raise InputError(f"The hold-out {path} has the {what} {given}, and the model {', '.join(own)}; they must "
                             "be the same.")
    if x.ndim != 4 or x.shape[1] != len(channels) or label.shape != (len(x), *x.shape[2:]) or (
            block.shape != label.shape or not (label >= 0).any()):
        raise InputError(f"The hold-out {path} is not whole; write it again.")
    return [_chip(*one, len(classes)) for one in zip(x, label, block, strict=True)]


def _chip(x: NDArray[np.float32], label: NDArray[np.int16], block: NDArray[np.int32], classes: int) -> TuningChip:
    known = label >= 0
    target = (np.arange(classes)[:, None, None] == label[None]).astype(np.float32)
    return TuningChip(x.astype(np.float32), target, np.ones(label.shape, np.float32), known,
                      np.where(known, JUDGE, 0).astype(np.uint8), block.astype(np.uint16), 0, 0)
