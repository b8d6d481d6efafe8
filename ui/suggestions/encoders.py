"""MODEL of embed and finetune: the public encoders, and the file of their weights; in words where that comes from."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

from ...paths import ENCODERS
from ...processing_provider.translation import tr
from .field import Offer


def encoders(only_that_fill_gaps: bool = False) -> Offer:
    """What an encoder's parameter offers."""
    names = [name for name, told in known().items() if told["fills_gaps"] or not only_that_fill_gaps]
    return Offer(lambda: names, encoder_in_words, tr("Weights") + " (*.pt *.pth *.ckpt *.safetensors)", named_with_file)


@cache
def known() -> dict[str, dict[str, Any]]:
    """Title, licence and origin of the weights of every encoder, and whether it fills gaps, by its name."""
    found: dict[str, dict[str, Any]] = json.loads(ENCODERS.read_text(encoding="utf-8"))
    return found


def name_in(text: str) -> str:
    """The name of the encoder that ``NAME:FILE`` begins with; empty where it names none."""
    name = text.partition(":")[0].strip()
    return name if name in known() and not os.path.exists(text) else ""


def named_with_file(text: str, path: str) -> str:
    """The text with another file of weights."""
    name = name_in(text)
    return f"{name}:{path}" if name and known()[name]["weights_from"] else path


def encoder_in_words(text: str) -> str:
    """What an encoder is called by its authors, and what of it is still needed."""
    name = name_in(text)
    if not name:
        return ""
    told = known()[name]
    if not told["weights_from"]:
        return tr("{title}: has no public weights, it learns from nothing").format(title=told["title"])
    if ":" in text:
        return tr("{title}, licence of the weights: {licence}").format(title=told["title"], licence=told["licence"])
    return tr("{title}: choose the file of its public weights, {origin} ({licence})").format(
        title=told["title"], origin=told["weights_from"], licence=told["licence"])
