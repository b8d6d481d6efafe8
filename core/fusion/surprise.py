"""How much each feature of a layer surprises a network that knows everything but that feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
import torch
from numpy.typing import NDArray

from ..feedback import Feedback
from ..inference.fusion_tiles import ask
from ..models.fusion_net import FusionNet
from ..sources.vectors import Features
from ..training.fusion_excerpts import Region, squares

MARGIN, SIDE = 64, 256
FIELDS = ("layer", "key", "exists", "dx_m", "dy_m", "tag_surprise", "surprise")


@dataclass(frozen=True)
class Surprise:
    """Of each token (n,) of a ground: p(``exists``) given all the rest, the shift ``dx_m`` eastward and ``dy_m``
    northward to where it should lie, the surprise at its tags in nats a tag, and the logarithm of p(word) (n, k) of
    the words that were asked for. NaN (``tags``: 0) for those that were not asked about.
    """

    exists: NDArray[np.float32]
    dx_m: NDArray[np.float32]
    dy_m: NDArray[np.float32]
    tags: NDArray[np.float32]
    words: NDArray[np.float32]

    @property
    def whole(self) -> NDArray[np.float32]:
        """Minus the logarithm of the chance that such a feature stands there, and the surprise at its tags."""
        return np.asarray(-np.log(np.maximum(self.exists, 1e-6)) + self.tags, np.float32)


def surprise_of(network: FusionNet, region: Region, device: torch.device, seed: int, feedback: Feedback,
                about: NDArray[np.bool_] | None = None, words: Sequence[int] = ()) -> Surprise:
    """Ask about every feature of a ground while it is hidden, or ``about`` (n,) some, square by square; ``words`` are
    places of whole tags in the table.
    """
    n = len(region.tokens)
    exists, shift, tags = np.full(n, np.nan, np.float32), np.full((n, 2), np.nan, np.float32), np.zeros(n, np.float32)
    likely = np.full((n, len(words)), np.nan, np.float32)
    for excerpt, mine in squares(region, MARGIN, feedback):
        own = mine if about is None else mine[about[excerpt.numbers[mine]]]
        chosen = np.isin(np.arange(len(excerpt.tokens)), own)
        asked = ask(network.to(device), excerpt, device, Feedback(), side=SIDE, seed=seed, about=chosen, words=words)
        rows = excerpt.numbers[own]
        exists[rows], shift[rows], tags[rows] = asked.exists[own], asked.shift[own], asked.tags[own]
        likely[rows] = asked.words[own]
    return Surprise(exists, shift[:, 0], -shift[:, 1], tags, likely)


def write_surprise(path: Path, layers: Sequence[Features], found: Surprise, crs: str) -> None:
    """Write the features with what was said of them, in the grid's CRS, as a GeoPackage."""
    geometries = np.concatenate([layer.geometries for layer in layers])
    columns = (
        np.concatenate([np.full(len(layer), layer.name, object) for layer in layers]),
        np.concatenate([layer.keys.astype(object) for layer in layers]),
        found.exists, found.dx_m, found.dy_m, found.tags, found.whole)
    pyogrio.raw.write(str(path), shapely.to_wkb(geometries), [np.asarray(column) for column in columns], list(FIELDS),
                      layer="surprise", driver="GPKG", geometry_type="Unknown", crs=crs)
