"""Learning for as long as it takes: steps, running mean, looks at the score, checkpoints, logs, one device or many.

The batch of a step depends on its number alone, and a checkpoint holds all else, so that a course that was broken off
goes on as if it had not been: on a CPU to the same weights.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from ..errors import Cancelled, InputError
from ..feedback import Feedback
from ..models.compact import BatchNorm
from ..models.placed import placed
from ..whole import written_whole
from .course_told import LOG_EVERY, Clock, Losses
from .fit import SETTLE
from .together import begin_alike, gather, is_first, share_gradients

if TYPE_CHECKING:
    from lightning.fabric import Fabric

Precision = Literal["full", "mixed"]
Pupil = TypeVar("Pupil", bound=nn.Module)
STATE_KEY = "geoloop_course"
CHECKPOINT = 5
"""So many numbers a checkpoint holds of each weight that learns."""


class Data(Protocol):
    """What can be put on a device."""

    def to(self, device: torch.device) -> Data:
        """The same on a device."""


@runtime_checkable
class Halvable(Data, Protocol):
    """What can be learnt from in parts."""

    def halved(self) -> tuple[Data, ...]:
        """Two halves; itself where it cannot be divided any more."""


@dataclass(frozen=True)
class Course:
    """How to learn. ``average`` is the decay of the weights' running mean; ``clip`` bounds the gradient's length.

    ``mixed`` precision computes in bfloat16 where that is safe. Every ``look_every`` steps (0: never) the score is
    asked, and after ``patience`` looks without a better one the course ends with the best; every ``save_every`` steps a
    ``checkpoint`` is written. ``log`` is a CSV file of the losses. ``describes`` is what a checkpoint must agree in.

    A course may go on where another ended, which took ``after`` steps and left the same checkpoint and log. With
    ``look_first`` the score is asked before the first step, too: where learning makes nothing better, the course ends
    with what it began with.
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
    after: int = 0
    look_first: bool = False


@dataclass
class Progress(Generic[Pupil]):
    """How far a course is: the pupil, its running mean, the score of the best look so far and the weights that had it,
    and how many looks ago that was; ``warned`` that the checkpoint could not be written.
    """

    step: int
    pupil: Pupil
    mean: Pupil
    best: float = -math.inf
    since: int = 0
    kept: dict[str, Tensor] | None = None
    warned: bool = False


def learn(pupil: Pupil, batches: Callable[[int], Data], course: Course, device: torch.device, feedback: Feedback,
          score: Callable[[Pupil], float] | None = None, watch: Callable[[Pupil, Pupil, int], None] | None = None
          ) -> Pupil:
    """Teach ``pupil``, a module that turns a batch into parts of a loss by name; return the running mean of it.

    ``batches`` gives the batch of a number: that of the step, or, where ``n`` processes learn together, one of ``n``
    for each step (see :mod:`together`). ``score`` is how good a pupil is (more is better). ``watch`` is told, before
    each step, the pupil, its running mean and the number of the step. Weights that need no gradient stay as they are:
    pupil and mean share them, and a checkpoint leaves them out. A batch that does not fit into the device's memory is
    learnt from in halves, quarters and so on, from then on.

    The checkpoint stays, as the course has ended, until what was learnt is written (see :func:`until_written`):
    learning is dear. Where it cannot be written the course goes on and warns. Raises :class:`InputError` for a
    checkpoint of another course, or where not even one tile fits.
    """
    try:
        with repeatable(device):
            return _learn(pupil, batches, course, device, feedback, score, watch)
    except Cancelled:
        if course.log and is_first() and not (course.checkpoint and Path(course.checkpoint).exists()):
            with suppress(OSError):  # another program holds it open
                Path(course.log).unlink(missing_ok=True)  # nothing goes on from here
        raise


