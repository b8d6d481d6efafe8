"""A piece of the ground as a network takes it in: bands, and the features upon them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..sources.bands import Band
from ..sources.burn import burn
from .links import boundary_points
from .tokens import Tokens

THIN_PX = 0.6
"""Lines and points are painted this wide to each side, or as wide as their position is unsure."""


@dataclass(frozen=True)
class Excerpt:
    """Bands ``x`` (bands, H, W), normalised, half precision, 0 where not ``valid`` (H, W), and the tokens upon them.

    ``painted`` (H, W) is the feature that covers a pixel (small ones lie above large ones), −1 where none does;
    ``boundary`` (m, 2) and ``owner`` (m,) are points along all outlines. ``mix`` (classes, H, W) and ``label`` (n,) are
    what is to be learnt of pixels and features: 0 and −1 where nothing is known; ``weight`` (H, W) and ``usable`` (n,)
    say what may be learnt from. ``numbers`` (n,) are the features' own, wherever the excerpt was cut from.
    """

    x: NDArray[np.float16]
    valid: NDArray[np.bool_]
    bands: tuple[Band, ...]
    tokens: Tokens
    painted: NDArray[np.int32]
    boundary: NDArray[np.float32]
    owner: NDArray[np.int64]
    mix: NDArray[np.float16]
    weight: NDArray[np.float32]
    label: NDArray[np.int64]
    usable: NDArray[np.bool_]
    numbers: NDArray[np.int64]


def excerpt_of(x: NDArray[np.floating], valid: NDArray[np.bool_], bands: tuple[Band, ...], tokens: Tokens, *,
             mix: NDArray | None = None, weight: NDArray | None = None, label: NDArray | None = None,
             usable: NDArray | None = None, numbers: NDArray | None = None) -> Excerpt:
    """Put tokens, in the pixels of ``x``, onto bands. What is left out is not known, or may all be learnt from."""
    shape, n = valid.shape, len(tokens)
    if x.ndim != 3 or x.shape[1:] != shape or len(x) != len(bands):
        raise ValueError(f"A excerpt needs one band of {shape} a name, got {x.shape} for {len(bands)} names.")
    points, owner = boundary_points(tokens.shapes)
    return Excerpt(
        np.where(valid, x, 0).astype(np.float16), valid, bands, tokens, paint(tokens, shape), points, owner,
        np.zeros((0, *shape), np.float16) if mix is None else mix.astype(np.float16),
        np.ones(shape, np.float32) if weight is None else weight.astype(np.float32),
        np.full(n, -1, np.int64) if label is None else label.astype(np.int64),
        np.ones(n, bool) if usable is None else usable, np.arange(n) if numbers is None else numbers.astype(np.int64))


def paint(tokens: Tokens, shape: tuple[int, int]) -> NDArray[np.int32]:
    """Return the feature that covers each pixel (H, W), −1 where none does."""
    wide = np.maximum(np.nan_to_num(tokens.accuracy_m) / tokens.pixel_m, THIN_PX)
    areal = shapely.get_dimensions(tokens.shapes) == 2
    ground = tokens.shapes.copy()
    ground[~areal] = shapely.buffer(tokens.shapes[~areal], wide[~areal], quad_segs=4)
    return np.asarray(burn(ground, np.arange(len(tokens), dtype=np.int32), shape), np.int32)
