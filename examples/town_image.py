"""How the synthetic town looks from the air: red, green and blue at 0.3 m.

Painted from the ground up: covers, streets, cars, roofs, trees; then the sun casts one shadow from all their heights,
and a camera blurs, adds noise and compresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy import ndimage as ndi
from scipy.fft import dctn, idctn
from texture import layered_noise, smooth_noise
from town_plan import PAVEMENT_M, WIDTH_M, Building, Plan, Roof, Tree, Wing

Colour = tuple[float, float, float]
BANDS = ("red", "green", "blue")
PIXEL_M = 0.3

# Colours of ground covers (main colour, colour of its patches, roughness) and of roofs: reflected light in 0..1.
COVERS = {
    "garden": ((0.25, 0.31, 0.17), (0.38, 0.34, 0.23), 0.050),
    "lawn": ((0.29, 0.35, 0.20), (0.37, 0.38, 0.24), 0.025),
    "dry grass": ((0.44, 0.40, 0.26), (0.36, 0.37, 0.22), 0.040),
    "bare soil": ((0.47, 0.38, 0.28), (0.40, 0.34, 0.25), 0.035),
    "red soil": ((0.50, 0.31, 0.22), (0.45, 0.29, 0.20), 0.035),
    "gravel": ((0.47, 0.46, 0.43), (0.41, 0.40, 0.37), 0.045),
    "concrete": ((0.56, 0.55, 0.52), (0.49, 0.48, 0.46), 0.020),
    "slab": ((0.60, 0.58, 0.54), (0.50, 0.49, 0.47), 0.018),
    "asphalt": ((0.33, 0.33, 0.34), (0.39, 0.39, 0.39), 0.018),
    "rubble": ((0.46, 0.40, 0.35), (0.55, 0.50, 0.45), 0.090),
    "container": ((0.42, 0.26, 0.19), (0.25, 0.35, 0.45), 0.030),
    "court": ((0.24, 0.40, 0.33), (0.26, 0.42, 0.35), 0.012),
    "red court": ((0.52, 0.29, 0.22), (0.50, 0.28, 0.21), 0.012),
    "water": ((0.14, 0.21, 0.22), (0.18, 0.25, 0.25), 0.008),
}
ROOFS = {
    "red tile": (0.55, 0.31, 0.23),
    "dark tile": (0.32, 0.27, 0.25),
    "grey slate": (0.38, 0.39, 0.41),
    "metal": (0.60, 0.62, 0.64),
    "blue metal": (0.34, 0.45, 0.60),
    "rust": (0.47, 0.32, 0.23),
    "concrete": (0.54, 0.53, 0.50),
    "dark membrane": (0.28, 0.28, 0.29),
    "white membrane": (0.80, 0.80, 0.78),
}


@dataclass(frozen=True)
class Look:
    """What a picture of a plan depends on besides the plan: size of a pixel, sun (degrees; from the south-east
    quadrant), colours, the light left in a shadow by band, the camera's blur (pixels), noise and coarseness of its
    codec (0: none).
    """

    pixel_m: float = PIXEL_M
    sun_azimuth: float = 148.0
    sun_elevation: float = 41.0
    covers: Mapping[str, tuple[Colour, Colour, float]] = field(default_factory=lambda: COVERS)
    roofs: Mapping[str, Colour] = field(default_factory=lambda: ROOFS)
    shade: Colour = (0.34, 0.38, 0.46)
    blur_px: float = 0.75
    noise: float = 0.012
    codec: float = 0.05
    haze: float = 0.03
    gain: Colour = (1.12, 1.12, 1.12)

    @property
    def sun(self) -> np.ndarray:
        """Towards the sun, as east and north."""
        azimuth = np.radians(self.sun_azimuth)
        return np.array([np.sin(azimuth), np.cos(azimuth)])

    @property
    def sun_slope(self) -> float:
        """How far the sun rises over a metre of ground."""
        return float(np.tan(np.radians(self.sun_elevation)))


CARS = np.array([(0.85, 0.85, 0.85), (0.15, 0.15, 0.16), (0.45, 0.46, 0.48), (0.55, 0.12, 0.10), (0.15, 0.22, 0.45)])


class Canvas:
    """Colour (rows, columns, 3) and height in metres (rows, columns) of a square of ground."""

    def __init__(self, size_px: int, rng: np.random.Generator, look: Look) -> None:
        self.rng, self.look = rng, look
        self.shape = (size_px, size_px)
        self.transform = from_origin(0, size_px * look.pixel_m, look.pixel_m, look.pixel_m)
        self.height_m = np.zeros(self.shape, np.float32)
        self.patchy = np.clip(0.5 + 0.45 * layered_noise(self.shape, (60, 22, 8), rng), 0, 1)
        self.rough = layered_noise(self.shape, (1, 2, 4), rng)
        main, other, roughness = look.covers["garden"]
        self.colour = self.cover_colour(slice(None), np.array(main), np.array(other), roughness).astype(np.float32)

    def cover_colour(self, where: object, main: np.ndarray, other: np.ndarray, roughness: float) -> np.ndarray:
        """Colours of a cover at the chosen pixels: two tones in patches, and roughness."""
        patchy, rough = self.patchy[where][..., None], self.rough[where][..., None]
        return main + (other - main) * patchy + roughness * rough

    def mask(self, shapes: Iterable[shapely.Geometry]) -> np.ndarray:
        """Which pixels' middles lie in any of the shapes: (rows, columns) of bool."""
        shapes = [(s, 1) for s in shapes if not s.is_empty]
        if not shapes:
            return np.zeros(self.shape, bool)
        return rasterize(shapes, self.shape, transform=self.transform, dtype="uint8").astype(bool)

    def window(self, bounds: tuple[float, float, float, float]) -> tuple[slice, slice] | None:
        """Rows and columns that bounds in metres touch; None if they lie outside."""
        x0, y0, x1, y1 = np.array(bounds) / self.look.pixel_m
        rows = slice(max(int(self.shape[0] - y1) - 1, 0), min(int(self.shape[0] - y0) + 2, self.shape[0]))
        columns = slice(max(int(x0) - 1, 0), min(int(x1) + 2, self.shape[1]))
        return (rows, columns) if rows.stop > rows.start and columns.stop > columns.start else None

    def metres(self, window: tuple[slice, slice]) -> tuple[np.ndarray, np.ndarray]:
        """x and y of a window's pixel middles, metres from the lower left."""
        rows, columns = np.mgrid[window]
        pixel_m = self.look.pixel_m
        return (columns + 0.5) * pixel_m, (self.shape[0] - rows - 0.5) * pixel_m

    def inside(self, shape: shapely.Geometry, window: tuple[slice, slice]) -> np.ndarray:
        """Which of a window's pixels lie in the shape."""
        local = self.transform @ self.transform.translation(window[1].start, window[0].start)
        size = (window[0].stop - window[0].start, window[1].stop - window[1].start)
        return rasterize([(shape, 1)], size, transform=local, dtype="uint8").astype(bool)


