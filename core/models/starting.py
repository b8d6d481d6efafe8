"""The network that a fit starts from instead of chance: learnt from synthetic scenes alone, shipped with GeoLoop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ..errors import InputError
from ..sources.bands import Band
from .card import Channel, ModelCard
from .compact import CompactUNet
from .context import ContextNet
from .ensemble import ARCHITECTURES, Network
from .files import ModelFile, open_model

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Start:
    """A network of one architecture to start from, shipped or the user's own, and its card."""

    network: Network
    card: ModelCard

    def give(self, network: Network, bands: Sequence[Band], class_names: Sequence[str]) -> None:
        """Give an untrained network these weights; classes of other names keep the untrained ones."""
        if type(network) is not type(self.network) or network.widths != self.network.widths:
            raise TypeError("A network starts from one of its own architecture and widths.")
        if not isinstance(network, CompactUNet) or not isinstance(self.network, CompactUNet):
            network.load_state_dict(self.network.state_dict())
            return
        known = [label.name for label in self.card.outputs[0].classes]
        classes = {here: known.index(name) for here, name in enumerate(class_names) if name in known}
        network.adopt(self.network, played(self.card.inputs[0].channels, bands), classes)

    def line(self, bands: Sequence[Band], class_names: Sequence[str]) -> str:
        """One line for the log: what is started from, and what had to be adapted."""
        parts = played(self.card.inputs[0].channels, bands)
        roles = [[channel.name for channel, share in zip(self.card.inputs[0].channels, row, strict=True) if share]
                 for row in parts]
        adapted = [f"{band.name} as {' and '.join(role) or 'nothing yet'}"
                   for band, role in zip(bands, roles, strict=True) if role != [band.name]]
        new = [name for name in class_names if name not in {label.name for label in self.card.outputs[0].classes}]
        return (f"The fit starts from GeoLoop's {self.card.name} ({', '.join(self.card.trained_on)})"
                + (f"; bands: {', '.join(adapted)}" if adapted else "")
                + (f"; new classes: {', '.join(new)}" if new else "") + ".")


def start_of(architecture: str) -> Start | None:
    """The shipped network of an architecture; None where there is none."""
    if architecture != "compact_unet":
        return None
    path = WEIGHTS / f"{architecture}.safetensors"
    file = open_model(str(path))
    network = file.network().members[0]
    if not isinstance(network, CompactUNet):
        raise TypeError(f"{path} holds no network that a fit can start from.")
    return Start(network, file.card)


def start_with(file: ModelFile, architecture: str, bands: Sequence[Band], class_names: Sequence[str]) -> Start:
    """A model of GeoLoop's own that a fit of ``architecture`` starts from; :class:`InputError` if it cannot be."""
    card, network = file.card, file.network().members[0]
    usual = ARCHITECTURES[architecture](1, 2).widths
    if card.architecture != architecture or card.widths != usual or not isinstance(network, CompactUNet | ContextNet):
        raise InputError(f"The model {file.path} is a {card.name}; this imagery's pixels ask for a "
                         f"{architecture.replace('_', ' ')}: name such a model, or none.")
    same = ([channel.name for channel in card.inputs[0].channels] == [band.name for band in bands]
            and [label.name for label in card.outputs[0].classes] == list(class_names))
    if not same and not isinstance(network, CompactUNet):
        raise InputError(f"The model {file.path} has other bands or classes than this run, and a {card.name} cannot "
                         "learn them anew; name a model of the same, or none.")
    return Start(network, card)


def played(channels: Sequence[Channel], bands: Sequence[Band]) -> Tensor:
    """Which band plays which of the shipped network's channels: shares (bands, channels), each column adding up to 1.

    A channel is played by the band of its name, else by the one of the nearest wavelength, else by all alike. A band
    that plays none is learnt from nothing.
    """
    shares = torch.zeros(len(bands), len(channels))
    names = [band.name.lower() for band in bands]
    light = {i: band.wavelength_um for i, band in enumerate(bands) if band.wavelength_um}
    for c, channel in enumerate(channels):
        name = channel.name.lower()
        if name in names:
            shares[names.index(name), c] = 1.0
        elif light and channel.wavelength_um:
            wanted = channel.wavelength_um
            shares[min(light, key=lambda i: abs(light[i] - wanted)), c] = 1.0
        else:
            shares[:, c] = 1.0 / len(bands)
    return shares
