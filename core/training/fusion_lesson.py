"""What a fusion network is taught: to say what it is not shown, of pixels, bands and features alike."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..models.fusion_batch import Batch
from ..models.fusion_net import FusionNet, Said
from ..models.tag_surprise import tag_surprise
from ..tokens.outlines import MEASURES
from .fit import mixed_cross_entropy

TEMPERATURE = 0.2
SHIFT_SCALE_M = 4.0


@dataclass(frozen=True)
class Shares:
    """How much each part of the lesson counts; 0: not taught.

    ``pixels``: their class; ``imagery``: what the imagery alone says of it. ``features``: theirs. ``exists``: whether a
    questioned feature stands there; ``shift``: how far it is off. ``tags``: the hidden words; ``outlines``: what hidden
    outlines measure; ``bands``: the hidden imagery. ``regions``: which imagery and which features are of one tile;
    ``objects``: a feature from the imagery in it.
    """

    pixels: float = 1.0
    imagery: float = 0.5
    features: float = 0.5
    exists: float = 0.3
    shift: float = 0.3
    tags: float = 0.0
    outlines: float = 0.0
    bands: float = 0.0
    regions: float = 0.0
    objects: float = 0.0


ALL = Shares(1.0, 0.5, 0.1, 0.5, 0.5, 0.2, 0.2, 1.0, 0.05, 0.1)
"""Of pretraining: nothing is known but the layers themselves."""


class Lesson(nn.Module):
    """A network with what it is taught; called with a batch it returns the parts of the loss by name."""

    def __init__(self, network: FusionNet, shares: Shares, smoothing: float = 0.03) -> None:
        super().__init__()
        self.network, self.shares, self.smoothing = network, shares, smoothing

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """The parts of the loss, each times its share; those that a batch has nothing for are 0."""
        said = self.network(batch)
        parts: dict[str, Tensor] = {}
        for field in fields(self.shares):
            share = getattr(self.shares, field.name)
            if share:
                parts[field.name] = share * getattr(self, f"_{field.name}")(said, batch)
        return parts

    def _pixels(self, said: Said, batch: Batch) -> Tensor:
        return mixed_cross_entropy(said.scores.float(), batch.mix, batch.weight, self.smoothing)

    def _imagery(self, said: Said, batch: Batch) -> Tensor:
        return mixed_cross_entropy(said.eye.float(), batch.mix, batch.weight, self.smoothing)

    def _features(self, said: Said, batch: Batch) -> Tensor:
        known = (batch.label >= 0) & batch.usable & (batch.real > 0)
        each = F.cross_entropy(said.feature.float(), batch.label.clamp(min=0), reduction="none",
                               label_smoothing=self.smoothing)
        return _mean(each, known)

    def _exists(self, said: Said, batch: Batch) -> Tensor:
        asked = ~batch.visible & batch.usable
        return _mean(F.binary_cross_entropy_with_logits(said.exists.float(), batch.real, reduction="none"), asked)

    def _shift(self, said: Said, batch: Batch) -> Tensor:
        asked = ~batch.visible & batch.usable & (batch.real > 0) & ~batch.blur
        wanted = -batch.moved * batch.pixel_m / SHIFT_SCALE_M
        return _mean(F.smooth_l1_loss(said.shift.float() / SHIFT_SCALE_M, wanted, reduction="none").sum(1), asked)

    def _tags(self, said: Said, batch: Batch) -> Tensor:
        return _mean(tag_surprise(said, batch), batch.hush & (batch.real > 0))

    def _outlines(self, said: Said, batch: Batch) -> Tensor:
        wanted = hidden_measures(batch)
        each = F.smooth_l1_loss(said.measures.float(), wanted, reduction="none").sum(1)
        return _mean(each, batch.blur & (batch.real > 0))

    def _bands(self, said: Said, batch: Batch) -> Tensor:
        values = self.network.band_values(said, batch).float()
        cell = batch.x.shape[-1] // values.shape[-1]
        hidden = (batch.veiled & batch.valid).float()[:, None]
        count = F.avg_pool2d(hidden, cell)
        wanted = F.avg_pool2d(batch.x * hidden, cell) / count.clamp(min=1e-6)
        return (((values - wanted) ** 2).mean(dim=1) * count[:, 0]).sum() / count.sum().clamp(min=1)

    def _regions(self, said: Said, batch: Batch) -> Tensor:
        """Which map belongs to which imagery, among the tiles of the batch that have features (InfoNCE)."""
        shown = torch.zeros(len(batch.x), device=batch.x.device).index_add(0, batch.tile, batch.visible.float()) > 0
        if shown.sum() < 2:
            return said.region.sum() * 0
        a, b = (F.normalize(side[shown].float(), dim=1) for side in (said.region, said.map))
        likeness, own = a @ b.T / TEMPERATURE, torch.arange(len(a), device=a.device)
        return (F.cross_entropy(likeness, own) + F.cross_entropy(likeness.T, own)) / 2

    def _objects(self, said: Said, batch: Batch) -> Tensor:
        """How unlike a visible feature is to what the imagery in it promises."""
        return _mean(1 - F.cosine_similarity(said.under.float(), said.alone.float().detach(), dim=1),
                     batch.visible & ~batch.hush)


def hidden_measures(batch: Batch) -> Tensor:
    """What is guessed of outlines (N, 3): the logarithms of area and length in metres, and the convexity."""
    value = dict(zip(MEASURES, batch.measures.unbind(dim=1), strict=True))
    return torch.stack([torch.log1p(value["area_px"] * batch.pixel_m**2),
                        torch.log1p(value["length_px"] * batch.pixel_m), value["convexity"]], dim=1)


def _mean(each: Tensor, counted: Tensor) -> Tensor:
    return (each * counted).sum() / counted.sum().clamp(min=1)
