"""Probabilities come from errors of which the truth is known, kinds are rivals, and decisions correct what is left."""

import numpy as np
import pytest

from geoloop.core.discrepancies.calibration import NOTHING, closer, corrected, folds_of, rivals, sought, sound


def layer(seed: int, share: float, n: int = 1500):
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[1 - 2 * share, share, share])
    middle = np.array([[0.0, 0.0], [3.5, 0.0], [0.0, 3.5]])
    known = np.repeat([1, 2], 150)
    return (middle[kind] + rng.normal(0, 1, (n, 2)), kind, middle[known] + rng.normal(0, 1, (300, 2)), known, rng)


def plain_layer(share: float, like: float):
    """A layer whose errors stand far from what is right, though only ``like`` as far as the examples do."""
    rng = np.random.default_rng(6)
    kind = rng.choice(3, 1500, p=[1 - 2 * share, share, share])
    middle = np.zeros((3, 5))
    middle[[1, 2], [0, 1]] = 7.0
    known = np.repeat([1, 2], 200)
    x = middle[kind] * np.where(kind > 0, like, 1.0)[:, None] + rng.normal(0, 1, (1500, 5))
    return rivals(x, rng.integers(0, 4, 1500), middle[known] + rng.normal(0, 1, (400, 5)), known,
                  rng.integers(0, 4, 400), np.full(400, NOTHING), [0.05, 0.05], [0.5, 0.5], 0), kind


@pytest.mark.parametrize(("like", "found"), [(1.0, 0.95), (0.85, 0.7)])
def test_plain_errors_are_likely_though_they_are_less_plain_than_the_examples(like: float, found: float) -> None:
    p, kind = plain_layer(0.06, like)
    wrong = kind > 0
    own = p[np.flatnonzero(wrong), kind[wrong] - 1]
    assert (own >= 0.5).mean() > found
    assert p.sum() == pytest.approx(wrong.sum(), rel=0.25)
    assert (p[~wrong].max(axis=1) >= 0.5).sum() == 0


def test_plain_errors_of_one_kind_are_likely_beside_another_that_is_hard_to_tell() -> None:
    rng = np.random.default_rng(3)
    kind = rng.choice(3, 1500, p=[0.86, 0.07, 0.07])
    middle, known = np.array([[0.0, 0, 0, 0, 0], [7, 0, 0, 0, 0], [0, 2.5, 0, 0, 0]]), np.repeat([1, 2], 400)
    x = middle[kind] * np.where(kind == 1, 0.9, 1.0)[:, None] + rng.normal(0, 1, (1500, 5))
    p = rivals(x, rng.integers(0, 4, 1500), middle[known] + rng.normal(0, 1, (800, 5)), known, rng.integers(0, 4, 800),
               np.full(800, NOTHING), [0.05, 0.05], [0.5, 0.5], 0)
    assert (p[kind == 1, 0] >= 0.5).mean() > 0.8
    assert (p[kind != 1, 0] >= 0.5).sum() == 0


def test_where_nothing_is_wrong_no_plain_errors_are_claimed() -> None:
    p, _ = plain_layer(0.0, 1.0)
    assert p.max() < 0.5


def test_odd_objects_that_no_example_looks_like_are_not_wrong() -> None:
    rng = np.random.default_rng(0)
    odd, wrong = np.arange(3000) < 300, np.arange(3000) >= 2800
    x = np.where(odd, 3.0, np.where(wrong, 6.0, 0.0))[:, None] * [1, 0, 0] + rng.normal(0, 1, (3000, 3))
    known = 6.0 * np.array([1.0, 0, 0]) + rng.normal(0, 1, (400, 3))
    p = rivals(x, rng.integers(0, 4, 3000), known, np.ones(400, int), rng.integers(0, 4, 400), np.full(400, NOTHING),
               [0.05], [0.5], 0)[:, 0]
    assert (p[odd] >= 0.5).mean() < 0.15
    assert (p[wrong] >= 0.5).mean() > 0.9


