"""Noisy labels: how far each counts in a fit, by what two views of the ground make of it.

After CromSS (Liu et al. 2024, arXiv 2405.01217), with one network instead of two: a view is a part of the bands, the
others blanked, and the network has to do with either now and then. What both views believe is learnt in full, what
neither believes hardly. The views are imagery; the labels never are among what they see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from ..models.tuned.seen import Seen
from ..sources.bands import Band

Images = TypeVar("Images", Tensor, Seen, Tensor | Seen)

UNTOLD = 0.5
"""The share of labels that is reckoned to be wrong where nothing is known of it."""
FEWEST = 0.3
"""Below this share the choice costs more than it brings: at .1 and less for compact networks that go on, at .2 it
brought a probe nothing, at .4 it did (docs/loop.md, docs/finetuning.md).
"""
RAMP = 0.4
"""Share of the fit over which labels come to be chosen; before, all count."""
VISIBLE_UM = 0.7


def views_of(bands: Sequence[Band]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Cut bands into two views: earlier and later dates, else light and what is no light (radar, elevation), else
    visible and invisible light, else shorter and longer waves or, where these are unknown, the first and second half.
    None for a single band.
    """
    numbers = range(len(bands))
    dates = sorted({band.date for band in bands if band.date})
    later = set(dates[(len(dates) + 1) // 2:])
    by_wave = sorted(numbers, key=lambda i: (bands[i].wavelength_um or 0.0, i))
    halves = set(by_wave[len(bands) // 2:])
    for second in ({i for i in numbers if bands[i].date in later},
                   {i for i in numbers if bands[i].wavelength_um is None},
                   {i for i in numbers if (bands[i].wavelength_um or 0.0) > VISIBLE_UM}, halves):
        first = set(numbers) - second
        if min(len(first), len(second)) >= (1 if second is halves else 2):
            return tuple(sorted(first)), tuple(sorted(second))
    return None


@dataclass(frozen=True)
class Selection:
    """Chooses among the labels of a batch. ``views`` are band numbers; a network's channels are its ``bands`` once or
    several times over, as :meth:`~geoloop.core.models.context.ContextNet.prepare` lays them. ``blank`` is what a band
    shows that a view hides: 0, the mean, or NaN for networks that know gaps.

    ``wrong`` is the share of labels that is believed to be wrong. So many of each class come to be doubted, as far as
    they are not believed, and as many samples show one view alone, half of them each.
    """

    views: tuple[tuple[int, ...], tuple[int, ...]]
    bands: int
    blank: float = 0.0
    wrong: float = UNTOLD

    def through(self, x: Images, view: int) -> Images:
        """A batch (B, channels, H, W), or what an encoder made of it, as one view shows it: the other bands blank."""
        if isinstance(x, Seen):
            return x.views[view]
        seen = torch.zeros(self.bands, device=x.device, dtype=torch.bool)
        seen[list(self.views[view])] = True
        return torch.where(seen.repeat(x.shape[1] // self.bands)[None, :, None, None], x, self.blank)

    def mixed(self, x: Images, draw: Sequence[float]) -> Images:
        """The batch with some samples shown through one view alone, by ``draw`` (B,), random numbers in 0..1."""
        chosen = torch.tensor([0 if u < self.wrong / 2 else 1 if u < self.wrong else 2 for u in draw])
        if isinstance(x, Seen):
            return x.mixed(chosen.to(x.maps[0].device))
        shown = torch.stack([self.through(x, 0), self.through(x, 1), x])
        return shown[chosen, torch.arange(len(x), device=x.device)]

    @torch.no_grad()
    def weights(self, teacher: nn.Module, x: Images, mix: Tensor, sure: Tensor, done: float) -> Tensor:
        """How far each pixel's label counts, (B, H, W) in 0..1; 1 where a reviewer is ``sure`` (B, H, W).

        ``teacher`` is the running mean of the network, ``mix`` (B, classes, H, W) the labels, ``done`` the share of
        the fit that is over.
        """
        keep = 1 - self.wrong * float(torch.exp(torch.tensor(-5 * (1 - min(done / RAMP, 1.0)) ** 2)))
        believed = [(teacher(self.through(x, view)).float().softmax(dim=1) * mix).sum(dim=1) for view in (0, 1)]
        both = believed[0] * believed[1]
        known, label = mix.sum(dim=1) > 0.5, mix.argmax(dim=1)
        total = torch.zeros_like(both)
        for own in believed:
            shared = (own + both) / 2
            weight = torch.ones_like(shared)
            for c in torch.unique(label[known & ~sure]):
                here = known & (label == c) & ~sure
                wanted = round(keep * int(here.sum()))
                if wanted:
                    least = torch.topk(shared[here], wanted).values[-1]
                    weight[here] = torch.clamp(shared[here] / least.clamp(min=1e-6), max=1.0)
            total += weight / 2
        return torch.where(sure, torch.ones_like(total), total)


def selection_of(bands: Sequence[Band], wrong: float = UNTOLD, blank: float = 0.0) -> Selection | None:
    """How to choose among labels of which a share ``wrong`` is believed to be wrong; None where all shall count, since
    these are less than ``FEWEST``, and where the bands give no two views.
    """
    views = views_of(bands) if wrong >= FEWEST else None
    return None if views is None else Selection(views, len(bands), blank, wrong)
