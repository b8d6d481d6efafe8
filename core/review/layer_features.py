"""All features of a judged layer: as a run holds them, or read again where the ledger says. Runs in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..ledger.signature import key_text
from .audit import LayerFeatures

if TYPE_CHECKING:
    from ..ledger.queue import Box, JudgedLayer
    from ..sources.vectors import Features


def read_layer(layer: JudgedLayer, crs: str) -> LayerFeatures:
    """Read the keys and boxes (in ``crs``, a WKT) of a layer's features within the judged area.

    That is the round's extent, else the bounds of its imagery. Raises :class:`InputError` for a layer or imagery that
    is no longer there.
    """
    import pyogrio
    import pyproj
    import shapely
    from pyogrio.errors import DataLayerError, DataSourceError

    from ..jobs.inputs import FID_FIELD, VectorInput
    from ..sources.rows import read_rows

    path, _, rest = layer.uri.partition("|")
    table = next((part.removeprefix("layername=") for part in rest.split("|") if part.startswith("layername=")), None)
    try:
        info = pyogrio.read_info(path, layer=table)
        by_field = layer.key in set(info["fields"])
        file = VectorInput(path, where=layer.where or "", encoding=layer.encoding)
        _, fids, wkb, columns = read_rows(file, table, columns=[layer.key] if by_field else [], return_fids=True)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise InputError(f"The layer {layer.name!r} ({layer.uri}) cannot be read for the random audit ({error}); put "
                         "it back, or run geoloop:queue in QGIS with LAYERS.") from error
    if layer.key and not by_field and layer.key not in (info["fid_column"], FID_FIELD):
        raise InputError(f"The layer {layer.name!r} ({layer.uri}) has no field {layer.key!r} any more, which "
                         "identified its features; put it back, or flag the layer again.")
    box = shapely.bounds(shapely.from_wkb(wkb, on_invalid="ignore"))
    if layer.operation:
        run = pyproj.Transformer.from_pipeline(layer.operation)
    else:
        run = pyproj.Transformer.from_crs(layer.crs or info["crs"], crs, always_xy=True)
    here = _moved(box, run)
    area = layer.extent or _imagery_bounds(layer, crs)
    with np.errstate(invalid="ignore"):
        inside = (here[:, 2:] >= area[:2]).all(axis=1) & (here[:, :2] <= area[2:]).all(axis=1)
    keys = np.array([key_text(value) for value in np.asarray(columns[0] if by_field else fids).tolist()], object)
    inside &= keys != ""
    return LayerFeatures(layer.name, tuple(keys[inside].tolist()), tuple(map(tuple, here[inside].tolist())))


def features_within(features: Features, bounds: Box) -> LayerFeatures:
    """The keys and boxes of a run's own features that lie within ``bounds``, all in the grid's CRS; those without a key
    are left out, as a decision could not name them.
    """
    import shapely

    box = shapely.bounds(features.geometries)
    inside = (box[:, :2] >= bounds[:2]).all(axis=1) & (box[:, 2:] <= bounds[2:]).all(axis=1) & ~features.keyless
    return LayerFeatures(features.name, tuple(map(str, features.keys[inside])), tuple(map(tuple, box[inside].tolist())))


def _moved(box: np.ndarray, run: Any) -> np.ndarray:
    """The boxes of the four corners of boxes (n, 4), brought into another CRS."""
    corners = box[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    x, y = run.transform(corners[..., 0].ravel(), corners[..., 1].ravel())
    corners = np.stack([x, y], -1).reshape(-1, 4, 2)
    corners[~np.isfinite(corners)] = np.nan
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)


def _imagery_bounds(layer: JudgedLayer, crs: str) -> Box:
    """What all of the round's imagery has in common."""
    import rasterio
    from rasterio.errors import RasterioIOError
    from rasterio.warp import transform_bounds

    area = (-np.inf, -np.inf, np.inf, np.inf)
    for path, said in layer.imagery:
        try:
            with rasterio.open(path) as raster:
                if not said and raster.crs is None:
                    continue
                left, bottom, right, top = raster.bounds  # upside down where rows run northward
                one = transform_bounds(said or raster.crs, crs, left, min(bottom, top), right, max(bottom, top))
        except RasterioIOError as error:
            raise InputError(
                f"The imagery {path}, which bounds the random audit, cannot be read; put it back.") from error
        area = (*np.maximum(area[:2], one[:2]).tolist(), *np.minimum(area[2:], one[2:]).tolist())
    return area