def learnt(seed: int, share: float):
    x, kind, known, known_kind, rng = layer(seed, share)
    p = rivals(x, rng.integers(0, 4, len(x)), known, known_kind, rng.integers(0, 4, 300), np.full(300, NOTHING),
               [0.05, 0.05], [0.5, 0.5], 0)
    return p, kind


@pytest.mark.parametrize("share", [0.03, 0.1])
def test_the_probabilities_mean_what_they_say(share: float) -> None:
    p, kind = learnt(1, share)
    for k in (1, 2):
        assert p[:, k - 1].sum() == pytest.approx((kind == k).sum(), rel=0.5)
        assert p[kind == k, k - 1].mean() > 0.5
        assert p[kind != k, k - 1].mean() < 0.05
    assert p.sum(axis=1).max() <= 1


def test_a_layer_without_errors_gets_few_flags() -> None:
    p, _ = learnt(2, 0.0)
    assert (p.max(axis=1) >= 0.5).mean() < 0.03


def test_what_is_likelier_than_not_is_right_as_often_as_is_said() -> None:
    said, right = [], []
    for seed in range(3):
        p, kind = learnt(seed, 0.1)
        for k in (1, 2):
            sure = p[:, k - 1] >= 0.4
            said.append(p[sure, k - 1])
            right.append(kind[sure] == k)
            assert right[-1][said[-1] >= 0.5].sum() > 0.75 * (kind == k).sum()
    assert np.concatenate(said).mean() == pytest.approx(np.concatenate(right).mean(), abs=0.06)


def test_a_kind_that_may_not_be_common_is_thought_less_likely_and_its_rival_not() -> None:
    x, kind, known, known_kind, rng = layer(3, 0.1)
    given = x, rng.integers(0, 4, len(x)), known, known_kind, rng.integers(0, 4, 300), np.full(300, NOTHING)
    free, held = (rivals(*given, [0.03, 0.05], [most, 0.5], 0) for most in (0.5, 0.03))
    assert held[kind == 1, 0].mean() < free[kind == 1, 0].mean() - 0.05
    assert held[kind == 2, 1].mean() == pytest.approx(free[kind == 2, 1].mean(), abs=0.05)


def test_too_few_examples_are_not_learnt_from() -> None:
    x = np.zeros((10, 2))
    one = np.ones(10, int)
    assert rivals(x, 0 * one, x, one, 0 * one, NOTHING * one, [0.05], [0.5], 0) is None


def test_what_was_made_of_a_wrong_object_is_no_example() -> None:
    x, kind, known, known_kind, rng = layer(4, 0.1)
    made_of = rng.choice(np.flatnonzero(kind == 0), 300)
    spoilt = np.flatnonzero(known_kind == 1)[:60]
    made_of[spoilt] = rng.choice(np.flatnonzero(kind == 2), 60)
    known[spoilt] = x[made_of[spoilt]] + rng.normal(0, 0.3, (60, 2))
    given = x, rng.integers(0, 4, len(x)), known, known_kind, rng.integers(0, 4, 300)
    p, misled = (rivals(*given, of, [0.05, 0.05], [0.5, 0.5], 0) for of in (made_of, np.full(300, NOTHING)))
    assert p[kind == 2, 1].mean() > misled[kind == 2, 1].mean() + 0.1
    shows = sound(p, made_of)
    assert shows[spoilt].mean() < 0.2
    assert np.delete(shows, spoilt).mean() > 0.95
    assert sound(p, np.full(300, NOTHING)).all()


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_as_many_are_found_among_candidates_as_there_are(share: float) -> None:
    rng = np.random.default_rng(5)
    real = rng.random(600) < share
    x = np.where(real[:, None], 3.0, 0.0) + rng.normal(0, 1, (600, 2))
    known = 3.0 + rng.normal(0, 1, (200, 2))
    p = sought(x, rng.integers(0, 4, 600), known, rng.integers(0, 4, 200), 0.2, 0.9, 0)
    assert p.sum() == pytest.approx(real.sum(), rel=0.35, abs=12)
    assert p[real].mean() > 0.6
    assert p[~real].mean() < 0.1


