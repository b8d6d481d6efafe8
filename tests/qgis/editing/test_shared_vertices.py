"""Topological editing: neighbours follow, in the same undo step and the same lines of the journal."""

from __future__ import annotations

import pytest
from osgeo import ogr
from qgis.core import QgsGeometry, QgsProcessingException, QgsProject

LEFT, MIDDLE, RIGHT = 1, 2, 3
Y = 5_500_000


def terrace(number, east=0.0):
    """A house whose side walls are its neighbours'."""
    x = 500_000 + 10.0 * number + east
    return f"POLYGON (({x} {Y}, {x + 10} {Y}, {x + 10} {Y + 8}, {x} {Y + 8}, {x} {Y}))"


@pytest.fixture
def row(town, edit_by_hand):
    """Three houses wall to wall; the ground that the middle one gives up is its neighbours'."""
    def made(**settings):
        place = town(houses=3, **settings)

        def together(layer):
            for fid in (LEFT, MIDDLE, RIGHT):
                layer.changeGeometry(fid, QgsGeometry.fromWkt(terrace(fid - 1)))

        edit_by_hand(place.layer(), together)
        return place

    return made


@pytest.fixture
def topological(qgis_app):
    QgsProject.instance().setTopologicalEditing(True)
    yield
    QgsProject.instance().setTopologicalEditing(False)


def walls(place):
    """The easternmost and westernmost x of each house, from the left one's western wall."""
    boxes = [place.layer().getFeature(fid).geometry().boundingBox() for fid in (LEFT, MIDDLE, RIGHT)]
    return [(round(b.xMinimum() - 500_000, 3), round(b.xMaximum() - 500_000, 3)) for b in boxes]


WIDER = f"POLYGON ((500010 {Y}, 500022 {Y}, 500022 {Y + 8}, 500010 {Y + 8}, 500010 {Y}))"
NARROWER = f"POLYGON ((500012 {Y}, 500019 {Y}, 500019 {Y + 8}, 500012 {Y + 8}, 500012 {Y}))"


@pytest.mark.usefixtures("topological")
@pytest.mark.parametrize(("edit", "proposal", "walls_then"), [
    ("reshape", NARROWER, [(0, 12), (12, 19), (19, 30)]),
    ("move", f"POLYGON ((500011 {Y}, 500021 {Y}, 500021 {Y + 8}, 500011 {Y + 8}, 500011 {Y}))",
     [(0, 11), (11, 21), (21, 30)]),
])
def test_neighbours_follow_and_come_back_together(row, push, undo, edit, proposal, walls_then):
    place = row()
    before = place.signatures()
    place.flags((edit, MIDDLE, proposal, {}))
    assert push(place)["APPLIED"] == 1
    assert walls(place) == walls_then
    assert [row_[0] for row_ in place.lines("edit")] == [edit, "neighbour", "neighbour"]
    assert place.states() == ["committed"] * 3
    assert undo(place)["UNDONE"] == 1
    assert place.signatures() == before
    assert place.states() == ["undone"] * 3


def test_neighbours_stay_where_the_project_does_not_ask_for_it(row, push):
    place = row()
    place.flags(("reshape", MIDDLE, NARROWER, {}))
    push(place)
    assert walls(place) == [(0, 10), (12, 19), (20, 30)]
    assert place.states() == ["committed"]


@pytest.mark.usefixtures("topological")
def test_one_undo_step_holds_the_neighbours_too(row):
    from qgis.core import QgsCoordinateTransformContext

    from geoloop.core.ledger import Ledger, plan_push
    from geoloop.processing_provider.editing.apply import Applier

    place = row()
    layer = place.layer()
    with Ledger.open(place.flags(("reshape", MIDDLE, NARROWER, {}))) as ledger:
        edits, source = plan_push(ledger, place.name), ledger.source(place.name)
    before = {f.id(): f.geometry().asWkt() for f in layer.getFeatures()}
    layer.startEditing()
    Applier(layer, source, edits, QgsCoordinateTransformContext(), {}, topological=True).apply(edits[0])
    assert layer.undoStack().count() == 1
    assert "Reshape" in layer.undoStack().text(0)
    layer.undoStack().undo()
    assert {f.id(): f.geometry().asWkt() for f in layer.getFeatures()} == before
    layer.rollBack()


