"""From an encoder's four maps, and from each pixel's own bands, to every pixel: light, so that few labels suffice."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DROPPED = 0.1
"""Share of the joined channels that a step of learning does without."""
WIDE_ENOUGH = 24


class PixelPath(nn.Sequential):
    """Scores (B, outputs, H, W) of what each pixel shows by itself (B, channels, H, W): an encoder's maps tell of
    patches and of all around them, and hardly what sets a pixel apart from its neighbours. It begins by saying nothing.
    """

    def __init__(self, channels: int, width: int, outputs: int) -> None:
        super().__init__(nn.Conv2d(channels, width, 1), nn.GELU(), nn.Conv2d(width, width, 1), nn.GELU(),
                         nn.Dropout2d(DROPPED), nn.Conv2d(width, outputs, 1))
        nn.init.zeros_(self[-1].weight)  # type: ignore[arg-type]
        nn.init.zeros_(self[-1].bias)  # type: ignore[arg-type]


class Decoder(nn.Module):
    """Each map is normalised at every place, brought to ``width`` channels and to the finest map's size; their sum goes
    through one separable convolution and becomes ``outputs`` scores, at the size of the image. Those of a path for
    single pixels are added.

    ``temperature`` divides class scores; ``centre``, ``spread`` and ``doubt`` turn the two scores of a value into the
    value and its standard deviation. They are set once the network has learnt.
    """

    temperature: Tensor
    centre: Tensor
    spread: Tensor
    doubt: Tensor

    def __init__(self, widths: Sequence[int], width: int, outputs: int, channels: int = 0, pixels: int = 0) -> None:
        """``pixels`` is the width of the path for single pixels of so many ``channels``; 0: there is none."""
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(own) for own in widths])
        self.laterals = nn.ModuleList([nn.Linear(own, width) for own in widths])
        self.mix = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, groups=width), nn.GELU(),
                                 nn.Conv2d(width, width, 1), nn.GELU())
        self.head = nn.Conv2d(width, outputs, 1)
        self.pixels = PixelPath(channels, pixels, outputs) if pixels else None
        for name, value in (("temperature", 1.0), ("centre", 0.0), ("spread", 1.0), ("doubt", 1.0)):
            self.register_buffer(name, torch.tensor(value))

    def forward(self, maps: Sequence[Tensor], size: tuple[int, int]) -> Tensor:
        """Scores (B, outputs, *size) of four maps, and of the pixels (B, channels, *size) after them where there is a
        path for these.
        """
        if self.pixels is None:
            return self._of_maps(maps, size)
        scores = self._of_maps(maps[:-1], size)
        added: Tensor = self.pixels(maps[-1])
        return scores + added

    def _of_maps(self, maps: Sequence[Tensor], size: tuple[int, int]) -> Tensor:
        finest = (int(maps[0].shape[-2]), int(maps[0].shape[-1]))
        joined: Tensor | None = None
        for x, norm, lateral in zip(maps, self.norms, self.laterals, strict=True):
            own = lateral(norm(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2)
            own = own if tuple(own.shape[-2:]) == finest else F.interpolate(own, finest, mode="bilinear")
            joined = own if joined is None else joined + own
        assert joined is not None
        joined = F.dropout2d(F.gelu(joined), DROPPED, self.training)
        scores: Tensor = self.head(joined + self.mix(joined))
        return scores if finest == size else F.interpolate(scores, size, mode="bilinear")


def width_for(widths: Sequence[int], weights: int, share: float) -> int:
    """The width at which a decoder holds about a ``share`` of an encoder's ``weights``: a multiple of 8, 16 to 128."""
    return max(16, min(128, int(share * weights / sum(widths)) // 8 * 8))


def pixels_for(channels: int, weights: int, share: float, most: float) -> int:
    """The width of a path for pixels of so many ``channels``: 8 to 32, as it holds about a ``share`` of an encoder's
    ``weights``, but 24 where this takes more and no more than ``most``: what hundreds of bands tell fits into no less.
    """
    held = {width: width * (channels + width) / weights for width in (16, WIDE_ENOUGH, 32)}
    return max((width for width, own in held.items() if own <= (most if width <= WIDE_ENOUGH else share)), default=8)
