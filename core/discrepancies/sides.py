"""How each side of an outline would have to move for it to fit what the imagery shows.

An outline that is wrong in its shape mostly has one side too far out or too far in, or a corner that is missing. Each
side of the outline's frame is tried at other places: what the evidence gains there, and whether the imagery has an edge
there rather than where the side was drawn.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from .frame import Frame

NAMES = ("side gain", "side step", "side edge", "second gain", "second edge", "weakest edge", "mean edge", "fill share",
         "fill")
NEAR_PX = 1


def sides(values: NDArray[np.floating], tensor: NDArray[np.float32], outline: shapely.Geometry, reach: int
          ) -> NDArray[np.float64]:
    """Return the figures of ``NAMES`` for an outline (pixels of ``values``, which are positive inside an object and
    negative outside): what the evidence gains, by the outline's area, if the side that gains most moves by up to
    ``reach`` pixels; by what share of the outline's depth it moves, outward positive; how much sharper the edge is
    there; the same gain and edge of the side next to it; how sharp the edge is along the worst side and along all as
    drawn; the share of the frame that the outline leaves open, and what the evidence holds there. Noughts where the
    outline has no frame.
    """
    frame = Frame.around(outline, reach + 1)
    if frame is None:
        return np.zeros(len(NAMES))
    mask, flat = frame.mask(), frame.sample(values, 0.0)
    area = max(int(mask.sum()), 1)
    columns, rows = frame.edges(tensor)
    x0, y0, x1, y1 = frame.box
    height, width = frame.shape
    looks = [
        _side(flat, mask, columns, x0, x1, slice(y0, y1), reach),
        _side(flat[:, ::-1], mask[:, ::-1], columns[:, ::-1], width - x1, width - x0, slice(y0, y1), reach),
        _side(flat.T, mask.T, rows.T, y0, y1, slice(x0, x1), reach),
        _side(flat.T[:, ::-1], mask.T[:, ::-1], rows.T[:, ::-1], height - y1, height - y0, slice(x0, x1), reach)]
    by_gain = sorted(looks, key=lambda side: -side[0])
    here = [side[3] for side in looks]
    inner = np.zeros_like(mask)
    inner[y0:y1, x0:x1] = True
    left_open = inner & ~mask
    fill = float(flat[left_open].mean()) if left_open.any() else 0.0
    return np.array([
        by_gain[0][0] / area, by_gain[0][1], by_gain[0][2], by_gain[1][0] / area, by_gain[1][2], min(here),
        float(np.mean(here)), float(left_open.sum() / max(inner.sum(), 1)), fill])


def _side(flat: NDArray[np.float64], mask: NDArray[np.bool_], edges: NDArray[np.float64], near: int, far: int,
          span: slice, reach: int) -> tuple[float, float, float, float]:
    """The best gain of the side at column ``far``, the share of the depth that it moves by, how much sharper the edge
    is there, and how sharp it is here.
    """
    outward = flat[span].sum(axis=0)
    inward = (flat * mask)[span].sum(axis=0)
    stop = min(far + reach, flat.shape[1])
    start = max((near + far) // 2, far - reach)
    out = np.concatenate([[0.0], np.cumsum(outward[far:stop])])
    back = np.concatenate([-np.cumsum(inward[start:far][::-1])[::-1]])
    gain, at = np.concatenate([back, out]), np.arange(start, stop + 1)
    edge = edges[span].mean(axis=0) if span.stop > span.start else np.zeros(edges.shape[1])
    here = float(edge[max(far - NEAR_PX, 0):far + NEAR_PX + 1].max(initial=0.0))
    best = int(gain.argmax())
    there = edge[max(at[best] - NEAR_PX, 0):at[best] + NEAR_PX + 1].max(initial=0.0)
    return float(gain[best]), float((at[best] - far) / max(far - near, 1)), float(there - here), here
