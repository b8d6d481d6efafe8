"""Small ground with houses on it, and fusion networks small enough for tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from geoloop.core.models.fusion_net import FusionShape
from geoloop.core.sources.bands import Band
from geoloop.core.tokens.excerpt import Excerpt, excerpt_of
from geoloop.core.tokens.tokens import tokens_from
from geoloop.core.tokens.words import words_of

RGB = (Band("red", 0.665, "air"), Band("green", 0.56, "air"), Band("blue", 0.49, "air"))
TINY = FusionShape(2, widths=(8, 8, 8, 8), levels=(2, 3), dim=16, heads=2, rounds=1, words=8)


def ground(shapes: Sequence[Any], tags: Sequence[dict[str, str]] | None = None, *, side: int = 64,
           bands: tuple[Band, ...] = RGB, pixel_m: float = 0.5, seed: int = 0, **more: Any) -> Excerpt:
    """Ground of noise with features in its pixels."""
    x = np.random.default_rng(seed).normal(size=(len(bands), side, side))
    tokens = tokens_from(np.array(list(shapes), dtype=object), words_of(tags or [{}] * len(shapes)), pixel_m)
    return excerpt_of(x, np.ones((side, side), bool), bands, tokens, **more)


def houses(side: int = 64, seed: int = 0, every: int = 16) -> list[shapely.Polygon]:
    """Houses of several sizes and directions on a loose lattice."""
    rng = np.random.default_rng(seed)
    return [affinity.rotate(shapely.box(x, y, x + rng.uniform(4, 9), y + rng.uniform(4, 9)), rng.uniform(0, 90))
            for x in range(3, side - 10, every) for y in range(3, side - 10, every)]


def roofs(side: int = 192, seed: int = 0, every: int = 16, **more: Any) -> Excerpt:
    """Houses whose roofs are bright or dark in the imagery: class 1 and 2, and 0 around them."""
    shapes = houses(side, seed, every)
    rng = np.random.default_rng([seed, 1])
    label = rng.integers(1, 3, len(shapes))
    excerpt = ground(shapes, [{"building": "yes"}] * len(shapes), side=side, seed=seed)
    at = np.append(label, 0)[excerpt.painted]
    x = excerpt.x.astype(np.float32) * 0.5 + np.array([0.0, 2.0, -2.0])[at]
    mix = at[None] == np.arange(3)[:, None, None]
    return excerpt_of(x, excerpt.valid, RGB, excerpt.tokens, mix=mix, label=label, **more)
