"""Fine-tuning: what a frozen encoder makes of crops is kept; values come better than their mean, with honest doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from heard import Heard
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from geoloop.core.errors import Cancelled
from geoloop.core.feedback import Feedback
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.models.tuned import network as tuned
from geoloop.core.models.tuned.lora import difference, loras
from geoloop.core.models.tuned.network import TunedNetwork, tune
from geoloop.core.models.tuned_card import Method, TunedBand
from geoloop.core.sources.bands import Band
from geoloop.core.training import remembered, tuning
from geoloop.core.training.course import learn
from geoloop.core.training.judging import ClassScores, ValueScores
from geoloop.core.training.tuning import TuningSettings, answers, fine_tune, stop_score
from geoloop.core.training.tuning_chips import TuningChip
from geoloop.core.training.tuning_labels import JUDGE, LEARN, STOP
from geoloop.core.training.tuning_lesson import TuningLesson

CPU = torch.device("cpu")
LIGHT = {"red": 0.665, "nir": 0.842, "swir": 1.6}
BANDS = [Band(name, light, "S") for name, light in LIGHT.items()]
ROLES = (LEARN,) * 8 + (STOP,) * 3 + (JUDGE,) * 5


def network(outputs: int, says: str = "classes", method: Method = "probe") -> TunedNetwork:
    """A ResNet with random weights under a decoder."""
    encoder = open_encoder("resnet18", BANDS, statistics=[(1000.0, 300.0)] * 3, seed=1)
    bands = tuple(TunedBand(band.name, (number,), band.wavelength_um, mean=1000.0, std=300.0)
                  for number, band in enumerate(BANDS))
    torch.manual_seed(2)
    return tune(encoder, method, bands, ("",), outputs, says=says)  # type: ignore[arg-type]


def squares(target: Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]) -> list[TuningChip]:
    """Squares of a scene of three bands, each a smooth field of its own, with their labels; a square is a block."""
    found = []
    for number, role in enumerate(ROLES):
        rng = np.random.default_rng([7, number])
        fields = np.stack([gaussian_filter(rng.normal(size=(64, 64)), 6, mode="wrap") for _ in LIGHT])
        fields /= fields.std(axis=(1, 2), keepdims=True)
        shape = fields.shape[1:]
        found.append(TuningChip((1000 + 300 * fields).astype(np.float32), target(fields, rng).astype(np.float32),
                                np.ones(shape, np.float32), np.zeros(shape, bool), np.full(shape, role, np.uint8),
                                np.full(shape, number, np.uint16), 0, 64 * number))
    return found


def two_classes(fields: NDArray[np.float64], _: np.random.Generator) -> NDArray[np.float64]:
    """One class where the first band is bright, another where it is not."""
    return np.stack([fields[0] > 0, fields[0] <= 0])


def height(fields: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A height that the first band shows; where the second is bright it was measured five times worse."""
    return (20 + 5 * fields[0] + np.where(fields[1] > 0, 5.0, 1.0) * rng.normal(size=fields[0].shape))[None]


@pytest.mark.parametrize("selection", [False, True])
def test_what_is_kept_teaches_what_looking_anew_would_teach(selection: bool) -> None:
    chips = squares(two_classes)
    settings = TuningSettings(5, 32, batch=4, selection=selection, compare=False)
    kept, anew = (fine_tune(lambda: network(2), chips, BANDS, replace(settings, remember=remember), CPU, Feedback())
                  for remember in (True, False))
    for one, two in zip(kept.network.parameters(), anew.network.parameters(), strict=True):
        assert torch.allclose(one, two, atol=1e-5)


def test_however_many_steps_the_encoder_looks_at_no_more_crops_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LEAST", 8)
    monkeypatch.setattr(remembered, "MOST", 24)
    looked: list[int] = []
    original = TunedNetwork.look
    monkeypatch.setattr(TunedNetwork, "look", lambda own, x: looked.append(len(x)) or original(own, x))
    chips = squares(two_classes)
    settings = TuningSettings(120, 32, batch=4, selection=False, compare=False)
    found = fine_tune(lambda: network(2), chips, BANDS, settings, CPU, Feedback())
    asked_to_stop, asked_to_judge = 3 * 4, 8 * 4
    assert sum(looked) == 24 + asked_to_stop + asked_to_judge
    assert isinstance(found.blocked, ClassScores)
    assert found.blocked.macro_f1 > 0.8


