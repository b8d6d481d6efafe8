"""Fine-tuning an encoder on the user's labels, and judging it on ground that it did not learn from."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from ..feedback import Feedback, in_words
from ..models.tuned.network import TunedNetwork
from ..models.tuned.seen import Seen
from ..models.tuned_card import Method
from ..sources.bands import Band
from .course import Course, Precision, begun, learn
from .course_told import WARM
from .judging import (
    ClassScores,
    ValueScores,
    best_doubt,
    best_temperature,
    judge_classes,
    judge_values,
    mean_f1,
    nll,
    softened,
)
from .remembered import RememberedDraw
from .selection import selection_of
from .tuning_chips import TuningBatch, TuningChip, TuningDraw, at_random
from .tuning_labels import JUDGE, LEARN, STOP
from .tuning_lesson import Loss, TuningLesson

STEPS = {"quick": 150, "normal": 800, "long": 4000}
DECODER_STEPS = 8
"""A decoder learns by itself for so many times as many: what the encoder makes of crops is kept, so each is cheap."""
RATES: dict[Method, float] = {"probe": 3e-3, "lora": 2e-3, "adapter": 2e-3, "full": 5e-4}
DECODER_PART = 0.2
"""The part of the whole time that a decoder learns by itself, about."""
LOOKS = 6
MOST_WATCHED = 16
"""Squares that are looked at to see whether it still gets better."""
ASKED_AT_ONCE = 16
RAREST = 0.1
"""A class counts at most 1 over this as much as the mean."""

Scores = ClassScores | ValueScores


@dataclass(frozen=True)
class TuningSettings:
    """``steps`` of ``batch`` crops of ``crop`` pixels where the encoder learns; ``decoder_steps`` (0: ``DECODER_STEPS``
    times as many) where a decoder learns by itself, before these or instead. ``selection``: labels of maps are chosen
    by two views of the imagery. ``compare``: the same again on pixels dealt by chance, to see what neighbours give
    away. ``remember``: what a frozen encoder makes of crops is kept. See :class:`~.course.Course` for the rest.
    """

    steps: int
    crop: int
    batch: int = 8
    loss: Loss = "balanced"
    selection: bool = True
    compare: bool = True
    remember: bool = True
    decoder_steps: int = 0
    precision: Precision = "full"
    seed: int = 0
    checkpoint: str = ""
    log: str = ""
    describes: str = ""


@dataclass(frozen=True)
class Tuned:
    """The network, how good it is on blocks left out, and how good it would seem by chance (None: not asked)."""

    network: TunedNetwork
    blocked: Scores
    random: Scores | None


def fine_tune(make: Callable[[], TunedNetwork], chips: Sequence[TuningChip], channels: Sequence[Band],
              settings: TuningSettings, device: torch.device, feedback: Feedback) -> Tuned:
    """Fine-tune what ``make`` makes on chips of the imagery's ``channels``; judge it. Deterministic on a CPU."""
    share = 0.5 if settings.compare else 1.0
    if settings.compare:
        feedback.info("It learns twice, the second time on pixels dealt by chance, to see what neighbours give away.")
    network, blocked = _one(make, chips, channels, settings, device, feedback.span(0.0, share))
    random = None
    if settings.compare:
        feedback.info("Once more, on pixels dealt by chance.")
        again = replace(settings, checkpoint="", log="")
        _, random = _one(make, at_random(chips, settings.seed), channels, again, device, feedback.span(share, 1.0))
    return Tuned(network, blocked, random)


def _one(make: Callable[[], TunedNetwork], chips: Sequence[TuningChip], channels: Sequence[Band],
         settings: TuningSettings, device: torch.device, feedback: Feedback) -> tuple[TunedNetwork, Scores]:
    torch.manual_seed(settings.seed)
    network = make()
    if network.says == "value":
        values = np.concatenate([chip.target[0][chip.role == LEARN] for chip in chips])
        network.decoder.centre.fill_(float(values.mean()))
        network.decoder.spread.fill_(max(float(values.std()), 1e-6))
    fit = _Fit(chips, channels, settings, device, feedback)
    *first, last = courses_of(network, settings)
    for course in first:
        if begun(last):
            continue
        fit.say_what_follows(network, course, last)
        network.freeze(whole_encoder=True)
        network = fit.taught(network, course, last.after + last.steps, feedback.span(0.0, DECODER_PART))
        network.freeze()
    network = fit.taught(network, last, last.after + last.steps, feedback.span(DECODER_PART if first else 0.0, 1.0))
    return network, calibrated(network, chips, settings.crop, device, settings.seed)


