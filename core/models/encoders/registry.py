"""All encoders by name."""

from __future__ import annotations

from .cromss import CROMSS
from .farseg import FARSEG
from .galileo import GALILEO
from .less import LESS
from .presto import PRESTO
from .prithvi_weights import PRITHVI
from .published import Published
from .resnet_weights import RESNETS
from .swin import SATVISION
from .unet import UNET
from .vit_weights import VITS

_ALL = (UNET, *LESS, *RESNETS, *VITS, *GALILEO, PRESTO, *PRITHVI, *CROMSS, *FARSEG, SATVISION)
REGISTRY: dict[str, Published] = {entry.card.name: entry for entry in _ALL}
