"""The block that all vision transformers here share (Vaswani et al. 2017; Dosovitskiy et al. 2021, arXiv 2010.11929).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class TransformerShape:
    """``width`` of the tokens, number of blocks, heads; ``ratio`` is the width inside a block's perceptron over
    ``width``. ``eps`` is the smallest variance in the normalisation.
    """

    width: int
    depth: int
    heads: int
    ratio: float = 4.0
    eps: float = 1e-6


class Attention(nn.Module):
    """Self-attention. Queries, keys and values come from one layer ``qkv``, or, ``split``, from three: q, k, v."""

    def __init__(self, width: int, heads: int, split: bool = False) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"A width of {width} cannot be divided among {heads} heads.")
        self.heads, self.split = heads, split
        if split:
            self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))
        else:
            self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        """Tokens (B, N, width); ``seen`` (B, N) is False for tokens that nobody attends to."""
        parts = (self.q(x), self.k(x), self.v(x)) if self.split else self.qkv(x).chunk(3, dim=-1)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts)
        mask = None if seen is None else seen[:, None, None, :]
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        joined: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return joined


class Perceptron(nn.Module):
    """Two layers with a GELU between."""

    def __init__(self, width: int, inside: int) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inside), nn.Linear(inside, width)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.fc2(F.gelu(self.fc1(x)))
        return y


class Block(nn.Module):
    """Attention and a perceptron, each after a normalisation and beside a shortcut."""

    def __init__(self, shape: TransformerShape, split: bool = False) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width, eps=shape.eps)
        self.attn = Attention(shape.width, shape.heads, split)
        self.norm2 = nn.LayerNorm(shape.width, eps=shape.eps)
        self.mlp = Perceptron(shape.width, int(shape.width * shape.ratio))

    def forward(self, x: Tensor, seen: Tensor | None = None) -> Tensor:
        x = x + self.attn(self.norm1(x), seen)
        y: Tensor = x + self.mlp(self.norm2(x))
        return y


def blocks(shape: TransformerShape, split: bool = False) -> nn.ModuleList:
    """As many blocks as a shape says, linear layers drawn as Glorot and Bengio (2010) do."""
    made = nn.ModuleList([Block(shape, split) for _ in range(shape.depth)])
    for module in made.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    return made


def looks(depth: int) -> tuple[int, int, int, int]:
    """After how many blocks each of four maps is taken: evenly, the last after all."""
    return (max(1, depth // 4), max(1, depth // 2), max(1, 3 * depth // 4), depth)


def run(layers: nn.ModuleList, x: Tensor, seen: Tensor | None = None,
        depths: tuple[int, int, int, int] | None = None) -> list[Tensor]:
    """Tokens after each of four depths, those of :func:`looks` if none are given."""
    wanted, taken = depths or looks(len(layers)), {}
    for number, layer in enumerate(layers, 1):
        x = layer(x, seen)
        if number in wanted:
            taken[number] = x
    return [taken[number] for number in wanted]


def pyramid(levels: Sequence[Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Four maps (B, width, h, w) of one grid to four scales: 4 and 2 times finer, as it is, and half as fine."""
    first, second, third, fourth = levels

    def finer(x: Tensor, factor: int) -> Tensor:
        return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)

    return finer(first, 4), finer(second, 2), third, F.avg_pool2d(fourth, 2)


def unseen_dropped(x: Tensor, seen: Tensor) -> tuple[Tensor, Tensor | None, Tensor]:
    """Leave out the tokens (B, N, width) that no image of the batch sees. Returns the others, who among them is seen
    (None: all), and their numbers. A network that is being exported keeps all tokens: what it sees then is no other
    image's matter.
    """
    if torch.onnx.is_in_onnx_export():
        return x, seen | ~seen.any(dim=1, keepdim=True), torch.arange(x.shape[1], device=x.device)
    kept = seen.any(dim=0).nonzero()[:, 0]
    if not len(kept):
        kept = torch.zeros(1, dtype=torch.long, device=x.device)
    x, seen = x[:, kept], seen[:, kept]
    # Nobody can attend to nothing: an image without a seen token sees all, and what comes of it is no news.
    seen = seen | ~seen.any(dim=1, keepdim=True)
    return x, None if bool(seen.all()) else seen, kept


def mostly(seen: Tensor, side: int) -> Tensor:
    """Whether at least half of each patch of ``side`` pixels is seen: (B, T, H, W) to (B, T, H / side, W / side)."""
    return F.avg_pool2d(seen.float(), side) >= 0.5


def by_patch(x: Tensor, seen: Tensor, patch: Tensor, patches: int) -> Tensor:
    """The mean over each patch's tokens (B, N, width): (B, width, patches).

    ``seen`` (B, N) is 1 or 0, ``patch`` (N,) the number of each token's patch; -1: the whole image's, which counts for
    each. A patch of which nothing is seen gets the mean of the image.
    """
    # A product with who belongs where: adding up by number goes wrong where the network is exported.
    at = torch.where(patch < 0, patches, patch)
    of = (torch.arange(patches + 1, device=x.device)[:, None] == at).to(x.dtype)
    total, count = of @ (x * seen[..., None]), seen @ of.T
    image = total.sum(dim=1, keepdim=True) / count.sum(dim=1).clamp(min=1)[:, None, None]
    mean = (total[:, :-1] + total[:, -1:]) / (count[:, :-1] + count[:, -1:]).clamp(min=1)[..., None]
    return torch.where(count[:, :-1, None] > 0, mean, image).transpose(1, 2)