@contextmanager
def until_written(checkpoint: str) -> Iterator[None]:
    """Remove a course's checkpoint when the block that writes what was learnt ends well; where it does not, the error
    says that the checkpoint holds it.
    """
    try:
        yield
    except InputError as error:
        if Path(checkpoint).is_file():
            raise InputError(f"{error} What was learnt is kept in {checkpoint}: the same run with the same OUTPUT goes "
                             "on from there.") from error
        raise
    Path(checkpoint).unlink(missing_ok=True)


def room(pupil: nn.Module) -> int:
    """The bytes of disk that a course of ``pupil`` takes at most: what is written at its end, and the checkpoint with
    the weights that learn, their mean, the best of it, and two more numbers of the optimizer for each.
    """
    whole, learning = (sum(one.numel() * one.element_size() for one in some) for some in (
        pupil.state_dict().values(), (one for one in pupil.parameters() if one.requires_grad)))
    return whole + CHECKPOINT * learning


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
           score: Callable[[Pupil], float] | None, watch: Callable[[Pupil, Pupil, int], None] | None) -> Pupil:
    fabric = gather(device, course.precision == "mixed")
    pupil = placed(pupil, fabric.device).train()
    begin_alike(fabric, pupil)
    learning = [parameter for parameter in pupil.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=course.learning_rate, weight_decay=course.weight_decay)
    at = Progress(0, pupil, twin(pupil))
    if Path(course.checkpoint).is_file() and (not course.after or begun(course)):
        resume(course, at, optimizer)
        feedback.info(f"Going on after step {course.after + at.step} of {course.after + course.steps}.")
    lot, log = _Lot(fabric, feedback), Losses(course.log, course.after + at.step, feedback)
    clock = Clock(course.steps, at.step, feedback)

    def look(asked: Callable[[Pupil], float]) -> None:
        """Ask for the score, and keep the weights if it is the best so far."""
        found, now = fabric.broadcast(asked(settled(at.mean, batches, course, fabric))), course.after + at.step
        feedback.info(f"Step {now}: score {found:.4f}, best so far {max(found, at.best):.4f}.")
        log.look(now, found)
        at.since = 0 if found > at.best else at.since + 1
        if found > at.best:
            at.best, at.kept = found, {name: value.clone() for name, value in _learnt(at.mean).items()}

    if score is not None and course.look_first and at.step == 0:
        look(score)
    while at.step < course.steps:
        feedback.check()
        _set_rate(optimizer, course, at.step)
        if watch is not None:
            watch(pupil, at.mean, at.step)
        parts = lot.learn_from(pupil, batches(at.step * fabric.world_size + fabric.global_rank))
        share_gradients(fabric, pupil)
        nn.utils.clip_grad_norm_(learning, course.clip)
        optimizer.step()
        at.step += 1
        _follow(at.mean, pupil, min(course.average, at.step / (at.step + 9)))
        now = course.after + at.step
        log.add(now, parts)
        clock.tick(at.step)
        feedback.progress(at.step / course.steps, f"step {now} of {course.after + course.steps}, {log.line()}")
        looks = score is not None and bool(course.look_every) and at.step % course.look_every == 0
        if (looks or at.step % LOG_EVERY == 0 or at.step == course.steps) and not _finite(learning):
            _tell_lost(at, now, feedback)
            break
        if score is not None and looks:
            look(score)
            if at.since >= course.patience:
                feedback.info(f"No better score for {course.patience} looks: the best is kept.")
                break
        if at.step % course.save_every == 0:
            _save(course, at, optimizer, fabric, feedback)
    if at.kept is not None:
        at.mean.load_state_dict(at.kept, strict=False)
    at.step = course.steps
    _save(course, at, optimizer, fabric, feedback)
    return settled(at.mean, batches, course, fabric)


def _finite(weights: Sequence[Tensor]) -> bool:
    """Whether all are numbers. Of several processes all find the same."""
    return bool(torch.stack([one.detach().isfinite().all() for one in weights]).all())


