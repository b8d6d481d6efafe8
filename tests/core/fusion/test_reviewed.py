"""Reliability from agreement and reviews: the traps that agreement alone, and flags alone, fall into."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from geoloop.core.fusion.assumed import expected_accuracy, pooled
from geoloop.core.fusion.crowd import Places, Reliabilities, estimate_reviewed
from geoloop.core.fusion.strata import Reviews, _told

CLASSES = 3
SURE = 0.85


@dataclass(frozen=True)
class Scene:
    """Places where the truth is known: what the network shows and what layers say (n,); −1 where silent."""

    truth: NDArray[np.intp]
    shown: NDArray[np.intp]
    layers: tuple[NDArray[np.intp], ...]
    region: NDArray[np.intp]

    @property
    def q(self) -> NDArray[np.float64]:
        q = np.full((len(self.truth), CLASSES), (1 - SURE) / (CLASSES - 1))
        q[np.arange(len(q)), self.shown] = SURE
        return np.where((self.shown >= 0)[:, None], q, 0.0)

    @property
    def said(self) -> tuple[NDArray[np.float64], ...]:
        return tuple(np.concatenate([np.eye(CLASSES), np.zeros((1, CLASSES))])[layer] for layer in self.layers)

    @property
    def accuracies(self) -> NDArray[np.float64]:
        """Of the network and of each layer, where it speaks."""
        return np.array([(voice == self.truth)[voice >= 0].mean() for voice in (self.shown, *self.layers)])

    def reviews(self, rows: NDArray[np.intp], chance: NDArray[np.float64] | float, error: float = 0.0,
                seed: int = 0) -> Reviews:
        """What reviewers find at ``rows``, wrong with probability ``error``."""
        rng = np.random.default_rng(seed)
        slip = rng.random(len(rows)) < error
        found = np.where(slip, (self.truth[rows] + 1) % CLASSES, self.truth[rows])
        return Reviews(self.q[rows], tuple(s[rows] for s in self.said), np.eye(CLASSES, dtype=bool)[found],
                       np.arange(len(rows)), np.ones(len(rows)), np.broadcast_to(chance, len(rows)).astype(float),
                       self.region[rows], max(error, 0.01))

    def stratified(self, count: int, seed: int) -> Reviews:
        """``count`` reviews drawn at random, half of them where sources disagree."""
        rng = np.random.default_rng(1000 + seed)
        voices = np.stack([self.shown, *self.layers])
        differ = ((voices != voices[0]) & (voices >= 0)).any(axis=0)
        rows = [rng.choice(np.flatnonzero(here), count // 2, replace=False) for here in (differ, ~differ)]
        chance = [np.full(count // 2, count / 2 / here.sum()) for here in (differ, ~differ)]
        return self.reviews(np.concatenate(rows), np.concatenate(chance), seed=seed)

    def estimate(self, reviews: Reviews | None = None, echo: list[float] | None = None) -> Reliabilities:
        priors = [expected_accuracy(np.full(CLASSES, 0.9), 20.0)] * len(self.layers)
        places = Places(self.q, self.said, np.ones(len(self.truth)), self.region)
        return estimate_reviewed(places, priors, reviews, echo)

    def found(self, reliabilities: Reliabilities) -> NDArray[np.float64]:
        """The accuracies that were estimated, over all classes."""
        share = np.bincount(self.truth, minlength=CLASSES) / len(self.truth)
        return np.array([(np.diag(c.matrix) * share).sum() for c in (reliabilities.imagery, *reliabilities.sources)])


def scene(accuracy: tuple[float, ...], *, network: float = 0.8, copied: float = 0.0, seed: int = 0,
          n: int = 4000) -> Scene:
    """Layers as right as ``accuracy`` says; the network repeats the first of them at a share ``copied`` of places."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(CLASSES, size=n)

    def voice(right: float) -> NDArray[np.intp]:
        return np.where(rng.random(n) < right, truth, (truth + rng.integers(1, CLASSES, size=n)) % CLASSES)

    layers = tuple(voice(a) for a in accuracy)
    return Scene(truth, np.where(rng.random(n) < copied, layers[0], voice(network)), layers, np.zeros(n, np.intp))


