"""How near the truth are the reliabilities, after how many decisions, and who was shown to the reviewer?

    ./dev.sh benchmark reliability [--seeds 3] [--decisions 100 300] [--quick]

Simulated: 4,000 places of three classes, a network and layers that err at known rates; in most scenes the network
repeats the map at 40 % of places. Reviewers see places drawn at random, half of them where sources disagree; or what
looks most wrong in the map, with a tenth or three tenths drawn at random from all; or the same by one who sees more of
each feature than its pixels say. The table has the root mean square error of each source's accuracy over seeds; beside
it what reviewed places alone, and agreement alone, would say. Last line: one JSON object; ``reliability_rmse`` is the
worst source's after the most decisions, half of them on disagreements, over all scenes.

``reliability_rmse`` compares what a real ledger holds with the truth, for other benchmarks.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
from numpy.typing import NDArray

from geoloop.core.fusion.assumed import expected_accuracy
from geoloop.core.fusion.crowd import Places, Reliabilities, estimate_reviewed
from geoloop.core.fusion.strata import Reviews
from geoloop.core.ledger import Ledger

CLASSES, PLACES, SURE = 3, 4000, 0.85
HINT = 2.5
"""What is seen of a whole feature: so many deviations lie between one that is wrong and one that is right."""
Array = NDArray[np.float64]


def true_confusion(said: NDArray[np.integer], truth: NDArray[np.integer], classes: Sequence[int]) -> Array:
    """p(says j | truth is c) (classes, classes) from two rasters of codes, where both hold one of ``classes``."""
    known = np.isin(said, classes) & np.isin(truth, classes)
    counts = np.zeros((len(classes), len(classes)))
    order = np.argsort(classes)
    place = [order[np.searchsorted(np.asarray(classes)[order], values[known])] for values in (truth, said)]
    np.add.at(counts, tuple(place), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def reliability_rmse(ledger: Path | str, truth: Mapping[tuple[str, str], Mapping[str, float]]) -> dict[str, float]:
    """The root mean square error of the class accuracies that a ledger's newest round holds.

    ``truth`` gives, by source (``imagery``, ``map`` or ``field``) and layer, the true accuracy of each class by name:
    of the ground of that class, the share that the source says is of it (the diagonal of :func:`true_confusion`).
    Returns an error by layer, and ``worst``. Classes that ``truth`` leaves out do not count.
    """
    with Ledger.open(ledger) as opened:
        rows = opened.read("SELECT source, layer, class, accuracy FROM reliability WHERE region = '' AND round ="
                           " (SELECT max(round) FROM reliability)")
    errors: dict[str, list[float]] = {}
    for row in rows:
        known = truth.get((row["source"], row["layer"]), {})
        if row["class"] in known:
            errors.setdefault(row["layer"], []).append(row["accuracy"] - known[row["class"]])
    found = {layer: float(np.sqrt(np.mean(np.square(some)))) for layer, some in errors.items()}
    return {**found, "worst": max(found.values(), default=float("nan"))}


@dataclass(frozen=True)
class Drawn:
    """Places to be decided, each one's chance if it was drawn at random, and how probably the map was thought wrong
    there by who chose it (NaN: he had no opinion).
    """

    rows: NDArray[np.intp]
    chance: Array
    expected: Array


@dataclass(frozen=True)
class Scene:
    """Places of known truth: what the network shows and what layers say (n,); −1 where silent."""

    truth: NDArray[np.intp]
    shown: NDArray[np.intp]
    layers: tuple[NDArray[np.intp], ...]

    @property
    def q(self) -> Array:
        """The network's probabilities (n, classes)."""
        q = np.full((len(self.truth), CLASSES), (1 - SURE) / (CLASSES - 1))
        q[np.arange(len(q)), self.shown] = SURE
        return np.where((self.shown >= 0)[:, None], q, 0.0)

    @property
    def said(self) -> tuple[Array, ...]:
        """What each layer says (n, classes)."""
        words = np.concatenate([np.eye(CLASSES), np.zeros((1, CLASSES))])
        return tuple(words[layer] for layer in self.layers)

    @property
    def accuracies(self) -> Array:
        """The true ones: of each source, over all classes where it speaks."""
        return np.array([(v == self.truth)[v >= 0].mean() for v in (self.shown, *self.layers)])

    def estimate(self, drawn: Drawn, seed: int) -> Array:
        """The accuracies that are found after the decisions, none of the sources known to be a copy."""
        rows = drawn.rows
        found = np.eye(CLASSES, dtype=bool)[self.truth[rows]]
        reviews = Reviews(self.q[rows], tuple(s[rows] for s in self.said), found, np.arange(len(rows)),
                          np.ones(len(rows)), drawn.chance, np.zeros(len(rows), np.intp),
                          own=self.layers[0][rows], expected=drawn.expected)
        priors = [expected_accuracy(np.full(CLASSES, 0.9), 20.0)] * len(self.layers)
        return self.over_classes(estimate_reviewed(Places(self.q, self.said, np.ones(len(self.truth))), priors, reviews,
                                                   [0.02] * len(self.layers), seed=seed))

    def over_classes(self, found: Reliabilities) -> Array:
        """Accuracies over all classes, as frequent as they are."""
        share = np.bincount(self.truth, minlength=CLASSES) / len(self.truth)
        return np.array([(np.diag(c.matrix) * share).sum() for c in (found.imagery, *found.sources)])


