"""Judging: scores by class, calibration that gets better by a temperature, doubt that holds nine tenths."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from geoloop.core.feedback import Feedback
from geoloop.core.training.course import Course, learn, twin
from geoloop.core.training.judging import (
    best_doubt,
    best_temperature,
    by_class,
    ece,
    judge_classes,
    judge_values,
    softened,
)
from geoloop.core.training.tuning_lesson import class_loss, dice_loss, value_loss


def too_sure(count: int = 4000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of probabilities three times as sure as they should be, and labels."""
    rng = np.random.default_rng(seed)
    honest = np.log(rng.dirichlet((1.0, 1.0, 1.0), count))
    p = np.exp(honest)
    truth = (p.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).clip(0, 2)
    return 3 * honest, np.eye(3)[truth]


def test_the_temperature_undoes_what_was_too_sure() -> None:
    log_p, mix = too_sure()
    temperature = best_temperature(log_p, mix)
    assert temperature == pytest.approx(3.0, abs=0.3)
    truth = mix.argmax(axis=1)
    assert ece(softened(log_p, 1.0), truth) > 0.15
    assert ece(softened(log_p, temperature), truth) < 0.03


def test_scores_by_class_are_those_of_the_confusion() -> None:
    precision, recall, f1, iou = by_class(np.array([[8.0, 2, 0], [0, 5, 0], [0, 0, 0]]))
    assert precision[:2] == pytest.approx([1.0, 5 / 7])
    assert recall[:2] == pytest.approx([0.8, 1.0])
    assert f1[:2] == pytest.approx([16 / 18, 10 / 12])
    assert iou[:2] == pytest.approx([0.8, 5 / 7])
    assert np.isnan(f1[2])


def test_calibration_is_told_for_blocks_and_intervals_hold_the_score() -> None:
    log_p, mix = too_sure()
    found = judge_classes(log_p, mix, np.arange(4000) // 200, 3.0, 0)
    assert found.low <= found.macro_f1 <= found.high
    assert found.ece_after < found.ece_before
    assert found.ece_by_block[1] < found.ece_by_block[0]
    assert sum(n for _, _, n in found.reliability) == 4000


def test_doubt_grows_until_bounds_hold_nine_tenths() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=3000)
    said = np.stack([truth + rng.normal(0, 2, 3000), np.full(3000, 0.5)], axis=1)
    doubt = best_doubt(said, truth)
    assert doubt == pytest.approx(4, rel=0.1)
    found = judge_values(said, truth, np.arange(3000) // 100, doubt, 0)
    assert found.coverage_before < 0.4
    assert found.coverage_after == pytest.approx(0.9, abs=0.01)


def test_losses_count_only_what_is_known_and_rare_classes_as_much_as_others() -> None:
    scores = torch.zeros(1, 2, 1, 3, requires_grad=True)
    mix = torch.tensor([[[[1.0, 0, 0]], [[0.0, 1, 0]]]])
    weight = torch.ones(1, 1, 3)
    class_loss(scores, mix, weight, "balanced", torch.tensor([1.0, 9.0])).backward()
    grad = scores.grad
    assert grad is not None
    assert not grad[..., 2].any()
    assert float(grad[0, 0, 0, 1] / -grad[0, 0, 0, 0]) == pytest.approx(9, rel=1e-4)
    sure = torch.tensor([[[[9.0, -9, 0]], [[-9.0, 9, 0]]]])
    assert dice_loss(sure, mix, weight) < 0.01
    assert dice_loss(-sure, mix, weight) > 0.2
    even = torch.ones(2)
    assert class_loss(sure, mix, weight, "focal", even) < 0.05 * class_loss(sure, mix, weight, "plain", even)


def test_a_value_that_is_off_raises_its_own_doubt() -> None:
    scores = torch.zeros(1, 2, 1, 2, requires_grad=True)
    value_loss(scores, torch.tensor([[[[0.1, 5.0]]]]), torch.ones(1, 1, 2)).backward()
    grad = scores.grad
    assert grad is not None
    assert grad[0, 1, 0, 0] > 0
    assert grad[0, 1, 0, 1] < 0


class Half(nn.Module):
    """One layer learns, the other does not."""

    def __init__(self) -> None:
        super().__init__()
        self.fixed, self.free = nn.Linear(3, 3), nn.Linear(3, 1)
        self.fixed.requires_grad_(False)

    def forward(self, batch: Batch) -> dict[str, torch.Tensor]:
        return {"loss": (self.free(self.fixed(batch.x)) - 1).square().mean()}


class Batch:
    def __init__(self, step: int) -> None:
        self.x = torch.randn(4, 3, generator=torch.Generator().manual_seed(step))

    def to(self, device: torch.device) -> Batch:
        return self


def test_what_does_not_learn_is_shared_and_left_out_of_checkpoints(tmp_path) -> None:
    from safetensors import safe_open

    pupil = Half()
    assert twin(pupil).fixed.weight is pupil.fixed.weight
    assert twin(pupil).free.weight is not pupil.free.weight
    path = tmp_path / "c"
    seen = []

    def watch(own: Half, mean: Half, step: int) -> None:
        seen.append(step)
        if path.exists():
            with safe_open(path, "pt") as file:
                assert not [name for name in list(file.keys()) if "fixed" in name]

    before = pupil.fixed.weight.clone()
    learn(pupil, Batch, Course(6, save_every=2, checkpoint=str(path)), torch.device("cpu"), Feedback(), watch=watch)
    assert seen == list(range(6))
    assert torch.equal(before, pupil.fixed.weight)
