"""Learning from the user's own layers alone: hide a part of each, and say it from the rest.

Patches of imagery, words, outlines and whole features are hidden; shapes are put where nothing stands and features are
moved; what is said is compared with what was there (masked modelling, He et al. 2022, arXiv 2111.06377, over all
sources). Imagery and features of one place shall also be found to belong together, and a feature be told from the
imagery in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import torch

from ..feedback import Feedback
from ..models.fusion_file import begin_with
from ..models.fusion_net import FusionNet, FusionShape, large, small
from ..tokens.excerpt import Excerpt
from .course import Course, Precision, learn, room
from .fusion_draw import Draw, DrawSettings
from .fusion_excerpts import COVERED
from .fusion_lesson import ALL, Lesson

Size = Literal["small", "large"]
STEPS = {"quick": 300, "normal": 1500, "long": 12_000}
HELD_OUT = 0.15
LOOKS, LOOK_BATCHES = 10, 4
SHAPES = {"small": small, "large": large}


@dataclass(frozen=True)
class PretrainSettings:
    """``steps`` of ``batch`` windows of ``side`` pixels with a network of ``size``; see :class:`Course` for the rest.
    """

    steps: int
    size: Size = "small"
    batch: int = 8
    side: int = 96
    precision: Precision = "full"
    seed: int = 0
    checkpoint: str = ""
    log: str = ""
    describes: str = ""


def pretrain(excerpts: list[Excerpt], settings: PretrainSettings, device: torch.device, feedback: Feedback,
             start: FusionNet | None = None) -> tuple[FusionNet, dict[str, float]]:
    """Pretrain a network on excerpts; return it and the parts of its loss on squares that it did not learn from, or on
    those that it did where there are too few. ``start`` gives its weights, as far as they fit.
    """
    torch.manual_seed(settings.seed)
    shape = _shape(settings.size, start)
    network = FusionNet(shape)
    if start is not None:
        kept = begin_with(network, start)
        feedback.info(f"Starting from the given network{f', but for {len(kept)} of its weights' if kept else ''}.")
    held = round(HELD_OUT * len(excerpts))
    drawn = DrawSettings(batch=settings.batch, side=settings.side, asked=0.2, blurred=0.2, hushed=0.15, veiled=0.6,
                         no_imagery=0.05, seed=settings.seed)
    learning = Draw(excerpts[held:], shape.strides, drawn)
    judging = Draw(excerpts[:held] or excerpts, shape.strides, replace(drawn, seed=settings.seed + 1))

    @torch.no_grad()
    def parts(lesson: Lesson) -> dict[str, float]:
        own = next(lesson.parameters()).device  # of several processes each has a device of its own
        found = [lesson(judging.batch(step).to(own)) for step in range(LOOK_BATCHES)]
        return {name: float(torch.stack([one[name] for one in found]).mean()) for name in found[0]}

    course = Course(
        settings.steps, precision=settings.precision, look_every=max(1, settings.steps // LOOKS) if held else 0,
        checkpoint=settings.checkpoint, log=settings.log, describes=settings.describes)
    lesson = learn(Lesson(network, ALL), learning.batch, course, device, feedback,
                   score=(lambda pupil: -sum(parts(pupil).values())) if held else None)
    return lesson.network, parts(lesson)


def room_for(size: Size, start: FusionNet | None) -> int:
    """The bytes of disk that the network and its checkpoint take."""
    with torch.device("meta"):
        return room(FusionNet(_shape(size, start)))


def _shape(size: Size, start: FusionNet | None) -> FusionShape:
    return replace(start.shape if start is not None else SHAPES[size](len(COVERED)), classes=len(COVERED))
