"""What a town consists of: wings that make buildings, patches of ground, trees, cars, streets and blocks.

Shapes are in metres from the town's lower left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.ops import unary_union

Roof = Literal["gable", "hip", "flat"]
WIDTH_M = {"secondary": 10.0, "residential": 6.5, "service": 4.5}
PAVEMENT_M = 1.6


@dataclass(frozen=True)
class Wing:
    """A rectangle of a building: middle, direction of its length (radians), length and width in metres."""

    x: float
    y: float
    direction: float
    length: float
    width: float

    @property
    def polygon(self) -> Polygon:
        along = np.array([np.cos(self.direction), np.sin(self.direction)]) * self.length / 2
        across = np.array([-np.sin(self.direction), np.cos(self.direction)]) * self.width / 2
        middle = np.array([self.x, self.y])
        return Polygon([middle + a * along + b * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])

    def at(self, along: float, across: float, length: float, width: float, turned: bool = False) -> Wing:
        """A wing beside this one: offsets in metres in this wing's own directions."""
        c, s = np.cos(self.direction), np.sin(self.direction)
        direction = self.direction + (np.pi / 2 if turned else 0.0)
        return Wing(self.x + along * c - across * s, self.y + along * s + across * c, direction, length, width)


@dataclass(frozen=True)
class Building:
    """An outline with the wings that carry its roofs; ``eaves_m`` above the ground."""

    outline: Polygon
    wings: tuple[Wing, ...]
    use: str
    levels: int
    roof: Roof
    material: str

    @property
    def eaves_m(self) -> float:
        return 2.4 if self.use in ("shed", "garage") else 0.6 + 2.9 * self.levels


@dataclass(frozen=True)
class Patch:
    """Ground of one cover."""

    polygon: Polygon
    cover: str


@dataclass(frozen=True)
class Tree:
    x: float
    y: float
    radius_m: float
    height_m: float


@dataclass(frozen=True)
class Block:
    """What lies between streets, and what it is used for (OSM's ``landuse``)."""

    polygon: Polygon
    zone: str


@dataclass
class Plan:
    """Everything on the ground, filled block by block. Buildings never overlap: :meth:`add` refuses."""

    size_m: float
    streets: list[tuple[str, LineString]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)
    cars: list[Wing] = field(default_factory=list)

    def add(self, site: Polygon, wings: list[Wing], use: str, levels: int, roof: Roof, material: str,
            gap_m: float = 0.0) -> Polygon | None:
        """Build, if the outline lies on the site, ``gap_m`` clear of what stands there; returns the outline."""
        outline = unary_union([w.polygon for w in wings])
        if outline.geom_type != "Polygon" or not site.covers(outline):
            return None
        near = outline.buffer(gap_m) if gap_m else outline
        # Blocks are filled one after another: only the latest buildings can stand in the way.
        for other in self.buildings[-160:]:
            if near.intersects(other.outline) and near.intersection(other.outline).area > 0.05:
                return None
        self.buildings.append(Building(outline, tuple(wings), use, levels, roof, material))
        return outline
