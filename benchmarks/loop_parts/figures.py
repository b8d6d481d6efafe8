"""From cells to figures: means over the seeds, intervals by drawing blocks of ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import measures
from .cells import Cell, Settings
from .measures import Frame

RESAMPLES = 500
Result = dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """A mean over the seeds, and 90 % of its resamples."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} {self.low:.3f}–{self.high:.3f}"

    @property
    def json(self) -> list[float]:
        """For the last line."""
        return [round(v, 4) for v in (self.value, self.low, self.high)]


def figure(rows: Sequence[NDArray[np.float64]], of: Callable[[NDArray[np.float64]], float]) -> Figure:
    """``rows``: for each seed its blocks (n, columns); ``of`` makes a figure from the columns' sums. Blocks are drawn
    with replacement within each seed, the mean over the seeds taken of each draw.
    """
    rng = np.random.default_rng(0)
    drawn = np.zeros(RESAMPLES)
    for some in rows:
        picked = rng.integers(0, len(some), (RESAMPLES, len(some)))
        drawn += np.array([of(some[one].sum(axis=0)) for one in picked]) / len(rows)
    low, high = np.nanquantile(drawn, (0.05, 0.95))
    return Figure(float(np.mean([of(some.sum(axis=0)) for some in rows])), float(low), float(high))


def ratio(sums: NDArray[np.float64]) -> float:
    """The first sum over the second."""
    return float(sums[0] / sums[1]) if sums[1] else float("nan")


def gain(sums: NDArray[np.float64]) -> float:
    """The ratio of the first two less that of the last two."""
    return ratio(sums[:2]) - ratio(sums[2:])


def error_rate(results: Sequence[Result], layer: str, number: int) -> Figure:
    """Errors of a layer for each true feature, after ``number`` rounds of review."""
    rows = []
    for one in results:
        found = one["errors"][number][layer]
        blocks = sorted({*found["errors"], *found["features"]})
        rows.append(np.array([[found["errors"].get(b, 0), found["features"].get(b, 0)] for b in blocks], float))
    return figure(rows, ratio)


@dataclass(frozen=True)
class Imagery:
    """The imagery's map of one reviewed cell, and of its control, by round: blocks with right and all pixels, outside
    what was reviewed in any round.
    """

    reviewed: list[dict[str, list[int]]]
    control: list[dict[str, list[int]]]


def imagery_of(result: Result, settings: Settings) -> Imagery:
    """Compare the cell's maps of the imagery with the truth."""
    own = Cell(*(result[name] for name in ("plot", "case", "seed", "kind", "error")))
    folder = settings.folder(own)
    first, left_out = np.load(folder / "seen1.npz"), np.load(folder / "reviewed.npz")["reviewed"]
    frame = Frame(result["block_side"], result["columns"])

    def maps(kind: str) -> list[dict[str, list[int]]]:
        where = folder if kind == "review" else settings.folder(Cell(own.plot, own.case, own.seed, "control"))
        later = [where / f"seen{n}.npz" for n in range(2, settings.rounds + 1)]
        seen = [first["seen"], *(np.load(at)["seen"] for at in later if at.exists())]
        return [measures.agreement(one, first["truth"], left_out, frame, result["background"]) for one in seen]

    return Imagery(maps("review"), maps("control"))


def accuracy(maps: Sequence[dict[str, list[int]]]) -> Figure:
    """Over the seeds: of each the blocks of one round."""
    return figure([np.array(list(one.values()), float) for one in maps], ratio)


def better(now: Sequence[dict[str, list[int]]], than: Sequence[dict[str, list[int]]]) -> Figure:
    """How much more accurate one map is than another, block by block the same ground."""
    return figure([np.array([[*a.get(b, [0, 0]), *c.get(b, [0, 0])] for b in sorted({*a, *c})], float)
                   for a, c in zip(now, than, strict=True)], gain)


def fixes_at(results: Sequence[Result], count: int, name: str = "fixes") -> float:
    """Fixes for each reviewed item among the first ``count``, mean over the cells that have so many."""
    shares = [float(np.mean(one[name][:count])) for one in results if len(one[name]) >= count]
    return float(np.mean(shares)) if shares else float("nan")


def share(results: Sequence[Result], name: str) -> Figure:
    """The share of errors found, over the seeds; blocks of ground are drawn."""
    rows = []
    for one in results:
        places = np.array(one["places"])
        rows.append(np.array([[np.sum(np.array(one[name])[places == b]), np.sum(places == b)]
                              for b in np.unique(places)], float))
    return figure(rows, ratio)
