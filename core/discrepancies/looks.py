"""How each object of a map looks in the imagery: where it should lie, where it would fit, how its shape does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..crew import Crew
from ..feedback import Feedback
from .edges import Edges, Shown
from .places import NAMES as PLACE_NAMES
from .places import OWN
from .pooling import blocks, box_of, covering
from .stacks import NAMES, RING_PX, Found, Seen, Stack, stacked

if TYPE_CHECKING:  # the members of a crew need no networks
    from ..fusion.evidence import Evidence

LEARN_FROM = 300
MOST_WEIGHT = 5.0


@dataclass(frozen=True)
class Looks:
    """What n objects look like. ``x`` (n, len(NAMES)), NaN where nothing is seen; ``visible`` (n,) the share seen;
    ``inside`` (n,) mean probability where it should lie; ``best_px`` (n, 2) columns and rows to where it fits best,
    from where it should lie; ``near_px`` (n, 2) the same within ``NEAR_M``; ``iou`` (n,) of outline and evidence there.
    ``places_px`` (n, k, 2), ``places_x`` (n, k, d): all places where it may belong and what speaks for them (see
    :mod:`places`), NaN where there are fewer.
    """

    x: NDArray[np.float64]
    visible: NDArray[np.float64]
    inside: NDArray[np.float64]
    best_px: NDArray[np.float64]
    near_px: NDArray[np.float64]
    inside_best: NDArray[np.float64]
    iou: NDArray[np.float64]
    places_px: NDArray[np.float32]
    places_x: NDArray[np.float32]

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which objects (n,) show at least half of their pixels."""
        return (self.visible >= 0.5) & ~np.isnan(self.x[:, 0])

    def of(self, name: str) -> NDArray[np.float64]:
        """One of the looks (n,), by its name of ``NAMES``."""
        return self.x[:, NAMES.index(name)]

    def places_m(self, pixel_m: float) -> NDArray[np.float64]:
        """How far each place (n, k) lies from where the neighbours say that the object should lie, metres."""
        return np.asarray(np.hypot(*self.places_px.transpose(2, 0, 1)) * pixel_m)


def look(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp], placed: NDArray[np.object_],
         beside: NDArray[np.float64], reach_m: float, edges: Edges, weight: float, feedback: Feedback,
         crew: Crew | None = None) -> Looks:
    """Look at ``shapes`` (n,), polygons in pixels where their neighbours say that they should lie, of class ``labels``.

    ``placed`` (m,), in the same order for the first n, is where all objects of the layer are thought to lie: what they
    explain is no evidence for another one. ``beside`` (n, 2), pixels from where they should lie: where the alignment
    would put each if it lies elsewhere. ``weight``: what a unit of edge along the outline counts beside a unit of
    contrast; see :func:`trust_in_edges`. A ``crew`` shares the work.
    """
    n = len(shapes)
    x = np.full((n, len(NAMES)), np.nan)
    visible, inside, inside_best, iou = np.zeros(n), np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    best_px, near_px = np.zeros((n, 2)), np.zeros((n, 2))
    places_px = np.full((n, OWN + 1, 2), np.nan, np.float32)
    places_x = np.full((n, OWN + 1, len(PLACE_NAMES)), np.nan, np.float32)
    views = _views(evidence, shapes, labels, placed, reach_m, edges, feedback, weight=weight, beside=beside)
    for looked in (map(_measured, views) if crew is None else crew.map(_measured, views, feedback)):
        for rows, share, found in looked:
            visible[rows] = share
            x[found.rows], inside[found.rows], inside_best[found.rows] = found.x, found.inside, found.inside_best
            iou[found.rows], best_px[found.rows], near_px[found.rows] = found.iou, found.best_px, found.near_px
            places_px[found.rows], places_x[found.rows] = found.places_px, found.places_x
    return Looks(x, visible, inside, best_px, near_px, inside_best, iou, places_px, places_x)


def trust_in_edges(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp],
                   placed: NDArray[np.object_], reach_m: float, edges: Edges, seed: int, feedback: Feedback) -> float:
    """Return what a unit of edge along outlines says of their place, beside a unit of contrast in the probabilities:
    how much better than elsewhere each is where the neighbours say that objects lie, in units of its variance
    elsewhere (Fisher's discriminant, the two taken for independent). 0 where outlines do not lie on edges.
    """
    some = np.random.default_rng([seed, 9]).permutation(len(shapes))[:LEARN_FROM]
    compared = [stack.some(whole).compared()
                for view in _views(evidence, shapes, labels, placed, reach_m, edges, feedback, np.sort(some))
                for _, stack in view.stacks() for whole in [stack.visible == 1] if whole.any()]
    if not compared:
        return 0.0
    here, elsewhere, varies = (np.concatenate(part).mean(axis=0) for part in zip(*compared, strict=True))
    contrast, edge = np.maximum(here - elsewhere, 0) / np.maximum(varies, 1e-9)
    return float(np.clip(edge / max(contrast, 1e-9), 0.0, MOST_WEIGHT)) if edge > 0 else 0.0


@dataclass(frozen=True)
class _View:
    """A window with what is seen in it, and the objects in it, ``rows`` of the layer, to be looked at; which of those
    ``near`` it (m,), numbered by ``number``, cover its pixels.
    """

    window: Window
    p: NDArray[np.float32]
    shown: Shown
    near: NDArray[np.object_]
    number: NDArray[np.intp]
    rows: NDArray[np.intp]
    shapes: NDArray[np.object_]
    labels: NDArray[np.intp]
    beside: NDArray[np.float64]
    margin: int
    reach: int
    pixel: float
    weight: float

    def stacks(self) -> Iterator[tuple[NDArray[np.intp], Stack]]:
        """Objects as they are seen, in stacks, and which of the view's they are."""
        seen = Seen(self.window, self.p, self.shown.tensor, covering(self.near, self.number, self.window))
        return stacked(seen, self.rows, self.shapes, self.labels, self.margin, self.reach, self.pixel)


def _measured(view: _View) -> list[tuple[NDArray[np.intp], NDArray[np.float64], Found]]:
    """Rows, shares that are seen, and what is found where anything is; nothing of a stack of which nothing is seen."""
    return [(stack.rows, stack.visible, stack.some(lit).measure(view.weight, view.beside[which[lit]]))
            for which, stack in view.stacks() for lit in [stack.visible > 0] if lit.any()]


def _views(evidence: Evidence, shapes: NDArray[np.object_], labels: NDArray[np.intp], placed: NDArray[np.object_],
           reach_m: float, edges: Edges, feedback: Feedback, chosen: NDArray[np.intp] | None = None,
           weight: float = 0.0, beside: NDArray[np.float64] | None = None) -> Iterator[_View]:
    """Objects, all or those ``chosen``, window by window."""
    evidence, labels = evidence.only(labels)
    pixel = evidence.grid.pixel_m
    reach = max(int(np.ceil(reach_m / pixel)), 3)
    tree = shapely.STRtree(placed)
    margin = reach + RING_PX + 2
    of = np.arange(len(shapes)) if chosen is None else chosen
    where = np.zeros((len(shapes), 2)) if beside is None else beside
    for window, rows in blocks(shapes[of], evidence.grid, margin):
        feedback.check()
        here = of[rows]
        near = np.sort(tree.query(box_of(window)))
        yield _View(window, evidence.read(window), edges.shown(window), placed[near], near, here, shapes[here],
                    labels[here], where[here], margin, reach, pixel, weight)
        feedback.progress(float(rows[-1] + 1) / len(of))