def _tell_lost(at: Progress[Pupil], step: int, feedback: Feedback) -> None:
    """Say that what learns has come to nothing; the best that was found before is what remains. Raises
    :class:`InputError` where nothing was.
    """
    lost = (f"At step {step} the weights are no numbers any more. Look for values far out of range: a nodata that the "
            "imagery does not declare, such as -3.4e38, or a wrong label")
    if at.kept is None:
        raise InputError(f"{lost}.")
    feedback.warning(f"{lost}. Learning ends here, with the best that was found before.")


class _Lot:
    """Batches in as many parts as the device's memory asks for; the number of parts only grows."""

    def __init__(self, fabric: Fabric, feedback: Feedback) -> None:
        self._fabric, self._feedback, self._parts = fabric, feedback, 1

    def learn_from(self, pupil: nn.Module, batch: Data) -> dict[str, Tensor]:
        """Leave the gradient of a batch in the pupil; return the parts of the loss."""
        while True:
            try:
                return self._gradient(pupil, cut_up(batch, self._parts))
            except torch.OutOfMemoryError as error:
                if len(cut_up(batch, self._parts)) == len(cut_up(batch, 2 * self._parts)):
                    raise InputError(f"The memory of {self._fabric.device} does not suffice for a single window; "
                                     "choose a smaller SIZE, or another DEVICE.") from error
                self._parts *= 2
                self._feedback.warning(f"The memory of {self._fabric.device} does not suffice: batches are learnt from "
                                       f"in {self._parts} parts from now on.")
            if self._fabric.device.type == "cuda":
                torch.cuda.empty_cache()

    def _gradient(self, pupil: nn.Module, batches: Sequence[Data]) -> dict[str, Tensor]:
        pupil.zero_grad(set_to_none=True)
        total: dict[str, Tensor] = {}
        for one in batches:
            with self._fabric.autocast():
                parts = pupil(one.to(self._fabric.device))
            loss = torch.stack(list(parts.values())).sum() / len(batches)
            loss.backward()
            total = {name: total.get(name, 0.0) + part.detach() / len(batches) for name, part in parts.items()}
        return total


def cut_up(batch: Data, parts: int) -> list[Data]:
    """Return a batch in about as many ``parts``, a power of 2, or in as many as it has tiles."""
    found = [batch]
    while len(found) < parts:
        halves = [half for one in found for half in (one.halved() if isinstance(one, Halvable) else (one,))]
        if len(halves) == len(found):
            break
        found = halves
    return found


@torch.no_grad()
def settled(pupil: Pupil, batches: Callable[[int], Data], course: Course, fabric: Fabric) -> Pupil:
    """Return the pupil ready to be asked, the statistics of its normalisation estimated anew on the first batches:
    those gathered while the weights changed are not those of the weights' mean.
    """
    pupil.train()
    norms = [module for module in pupil.modules() if isinstance(module, BatchNorm) and module.training]
    if norms:
        for number in range(1, SETTLE + 1):
            for norm in norms:
                norm.momentum = 1 / number
            with fabric.autocast():
                pupil(batches(-number % course.steps).to(fabric.device))
        for norm in norms:
            norm.momentum = 0.1
    return pupil.eval()


def save(course: Course, at: Progress, optimizer: torch.optim.Optimizer) -> None:
    """Write all that a course needs to go on, whole or not at all."""
    tensors = {f"{name}.{key}": value
               for name, part in (("pupil", _learnt(at.pupil)), ("mean", _learnt(at.mean)), ("kept", at.kept or {}))
               for key, value in part.items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{key}": torch.as_tensor(value) for key, value in state.items()}
    told = {"step": at.step, "best": at.best if math.isfinite(at.best) else None, "since": at.since,
            "course": _agreed(course)}
    with written_whole(course.checkpoint) as draft:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, draft,
                  metadata={STATE_KEY: json.dumps(told)})


def _save(course: Course, at: Progress, optimizer: torch.optim.Optimizer, fabric: Fabric, feedback: Feedback) -> None:
    """Write the checkpoint, if there is one and this process is the one that writes. A disk without room for it is no
    reason to lose what is being learnt.
    """
    if not course.checkpoint or not fabric.is_global_zero:
        return
    try:
        save(course, at, optimizer)
    except InputError as error:
        if not at.warned:
            feedback.warning(f"{error} Learning goes on; should the run be broken off, it begins anew from the last "
                             "checkpoint that could be written, if there is any.")
        at.warned = True


