"""Towns of many kinds: what a network may learn of buildings without seeing a real place.

Each is drawn from a seed: how it is built up (detached houses, terraces, an old town wall to wall, courtyards, huts,
works, fields), of what its roofs are, its ground, its trees, the sun. What a camera makes of it is drawn anew each time
that one looks (``town_camera``). None is the scene of the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
from rasterio.features import rasterize
from town import lay_streets, line_streets
from town_blocks import plant
from town_image import COVERS, ROOFS, Colour, Look, paint, sunlit
from town_plan import Block, Building, Plan, Roof
from varied_blocks import FILL

ZONES = ("houses", "terraces", "flats", "works", "school", "park", "vacant", "old town", "courtyards", "huts", "fields")
DENSITY = (0.8, 0.7, 0.4, 0.4, 0.2, 0.25, 0.4, 1.2, 0.9, 0.9, 0.5)
"""How common each zone is: the weights of a Dirichlet draw for each town."""
SHEETS = ("metal", "rust", "blue metal", "green sheet", "rusty sheet", "dull metal", "dark metal", "bright metal")
FLAT = ("concrete", "dark membrane", "white membrane", "weathered concrete", "screed", "dark concrete")
PITCHED = ("red tile", "dark tile", "grey slate", "brown tile", "thatch", *SHEETS)
MORE_ROOFS: dict[str, Colour] = {
    "green sheet": (0.30, 0.42, 0.33), "rusty sheet": (0.38, 0.25, 0.19), "dull metal": (0.43, 0.44, 0.45),
    "dark metal": (0.22, 0.23, 0.25), "bright metal": (0.78, 0.80, 0.82), "weathered concrete": (0.36, 0.35, 0.32),
    "dark concrete": (0.24, 0.23, 0.21), "screed": (0.50, 0.46, 0.41), "brown tile": (0.40, 0.27, 0.21),
    "thatch": (0.42, 0.36, 0.27),
}
MORE_COVERS: dict[str, tuple[Colour, Colour, float]] = {"wall": ((0.52, 0.47, 0.41), (0.45, 0.38, 0.32), 0.03)}


@dataclass(frozen=True)
class Scene:
    """A town in the sun, before any camera: ``colour`` (3, rows, columns) uint8 of reflected light, 255 being 1; which
    building stands where, ``feature`` (rows, columns), −1 where none does; and which patch of ground lies where,
    ``patch`` (rows, columns).
    """

    colour: np.ndarray
    feature: np.ndarray
    patch: np.ndarray
    pixel_m: float


def make_scene(seed: int, size_px: int) -> Scene:
    """A town and its look, both drawn from ``seed``."""
    rng = np.random.default_rng([seed, 77])
    look = draw_look(rng)
    plan = lay_varied_town(size_px * look.pixel_m, rng)
    canvas = paint(plan, size_px, rng, look)
    colour = np.clip(np.round(255 * np.moveaxis(sunlit(canvas), -1, 0)), 0, 255).astype(np.uint8)
    shapes = [(building.outline, number) for number, building in enumerate(plan.buildings)]
    ground = (shapely.box(-9, -9, -8, -8), 0)
    feature = rasterize([ground, *shapes], (size_px, size_px), transform=canvas.transform, fill=-1, dtype="int16")
    return Scene(colour, feature, canvas.patch, look.pixel_m)


def lay_varied_town(size_m: float, rng: np.random.Generator) -> Plan:
    """A town whose zones and roofs have a mixture of their own."""
    plan = Plan(size_m)
    lay_streets(plan, rng)
    share = rng.dirichlet(DENSITY)
    plan.blocks = [Block(b.polygon, str(rng.choice(ZONES, p=share))) for b in plan.blocks]
    for block in plan.blocks:
        FILL[block.zone](plan, block.polygon, rng)
    line_streets(plan, rng)
    plant(plan, shapely.box(0, 0, size_m, size_m), rng.poisson(size_m**2 / rng.choice([250, 1000, 4000])), rng)
    pitched, flat = rng.dirichlet([0.5] * len(PITCHED)), rng.dirichlet([0.6] * len(FLAT))
    own, flatness = rng.uniform(0.3, 1.0), rng.choice([0.0, 0.0, 0.4, 0.9])

    def roofed(building: Building) -> Building:
        if rng.random() > own:
            return building
        roof: Roof = "flat" if rng.random() < flatness else building.roof
        low = roof == "flat" and building.use not in ("hut", "shed")
        material = rng.choice(FLAT, p=flat) if low else rng.choice(PITCHED, p=pitched)
        return replace(building, roof=roof, material=str(material))

    plan.buildings = [roofed(building) for building in plan.buildings]
    return plan


def draw_look(rng: np.random.Generator) -> Look:
    """Sun, ground and roofs; pixels fine enough for a camera to be drawn later."""
    soil, dryness = rng.normal(1, 0.10, 3), rng.uniform(0, 1)

    def ground(cover: tuple[Colour, Colour, float]) -> tuple[Colour, Colour, float]:
        main, other, rough = cover
        dry = np.array([0.46, 0.40, 0.29])
        green = main[1] > main[0]
        mixed = [np.array(c) * (1 - 0.5 * dryness * green) + dry * 0.5 * dryness * green for c in (main, other)]
        tint = rng.normal(1, 0.12) * rng.normal(1, 0.04, 3) * soil
        return colour(mixed[0] * tint), colour(mixed[1] * tint), rough * float(rng.uniform(0.6, 2.0))

    def colour(values: np.ndarray) -> Colour:
        return tuple(float(v) for v in np.clip(values, 0.03, 0.95))  # type: ignore[return-value]

    covers = {name: ground(cover) for name, cover in {**COVERS, **MORE_COVERS}.items()}
    roofs: Mapping[str, Colour] = {
        name: colour(np.array(c) * rng.normal(1, 0.16) * rng.normal(1, 0.06, 3))
        for name, c in {**ROOFS, **MORE_ROOFS}.items()}
    return Look(
        pixel_m=float(rng.uniform(0.22, 0.36)), sun_azimuth=float(rng.uniform(100, 170)),
        sun_elevation=float(rng.uniform(28, 75)), covers=covers, roofs=roofs,
        shade=colour(np.array([1.0, 1.08, 1.25]) * rng.uniform(0.15, 0.65)))
