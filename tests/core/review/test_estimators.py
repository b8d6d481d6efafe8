"""Accuracy and area from a sample: published figures, and intervals that hold as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from geoloop.core.review.accuracy import assess
from geoloop.core.review.estimators import Estimate, Sample

HECTARE = 1e4


def expanded(matrix):
    """Map and reference class of every unit behind a confusion matrix (map class, reference class)."""
    cells = [(i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) for _ in range(n)]
    return np.array(cells).T


def test_the_worked_example_of_olofsson_and_others():
    """Remote Sensing of Environment 148 (2014), 42–57: deforestation, forest gain, stable forest, stable non-forest."""
    mapped, found = expanded([[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]])
    share = np.array([0.02, 0.015, 0.32, 0.645])
    pixels = share * 1e7
    sample = Sample(mapped, np.ones(len(mapped)), np.ones(len(mapped)), pixels, pixels)
    result = assess(["loss", "gain", "forest", "other"], mapped, found, sample, design="stratified", estimator="",
                    total_area_m2=900_000 * HECTARE)

    def figures(one, unit=1.0):
        return one.estimate / unit, one.half_width / unit

    assert figures(result.overall) == pytest.approx((0.947, 0.018), abs=6e-4)
    assert figures(result.classes[0].producers) == pytest.approx((0.749, 0.213), abs=6e-4)
    assert figures(result.classes[1].producers) == pytest.approx((0.847, 0.254), abs=2e-3)
    assert figures(result.classes[0].users) == pytest.approx((0.880, 0.074), abs=6e-4)
    assert figures(result.classes[1].users) == pytest.approx((0.733, 0.101), abs=6e-4)
    areas = [figures(c.area_m2, HECTARE) for c in result.classes]
    published = [(21_158, 6_158), (11_686, 3_756), (285_770, 15_510), (581_386, 16_282)]
    for got, golden in zip(areas, published, strict=True):
        assert got == pytest.approx(golden, rel=1e-3)
    assert result.shares.sum() == pytest.approx(1)
    assert result.units.sum() == 640


def population(seed=0, n=20_000):
    """Units whose strata are cut by another map than the one that is assessed (Stehman 2014)."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, size=n, p=[0.6, 0.3, 0.1])
    mapped = np.where(rng.random(n) < 0.85, truth, rng.integers(3, size=n))
    stratum = np.where(rng.random(n) < 0.7, truth, rng.integers(3, size=n))
    return truth, mapped, stratum


def drawn(truth, mapped, stratum, each, rng):
    rows = np.concatenate([rng.choice(np.flatnonzero(stratum == h), each, replace=False) for h in range(3)])
    size = np.bincount(stratum).astype(float)
    sample = Sample(stratum[rows], (each / size)[stratum[rows]], np.ones(len(rows)), size, size)
    return assess("abc", mapped[rows], truth[rows], sample, design="stratified", estimator="")


def true_figures(truth, mapped):
    right = mapped == truth
    return {"overall": right.mean(),
            "users": [right[mapped == k].mean() for k in range(3)],
            "producers": [right[truth == k].mean() for k in range(3)],
            "f1": [2 * (right & (truth == k)).sum() / ((truth == k).sum() + (mapped == k).sum()) for k in range(3)],
            "share": [(truth == k).mean() for k in range(3)]}


def test_strata_that_are_not_the_maps_classes_give_unbiased_figures_and_honest_intervals():
    truth, mapped, stratum = population()
    true = true_figures(truth, mapped)
    rng = np.random.default_rng(1)
    runs = [drawn(truth, mapped, stratum, 60, rng) for _ in range(300)]
    for name in ("overall", "users", "producers", "f1", "share"):
        for k in range(1 if name == "overall" else 3):
            got = [r.overall if name == "overall" else getattr(r.classes[k], name) for r in runs]
            want = true["overall"] if name == "overall" else true[name][k]
            values = np.array([g.estimate for g in got])
            assert values.mean() == pytest.approx(want, abs=max(4 * values.std() / np.sqrt(len(runs)), 0.004)), name
            assert np.mean([g.se for g in got]) == pytest.approx(values.std(), rel=0.2), name
            covered = np.mean([g.low <= want <= g.high for g in got])
            assert 0.91 <= covered <= 0.985, (name, k, covered)


def test_units_of_unequal_chance_are_weighted_by_its_inverse():
    truth, mapped, _ = population(2)
    true = true_figures(truth, mapped)
    size = np.where(mapped == 0, 1.0, 3.0)
    chance = 300 * size / size.sum()
    rng = np.random.default_rng(3)
    covered, naive, weighted = [], [], []
    for _ in range(300):
        rows = np.flatnonzero(rng.random(len(truth)) < chance)
        sample = Sample(np.zeros(len(rows), int), chance[rows], np.ones(len(rows)), np.zeros(0), np.zeros(0))
        share = sample.ratio((truth[rows] == 0).astype(float), np.ones(len(rows)))
        covered.append(share.low <= true["share"][0] <= share.high)
        weighted.append(share.estimate)
        naive.append((truth[rows] == 0).mean())
    assert np.mean(weighted) == pytest.approx(true["share"][0], abs=0.006)
    assert abs(np.mean(naive) - true["share"][0]) > 0.1
    assert 0.91 <= np.mean(covered) <= 0.985


def test_units_count_by_their_ground_and_the_whole_ground_is_known():
    """Two strata, pixels of unequal ground: shares are of ground, not of pixels."""
    rng = np.random.default_rng(5)
    ground = np.linspace(50, 150, 20_000)
    truth = (rng.random(20_000) < ground / 200).astype(int)
    want = ground[truth == 1].sum() / ground.sum()
    estimates, covered = [], []
    for _ in range(200):
        rows = rng.choice(20_000, 400, replace=False)
        sample = Sample(np.zeros(400, int), np.full(400, 0.02), ground[rows], np.array([20_000.0]),
                        np.array([ground.sum()]))
        share = sample.ratio(truth[rows].astype(float), np.ones(400))
        estimates.append(share.estimate)
        covered.append(share.low <= want <= share.high)
    assert np.mean(estimates) == pytest.approx(want, abs=0.005)
    assert want > (truth == 1).mean() + 0.03
    assert 0.91 <= np.mean(covered) <= 0.985


def test_a_census_has_no_error_and_nothing_is_said_of_a_class_that_nobody_saw():
    mapped, found = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 0])
    sample = Sample(np.zeros(4, int), np.ones(4), np.ones(4), np.array([4.0]), np.array([4.0]))
    result = assess("abc", mapped, found, sample, design="simple", estimator="", total_area_m2=100.0)
    exact = result.classes[0].users
    assert exact.low == exact.estimate == exact.high
    assert (result.overall.estimate, result.overall.se) == (0.75, 0.0)
    nobody = result.classes[2]
    assert (nobody.users, nobody.producers, nobody.f1) == (None, None, None)
    assert nobody.area_m2.estimate == 0.0
    assert any("Few units" in note for note in result.notes)


def test_a_rate_of_one_has_an_interval_all_the_same():
    sure = Estimate.of_rate(1.0, 0.0, 30)
    assert (sure.high, sure.half_width) == (1.0, 0.0)
    assert 0.85 < sure.low < 0.95