def test_folds_are_blocks_of_neighbours() -> None:
    xy = np.random.default_rng(0).uniform(0, 800, (4000, 2))
    fold = folds_of(xy)
    assert np.bincount(fold, minlength=4).min() > 500
    block = np.floor(xy / 100).astype(int)
    same = [len(set(fold[(block == b).all(axis=1)].tolist())) for b in np.unique(block, axis=0)]
    assert np.median(same) == 1


def test_rejected_flags_of_a_kind_lower_it_and_leave_the_others() -> None:
    p = np.array([0.8, 0.8, 0.4])
    kinds = ["missing", "obsolete", "missing"]
    after = corrected(p, kinds, [("missing", 0.8, False)] * 30 + [("missing", 0.4, False)] * 10)
    assert after[0] < 0.5
    assert after[1] == 0.8
    assert after[2] < after[0]
    assert corrected(p, kinds, [("missing", 0.8, True)])[0] > 0.75


def test_a_few_decisions_change_little() -> None:
    after = corrected(np.array([0.8]), ["missing"], [("missing", 0.8, False)])
    assert 0.6 < after[0] < 0.8


def looked_at_closer(kinds: tuple[int, ...], seed: int = 0):
    """P before, P after a closer look at some kinds, and what is really wrong: the first kind shows to the left, the
    second to the right, what is right at nought.
    """
    rng = np.random.default_rng(seed)
    wrong, kind = np.repeat([1, 2, 0], [40, 30, 130]), np.repeat([0, 1], 60)
    middle = np.array([0.0, -2.0, 2.0])
    x, known = (rng.normal(middle[of][:, None], 0.5, (len(of), 2)) for of in (wrong, kind + 1))
    before = rng.uniform(0.15, 0.3, (200, 3))
    shown = np.isin(kind, kinds)
    return before, closer(before, kinds, x, np.arange(200) % 4, known[shown], kind[shown], np.arange(120)[shown] % 4,
                          0), wrong


def test_a_closer_look_raises_what_looks_like_the_examples_and_lowers_the_rest() -> None:
    before, after, wrong = looked_at_closer((0,))
    assert (after[wrong == 1, 0] > 0.5).mean() > 0.9
    assert (after[wrong != 1, 0] < before[wrong != 1, 0]).mean() > 0.95
    open_ = after.sum(axis=1) < 0.96
    left = np.stack([1 - p.sum(axis=1) for p in (after, before)])[:, open_]
    for k in (1, 2):  # the others share what is left as before
        np.testing.assert_allclose(after[open_, k] / before[open_, k], left[0] / left[1])


def test_rivals_that_are_both_looked_at_are_told_apart() -> None:
    _, after, wrong = looked_at_closer((0, 1))
    for kind in (0, 1):
        assert (after[wrong == kind + 1, kind] > 0.5).mean() > 0.9
        assert (after[wrong != kind + 1, kind] < 0.3).mean() > 0.9
    assert after.sum(axis=1).max() <= 1


def test_nothing_is_learnt_of_a_kind_with_a_handful_of_examples() -> None:
    rng = np.random.default_rng(0)
    before, x, known = rng.uniform(0.1, 0.3, (80, 3)), rng.normal(0, 1, (80, 2)), rng.normal(1, 1, (90, 2))
    fold, known_fold, kind = np.arange(80) % 4, np.arange(90) % 4, np.repeat([0, 1], [80, 10])

    def looked(number: int, kinds: tuple[int, ...]) -> np.ndarray:
        some = np.isin(kind, kinds)
        return closer(before[:number], kinds, x[:number], fold[:number], known[some], kind[some], known_fold[some], 0)

    np.testing.assert_array_equal(looked(20, (0, 1)), before[:20])
    np.testing.assert_array_equal(looked(80, (1,)), before)
    np.testing.assert_allclose(closer(before, (0, 1), x, fold, known, kind, known_fold, 0), looked(80, (0,)))