def courses_of(network: TunedNetwork, settings: TuningSettings) -> list[Course]:
    """How a network learns: its decoder alone, all of it at once, or, where an encoder that knows something is to
    change, one after the other: a decoder that knows nothing would spoil it (Kumar et al. 2022, arXiv 2202.10054).
    """
    method, knows = network.card.method, network.card.method != "full" or bool(network.card.weights)
    course = Course(settings.steps, RATES[method], precision=settings.precision,
                    look_every=max(1, settings.steps // LOOKS), checkpoint=settings.checkpoint, log=settings.log,
                    describes=settings.describes)
    if not knows:
        return [course]
    alone = settings.decoder_steps or DECODER_STEPS * settings.steps
    decoder = replace(course, steps=alone, learning_rate=RATES["probe"], look_every=max(1, alone // LOOKS))
    return [decoder] if network.frozen else [decoder, replace(course, after=alone, look_first=True)]


@dataclass(frozen=True)
class _Fit:
    """What the courses of one network have in common."""

    chips: Sequence[TuningChip]
    channels: Sequence[Band]
    settings: TuningSettings
    device: torch.device
    feedback: Feedback

    def taught(self, network: TunedNetwork, course: Course, steps: int, feedback: Feedback) -> TunedNetwork:
        """What a network is after a course; ``steps`` are those of all its courses."""
        lesson, draw, settings = self._lesson(network, steps), self._draw(), self.settings
        remembers = settings.remember and network.frozen
        batches = draw.batch if not remembers else RememberedDraw(
            draw, network, lesson.selection if network.says == "classes" else None, batch=settings.batch,
            seed=settings.seed, mixed=settings.precision == "mixed").batch
        kept: dict[int, Seen] | None = {} if remembers else None
        if remembers:
            feedback.info("What the encoder makes of crops is kept: later steps cost less than the first ones.")
        watched = [chip for chip in self.chips if (chip.role == STOP).any()][:MOST_WATCHED]
        learnt = learn(lesson, lambda step: batches(course.after + step), course, self.device, feedback,
                       score=lambda pupil: stop_score(pupil.network, watched, settings.crop, self.device, kept),
                       watch=lambda pupil, mean, step: pupil.follow(mean, course.after + step, settings.seed))
        return learnt.network.eval()

    def say_what_follows(self, network: TunedNetwork, first: Course, then: Course) -> None:
        """Tell before the short steps of the decoder what the long ones after them will take."""
        lesson = self._lesson(network, first.steps + then.steps).to(self.device)
        each = seconds_of_step(lesson, self._draw().batch(0).to(self.device), self.settings.precision)
        lasting = "" if each is None else f", which will take about {in_words(each * then.steps)} on this device"
        self.feedback.info(f"The decoder learns first, {first.steps} steps on the encoder as it is; then all that "
                           f"METHOD={network.card.method} lets learn, {then.steps} steps at most{lasting}.")

    def _lesson(self, network: TunedNetwork, steps: int) -> TuningLesson:
        selection = selection_of(self.channels, blank=float("nan")) if self.settings.selection else None
        return TuningLesson(network, self.settings.loss, class_weights(self.chips), selection, steps)

    def _draw(self) -> TuningDraw:
        return TuningDraw(self.chips, self.channels, crop=self.settings.crop, batch=self.settings.batch,
                          seed=self.settings.seed)


def seconds_of_step(lesson: TuningLesson, batch: TuningBatch, precision: Precision) -> float | None:
    """How long a step of learning takes, of which nothing stays; None where the device's memory does not suffice for a
    whole batch.
    """
    lesson.eval()  # no statistics of normalisation change
    lesson.follow(lesson, 0, 0)
    took = 0.0
    try:
        for _ in range(WARM + 1):
            began = time.perf_counter()
            with torch.autocast(batch.target.device.type, torch.bfloat16, enabled=precision == "mixed"):
                loss = torch.stack(list(lesson(batch).values())).sum()
            loss.backward()
            if batch.target.is_cuda:
                torch.cuda.synchronize(batch.target.device)
            took = time.perf_counter() - began
    except torch.OutOfMemoryError:
        return None
    finally:
        lesson.zero_grad(set_to_none=True)
    return took


def calibrated(network: TunedNetwork, chips: Sequence[TuningChip], crop: int, device: torch.device, seed: int
               ) -> Scores:
    """Put the network's sureness right by the pixels that it was stopped by; judge it by those left out."""
    said, target, _ = answers(network, chips, STOP, crop, device)
    judged, truth, block = answers(network, chips, JUDGE, crop, device)
    if network.says == "value":
        doubt = best_doubt(said, target[:, 0])
        network.decoder.doubt.mul_(doubt)
        return judge_values(judged, truth[:, 0], block, doubt, seed)
    temperature = best_temperature(said, target)
    network.decoder.temperature.fill_(temperature)
    return judge_classes(judged, truth, block, temperature, seed)


@torch.inference_mode()
def answers(network: TunedNetwork, chips: Sequence[TuningChip], role: int, crop: int, device: torch.device,
            kept: dict[int, Seen] | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """What a network says where labels have a role: (n, outputs) logarithms of probabilities, or value and standard
    deviation; the labels (n, outputs), and their blocks (n,). ``kept`` holds what a frozen encoder made of them when
    they were asked for before.
    """
    crops = [(chip, cut, here) for chip in chips for row in range(0, chip.role.shape[0], crop)
             for column in range(0, chip.role.shape[1], crop)
             if (here := chip.role[cut := np.s_[row:row + crop, column:column + crop]] == role).any()]
    said, known, block = [], [], []
    for start in range(0, len(crops), ASKED_AT_ONCE):
        some = crops[start:start + ASKED_AT_ONCE]
        seen = None if kept is None else kept.get(start)
        if seen is None:
            x = np.stack([chip.x[(slice(None), *cut)] for chip, cut, _ in some])
            seen = network.look(torch.from_numpy(x).to(device))
        if kept is not None:
            kept[start] = seen
        y = network(seen).float()
        y = y.log_softmax(dim=1) if network.says == "classes" else y
        for own, (chip, cut, here) in zip(y.cpu().numpy(), some, strict=True):
            said.append(own[:, here].T)
            known.append(chip.target[(slice(None), *cut)][:, here].T)
            block.append(chip.block[cut][here])
    return (np.concatenate(said).astype(np.float64), np.concatenate(known).astype(np.float64),
            np.concatenate(block).astype(np.intp))


def stop_score(network: TunedNetwork, chips: Sequence[TuningChip], crop: int, device: torch.device,
               kept: dict[int, Seen] | None = None) -> float:
    """How good it is on the pixels that say when to stop: the mean F1 of their classes, or how likely their values are.

    A network that learns on is soon too sure where it is wrong, and still becomes more right: by likelihood it would
    stop too early. One of n pixels changes F1 by about 1/n, so by that much likelihood counts, classes alike and at the
    temperature that suits them best: it decides where pixels are few. ``kept`` as in :func:`answers`.
    """
    said, known, _ = answers(network, chips, STOP, crop, device, kept)
    if network.says == "value":
        z = (said[:, 0] - known[:, 0]) / said[:, 1]
        return float(-(0.5 * z**2 + np.log(said[:, 1])).mean())
    truth = known.argmax(axis=1)
    alike = 1 / np.bincount(truth)[truth]
    likely = -nll(softened(said, best_temperature(said, known, alike)), truth, alike)
    return mean_f1(said, truth) + likely / len(truth)


def class_weights(chips: Sequence[TuningChip]) -> torch.Tensor:
    """How much a pixel of each class counts, so that classes count alike: their mean over the pixels is 1."""
    count = np.sum([(chip.target * np.sqrt(chip.weight) * (chip.role == LEARN)).sum(axis=(1, 2)) for chip in chips],
                   axis=0)
    share = count / max(count.sum(), 1e-9)
    weight = np.where(share > 0, 1 / np.maximum(share * len(share), RAREST), 0.0)
    mean = float((weight * share).sum())
    return torch.from_numpy((weight / max(mean, 1e-9)).astype(np.float32))
