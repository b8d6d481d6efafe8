"""How the synthetic countryside looks from a Sentinel-2-like sensor: ten bands at 10 m."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from affine import Affine
from rasterio.features import rasterize
from rasterio.transform import from_origin
from scipy import ndimage as ndi
from texture import layered_noise, smooth_noise

BANDS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
AT_20_M = ("B05", "B06", "B07", "B8A", "B11", "B12")
NODATA = 0

# Reflectance of pure surfaces in the order of BANDS: round figures of the shape that such surfaces are known for.
SURFACES = {
    "pale soil": (0.085, 0.115, 0.155, 0.185, 0.205, 0.220, 0.240, 0.260, 0.330, 0.280),
    "dark soil": (0.050, 0.065, 0.085, 0.100, 0.115, 0.125, 0.140, 0.150, 0.205, 0.175),
    "crop": (0.028, 0.062, 0.034, 0.100, 0.310, 0.390, 0.420, 0.440, 0.210, 0.100),
    "sward": (0.034, 0.074, 0.048, 0.115, 0.270, 0.325, 0.355, 0.375, 0.230, 0.130),
    "straw": (0.060, 0.090, 0.110, 0.150, 0.195, 0.220, 0.250, 0.270, 0.300, 0.215),
    "broadleaf": (0.022, 0.046, 0.027, 0.078, 0.245, 0.310, 0.340, 0.360, 0.165, 0.078),
    "conifer": (0.018, 0.032, 0.022, 0.050, 0.140, 0.170, 0.190, 0.200, 0.092, 0.044),
    "shrub": (0.029, 0.054, 0.043, 0.093, 0.210, 0.255, 0.280, 0.295, 0.195, 0.105),
    "reed": (0.035, 0.055, 0.050, 0.090, 0.180, 0.215, 0.235, 0.245, 0.145, 0.075),
    "open water": (0.052, 0.046, 0.030, 0.025, 0.020, 0.018, 0.016, 0.014, 0.009, 0.006),
    "roof": (0.120, 0.140, 0.160, 0.170, 0.180, 0.190, 0.200, 0.210, 0.240, 0.220),
    "asphalt": (0.080, 0.090, 0.095, 0.100, 0.105, 0.110, 0.115, 0.120, 0.140, 0.130),
}

# What parcels of a class are made of, in shares of surfaces. One of a class's faces is drawn for each parcel (weight
# first): fields stand at different stages, meadows are mown or not, plantations are young or old.
FACES: dict[str, tuple[tuple[float, dict[str, float]], ...]] = {
    "farm": (
        (0.24, {"pale soil": 5, "dark soil": 4, "straw": 1}),
        (0.20, {"crop": 5, "pale soil": 3, "dark soil": 2}),
        (0.24, {"crop": 8, "sward": 2}),
        (0.16, {"straw": 7, "pale soil": 2, "sward": 1}),
        (0.16, {"sward": 7, "straw": 2, "crop": 2}),
    ),
    "meadow": (
        (0.60, {"sward": 7, "straw": 2, "crop": 1}),
        (0.22, {"straw": 4, "sward": 4, "pale soil": 1}),
        (0.18, {"sward": 5, "reed": 3, "shrub": 1}),
    ),
    "grass": (
        (0.65, {"sward": 7, "straw": 2, "shrub": 1}),
        (0.20, {"sward": 4, "shrub": 2, "broadleaf": 2}),
        (0.15, {"straw": 4, "sward": 3, "pale soil": 2}),
    ),
    "forest": (
        (0.40, {"broadleaf": 8, "shrub": 1}),
        (0.36, {"conifer": 7, "broadleaf": 2}),
        (0.24, {"shrub": 5, "broadleaf": 3, "sward": 1}),
    ),
    "scrub": (
        (0.50, {"shrub": 5, "sward": 2, "broadleaf": 2}),
        (0.25, {"shrub": 3, "broadleaf": 5, "conifer": 1}),
        (0.25, {"sward": 5, "shrub": 3, "straw": 1}),
    ),
    "wetland": (
        (0.60, {"reed": 6, "open water": 1, "shrub": 2}),
        (0.40, {"sward": 4, "reed": 3, "shrub": 2}),
    ),
    "water": (
        (0.80, {"open water": 10}),
        (0.20, {"open water": 6, "reed": 2}),
    ),
    "residential": (
        (0.60, {"roof": 3, "asphalt": 2, "sward": 3, "broadleaf": 2}),
        (0.40, {"roof": 1.5, "asphalt": 1, "sward": 4, "broadleaf": 3, "pale soil": 1}),
    ),
}
# How alike the parcels of one face are (a Dirichlet's concentration): lower is harder to tell apart.
LIKENESS = 9.0
# How uneven a class is within a parcel, as the standard deviation of the log of each surface's share.
UNEVENNESS = {"farm": 0.25, "meadow": 0.35, "grass": 0.45, "forest": 0.5, "scrub": 0.6, "wetland": 0.6, "water": 0.1,
              "residential": 0.9}
NOISE = 0.0035
HEDGE_SHARE = 0.25


def parcel_shares(classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shares of each surface in each parcel: (parcels, surfaces), rows sum to 1."""
    names = list(SURFACES)
    shares = np.zeros((len(classes), len(names)), np.float32)
    for i, use in enumerate(classes):
        weights = np.array([w for w, _ in FACES[use]])
        face = FACES[use][rng.choice(len(weights), p=weights / weights.sum())][1]
        parts = np.array(list(face.values()), float)
        shares[i, [names.index(n) for n in face]] = rng.dirichlet(parts / parts.sum() * LIKENESS)
    shares += 0.02
    return shares / shares.sum(axis=1, keepdims=True)


