"""Towns of many kinds, seen by many cameras: what a network may learn of buildings without seeing a real place.

Each is drawn from a seed: how it is built up (detached houses, terraces, an old town wall to wall, huts, works), of
what its roofs are, its ground, the sun, the size of a pixel, the air and the camera. None is the scene of the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely
from parcels import long_axis, subdivide
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy import ndimage as ndi
from shapely.geometry import Polygon
from town import lay_streets, line_streets
from town_blocks import FILL as PLAIN
from town_blocks import plant
from town_image import COVERS, ROOFS, Colour, Look, render
from town_plan import Block, Building, Patch, Plan, Roof, Wing

ZONES = ("houses", "terraces", "flats", "works", "school", "park", "vacant", "old town", "huts")
SHEETS = ("metal", "rust", "blue metal", "green sheet", "rusty sheet", "dull metal")
FLAT = ("concrete", "dark membrane", "white membrane", "weathered concrete", "screed")
PITCHED = ("red tile", "dark tile", "grey slate", "brown tile", "thatch", *SHEETS)
MORE_ROOFS: dict[str, Colour] = {
    "green sheet": (0.30, 0.42, 0.33), "rusty sheet": (0.38, 0.25, 0.19), "dull metal": (0.43, 0.44, 0.45),
    "weathered concrete": (0.36, 0.35, 0.32), "screed": (0.50, 0.46, 0.41), "brown tile": (0.40, 0.27, 0.21),
    "thatch": (0.42, 0.36, 0.27),
}


@dataclass(frozen=True)
class Picture:
    """A town as a camera sees it: ``image`` (3, rows, columns) uint8, and which building stands where, ``feature``
    (rows, columns), −1 where none does.
    """

    image: np.ndarray
    feature: np.ndarray
    pixel_m: float


def make_picture(seed: int, size_px: int) -> Picture:
    """A town and its look, both drawn from ``seed``."""
    rng = np.random.default_rng([seed, 77])
    look = draw_look(rng)
    plan = lay_varied_town(size_px * look.pixel_m, rng)
    image = render(plan, size_px, rng, look)
    grid = from_origin(0, size_px * look.pixel_m, look.pixel_m, look.pixel_m)
    shapes = [(building.outline, number) for number, building in enumerate(plan.buildings)]
    ground = (shapely.box(-9, -9, -8, -8), 0)
    feature = rasterize([ground, *shapes], (size_px, size_px), transform=grid, fill=-1, dtype="int32")
    return Picture(image, feature, look.pixel_m)


def walls(feature: np.ndarray) -> np.ndarray:
    """Where two features touch: pixels (rows, columns) of one with a side on another; ``feature`` is −1 between."""
    here, sides = feature >= 0, ndi.generate_binary_structure(2, 1)
    highest = ndi.maximum_filter(feature, footprint=sides)
    lowest = ndi.minimum_filter(np.where(here, feature, np.iinfo(np.int32).max), footprint=sides)
    return here & ((highest != feature) | (lowest != feature))


def lay_varied_town(size_m: float, rng: np.random.Generator) -> Plan:
    """A town whose zones and roofs have a mixture of their own."""
    plan = Plan(size_m)
    lay_streets(plan, rng)
    share = rng.dirichlet([0.9, 0.7, 0.4, 0.4, 0.2, 0.25, 0.4, 0.9, 0.6])
    plan.blocks = [Block(b.polygon, str(rng.choice(ZONES, p=share))) for b in plan.blocks]
    for block in plan.blocks:
        FILL[block.zone](plan, block.polygon, rng)
    line_streets(plan, rng)
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


def fill_old_town(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Houses of every height wall to wall or a narrow gap apart, with a few small courts."""
    plan.patches.append(Patch(block, str(rng.choice(["concrete", "slab", "bare soil", "gravel", "garden"]))))
    size = rng.uniform(70, 190)
    lots, _ = subdivide(block.buffer(-rng.uniform(0.2, 2.0)), lambda _: size, rng, turn_rad=0.06)
    flat, gap = rng.random() < 0.6, rng.choice([0.0, 0.35, 0.9])
    for lot in lots:
        if lot.area < 18 or rng.random() < 0.12:
            continue
        direction, length, width = long_axis(lot)
        middle = lot.representative_point() if rng.random() < 0.1 else lot.centroid
        roof: Roof = "flat" if flat and rng.random() < 0.8 else "gable"
        levels = int(rng.integers(1, 6))
        for shrink in (1.0, 0.93, 0.85, 0.7, 0.55):
            wing = Wing(middle.x, middle.y, direction, length * shrink - gap, width * shrink - gap)
            wings = [wing]
            if rng.random() < 0.3 and wing.length > 6 and wing.width > 5:
                wings = [wing.at(-wing.length * 0.2, 0, wing.length * 0.6, wing.width),
                         wing.at(wing.length * 0.3, wing.width * 0.15, wing.length * 0.42, wing.width * 0.7)]
            if min(wing.length, wing.width) > 2.2 and plan.add(
                    lot.buffer(0.25), wings, "house", levels, roof, "concrete" if roof == "flat" else "rust"):
                break
    plant(plan, block, rng.poisson(block.area / 400), rng)


