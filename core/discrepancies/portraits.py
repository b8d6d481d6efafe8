"""What the imagery shows of whole features, where single pixels do not tell their classes apart.

A meadow and a farm differ less by the colour of a pixel than by how its colours are mixed, how smooth it is, what shape
it has and what lies around. So a feature is described as a whole, from what the evidence says of its pixels, from
these themselves, its outline and the classes of its neighbours (never its own), and two learners that err differently
tell its class: trees (Geurts et al. 2006, Machine Learning 63) and a linear discriminant analysis whose covariances are
shrunken (Ledoit and Wolf 2004, J. Multivariate Analysis 88), both from features of other blocks of ground.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import KDTree
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

from ..feedback import Feedback
from ..fusion.ground import Ground, foreground
from ..sources.statements import Statements
from .calibration import folds_of
from .pooling import Pooled, blocks, stencil

FEWEST, FEWEST_OF_A_CLASS = 80, 5
"""Fewer features are too few to learn from; a class of fewer is learnt, too, but alone makes no portrait worth it."""
FOLDS, LEARN_MAX, TREES, LEAF, TRIED = 8, 5000, 150, 2, 0.2
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
TEXTURES_PX = (3, 7, 15)
RINGS_PX = (3, 15)
PAIRS_MAX = 16
"""With more bands than this, their differences two by two are left out: they would be hundreds."""
NEIGHBOURS, REACHES = 30, (1.0, 3.0, 10.0)
"""Neighbours count by a distance that is this many times that of the usual nearest one."""
TOUCHING_PX = 3.0
LEAST_OPEN = 1e-9
FLOOR = 1e-3
"""What trees never saw may be nevertheless."""


def portrayed(ground: Ground, layer: Statements, pooled: Pooled, seed: int, feedback: Feedback,
              expected: NDArray[np.float64] | None = None) -> Pooled:
    """Return the pooled evidence with ``inside`` told from whole features, where the layer has at least two classes
    beside its background and enough features to learn them; else as it is. ``expected`` (n, k), where it is given, is
    which words a network expects of each that does not see it.
    """
    label = foreground(layer)
    rows = np.flatnonzero(pooled.seen() & (label >= 0))
    fold = folds_of(layer.centres, FOLDS)
    if len(rows) < FEWEST or not _can_be_learnt(label[rows], fold[rows]):
        return pooled
    said = np.log(np.nan_to_num(np.concatenate([pooled.inside, pooled.ring], axis=1)) + FLOOR)
    shown = _pixels(ground, layer, rows, feedback, TEXTURES_PX, _described)
    parts = said, shown, _outlines(layer.support), _around(layer, label)
    x = np.concatenate(parts if expected is None else (*parts, np.nan_to_num(expected)), axis=1)
    inside = pooled.inside.copy()
    open_share = np.ones(len(label))
    if layer.background is not None:
        # Where pixels are sure that nothing stands, what the whole tells of classes must not be lost.
        open_share = np.maximum(1 - pooled.inside[:, int(layer.background.argmax())], LEAST_OPEN)
        inside[np.ix_(rows, np.flatnonzero(layer.background < 0.5))] = 0
    else:
        inside[rows] = 0
    for one in np.unique(fold[rows]):
        here, elsewhere = rows[fold[rows] == one], rows[fold[rows] != one]
        learn = np.random.default_rng([seed, int(one)]).permutation(elsewhere)[:LEARN_MAX]
        inside[np.ix_(here, np.unique(label[learn]))] = _told(x[learn], label[learn], x[here], seed) \
            * open_share[here, None]
        feedback.check()
    feedback.info(f"“{layer.name}”: the classes of {len(rows)} features are judged by what each shows as a whole.")
    return replace(pooled, inside=inside, told=True)


def _told(known: NDArray[np.float64], label: NDArray[np.intp], x: NDArray[np.float64], seed: int
          ) -> NDArray[np.float64]:
    """Probabilities (n, classes in ``label``) of features described by ``x``: the two learners' geometric mean."""
    trees = ExtraTreesClassifier(TREES, min_samples_leaf=LEAF, max_features=TRIED, random_state=seed)
    line = make_pipeline(QuantileTransformer(n_quantiles=min(60, len(known)), output_distribution="normal"),
                         LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class of one feature has no spread of its own, and needs none
        told = np.sqrt(np.prod([one.fit(known, label).predict_proba(x) + FLOOR for one in (trees, line)], axis=0))
    probabilities: NDArray[np.float64] = told / told.sum(axis=1, keepdims=True)
    return probabilities


def _can_be_learnt(label: NDArray[np.intp], fold: NDArray[np.intp]) -> bool:
    usual = np.flatnonzero(np.bincount(label) >= FEWEST_OF_A_CLASS)
    return len(usual) >= 2 and all(len(np.unique(label[fold != one])) >= 2 for one in np.unique(fold))


def colours(ground: Ground, layer: Statements, rows: NDArray[np.intp], feedback: Feedback) -> NDArray[np.float64]:
    """What the bands show of each feature in short (n, d), 0 where nothing is seen or the feature is not in ``rows``:
    their mean, how they are spread, how smooth they are, and the contrast to what lies around.
    """
    def described(bands: NDArray[np.float32], textures: list[NDArray[np.float32]], mask: NDArray[np.bool_],
                  seen: NDArray[np.bool_]) -> Iterator[NDArray[np.floating]]:
        core = _core(mask, seen)
        mean: NDArray[np.float64] = bands[:, core].mean(axis=1, dtype=np.float64)
        yield mean
        yield bands[:, core].std(axis=1, dtype=np.float64)
        yield from (texture[:, core].mean(axis=1, dtype=np.float64) for texture in textures)
        yield _around_it(bands, mask, seen, RINGS_PX[0], mean) - mean

    return _pixels(ground, layer, rows, feedback, TEXTURES_PX[:1], described)


Describe = Callable[[NDArray[np.float32], list[NDArray[np.float32]], NDArray[np.bool_], NDArray[np.bool_]],
                    Iterator[NDArray[np.floating]]]


def _pixels(ground: Ground, layer: Statements, rows: NDArray[np.intp], feedback: Feedback, textures_px: Sequence[int],
            describe: Describe) -> NDArray[np.float64]:
    """What the bands show in and around each feature (n, d), 0 where nothing is seen."""
    statistics = ground.imagery.statistics()
    scale = np.where(np.abs(statistics.mean) > 1e-9, np.abs(statistics.mean), np.maximum(statistics.std, 1e-9))
    margin = max(RINGS_PX) + 1
    result: NDArray[np.float64] | None = None
    for window, inside in blocks(layer.support[rows], ground.grid, margin):
        feedback.check()
        values, valid = ground.imagery.read(window)
        bands = np.arcsinh(4 * values / scale[:, None, None]).astype(np.float32)
        textures = [_spread(bands, side) for side in textures_px]
        for at in inside:
            part = stencil(layer.support[rows[at]], window, margin)
            if part is None:
                continue
            mask, top, left = part
            cut = np.s_[:, top:top + mask.shape[0], left:left + mask.shape[1]]
            seen = valid[cut[1:]]
            if not (mask & seen).any():
                continue
            described = np.concatenate(list(describe(bands[cut], [t[cut] for t in textures], mask, seen)))
            if result is None:
                result = np.zeros((len(layer.support), len(described)))
            result[rows[at]] = described
    return np.zeros((len(layer.support), 0)) if result is None else result


def _core(mask: NDArray[np.bool_], seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The seen pixels of a feature, without its edge where enough are left."""
    core: NDArray[np.bool_] = ndimage.binary_erosion(mask) & seen
    return core if core.sum() >= 8 else mask & seen


def _around_it(bands: NDArray[np.float32], mask: NDArray[np.bool_], seen: NDArray[np.bool_], reach: int,
               otherwise: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the bands around a feature, up to ``reach`` pixels away."""
    ring = ndimage.binary_dilation(mask, iterations=reach) & ~ndimage.binary_dilation(mask) & seen
    return np.asarray(bands[:, ring].mean(axis=1, dtype=np.float64)) if ring.any() else otherwise


def _described(bands: NDArray[np.float32], textures: list[NDArray[np.float32]], mask: NDArray[np.bool_],
               seen: NDArray[np.bool_]) -> Iterator[NDArray[np.floating]]:
    """Colours of one feature, how they are spread, texture, contrast at its edge and to what lies around."""
    core = _core(mask, seen)
    values = bands[:, core]
    mean: NDArray[np.float64] = values.mean(axis=1, dtype=np.float64)
    yield mean
    yield values.std(axis=1, dtype=np.float64)
    yield np.quantile(values, QUANTILES, axis=1).ravel()
    if len(mean) <= PAIRS_MAX:
        first, second = np.triu_indices(len(mean), 1)
        yield mean[first] - mean[second]
    for texture in textures:
        yield texture[:, core].mean(axis=1, dtype=np.float64)
    edge = mask & ~ndimage.binary_erosion(mask) & seen
    yield (bands[:, edge].mean(axis=1, dtype=np.float64) if edge.any() else mean) - mean
    for reach in RINGS_PX:
        yield _around_it(bands, mask, seen, reach, mean)


def _spread(bands: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The standard deviation of each band within ``side`` pixels."""
    size = (1, side, side)
    mean = ndimage.uniform_filter(bands, size, mode="nearest")
    square = ndimage.uniform_filter(bands * bands, size, mode="nearest")
    spread: NDArray[np.float32] = np.sqrt(np.maximum(square - mean * mean, 0))
    return spread


def _outlines(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Size and shape of polygons (n, 9): how compact, long, convex, rectangular, and how finely they are drawn."""
    area, length = np.maximum(shapely.area(shapes), 1e-6), np.maximum(shapely.length(shapes), 1e-6)
    box = shapely.oriented_envelope(shapes)
    boxed, around = np.maximum(shapely.area(box), 1e-6), np.maximum(shapely.length(box), 1e-6)
    corners = np.maximum(shapely.get_num_coordinates(shapes), 1)
    thin = np.sqrt(np.maximum(around**2 / 16 - boxed, 0)) / around
    return np.column_stack([
        np.log(area), np.log(length), 4 * np.pi * area / length**2, thin, area / boxed,
        area / np.maximum(shapely.area(shapely.convex_hull(shapes)), 1e-6), np.log(corners), np.log(length / corners),
        2 * area / length])


def _around(layer: Statements, label: NDArray[np.intp]) -> NDArray[np.float64]:
    """The classes of a feature's neighbours (n, d), without its own: near, touching, around it, within it, and how far
    the nearest one of each class lies.
    """
    known = np.flatnonzero(label >= 0)
    count, classes = len(label), layer.mix.shape[1]
    one = np.zeros((count, classes))
    one[known, label[known]] = 1
    parts = []
    tree = KDTree(layer.centres)
    distance, near = tree.query(layer.centres, min(NEIGHBOURS + 1, count))
    own = near == np.arange(count)[:, None]
    usual = max(float(np.median(np.where(own, np.inf, distance).min(axis=1))), 1.0)
    for reach in REACHES:
        weight = np.where(own, 0.0, np.exp(-distance / (reach * usual)))
        parts.append((weight[..., None] * one[near]).sum(axis=1) / (weight.sum(axis=1, keepdims=True) + 1e-3))
    index = shapely.STRtree(layer.support)
    for predicate, extra in (("dwithin", TOUCHING_PX), ("within", None), ("contains", None)):
        mine, other = index.query(layer.support, predicate=predicate, distance=extra)
        mine, other = mine[mine != other], other[mine != other]
        told = np.zeros((count, classes))
        np.add.at(told, mine, one[other])
        parts.append(np.log1p(told))
    parts.append(np.log1p(_nearest(layer.centres, label, classes) / usual))
    return np.concatenate(parts, axis=1)


def _nearest(centres: NDArray[np.float64], label: NDArray[np.intp], classes: int) -> NDArray[np.float64]:
    """Distance (n, classes) to the nearest other feature of each class; of a class that has none, the farthest."""
    far = float(np.ptp(centres, axis=0).max())
    result = np.full((len(label), classes), far)
    for number in np.unique(label[label >= 0]):
        rows = np.flatnonzero(label == number)
        distance, at = KDTree(centres[rows]).query(centres, min(2, len(rows)))
        distance, at = distance.reshape(len(label), -1), at.reshape(len(label), -1)
        other = np.where(rows[at] == np.arange(len(label))[:, None], far, distance)
        result[:, number] = other.min(axis=1)
    return result
