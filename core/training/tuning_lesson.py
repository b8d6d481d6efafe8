"""The loss of a fine-tuning: classes that are unlike in number, labels that are partly wrong, values with their doubt.
"""

from __future__ import annotations

import copy
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..models.tuned.network import TunedNetwork
from .selection import Selection
from .tuning_chips import TuningBatch

Loss = Literal["balanced", "plain", "focal", "dice"]
SMOOTHING = 0.03
FOCUS = 2.0
"""How much less a pixel counts that is known well already (Lin et al. 2017, arXiv 1708.02002)."""
DOUBT_SHARE = 0.5
"""How much a value's own doubt weighs its error: 0 not at all, 1 as the likelihood says, which lets hard places go
(Seitzer et al. 2022, arXiv 2203.09168).
"""


class TuningLesson(nn.Module):
    """The network with its loss. ``weights`` (classes,) are for classes that are rarer than others, ``steps`` is how
    many there are in all.
    """

    def __init__(self, network: TunedNetwork, loss: Loss, weights: Tensor, selection: Selection | None, steps: int
                 ) -> None:
        super().__init__()
        self.network, self.loss, self.selection, self.steps = network, loss, selection, steps
        self.register_buffer("class_weights", weights, persistent=False)
        self._teacher: list[TunedNetwork] = []
        self._done = 0.0

    def follow(self, teacher: TuningLesson, step: int, seed: int) -> None:
        """Take the running mean as the one who chooses among labels; what is left to chance depends on the step."""
        torch.manual_seed(1_000_003 * seed + step)
        self._teacher[:] = [teacher.network.eval()]
        self._done = step / self.steps

    def forward(self, batch: TuningBatch) -> dict[str, Tensor]:
        weight, x = batch.weight, batch.x
        if self.network.says == "value":
            return {"value": value_loss(self.network.scores(x).float(), self._standard(batch.target), weight)}
        if self.selection is not None and self._teacher:
            chosen = self.selection.weights(self._teacher[0], x, batch.target, batch.sure, self._done)
            weight = weight * chosen
            x = self.selection.mixed(x, torch.rand(len(x)).tolist())
        scores = self.network.scores(x).float()
        parts = {"classes": class_loss(scores, batch.target, weight, self.loss, self.get_buffer("class_weights"))}
        if self.loss == "dice":
            parts["dice"] = dice_loss(scores, batch.target, weight)
        return parts

    def __deepcopy__(self, memo: dict[int, object]) -> TuningLesson:
        """A copy has no teacher: it is one."""
        fresh = TuningLesson(copy.deepcopy(self.network, memo), self.loss, self.get_buffer("class_weights").clone(),
                             self.selection, self.steps)
        return fresh.train(self.training)

    def _standard(self, value: Tensor) -> Tensor:
        told = self.network.decoder
        return (value - told.centre) / told.spread


def class_loss(scores: Tensor, mix: Tensor, weight: Tensor, loss: Loss, class_weights: Tensor) -> Tensor:
    """Cross-entropy of scores (B, K, H, W) to class mixes, weighed by pixel (B, H, W); nothing where a mix is empty.

    ``balanced``: and by class; ``focal``: less for pixels that are known well.
    """
    counted = weight * (mix.sum(dim=1) > 0.5)
    softened = mix * (1 - SMOOTHING) + SMOOTHING / mix.shape[1]
    logs = F.log_softmax(scores, dim=1)
    each = -(softened * logs).sum(dim=1)
    if loss == "balanced":
        counted = counted * (mix * class_weights[None, :, None, None]).sum(dim=1)
    if loss == "focal":
        each = each * (1 - (logs.exp() * mix).sum(dim=1)).clamp(0, 1) ** FOCUS
    return (each * counted).sum() / counted.sum().clamp(min=1e-6)


def dice_loss(scores: Tensor, mix: Tensor, weight: Tensor) -> Tensor:
    """One minus the mean overlap of what is said and what is known, over the classes that the batch shows (Milletari et
    al. 2016, arXiv 1606.04797): classes count alike, however few their pixels.
    """
    counted = (weight > 0)[:, None] * (mix.sum(dim=1, keepdim=True) > 0.5)
    p, q = scores.softmax(dim=1) * counted, mix * counted
    both, total = (p * q).sum(dim=(0, 2, 3)), (p + q).sum(dim=(0, 2, 3))
    shown = q.sum(dim=(0, 2, 3)) > 0
    overlap = (2 * both + 1) / (total + 1)
    return 1 - (overlap * shown).sum() / shown.sum().clamp(min=1)


def value_loss(scores: Tensor, value: Tensor, weight: Tensor) -> Tensor:
    """Of a value (B, 1, H, W) and its doubt (B, 2, H, W: the value, the logarithm of its variance): the negative log
    likelihood of a normal distribution, each pixel weighed by a power of its variance.
    """
    mean, log_variance = scores[:, 0], scores[:, 1].clamp(-10, 10)
    each = 0.5 * (log_variance + (value[:, 0] - mean) ** 2 * (-log_variance).exp())
    each = each * (DOUBT_SHARE * log_variance).exp().detach()
    return (each * weight).sum() / weight.sum().clamp(min=1e-6)
