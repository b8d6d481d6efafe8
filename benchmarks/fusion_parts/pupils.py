"""The rivals: a U-Net on channels stacked from the sources, which is also what looks at one source alone."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.fusion_batch import Batch
from geoloop.core.tokens.outlines import MEASURES
from geoloop.core.training.fit import mixed_cross_entropy

WIDTHS = (16, 32, 64, 96)


class Stacked(nn.Module):
    """Bands, and the map and survey painted as channels: covered, distance to the outline, size of what covers, and the
    class that was seen.
    """

    def __init__(self, bands: int, classes: int, sources: tuple[str, ...], smoothing: float = 0.03) -> None:
        super().__init__()
        self.sources, self.classes, self.smoothing = sources, classes, smoothing
        count = (bands + 1 if "imagery" in sources else 0) + 3 * ("map" in sources) + classes * ("field" in sources)
        self.network = CompactUNet(count, classes, WIDTHS)

    def channels(self, batch: Batch) -> Tensor:
        """The stacked channels (B, c, S, S)."""
        found: list[Tensor] = []
        seen = (batch.valid & ~batch.veiled)[:, None].float()
        if "imagery" in self.sources:
            found += [batch.x * seen, seen]
        on = batch.painted.clamp(min=0)
        covered = batch.painted >= 0
        if "map" in self.sources:
            area = torch.log1p(batch.measures[:, MEASURES.index("area_px")] * batch.pixel_m**2) / 8
            by_map = covered & (_at(batch.kind, on) == 0)
            found += [by_map[:, None].float(), batch.distance[:, None], (_at(area, on) * by_map)[:, None]]
        if "field" in self.sources:
            by_field = covered & (_at(batch.kind, on) == 1)
            observed = _at(batch.label, on)
            found += [(by_field & (observed == c))[:, None].float() for c in range(self.classes)]
        return torch.cat(found, dim=1).contiguous(memory_format=torch.channels_last)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """The loss."""
        scores = self.network(self.channels(batch))
        return {"pixels": mixed_cross_entropy(scores.float(), batch.mix, batch.weight, self.smoothing)}

    def scores(self, batch: Batch) -> Tensor:
        """Class scores (B, classes, S, S)."""
        return self.network(self.channels(batch))


def _at(values: Tensor, where: Tensor) -> Tensor:
    """Features' values (N,) at pixels (B, S, S); 0 if there are none."""
    return values[where] if len(values) else torch.zeros_like(where)


def confusions(probability: np.ndarray, truth: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Counts (blocks, classes, classes) of what is there and what is said, by test block."""
    classes, blocks = len(probability), int(block.max()) + 1
    judged = (truth >= 0) & (block >= 0)
    index = (block[judged].astype(int) * classes + truth[judged]) * classes + probability.argmax(axis=0)[judged]
    return np.bincount(index, minlength=blocks * classes * classes).reshape(blocks, classes, classes)