def test_an_encoder_that_learns_is_never_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    original = remembered.RememberedDraw.batch
    monkeypatch.setattr(remembered.RememberedDraw, "batch",
                        lambda own, step: asked.append(own._network.frozen) or original(own, step))
    assert network(2).frozen
    settings = TuningSettings(1, 32, batch=2, selection=False, compare=False, decoder_steps=2)
    for method, decoder_alone in (("lora", 2), ("adapter", 2), ("full", 0)):
        made = network(2, method=method)  # type: ignore[arg-type]
        assert not made.frozen
        asked.clear()
        fine_tune(lambda: made, squares(two_classes), BANDS, settings, CPU, Feedback())  # noqa: B023
        assert asked == [True] * decoder_alone


def test_what_single_pixels_tell_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pixel is of a class of its own; patches of an encoder tell nothing of it."""
    monkeypatch.setattr(remembered, "MOST", 64)
    chips = [replace(chip, x=x, target=np.stack([x[0] > 1000, x[0] <= 1000]).astype(np.float32))
             for number, chip in enumerate(squares(two_classes))
             for x in [np.random.default_rng(number).normal(1000, 300, chip.x.shape).astype(np.float32)]]
    settings = TuningSettings(60, 32, selection=False, compare=False)

    seen = fine_tune(lambda: network(2), chips, BANDS, settings, CPU, Feedback()).blocked
    monkeypatch.setattr(tuned, "pixels_for", lambda *_: 0)
    unseen = fine_tune(lambda: network(2), chips, BANDS, settings, CPU, Feedback()).blocked
    assert isinstance(seen, ClassScores)
    assert isinstance(unseen, ClassScores)
    assert seen.macro_f1 > 0.9
    assert unseen.macro_f1 < 0.7


def test_it_does_not_stop_because_it_is_too_sure() -> None:
    """Sureness is put right at the end, and a network that learns on is soon too sure."""
    chips = squares(two_classes)
    settings = TuningSettings(3, 32, batch=2, selection=False, compare=False)
    found = fine_tune(lambda: network(2), chips, BANDS, settings, CPU, Feedback()).network
    modest = stop_score(found, chips, 32, CPU)
    found.decoder.temperature.mul_(0.4)
    assert stop_score(found, chips, 32, CPU) == pytest.approx(modest, abs=0.005)


def said(right: Sequence[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers to pixels of two classes in turn, each with the probability that it gives to the right one."""
    known = np.eye(2)[np.arange(len(right)) % 2]
    p = np.where(known > 0, np.array(right)[:, None], 1 - np.array(right)[:, None])
    return np.log(p), known, np.zeros(len(right), np.intp)


@pytest.mark.parametrize(("better", "worse", "why"), [
    ([0.99] * 90 + [1e-6] * 10, [0.55] * 80 + [0.4] * 20, "more right, though very sure where it is wrong"),
    ([0.99] * 5 + [0.3], [0.55] * 5 + [0.001], "as right on few pixels, and more likely"),
])
def test_stops_by_what_is_right_and_among_equals_by_what_is_likely(
        better: list[float], worse: list[float], why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter((said(better), said(worse)))
    monkeypatch.setattr(tuning, "answers", lambda *_: next(told))
    one, other = (stop_score(network(2), [], 32, CPU) for _ in range(2))
    assert one > other, why


def added(found: TunedNetwork) -> float:
    """The most that LoRA adds to a weight."""
    return max(float(difference(one).detach().abs().max()) for one in loras(found).values())


def test_the_decoder_learns_before_the_rest_which_then_does_not_spoil_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuned, "pixels_for", lambda *_: 0)  # pixels alone tell these classes apart
    chips = squares(two_classes)
    settings = TuningSettings(6, 32, batch=4, selection=False, compare=False, decoder_steps=60)
    heard = Heard()
    joined = fine_tune(lambda: network(2, method="lora"), chips, BANDS, settings, CPU, heard)
    alone = fine_tune(lambda: network(2), chips, BANDS, replace(settings, steps=60), CPU, Feedback())
    assert added(joined.network) > 0
    assert isinstance(joined.blocked, ClassScores)
    assert isinstance(alone.blocked, ClassScores)
    assert joined.blocked.macro_f1 > alone.blocked.macro_f1 - 0.05
    assert joined.network.trained_share > alone.network.trained_share
    assert any("60 steps on the encoder as it is" in line and "take about" in line for line in heard.lines)
    assert heard.fractions == sorted(heard.fractions)


