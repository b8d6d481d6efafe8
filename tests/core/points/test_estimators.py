"""Point models: values with quantiles that mean what they say, presences that are not drowned by background."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.points.estimators import fit_presence, fit_values

RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (600, 3)).astype(np.float32)
Z = 4 * X[:, 0] + RNG.normal(0, 0.1 + X[:, 1])
NEW = RNG.uniform(0.1, 0.9, (400, 3)).astype(np.float32)
TRUE = 4 * NEW[:, 0] + RNG.normal(0, 0.1 + NEW[:, 1])


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_bounds_are_wider_where_the_ground_scatters_more(method: str) -> None:
    value, low, high = fit_values(method, X, Z, 0, trees=60)(NEW)
    assert np.corrcoef(value, 4 * NEW[:, 0])[0, 1] > 0.9
    assert (low <= value).mean() > 0.95
    assert (value <= high).mean() > 0.95
    assert ((low <= TRUE) & (high >= TRUE)).mean() > 0.75
    calm, rough = NEW[:, 1] < 0.3, NEW[:, 1] > 0.7
    assert (high - low)[rough].mean() > 1.3 * (high - low)[calm].mean()


def test_a_forests_quantiles_are_those_of_the_values_in_its_leaves() -> None:
    x = np.zeros((200, 1), np.float32)
    z = np.arange(200.0)
    value, low, high = fit_values("forest", x, z, 0, trees=5)(np.zeros((1, 1), np.float32))[:, 0]
    assert value == pytest.approx(z.mean())
    assert (low, high) == (9.0, 189.0)


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_a_band_that_no_point_has_a_measurement_of_tells_nothing(method: str) -> None:
    x = X[:60].copy()
    x[:, 2] = np.nan
    there = (Z[:60] > 2).astype(float)
    for model in (fit_values(method, x, Z[:60], 0, trees=3), fit_presence(method, x, there, 0, trees=3)):
        assert np.isfinite(model(NEW[:5])).all()


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_a_band_without_measurement_is_no_obstacle(method: str) -> None:
    x = X.copy()
    x[::3, 2] = np.nan
    unknown = NEW.copy()
    unknown[:, 2] = np.nan
    assert np.isfinite(fit_values(method, x, Z, 0, trees=10)(unknown)).all()


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_any_seed_will_do(method: str) -> None:
    x = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    z = (x[:, 0] > 0).astype(float)
    assert np.isfinite(fit_presence(method, x, z, 2**31 - 1, trees=5)(x)).all()


@pytest.mark.parametrize("method", ["forest", "boosting"])
def test_few_presences_are_not_drowned_by_background(method: str) -> None:
    there = RNG.normal((0.8, 0.2, 0.5), 0.1, (30, 3)).astype(np.float32)
    x, z = np.concatenate([there, X]), np.r_[np.ones(30), np.zeros(600)]
    like, unlike = np.float32([[0.8, 0.2, 0.5]]), np.float32([[0.1, 0.9, 0.5]])
    model = fit_presence(method, x, z, 0, trees=40)
    assert model(like)[0, 0] > 0.7
    assert model(unlike)[0, 0] < 0.2
    estimate, low, high = model(NEW)
    assert ((low <= estimate) & (estimate <= high) & (low >= 0) & (high <= 1)).all()