def fill_huts(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Small houses and huts, scattered at all angles between gardens, trees and heaps."""
    plan.patches.append(Patch(block, str(rng.choice(["garden", "bare soil", "dry grass", "red soil"]))))
    size = rng.uniform(60, 220)
    lots, _ = subdivide(block, lambda _: size, rng, turn_rad=0.3)
    for lot in lots:
        if lot.area < 25 or rng.random() < 0.2:
            continue
        if rng.random() < 0.5:
            cover = rng.choice(["garden", "bare soil", "red soil", "dry grass", "gravel", "slab"])
            plan.patches.append(Patch(lot.buffer(-rng.uniform(0, 2)), str(cover)))
        turn = long_axis(lot)[0] + rng.normal(0, 0.3)
        x, y = np.array(lot.centroid.coords[0]) + rng.normal(0, 1.0, 2)
        roof: Roof = "flat" if rng.random() < 0.4 else "gable"
        for shrink in (1.0, 0.75, 0.55):
            hut = Wing(x, y, turn, rng.uniform(4.5, 11) * shrink, rng.uniform(3.5, 6.5) * shrink)
            if plan.add(lot.buffer(0.5), [hut], "hut", 1, roof, "rust", gap_m=0.3):
                break
        if rng.random() < 0.3:
            plan.patches.append(Patch(Wing(x + rng.normal(0, 6), y + rng.normal(0, 6), turn, rng.uniform(2, 7),
                                           rng.uniform(1.5, 4)).polygon.intersection(lot), "rubble"))
    plant(plan, block, rng.poisson(block.area / rng.uniform(80, 400)), rng)


FILL = PLAIN | {"old town": fill_old_town, "huts": fill_huts}


def draw_look(rng: np.random.Generator) -> Look:
    """Sun, ground, roofs, air and camera."""
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

    covers = {name: ground(cover) for name, cover in COVERS.items()}
    roofs: Mapping[str, Colour] = {
        name: colour(np.array(c) * rng.normal(1, 0.16) * rng.normal(1, 0.06, 3))
        for name, c in {**ROOFS, **MORE_ROOFS}.items()}
    dark = rng.uniform(0.15, 0.6)
    cast = rng.normal(1, 0.06, 3) * rng.uniform(0.75, 1.35)
    return Look(
        pixel_m=float(rng.uniform(0.22, 0.6)), sun_azimuth=float(rng.uniform(100, 170)),
        sun_elevation=float(rng.uniform(28, 70)), covers=covers, roofs=roofs,
        shade=colour(np.array([1.0, 1.08, 1.25]) * dark), blur_px=float(rng.uniform(0.3, 1.5)),
        noise=float(rng.uniform(0.002, 0.03)), codec=float(rng.choice([0.0, 0.02, 0.05, 0.09])),
        haze=float(rng.choice([0.0, 0.03, 0.1, 0.2])), gain=colour_gain(cast))


def colour_gain(cast: np.ndarray) -> Colour:
    """A camera's gain by band."""
    return float(cast[0]), float(cast[1]), float(cast[2])
