"""Imagery that is reviewed against must be seen: what GeoLoop wrote over it is switched off in the list of layers."""

from __future__ import annotations

import os
from collections.abc import Collection

from osgeo import gdal
from qgis.core import QgsProject, QgsRasterLayer


def uncover(project: QgsProject, imagery: Collection[str]) -> list[str]:
    """Untick GeoLoop's own rasters that lie over ``imagery`` (paths); return their names.

    What the user laid over it stays, and nothing happens where the project does not show the imagery.
    """
    root, seen = project.layerTreeRoot(), {os.path.realpath(path) for path in imagery}
    shown = [layer for layer in root.layerOrder()
             if isinstance(layer, QgsRasterLayer) and root.findLayer(layer) and root.findLayer(layer).isVisible()]
    below = [place for place, layer in enumerate(shown) if os.path.realpath(layer.source()) in seen]
    covering = [layer for layer in shown[:max(below, default=0)]
                if os.path.realpath(layer.source()) not in seen and _is_ours(layer)]
    for layer in covering:
        root.findLayer(layer).setItemVisibilityChecked(False)
    return [layer.name() for layer in covering]


def _is_ours(layer: QgsRasterLayer) -> bool:
    if layer.providerType() != "gdal":
        return False
    try:
        raster = gdal.Open(layer.source())
    except RuntimeError:
        raster = None  # GDAL says so in either way, as it was told: the file is gone since it was loaded
    return raster is not None and raster.GetMetadataItem("made_by") == "GeoLoop"
