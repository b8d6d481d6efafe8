"""What is drawn over the map: items as they are and as they are proposed. No layer is added for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qgis.core import Qgis, QgsGeometry, QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF

from ...processing_provider.translation import tr
from .words import AFTER_COLOUR, BEFORE_COLOUR, DECISION_COLOURS

LINE_PX, CASING_PX, HANDLE_PX, POINT_PX = 2.8, 2.2, 4.0, 6.0
BADGE_PX, GRIP_PX = 17.0, 15.0
FILL, SWIPED_FILL = 30, 48
Z_ABOVE_THE_MAP = 50.0


@dataclass(frozen=True)
class Drawn:
    """One item, in the map's CRS; null geometries are not drawn. ``number`` is its place on the page."""

    number: int
    before: QgsGeometry
    after: QgsGeometry
    decision: str = ""
    is_current: bool = False

    @property
    def place(self) -> QgsGeometry:
        """Where it is, or will be."""
        return self.before if self.after.isNull() else self.after


class Overlay(QgsMapCanvasItem):
    """Draws the items of a page. ``divider`` (0 to 1 of the width, None: off) parts before from after."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._drawn: list[Drawn] = []
        self.divider: float | None = None
        self.with_handles = False
        self._after_picture: tuple[QImage, QgsRectangle] | None = None
        self.setZValue(Z_ABOVE_THE_MAP)

    def show_items(self, items: Iterable[Drawn]) -> None:
        """Draw these items in place of those before."""
        self._drawn = sorted(items, key=lambda one: one.is_current)
        self.update()

    def items(self) -> Sequence[Drawn]:
        """What is drawn now, the current one last."""
        return self._drawn

    def show_proposal(self, geometry: QgsGeometry) -> None:
        """Draw another proposal for the current item."""
        self._drawn = [replace(one, after=geometry) if one.is_current else one for one in self._drawn]
        self.update()

    def show_after_picture(self, picture: QImage | None, extent: QgsRectangle | None = None) -> None:
        """Draw a picture of the map (None: none) right of the divider, as long as the map has this extent."""
        self._after_picture = None if picture is None or extent is None else (picture, extent)
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self._drawn, self.divider, self.with_handles, self._after_picture = [], None, False, None
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self._canvas.rect())

    def updatePosition(self) -> None:
        self.prepareGeometryChange()
        self.setPos(0, 0)
        self.update()

    def paint(self, painter: QPainter, option: object = None, widget: object = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.divider is None:
            for one in self._drawn:
                self._paint_item(painter, one, before=True, after=True)
            for one in self._drawn:
                self._paint_badge(painter, one)
            return
        size = self._canvas.size()
        at = self.divider * size.width()
        for left, width, before in ((0.0, at, True), (at, size.width() - at, False)):
            painter.save()
            painter.setClipRect(QRectF(left, 0, width, size.height()))
            if not before and self._after_picture is not None:
                picture, extent = self._after_picture
                if extent == self._canvas.mapSettings().visibleExtent():
                    painter.drawImage(QRectF(self._canvas.rect()), picture)
            for one in self._drawn:
                self._paint_item(painter, one, before=before, after=not before)
            painter.restore()
        self._paint_divider(painter, at, size.height())

    def _paint_item(self, painter: QPainter, one: Drawn, *, before: bool, after: bool) -> None:
        changes_shape = not one.after.isNull() and not (not one.before.isNull() and one.after.equals(one.before))
        shapes = []
        if before and not one.before.isNull():
            shapes.append((*self._path(one.before), BEFORE_COLOUR, changes_shape or one.after.isNull()))
        if after and not one.after.isNull() and (changes_shape or not before):
            shapes.append((*self._path(one.after), AFTER_COLOUR, False))
        if one.is_current:
            for path, is_area, colour, _ in shapes:  # below all lines, so that none is tinted
                if is_area:
                    fill = QColor(colour)
                    fill.setAlpha(FILL if self.divider is None else SWIPED_FILL)
                    painter.fillPath(path, QBrush(fill))
        for path, _, colour, dashed in shapes:
            _paint_line(painter, path, colour, is_current=one.is_current, dashed=dashed)
        if len(shapes) == 2:
            self._paint_way(painter, one)
        if one.is_current and self.with_handles and not one.after.isNull():
            self._paint_handles(painter, one.after)

    def _paint_way(self, painter: QPainter, one: Drawn) -> None:
        """An arrow from the middle of what is to the middle of what shall be, where it moves far enough to be seen."""
        start, stop = (self._pixel(g.centroid().asPoint()) for g in (one.before, one.after))
        way = stop - start
        length = (way.x() ** 2 + way.y() ** 2) ** 0.5
        if length < 9.0 or not one.is_current:
            return
        ahead, aside = way / length, QPointF(-way.y(), way.x()) / length
        head = QPolygonF([stop, stop - ahead * 7 + aside * 4, stop - ahead * 7 - aside * 4])
        for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor("white"), 1.8)):
            painter.setPen(_pen(colour, width))
            painter.setBrush(QBrush(colour))
            painter.drawLine(start, stop - ahead * 5)
            painter.drawPolygon(head)

    def _paint_handles(self, painter: QPainter, geometry: QgsGeometry) -> None:
        painter.setPen(_pen(QColor(0, 0, 0, 200), 1.2))
        painter.setBrush(QBrush(QColor("white")))
        for vertex in geometry.vertices():
            middle = self._pixel(QgsPointXY(vertex))
            painter.drawRect(QRectF(middle.x() - HANDLE_PX, middle.y() - HANDLE_PX, 2 * HANDLE_PX, 2 * HANDLE_PX))

    def _paint_badge(self, painter: QPainter, one: Drawn) -> None:
        """The number by which an item is chosen, coloured by what was said of it; none where it is alone."""
        if len(self._drawn) < 2 or one.place.isNull():
            return
        box = one.place.boundingBox()
        top = self._pixel(QgsPointXY((box.xMinimum() + box.xMaximum()) / 2, box.yMaximum()))
        at = QRectF(top.x() - BADGE_PX / 2, top.y() - BADGE_PX - 5, BADGE_PX, BADGE_PX)
        fill = QColor(DECISION_COLOURS.get(one.decision, "#212529" if one.is_current else "#495057"))
        painter.setPen(_pen(QColor("white"), 2.0 if one.is_current else 1.0))
        painter.setBrush(QBrush(fill))
        painter.drawEllipse(at)
        _write(painter, at, str(one.number), 10, bold=one.is_current)

    def _paint_divider(self, painter: QPainter, at: float, height: float) -> None:
        for colour, width in ((QColor(0, 0, 0, 130), 4.0), (QColor("white"), 2.0)):
            painter.setPen(_pen(colour, width))
            painter.drawLine(QPointF(at, 0), QPointF(at, height))
        grip = QRectF(at - GRIP_PX, height / 2 - GRIP_PX, 2 * GRIP_PX, 2 * GRIP_PX)
        painter.setPen(_pen(QColor(0, 0, 0, 130), 1.0))
        painter.setBrush(QBrush(QColor("white")))
        painter.drawEllipse(grip)
        painter.setPen(_pen(QColor("#343a40"), 2.0))
        for side in (-1, 1):
            tip = QPointF(at + side * 9, height / 2)
            painter.drawPolyline(QPolygonF([tip + QPointF(-side * 4, -4), tip, tip + QPointF(-side * 4, 4)]))
        for text, written_in, side in ((tr("before"), BEFORE_COLOUR, -1), (tr("after"), AFTER_COLOUR, 1)):
            width = QFontMetricsF(_font(11, True)).horizontalAdvance(text) + 18
            place = QRectF(at - width - 10 if side < 0 else at + 10, 10, width, 22)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(0, 0, 0, 170)))
            painter.drawRoundedRect(place, 11, 11)
            _write(painter, place, text, 11, bold=True, colour=written_in)

    def _path(self, geometry: QgsGeometry) -> tuple[QPainterPath, bool]:
        """Return a geometry as a path in pixels, and whether it encloses an area."""
        on_screen = QgsGeometry(geometry)
        on_screen.convertToStraightSegment()
        on_screen.mapToPixel(self._canvas.getCoordinateTransform())
        path = QPainterPath()
        for part in on_screen.constParts():
            kind = part.dimension()
            if kind == 2:
                rings = [part.exteriorRing(), *(part.interiorRing(at) for at in range(part.numInteriorRings()))]
                for ring in rings:
                    path.addPolygon(ring.asQPolygonF())
                    path.closeSubpath()
            elif kind == 1:
                path.addPolygon(part.asQPolygonF())
            else:
                path.addEllipse(QPointF(part.x(), part.y()), POINT_PX, POINT_PX)
        return path, geometry.type() == Qgis.GeometryType.Polygon

    def _pixel(self, point: QgsPointXY) -> QPointF:
        return self.toCanvasCoordinates(point)


def _paint_line(painter: QPainter, path: QPainterPath, colour: str, *, is_current: bool, dashed: bool) -> None:
    """Draw an outline on a dark casing, so that it stands out from bright ground and dark."""
    line, casing = QColor(colour), QColor(0, 0, 0, 150 if is_current else 90)
    width = LINE_PX if is_current else 0.6 * LINE_PX
    line.setAlpha(255 if is_current else 190)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(casing, width + CASING_PX))
    painter.drawPath(path)
    pen = _pen(line, width)
    if dashed:
        pen.setDashPattern([3.0, 2.2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawPath(path)


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(QBrush(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _font(size_px: int, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(size_px)
    font.setBold(bold)
    return font


def _write(painter: QPainter, at: QRectF, text: str, size_px: int, *, bold: bool, colour: str = "white") -> None:
    painter.setFont(_font(size_px, bold))
    painter.setPen(QPen(QColor(colour)))
    painter.drawText(at, Qt.AlignmentFlag.AlignCenter, text)
