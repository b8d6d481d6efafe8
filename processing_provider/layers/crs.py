"""Whether a layer says where it is."""

from __future__ import annotations

from qgis.core import QgsMapLayer


def has_crs(layer: QgsMapLayer) -> bool:
    """Whether the layer has a coordinate reference system.

    A GeoPackage without one says «Undefined geographic SRS» or «Undefined Cartesian SRS» (its standard's numbers 0 and
    -1), which QGIS takes for valid.
    """
    return layer.crs().isValid() and not layer.crs().description().lower().startswith("undefined")