def render(
    parcels: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, size_px: int, rng: np.random.Generator
) -> np.ndarray:
    """Imagery of parcels (column ``landuse``) and roads, metres from the lower left: (10, rows, columns) uint16."""
    shape = (size_px, size_px)
    transform = from_origin(0, size_px * 10, 10, 10)
    which = rasterize(
        ((g, i + 1) for i, g in enumerate(parcels.geometry)), shape, transform=transform, dtype="int32"
    )
    gaps = which == 0
    which = which[tuple(ndi.distance_transform_edt(gaps, return_distances=False, return_indices=True))] - 1
    classes = parcels["landuse"].to_numpy()
    shares = parcel_shares(classes, rng)[which]
    unevenness = np.array([UNEVENNESS[c] for c in classes], np.float32)[which]
    for k in range(shares.shape[-1]):
        shares[..., k] *= np.exp(unevenness * layered_noise(shape, (1, 2.5, 9), rng))
    names = list(SURFACES)
    shares = add_lines(shares, parcels, roads, transform, names, rng)
    shares /= shares.sum(axis=-1, keepdims=True)
    spectra = np.array(list(SURFACES.values()), np.float32)
    reflectance = np.moveaxis(shares @ spectra, -1, 0)
    brightness = rng.normal(1, 0.07, len(classes)).astype(np.float32)[which] + 0.03 * smooth_noise(shape, 60, rng)
    moisture = rng.normal(1, 0.08, len(classes)).astype(np.float32)[which]
    reflectance *= brightness
    for band in ("B11", "B12"):
        reflectance[BANDS.index(band)] *= moisture
    reflectance = through_sensor(through_air(reflectance, rng), rng)
    imagery = np.clip(np.round(reflectance * 1e4), 1, 12_000).astype(np.uint16)
    rows, columns = np.mgrid[0:size_px, 0:size_px]
    imagery[:, (size_px - 1 - rows) + columns * 1.7 < size_px * 0.12] = NODATA
    return imagery


def add_lines(
    shares: np.ndarray, parcels: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, transform: Affine, names: list[str],
    rng: np.random.Generator,
) -> np.ndarray:
    """Roads and hedges, narrower than a pixel: they take part of the shares of the pixels they cross."""
    shape = shares.shape[:2]
    fine = transform @ transform.scale(1 / 4)
    fine_shape = (shape[0] * 4, shape[1] * 4)
    hedged = rng.random(len(parcels)) < HEDGE_SHARE
    layers = (
        ("broadleaf", parcels.geometry[hedged].boundary.buffer(3.5)),
        ("asphalt", roads.geometry.buffer(4.5)),
    )
    for surface, shapes in layers:
        if not len(shapes):
            continue
        cover = rasterize(((s, 1) for s in shapes), fine_shape, transform=fine, dtype="uint8")
        share = cover.reshape(shape[0], 4, shape[1], 4).mean(axis=(1, 3), dtype=np.float32)
        shares /= shares.sum(axis=-1, keepdims=True)
        shares *= (1 - share)[..., None]
        shares[..., names.index(surface)] += share
    return shares


def through_air(reflectance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Thin haze in patches, stronger at short wavelengths, and one cloud with its shadow."""
    shape = reflectance.shape[1:]
    scatter = np.array([1.0, 0.85, 0.72, 0.66, 0.60, 0.55, 0.50, 0.48, 0.25, 0.18], np.float32)[:, None, None]
    haze = 0.15 * np.clip(layered_noise(shape, (max(shape) / 3, max(shape) / 9, max(shape) / 25), rng) - 0.9, 0, 1.5)
    centre = rng.uniform(0.15, 0.85, 2) * shape
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    distance = np.hypot(rows - centre[0], (columns - centre[1]) / 1.6) / (max(shape) * 0.05)
    cloud = np.clip(1.4 - distance + 0.45 * layered_noise(shape, (40, 20, 9), rng), 0, 1)
    shade = ndi.shift(cloud, (-max(shape) * 0.06, -max(shape) * 0.045), order=1)
    reflectance = reflectance * (1 - 0.55 * ndi.gaussian_filter(shade, 1.5))
    reflectance = reflectance * (1 - haze * scatter) + 0.42 * haze * scatter
    return reflectance * (1 - cloud) + cloud * np.linspace(0.72, 0.38, len(BANDS), dtype=np.float32)[:, None, None]


def through_sensor(reflectance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light from neighbouring ground, the coarser grid of some bands, and noise."""
    shape = reflectance.shape[1:]
    seen = np.empty_like(reflectance)
    for i, band in enumerate(BANDS):
        layer = ndi.gaussian_filter(reflectance[i], 0.7) * 0.9 + ndi.gaussian_filter(reflectance[i], 4) * 0.1
        layer = layer + rng.normal(0, NOISE, shape) + rng.normal(0, 0.012, shape) * layer
        if band in AT_20_M:
            coarse = layer[: shape[0] // 2 * 2, : shape[1] // 2 * 2].reshape(shape[0] // 2, 2, shape[1] // 2, 2)
            zoomed = np.repeat(np.repeat(coarse.mean(axis=(1, 3)), 2, axis=0), 2, axis=1)
            layer = np.pad(zoomed, ((0, shape[0] % 2), (0, shape[1] % 2)), mode="edge")
        seen[i] = layer
    return seen