def render(plan: Plan, size_px: int, rng: np.random.Generator, look: Look | None = None) -> np.ndarray:
    """The picture of a plan: (3, rows, columns) uint8, never 0."""
    look = look or Look()
    canvas = Canvas(size_px, rng, look)
    paint_ground(canvas, plan)
    paint_streets(canvas, plan)
    paint_cars(canvas, plan)
    for building in plan.buildings:
        paint_building(canvas, building)
    for tree in sorted(plan.trees, key=lambda t: t.height_m):
        paint_tree(canvas, tree)
    shade = cast_shadow(canvas.height_m, look)[..., None]
    colour = canvas.colour * (1 - shade * (1 - np.array(look.shade, np.float32)))
    return through_camera(colour, rng, look)


def paint_ground(canvas: Canvas, plan: Plan) -> None:
    """Covers in the order in which they were laid, each with a tint of its own."""
    rng = canvas.rng
    for patch in plan.patches:
        window = None if patch.polygon.is_empty else canvas.window(patch.polygon.bounds)
        if window is None:
            continue
        inside = canvas.inside(patch.polygon, window)
        main, other, roughness = canvas.look.covers[patch.cover]
        tint = rng.normal(1, 0.07) * rng.normal(1, 0.02, 3)
        colour = canvas.cover_colour(window, np.array(main) * tint, np.array(other) * tint, roughness)
        canvas.colour[window][inside] = colour[inside]
        if patch.cover in ("rubble", "container"):
            canvas.height_m[window][inside] = rng.uniform(0.8, 2.6)


