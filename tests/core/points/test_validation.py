"""Judging point models: leakage shows, bounds hold what they promise, presence-only models get their own index."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geoloop.core.feedback import Feedback
from geoloop.core.points.estimators import fit_presence, fit_values
from geoloop.core.points.observations import Observations
from geoloop.core.points.validation import Validation, boyce, groups_of, validate, widened_by


def clustered(seed: int = 0) -> Observations:
    """Sixty clusters of five points; what is measured belongs to the cluster, and the bands only tell the place."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(0, 1000, (60, 2))
    xy = np.repeat(centre, 5, axis=0) + rng.normal(0, 4, (300, 2))
    z = np.repeat(rng.normal(size=60), 5) + rng.normal(0, 0.2, 300) + xy[:, 0] / 2000
    return Observations("value", xy.astype(np.float32), z, xy, None, np.ones(300, bool))


def fit(x, z, seed):
    return fit_values("forest", x, z, seed, trees=20)


def test_the_random_split_flatters_and_the_blocked_one_does_not() -> None:
    found = validate(fit, clustered(), ["x", "y"], 0, Feedback())
    assert found.random["r2"] > 0.7
    assert found.blocked["r2"] < 0.3
    assert set(found.weight) == {"x", "y"}


def species(presences: np.ndarray, seed: int = 0) -> Observations:
    """Presences and absences all over the ground; bands are smooth and have nothing to do with them."""
    rng = np.random.default_rng(seed)
    xy = np.concatenate([presences, rng.uniform(0, 1000, (200, 2))])
    x = np.column_stack([np.sin(xy / 150), np.cos(xy / 130)]).astype(np.float32)
    z = np.repeat([1.0, 0.0], (len(presences), 200))
    return Observations("presence", x, z, xy, None, np.ones(len(z), bool))


def test_presences_in_one_small_place_are_not_judged_elsewhere_and_that_is_known() -> None:
    def judged(centres: list[list[float]]) -> Validation:
        rng = np.random.default_rng(1)
        near = np.repeat(np.array(centres), 40 // len(centres), axis=0)
        return validate(lambda x, z, seed: fit_presence("forest", x, z, seed, trees=20),
                        species(near + rng.uniform(-10, 10, near.shape)), ["a", "b", "c", "d"], 0, Feedback())

    one, many = judged([[400.0, 600.0]]), judged(np.random.default_rng(2).uniform(50, 950, (20, 2)).tolist())
    assert one.blocked["auc"] > 0.95, "though nothing is to be known"
    assert one.flatters
    assert one.nearness > 0.95
    assert one.score < 0.6, "though the score shall count on other ground"
    assert not many.flatters
    assert many.score == many.blocked["auc"]
    assert not validate(fit, clustered(), ["x", "y"], 0, Feedback()).flatters


def test_presences_are_judged_though_a_band_has_no_measurement_at_any() -> None:
    seen = clustered()
    x = np.column_stack([seen.x, np.full(300, np.nan, np.float32)])
    there = replace(seen, kind="presence", x=x, z=(seen.z > 0.5).astype(float))
    found = validate(lambda x, z, seed: fit_presence("forest", x, z, seed, trees=3), there, ["x", "y", "lost"], 0,
                     Feedback())
    assert np.isfinite(found.blocked["auc"])
    assert found.weight["lost"] == 0


def test_widened_bounds_hold_their_share_of_ground_left_out() -> None:
    found = validate(fit, clustered(), ["x", "y"], 0, Feedback())
    assert found.blocked["coverage"] < 0.9
    assert found.blocked["coverage_widened"] > found.blocked["coverage"]
    assert 0.8 <= found.blocked["coverage_widened"] <= 1.0
    low, high = found.estimate[1] - found.widening, found.estimate[2] + found.widening
    z = clustered().z
    assert ((z >= low) & (z <= high)).mean() >= 0.9


def test_bounds_that_hold_enough_are_left_alone() -> None:
    z = np.linspace(0, 1, 50)
    assert widened_by(z, np.stack([z, z - 1, z + 1])) == 0
    assert widened_by(z, np.stack([z, z, z])) == 0
    assert widened_by(z, np.stack([z, z + 0.5, z + 1])) == pytest.approx(0.5)


def test_the_boyce_index_is_one_for_a_good_map_and_minus_one_for_a_map_upside_down() -> None:
    rng = np.random.default_rng(0)
    background = rng.uniform(0, 1, 2000)
    there = rng.choice(background, 400, p=background / background.sum())
    assert boyce(there, background) > 0.9
    assert boyce(1 - there, 1 - background) < -0.9
    assert boyce(np.full(5, 0.5), np.full(50, 0.5)) == 0


def test_many_bands_are_shuffled_layer_by_layer() -> None:
    assert groups_of(["a", "b"], ["x", "x"]) == ["a", "b"]
    assert groups_of([str(n) for n in range(64)], ["embeddings"] * 64) == ["embeddings"] * 64
