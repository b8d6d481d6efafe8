"""Missing: the ground shows a feature that a map layer lacks.

Only where the silence of a map says something (the legend has a background). Candidates are the patches of
:mod:`patches`; of candidates that overlap the likeliest stays. What a patch looks like when a real feature is missing
is learnt by leaving out the layer's own features, a few at a time, and looking at the patches that appear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from ..crew import Crew
from ..feedback import Feedback
from ..fusion.ground import Ground, dominant
from ..ledger import Discrepancy
from ..sources.statements import Statements
from .calibration import folds_of, sought
from .edges import Edges, Shown
from .finding import on_ground
from .odds import from_odds
from .patches import NAMES, Patch, Scene, Sizes, patches
from .pooling import box_of, covering
from .sentences import says, told

if TYPE_CHECKING:  # the members of a crew need no networks
    from ..fusion.evidence import Evidence

PRIOR_SHARE, MOST = 0.2, 0.9
BLOCK, MARGIN = 1024, 128
LARGEST = 3.0
"""A patch larger than so many times the layer's largest features (all but one in a hundred) is no feature."""
LEFT_OUT, ROUNDS = 6, 4
"""A sixth of the features is left out at a time, so that most neighbours stay; so many times."""
EXAMPLES = 1500
LIKE_IOU = 0.5
"""A patch shows what a missing feature looks like if it shares so much with one that was left out."""
SAME_SHARE = 0.3
FEWEST = 30
RIDGE = 10.0
UNLIKELY = 0.01
"""Where several drawings of one place are this unlikely or less, how well each is drawn decides."""
CEILING = 0.97
MANY, FAINTEST = 8_000, 0.005
"""Once a layer has so many candidates, what looks fainter than all but this share of the features that were left out is
no longer drawn: most of a large area's candidates are noise.
"""


