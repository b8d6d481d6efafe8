"""The synthetic scene's countryside: land-use parcels, a river, lakes, roads and field points.

Nothing here comes from elsewhere: every shape is drawn from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from countryside_image import BANDS, render
from field_survey import draw_dates, survey
from parcels import subdivide
from rasterio.transform import from_origin
from scipy import ndimage as ndi
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import linemerge, polygonize, unary_union
from texture import layered_noise

CLASSES = ("farm", "forest", "grass", "meadow", "residential", "scrub", "water", "wetland")
PIXEL_M = 10.0
EDGE_M = 20.0  # landscape cells are this fine when borders are bent and latent fields are read
MIN_PARCEL_M2 = 4000.0
BORDER_SCALES = (33.0, 11.0)  # cells; finer ones would fold a border over itself


@dataclass(frozen=True)
class Landscape:
    """What decides where which land use lies: smooth fields over the area, read in metres from the lower left."""

    size_m: float
    woods: np.ndarray
    wetness: np.ndarray
    river: Polygon
    villages: np.ndarray

    def read(self, field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """A field's values at places in metres."""
        places = np.vstack([np.asarray(y), np.asarray(x)]) / self.size_m * (np.array(field.shape) - 1)[:, None]
        return ndi.map_coordinates(field, places, order=1, mode="nearest")

    def village_nearness(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """1 at a village's middle, falling to 0 within about a kilometre (radius by village)."""
        d = np.hypot(np.subtract.outer(x, self.villages[:, 0]), np.subtract.outer(y, self.villages[:, 1]))
        return np.exp(-((d / self.villages[:, 2]) ** 2)).max(axis=1)


@dataclass(frozen=True)
class Countryside:
    """Imagery (bands, rows, columns; reflectance × 10000, 0 is nodata) and the layers that are true for it."""

    imagery: np.ndarray
    bands: tuple[str, ...]
    transform: Affine
    crs: str
    landuse: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    field: gpd.GeoDataFrame


def curve(start: np.ndarray, end: np.ndarray, sway: float, rng: np.random.Generator, points: int = 60) -> LineString:
    """A line from start to end that swings by about ``sway`` to either side, CRS units."""
    t = np.linspace(0, 1, points)
    swing = sum(
        rng.normal(0, sway / (k + 1)) * np.sin(np.pi * (k + 1) * t + rng.uniform(0, np.pi)) for k in range(4)
    )
    direction = (end - start) / np.hypot(*(end - start))
    normal = np.array([-direction[1], direction[0]])
    return LineString(start + np.outer(t, end - start) + np.outer(swing, normal))


def lay_landscape(size_m: float, village: tuple[float, float], rng: np.random.Generator) -> Landscape:
    """The fields and the river of an area; one of its villages lies where the town is."""
    cells = (int(size_m / EDGE_M),) * 2
    woods = layered_noise(cells, (cells[0] / 4, cells[0] / 12), rng)
    west = np.array([-200.0, size_m * rng.uniform(0.2, 0.4)])
    east = np.array([size_m + 200.0, size_m * rng.uniform(0.6, 0.8)])
    line = curve(west, east, size_m * 0.06, rng)
    width = 22 + 8 * np.sin(np.linspace(0, 9, 12))
    reaches = [shapely.ops.substring(line, i / 12, (i + 1) / 12, normalized=True) for i in range(12)]
    river = unary_union([r.buffer(w) for r, w in zip(reaches, width, strict=True)]).buffer(15).buffer(-15)
    rows, columns = np.mgrid[0 : cells[0], 0 : cells[1]]
    distance_m = shapely.distance(river, shapely.points((columns + 0.5) * EDGE_M, (rows + 0.5) * EDGE_M))
    wetness = np.exp(-distance_m / 350) * 1.6 + 0.55 * layered_noise(cells, (cells[0] / 8,), rng)
    others = np.column_stack([rng.uniform(0.08, 0.92, (4, 2)) * size_m, rng.uniform(380, 600, 4)])
    villages = np.vstack([[*village, 620.0], others])
    return Landscape(size_m, woods, wetness, river, villages)


def bend_borders(pieces: list[Polygon], size_m: float, sway_m: float, rng: np.random.Generator) -> list[Polygon]:
    """The pieces with their straight borders bent smoothly; neighbours keep one common border, vertex for vertex."""
    edges = linemerge(shapely.union_all([p.boundary for p in pieces], grid_size=0.01))
    edges = shapely.segmentize(edges, 40.0)
    cells = (int(size_m / EDGE_M),) * 2
    shifts = [sway_m * layered_noise(cells, BORDER_SCALES, rng) for _ in range(2)]

    def bend(xy: np.ndarray) -> np.ndarray:
        places = xy[:, ::-1].T / size_m * (cells[0] - 1)
        moved = [ndi.map_coordinates(s, places, order=1, mode="nearest") for s in shifts]
        return np.round(xy + np.column_stack(moved), 2)

    return list(polygonize(shapely.transform(edges, bend)))


def lay_lakes(landscape: Landscape, count: int, rng: np.random.Generator) -> list[Polygon]:
    """Lakes and ponds with uneven shores, mostly where it is wet."""
    lakes: list[Polygon] = []
    while len(lakes) < count:
        x, y = rng.uniform(0.05, 0.95, 2) * landscape.size_m
        if landscape.read(landscape.wetness, [x], [y])[0] < rng.normal(0.5, 0.5):
            continue
        angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        radius = rng.lognormal(4.1, 0.45)
        shore = radius * (1 + sum(rng.normal(0, 0.28 / k) * np.cos(k * angle + rng.uniform(0, 6)) for k in range(1, 5)))
        shore = np.maximum(shore, radius * 0.3)
        lake = Polygon(np.column_stack([x + shore * np.cos(angle), y + shore * np.sin(angle)])).buffer(0)
        if lake.geom_type == "Polygon" and not any(lake.distance(o) < 60 for o in [landscape.river, *lakes]):
            lakes.append(lake)
    return lakes


def draw_class(landscape: Landscape, middles: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A land use for each parcel middle (x, y): by woods, wetness and nearness of a village, and by chance."""
    x, y = middles.T
    woods, wet = landscape.read(landscape.woods, x, y), landscape.read(landscape.wetness, x, y)
    village = landscape.village_nearness(x, y)
    logit = np.column_stack([
        1.3 - 0.8 * wet - 0.6 * woods,  # farm
        -0.6 + 2.2 * woods,  # forest
        0.2 + 1.6 * village,  # grass
        0.6 + 0.6 * wet - 0.3 * woods,  # meadow
        -3.0 + 7.0 * village,  # residential
        -0.4 + 1.0 * woods,  # scrub
        np.full(len(x), -9.0),  # water has its own shapes
        -1.6 + 2.0 * wet,  # wetland
    ])
    return np.array(CLASSES)[(logit + rng.gumbel(size=logit.shape)).argmax(axis=1)]


def lay_parcels(landscape: Landscape, target_m2: float, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Land-use polygons that cover the area: parcels by place, less the river and the lakes, which are water."""
    frame = box(0, 0, landscape.size_m, landscape.size_m)

    def target(place: Point) -> float:
        x, y = np.array([place.x]), np.array([place.y])
        woods = float(landscape.read(landscape.woods, x, y)[0])
        village = float(landscape.village_nearness(x, y)[0])
        return target_m2 * rng.lognormal(0, 0.45) * (1 + 0.5 * max(woods, 0)) * (1 - 0.65 * village)

    pieces, _ = subdivide(frame.buffer(250, join_style="mitre"), target, rng, bend=0.05, turn_rad=0.18)
    parcels = bend_borders(pieces, landscape.size_m, 30.0, rng)
    lakes = lay_lakes(landscape, max(3, round(landscape.size_m**2 / 2e6)), rng)
    water = unary_union([landscape.river, *lakes])
    land = shapely.intersection(shapely.difference(np.array(parcels), water), frame)
    land = [p for p in shapely.get_parts(land) if p.geom_type == "Polygon" and p.area >= MIN_PARCEL_M2]
    reach = landscape.size_m / 5
    cells = [box(i * reach, -500, (i + 1) * reach, landscape.size_m + 500) for i in range(5)]
    wet = [landscape.river.intersection(c).intersection(frame) for c in cells] + [w.intersection(frame) for w in lakes]
    wet = [p for p in shapely.get_parts(wet) if p.geom_type == "Polygon" and p.area >= MIN_PARCEL_M2]
    uses = draw_class(landscape, np.array([p.centroid.coords[0] for p in land]), rng)
    polygons = gpd.GeoDataFrame({"landuse": [*uses.tolist(), *["water"] * len(wet)]}, geometry=[*land, *wet])
    polygons.insert(0, "osm_id", 40_000_001 + rng.permutation(3 * len(polygons))[: len(polygons)])
    polygons["date"] = draw_dates("2019-03-01", 1500, len(polygons), rng)
    return polygons


def lay_roads(landscape: Landscape, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Roads from village to village, and out of the area."""
    size = landscape.size_m
    places = landscape.villages[:, :2]
    rows = []
    for i, place in enumerate(places[1:], start=1):
        nearest = places[:i][np.hypot(*(places[:i] - place).T).argmin()]
        rows.append(("secondary", curve(place, nearest, 60.0, rng)))
    edges = (np.array([0.0, size * rng.uniform(0.3, 0.7)]), np.array([size * rng.uniform(0.3, 0.7), size]))
    rows += [("primary", curve(places[0], edge, 120.0, rng)) for edge in edges]
    frame = box(0, 0, size, size)
    roads = gpd.GeoDataFrame({"highway": [r[0] for r in rows]}, geometry=[r[1].intersection(frame) for r in rows])
    roads = roads.explode(ignore_index=True)
    roads.insert(0, "osm_id", np.arange(70_000_001, 70_000_001 + len(roads)))
    return roads


def make_countryside(
    seed: int,
    size_px: int,
    target_ha: float = 8.6,
    field_points: int = 240,
    corner: tuple[float, float] = (417_000.0, 4_983_000.0),
    crs: str = "EPSG:32628",
) -> Countryside:
    """A countryside of ``size_px`` pixels of 10 m; ``corner`` is its lower left in the CRS, in the open Atlantic."""
    rng = np.random.default_rng([seed, 2])
    size_m = size_px * PIXEL_M
    landscape = lay_landscape(size_m, (size_m * 0.5, size_m * 0.5), rng)
    parcels = lay_parcels(landscape, target_ha * 1e4, rng)
    roads = lay_roads(landscape, rng)
    field = survey(parcels, "landuse", field_points, rng)
    imagery = render(parcels, roads, size_px, rng)

    def placed(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return layer.set_geometry(layer.geometry.translate(*corner)).set_crs(crs)

    transform = from_origin(corner[0], corner[1] + size_m, PIXEL_M, PIXEL_M)
    return Countryside(imagery, BANDS, transform, crs, placed(parcels), placed(roads), placed(field))
