"""Learning for as long as it takes: steps, running mean, looks at the score, checkpoints, logs, one device or many.

The batch of a step depends on its number alone, and a checkpoint holds all else, so that a course that was broken off
goes on as if it had not been: on a CPU to the same weights.
"""

from __future__ import annotations

import copy
import csv
import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from ..errors import InputError
from ..feedback import Feedback
from ..models.compact import BatchNorm
from ..whole import written_whole
from .fit import SETTLE

Precision = Literal["full", "mixed"]
Pupil = TypeVar("Pupil", bound=nn.Module)
STATE_KEY = "geoloop_course"
LOG_EVERY = 20


class Data(Protocol):
    """What can be put on a device."""

    def to(self, device: torch.device) -> Data:
        """The same on a device."""


@dataclass(frozen=True)
class Course:
    """How to learn. ``average`` is the decay of the weights' running mean; ``clip`` bounds the gradient's length.

    ``mixed`` precision computes in bfloat16 where that is safe. Every ``look_every`` steps (0: never) the score is
    asked, and after ``patience`` looks without a better one the course ends with the best; every ``save_every`` steps a
    ``checkpoint`` is written. ``log`` is a CSV file of the losses. ``describes`` is what a checkpoint must agree in.
    """

    steps: int
    learning_rate: float = 2e-3
    weight_decay: float = 1e-2
    average: float = 0.98
    clip: float = 1.0
    precision: Precision = "full"
    look_every: int = 0
    patience: int = 3
    checkpoint: str = ""
    save_every: int = 100
    log: str = ""
    describes: str = ""


@dataclass
class Progress(Generic[Pupil]):
    """How far a course is: the pupil, its running mean, and the best look so far."""

    step: int
    pupil: Pupil
    mean: Pupil
    best: float = -math.inf
    since: int = 0


def learn(pupil: Pupil, batches: Callable[[int], Data], course: Course, device: torch.device, feedback: Feedback,
          score: Callable[[Pupil], float] | None = None) -> Pupil:
    """Teach ``pupil``, a module that turns a batch into parts of a loss by name; return the running mean of it.

    ``batches`` gives the batch of a step, ``score`` how good a pupil is (more is better). Raises :class:`InputError`
    for a checkpoint of another course.
    """
    with repeatable(device):
        return _learn(pupil, batches, course, device, feedback, score)