@dataclass(frozen=True)
class Examples:
    """Patches that appeared where features were left out: ``shapes`` (n,) in pixels, ``looks`` (n, …), how much each
    shares with one of those features (n,), intersection over union, and the ``turn`` (n,) that they were left out in.
    """

    shapes: NDArray[np.object_]
    looks: NDArray[np.float64]
    iou: NDArray[np.float64]
    turn: NDArray[np.intp]

    def fit_of(self, looks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how much patches (m, looks) are expected to share with what is there (m,), by ridge regression."""
        if len(self.iou) < FEWEST:
            return np.ones(len(looks))
        middle, spread = self.looks.mean(axis=0), np.maximum(self.looks.std(axis=0), 1e-6)
        z, asked = ((np.clip((x - middle) / spread, -4, 4)) for x in (self.looks, looks))
        z, asked = (np.concatenate([np.ones((len(x), 1)), x, x**2], axis=1) for x in (z, asked))
        held = RIDGE * np.eye(z.shape[1])
        held[0, 0] = 0.0
        return np.asarray(np.clip(asked @ np.linalg.solve(z.T @ z + held, z.T @ self.iou), 0.05, 1.0))

    def alone(self) -> NDArray[np.intp]:
        """Rows of those that stay when, as of candidates, of overlapping ones of a turn the best drawn is kept."""
        fit = self.fit_of(self.looks)
        turns = [np.flatnonzero(self.turn == turn) for turn in np.unique(self.turn)]
        kept = [rows[_apart(self.shapes[rows], fit[rows])] for rows in turns]
        return np.concatenate([np.zeros(0, np.intp), *kept])


def find(ground: Ground, layer: Statements, evidence: Evidence, edges: Edges, placed: NDArray[np.object_], number: int,
         seed: int, least: float, feedback: Feedback, crew: Crew | None = None) -> list[Discrepancy]:
    """Return what a map layer may lack, with a probability of at least ``least``; ``placed`` (pixels) is where its
    features are thought to lie. A ``crew`` shares the work.
    """
    if layer.background is None:
        return []
    quiet = int(layer.background.argmax())
    label = dominant(layer.mix)
    solid = shapely.get_dimensions(layer.features.geometries) != 1
    found: list[Discrepancy] = []
    classes = np.unique(label[(label >= 0) & (label != quiet) & solid])
    for at, c in enumerate(classes):
        part = feedback.span(at / len(classes), (at + 1) / len(classes))
        rows = np.flatnonzero((label == c) & solid)
        with feedback.stage("missing"):
            open_, chance = ranked(*candidates(ground, placed, evidence, edges, int(c), rows, seed, part, crew),
                                   seed)
        name = ground.legend.names[c]
        after = ground.legend.values_of_new(layer.features, int(rows[0]), name)
        drawn = np.array([patch.shape for patch in open_], dtype=object)
        outlines = ground.grid.to_world(_points(drawn) if _are_points(layer, rows) else drawn)
        for patch, geometry, p in zip(open_, outlines, chance, strict=True):
            if p < least:
                continue
            around, contrast = patch.probability - patch.looks[3], patch.looks[3]
            found.append(on_ground(
                ground, "map", layer.name, geometry, kind="missing", edit="add", probability=p,
                surprise=-np.log(max(1 - patch.probability, 1e-4)), number=number, class_proposed=name, after=after,
                evidence={
                    **told(says("The imagery shows {name} here with {here} probability, {around} around it, and no "
                                "feature of “{layer}” covers it.", name=name, here=f"{patch.probability:.0%}",
                                around=f"{max(around, 0):.0%}", layer=layer.name)),
                    "probability_inside": round(patch.probability, 3), "contrast": round(float(contrast), 3),
                    "clings": round(float(patch.looks[6]), 3)}))
    return found


def _are_points(layer: Statements, rows: NDArray[np.intp]) -> bool:
    """Whether a layer holds such features as points: it could not take in an outline."""
    return bool((shapely.get_dimensions(layer.features.geometries[rows]) == 0).all())


def _points(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The middles (n,) of outlines, or where those lie beside them a place within."""
    middle = shapely.centroid(shapes)
    return np.asarray(np.where(shapely.intersects(middle, shapes), middle, shapely.point_on_surface(shapes)), object)


def ranked(real: Examples, open_: list[Patch], seed: int) -> tuple[list[Patch], NDArray[np.float64]]:
    """Keep of candidates that overlap the one that is likely to be there and drawn well, and say how likely each is to
    be a missing feature.
    """
    if not open_:
        return [], np.zeros(0)
    shapes = np.array([patch.shape for patch in open_], dtype=object)
    looks = np.array([patch.looks for patch in open_])
    plain = np.clip([patch.probability for patch in open_], 0.0, CEILING)
    fold = folds_of(_middles(np.concatenate([shapes, real.shapes])))
    fold, known_fold = fold[:len(shapes)], fold[len(shapes):]
    like, fit = real.iou >= LIKE_IOU, real.fit_of(looks)
    known, rows, chance = np.flatnonzero(like), np.arange(len(shapes)), plain
    for turn in range(2):  # what was learnt from overlapping candidates holds for those that stay only if learnt again
        learnt = sought(looks[rows], fold[rows], real.looks[known], known_fold[known], PRIOR_SHARE, MOST, seed)
        chance = plain[rows] if learnt is None else learnt
        kept = _apart(shapes[rows], (chance + UNLIKELY * plain[rows]) * fit[rows])
        rows, chance = rows[kept], chance[kept]
        if turn == 0:
            alone = real.alone()
            known = alone[like[alone]]
    return [open_[k] for k in rows], chance


def _middles(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2))


def _apart(shapes: NDArray[np.object_], value: NDArray[np.float64]) -> list[int]:
    tree, gone, kept = shapely.STRtree(shapes), np.zeros(len(shapes), bool), []
    area = shapely.area(shapes)
    for k in np.argsort(-value, kind="stable"):
        if gone[k]:
            continue
        kept.append(int(k))
        near = tree.query(shapes[k], predicate="intersects")
        shared = shapely.area(shapely.intersection(shapes[near], shapes[k]))
        gone[near[shared > SAME_SHARE * np.minimum(area[near], area[k])]] = True
    return kept


