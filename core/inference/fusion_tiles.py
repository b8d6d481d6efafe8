"""A fusion network on ground of any size: window by window, each keeping what lies in its middle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..feedback import Feedback
from ..models.fusion_batch import collate
from ..models.fusion_net import TAG_CLASSES, FusionNet
from ..models.tag_surprise import tag_surprise
from ..tokens.excerpt import Excerpt
from ..tokens.tile import Questions, cut

HALO = 32
"""Pixels at the rim of a window that count nothing: what lies beyond moves a pixel's word little."""
GROUPS = 5
"""Of so many groups of features one is hidden at a time: about as many as were hidden while the network learnt. Those
that are not asked about are never hidden.
"""


@dataclass(frozen=True)
class Spoken:
    """What the network says with all features in sight: ``probability`` (classes, H, W) of pixels, ``feature``
    (n, classes) of features.
    """

    probability: NDArray[np.float32]
    feature: NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """What the network says of features (n) that it does not see: p(``exists``), the ``shift`` (n, 2) in metres from
    where a feature is drawn to where it should lie (x right, y down), p(``feature``) of its classes (n, classes), the
    surprise at its ``tags`` (nats a tag; 0 without tags), and the logarithm of p(word) (n, k) of words that it might
    have. NaN: not asked about.
    """

    exists: NDArray[np.float32]
    shift: NDArray[np.float32]
    feature: NDArray[np.float32]
    tags: NDArray[np.float32]
    words: NDArray[np.float32]


@dataclass(frozen=True)
class Sight:
    """Which sources are looked at: ``without`` (n,) features left out, ``blind`` (H, W) imagery left out."""

    without: NDArray[np.bool_] | None = None
    blind: NDArray[np.bool_] | None = None


@torch.inference_mode()
def speak(network: FusionNet, excerpt: Excerpt, device: torch.device, feedback: Feedback, *, side: int = 128,
          halo: int = HALO, sight: Sight | None = None) -> Spoken:
    """Ask for all pixels and features of an excerpt, with everything in sight."""
    sight = sight or Sight()
    classes = network.shape.classes
    probability = np.zeros((classes, *excerpt.valid.shape), np.float32)
    feature = np.full((len(excerpt.tokens), classes), 1 / classes, np.float32)
    centres = excerpt.tokens.outlines.centres
    for corner, inner in windows(excerpt.valid.shape, side, halo, feedback):
        tile = cut(excerpt, corner, side, network.shape.strides, without=sight.without, veil=_veil(sight, corner, side))
        said = network(collate([tile]).to(device))
        rows, columns = inner
        scores = said.scores[0].float().softmax(dim=0).cpu().numpy()
        probability[:, rows, columns] = scores[:, _within(rows, corner[0]), _within(columns, corner[1])]
        mine = _in(centres[tile.row], rows, columns, excerpt.valid.shape)
        feature[tile.row[mine]] = said.feature.float().softmax(dim=1).cpu().numpy()[mine]
    return Spoken(probability, feature)


@torch.inference_mode()
def ask(network: FusionNet, excerpt: Excerpt, device: torch.device, feedback: Feedback, *, side: int = 128,
        halo: int = HALO, seed: int = 0, sight: Sight | None = None, about: NDArray[np.bool_] | None = None,
        words: Sequence[int] = ()) -> Asked:
    """Ask about every feature of an excerpt, or ``about`` (n,) some, while it is hidden, group after group, and how
    probable each of ``words``, places of whole tags in the table, is for it.
    """
    sight = sight or Sight()
    n, classes = len(excerpt.tokens), network.shape.classes
    exists, shift = np.full(n, np.nan, np.float32), np.full((n, 2), np.nan, np.float32)
    feature, tags = np.full((n, classes), np.nan, np.float32), np.full(n, np.nan, np.float32)
    likely, places = np.full((n, len(words)), np.nan, np.float32), np.array(words, np.int64) % TAG_CLASSES
    group = np.random.default_rng([seed, 7]).integers(0, GROUPS, n)
    if about is not None and n:
        group = np.where(about, group % max(1, round(GROUPS * about.mean())), GROUPS)
    centres = excerpt.tokens.outlines.centres
    for corner, (rows, columns) in windows(excerpt.valid.shape, side, halo, feedback):
        mine = _in(centres, rows, columns, excerpt.valid.shape)
        if sight.without is not None:
            mine &= ~sight.without
        asked = [np.flatnonzero(mine & (group == one)) for one in range(GROUPS)]
        # What is hidden with a feature of the middle is all of its group, in the halo too.
        tiles = [cut(excerpt, corner, side, network.shape.strides, questions=Questions.about(rows_),
                     without=_others(group == one, rows_, sight), veil=_veil(sight, corner, side))
                 for one, rows_ in enumerate(asked) if len(rows_)]
        if not tiles:
            continue
        batch = collate(tiles)
        said = network(batch.to(device))
        row = np.concatenate([tile.row for tile in tiles])
        at = np.flatnonzero(~batch.visible.numpy())
        exists[row[at]] = said.exists.float().sigmoid().cpu().numpy()[at]
        shift[row[at]] = said.shift.float().cpu().numpy()[at]
        feature[row[at]] = said.feature.float().softmax(dim=1).cpu().numpy()[at]
        tags[row[at]] = tag_surprise(said, batch.to(device)).cpu().numpy()[at]
        likely[row[at]] = said.tags.float().log_softmax(dim=1).cpu().numpy()[np.ix_(at, places)]
    return Asked(exists, shift, feature, tags, likely)


def windows(shape: tuple[int, int], side: int, halo: int,
            feedback: Feedback) -> Iterator[tuple[tuple[int, int], tuple[slice, slice]]]:
    """Yield the corner of each window of ``side`` pixels, which may reach out, and the rows and columns that it keeps.
    """
    step = side - 2 * halo
    starts = [(row, column) for row in range(0, shape[0], step) for column in range(0, shape[1], step)]
    for done, (row, column) in enumerate(starts):
        feedback.check()
        yield ((row - halo, column - halo),
               (slice(row, min(row + step, shape[0])), slice(column, min(column + step, shape[1]))))
        feedback.progress((done + 1) / len(starts))


def _within(span: slice, corner: int) -> slice:
    return slice(span.start - corner, span.stop - corner)


def _in(xy: NDArray[np.float32], rows: slice, columns: slice, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether points lie in a window's part; those outside the ground belong to the nearest part."""
    x, y = np.clip(xy[:, 0], 0, shape[1] - 1e-3), np.clip(xy[:, 1], 0, shape[0] - 1e-3)
    inside: NDArray[np.bool_] = (x >= columns.start) & (x < columns.stop) & (y >= rows.start) & (y < rows.stop)
    return inside


def _others(hidden: NDArray[np.bool_], asked: NDArray[np.intp], sight: Sight) -> NDArray[np.bool_]:
    left_out = hidden.copy() if sight.without is None else hidden | sight.without
    left_out[asked] = False
    return left_out


def _veil(sight: Sight, corner: tuple[int, int], side: int) -> NDArray[np.bool_] | None:
    if sight.blind is None:
        return None
    veil = np.zeros((side, side), bool)
    height, width = sight.blind.shape
    top, left = max(corner[0], 0), max(corner[1], 0)
    bottom, right = min(corner[0] + side, height), min(corner[1] + side, width)
    veil[top - corner[0]:bottom - corner[0], left - corner[1]:right - corner[1]] = sight.blind[top:bottom, left:right]
    return veil
