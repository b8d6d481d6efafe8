"""Putting a network on a device the way that its convolutions are fastest."""

from __future__ import annotations

from itertools import chain
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


def placed(network: Network, device: torch.device) -> Network:
    """The network on a device, the weights of its plain convolutions laid out channels last; others, such as those over
    time, stay as they are.
    """
    network = network.to(device)
    for tensor in chain(network.parameters(), network.buffers()):
        if tensor.ndim == 4:
            tensor.data = tensor.data.contiguous(memory_format=torch.channels_last)
    return network
