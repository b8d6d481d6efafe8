"""GeoLoop's own networks from their cards, and several of them as one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ..errors import InputError
from .card import ModelCard
from .compact import CompactUNet
from .context import ContextNet
from .tuned.network import Says, TunedNetwork, built

Network = CompactUNet | ContextNet | TunedNetwork
TUNED = "tuned_encoder"
ARCHITECTURES: dict[str, type[CompactUNet] | type[ContextNet]] = {
    "compact_unet": CompactUNet, "context_net": ContextNet,
}
MAX_MEMBERS, MAX_LAYERS, MAX_WIDTH, MAX_CHANNELS = 64, 12, 4096, 4096


class Ensemble(nn.Module):
    """The mean of networks: of their class probabilities, or of their values where they know no classes.

    Takes scaled bands (B, bands, H, W), returns (B, classes, H, W).
    """

    def __init__(self, members: Sequence[Network], *, probabilities: bool) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.probabilities = probabilities

    def forward(self, x: Tensor) -> Tensor:
        x = self.members[0].prepare(x)  # type: ignore[operator]
        results = [member(x) for member in self.members]
        if self.probabilities:
            results = [scores.softmax(dim=1) for scores in results]
        return torch.stack(results).mean(dim=0)


def multiple_of(architecture: str, widths: Sequence[int]) -> int:
    """What height and width must be a multiple of."""
    return int(2 ** (len(widths) - 1)) if architecture == "compact_unet" else 1


def build(card: ModelCard) -> Ensemble:
    """The networks that a card describes, untrained. Raises :class:`InputError` for one that GeoLoop does not know."""
    kind = ARCHITECTURES.get(card.architecture)
    if kind is None and card.architecture != TUNED:
        raise InputError(f"The model {card.name!r} has the architecture {card.architecture!r}; of its own files "
                         f"GeoLoop reads {', '.join((*ARCHITECTURES, TUNED))}, any other network as ONNX.")
    one_each = len(card.inputs) == len(card.outputs) == 1 and card.task in ("segmentation", "regression")
    bands, classes = len(card.inputs[0].channels), len(card.outputs[0].classes)
    sane = (1 <= card.members <= MAX_MEMBERS and 1 <= len(card.widths) <= MAX_LAYERS and 1 <= classes <= MAX_CHANNELS
            and bands <= MAX_CHANNELS and all(1 <= width <= MAX_WIDTH for width in card.widths))
    if not one_each or not sane:
        raise InputError(f"The model {card.name!r} has a card that describes no network that GeoLoop makes.")
    members: list[Network]
    if kind is None:
        tuned = card.tuned
        if tuned is None or any(not -1 <= step < bands for band in tuned.bands for step in band.steps):
            raise InputError(f"The model {card.name!r} has a card that describes no fine-tuned encoder.")
        says: Says = "value" if card.task == "regression" else "classes"
        members = [built(tuned, classes, says) for _ in range(card.members)]
    else:
        members = [kind(bands, classes, widths=card.widths) for _ in range(card.members)]
    return Ensemble(members, probabilities=card.task == "segmentation")
