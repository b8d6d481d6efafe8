"""How each kind of block is built up: houses, terraces, flats, works, a school, a park, vacant ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import shapely
from field_survey import place_within
from parcels import cut, largest, long_axis, subdivide
from shapely.geometry import Polygon
from town_plan import Patch, Plan, Roof, Tree, Wing


def draw_roof(use: str, rng: np.random.Generator) -> tuple[Roof, str]:
    """Shape and material of a roof."""
    if use in ("house", "terrace"):
        roof = rng.choice(["gable", "hip", "flat"], p=[0.6, 0.22, 0.18])
        pitched = {"red tile": 0.40, "dark tile": 0.20, "grey slate": 0.18, "metal": 0.12, "rust": 0.10}
        flat = {"concrete": 0.6, "dark membrane": 0.2, "white membrane": 0.2}
        materials = flat if roof == "flat" else pitched
    elif use in ("shed", "garage"):
        roof = rng.choice(["flat", "gable"])
        materials = {"rust": 0.35, "metal": 0.35, "concrete": 0.15, "red tile": 0.15}
    elif use == "industrial":
        roof = rng.choice(["gable", "flat"], p=[0.45, 0.55])
        materials = {"metal": 0.35, "white membrane": 0.2, "dark membrane": 0.1, "rust": 0.2, "blue metal": 0.15}
    else:
        roof = rng.choice(["flat", "hip", "gable"], p=[0.65, 0.2, 0.15])
        materials = {"concrete": 0.4, "white membrane": 0.15, "dark membrane": 0.25, "red tile": 0.2}
    return str(roof), str(rng.choice(list(materials), p=list(materials.values())))


def fill_houses(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Detached houses on lots of their own, some with a wing, a shed or a drive."""
    lots, _ = subdivide(block, lambda _: 300.0, rng, turn_rad=0.03)
    plan.patches.append(Patch(block, "garden"))
    for lot in lots:
        if lot.area < 110 or rng.random() < 0.05:
            continue
        cover = rng.choice(["garden", "lawn", "bare soil", "gravel", "dry grass"], p=[0.4, 0.24, 0.14, 0.08, 0.14])
        plan.patches.append(Patch(lot.buffer(-0.3), str(cover)))
        direction = long_axis(lot)[0] + rng.choice([0, np.pi / 2], p=[0.75, 0.25])
        roof, material = draw_roof("house", rng)
        site = lot.buffer(-0.8)
        middle = np.array(lot.centroid.coords[0]) + rng.normal(0, 1.5, 2)
        size = np.array([rng.uniform(8.5, 14), rng.uniform(7, 10)])
        levels = int(rng.choice([1, 2, 3], p=[0.4, 0.5, 0.1]))
        for shrink in (1.0, 0.85, 0.7, 0.55):
            main = Wing(*middle, direction, *(size * shrink))
            wings = [main]
            if rng.random() < 0.35:
                side, end = rng.choice([-1, 1], 2)
                reach = rng.uniform(2.5, 5) * shrink
                wings.append(main.at(end * main.length * 0.25, side * (main.width + reach) / 2 * 0.98,
                                     reach + 0.6, main.length * 0.45, turned=True))
            if plan.add(site, wings, "house", levels, roof, material, gap_m=0.6):
                break
        if rng.random() < 0.4:
            x, y = place_within(lot, 2.5, rng)
            shed = Wing(x, y, direction, rng.uniform(2.8, 5.5), rng.uniform(2.4, 3.4))
            plan.add(lot.buffer(-0.3), [shed], "shed", 1, *draw_roof("shed", rng), gap_m=0.6)
        if rng.random() < 0.45:
            x, y = place_within(lot, 2.0, rng)
            drive = Wing(x, y, direction, rng.uniform(5, 11), rng.uniform(3, 6)).polygon.intersection(lot)
            cover = rng.choice(["concrete", "gravel", "bare soil", "red soil", "water", "slab"])
            plan.patches.append(Patch(drive, str(cover)))
        plant(plan, lot, rng.poisson(lot.area / 210), rng)


def edges_of(block: Polygon) -> Iterator[tuple[np.ndarray, float, float]]:
    """Straight sides of a block, run counter-clockwise (its inside on the left): start, direction, length."""
    ring = shapely.get_coordinates(shapely.geometry.polygon.orient(block.simplify(2.5)).exterior)
    for start, end in pairwise(ring):
        d = end - start
        yield start, float(np.arctan2(d[1], d[0])), float(np.hypot(*d))