def begun(course: Course) -> bool:
    """Whether there is a checkpoint, and one of this very course, not of the one before it, say."""
    if not Path(course.checkpoint).is_file():
        return False
    try:
        with safe_open(course.checkpoint, framework="pt") as file:
            return bool(_told(file)["course"] == _agreed(course))
    except (SafetensorError, OSError, ValueError, KeyError):
        return False  # whoever reads it says what is wrong


def resume(course: Course, at: Progress, optimizer: torch.optim.Optimizer) -> None:
    """Read a checkpoint into a course. Raises :class:`InputError` if it is none, or one of another course."""
    wrong = f"The checkpoint {course.checkpoint} is not of this course; remove it, or name another OUTPUT."
    try:
        with safe_open(course.checkpoint, framework="pt") as file:
            told = _told(file)
            if told.get("course") != _agreed(course):
                raise InputError(wrong)
            # Copies: a file that is still mapped into memory can be neither replaced nor removed on Windows.
            tensors = {name: file.get_tensor(name).clone() for name in list(file.keys())}
    except (SafetensorError, OSError, ValueError) as error:
        raise InputError(f"The checkpoint {course.checkpoint} cannot be read ({error}); remove it.") from error
    try:
        for name, module in (("pupil", at.pupil), ("mean", at.mean)):
            module.load_state_dict({key: tensors[f"{name}.{key}"] for key in _learnt(module)}, strict=False)
    except (KeyError, RuntimeError) as error:  # of a network that another version of GeoLoop made otherwise
        raise InputError(wrong) from error
    at.kept = {name.removeprefix("kept."): value for name, value in tensors.items() if name.startswith("kept.")} or None
    state = optimizer.state_dict()
    for name, value in tensors.items():
        if name.startswith("optimizer."):
            _, number, key = name.split(".")
            state["state"].setdefault(int(number), {})[key] = value
    optimizer.load_state_dict(state)
    at.step, at.since = int(told["step"]), int(told["since"])
    at.best = -math.inf if told["best"] is None else float(told["best"])


def _told(file: Any) -> dict[str, Any]:
    """What a checkpoint, opened, says of itself."""
    told: dict[str, Any] = json.loads((file.metadata() or {}).get(STATE_KEY, "{}"))
    return told


def _set_rate(optimizer: torch.optim.Optimizer, course: Course, step: int) -> None:
    """Up over the first tenth, then down along a cosine: a function of the step alone."""
    done, rising = step / course.steps, 0.1
    share = (done / rising + 0.02) if done < rising else 0.5 * (1 + math.cos(math.pi * (done - rising) / (1 - rising)))
    for group in optimizer.param_groups:
        group["lr"] = course.learning_rate * min(1.0, max(share, 1e-3))


def twin(pupil: Pupil) -> Pupil:
    """A copy that shares the weights that do not learn."""
    return copy.deepcopy(pupil, {id(one): one for one in pupil.parameters() if not one.requires_grad})


def _learnt(pupil: nn.Module) -> dict[str, Tensor]:
    """The state of a pupil without the weights that do not learn."""
    frozen = {name for name, one in pupil.named_parameters() if not one.requires_grad}
    return {name: value for name, value in pupil.state_dict().items() if name not in frozen}


@torch.no_grad()
def _follow(mean: nn.Module, pupil: nn.Module, decay: float) -> None:
    pairs = [(kept, own) for kept, own in zip(mean.parameters(), pupil.parameters(), strict=True) if own.requires_grad]
    torch._foreach_lerp_([kept for kept, _ in pairs], [own for _, own in pairs], 1 - decay)


def _agreed(course: Course) -> dict[str, Any]:
    told = asdict(course)
    return {name: told[name] for name in ("steps", "learning_rate", "weight_decay", "average", "clip", "precision",
                                          "describes", "after")}