@contextmanager
def repeatable(device: torch.device) -> Iterator[None]:
    """On a CPU, add up in the same order at every run: several threads otherwise add gradients as they come."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(before or device.type == "cpu", warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def _learn(pupil: Pupil, batches: Callable[[int], Data], course: Course, device: torch.device, feedback: Feedback,
           score: Callable[[Pupil], float] | None) -> Pupil:
    pupil = pupil.to(device, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(pupil.parameters(), lr=course.learning_rate, weight_decay=course.weight_decay)
    at = Progress(0, pupil, copy.deepcopy(pupil))
    best: dict[str, Tensor] | None = None
    if course.checkpoint and Path(course.checkpoint).exists():
        resume(course, at, optimizer)
        feedback.info(f"Going on after step {at.step} of {course.steps}.")
    log = _Log(course, at.step)
    while at.step < course.steps:
        feedback.check()
        _set_rate(optimizer, course, at.step)
        with torch.autocast(device.type, torch.bfloat16, enabled=course.precision == "mixed"):
            parts = pupil(batches(at.step).to(device))
        loss = torch.stack(list(parts.values())).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(pupil.parameters(), course.clip)
        optimizer.step()
        at.step += 1
        _follow(at.mean, pupil, min(course.average, at.step / (at.step + 9)))
        log.add(at.step, parts)
        feedback.progress(at.step / course.steps, f"step {at.step} of {course.steps}, {log.line()}")
        if score is not None and course.look_every and at.step % course.look_every == 0:
            found = score(settled(at.mean, batches, course, device))
            feedback.info(f"Step {at.step}: score {found:.4f}, best so far {max(found, at.best):.4f}.")
            log.look(at.step, found)
            at.since = 0 if found > at.best else at.since + 1
            if found > at.best:
                at.best, best = found, {name: value.clone() for name, value in at.mean.state_dict().items()}
            if at.since >= course.patience:
                feedback.info(f"No better score for {course.patience} looks: the best is kept.")
                break
        if course.checkpoint and at.step % course.save_every == 0:
            save(course, at, optimizer)
    if best is not None:
        at.mean.load_state_dict(best)
    if course.checkpoint:
        Path(course.checkpoint).unlink(missing_ok=True)
    return settled(at.mean, batches, course, device)


@torch.no_grad()
def settled(pupil: Pupil, batches: Callable[[int], Data], course: Course, device: torch.device) -> Pupil:
    """Return the pupil ready to be asked, the statistics of its normalisation estimated anew on the first batches:
    those gathered while the weights changed are not those of the weights' mean.
    """
    norms = [module for module in pupil.modules() if isinstance(module, BatchNorm)]
    if norms:
        pupil.train()
        for number in range(1, SETTLE + 1):
            for norm in norms:
                norm.momentum = 1 / number
            with torch.autocast(device.type, torch.bfloat16, enabled=course.precision == "mixed"):
                pupil(batches(-number % course.steps).to(device))
        for norm in norms:
            norm.momentum = 0.1
    return pupil.eval()


def save(course: Course, at: Progress, optimizer: torch.optim.Optimizer) -> None:
    """Write all that a course needs to go on, whole or not at all."""
    tensors = {f"{name}.{key}": value for name, module in (("pupil", at.pupil), ("mean", at.mean))
               for key, value in module.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{key}": torch.as_tensor(value) for key, value in state.items()}
    told = {"step": at.step, "best": at.best if math.isfinite(at.best) else None, "since": at.since,
            "course": _agreed(course)}
    with written_whole(course.checkpoint) as draft:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, draft,
                  metadata={STATE_KEY: json.dumps(told)})


def resume(course: Course, at: Progress, optimizer: torch.optim.Optimizer) -> None:
    """Read a checkpoint into a course. Raises :class:`InputError` if it is none, or one of another course."""
    wrong = f"The checkpoint {course.checkpoint} is not of this course; remove it, or name another OUTPUT."
    try:
        with safe_open(course.checkpoint, framework="pt") as file:
            told = json.loads((file.metadata() or {}).get(STATE_KEY, "{}"))
            if told.get("course") != _agreed(course):
                raise InputError(wrong)
            tensors = {name: file.get_tensor(name) for name in list(file.keys())}
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"The checkpoint {course.checkpoint} cannot be read ({error}); remove it.") from error
    for name, module in (("pupil", at.pupil), ("mean", at.mean)):
        module.load_state_dict({key: tensors[f"{name}.{key}"] for key in module.state_dict()})
    state = optimizer.state_dict()
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            state["state"].setdefault(int(number), {})[key] = value
    optimizer.load_state_dict(state)
    at.step, at.since = int(told["step"]), int(told["since"])
    at.best = -math.inf if told["best"] is None else float(told["best"])


class _Log:
    """The losses, as a line for people and as rows of a table."""

    def __init__(self, course: Course, step: int) -> None:
        self._path, self._began, self._smooth = course.log, time.monotonic(), {}  # type: ignore[var-annotated]
        self._parts: dict[str, Tensor] = {}
        if self._path and not step:
            Path(self._path).unlink(missing_ok=True)

    def add(self, step: int, parts: dict[str, Tensor]) -> None:
        if step % LOG_EVERY == 0 or step == 1 or not self._smooth:
            # Reading a value waits for the device: not at every step.
            values = {name: float(part.detach()) for name, part in parts.items()}
            self._smooth = {name: 0.7 * self._smooth.get(name, value) + 0.3 * value for name, value in values.items()}
            self._row(step, **values)

    def look(self, step: int, score: float) -> None:
        self._row(step, score=score)

    def line(self) -> str:
        return ", ".join(f"{name} {value:.3f}" for name, value in self._smooth.items())

    def _row(self, step: int, **values: float) -> None:
        if not self._path:
            return
        with open(self._path, "a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if not file.tell():
                writer.writerow(("step", "seconds", "what", "value"))
            seconds = round(time.monotonic() - self._began, 1)
            writer.writerows((step, seconds, name, f"{value:.6g}") for name, value in values.items())


def _set_rate(optimizer: torch.optim.Optimizer, course: Course, step: int) -> None:
    """Up over the first tenth, then down along a cosine: a function of the step alone."""
    done, rising = step / course.steps, 0.1
    share = (done / rising + 0.02) if done < rising else 0.5 * (1 + math.cos(math.pi * (done - rising) / (1 - rising)))
    for group in optimizer.param_groups:
        group["lr"] = course.learning_rate * min(1.0, max(share, 1e-3))


@torch.no_grad()
def _follow(mean: nn.Module, pupil: nn.Module, decay: float) -> None:
    torch._foreach_lerp_(list(mean.parameters()), list(pupil.parameters()), 1 - decay)


def _agreed(course: Course) -> dict[str, Any]:
    told = asdict(course)
    return {name: told[name] for name in ("steps", "learning_rate", "weight_decay", "average", "clip", "precision",
                                          "describes")}
