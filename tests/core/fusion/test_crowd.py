"""Reliability without a master: what is simulated is found again."""

import numpy as np
import pytest

from geoloop.core.fusion.assumed import expected_accuracy
from geoloop.core.fusion.crowd import Calibration, estimate


def simulate(n: int, accuracy: list[float], seed: int = 0, classes: int = 3, sharpness: float = 2.0):
    """Truth, a network's probabilities and what sources with these accuracies say (one-hot)."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(classes, size=n)
    score = rng.normal(size=(n, classes)) + sharpness * np.eye(classes)[truth]
    q = np.exp(score * sharpness)  # the posterior under this simulation
    q /= q.sum(axis=1, keepdims=True)
    said = []
    for a in accuracy:
        wrong = (truth + rng.integers(1, classes, size=n)) % classes
        said.append(np.eye(classes)[np.where(rng.random(n) < a, truth, wrong)])
    return truth, q, said


def test_accuracies_of_map_and_field_are_found_without_being_told() -> None:
    _, q, said = simulate(6000, [0.85, 0.95])
    priors = [expected_accuracy(np.full(3, 0.9), 20.0)] * 2
    found = estimate(q, said, priors, np.ones(len(q)))
    assert np.diag(found.sources[0].matrix).mean() == pytest.approx(0.85, abs=0.03)
    assert np.diag(found.sources[1].matrix).mean() == pytest.approx(0.95, abs=0.03)


def test_the_posterior_is_better_than_any_source() -> None:
    truth, q, said = simulate(4000, [0.85, 0.9], seed=1)
    found = estimate(q, said, [expected_accuracy(np.full(3, 0.9), 20.0)] * 2, np.ones(len(q)))
    fused = found.posterior(q, said).argmax(axis=1)
    alone = [q.argmax(axis=1), *(s.argmax(axis=1) for s in said)]
    assert (fused == truth).mean() > max((a == truth).mean() for a in alone) + 0.01


def test_leave_one_out_does_not_hear_the_source_it_judges() -> None:
    _, q, said = simulate(500, [0.9])
    found = estimate(q, said, [expected_accuracy(np.full(3, 0.9), 20.0)], np.ones(len(q)))
    turned = np.roll(said[0], 1, axis=1)
    np.testing.assert_allclose(found.posterior(q, [None]), found.posterior(q, [None]))
    assert not np.allclose(found.posterior(q, said), found.posterior(q, [turned]))


def test_an_overconfident_network_is_calibrated() -> None:
    truth, q, said = simulate(8000, [0.95, 0.95], seed=2)
    loud = q**3 / (q**3).sum(axis=1, keepdims=True)
    found = estimate(loud, said, [expected_accuracy(np.full(3, 0.95), 50.0)] * 2, np.ones(len(q)))
    assert found.calibration.power < 0.6
    p = found.calibration(loud)
    assert p.max(axis=1).mean() == pytest.approx((p.argmax(axis=1) == truth).mean(), abs=0.03)


def test_a_silent_source_and_an_unseen_place_change_nothing() -> None:
    _, q, said = simulate(300, [0.9])
    found = estimate(q, said, [expected_accuracy(np.full(3, 0.9), 20.0)], np.ones(len(q)))
    nothing = np.zeros_like(q)
    np.testing.assert_allclose(found.posterior(q, [nothing]), found.posterior(q, [None]))
    np.testing.assert_allclose(found.calibration(np.full((2, 3), np.nan)), np.tile(found.calibration.prior, (2, 1)))


def test_priors_hold_where_a_class_was_hardly_ever_seen() -> None:
    _, q, said = simulate(200, [0.9], classes=3)
    said[0][:, 2] = 0
    found = estimate(q, said, [expected_accuracy(np.full(3, 0.9), 20.0)], np.full(len(q), 1e-3))
    assert np.diag(found.sources[0].matrix) == pytest.approx([0.9, 0.9, 0.9], abs=0.01)


def test_probabilities_sum_to_one() -> None:
    calibration = Calibration(0.7, np.array([0.1, 0.0, -0.1]), np.full(3, 1 / 3))
    q = np.random.default_rng(0).dirichlet(np.ones(3), size=10)
    np.testing.assert_allclose(calibration(q).sum(axis=1), 1)