def test_the_decoder_alone_is_kept_where_letting_more_learn_ruins_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[dict[str, torch.Tensor]] = []

    def learnt(lesson: TuningLesson, *given: object, **named: object) -> TuningLesson:
        ends.append({name: value.clone() for name, value in learn(lesson, *given, **named).state_dict().items()})
        lesson.load_state_dict(ends[-1])
        return lesson

    monkeypatch.setitem(tuning.RATES, "lora", 30.0)
    monkeypatch.setattr(tuning, "learn", learnt)
    settings = TuningSettings(6, 32, batch=4, selection=False, compare=False, decoder_steps=20)
    found = fine_tune(lambda: network(2, method="lora"), squares(two_classes), BANDS, settings, CPU, Feedback())
    assert added(found.network) == 0
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


class Stops(Feedback):
    """Cancels once a step is done."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step, self.there = step, False

    def progress(self, fraction: float, text: str = "") -> None:
        self.there = self.there or text.startswith(f"step {self.step} ")

    def cancelled(self) -> bool:
        return self.there


@pytest.mark.parametrize("killed_at", [5, 7, 12])
def test_a_run_that_is_killed_in_either_stage_ends_with_the_same_network(
    killed_at: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    original = tuning.courses_of
    monkeypatch.setattr(tuning, "courses_of",
                        lambda *given: [replace(one, save_every=4, patience=9) for one in original(*given)])
    chips = squares(two_classes)
    settings = TuningSettings(8, 32, batch=2, selection=True, compare=False, decoder_steps=6,
                              checkpoint=str(tmp_path / "m.unfinished"), log=str(tmp_path / "m.csv"))
    whole = fine_tune(lambda: network(2, method="lora"), chips, BANDS, replace(settings, checkpoint="", log=""), CPU,
                      Feedback())
    with pytest.raises(Cancelled):
        fine_tune(lambda: network(2, method="lora"), chips, BANDS, settings, CPU, Stops(killed_at))
    resumed = fine_tune(lambda: network(2, method="lora"), chips, BANDS, settings, CPU, Feedback())
    kept, found = whole.network.state_dict(), resumed.network.state_dict()
    assert all(torch.equal(kept[name], found[name]) for name in kept)


def test_learnt_values_beat_their_mean_and_their_doubt_is_honest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 128)
    chips = squares(height)
    settings = TuningSettings(300, 32, compare=False)
    found = fine_tune(lambda: network(1, "value"), chips, BANDS, settings, CPU, Feedback())
    scores = found.blocked
    assert isinstance(scores, ValueScores)
    # Of the variance, 25 of about 38 can be known; the mean of what was learnt from has an R² of 0 or less.
    assert scores.r2 > 0.4
    assert abs(scores.bias) < 1.0
    assert abs(scores.coverage_after - 0.9) < 0.05
    said, truth, _ = answers(found.network, chips, JUDGE, 32, CPU)
    off = np.abs(said[:, 0] - truth[:, 0])
    sure = said[:, 1] < np.median(said[:, 1])
    assert off[~sure].mean() > 1.5 * off[sure].mean()
    for part in (sure, ~sure):
        z = (said[part, 0] - truth[part, 0]) / said[part, 1]
        assert 0.7 < np.sqrt((z**2).mean()) < 1.4
