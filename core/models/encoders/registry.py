"""All encoders by name."""

from __future__ import annotations

from .galileo import GALILEO
from .presto import PRESTO
from .prithvi_weights import PRITHVI
from .published import Published
from .resnet_weights import RESNETS
from .vit_weights import VITS

REGISTRY: dict[str, Published] = {entry.card.name: entry for entry in (*RESNETS, *GALILEO, PRESTO, *PRITHVI, *VITS)}
