"""A window of a excerpt, turned and mirrored as asked, with the features in it and those that are asked about.

A *question* is a feature that nobody else can see: it is not painted, no patch is linked to it, no other feature looks
at it, and its words are hidden. What a network says of it therefore comes from everything but the feature itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from .excerpt import Excerpt
from .links import Links, link
from .outlines import Outlines
from .relations import KINDS, NEAREST

DISTANCE_PX = 16.0
"""How far the distance to the nearest outline is told."""


@dataclass(frozen=True)
class Questions:
    """Features to ask about: ``row`` (q,) in the excerpt, asked about turned by ``turn`` (q,) radians about its middle
    and moved by ``move`` (q, 2) pixels.

    One that ``stands`` (q,) is the feature itself, if need be moved: it is hidden from all others. Else only its shape
    is borrowed, for a place where nothing like it stands.
    """

    row: NDArray[np.int64]
    stands: NDArray[np.bool_]
    turn: NDArray[np.float32]
    move: NDArray[np.float32]

    @classmethod
    def about(cls, rows: NDArray[np.integer]) -> Questions:
        """Ask about features where they stand."""
        n = len(rows)
        return cls(np.asarray(rows, np.int64), np.ones(n, bool), np.zeros(n, np.float32), np.zeros((n, 2), np.float32))

    @classmethod
    def joined(cls, parts: Sequence[Questions]) -> Questions:
        """Return several as one."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts])
                     for name in ("row", "stands", "turn", "move")))


@dataclass(frozen=True)
class Tile:
    """A window in its own pixels. Tokens are the visible features of the window, then the questions.

    ``veiled`` (H, W) is where the bands are hidden. ``row`` (n,) is each token's row in the excerpt, ``visible`` (n,)
    whether others see it, ``hush`` (n,) whether its words are hidden, ``blur`` (n,) whether its outline is. ``moved``
    (n, 2) is how far it was moved from where it stands; ``real`` (n,) is 0 where no such feature stands near.
    ``distance`` (H, W) is 1 at outlines, to inside negative, 0 far off. ``target``, ``source``, ``kind`` and ``apart``
    (e,) are the relations, ``links`` those of patches by stride.
    """

    x: NDArray[np.float32]
    valid: NDArray[np.bool_]
    veiled: NDArray[np.bool_]
    mix: NDArray[np.float32]
    weight: NDArray[np.float32]
    painted: NDArray[np.int64]
    distance: NDArray[np.float32]
    row: NDArray[np.int64]
    visible: NDArray[np.bool_]
    hush: NDArray[np.bool_]
    blur: NDArray[np.bool_]
    real: NDArray[np.float32]
    moved: NDArray[np.float32]
    xy: NDArray[np.float32]
    tangent: NDArray[np.float32]
    target: NDArray[np.int64]
    source: NDArray[np.int64]
    kind: NDArray[np.int64]
    apart: NDArray[np.float32]
    links: dict[int, Links]
    excerpt: Excerpt


def cut(excerpt: Excerpt, corner: tuple[int, int], side: int, strides: Sequence[int], *,
        questions: Questions | None = None, hush: NDArray[np.bool_] | None = None,
        blur: NDArray[np.bool_] | None = None, without: NDArray | None = None, veil: NDArray[np.bool_] | None = None,
        turns: int = 0, mirror: bool = False) -> Tile:
    """Cut a square of ``side`` pixels whose first row and column are ``corner``; it may reach out of the excerpt.

    Every feature whose outline comes into the window is in the tile, however many there are. ``hush`` (excerpt's n,)
    are the features whose words are hidden, ``blur`` (q,) the questions whose outline is, ``without`` (n,) the features
    that are left out; ``veil`` (side, side) hides bands; ``turns`` quarter turns, then a mirror, as of
    :func:`numpy.rot90` and ``[..., ::-1]``.
    """
    rows_, columns_ = corner[0], corner[1]
    asked = Questions.about(np.zeros(0, np.int64)) if questions is None else questions
    blurred = np.zeros(len(asked.row), bool) if blur is None else blur
    outlines = excerpt.tokens.outlines
    away = np.array([columns_, rows_], np.float32)
    low, high = outlines.reach
    present = np.asarray(((high > away) & (low < away + side)).all(axis=1))
    if without is not None:
        present &= ~without
    hidden = np.zeros(len(present), bool)
    hidden[asked.row[asked.stands]] = True
    seen = np.flatnonzero(present & ~hidden)
    row = np.concatenate([seen, asked.row]).astype(np.int64)
    points, tangent = _asked_outlines(outlines, asked)
    points = np.where(blurred[:, None, None], points.mean(axis=1, keepdims=True), points)
    tangent = np.where(blurred[:, None, None], 0.0, tangent)
    xy = np.concatenate([outlines.xy[seen], points]) - away
    tangent = np.concatenate([outlines.tangent[seen], tangent])
    moved = np.concatenate([np.zeros((len(seen), 2)), asked.move])
    number = np.full(len(present) + 1, -1, np.int64)
    number[seen] = np.arange(len(seen))
    painted = number[_window(excerpt.painted, rows_, columns_, side, -1)]
    near = np.flatnonzero(number[excerpt.owner] >= 0)
    boundary = excerpt.boundary[near] - away
    inside = ((boundary > -2 * DISTANCE_PX) & (boundary < side + 2 * DISTANCE_PX)).all(axis=1)
    boundary, owner = boundary[inside], number[excerpt.owner[near[inside]]]
    arrays = [_window(a, rows_, columns_, side, 0) for a in (excerpt.x, excerpt.valid, excerpt.mix, excerpt.weight)]
    veiled = np.zeros((side, side), bool) if veil is None else veil
    x, valid, mix, weight, painted, veiled = _turned([*arrays, painted, veiled], turns, mirror)
    xy, boundary = _turned_points(xy, side, turns, mirror), _turned_points(boundary, side, turns, mirror)
    tangent, moved = _turned_points(tangent, 0, turns, mirror), _turned_points(moved, 0, turns, mirror)
    visible = np.arange(len(row)) < len(seen)
    pairs = _pairs(excerpt, seen, xy, len(seen))
    standing = np.concatenate([np.ones(len(seen), bool), asked.stands])
    return Tile(
        x.astype(np.float32), valid.astype(bool), veiled, mix.astype(np.float32), weight.astype(np.float32), painted,
        outline_distance(painted), row, visible,
        np.concatenate([np.zeros(len(seen), bool) if hush is None else hush[seen], np.ones(len(asked.row), bool)]),
        np.concatenate([np.zeros(len(seen), bool), blurred]), standing.astype(np.float32),
        np.where(standing[:, None], moved, 0).astype(np.float32), xy.astype(np.float32), tangent.astype(np.float32),
        *pairs, {stride: link(boundary, owner, painted, stride, excerpt.tokens.pixel_m) for stride in strides}, excerpt)


