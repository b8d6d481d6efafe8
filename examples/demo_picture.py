"""A picture of one area's loop: imagery, map layer, fused map, flags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import matplotlib
import numpy as np
import pyogrio
import rasterio
from demo_areas import Area
from demo_figures import SHOWN_FROM
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

LONGEST_PX = 1100
FUSED = "fused: "  # how the probability raster names the bands of the fused map
CLASS_COLOURS = {
    "farm": "#e8d27a", "meadow": "#b5d67c", "grass": "#86c26b", "forest": "#2f7a3d", "scrub": "#8a9a4b",
    "wetland": "#6fb7a8", "water": "#3f7fc1", "residential": "#c9776b", "building": "#c8503c", "background": "#e9e6df",
    "other": "#e9e6df",
}
KIND_COLOURS = {
    "missing": "#ffd400", "obsolete": "#ff3b30", "shifted": "#34c7ff", "reshaped": "#ff8c1a", "wrong_class": "#ff2fd0",
    "duplicate": "#b07bff", "field_conflict": "#ffffff", "wrong_value": "#00d6a3", "common_shift": "#d8f26e",
    "invalid": "#ffb3c7", "outdated": "#d9a441",
}
UNKNOWN_COLOURS = ("#7f7f7f", "#bcbd22", "#17becf", "#8c564b")
Extent = tuple[float, float, float, float]


def draw(area: Area, probability: Path, ledger: Path, path: Path) -> None:
    """Write the picture (PNG) of an area's loop."""
    crs, extent, colour = read_imagery(area.imagery)
    layer = pyogrio.read_dataframe(area.map).to_crs(crs)
    flags = pyogrio.read_dataframe(ledger, layer="review", where=f"probability >= {SHOWN_FROM}")
    flags = flags.set_crs(flags.crs or crs).to_crs(crs)
    if "round" in flags and len(flags):
        flags = flags[flags["round"] == flags["round"].max()]
    tall = (extent[3] - extent[2]) / (extent[1] - extent[0])
    figure, axes = plt.subplots(2, 2, figsize=(14, 13.7 * tall + 1), constrained_layout=True)
    for axis, title in zip(axes.flat, ("imagery", "map layer, as given", "fused map", "flags"), strict=True):
        axis.imshow(colour, extent=extent, interpolation="nearest")
        axis.set(title=title, xticks=[], yticks=[])
    draw_map(axes[0, 1], layer, area.class_field)
    draw_fused(axes[1, 0], probability, crs)
    draw_flags(axes[1, 1], flags)
    for axis in axes.flat:
        axis.set(xlim=extent[:2], ylim=extent[2:], xlabel="", ylabel="")
    line = "; ".join(s for s in (area.attribution, area.note) if s)
    figure.suptitle(f"GeoLoop, {area.name}", fontsize=14)
    figure.supxlabel(line, fontsize=8)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def read_imagery(paths: Sequence[Path]) -> tuple[rasterio.crs.CRS, Extent, np.ndarray]:
    """CRS, extent (left, right, bottom, top) and colours (rows, columns, 3) in 0..1; nodata is white."""
    bands = find_colour_bands(paths)
    layers, seen = [], True
    for path, index in bands:
        with rasterio.open(path) as raster:
            if not layers:
                scale = min(1.0, LONGEST_PX / max(raster.shape))
                shape = tuple(max(1, round(n * scale)) for n in raster.shape)
                crs, b = raster.crs, raster.bounds
            layers.append(raster.read(index, out_shape=shape, resampling=Resampling.average))
            seen = seen & (raster.dataset_mask(out_shape=shape) > 0)
    return crs, (b.left, b.right, b.bottom, b.top), np.dstack([stretch(layer, seen) for layer in layers])