def candidates(ground: Ground, placed: NDArray[np.object_], evidence: Evidence, edges: Edges, c: int,
               rows: NDArray[np.intp], seed: int, feedback: Feedback, crew: Crew | None = None
               ) -> tuple[Examples, list[Patch]]:
    """Patches that appear where features are left out, as long as there are fewer than ``EXAMPLES``, and patches that
    are there anyway; see ``MANY``.
    """
    rng = np.random.default_rng([seed, 2])
    group = np.full(len(placed), -1)
    group[rows] = rng.integers(0, LEFT_OUT, len(rows))
    tree = shapely.STRtree(placed)
    shown: list[tuple[shapely.Polygon, NDArray[np.float64], float, int]] = []
    open_: list[Patch] = []
    least = ground.legend.min_area_m2 / ground.grid.pixel_area_m2
    area = shapely.area(placed[rows])
    sizes = Sizes(least, max(LARGEST * float(np.quantile(area, 0.99)), 4 * least), float(np.median(area)))
    blocks = list(_blocks(ground))
    faintest = 0.0

    def grounds() -> Iterator[_Ground]:
        for k in rng.permutation(len(blocks)):
            feedback.check()
            window, core = blocks[k]
            near = np.sort(tree.query(box_of(window), predicate="intersects"))
            yield _Ground(np.nan_to_num(evidence.read(window, (c,))[0]), edges.shown(window), window, core, sizes,
                          placed[near], group[near], len(shown) < EXAMPLES, faintest)

    for done, (there, lacking) in enumerate(
            map(_found, grounds()) if crew is None else crew.map(_found, grounds(), feedback)):
        open_ += [patch for patch in there if patch.raw >= faintest]  # whoever drew it may not have known that yet
        if len(shown) < EXAMPLES:
            shown += lacking
        if not faintest and len(open_) >= MANY:
            faintest = _faintest(shown)
        feedback.progress((done + 1) / len(blocks))
    shapes, looks, iou, turn = zip(*shown, strict=True) if shown else ((), (), (), ())
    return Examples(np.array(shapes, dtype=object), np.array(looks).reshape(-1, len(NAMES)), np.array(iou, np.float64),
                    np.array(turn, np.intp)), open_


@dataclass(frozen=True)
class _Ground:
    """A window with what is seen in it and the features near it; ``group`` (n,) says in which turn each is left out."""

    p: NDArray[np.float32]
    shown: Shown
    window: Window
    core: tuple[slice, slice]
    sizes: Sizes
    near: NDArray[np.object_]
    group: NDArray[np.intp]
    examples: bool
    faintest: float


def _found(here: _Ground) -> tuple[list[Patch], list[tuple[shapely.Polygon, NDArray[np.float64], float, int]]]:
    """What is there anyway; and if ``examples`` are wanted, what appears where features are left out."""
    window, core, sizes = here.window, here.core, here.sizes
    there = patches(Scene(here.p, here.shown, _cover(here.near, window)), window, core, sizes, here.near,
                    faintest=here.faintest)
    lacking = []
    for turn in range(ROUNDS if here.examples else 0):
        gone, left = here.near[here.group == turn], here.near[here.group != turn]
        if len(gone):
            scene = Scene(here.p, here.shown, _cover(left, window))
            lacking += [(patch.shape, patch.looks, _overlap(patch.shape, gone), turn)
                        for patch in patches(scene, window, core, sizes, left, _cover(gone, window))]
    return there, lacking


def _faintest(shown: Sequence[tuple[shapely.Polygon, NDArray[np.float64], float, int]]) -> float:
    """The mean probability below which hardly any feature that was left out shows; 0 where too few have been."""
    odds = [looks[0] for _, looks, iou, _ in shown if iou >= LIKE_IOU]
    return float(from_odds(np.quantile(odds, FAINTEST))) if len(odds) >= FEWEST else 0.0


def _cover(shapes: NDArray[np.object_], window: Window) -> NDArray[np.bool_]:
    return np.asarray(covering(shapes, np.zeros(len(shapes), np.intp), window) == 0)


def _overlap(patch: shapely.Polygon, shapes: NDArray[np.object_]) -> float:
    """The greatest intersection over union of a patch with one of some shapes."""
    shared = shapely.area(shapely.intersection(shapes, patch))
    return float((shared / (shapely.area(shapes) + patch.area - shared)).max(initial=0.0))


def _blocks(ground: Ground) -> Iterator[tuple[Window, tuple[slice, slice]]]:
    """Windows with a margin, and the core of each."""
    for top in range(0, ground.grid.height, BLOCK):
        for left in range(0, ground.grid.width, BLOCK):
            yield (Window(left - MARGIN, top - MARGIN, BLOCK + 2 * MARGIN, BLOCK + 2 * MARGIN),
                   (slice(MARGIN, MARGIN + BLOCK), slice(MARGIN, MARGIN + BLOCK)))