def scene(accuracy: Sequence[float], copied: float, seed: int, hidden: float = 0.0) -> Scene:
    """Layers as right as ``accuracy`` says; the network repeats the first at a share ``copied`` of places, and the last
    is silent on a share ``hidden``, in one piece.
    """
    rng = np.random.default_rng(seed)
    truth = rng.choice(CLASSES, size=PLACES, p=[0.5, 0.3, 0.2])

    def voice(right: float) -> NDArray[np.intp]:
        wrong = (truth + rng.integers(1, CLASSES, size=PLACES)) % CLASSES
        return np.where(rng.random(PLACES) < right, truth, wrong)

    layers = [voice(a) for a in accuracy]
    shown = np.where(rng.random(PLACES) < copied, layers[0], voice(0.8))
    layers[-1] = np.where(np.arange(PLACES) < hidden * PLACES, -1, layers[-1])
    return Scene(truth, shown, tuple(layers))


SCENES: dict[str, Callable[[int], Scene]] = {
    "map alone": lambda seed: scene((0.88,), 0.0, seed),
    "map alone, copied": lambda seed: scene((0.88,), 0.4, seed),
    "map and survey": lambda seed: scene((0.88, 0.95), 0.0, seed),
    "map and survey, copied": lambda seed: scene((0.88, 0.95), 0.4, seed),
    "survey on a fifth, copied": lambda seed: scene((0.88, 0.95), 0.4, seed, hidden=0.8),
    "five sources, copied": lambda seed: scene((0.88, 0.75, 0.85, 0.95), 0.4, seed),
}