def stretch(layer: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """A band as brightness in 0..1: bytes as they are, others from dark to bright ground; unseen is white."""
    if layer.dtype == np.uint8:
        return np.where(seen, layer / 255, 1.0)
    low, high = np.percentile(layer[seen], (1, 96))
    return np.where(seen, np.clip((layer - low) / max(high - low, 1e-9), 0, 1) ** 0.75, 1.0)


def find_colour_bands(paths: Sequence[Path]) -> list[tuple[Path, int]]:
    """Path and band number of red, green and blue: by band or file name, else the first three bands."""
    named: dict[str, tuple[Path, int]] = {}
    for path in paths:
        with rasterio.open(path) as raster:
            for index, description in enumerate(raster.descriptions, start=1):
                in_name = re.search(r"B\d\w(?=\.\w+$)", path.name)
                named[description or (in_name.group() if in_name else f"{path}:{index}")] = (path, index)
    for names in (("B04", "B03", "B02"), ("red", "green", "blue")):
        if all(name in named for name in names):
            return [named[name] for name in names]
    return [(paths[0], index) for index in (1, 2, 3)]


def colour_of(name: str, known: dict[str, str], position: int) -> str:
    return known.get(name, UNKNOWN_COLOURS[position % len(UNKNOWN_COLOURS)])


def draw_map(axis: Axes, layer: gpd.GeoDataFrame, class_field: str) -> None:
    """The map layer over the imagery: filled by class, or outlines where there is but one class."""
    if not class_field:
        layer.boundary.plot(ax=axis, color=CLASS_COLOURS["building"], linewidth=0.9)
        axis.legend(handles=[Line2D([], [], color=CLASS_COLOURS["building"], label="building")], loc="upper right")
        return
    names = sorted(layer[class_field].dropna().unique())
    colours = {name: colour_of(name, CLASS_COLOURS, i) for i, name in enumerate(names)}
    layer = layer[layer[class_field].notna()]
    layer.plot(ax=axis, color=layer[class_field].map(colours).to_numpy(), edgecolor="#333333", linewidth=0.2)
    axis.legend(handles=[Patch(color=c, label=n) for n, c in colours.items()], loc="upper right", fontsize=8)


def draw_fused(axis: Axes, probability: Path, crs: rasterio.crs.CRS) -> None:
    """The most probable class of each pixel, paler the less probable."""
    with rasterio.open(probability) as raster, WarpedVRT(raster, crs=crs) as warped:
        names = [d.removeprefix(FUSED) for d in raster.descriptions if d and d.startswith(FUSED)]
        bands = [i for i, d in enumerate(raster.descriptions, start=1) if d and d.startswith(FUSED)]
        scale = min(1.0, LONGEST_PX / max(warped.shape))
        shape = tuple(max(1, round(n * scale)) for n in warped.shape)
        values = warped.read(bands, out_shape=(len(bands), *shape)).astype(float)
        seen = warped.dataset_mask(out_shape=shape) > 0
        b = warped.bounds
    palette = np.array([to_rgb(colour_of(n, CLASS_COLOURS, i)) for i, n in enumerate(names)])
    values = np.where(np.isfinite(values), values, 0)
    top = values.argmax(axis=0)
    share = values.max(axis=0) / np.maximum(values.sum(axis=0), 1e-9)
    strength = (0.25 + 0.75 * share)[..., None]
    picture = np.where(seen[..., None], palette[top] * strength + (1 - strength), 1.0)
    axis.imshow(picture, extent=(b.left, b.right, b.bottom, b.top), interpolation="nearest")
    handles = [Patch(color=colour_of(n, CLASS_COLOURS, i), label=n) for i, n in enumerate(names)]
    axis.legend(handles=handles, loc="upper right", fontsize=8)


def draw_flags(axis: Axes, flags: gpd.GeoDataFrame) -> None:
    """Flags over the imagery, coloured by kind; points as rings."""
    handles = []
    for i, (kind, some) in enumerate(flags.groupby("kind")):
        colour = colour_of(kind, KIND_COLOURS, i)
        areas = some[some.geom_type.isin(["Polygon", "MultiPolygon"])]
        if len(areas):
            areas.boundary.plot(ax=axis, color="black", linewidth=2.0)
            areas.boundary.plot(ax=axis, color=colour, linewidth=1.2)
        points = some[some.geom_type == "Point"]
        axis.scatter(points.geometry.x, points.geometry.y, s=45, facecolors="none", edgecolors=colour, linewidths=1.6)
        handles.append(Patch(color=colour, label=f"{kind.replace('_', ' ')} ({len(some)})"))
    if handles:
        legend = axis.legend(handles=handles, loc="upper right", fontsize=9, facecolor="#777777", labelcolor="white")
        legend.set_title(f"probability ≥ {SHOWN_FROM}", {"size": 8})
        legend.get_title().set_color("white")
