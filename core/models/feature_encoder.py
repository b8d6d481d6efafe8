"""Features to vectors: their shape, their words, where they come from."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..tokens.outlines import MEASURES
from ..tokens.tokens import SOURCES
from ..tokens.words import BUCKETS
from .fusion_batch import Batch
from .neighbours import softmax_by

_POINT, _WHOLE = 7, 17
LEAST_M = 0.05


class WordTable(nn.Module):
    """Tags to vectors, from a learnt table of hashed pieces of words and from numbers."""

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.pieces = nn.EmbeddingBag(BUCKETS, width, mode="mean")
        nn.init.normal_(self.pieces.weight, std=0.5)
        self.number = nn.Sequential(nn.Linear(2, width), nn.GELU(), nn.Linear(width, width))
        self.out = nn.Sequential(nn.Linear(2 * width, dim), nn.GELU(), nn.Linear(dim, dim))
        self.weight = nn.Linear(dim, 1)

    def tags(self, batch: Batch) -> Tensor:
        """A vector a tag (t, dim)."""
        word, number = self.pieces(batch.pieces, batch.starts), self.number(batch.number)
        # A number means something only together with its key.
        vector: Tensor = self.out(torch.cat([word, number * word.tanh()], dim=1))
        return vector

    def forward(self, batch: Batch) -> Tensor:
        """What each feature's tags say together (N, dim); 0 for one without tags."""
        if not len(batch.of_feature):
            return torch.zeros(batch.features, self.weight.in_features, device=batch.xy.device, dtype=batch.xy.dtype)
        tags = self.tags(batch)
        weight = softmax_by(self.weight(tags).float()[batch.of_tag], batch.of_feature, batch.features)
        said = torch.zeros(batch.features, tags.shape[1], dtype=tags.dtype, device=tags.device)
        return said.index_add(0, batch.of_feature, weight.to(tags.dtype) * tags[batch.of_tag])


class FeatureEncoder(nn.Module):
    """Features to vectors (N, dim)."""

    def __init__(self, dim: int, word_width: int) -> None:
        super().__init__()
        self.point = nn.Sequential(nn.Linear(_POINT, dim), nn.GELU(), nn.Linear(dim, dim))
        self.whole = nn.Sequential(nn.Linear(_WHOLE, dim), nn.GELU(), nn.Linear(dim, dim))
        self.words = WordTable(word_width, dim)
        self.hushed, self.blurred = nn.Parameter(torch.zeros(dim)), nn.Parameter(torch.zeros(dim))
        self.source = nn.Embedding(len(SOURCES), dim)
        self.asked = nn.Embedding(2, dim)
        self.shape = nn.Linear(2 * dim, dim)
        self.out = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), nn.Linear(dim, dim), nn.LayerNorm(dim))

    def forward(self, batch: Batch) -> Tensor:
        """Encode all features of a batch, each for itself."""
        points, size = relative_points(batch)
        flow = self.point(torch.cat([points, batch.tangent, batch.hole[..., None].float(),
                                     points.norm(dim=-1, keepdim=True),
                                     (points * batch.tangent).sum(-1, keepdim=True)], dim=-1))
        shape = self.shape(torch.cat([flow.mean(dim=1), flow.amax(dim=1)], dim=1))
        shape = shape + self.whole(self._measured(batch, size))
        shape = torch.where(batch.blur[:, None], self.blurred.to(shape.dtype), shape)
        words = self.words(batch)
        words = torch.where(batch.hush[:, None], self.hushed.to(words.dtype), words)
        encoded: Tensor = self.out(shape + words + self.source(batch.kind) + self.asked(batch.visible.long()))
        return encoded

    @staticmethod
    def _measured(batch: Batch, size: Tensor) -> Tensor:
        value = dict(zip(MEASURES, batch.measures.unbind(dim=1), strict=True))
        tx, ty = batch.tangent.unbind(dim=-1)
        return torch.stack([
            torch.log1p(value["area_px"] * batch.pixel_m**2), torch.log1p(value["length_px"] * batch.pixel_m),
            value["hole_share"], torch.log1p(value["holes"]), torch.log1p(value["parts"]),
            torch.log1p(value["vertices"]), value["convexity"], (size * batch.pixel_m + LEAST_M).log(),
            # An outline's main direction: twice the angle, since it has no beginning and no end.
            (tx**2 - ty**2).mean(dim=1), (2 * tx * ty).mean(dim=1),
            *((value["dimension"] == d).float() for d in range(3)),
            *batch.year.unbind(dim=1), *batch.accuracy.unbind(dim=1)], dim=1)


def relative_points(batch: Batch) -> tuple[Tensor, Tensor]:
    """Outlines (N, P, 2) about their middles and in units of their size, and that size (N,) in pixels."""
    about = batch.xy - batch.xy.mean(dim=1, keepdim=True)
    size = about.square().sum(-1).mean(dim=1).sqrt()
    return about / (size + LEAST_M / batch.pixel_m)[:, None, None], size
