"""The synthetic scene's town: its streets, what stands between them, and the layers that are true for its picture.

Nothing here comes from elsewhere: every shape is drawn from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from field_survey import draw_dates
from parcels import largest, subdivide
from rasterio.transform import from_origin
from shapely.geometry import LineString, box
from shapely.ops import unary_union
from town_blocks import FILL, LANDUSE
from town_image import BANDS, PIXEL_M, render
from town_plan import PAVEMENT_M, WIDTH_M, Block, Plan, Tree, Wing

OUTSIDE_M = 40.0  # the town goes on beyond the picture


@dataclass(frozen=True)
class Town:
    """Imagery (red, green, blue; rows, columns; uint8, 0 is nodata) and the layers that are true for it."""

    imagery: np.ndarray
    bands: tuple[str, ...]
    transform: Affine
    crs: str
    buildings: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    landuse: gpd.GeoDataFrame


def wavy(start: tuple[float, float], end: tuple[float, float], sway_m: float, rng: np.random.Generator) -> LineString:
    """A through street from start to end that swings to either side."""
    a, b = np.array(start), np.array(end)
    t = np.linspace(0, 1, 41)
    swing = sway_m * (np.sin(np.pi * t * rng.uniform(1.2, 2.0) + rng.uniform(0, 6)) + 0.3 * np.sin(9 * t))
    normal = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
    return LineString(a + np.outer(t, b - a) + np.outer(swing, normal))


def lay_streets(plan: Plan, rng: np.random.Generator) -> None:
    """Two curved through streets and the local ones that cut the quarters into blocks; blocks get a zone."""
    size = plan.size_m
    low, high = -OUTSIDE_M, size + OUTSIDE_M
    ground = box(low, low, high, high)
    across = wavy((low - 5, size * rng.uniform(0.35, 0.6)), (high + 5, size * rng.uniform(0.4, 0.65)), size * 0.05, rng)
    along = wavy((size * rng.uniform(0.35, 0.6), low - 5), (size * rng.uniform(0.4, 0.65), high + 5), size * 0.05, rng)
    plan.streets += [("secondary", across), ("secondary", along)]
    lines = shapely.node(shapely.union_all([across, along, ground.boundary]))
    quarters = shapely.get_parts(shapely.polygonize([lines]))
    leaves = []
    for quarter in quarters:
        pieces, cuts = subdivide(quarter, lambda _: 5600.0, rng, bend=0.05, turn_rad=0.12)
        leaves += pieces
        for i, line in enumerate(cuts):
            kind = "residential" if i < 0.7 * len(cuts) else "service"
            plan.streets += [(kind, part) for part in shapely.get_parts(line) if part.length > 8]
    roadway = unary_union([line.buffer(WIDTH_M[kind] / 2 + PAVEMENT_M) for kind, line in plan.streets])
    centre = across.intersection(along).centroid
    for leaf in leaves:
        block = largest(largest(leaf.difference(roadway)).buffer(-3).buffer(3))
        if block.area > 300:
            far = block.centroid.distance(centre) / size
            plan.blocks.append(Block(block, draw_zone(far, rng)))


def draw_zone(far: float, rng: np.random.Generator) -> str:
    """What a block is used for, ``far`` from the centre as a share of the town's size."""
    centre = {"terraces": 6.0, "flats": 1.2, "school": 1.0, "park": 0.7, "works": 0.3, "houses": 0.8, "vacant": 0.4}
    edge = {"terraces": 0.8, "flats": 0.9, "school": 0.4, "park": 0.6, "works": 1.7, "houses": 6.0, "vacant": 0.7}
    near = np.exp(-((far / 0.30) ** 2))
    weight = np.array([near * centre[z] + (1 - near) * edge[z] for z in centre])
    return str(rng.choice(list(centre), p=weight / weight.sum()))


def line_streets(plan: Plan, rng: np.random.Generator) -> None:
    """Trees along the through streets, parked cars along all."""
    for kind, street in plan.streets:
        side_m = WIDTH_M[kind] / 2
        for at in np.arange(6, street.length - 6, 7.0):
            a, b = (np.array(street.interpolate(at + d).coords[0]) for d in (-0.5, 0.5))
            direction = float(np.arctan2(*(b - a)[::-1]))
            kerb = Wing(*((a + b) / 2), direction, 1, 1)
            side = rng.choice([-1, 1])
            if rng.random() < 0.2:
                plan.cars.append(kerb.at(0, side * (side_m - 1.2), rng.uniform(3.9, 5.0), rng.uniform(1.7, 1.95)))
            if kind == "secondary" and rng.random() < 0.55:
                stem = kerb.at(0, -side * (side_m + 1.0), 1, 1)
                radius = rng.uniform(1.6, 3.4)
                plan.trees.append(Tree(stem.x, stem.y, radius, radius * 2.2 + 1))


def lay_town(size_m: float, rng: np.random.Generator) -> Plan:
    """The whole plan of a town of ``size_m`` metres."""
    plan = Plan(size_m)
    lay_streets(plan, rng)
    for block in plan.blocks:
        FILL[block.zone](plan, block.polygon, rng)
    line_streets(plan, rng)
    return plan


def building_layer(plan: Plan, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """The buildings that the picture shows, with OSM-like attributes."""
    frame = box(0, 0, plan.size_m, plan.size_m)
    seen = [b for b in plan.buildings if b.outline.intersection(frame).area > 2.0]
    ids = 100_000_001 + rng.permutation(4 * len(seen))[: len(seen)]
    columns = {
        "osm_id": ids,
        "building": [b.use if rng.random() < 0.7 else "yes" for b in seen],
        "levels": [b.levels if rng.random() < 0.8 else None for b in seen],
        "roof_material": [b.material if rng.random() < 0.6 else None for b in seen],
        "date": draw_dates("2020-01-01", 1400, len(seen), rng),
    }
    layer = gpd.GeoDataFrame(columns, geometry=[b.outline for b in seen])
    return layer.astype({"levels": "Int64"})


def make_town(
    seed: int, size_px: int, corner: tuple[float, float] = (420_100.0, 4_986_100.0), crs: str = "EPSG:32628"
) -> Town:
    """A town of ``size_px`` pixels of 0.3 m; ``corner`` is its lower left in the CRS, in the open Atlantic."""
    rng = np.random.default_rng([seed, 1])
    size_m = size_px * PIXEL_M
    plan = lay_town(size_m, rng)
    imagery = render(plan, size_px, rng)
    frame = box(0, 0, size_m, size_m)

    def placed(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return layer.set_geometry(layer.geometry.translate(*corner).set_precision(0.01)).set_crs(crs)

    roads = gpd.GeoDataFrame({"highway": [k for k, _ in plan.streets]}, geometry=[s for _, s in plan.streets])
    roads.insert(0, "osm_id", np.arange(60_000_001, 60_000_001 + len(roads)))
    landuse = gpd.GeoDataFrame({"landuse": [LANDUSE[b.zone] for b in plan.blocks]},
                               geometry=[b.polygon for b in plan.blocks])
    landuse.insert(0, "osm_id", np.arange(80_000_001, 80_000_001 + len(landuse)))
    roads, landuse = (layer[layer.intersects(frame)].reset_index(drop=True) for layer in (roads, landuse))
    transform = from_origin(corner[0], corner[1] + size_m, PIXEL_M, PIXEL_M)
    return Town(imagery, BANDS, transform, crs, placed(building_layer(plan, rng)), placed(roads), placed(landuse))
