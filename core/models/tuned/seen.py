"""What an encoder makes of images, to be kept and learnt from as images are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Seen:
    """``maps`` (B, width, h, w) of images of ``size`` pixels: an encoder's four and, last, what the pixels show by
    themselves, where that is asked for. ``views`` are the same images with a part of their
    bands hidden.
    """

    maps: tuple[Tensor, ...]
    size: tuple[int, int]
    views: tuple[Seen, ...] = ()

    def __len__(self) -> int:
        return len(self.maps[0])

    def __getitem__(self, part: slice) -> Seen:
        """Some of the images."""
        return Seen(tuple(one[part] for one in self.maps), self.size, tuple(view[part] for view in self.views))

    def to(self, device: torch.device) -> Seen:
        """The same on a device."""
        maps = tuple(one.to(device) for one in self.maps)
        return Seen(maps, self.size, tuple(view.to(device) for view in self.views))

    def mixed(self, chosen: Tensor) -> Seen:
        """Each image as the one of its views shows it that is ``chosen`` (B,), or, beyond them, as it is."""
        at = torch.arange(len(self), device=chosen.device)
        levels = zip(*(one.maps for one in (*self.views, self)), strict=True)
        return Seen(tuple(torch.stack(some)[chosen, at] for some in levels), self.size)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(one.nbytes for one in self.maps) + sum(view.bytes for view in self.views)


def joined(parts: Sequence[Seen]) -> Seen:
    """Several lots of images as one."""
    maps = tuple(torch.cat(some) for some in zip(*(part.maps for part in parts), strict=True))
    views = tuple(joined(some) for some in zip(*(part.views for part in parts), strict=True))
    return Seen(maps, parts[0].size, views)