def paint_streets(canvas: Canvas, plan: Plan) -> None:
    """Pavements, carriageways with wear, and the markings of the through streets."""
    rng = canvas.rng
    pavement = canvas.mask(line.buffer(WIDTH_M[kind] / 2 + PAVEMENT_M) for kind, line in plan.streets)
    flags, worn = np.array([0.50, 0.48, 0.45]), np.array([0.44, 0.43, 0.40])
    canvas.colour[pavement] = canvas.cover_colour(pavement, flags, worn, 0.025)
    for kind in ("service", "residential", "secondary"):
        for line in (s for k, s in plan.streets if k == kind):
            carriageway = line.buffer(WIDTH_M[kind] / 2)
            window = canvas.window(carriageway.bounds)
            if window is None:
                continue
            inside = canvas.inside(carriageway, window)
            unpaved = kind == "service" and rng.random() < 0.35
            main, other, roughness = canvas.look.covers["bare soil" if unpaved else "asphalt"]
            tint = rng.normal(1.0, 0.08)
            colour = canvas.cover_colour(window, np.array(main) * tint, np.array(other) * tint, roughness)
            canvas.colour[window][inside] = colour[inside]
    dashes = []
    for _, line in ((k, s) for k, s in plan.streets if k == "secondary"):
        dashes += [shapely.ops.substring(line, a, a + 3).buffer(0.17) for a in np.arange(0, line.length - 3, 7.5)]
    canvas.colour[canvas.mask(dashes)] = 0.72


def paint_cars(canvas: Canvas, plan: Plan) -> None:
    """Cars with their darker windows."""
    rng = canvas.rng
    for car in plan.cars:
        window = canvas.window(car.polygon.bounds)
        if window is None:
            continue
        colour = CARS[rng.integers(len(CARS))] * rng.uniform(0.85, 1.1)
        inside = canvas.inside(car.polygon, window)
        canvas.colour[window][inside] = colour
        canvas.height_m[window][inside] = 1.3
        for along in (-0.28, 0.18):
            glass = canvas.inside(car.at(car.length * along, 0, 0.7, car.width * 0.8).polygon, window)
            canvas.colour[window][glass] = 0.14