def on_disagreements(one: Scene, count: int, seed: int) -> Drawn:
    """At random, half of them where sources disagree."""
    rng = np.random.default_rng(1000 + seed)
    voices = np.stack([one.shown, *one.layers])
    differ = ((voices != voices[0]) & (voices >= 0)).any(axis=0)
    rows = [rng.choice(np.flatnonzero(here), count // 2, replace=False) for here in (differ, ~differ)]
    chance = [np.full(count // 2, count / 2 / here.sum()) for here in (differ, ~differ)]
    return Drawn(np.concatenate(rows), np.concatenate(chance), np.full(2 * (count // 2), np.nan))


def most_wrong_first(audit: float, hint: float = 0.0) -> Callable[[Scene, int, int], Drawn]:
    """A share ``audit`` at random, the rest where the map looks most wrong: by agreement alone, or by one who has a
    ``hint`` beside it, so many deviations apart where the map is wrong and where it is right.
    """
    def draw(one: Scene, count: int, seed: int) -> Drawn:
        rng = np.random.default_rng(1000 + seed)
        priors = [expected_accuracy(np.full(CLASSES, 0.9), 20.0)] * len(one.layers)
        belief = estimate_reviewed(Places(one.q, one.said, np.ones(PLACES)), priors).belief
        doubt = np.clip(1 - (belief * one.said[0]).sum(axis=1), 1e-3, 1 - 1e-3)
        wrong = one.layers[0] != one.truth
        seen = rng.normal(np.where(wrong, hint / 2, -hint / 2))
        odds = doubt / (1 - doubt) * np.exp(hint * seen)
        flagged = odds / (1 + odds)
        shown = np.argsort(-flagged - 1e-3 * rng.random(PLACES))[:count - round(audit * count)]
        rest = np.setdiff1d(np.arange(PLACES), shown)
        drawn = rng.choice(rest, count - len(shown), replace=False)
        chance = np.concatenate([np.full(len(shown), np.nan), np.full(len(drawn), len(drawn) / len(rest))])
        rows = np.concatenate([shown, drawn])
        return Drawn(rows, chance, flagged[rows])

    return draw


ORDERS: dict[str, Callable[[Scene, int, int], Drawn]] = {
    "half on disagreements": on_disagreements,
    "most wrong first, 30 % audit": most_wrong_first(0.3),
    "most wrong first, 10 % audit": most_wrong_first(0.1),
    "by more than pixels, 10 % audit": most_wrong_first(0.1, HINT),
}


def measure(seeds: int, decisions: Sequence[int]) -> dict[str, dict[str, dict[int, dict[str, float]]]]:
    """RMSE of each source by scene, order and number of decisions; ``reviewed alone`` is the map's by the share of
    reviewed places where it was right.
    """
    found: dict[str, dict[str, dict[int, dict[str, float]]]] = {}
    for name, make in SCENES.items():
        for order, draw in {"none": on_disagreements, **ORDERS}.items():
            for count in [0] if order == "none" else decisions:
                errors, naive = [], []
                for seed in range(seeds):
                    one = make(seed)
                    drawn = draw(one, count, seed)
                    errors.append(one.estimate(drawn, seed) - one.accuracies)
                    if count:
                        naive.append((one.layers[0] == one.truth)[drawn.rows].mean() - one.accuracies[1])
                each = np.sqrt(np.mean(np.square(errors), axis=0))
                names = ["imagery", *(f"layer {k}" for k in range(1, len(each)))]
                row = {n: float(e) for n, e in zip(names, each, strict=True)}
                row["worst"] = float(each.max())
                row["reviewed alone"] = float(np.sqrt(np.mean(np.square(naive)))) if naive else float("nan")
                found.setdefault(name, {}).setdefault(order, {})[count] = row
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--decisions", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--quick", action="store_true", help="one seed, 300 decisions")
    args = parser.parse_args()
    if args.quick:
        args.seeds, args.decisions = 1, [300]
    found = measure(args.seeds, args.decisions)
    print(f"{'scene':<28}{'order':<30}{'decisions':>9}{'worst source':>14}{'map':>8}{'map, reviewed alone':>21}")
    for name, orders in found.items():
        for order, counts in orders.items():
            for count, row in counts.items():
                print(f"{name:<28}{order:<30}{count:>9}{row['worst']:>14.3f}{row['layer 1']:>8.3f}"
                      f"{row['reviewed alone']:>21.3f}")
    most = max(args.decisions)
    worst = {order: max(found[name][order][most]["worst"] for name in found) for order in ORDERS}
    print(json.dumps({"reliability_rmse": round(worst["half on disagreements"], 4),
                      "by_order": {order: round(v, 4) for order, v in worst.items()}, "decisions": most,
                      "seeds": args.seeds}))


if __name__ == "__main__":
    main()
