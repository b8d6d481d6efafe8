"""How each side of an outline would have to move for it to fit what the imagery shows.

An outline that is wrong in its shape mostly has one side too far out or too far in, or a corner that is missing. Each
side of the outline's frame is tried at other places: what the evidence gains there, and whether the imagery has an edge
there rather than where the side was drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .frame import Frames, between
from .masks import masks_of

NAMES = ("side gain", "side step", "side edge", "second gain", "second edge", "weakest edge", "mean edge", "fill share",
         "fill")
NEAR_PX = 1

Array = NDArray[np.float64]


def sides(values: NDArray[np.floating], tensor: NDArray[np.float32], outlines: NDArray[np.object_], reach: int
          ) -> Array:
    """Return the figures of ``NAMES`` (n, 9) for n outlines, each in pixels of its own window of ``values`` (n, height,
    width), which are positive inside an object and negative outside; ``tensor`` (3, n, height, width) are the
    imagery's edges there. What the evidence gains, by the outline's area, if the side that gains most moves by up to
    ``reach`` pixels; by what share of the outline's depth it moves, outward positive; how much sharper the edge is
    there; the same gain and edge of the side next to it; how sharp the edge is along the worst side and along all as
    drawn; the share of the frame that the outline leaves open, and what the evidence holds there. Noughts where the
    outline has no frame.
    """
    result = np.zeros((len(outlines), len(NAMES)))
    frames, usable = Frames.around(outlines, reach + 1)
    if usable.any():
        result[usable] = _framed(values[usable], tensor[:, usable], frames, reach)
    return result


def _framed(values: NDArray[np.floating], tensor: NDArray[np.float32], frames: Frames, reach: int) -> Array:
    cos, sin = np.cos(frames.angle)[:, None, None], np.sin(frames.angle)[:, None, None]
    xx, xy, yy = tensor
    flat, columns, rows = _sampled(frames, (
        values, cos**2 * xx + 2 * cos * sin * xy + sin**2 * yy, sin**2 * xx - 2 * cos * sin * xy + cos**2 * yy))
    (height, width), (x0, y0, x1, y1) = frames.shape.T, frames.box.T
    mask = masks_of(frames.flat, flat.shape[1:])
    held = flat * mask
    across, down = (((at >= low[:, None]) & (at < high[:, None])).astype(np.float32) for at, low, high in (
        (np.arange(flat.shape[2]), x0, x1), (np.arange(flat.shape[1]), y0, y1)))
    upright = [_summed(down, part) for part in (flat, held, columns)]
    level = [_summed(across, part.transpose(0, 2, 1)) for part in (flat, held, rows)]
    upright[2] /= down.sum(axis=1, keepdims=True)
    level[2] /= across.sum(axis=1, keepdims=True)
    looks = np.stack([
        _moved(upright, x0, x1, width, reach),
        _moved(_mirrored(upright, width), width - x1, width - x0, width, reach),
        _moved(level, y0, y1, height, reach),
        _moved(_mirrored(level, height), height - y1, height - y0, height, reach)], axis=1)
    by_gain = np.take_along_axis(looks, np.argsort(-looks[:, :, 0], axis=1, kind="stable")[:, :, None], axis=1)
    area = np.maximum(mask.sum(axis=(1, 2)), 1)
    left_open = (down[:, :, None] * across[:, None, :] > 0) & ~mask
    number, inner = left_open.sum(axis=(1, 2)), down.sum(axis=1) * across.sum(axis=1)
    fill = (flat * left_open).sum(axis=(1, 2), dtype=np.float64) / np.maximum(number, 1)
    here = looks[:, :, 3]
    return np.stack([
        by_gain[:, 0, 0] / area, by_gain[:, 0, 1], by_gain[:, 0, 2], by_gain[:, 1, 0] / area, by_gain[:, 1, 2],
        here.min(axis=1), here.mean(axis=1), number / np.maximum(inner, 1), fill], axis=1)


def _sampled(frames: Frames, maps: tuple[NDArray[np.floating], ...]) -> list[NDArray[np.float32]]:
    """What maps (n, height, width) hold at the pixels of frames, linearly between theirs; nought beyond them."""
    size, (high, wide) = maps[0][0].size, maps[0].shape[1:]
    row, column = frames.places()
    within = (row >= 0) & (row <= high - 1) & (column >= 0) & (column <= wide - 1)
    top, left = (np.clip(np.floor(at), 0, most - 2).astype(np.intp) for at, most in ((row, high), (column, wide)))
    down, right = (row - top).astype(np.float32), (column - left).astype(np.float32)
    at = np.arange(len(row))[:, None, None] * size + top * wide + left
    weights = ((1 - down) * (1 - right) * within, (1 - down) * right * within, down * (1 - right) * within,
               down * right * within)
    found = []
    for one in maps:
        every = np.ascontiguousarray(one, np.float32).reshape(-1)
        found.append(sum(weight * every.take(at + step) for weight, step in zip(
            weights, (0, 1, wide, wide + 1), strict=True)))
    return found


def _summed(chosen: NDArray[np.float32], values: NDArray[np.floating]) -> Array:
    """Sums (n, width) of the rows (n, height) that are chosen of values (n, height, width)."""
    return np.asarray(np.matmul(chosen[:, None, :], values)[:, 0], np.float64)


def _mirrored(profiles: list[Array], width: NDArray[np.intp]) -> list[Array]:
    """Profiles (n, …), each of its own ``width`` (n,), from their other end on."""
    at = np.clip(width[:, None] - 1 - np.arange(profiles[0].shape[1]), 0, None)
    return [np.take_along_axis(profile, at, axis=1) for profile in profiles]


def _moved(profiles: list[Array], near: NDArray[np.intp], far: NDArray[np.intp], width: NDArray[np.intp], reach: int
           ) -> Array:
    """The best gain of the side at column ``far``, the share of the depth that it moves by, how much sharper the edge
    is there, and how sharp it is here: (n, 4). ``profiles`` (n, width) are what a column gains, what it holds, and how
    sharp edges are along it; what lies beyond a frame's own ``width`` (n,) does not count.
    """
    outward, inward, edge = profiles
    each = np.arange(len(far))[:, None]
    edge = np.where(np.arange(edge.shape[1]) < width[:, None], edge, edge[each, width[:, None] - 1])
    edge = between(edge)
    edge[np.arange(edge.shape[1]) > width[:, None]] = 0
    wide = np.pad(np.maximum(edge, 0), ((0, 0), (NEAR_PX, NEAR_PX)))
    sharp = np.lib.stride_tricks.sliding_window_view(wide, 2 * NEAR_PX + 1, axis=1).max(axis=2)
    out, back = (np.pad(np.cumsum(profile, axis=1), ((0, 0), (1, 0))) for profile in (outward, inward))
    at = far[:, None] + np.arange(-reach, reach + 1)
    tried = (at >= ((near + far) // 2)[:, None]) & (at <= width[:, None])
    at = np.clip(at, 0, width[:, None])
    first = far[:, None]
    gain = np.where(at < first, back[each, at] - back[each, first], out[each, at] - out[each, first])
    best = np.where(tried, gain, -np.inf).argmax(axis=1)[:, None]
    there, here = sharp[each, at[each, best]], sharp[each, first]
    return np.concatenate([gain[each, best], (at[each, best] - first) / np.maximum(first - near[:, None], 1),
                           there - here, here], axis=1)
