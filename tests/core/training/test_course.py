"""A course can be broken off and goes on as if it had not been; it ends with its best, and tells how it went."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.compact import BatchNorm
from geoloop.core.training.course import Course, learn

CPU = torch.device("cpu")


class Line(nn.Module):
    """Learns y = 2 x."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.norm, self.layer = BatchNorm(1), nn.Conv2d(1, 1, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        return {"line": ((self.layer(self.norm(x)) - 2 * x) ** 2).mean()}


def batches(step: int) -> Tensor:
    return torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(step % 50))


class Stops(Feedback):
    """Cancels after some steps."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_it_learns_and_is_the_same_every_time() -> None:
    a, b = (learn(Line(), batches, Course(250, learning_rate=0.1, average=0.9), CPU, Feedback()) for _ in range(2))
    assert a(batches(999))["line"] < 0.02
    assert not a.training
    assert all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


def test_a_killed_course_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    course = Course(40, learning_rate=0.05, checkpoint=str(tmp_path / "netz ä.unfinished"), save_every=8)
    whole = learn(Line(), batches, replace(course, checkpoint=""), CPU, Feedback())
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(27))
    assert Path(course.checkpoint).exists()
    resumed = learn(Line(), batches, course, CPU, Feedback())
    kept, found = whole.state_dict(), resumed.state_dict()
    assert all(torch.equal(kept[name], found[name]) for name in kept)
    assert not Path(course.checkpoint).exists()


def test_a_checkpoint_of_another_course_is_refused(tmp_path: Path) -> None:
    course = Course(40, checkpoint=str(tmp_path / "a.unfinished"), save_every=8)
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(20))
    for other in (replace(course, learning_rate=0.1), replace(course, describes="other layers")):
        with pytest.raises(InputError, match="not of this course"):
            learn(Line(), batches, other, CPU, Feedback())
    Path(course.checkpoint).write_bytes(b"no tensors at all")
    with pytest.raises(InputError, match="cannot be read"):
        learn(Line(), batches, course, CPU, Feedback())


def test_it_stops_when_it_no_longer_gets_better_and_keeps_the_best() -> None:
    looks: list[float] = []
    weights: list[Tensor] = []

    def score(pupil: Line) -> float:
        weights.append(pupil.layer.weight.detach().clone())
        looks.append([0.5, 0.9, 0.3, 0.2, 0.1, 1.0][len(looks)])
        return looks[-1]

    found = learn(Line(), batches, Course(100, look_every=5, patience=3), CPU, Feedback(), score)
    assert looks == [0.5, 0.9, 0.3, 0.2, 0.1]
    assert torch.equal(found.layer.weight, weights[1])


def test_losses_and_scores_are_logged(tmp_path: Path) -> None:
    course = Course(40, log=str(tmp_path / "losses.csv"), look_every=20)
    learn(Line(), batches, course, CPU, Feedback(), lambda pupil: 1.0)
    with open(course.log, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["step"], row["what"]) for row in rows] == [
        ("1", "line"), ("20", "line"), ("20", "score"), ("40", "line"), ("40", "score")]
    assert float(rows[3]["value"]) < float(rows[0]["value"])


def test_the_running_mean_gets_statistics_of_its_own() -> None:
    found = learn(Line(), lambda step: batches(step) * 3 + 1, Course(30), CPU, Feedback())
    assert found.norm.running_mean.item() == pytest.approx(1, abs=0.2)
    assert found.norm.running_var.item() == pytest.approx(9, rel=0.2)
    assert found.norm.momentum == pytest.approx(0.1)
