"""All encoders by name."""

from __future__ import annotations

from .published import Published
from .resnet_weights import RESNETS

REGISTRY: dict[str, Published] = {entry.card.name: entry for entry in (*RESNETS,)}
