"""A course can be broken off and goes on as if it had not been; it ends with its best, and tells how it went."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest
import torch
from heard import Heard
from torch import Tensor, nn

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.compact import BatchNorm
from geoloop.core.training.course import Course, Progress, begun, learn, resume, until_written

CPU = torch.device("cpu")
ALONE = """
import sys, torch
from torch import nn
from geoloop.core.feedback import Feedback
from geoloop.core.training.course import Course, learn
from geoloop.core.training.together import is_first

class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(1, 1, 1)
    def forward(self, x):
        return {"line": ((self.layer(x) - 2 * x) ** 2).mean()}

def batches(number):
    return torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(number))

torch.manual_seed(torch.initial_seed() if is_first() else 99)
folder = sys.argv[1]
course = Course(6, learning_rate=0.05, log=f"{folder}/losses.csv", checkpoint=f"{folder}/a.unfinished", save_every=2)
found = learn(Line(), batches, course, torch.device("cpu"), Feedback())
torch.save(found.state_dict(), f"{folder}/{'first' if is_first() else 'second'}.pt")
"""


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


@dataclass(frozen=True)
class Samples:
    """A batch that can be learnt from in parts."""

    x: Tensor

    def to(self, device: torch.device) -> Samples:
        return Samples(self.x.to(device))

    def halved(self) -> tuple[Samples, ...]:
        return tuple(map(Samples, self.x.chunk(2))) if len(self.x) > 1 else (self,)


class Hungry(nn.Module):
    """Learns y = 2 x, and needs more memory for more than some samples at once than there is."""

    def __init__(self, most: int) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.most, self.layer = most, nn.Conv2d(1, 1, 1)
        self.seen: list[int] = []

    def forward(self, batch: Samples) -> dict[str, Tensor]:
        self.seen.append(len(batch.x))
        if len(batch.x) > self.most:
            raise torch.OutOfMemoryError("no room")
        return {"line": ((self.layer(batch.x) - 2 * batch.x) ** 2).mean()}


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


def test_the_checkpoint_holds_what_was_learnt_until_it_is_written(tmp_path: Path) -> None:
    course = Course(20, learning_rate=0.05, look_every=5, checkpoint=str(tmp_path / "a.unfinished"))
    looks = iter([0.5, 0.9, 0.3, 0.2])
    first = learn(Line(), batches, course, CPU, Feedback(), lambda pupil: next(looks))
    with pytest.raises(InputError, match=r"full\. What was learnt is kept in .*a\.unfinished"), until_written(
            course.checkpoint):
        raise InputError("The disk is full.")
    heard = Heard()
    again = learn(Line(), batches, course, CPU, heard, lambda pupil: next(looks))  # asked for no look
    assert heard.lines == ["Going on after step 20 of 20."]
    kept, found = first.state_dict(), again.state_dict()
    assert all(torch.equal(kept[name], found[name]) for name in kept)
    with until_written(course.checkpoint):
        pass
    assert not Path(course.checkpoint).exists()


def test_a_killed_course_still_knows_its_best(tmp_path: Path) -> None:
    course = Course(40, learning_rate=0.05, look_every=5, patience=9, checkpoint=str(tmp_path / "a.unfinished"),
                    save_every=10)
    scores = [0.1, 0.9, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2]
    one, other, rest = iter(scores), iter(scores), iter(scores[4:])
    whole = learn(Line(), batches, replace(course, checkpoint=""), CPU, Feedback(), lambda _: next(one))
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(27), lambda _: next(other))
    resumed = learn(Line(), batches, course, CPU, Feedback(), lambda _: next(rest))
    kept, found = whole.state_dict(), resumed.state_dict()
    assert all(torch.equal(kept[name], found[name]) for name in kept)


def test_a_course_after_another_goes_on_to_the_same_weights_and_in_the_same_log(tmp_path: Path) -> None:
    first = Course(10, learning_rate=0.05, checkpoint=str(tmp_path / "a.unfinished"), save_every=8,
                   log=str(tmp_path / "losses.csv"))
    then = replace(first, steps=30, learning_rate=0.01, after=10)

    def both(feedback: Feedback) -> Line:
        start = Line() if begun(then) else learn(Line(), batches, first, CPU, feedback)
        return learn(start, lambda step: batches(10 + step), then, CPU, feedback)

    whole = both(Feedback())
    Path(first.checkpoint).unlink()
    for killed_at, left in ((9, first), (5, first), (25, then)):
        with pytest.raises(Cancelled):
            both(Stops(killed_at))
        assert begun(left)
    heard = Heard()
    resumed = both(heard)
    assert "Going on after step 34 of 40." in heard.lines
    kept, found = whole.state_dict(), resumed.state_dict()
    assert all(torch.equal(kept[name], found[name]) for name in kept)
    with open(then.log, newline="", encoding="utf-8") as file:
        steps = [int(row["step"]) for row in csv.DictReader(file)]
    assert (steps[0], steps[-1]) == (1, 40)


def test_what_it_began_with_is_kept_where_learning_makes_it_worse() -> None:
    start = Line()
    before = start.layer.weight.detach().clone()
    worse = iter([0.5, 0.4, 0.3, 0.2])
    found = learn(start, batches, Course(40, look_every=5, patience=3, look_first=True), CPU, Feedback(),
                  lambda _: next(worse))
    assert torch.equal(found.layer.weight, before)
    assert next(worse, None) is None


def test_a_disk_that_is_full_stops_no_course(tmp_path: Path) -> None:
    course = Course(8, checkpoint=str(tmp_path / "gone" / "a.unfinished"), save_every=4,
                    log=str(tmp_path / "gone" / "losses.csv"))
    heard = Heard()
    found = learn(Line(), batches, course, CPU, heard)
    assert torch.equal(found.layer.weight, learn(Line(), batches, Course(8), CPU, Feedback()).layer.weight)
    assert sum("Learning goes on" in line for line in heard.warnings) == 1
    assert sum("learning goes on without it" in line for line in heard.warnings) == 1


def test_a_course_that_is_cancelled_before_its_first_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    course = Course(40, checkpoint=str(tmp_path / "a.unfinished"), save_every=8, log=str(tmp_path / "losses.csv"))
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(5))
    assert not list(tmp_path.iterdir())
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(12))
    assert {path.name for path in tmp_path.iterdir()} == {"a.unfinished", "losses.csv"}


def test_a_table_of_losses_that_another_program_holds_stops_no_course(tmp_path: Path) -> None:
    held = tmp_path / "losses.csv"
    held.mkdir()  # can no more be removed than a file that is open elsewhere on Windows
    heard = Heard()
    learn(Line(), batches, Course(4, log=str(held)), CPU, heard)
    assert sum("losses.csv cannot be written" in line for line in heard.warnings) == 1
    with pytest.raises(Cancelled):
        learn(Line(), batches, Course(40, log=str(held)), CPU, Stops(5))


@pytest.mark.skipif(sys.platform != "linux", reason="which files are mapped into memory, only Linux says")
def test_a_checkpoint_that_was_gone_on_with_can_be_replaced(tmp_path: Path) -> None:
    """On Windows no file can that is still mapped into memory."""
    course = Course(40, checkpoint=str(tmp_path / "a.unfinished"), save_every=8, look_every=4)
    better = count()
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(20), lambda pupil: float(next(better)))
    pupil = Line()
    at = Progress(0, pupil, Line())
    resume(course, at, torch.optim.AdamW(pupil.parameters()))
    assert at.kept is not None
    assert course.checkpoint not in Path("/proc/self/maps").read_text()


def test_the_first_steps_say_how_long_all_will_take() -> None:
    heard = Heard()
    learn(Line(), batches, Course(30), CPU, heard)
    (said,) = [line for line in heard.lines if "will take about" in line]
    assert said.startswith("27 steps of learning, at most, will take about 1 seconds")
    assert said.endswith(" MB.")


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


def test_a_checkpoint_of_a_network_that_was_made_otherwise_is_refused(tmp_path: Path) -> None:
    course = Course(40, checkpoint=str(tmp_path / "a.unfinished"), save_every=8)
    with pytest.raises(Cancelled):
        learn(Line(), batches, course, CPU, Stops(20))
    wider = Line()
    wider.layer = nn.Conv2d(1, 1, 3, padding=1)
    deeper = Line()
    deeper.other = nn.Conv2d(1, 1, 1)
    for other in (wider, deeper):
        with pytest.raises(InputError, match="not of this course"):
            learn(other, batches, course, CPU, Feedback())


def test_weights_that_are_no_numbers_any_more_are_no_result(tmp_path: Path) -> None:
    """A pixel far out of range, such as a nodata that nobody declared, makes every weight one that is no number."""
    def spoilt(step: int) -> Tensor:
        return batches(step) if step != 12 else torch.full((4, 1, 8, 8), 3e38)

    course = Course(40, learning_rate=0.05, checkpoint=str(tmp_path / "a.unfinished"), save_every=20)
    with pytest.raises(InputError, match=r"At step 20 the weights are no numbers any more\. Look for values far out"):
        learn(Line(), spoilt, course, CPU, Feedback())
    assert not Path(course.checkpoint).exists()
    heard = Heard()
    found = learn(Line(), spoilt, replace(course, look_every=8), CPU, heard, lambda pupil: 1.0)
    assert all(value.isfinite().all() for value in found.state_dict().values())
    assert any("At step 16" in line and "with the best that was found before" in line for line in heard.warnings)


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


def test_a_batch_that_does_not_fit_into_memory_is_learnt_from_in_parts() -> None:
    def samples(step: int) -> Samples:
        return Samples(torch.randn(8, 1, 4, 4, generator=torch.Generator().manual_seed(step)))

    roomy, narrow = (learn(Hungry(most), samples, Course(5, learning_rate=0.1), CPU, Feedback()) for most in (8, 2))
    assert torch.allclose(roomy.layer.weight, narrow.layer.weight, atol=1e-6)
    crowded = Hungry(2)
    learn(crowded, samples, Course(2), CPU, Feedback())
    assert crowded.seen == [8, 4, 2, 2, 2, 2, 2, 2, 2, 2]
    with pytest.raises(InputError, match="does not suffice for a single window"):
        learn(Hungry(0), samples, Course(2), CPU, Feedback())


def test_several_processes_learn_one_network_and_only_the_first_writes(tmp_path: Path) -> None:
    script = tmp_path / "learns.py"
    script.write_text(ALONE)
    root = Path(__file__).parents[3]
    run = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(script),
         str(tmp_path)], env={**os.environ, "PYTHONPATH": str(root / ".dev"), "OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    first, second = (torch.load(tmp_path / f"{name}.pt", weights_only=True) for name in ("first", "second"))
    assert all(torch.equal(first[name], second[name]) for name in first)
    with open(tmp_path / "losses.csv", newline="", encoding="utf-8") as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["1"]
    assert not list(tmp_path.glob(".*draft*"))
