"""More kinds of blocks than the demo's town has: old towns wall to wall, courtyards, huts, fields."""

from __future__ import annotations

import numpy as np
import shapely
from parcels import long_axis, subdivide
from shapely.geometry import Polygon
from town_blocks import FILL as PLAIN
from town_blocks import plant
from town_plan import Patch, Plan, Roof, Wing

GROUND = ("garden", "lawn", "dry grass", "bare soil", "red soil", "gravel", "concrete", "slab")
CROPS = ("garden", "lawn", "dry grass", "bare soil", "red soil", "bare soil")


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


def fill_courtyards(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Houses about courts of their own, their backs against each other; a lean-to in some of the courts."""
    plan.patches.append(Patch(block, str(rng.choice(GROUND))))
    size, depth = rng.uniform(170, 620), rng.uniform(3.2, 6.5)
    lots, _ = subdivide(block.buffer(-rng.uniform(0, 1.5)), lambda _: size, rng, turn_rad=0.05)
    flat, gap = rng.choice([0.0, 0.5, 1.0]), rng.choice([0.0, 0.0, 0.5])
    for lot in lots:
        if lot.area < 60 or rng.random() < 0.1:
            continue
        direction, length, width = long_axis(lot)
        roof: Roof = "flat" if rng.random() < flat else "gable"
        sides = rng.random(4) < rng.uniform(0.45, 1.0)
        sides[rng.integers(4)] = True
        for shrink in (1.0, 0.92, 0.82, 0.7):
            core = Wing(*lot.centroid.coords[0], direction, length * shrink - gap, width * shrink - gap)
            if min(core.length, core.width) < 2.2 * depth:
                continue
            across, along = (core.width - depth) / 2, (core.length - depth) / 2
            ring = [core.at(0, across, core.length, depth), core.at(0, -across, core.length, depth),
                    core.at(along, 0, core.width, depth, turned=True),
                    core.at(-along, 0, core.width, depth, turned=True)]
            wings = [wing for wing, stands in zip(ring, sides, strict=True) if stands]
            if plan.add(lot.buffer(0.3), wings, "house", int(rng.integers(1, 4)), roof, "rust"):
                if rng.random() < 0.6:
                    plan.patches.append(Patch(core.polygon.buffer(-depth * 0.9), str(rng.choice(GROUND))))
                break
    plant(plan, block, rng.poisson(block.area / rng.uniform(150, 600)), rng)


def fill_huts(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Small houses and huts, scattered at all angles between gardens, walls, trees and heaps."""
    plan.patches.append(Patch(block, str(rng.choice(["garden", "bare soil", "dry grass", "red soil"]))))
    size, walled = rng.uniform(60, 260), rng.choice([0.0, 0.0, 0.5])
    lots, _ = subdivide(block, lambda _: size, rng, turn_rad=0.3)
    for lot in lots:
        if lot.area < 25 or rng.random() < 0.2:
            continue
        if rng.random() < 0.5:
            plan.patches.append(Patch(lot.buffer(-rng.uniform(0, 2)), str(rng.choice(GROUND))))
        if rng.random() < walled:
            plan.patches.append(Patch(lot.buffer(-0.5).boundary.buffer(0.14).intersection(lot), "wall"))
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


def fill_fields(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Strips of crops and bare earth, some in rows or freshly ploughed; now and then a barn among trees."""
    size = rng.uniform(120, 1100)
    strips, _ = subdivide(block, lambda _: size, rng, bend=0.04, turn_rad=0.1)
    for strip in strips:
        ground, rows = rng.choice(CROPS, 2)
        plan.patches.append(Patch(strip.buffer(-rng.uniform(0, 0.5)), str(ground)))
        direction, length, width = long_axis(strip)
        bed = Wing(*strip.centroid.coords[0], direction, length, width)
        if rng.random() < 0.5:
            apart = rng.uniform(1.2, 3.5)
            lines = [bed.at(0, across, length, apart * 0.45).polygon
                     for across in np.arange(-width / 2 + apart / 2, width / 2, apart)]
            plan.patches.append(Patch(shapely.union_all(lines).intersection(strip.buffer(-0.4)), str(rows)))
        if rng.random() < 0.12 and min(length, width) > 9:
            barn = bed.at(0, 0, rng.uniform(5, 9), rng.uniform(3.5, 6))
            plan.add(strip, [barn], "hut", 1, "gable", "rust", gap_m=0.6)
    plant(plan, block, rng.poisson(block.area / rng.uniform(300, 2000)), rng)


FILL = PLAIN | {"old town": fill_old_town, "courtyards": fill_courtyards, "huts": fill_huts, "fields": fill_fields}
"""Every kind of block, by the name of its zone."""
