"""A proposed geometry, brought from the ledger's grid into the layer that shall hold it."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsRectangle,
    QgsSpatialIndex,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...core.errors import InputError
from ...core.ledger import PlannedEdit
from ..translation import tr
from .columns import RefusalError
from .image import geometry_of

# From which overlap (area of the intersection by that of the union) two polygons are the same thing drawn twice, and
# up to which distance two points or lines are. Well under the shift that flagging would report as one.
SAME_OVERLAP = 0.9
SAME_DISTANCE_M = 0.5
# From which overlap, or up to which distance, a feature whose geometry has been edited is still at the place that was
# judged, so that what was found of its attributes holds.
PLACE_OVERLAP, PLACE_DISTANCE_M = 0.5, 5.0


class Placing:
    """Brings geometries from the grid's CRS into a layer's, by the operation that brought the layer to the grid."""

    def __init__(self, layer: QgsVectorLayer, crs_wkt: str, operation: str,
                 context: QgsCoordinateTransformContext) -> None:
        grid = QgsCoordinateReferenceSystem.fromWkt(crs_wkt)
        if not grid.isValid() or not layer.crs().isValid():
            raise InputError(
                tr("The layer {layer} or the ledger has no known CRS; assign one.").format(layer=layer.name())
            )
        self._layer, self._unfiltered = layer, _without_filter(layer)
        self._provider = self._unfiltered.dataProvider()
        self._new: list[QgsGeometry] = []
        self._new_index = QgsSpatialIndex()
        context = QgsCoordinateTransformContext(context)
        if operation and not context.addCoordinateOperation(layer.crs(), grid, operation, False):
            raise InputError(
                tr("The coordinate operation of the ledger does not fit the layer {layer}: {operation}").format(
                    layer=layer.name(), operation=operation
                )
            )
        self._to_grid = QgsCoordinateTransform(layer.crs(), grid, context)
        self._to_grid.setAllowFallbackTransforms(False)
        if not self._to_grid.isValid() or (not operation and self._is_ballpark()):
            raise InputError(tr("No exact coordinate operation leads from {grid} to the CRS of {layer}; install the "
                                "transformation grid that QGIS asks for, or use a layer in the ledger's CRS.").format(
                grid=grid.userFriendlyIdentifier(), layer=layer.name()))

    def place(self, edit: PlannedEdit, current: QgsGeometry | None = None) -> QgsGeometry:
        """Return the edit's proposal as the layer holds it: its CRS, single or multi part, heights and measures where
        it has them.

        These are those of ``current`` where given. Raises :class:`RefusalError` for a geometry that the layer cannot
        hold.
        """
        if edit.proposal is None:
            raise RefusalError(tr("the discrepancy proposes no geometry"))
        geometry = geometry_of(edit.proposal)
        if not geometry.isGeosValid():
            raise RefusalError(tr("the proposed geometry is invalid: {why}").format(why=geometry.lastError()))
        try:
            geometry.transform(self._to_grid, Qgis.TransformDirection.Reverse)
        except QgsCsException as error:
            raise RefusalError(tr("the proposed geometry cannot be brought into the layer's CRS: {why}").format(
                why=error)) from error
        wanted = self._layer.wkbType()
        fitting = geometry.coerceToType(wanted)
        if len(fitting) != 1 or QgsWkbTypes.geometryType(wanted) != geometry.type():
            raise RefusalError(tr("the layer holds {wanted}, the proposal is {given}").format(
                wanted=QgsWkbTypes.displayString(wanted), given=QgsWkbTypes.displayString(geometry.wkbType())))
        placed = fitting[0]
        if current is not None and (QgsWkbTypes.hasZ(wanted) or QgsWkbTypes.hasM(wanted)):
            placed = _with_heights_of(current, placed)
        if not placed.isGeosValid():
            raise RefusalError(
                tr("the proposed geometry is invalid in the layer's CRS: {why}").format(why=placed.lastError())
            )
        return placed

    def twin(self, placed: QgsGeometry) -> str:
        """Return which feature (almost) has this geometry already, in words; empty if none has.

        Asks the provider, without the layer's filter, and what :meth:`remember` was told: a layer in edit mode copies
        its whole buffer for every question. Distances are the grid's.
        """
        on_grid = self._on_grid(placed)
        reach = QgsRectangle(on_grid.boundingBox())
        reach.grow(SAME_DISTANCE_M)
        if any(_same(on_grid, self._new[number], SAME_OVERLAP, SAME_DISTANCE_M)
               for number in self._new_index.intersects(reach)):
            return tr("added by this push")
        around = QgsGeometry.fromRect(reach)
        around.transform(self._to_grid, Qgis.TransformDirection.Reverse)
        request = QgsFeatureRequest(around.boundingBox()).setNoAttributes()
        for feature in self._provider.getFeatures(request):
            if feature.hasGeometry() and _same(
                    on_grid, self._on_grid(feature.geometry()), SAME_OVERLAP, SAME_DISTANCE_M):
                return self._name(feature)
        return ""

    def _name(self, feature: QgsFeature) -> str:
        around = QgsFeatureRequest(feature.geometry().boundingBox()).setNoAttributes()
        if self._unfiltered is self._layer or any(  # ids of a database may be numbers of one opening of the layer
                one.geometry().equals(feature.geometry()) for one in self._layer.dataProvider().getFeatures(around)):
            return tr("id {fid}").format(fid=feature.id())
        return tr("id {fid}, which the filter hides").format(fid=feature.id())

    def is_about(self, before: bytes | None, standing: QgsGeometry) -> bool:
        """Whether a geometry of the layer is still about where the one of the grid, ``before``, was."""
        return before is not None and not standing.isNull() and _same(
            geometry_of(before), self._on_grid(standing), PLACE_OVERLAP, PLACE_DISTANCE_M)

    def remember(self, placed: QgsGeometry) -> None:
        """Note a geometry that has just been added to the edit buffer."""
        self._new.append(self._on_grid(placed))
        self._new_index.addFeature(len(self._new) - 1, self._new[-1].boundingBox())

    def _on_grid(self, geometry: QgsGeometry) -> QgsGeometry:
        copy = QgsGeometry(geometry)
        copy.transform(self._to_grid)
        return copy

    def _is_ballpark(self) -> bool:
        if self._to_grid.isShortCircuited():
            return False
        return "ballpark" in self._to_grid.instantiatedCoordinateOperationDetails().name.lower()


def _without_filter(layer: QgsVectorLayer) -> QgsVectorLayer:
    """The layer itself, or a copy that sees what its filter hides.

    Raises :class:`InputError` if the filter cannot be taken off.
    """
    if not layer.subsetString():
        return layer
    copied = layer.clone()
    if not copied.setSubsetString(""):
        raise InputError(tr("The filter of the layer {layer} cannot be taken off, so that it cannot be told what is "
                            "there already; push into the layer without its filter.").format(layer=layer.name()))
    return copied


def _same(one: QgsGeometry, other: QgsGeometry, overlap: float, distance_m: float) -> bool:
    if one.type() != other.type():
        return False
    if one.type() == Qgis.GeometryType.Polygon:
        shared = one.intersection(other).area()
        return shared > 0 and shared >= overlap * (one.area() + other.area() - shared)
    return 0 <= one.hausdorffDistance(other) <= distance_m


def _with_heights_of(current: QgsGeometry, placed: QgsGeometry) -> QgsGeometry:
    """Return ``placed`` with the height and measure, as far as it has them, of the current geometry's vertex of the
    same place in the order, or, where the number of vertices has changed, of the nearest one.
    """
    vertices, heights = list(placed.vertices()), list(current.vertices())
    if not heights:
        return placed
    lifted = QgsGeometry(placed)
    for at, vertex in enumerate(vertices):
        if len(heights) == len(vertices):
            source = heights[at]
        else:
            source = current.vertexAt(current.closestVertex(QgsPointXY(vertex))[1])
        if vertex.is3D() and source.is3D():
            vertex.setZ(source.z())
        if vertex.isMeasure() and source.isMeasure():
            vertex.setM(source.m())
        lifted.get().moveVertex(lifted.vertexIdFromVertexNr(at)[1], vertex)
    return lifted
