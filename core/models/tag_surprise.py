"""How little a feature's words were expected."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .fusion_batch import Batch
from .fusion_net import TAG_CLASSES, Said


def tag_surprise(said: Said, batch: Batch) -> Tensor:
    """Minus the logarithm of the probability of a feature's tags (N,), the mean over them; 0 without tags."""
    chance = F.log_softmax(said.tags.float(), dim=1)
    each = -chance[batch.of_feature, batch.whole[batch.of_tag] % TAG_CLASSES]
    zero = torch.zeros(batch.features, device=each.device)
    count = zero.index_add(0, batch.of_feature, torch.ones_like(each))
    return zero.index_add(0, batch.of_feature, each) / count.clamp(min=1)