def rmse(errors: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.sqrt(np.mean(np.square(errors), axis=0))


def test_agreement_alone_takes_a_copied_map_for_the_better_one_and_demotes_the_survey() -> None:
    copied = scene((0.88, 0.95), copied=0.4)
    _, osm, survey = copied.found(copied.estimate())
    assert osm == pytest.approx(0.93, abs=0.02)
    assert survey < 0.91
    _, osm, survey = copied.found(copied.estimate(echo=[0.5, 0.0]))  # as one joint source
    assert osm == pytest.approx(0.88, abs=0.03)
    assert survey > osm


@pytest.mark.parametrize("echo", [None, [0.5, 0.0]], ids=["not known to be a copy", "one joint source"])
def test_three_hundred_reviews_tell_every_source_even_a_copied_one(echo: list[float] | None) -> None:
    scenes = [scene((0.88, 0.95), copied=0.4, seed=seed) for seed in range(6)]
    found = [s.estimate(s.stratified(300, seed), echo) for seed, s in enumerate(scenes)]
    assert (rmse([s.found(f) - s.accuracies for s, f in zip(scenes, found, strict=True)]) <= 0.02).all()
    fused = [(f.belief.argmax(axis=1) == s.truth).mean() for s, f in zip(scenes, found, strict=True)]
    before = [(s.estimate().belief.argmax(axis=1) == s.truth).mean() for s in scenes]
    assert np.mean(fused) > np.mean(before) + 0.005


def test_reviews_separate_a_network_from_the_map_that_it_was_trained_on() -> None:
    copied, own = scene((0.8, 0.95), copied=0.6), scene((0.8, 0.95))
    assert copied.estimate(copied.stratified(300, 1), [0.5, 0.0]).echo[0] > 0.45
    assert own.estimate(own.stratified(300, 1), [0.5, 0.0]).echo[0] < 0.25


def test_what_looked_wrong_is_no_sample_of_the_layer() -> None:
    town = scene((0.85,), network=0.8)
    doubt = town.said[0] * town.estimate().belief
    flagged = np.argsort(doubt.sum(axis=1) + 1e-3 * np.random.default_rng(0).random(len(town.truth)))[:270]
    audit = np.random.default_rng(1).choice(np.setdiff1d(np.arange(4000), flagged), 60, replace=False)
    assert (town.layers[0] == town.truth)[flagged].mean() < 0.6  # flags alone: far from .85
    rows = np.concatenate([flagged, audit])
    chance = np.concatenate([np.full(270, np.nan), np.full(60, 60 / 3730)])
    found = town.found(town.estimate(town.reviews(rows, chance)))
    assert found[1] == pytest.approx(town.accuracies[1], abs=0.03)


def test_who_sees_more_of_a_feature_than_its_pixels_say_does_not_make_the_rest_look_wrong() -> None:
    town = scene((0.93, 0.97), network=0.6, seed=2)
    rng = np.random.default_rng(3)
    hit = town.layers[0] == town.truth
    wrong, right = rng.permutation(np.flatnonzero(~hit)), rng.permutation(np.flatnonzero(hit))
    flagged = np.concatenate([wrong[:216], right[:24]])  # nine in ten are real, as the flags say
    audit = rng.choice(np.concatenate([wrong[216:], right[24:]]), 30, replace=False)
    rows, chance = np.concatenate([flagged, audit]), np.concatenate([np.full(240, np.nan), np.full(30, 30 / 3760)])
    reviews = town.reviews(rows, chance)
    told = replace(reviews, own=town.layers[0][rows], expected=np.full(270, 0.9))
    priors = [expected_accuracy(np.full(CLASSES, 0.92), 1000.0)] * 2
    found = [town.found(estimate_reviewed(Places(town.q, town.said, np.ones(4000)), priors, one))[1]
             for one in (reviews, told)]
    assert found[0] < 0.9  # what was chosen is taken for a sample of what looks alike, pixel by pixel
    assert found[1] == pytest.approx(0.93, abs=0.03)


def test_the_network_is_not_judged_by_itself_where_nothing_else_speaks() -> None:
    one = scene((0.9,), network=0.6, n=6000)
    mapped = np.arange(6000) < 2000
    partial = Scene(one.truth, np.where(mapped, one.shown, 0), (np.where(mapped, one.layers[0], -1),), one.region)
    alone = Scene(*(v[mapped] for v in (one.truth, one.shown)), (one.layers[0][mapped],), one.region[mapped])
    found = [np.diag(s.estimate().imagery.matrix) for s in (partial, alone)]
    assert np.allclose(*found, atol=0.1)


def test_what_was_assumed_of_a_small_layer_gives_way_to_reviews() -> None:
    small = scene((1.0,), network=0.7, n=60)
    priors = [expected_accuracy(np.full(CLASSES, 0.9), 300.0)]
    places = Places(small.q, small.said, np.ones(60))
    before, after = (estimate_reviewed(places, priors, reviews).sources[0].matrix
                     for reviews in (None, small.reviews(np.arange(30), 0.5)))
    assert np.diag(before).max() < 0.93
    assert np.diag(after).min() > 0.95


@pytest.mark.parametrize("accuracy", [(0.85,), (0.85, 0.95), (0.7, 0.85, 0.9, 0.95)], ids=["two", "three", "five"])
def test_any_number_of_sources_will_do(accuracy: tuple[float, ...]) -> None:
    scenes = [scene(accuracy, seed=seed) for seed in range(5)]
    errors = [s.found(s.estimate(s.stratified(300, seed))) - s.accuracies for seed, s in enumerate(scenes)]
    assert (rmse(errors) <= 0.03).all()


def test_a_source_may_be_missing_over_part_of_the_area() -> None:
    errors = []
    for seed in range(5):
        whole = scene((0.88, 0.95), copied=0.4, seed=seed)
        place = np.arange(len(whole.truth))
        partial = Scene(whole.truth, np.where(place % 4 == 0, -1, whole.shown),
                        (whole.layers[0], np.where(place % 3 == 0, whole.layers[1], -1)), whole.region)
        errors.append(partial.found(partial.estimate(partial.stratified(300, seed))) - partial.accuracies)
    assert (rmse(errors) <= 0.03).all()


def test_intervals_hold_the_truth_about_as_often_as_they_say_and_narrow_with_reviews() -> None:
    held, widths = [], {0: [], 300: []}
    for seed in range(12):
        one = scene((0.88, 0.95), copied=0.4, seed=seed)
        for count in widths:
            found = one.estimate(one.stratified(count, seed) if count else None)
            widths[count].append(np.mean([c.high - c.low for c in (found.imagery, *found.sources)]))
        for confusion, voice in zip((found.imagery, *found.sources), (one.shown, *one.layers), strict=True):
            true = [(voice == one.truth)[one.truth == c].mean() for c in range(CLASSES)]
            held += [low <= t <= high for low, high, t in zip(confusion.low, confusion.high, true, strict=True)]
    assert np.mean(held) >= 0.8
    assert np.mean(widths[300]) < np.mean(widths[0])


def test_reviewers_who_err_do_not_make_the_sources_look_worse() -> None:
    errors = []
    for seed in range(5):
        one = scene((0.88, 0.95), seed=seed)
        drawn = one.stratified(300, seed)
        rows = np.random.default_rng(seed).choice(4000, 300, replace=False)
        found = one.estimate(one.reviews(rows, 300 / 4000, error=0.1, seed=seed))
        assert len(drawn) == 300
        errors.append(one.found(found) - one.accuracies)
    assert (rmse(errors) <= 0.03).all()


def countryside(seed: int, error: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How far the class accuracies of imagery and map are off (each 4,): two of a hundred places are of the rare class,
    which imagery shows too often. Of 170 decisions, by somebody who errs in a share ``error`` and who cannot tell what
    stands where he finds an unflagged feature wrong, 145 are where a chooser with a hint of each feature expects errors
    of the map, 25 at random.
    """
    rng = np.random.default_rng(seed)
    n, k = 8000, 4
    truth = rng.choice(k, size=n, p=[0.5, 0.3, 0.18, 0.02])
    osm = np.where(rng.random(n) < 0.98, truth, (truth + rng.integers(1, k, size=n)) % k)
    seen = np.array([[0.65, 0.2, 0.1, 0.05], [0.2, 0.65, 0.1, 0.05], [0.15, 0.15, 0.65, 0.05], [0.25, 0.25, 0.2, 0.3]])
    shown = (rng.random((n, 1)) > seen.cumsum(axis=1)[truth]).sum(axis=1)
    q, eye = np.full((n, k), 0.4 / (k - 1)), np.eye(k)
    q[np.arange(n), shown] = 0.6
    said, places = eye[osm], Places(q, (eye[osm],), np.ones(n))
    priors = [expected_accuracy(np.full(k, 0.92), np.maximum(300, said.sum(axis=0)))]
    doubt = np.clip(1 - (estimate_reviewed(places, priors).belief * said).sum(axis=1), 1e-3, 1 - 1e-3)
    wrong = osm != truth
    odds = doubt / (1 - doubt) * np.exp(2.5 * rng.normal(np.where(wrong, 1.25, -1.25)))
    expected = odds / (1 + odds)
    flagged = np.argsort(-expected)[:145]
    audit = rng.choice(np.setdiff1d(np.arange(n), flagged), 25, replace=False)
    rows, drawn = np.concatenate([flagged, audit]), np.arange(170) >= 145
    accepted = wrong[rows] ^ (rng.random(170) < error)
    remedy = np.where(wrong[rows], truth[rows], shown[rows])
    told = ~drawn & (remedy != osm[rows])
    possible = np.where(accepted[:, None], np.where(told[:, None], eye[remedy], 1 - said[rows]), said[rows]) > 0
    reviews = Reviews(q[rows], (said[rows],), possible, np.arange(170), rng.lognormal(0, 1.2, 170),
                      np.where(drawn, 25 / (n - 145), np.nan), np.zeros(170, np.intp), max(error, 0.01), osm[rows],
                      expected[rows])
    found = estimate_reviewed(places, priors, reviews, [0.02])
    true = [np.array([(voice[truth == c] == c).mean() for c in range(k)]) for voice in (shown, osm)]
    return np.diag(found.imagery.matrix) - true[0], np.diag(found.sources[0].matrix) - true[1]


@pytest.mark.parametrize("error", [0.0, 0.05, 0.15])
def test_slips_do_not_make_a_map_wrong_about_a_rare_class(error: float) -> None:
    off = [np.sqrt(np.mean(np.square(countryside(seed, error)), axis=1)) for seed in range(8)]
    imagery, osm = rmse(off)
    assert osm <= 0.03
    assert imagery <= 0.05


def test_what_is_assumed_of_a_class_moves_with_all_reviews_and_gives_way_to_its_own() -> None:
    prior = expected_accuracy(np.full(3, 0.9), 300.0)
    counts = np.diag([990.0, 990.0, 20.0]) + np.array([[0.0, 5, 5], [5, 0, 5], [0, 0, 0]])
    one = pooled(prior, counts, np.array([60.0, 30.0, 0.0]), quiet=-1)
    assert np.diag(one.prior) / one.prior.sum(axis=1) == pytest.approx(np.full(3, 0.981), abs=0.002)
    assert one.share == pytest.approx([1 / 7, 1 / 4, 1.0])
    assert one.prior.sum(axis=1) == pytest.approx(np.full(3, 300.0))
    quiet = pooled(prior, counts, np.array([60.0, 0.0, 0.0]), quiet=0)
    assert quiet.prior[0, 0] / 300 > 0.97
    assert quiet.prior[1, 1] / 300 == pytest.approx(0.9)


def test_a_decision_on_a_large_feature_says_no_more_than_one_on_a_small_one() -> None:
    town = scene((0.9, 0.95))
    drawn = town.stratified(200, 0)
    lots = replace(drawn, weight=np.random.default_rng(0).lognormal(0, 2, len(drawn)))
    one, other = (town.found(town.estimate(reviews)) for reviews in (drawn, lots))
    assert one == pytest.approx(other)


def test_where_nearly_all_is_right_a_decision_of_one_who_slips_tells_little() -> None:
    belief, group = np.array([[0.96, 0.04]]), np.zeros(1, np.intp)

    def told(error: float, belief: NDArray[np.float64] = belief) -> float:
        return float(_told(belief, np.ones(1), np.array([[1 - error, error]]), group, 1)[0])

    assert told(0.0) == pytest.approx(1.0)
    assert told(0.15) == pytest.approx(0.7**2 * 0.04 * 0.96 / (0.178 * 0.822))
    assert told(0.15, np.array([[0.5, 0.5]])) == pytest.approx(0.49)


def test_a_region_where_the_map_is_bad_shows_and_a_tiny_one_is_taken_for_like_the_others() -> None:
    good, bad, tiny = (scene((a, 0.95), seed=k, n=n) for k, (a, n) in enumerate([(0.95, 3000), (0.7, 1000), (0.3, 6)]))
    parts = (good, bad, tiny)
    whole = Scene(np.concatenate([p.truth for p in parts]), np.concatenate([p.shown for p in parts]),
                  tuple(np.concatenate([p.layers[k] for p in parts]) for k in range(2)),
                  np.repeat([0, 1, 2], [3000, 1000, 6]))
    osm = whole.estimate(whole.stratified(300, 0)).sources[0]
    accuracy = {number: np.diag(one.matrix).mean() for number, one in osm.regions.items()}
    assert accuracy[0] > 0.92
    assert accuracy[1] < 0.8
    assert accuracy[2] == pytest.approx(np.diag(osm.matrix).mean(), abs=0.08)
    assert (osm.regions[2].high - osm.regions[2].low).mean() > (osm.high - osm.low).mean()
