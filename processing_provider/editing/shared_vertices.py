"""Topological editing: vertices that neighbours share with a feature move along with it.

As QGIS's own tools do where the project asks for it, but within one layer: no edit of another layer stands in this
layer's journal.
"""

from __future__ import annotations

from collections.abc import Iterator

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPoint,
    QgsPointXY,
    QgsRectangle,
    QgsSpatialIndex,
    QgsVectorLayer,
)

from ..translation import tr
from .buffer import EditBuffer
from .columns import RefusalError

SNAP_METRES, SNAP_DEGREES = 1e-3, 1e-8
"""Vertices at most that far apart are one; the same as for the signature of a feature."""
NEAR = 2.0
"""A vertex that is gone goes to the nearest one of the new outline, if that is at most so many times as far off as the
outline itself; else to the outline."""
LINES = (Qgis.GeometryType.Line, Qgis.GeometryType.Polygon)

Place = tuple[int, int]


class SharedVertices:
    """The vertices that the features of a layer in edit mode have in common."""

    def __init__(self, layer: QgsVectorLayer, buffer: EditBuffer) -> None:
        self._layer, self._buffer = layer, buffer
        self._snap = SNAP_DEGREES if layer.crs().isGeographic() else SNAP_METRES
        self._edited = QgsSpatialIndex()

    def remember(self, fid: int, geometry: QgsGeometry) -> None:
        """Note the new geometry of a feature: the provider does not know it yet."""
        self._edited.addFeature(fid, geometry.boundingBox())

    def along(self, feature: QgsFeature, new: QgsGeometry, *, as_a_whole: bool) -> Iterator[
            tuple[QgsFeature, QgsGeometry]]:
        """Yield each neighbour that shares vertices with ``feature``, and its geometry once that of ``feature`` is
        ``new``: moved vertices follow, and vertices of ``new`` on the neighbour's edge become its own.

        ``as_a_whole``: the feature is moved, not reshaped, so vertices correspond by their order. Raises
        :class:`RefusalError` if a neighbour would become invalid.
        """
        old = feature.geometry()
        if old.type() not in LINES:
            return
        paths = self._paths(old, new, as_a_whole=as_a_whole)
        reach = QgsRectangle(old.boundingBox())
        reach.combineExtentWith(new.boundingBox())
        reach.grow(2 * self._snap)
        for neighbour in self._around(reach, feature.id()):
            before = neighbour.geometry()
            geometry = self._followed(before, paths, new)
            if not as_a_whole and _overlap(geometry or before, new) > _overlap(before, old) + self._snap * old.length():
                geometry = self._given_way(before, old, new) or geometry
            if geometry is None:
                continue
            if not geometry.isGeosValid() and neighbour.geometry().isGeosValid():
                raise RefusalError(tr("the neighbour {fid}, which shares vertices with the feature, would become "
                                      "invalid").format(fid=neighbour.id()))
            yield neighbour, geometry

    def _place(self, point: QgsPointXY) -> Place:
        return round(point.x() / self._snap), round(point.y() / self._snap)

    def _paths(self, old: QgsGeometry, new: QgsGeometry, *, as_a_whole: bool) -> dict[Place, QgsPointXY]:
        """Return where each vertex of ``old`` goes that ``new`` has no longer."""
        before = [QgsPointXY(v) for v in old.vertices()]
        after = [QgsPointXY(v) for v in new.vertices()]
        if as_a_whole and len(before) == len(after):
            pairs = zip(before, after, strict=True)
            return {self._place(b): a for b, a in pairs if self._place(b) != self._place(a)}
        kept = {self._place(v) for v in after}
        paths = {self._place(v): _nearest(new, v) for v in before if self._place(v) not in kept}
        return {place: to for place, to in paths.items() if self._place(to) != place}

    def _given_way(self, geometry: QgsGeometry, old: QgsGeometry, new: QgsGeometry) -> QgsGeometry | None:
        """Return the geometry of a neighbour that ``new`` has grown over: its shared corners lie on an edge of ``new``
        perhaps, and go to the corners that ``new`` has in their place. None if that does not help.
        """
        before = {self._place(QgsPointXY(vertex)) for vertex in old.vertices()}
        after = {self._place(QgsPointXY(vertex)): QgsPointXY(vertex) for vertex in new.vertices()}
        fresh = [point for place, point in after.items() if place not in before]
        if not fresh:
            return None
        paths = {self._place(point): min(fresh, key=point.sqrDist) for point in map(QgsPointXY, old.vertices())
                 if self._place(point) not in after}
        followed = self._followed(geometry, paths, new)
        return followed if followed is not None and _overlap(followed, new) < _overlap(geometry, new) else None

    def _around(self, reach: QgsRectangle, but: int) -> Iterator[QgsFeature]:
        request = QgsFeatureRequest(reach).setNoAttributes().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        ids = {feature.id() for feature in self._layer.dataProvider().getFeatures(request)}
        for fid in sorted({*ids, *self._edited.intersects(reach)} - {but}):
            neighbour = self._buffer.current(fid)
            if neighbour is not None and neighbour.hasGeometry() and neighbour.geometry().boundingBoxIntersects(reach):
                yield neighbour

    def _followed(self, geometry: QgsGeometry, paths: dict[Place, QgsPointXY], new: QgsGeometry) -> QgsGeometry | None:
        """Return the geometry with its shared vertices moved; None if it shares none."""
        followed, changed = QgsGeometry(geometry), False
        for number, vertex in enumerate(geometry.vertices()):
            to = paths.get(self._place(QgsPointXY(vertex)))
            if to is not None:
                changed |= followed.moveVertex(to.x(), to.y(), number)
        if followed.type() not in LINES:
            return followed if changed else None
        own = {self._place(QgsPointXY(vertex)) for vertex in followed.vertices()}
        for vertex in new.vertices():
            point = QgsPointXY(vertex)
            if self._place(point) in own:
                continue
            squared, _, after, _ = followed.closestSegmentWithContext(point)
            if 0 <= squared <= self._snap**2 and followed.insertVertex(_between(followed, after, point), after):
                own.add(self._place(point))
                changed = True
        return followed if changed else None


def _between(geometry: QgsGeometry, after: int, place: QgsPointXY) -> QgsPoint:
    """A vertex at a place on the segment that ends with vertex ``after``, as high as the segment is there."""
    one, other, vertex = geometry.vertexAt(after - 1), geometry.vertexAt(after), geometry.vertexAt(after - 1)
    share = one.distance(place.x(), place.y()) / (one.distance(other) or 1.0)
    vertex.setX(place.x())
    vertex.setY(place.y())
    if vertex.is3D():
        vertex.setZ(one.z() + share * (other.z() - one.z()))
    if vertex.isMeasure():
        vertex.setM(one.m() + share * (other.m() - one.m()))
    return vertex


def _overlap(one: QgsGeometry, other: QgsGeometry) -> float:
    """The area that two geometries share; none where one of them is invalid."""
    return max(one.intersection(other).area(), 0.0)


def _nearest(outline: QgsGeometry, point: QgsPointXY) -> QgsPointXY:
    vertex, *_, squared = outline.closestVertex(point)
    to_line, on_line, *_ = outline.closestSegmentWithContext(point)
    return vertex if squared <= NEAR**2 * max(to_line, 0.0) else on_line