@pytest.mark.usefixtures("topological")
def test_a_corner_on_a_neighbours_wall_becomes_a_vertex_of_it(row, push, undo):
    place = row()
    before = place.signatures()
    notched = (f"POLYGON ((500010 {Y}, 500020 {Y}, 500020 {Y + 8}, 500010 {Y + 8}, 500010 {Y + 5}, 500013 {Y + 4}, "
               f"500010 {Y + 3}, 500010 {Y}))")
    place.flags(("reshape", MIDDLE, notched, {}))
    push(place)
    left = place.layer().getFeature(LEFT).geometry()
    assert {(v.x(), v.y()) for v in left.vertices()} >= {(500_010, Y + 3), (500_010, Y + 5)}
    assert left.area() == pytest.approx(80)
    undo(place)
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
def test_a_vertex_that_a_neighbour_gets_lies_at_the_height_of_its_wall(town, push, undo, edit_by_hand):
    place = town(houses=3, wkb_type=ogr.wkbPolygon25D)

    def together(layer):
        for fid in (LEFT, MIDDLE, RIGHT):
            x = 500_000 + 10 * (fid - 1)
            layer.changeGeometry(fid, QgsGeometry.fromWkt(
                f"POLYGON Z (({x} {Y} 2, {x + 10} {Y} 2, {x + 10} {Y + 8} 6, {x} {Y + 8} 6, {x} {Y} 2))"))

    edit_by_hand(place.layer(), together)
    before = place.signatures()
    place.flags(("reshape", MIDDLE, f"POLYGON ((500010 {Y}, 500020 {Y}, 500020 {Y + 8}, 500010 {Y + 8}, 500010 {Y + 2},"
                                    f" 500010 {Y}))", {}))
    assert push(place)["APPLIED"] == 1
    left = place.layer().getFeature(LEFT).geometry()
    heights = {(v.x() - 500_000, v.y() - Y): v.z() for v in left.vertices()}
    assert heights == {(0, 0): 2, (10, 0): 2, (10, 2): 3, (10, 8): 6, (0, 8): 6}
    assert undo(place)["UNDONE"] == 1
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
@pytest.mark.parametrize("proposal", [WIDER, WIDER.replace(f"500022 {Y + 8}", f"500022 {Y + 8}, 500016 {Y + 9}")])
def test_a_neighbour_gives_way_to_a_house_that_becomes_wider(row, push, undo, proposal):
    """Its old corners lie on the new walls, but they are not where the neighbour's belong."""
    place = row()
    before = place.signatures()
    place.flags(("reshape", MIDDLE, proposal, {}))
    push(place)
    assert walls(place) == [(0, 10), (10, 22), (22, 30)]
    middle, right = (place.layer().getFeature(fid).geometry() for fid in (MIDDLE, RIGHT))
    assert middle.intersection(right).area() == pytest.approx(0)
    assert [kind for kind, in place.lines("edit")] == ["reshape", "neighbour"]
    undo(place)
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
def test_a_house_behind_a_wall_that_becomes_longer_stays_as_it_is(row, push, edit_by_hand):
    place = row()
    below = f"POLYGON ((500010 {Y}, 500020 {Y}, 500020 {Y - 8}, 500010 {Y - 8}, 500010 {Y}))"
    edit_by_hand(place.layer(), lambda it: it.changeGeometry(RIGHT, QgsGeometry.fromWkt(below)))
    before = place.signatures()
    place.flags(("reshape", MIDDLE, WIDER, {}))
    push(place)
    assert place.signatures()[RIGHT] == before[RIGHT]


@pytest.mark.usefixtures("topological")
def test_a_locked_neighbour_keeps_the_feature_where_it_is(row, push):
    place = row(settings={"lock": "osm_id = 1002"})
    before = place.signatures()
    place.flags(("reshape", MIDDLE, NARROWER, {}))
    with pytest.raises(QgsProcessingException, match="neighbour 3 is locked"):
        push(place)
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
def test_a_neighbour_that_would_become_invalid_keeps_the_feature_where_it_is(row, push):
    place = row()
    before = place.signatures()
    beyond = f"POLYGON ((500035 {Y}, 500045 {Y}, 500045 {Y + 8}, 500035 {Y + 8}, 500035 {Y}))"
    inside_out = beyond.replace(f"{Y + 8}", f"{Y - 8}")
    place.flags(("move", MIDDLE, inside_out, {}))
    with pytest.raises(QgsProcessingException, match="would become invalid"):
        push(place)
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
def test_a_row_that_is_moved_house_by_house_stays_a_row(row, push, undo):
    place = row()
    before = place.signatures()
    place.flags(*(("move", fid, terrace(fid - 1, east=3), {}) for fid in (LEFT, MIDDLE, RIGHT)))
    assert push(place)["APPLIED"] == 3
    assert walls(place) == [(3, 13), (13, 23), (23, 33)]
    undo(place)
    assert place.signatures() == before


@pytest.mark.usefixtures("topological")
def test_a_decision_is_not_taken_back_without_its_neighbours(row, push, undo, edit_by_hand):
    place = row()
    place.flags(("reshape", MIDDLE, NARROWER, {}))
    push(place)
    edit_by_hand(place.layer(), lambda it: it.changeAttributeValue(LEFT, it.fields().lookupField("building"), "barn"))
    with pytest.raises(QgsProcessingException, match="changed since the push"):
        undo(place)
    assert walls(place) == [(0, 12), (12, 19), (19, 30)]
    assert place.status() == {"d0000": "pushed"}
