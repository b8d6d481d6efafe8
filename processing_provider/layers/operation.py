"""How coordinates come from a layer to the grid: QGIS's own choice, handed to the engine word for word."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsDatumTransform,
)

from ...core.errors import InputError
from ..translation import tr

_BALLPARK = "ballpark"  # PROJ's own word for an operation that leaves the datums apart


def operation_to_grid(
    name: str, source: QgsCoordinateReferenceSystem, grid: QgsCoordinateReferenceSystem,
    transforms: QgsCoordinateTransformContext, allow_ballpark: bool,
) -> str:
    """Return the PROJ pipeline from ``source`` to ``grid``, in x, y order; empty where nothing is to be done.

    Raises :class:`InputError` naming the layer if there is no operation, or only a ballpark one that is not allowed.
    """
    transform = QgsCoordinateTransform(source, grid, transforms)
    if transform.isShortCircuited():
        return ""
    details = transform.instantiatedCoordinateOperationDetails() if transform.isValid() else None
    pipeline = transform.coordinateOperation() or (details.proj if details else "")
    if not pipeline or details is None:
        raise InputError(tr(
            "There is no transformation from the CRS of “{name}” ({source}) to the grid's ({grid}); reproject the "
            "layer with native:reprojectlayer."
        ).format(name=name, source=source.userFriendlyIdentifier(), grid=grid.userFriendlyIdentifier()))
    if _BALLPARK in details.name.lower() and not allow_ballpark:
        raise InputError(tr(
            "Only a ballpark transformation is known from the CRS of “{name}” ({source}) to the grid's ({grid}), which "
            "may be off by hundreds of metres; install its transformation grid, correct the CRS, or set ALLOW_BALLPARK."
        ).format(name=name, source=source.userFriendlyIdentifier(), grid=grid.userFriendlyIdentifier()))
    return _with_full_paths(pipeline, details)


def _with_full_paths(pipeline: str, details: QgsDatumTransform.TransformDetails) -> str:
    """Name transformation grids by their full path: the engine's PROJ does not know QGIS's folders."""
    for grid in details.grids:
        if grid.isAvailable and grid.fullName:
            for prefix in ("+grids=", ","):
                pipeline = pipeline.replace(f"{prefix}{grid.shortName}", f'{prefix}{_quoted(grid.fullName)}')
    return pipeline


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
