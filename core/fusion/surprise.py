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

MARGIN = 64
FIELDS = ("layer", "key", "exists", "dx_m", "dy_m", "tag_surprise", "surprise")


@dataclass(frozen=True)
class Surprise:
    """Of each token (n,) of a ground: p(``exists``) given all the rest, the shift ``dx_m`` eastward and ``dy_m``
    northward to where it should lie, the surprise at its tags in nats a tag.
    """

    exists: NDArray[np.float32]
    dx_m: NDArray[np.float32]
    dy_m: NDArray[np.float32]
    tags: NDArray[np.float32]

    @property
    def whole(self) -> NDArray[np.float32]:
        """Minus the logarithm of the chance that such a feature stands there, and the surprise at its tags."""
        return np.asarray(-np.log(np.maximum(self.exists, 1e-6)) + self.tags, np.float32)


def surprise_of(network: FusionNet, region: Region, device: torch.device, seed: int, feedback: Feedback) -> Surprise:
    """Ask about every feature of a ground while it is hidden, square by square."""
    n = len(region.tokens)
    exists, shift, tags = np.full(n, np.nan, np.float32), np.full((n, 2), np.nan, np.float32), np.zeros(n, np.float32)
    for excerpt, mine in squares(region, MARGIN, feedback):
        asked = ask(network.to(device), excerpt, device, Feedback(), seed=seed)
        rows = excerpt.numbers[mine]
        exists[rows], shift[rows], tags[rows] = asked.exists[mine], asked.shift[mine], asked.tags[mine]
    return Surprise(exists, shift[:, 0], -shift[:, 1], tags)


def write_surprise(path: Path, layers: Sequence[Features], found: Surprise, crs: str) -> None:
    """Write the features with what was said of them, in the grid's CRS, as a GeoPackage."""
    geometries = np.concatenate([layer.geometries for layer in layers])
    columns = (
        np.concatenate([np.full(len(layer), layer.name, object) for layer in layers]),
        np.concatenate([layer.keys.astype(object) for layer in layers]),
        found.exists, found.dx_m, found.dy_m, found.tags, found.whole)
    pyogrio.raw.write(str(path), shapely.to_wkb(geometries), [np.asarray(column) for column in columns], list(FIELDS),
                      layer="surprise", driver="GPKG", geometry_type="Unknown", crs=crs)