def paint_building(canvas: Canvas, building: Building) -> None:
    """A building's roofs, lit by their slope, with courses, stains, rust and what stands on flat roofs."""
    rng = canvas.rng
    window = canvas.window(building.outline.buffer(0.6).bounds)
    if window is None:
        return
    x, y = canvas.metres(window)
    base = np.array(canvas.look.roofs[building.material]) * rng.normal(1, 0.10) * rng.normal(1, 0.035, 3)
    stain = 0.05 * smooth_noise(x.shape, 9, rng) + 0.025 * smooth_noise(x.shape, 2.5, rng)
    pitch = 0.0 if building.roof == "flat" else np.radians(rng.uniform(14, 38))
    painted = np.zeros(x.shape, bool)
    for wing in building.wings:
        inside = canvas.inside(wing.polygon, window) & ~painted
        painted |= inside
        c, s = np.cos(wing.direction), np.sin(wing.direction)
        along, across = (x - wing.x) * c + (y - wing.y) * s, (y - wing.y) * c - (x - wing.x) * s
        light, rise = roof_light(along, across, wing, pitch, building.roof, canvas.look)
        light = light * (1 + stain)
        if building.material in ("metal", "rust", "blue metal"):
            light = light * (1 + 0.05 * np.sign(np.sin(2 * np.pi * along / 1.1)))
        elif "tile" in building.material:
            light = light * (1 + 0.03 * np.sin(2 * np.pi * across / 0.9))
        colour = light[..., None] * base
        if building.material == "rust":
            worn = np.clip(0.5 + 0.6 * smooth_noise(x.shape, 12, rng), 0, 1)[..., None]
            colour = colour * worn + (1 - worn) * light[..., None] * np.array([0.55, 0.52, 0.49])
        canvas.colour[window][inside] = colour[inside]
        canvas.height_m[window][inside] = building.eaves_m + rise[inside]
    if building.roof == "flat":
        furnish_flat_roof(canvas, building, window, base)


def roof_light(
    along: np.ndarray, across: np.ndarray, wing: Wing, pitch: float, roof: Roof, look: Look
) -> tuple[np.ndarray, np.ndarray]:
    """Light on a wing's slopes relative to flat ground, and their rise in metres above the eaves.

    ``along`` and ``across`` are a pixel's metres from the wing's middle in its own directions.
    """
    c, s, length, width = np.cos(wing.direction), np.sin(wing.direction), wing.length, wing.width
    if roof == "flat":
        return np.ones_like(along), np.zeros_like(along)
    side = np.sign(across)
    slope_x, slope_y = -s * side, c * side
    rise = (width / 2 - np.abs(across)) * np.tan(pitch)
    if roof == "hip":
        end = length / 2 - np.abs(along) < width / 2 - np.abs(across)
        slope_x = np.where(end, c * np.sign(along), slope_x)
        slope_y = np.where(end, s * np.sign(along), slope_y)
        rise = np.where(end, (length / 2 - np.abs(along)) * np.tan(pitch), rise)
    facing = slope_x * look.sun[0] + slope_y * look.sun[1]
    direct = np.sin(pitch) * facing / look.sun_slope + np.cos(pitch)
    return 0.4 + 0.6 * np.clip(direct, 0, 1.6), np.clip(rise, 0, None)


def furnish_flat_roof(canvas: Canvas, building: Building, window: tuple[slice, slice], base: np.ndarray) -> None:
    """A parapet, and tanks, hatches or machines."""
    rng = canvas.rng
    rim = canvas.inside(building.outline.difference(building.outline.buffer(-0.45)), window)
    canvas.colour[window][rim] = base * rng.choice([0.8, 1.15])
    canvas.height_m[window][rim] += 0.5
    room = building.outline.buffer(-1.6)
    if room.is_empty or rng.random() < 0.25:
        return
    for _ in range(1 + rng.poisson(building.outline.area / 160)):
        x0, y0, x1, y1 = room.bounds
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        if shapely.contains_xy(room, x, y):
            half = rng.uniform(0.4, 1.4, 2)
            box = canvas.inside(shapely.box(x - half[0], y - half[1], x + half[0], y + half[1]), window)
            canvas.colour[window][box] = rng.uniform(0.15, 0.85) * np.array([1, 1, 1.02])
            canvas.height_m[window][box] += rng.uniform(0.6, 2.2)