def fill_terraces(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Rows of houses wall to wall along the streets, with yards, garages and extensions behind."""
    cover = rng.choice(["garden", "gravel", "concrete", "bare soil"], p=[0.5, 0.2, 0.2, 0.1])
    plan.patches.append(Patch(block, str(cover)))
    site = block.buffer(0.6)
    for start, direction, length in edges_of(block):
        if length < 14:
            continue
        along = np.array([np.cos(direction), np.sin(direction)])
        inward = np.array([-along[1], along[0]])
        depth, setback = rng.uniform(8.5, 12), rng.uniform(0.4, 3.5)
        base_levels, style = int(rng.integers(2, 5)), draw_roof("terrace", rng)
        at = rng.uniform(1, 3)
        while at < length - 5:
            width = min(rng.uniform(5.5, 9.5), length - at)
            middle = start + along * (at + width / 2) + inward * (setback + depth / 2)
            at += width
            if rng.random() < 0.07 or width < 4.5:
                continue
            own = style if rng.random() < 0.55 else draw_roof("terrace", rng)
            house = Wing(*middle, direction, width, depth)
            wings = [house]
            if rng.random() < 0.35:
                wings.append(house.at(width * 0.2, depth / 2 + 1.6, width * 0.5, 3.6))
            levels = max(1, base_levels + int(rng.integers(-1, 2)))
            if not plan.add(site, wings, "terrace", levels, *own):
                plan.add(site, [house.at(0, -depth * 0.15, width, depth * 0.7)], "terrace", levels, *own)
    court = largest(block.buffer(-15))
    if court.area > 60:
        plan.patches.append(Patch(court, str(rng.choice(["concrete", "lawn", "bare soil", "gravel"]))))
        for _ in range(rng.poisson(court.area / 160)):
            x, y = place_within(court, 2.0, rng)
            shed = Wing(x, y, long_axis(court)[0], rng.uniform(3, 9), rng.uniform(2.8, 4))
            plan.add(court, [shed], "garage", 1, *draw_roof("garage", rng), gap_m=0.3)
        plant(plan, court, rng.poisson(court.area / 150), rng)


def bars(block: Polygon, spacing_m: float, width_m: float, rng: np.random.Generator) -> Iterator[Wing]:
    """Parallel slabs across a block, as long as the block lets them be."""
    direction, length, width = long_axis(block)
    middle = Wing(*block.minimum_rotated_rectangle.centroid.coords[0], direction, length, width)
    for along in np.arange(-length / 2 + width_m, length / 2 - width_m / 2, spacing_m):
        reach = width - 10
        count = 1 if reach < 45 else 2
        for part in range(count):
            across = (part - (count - 1) / 2) * reach / count
            slab_m = reach if count == 1 else reach / 2 - 4
            yield middle.at(along, across, slab_m * rng.uniform(0.8, 1), width_m, turned=True)


def fill_flats(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Slabs of flats on lawns, with a car park."""
    plan.patches.append(Patch(block, "lawn"))
    levels, (roof, material) = int(rng.integers(4, 7)), draw_roof("apartments", rng)
    for slab in bars(block, rng.uniform(24, 30), rng.uniform(11, 14), rng):
        forecourt = slab.at(0, slab.width / 2 + 5, slab.length, 5).polygon.intersection(block)
        plan.patches.append(Patch(forecourt, "concrete"))
        slab = slab if block.covers(slab.polygon) else slab.at(0, 0, slab.length * 0.6, slab.width)
        if plan.add(block, [slab], "apartments", levels, roof, material, gap_m=2.0) and rng.random() < 0.6:
            lot = slab.at(0, -slab.width / 2 - 5, slab.length * 0.8, 6).polygon
            if block.covers(lot) and not any(lot.intersects(b.outline) for b in plan.buildings[-12:]):
                park_cars(plan, slab.at(0, -slab.width / 2 - 5, slab.length * 0.8, 5.2), rng)
    plant(plan, block, rng.poisson(block.area / 170), rng)


def fill_works(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Halls in paved or unpaved yards, with containers, heaps and car parks that could be taken for buildings."""
    plan.patches.append(Patch(block, str(rng.choice(["concrete", "gravel", "bare soil", "asphalt"]))))
    lots, _ = subdivide(block, lambda _: 2400.0, rng, turn_rad=0.03)
    for lot in lots:
        direction, length, width = long_axis(lot)
        hall = Wing(*lot.centroid.coords[0], direction, length * 0.62, width * rng.uniform(0.5, 0.75))
        for shrink in (1.0, 0.8, 0.6):
            small = hall.at(0, 0, hall.length * shrink, hall.width * shrink)
            wings = [small]
            if rng.random() < 0.4:
                wings.append(small.at(small.length * 0.3, small.width / 2 + 2.8, small.length * 0.3, 6))
            if plan.add(lot.buffer(-1.0), wings, "industrial", 2, *draw_roof("industrial", rng), gap_m=1.0):
                break
        for _ in range(rng.integers(1, 5)):
            x, y = place_within(lot, 3.0, rng)
            heap = Wing(x, y, direction + rng.normal(0, 0.1), rng.uniform(6, 13), rng.uniform(2.5, 7))
            if not any(heap.polygon.intersects(b.outline) for b in plan.buildings[-12:]):
                cover = rng.choice(["slab", "red soil", "rubble", "container", "bare soil", "gravel"])
                plan.patches.append(Patch(heap.polygon.intersection(lot), str(cover)))
        if rng.random() < 0.6:
            park_cars(plan, hall.at(0, hall.width / 2 + 5.5, hall.length * 0.8, 5.2), rng)
        plant(plan, lot, rng.poisson(1.0), rng)


def fill_school(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """A building about a courtyard, a sports field and a yard."""
    plan.patches.append(Patch(block, str(rng.choice(["lawn", "concrete"]))))
    direction, length, width = long_axis(block)
    middle = Wing(*block.representative_point().coords[0], direction, length, width)
    for scale in (1.0, 0.85, 0.7, 0.55):
        a, b, depth = 44 * scale, 34 * scale, 9.0 * scale
        core = middle.at(-length * 0.12, 0, a, b)
        wings = [core.at(0, s * (b - depth) / 2, a, depth) for s in (-1, 1)]
        wings += [core.at(s * (a - depth) / 2, 0, b - 2 * depth + 2, depth, turned=True) for s in (-1, 1)]
        if plan.add(block, wings, "school", int(rng.integers(2, 4)), *draw_roof("school", rng), gap_m=1.0):
            plan.patches.append(Patch(core.at(0, 0, a - 2 * depth, b - 2 * depth).polygon, "lawn"))
            break
    for along, cover in ((0.22, "court"), (0.36, "red court")):
        court = middle.at(length * along, 0, 16, 28).polygon
        if not any(court.intersects(b.outline) for b in plan.buildings[-6:]):
            plan.patches.append(Patch(court.intersection(block), cover))
    plant(plan, block, rng.poisson(block.area / 260), rng)


def fill_park(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Lawn, paths, a pond and many trees; a pavilion now and then."""
    plan.patches.append(Patch(block, "lawn"))
    direction, length, width = long_axis(block)
    middle = Wing(*block.centroid.coords[0], direction, length, width)
    for _ in range(2):
        _, path = cut(block, rng, bend=0.2, turn_rad=0.9)
        plan.patches.append(Patch(path.buffer(1.2).intersection(block), "gravel"))
    if rng.random() < 0.6:
        x, y = place_within(block, 9.0, rng)
        pond = shapely.affinity.scale(shapely.Point(x, y).buffer(rng.uniform(4, 9)), 1.5, 1.0).intersection(block)
        plan.patches.append(Patch(pond, "water"))
    if rng.random() < 0.6:
        pavilion = middle.at(rng.uniform(-9, 9), rng.uniform(-6, 6), 8, 8)
        plan.add(block, [pavilion], "retail", 1, *draw_roof("house", rng))
    plant(plan, block, rng.poisson(block.area / 75), rng)


def fill_vacant(plan: Plan, block: Polygon, rng: np.random.Generator) -> None:
    """Ground without buildings that looks much like roofs: slabs, rubble, bare and red soil, a car park."""
    plan.patches.append(Patch(block, str(rng.choice(["bare soil", "dry grass", "gravel"]))))
    direction = long_axis(block)[0]
    for _ in range(rng.poisson(block.area / 260)):
        x, y = place_within(block, 5.0, rng)
        patch = Wing(x, y, direction, rng.uniform(6, 16), rng.uniform(5, 11)).polygon.intersection(block)
        plan.patches.append(Patch(patch, str(rng.choice(["slab", "rubble", "red soil", "gravel", "dry grass"]))))
    x, y = block.representative_point().coords[0]
    park_cars(plan, Wing(x, y, direction, min(30, long_axis(block)[1] * 0.5), 5.2), rng)
    plant(plan, block, rng.poisson(block.area / 300), rng)


def plant(plan: Plan, ground: Polygon, count: int, rng: np.random.Generator) -> None:
    """Trees on a piece of ground; their crowns may hang over roofs, their stems stand beside them."""
    for _ in range(count):
        x, y = place_within(ground, 1.0, rng)
        radius = float(np.clip(rng.lognormal(0.75, 0.4), 0.9, 5.5))
        stem = shapely.Point(x, y).buffer(0.35 * radius)
        if not any(stem.intersects(b.outline) for b in plan.buildings[-40:]):
            plan.trees.append(Tree(x, y, radius, radius * rng.uniform(1.6, 2.6) + 1.0))


def park_cars(plan: Plan, lot: Wing, rng: np.random.Generator) -> None:
    """A paved row of bays with some cars in it."""
    if any(lot.polygon.intersects(b.outline) for b in plan.buildings[-40:]):
        return
    plan.patches.append(Patch(lot.polygon, "asphalt"))
    for along in np.arange(-lot.length / 2 + 1.3, lot.length / 2 - 1.2, 2.6):
        if rng.random() < 0.6:
            length, width = rng.uniform(3.9, 4.8), rng.uniform(1.7, 1.95)
            plan.cars.append(lot.at(along, rng.normal(0, 0.15), length, width, turned=True))


FILL: dict[str, Callable[[Plan, Polygon, np.random.Generator], None]] = {
    "houses": fill_houses, "terraces": fill_terraces, "flats": fill_flats, "works": fill_works,
    "school": fill_school, "park": fill_park, "vacant": fill_vacant,
}
LANDUSE = {"houses": "residential", "terraces": "residential", "flats": "residential", "works": "industrial",
           "school": "education", "park": "grass", "vacant": "brownfield"}