def outline_distance(painted: NDArray[np.integer]) -> NDArray[np.float32]:
    """The distance of pixels (H, W) to the nearest change between covered and bare ground, at most ``DISTANCE_PX``:
    1 at it, 0 far off; negative on covered ground.
    """
    covered = painted >= 0
    if covered.all() or not covered.any():
        return np.zeros(painted.shape, np.float32)
    far = ndimage.distance_transform_edt(covered) + ndimage.distance_transform_edt(~covered)
    near = 1 - np.minimum(far - 1, DISTANCE_PX) / DISTANCE_PX
    return np.asarray(np.where(covered, -near, near), np.float32)


def _asked_outlines(outlines: Outlines, asked: Questions) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    points, tangent = outlines.xy[asked.row], outlines.tangent[asked.row]
    middle = points.mean(axis=1, keepdims=True)
    c, s = np.cos(asked.turn)[:, None, None], np.sin(asked.turn)[:, None, None]

    def turned(v: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([c * v[..., :1] - s * v[..., 1:], s * v[..., :1] + c * v[..., 1:]], axis=-1)

    return turned(points - middle) + middle + asked.move[:, None], turned(tangent)


def _pairs(excerpt: Excerpt, seen: NDArray[np.intp], xy: NDArray[np.floating],
           visible: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """The relations of a tile: exact ones among visible features; a question sees its nearest visible neighbours, all
    of them merely near: what it touches would tell whether it belongs there.
    """
    known = excerpt.tokens.relations.among(seen, len(excerpt.tokens))
    questions = len(xy) - visible
    if not questions or not visible:
        return known.target, known.source, known.kind, known.distance_px
    points = xy[:visible, ::4].reshape(-1, 2)
    each = len(points) // visible
    far, at = cKDTree(points).query(xy[visible:, ::4].reshape(-1, 2), k=min(NEAREST, len(points)))
    far, at = far.reshape(questions, -1), at.reshape(questions, -1) // each
    pair = np.repeat(np.arange(questions), far.shape[1]) * visible + at.ravel()
    order = np.lexsort((far.ravel(), pair))
    unique, first = np.unique(pair[order], return_index=True)
    distance = far.ravel()[order][first]
    return (np.concatenate([known.target, visible + unique // visible]),
            np.concatenate([known.source, unique % visible]),
            np.concatenate([known.kind, np.full(len(unique), KINDS.index("near"))]).astype(np.int64),
            np.concatenate([known.distance_px, distance]).astype(np.float32))


def _window(a: NDArray, row: int, column: int, side: int, fill: int) -> NDArray:
    """A square of the last two axes, filled up where it reaches out of them."""
    height, width = a.shape[-2:]
    if row >= 0 and column >= 0 and row + side <= height and column + side <= width:
        return a[..., row:row + side, column:column + side]
    result = np.full((*a.shape[:-2], side, side), fill, a.dtype)
    top, left, bottom, right = max(row, 0), max(column, 0), min(row + side, height), min(column + side, width)
    if top < bottom and left < right:
        result[..., top - row:bottom - row, left - column:right - column] = a[..., top:bottom, left:right]
    return result


def _turned(arrays: Sequence[NDArray], turns: int, mirror: bool) -> list[NDArray]:
    rotated = [np.rot90(a, turns, (-2, -1)) for a in arrays]
    return [np.ascontiguousarray(a[..., ::-1] if mirror else a) for a in rotated]


def _turned_points(xy: NDArray, side: float, turns: int, mirror: bool) -> NDArray:
    """Points (…, 2) as :func:`_turned` turns the pixels that they lie on; with ``side`` 0: directions."""
    for _ in range(turns % 4):
        xy = np.stack([xy[..., 1], side - xy[..., 0]], axis=-1)
    return np.stack([side - xy[..., 0], xy[..., 1]], axis=-1) if mirror else xy