def paint_tree(canvas: Canvas, tree: Tree) -> None:
    """A crown: an uneven dome, lit from the sun's side, over whatever it hangs above."""
    rng = canvas.rng
    r, sun = tree.radius_m, canvas.look.sun
    window = canvas.window((tree.x - 1.3 * r, tree.y - 1.3 * r, tree.x + 1.3 * r, tree.y + 1.3 * r))
    if window is None:
        return
    x, y = canvas.metres(window)
    dx, dy = x - tree.x, y - tree.y
    angle = np.arctan2(dy, dx)
    lobes = 1 + sum(rng.normal(0, 0.10) * np.cos(k * angle + rng.uniform(0, 6.3)) for k in (2, 3, 5, 7))
    distance = np.hypot(dx, dy) / (r * lobes)
    rows, columns = window
    leaves = canvas.rough[rows, columns]
    inside = distance + 0.10 * leaves < 1
    dome = np.sqrt(np.clip(1 - distance**2, 0, 1))
    light = 0.62 + 0.30 * dome + 0.34 * (dx * sun[0] + dy * sun[1]) / r + 0.13 * leaves
    hue = np.array([rng.normal(1, 0.16), 1, rng.normal(1, 0.1)])
    green = np.array([0.20, 0.29, 0.14]) * rng.normal(1, 0.13) * hue
    canvas.colour[window][inside] = (np.clip(light, 0.25, 1.5)[..., None] * green)[inside]
    crown = tree.height_m * (0.55 + 0.45 * dome)
    canvas.height_m[window] = np.where(inside, np.maximum(canvas.height_m[window], crown), canvas.height_m[window])


def cast_shadow(height_m: np.ndarray, look: Look) -> np.ndarray:
    """How much of the direct sun each pixel lacks, 0..1: something between it and the sun stands higher."""
    reach_px = int(np.ceil(height_m.max() / look.sun_slope / look.pixel_m))
    shade = np.zeros(height_m.shape, bool)
    rows, columns = height_m.shape
    for step in range(1, reach_px + 1):
        down, right = round(-look.sun[1] * step), round(look.sun[0] * step)
        here = (slice(0, rows - down), slice(0, columns - right))
        blocker = height_m[down:, right:] - step * look.pixel_m * look.sun_slope
        shade[here] |= blocker > height_m[here] + 0.15
    return ndi.gaussian_filter(shade.astype(np.float32), 0.7)


def through_camera(colour: np.ndarray, rng: np.random.Generator, look: Look) -> np.ndarray:
    """Uneven light, haze, blur, noise and compression: (rows, columns, 3) in 0..1 to (3, rows, columns) uint8."""
    shape = colour.shape[:2]
    light = 1 + 0.03 * smooth_noise(shape, max(shape) / 3, rng)
    colour = look.haze + np.array(look.gain, np.float32) * colour * light[..., None]
    seen = np.stack([ndi.gaussian_filter(colour[..., k], look.blur_px) for k in range(3)])
    seen = seen + rng.normal(0, look.noise, seen.shape) + look.noise * 2 / 3 * rng.normal(size=shape)
    return np.clip(np.round(255 * (compress(seen, look.codec) if look.codec else seen)), 1, 255).astype(np.uint8)


def compress(image: np.ndarray, step: float) -> np.ndarray:
    """What a lossy codec leaves of (3, rows, columns): cosine terms of 8 × 8 blocks, coarser the finer they are."""
    bands, rows, columns = image.shape
    padded = np.pad(image, ((0, 0), (0, -rows % 8), (0, -columns % 8)), mode="edge")
    blocks = padded.reshape(bands, padded.shape[1] // 8, 8, padded.shape[2] // 8, 8).swapaxes(2, 3)
    mean = blocks.mean(axis=0, keepdims=True)
    steps = step * (1 + 0.5 * np.add.outer(np.arange(8), np.arange(8)))
    luma = dctn(mean, axes=(-2, -1), norm="ortho")
    chroma = dctn(blocks - mean, axes=(-2, -1), norm="ortho")
    luma, chroma = np.round(luma / steps) * steps, np.round(chroma / (1.5 * steps)) * 1.5 * steps
    blocks = idctn(luma, axes=(-2, -1), norm="ortho") + idctn(chroma, axes=(-2, -1), norm="ortho")
    return blocks.swapaxes(2, 3).reshape(padded.shape)[:, :rows, :columns]
