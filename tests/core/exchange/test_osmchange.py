"""An OsmChange holds what a person accepted, with the ids and versions of the extract, and nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import osmium
import pytest
import shapely

from geoloop.core.errors import InputError
from geoloop.core.ledger import Ledger

RETAG = {"before_values": {"building": "yes"}, "after_values": {"building": "house"}}


def test_a_retagged_way_keeps_its_nodes_other_tags_and_version(hamlet, a_find):
    changes = hamlet.decided(a_find("a", "way/100", **RETAG)).osmchange()
    assert changes == {"create": {}, "delete": {}, "modify": {("way", 100): {
        "version": 5, "nodes": [1, 2, 3, 4, 1],
        "tags": {"building": "house", "name": 'Müller & Söhne "<Öl>"'}}}}
    assert hamlet.result["EXPORTED"] == 1
    assert hamlet.result["LEFT_OUT"] == 0


def test_line_breaks_tabs_quotes_and_emoji_survive_the_journey(hamlet, a_find):
    strange = "a\tb\nc 'd' \"e\" <f> & 🏠 ß"
    written = strange.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\n", "&#10;").replace(
        "\t", "&#9;")
    extract = hamlet.extract.read_text(encoding="utf-8")
    hamlet.extract.write_text(extract.replace('v="house"', f'v="house"/><tag k="note" v="{written}"'),
                              encoding="utf-8")
    changes = hamlet.decided(a_find("a", "way/101", before_values={"building": "house"},
                                    after_values={"building": "grün 🏠 'x' \"y\" <z> &amp;"})).osmchange()
    assert changes["modify"]["way", 101]["tags"] == {"note": strange, "building": "grün 🏠 'x' \"y\" <z> &amp;"}


def test_tags_go_out_of_the_text_of_all_tags_and_of_columns_alike(hamlet, a_find):
    before = {"building": "yes", "other_tags": '"building"=>"yes","name"=>"Müller & Söhne \\"<Öl>\\""'}
    after = {"building": None, "other_tags": '"name"=>"Müller & Söhne \\"<Öl>\\"","landuse"=>"forest"'}
    changes = hamlet.decided(a_find("a", "way/100", before_values=before, after_values=after)).osmchange()
    assert changes["modify"]["way", 100]["tags"] == {"name": 'Müller & Söhne "<Öl>"', "landuse": "forest"}


@pytest.mark.parametrize(("key", "values", "why"), [
    ("way/100", {"before_values": {"building": "barn"}, "after_values": {"building": "house"}}, "another value"),
    ("way/100", {"before_values": {"fclass": "forest"}, "after_values": {"fclass": "meadow"}}, "“fclass” is no tag"),
    ("way/100", {"before_values": {}, "after_values": {"grün": "ja"}}, "no object in EXTRACT has a tag “grün”"),
    ("way/100", {"before_values": {"building": "yes"}, "after_values": {"building": "yes"}}, "changes no tag"),
    ("way/100", {"before_values": {"building": "yes"}, "after_values": {"building": "x" * 256}}, "longer than 255"),
    ("way/100", {"before_values": {"building": "yes"}, "after_values": {"building": "a\x02"}}, "control characters"),
    ("way/999", RETAG, "not in EXTRACT"),
    ("house 7", RETAG, "key is no OpenStreetMap id"),
    ("103", RETAG, "of a way and of a relation"),
], ids=str)
def test_what_the_extract_does_not_bear_out_is_counted_and_not_exported(hamlet, a_find, key, values, why):
    hamlet.decided(a_find("good", "way/101", before_values={"building": "house"}, after_values={"building": "yes"}),
                   a_find("bad", key, **values))
    assert set(hamlet.osmchange()["modify"]) == {("way", 101)}
    assert hamlet.result["LEFT_OUT"] == 1
    assert any(why in line and "(bad)" in line for line in hamlet.heard.warnings), hamlet.said()


def test_an_object_that_an_editor_has_marked_as_deleted_is_not_in_the_extract(hamlet, a_find):
    hamlet.extract.write_text(hamlet.extract.read_text().replace('<way id="100"', '<way id="100" action="delete"'))
    hamlet.decided(a_find("a", "way/100", **RETAG))
    with pytest.raises(InputError, match="not in EXTRACT"):
        hamlet.osmchange()


def test_an_object_without_a_version_is_left_out(hamlet, a_find):
    hamlet.extract.write_text(hamlet.extract.read_text().replace('<way id="100" version="5">', '<way id="100">'))
    hamlet.decided(a_find("a", "way/100", **RETAG))
    with pytest.raises(InputError, match="does not say the object's version"):
        hamlet.osmchange()
    assert not hamlet.output.exists()


def test_a_number_alone_is_known_by_its_geometry_where_that_is_enough(hamlet, a_find):
    assert ("way", 100) in hamlet.decided(a_find("a", "100", **RETAG)).osmchange()["modify"]


def test_moving_a_house_moves_its_nodes_and_names_the_neighbours(hamlet, a_find, a_square):
    changes = hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2, dy=-0.1))).osmchange()
    assert {ref: (one["version"], one["at"]) for ref, one in changes["modify"].items()} == {
        ("node", 1): (3, (15.00002, 50.99999)), ("node", 2): (2, (15.00012, 50.99999)),
        ("node", 3): (1, (15.00012, 51.00009)), ("node", 4): (1, (15.00002, 51.00009))}
    notes = [line for line in hamlet.heard.lines if "neighbours" in line]
    assert len(notes) == 2
    assert all("way/101" in note for note in notes)


def test_a_node_with_tags_keeps_them_when_it_moves_and_the_log_says_so(hamlet, a_find, a_square):
    changes = hamlet.decided(a_find("a", "way/102", "move", to=a_square(5, 5, dx=0.3))).osmchange()
    assert changes["modify"]["node", 9] == {"version": 6, "tags": {"entrance": "main"}, "at": (15.00063, 51.0006)}
    assert "node/9, which has tags of its own, moves" in hamlet.said()


def test_terraced_houses_that_move_alike_move_their_common_wall_once(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2)),
                   a_find("b", "way/101", "move", to=a_square(1, 0, dx=0.2)))
    changes = hamlet.osmchange()
    assert set(changes["modify"]) == {("node", number) for number in range(1, 7)}
    assert hamlet.result["EXPORTED"] == 2


def test_terraced_houses_that_move_apart_do_not_both_go_out(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2), probability=0.9),
                   a_find("b", "way/101", "move", to=a_square(1, 0, dx=-0.4)))
    changes = hamlet.osmchange()
    assert set(changes["modify"]) == {("node", number) for number in range(1, 5)}
    assert "moves a node that they share elsewhere" in hamlet.said()


def test_a_house_may_be_moved_and_retagged_in_one_file(hamlet, a_find, a_square):
    changes = hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2)),
                             a_find("b", "way/100", **RETAG)).osmchange()
    assert changes["modify"]["way", 100]["tags"]["building"] == "house"
    assert len(changes["modify"]) == 5


def test_a_reshaped_way_keeps_nodes_that_stay_and_those_that_mean_more_than_a_bend(hamlet, a_find):
    shape = shapely.Polygon([(15.0005, 51.0005), (15.0006, 51.0005), (15.0006, 51.0007), (15.00055, 51.0008),
                             (15.0005, 51.0007)])
    changes = hamlet.decided(a_find("a", "way/102", "reshape", to=shape)).osmchange()
    nodes = changes["modify"]["way", 102]["nodes"]
    assert nodes[:2] == [7, 8]
    assert nodes[0] == nodes[-1]
    assert len(nodes) == 6
    assert 9 not in nodes
    assert 10 in nodes
    assert len(changes["create"]) == 2
    at = {number: one["at"] for (_, number), one in {**changes["create"], **changes["modify"]}.items() if "at" in one}
    at |= {7: (15.0005, 51.0005), 8: (15.0006, 51.0005)}
    assert shapely.Polygon([at[number] for number in nodes]).equals(shape)
    assert changes["delete"] == {}
    assert "way/102 no longer touches node/9, which stays" in hamlet.said()


def test_a_simpler_outline_deletes_the_nodes_that_nobody_needs(hamlet, a_find):
    shape = shapely.Polygon([(15.0, 51.0), (15.0001, 51.0), (15.0001, 51.0001)])
    changes = hamlet.decided(a_find("a", "way/100", "reshape", to=shape)).osmchange()
    assert changes["modify"]["way", 100]["nodes"] == [1, 2, 3, 1]
    assert set(changes["delete"]) == {("node", 4)}
    assert '<delete if-unused="true">' in hamlet.text()


def test_a_deleted_house_takes_only_its_own_nodes_along(hamlet, a_find):
    changes = hamlet.decided(a_find("a", "way/100", "delete")).osmchange()
    assert set(changes["delete"]) == {("way", 100), ("node", 1), ("node", 4)}
    assert changes["delete"]["way", 100]["version"] == 5


def test_an_edit_that_is_refused_half_way_leaves_no_trace(hamlet, a_find, a_square):
    """The first house moves its own corner before it pulls at the common wall, which the second has moved already."""
    hamlet.decided(a_find("b", "way/101", "move", to=a_square(1, 0, dx=0.2), probability=0.9),
                   a_find("a", "way/100", "move", to=a_square(0, 0, dx=-0.2)))
    changes = hamlet.osmchange()
    assert {number for _, number in changes["modify"]} == {2, 3, 5, 6}
    assert not [line for line in hamlet.heard.lines if "way/100 moves" in line]


def test_a_house_whose_wall_was_moved_is_not_reshaped_on_top(hamlet, a_find, a_square):
    hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2), probability=0.9),
                   a_find("b", "way/101", "reshape", to=a_square(1, 0, 3, 1)))
    changes = hamlet.osmchange()
    assert changes["create"] == {}
    assert {number for _, number in changes["modify"]} == {1, 2, 3, 4}
    assert "another edit in this file moves one of its nodes" in hamlet.said()


def test_the_twin_that_stays_takes_over_the_tags_that_only_the_other_has(hamlet, a_find):
    changes = hamlet.decided(a_find("a", "way/100", "merge", evidence={"twin": "way/101"})).osmchange()
    assert changes["modify"] == {("way", 101): {"version": 7, "nodes": [2, 5, 6, 3, 2], "tags": {
        "building": "house", "name": 'Müller & Söhne "<Öl>"'}}}
    assert {ref for ref in changes["delete"] if ref[0] == "way"} == {("way", 100)}
    assert "way/101 takes over from its twin way/100: name=Müller" in hamlet.said()


@pytest.mark.parametrize(("twin", "why"), [
    ({"twin": "way/999"}, "the twin that should stay is not in EXTRACT"), ({}, "the twin that should stay is not"),
    ({"twin": "way/102"}, "another edit in this file deletes the twin that should stay")], ids=str)
def test_the_last_of_two_twins_is_not_deleted(hamlet, a_find, twin, why):
    hamlet.decided(a_find("a", "way/102", "delete"), a_find("b", "way/101", "merge", evidence=twin, probability=0.5))
    assert ("way", 101) not in hamlet.osmchange()["delete"]
    assert why in hamlet.said()


def test_two_deleted_neighbours_take_their_common_wall_along(hamlet, a_find):
    changes = hamlet.decided(a_find("a", "way/100", "delete"), a_find("b", "way/101", "delete")).osmchange()
    assert {number for kind, number in changes["delete"] if kind == "node"} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize(("key", "edit", "more", "why"), [
    ("way/103", "delete", {}, "member of a relation"),
    ("relation/500", "delete", {}, "by hand"),
    ("way/100", "delete", {"before": "way/102"}, "another shape in EXTRACT"),
    ("way/100", "reshape", {"to": "holes"}, "has holes"),
    ("way/100", "revisit", {}, "propose no change"),
    ("node/14", "reshape", {"to": "square"}, "cannot become a line or an area"),
], ids=str)
def test_what_a_file_cannot_say_safely_is_refused_in_one_sentence(hamlet, a_find, a_square, key, edit, more, why):
    holes = shapely.Polygon(a_square(0, 0).exterior, [a_square(0.3, 0.3, 0.2, 0.2).exterior])
    to = {"holes": holes, "square": a_square(20, 20)}.get(more.get("to"))
    item = a_find("a", key, edit, to=to)
    if "before" in more:
        item = a_find("a", key, edit, before=a_find("x", more["before"]).before)
    hamlet.decided(item)
    with pytest.raises(InputError, match=why):
        hamlet.osmchange()
    assert list(hamlet.folder.glob("*.osc*")) == []


def test_a_multipolygon_is_retagged_with_all_its_members(hamlet, a_find):
    values = {"before_values": {"landuse": "forest"}, "after_values": {"landuse": "meadow"}}
    changes = hamlet.decided(a_find("a", "relation/500", **values)).osmchange()
    assert changes["modify"] == {("relation", 500): {
        "version": 9, "members": [("w", 104, "outer"), ("w", 105, "inner")],
        "tags": {"type": "multipolygon", "landuse": "meadow"}}}


def test_a_new_house_gets_negative_ids_in_the_order_they_refer_to_each_other(hamlet, a_find, a_square):
    changes = hamlet.decided(
        a_find("a", None, "add", to=a_square(30, 30), after_values={"building": "yes"})).osmchange()
    ways = [one for (kind, _), one in changes["create"].items() if kind == "way"]
    assert len(ways) == 1
    assert len(changes["create"]) == 5
    assert ways[0]["nodes"][0] == ways[0]["nodes"][-1] < 0
    assert ways[0]["tags"] == {"building": "yes"}
    assert [node.tag for node in ET.fromstring(hamlet.text())[0]] == ["node"] * 4 + ["way"]


def test_a_new_area_with_a_hole_becomes_a_multipolygon(hamlet, a_find, a_square):
    shape = shapely.Polygon(a_square(30, 30, 4, 4).exterior, [a_square(31, 31).exterior])
    changes = hamlet.decided(a_find("a", None, "add", to=shape, after_values={"landuse": "forest"})).osmchange()
    (relation,) = [one for (kind, _), one in changes["create"].items() if kind == "relation"]
    assert relation["tags"] == {"landuse": "forest", "type": "multipolygon"}
    assert [role for _, _, role in relation["members"]] == ["outer", "inner"]
    assert all(not one["tags"] for (kind, _), one in changes["create"].items() if kind == "way")


def test_osmium_builds_the_new_multipolygon_again(hamlet, a_find, a_square, tmp_path):
    shape = shapely.Polygon(a_square(30, 30, 4, 4).exterior, [a_square(31, 31).exterior])
    hamlet.decided(a_find("a", None, "add", to=shape, after_values={"landuse": "forest"})).osmchange()
    body = hamlet.text().replace('version="0"', 'version="1"').replace('"-', '"')
    kept = body[body.index("<create>") + 8:body.index("</create>")]
    (tmp_path / "made.osm").write_text(f'<osm version="0.6">{kept}</osm>', encoding="utf-8")
    factory = osmium.geom.WKBFactory()
    made = [shapely.from_wkb(bytes.fromhex(factory.create_multipolygon(item)))
            for item in osmium.FileProcessor(str(tmp_path / "made.osm")).with_areas() if item.is_area()]
    assert len(made) == 1
    assert made[0].symmetric_difference(shape).area < 1e-6 * shape.area


@pytest.mark.parametrize("count", [1_999, 2_000, 4_500])
def test_an_outline_longer_than_a_way_may_be_is_split_and_closes(hamlet, a_find, count):
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    shape = shapely.Polygon(np.column_stack([15.01 + 0.003 * np.cos(angle), 51.01 + 0.003 * np.sin(angle)]))
    changes = hamlet.decided(a_find("a", None, "add", to=shape, after_values={"landuse": "forest"})).osmchange()
    ways = [one["nodes"] for (kind, _), one in sorted(changes["create"].items(), reverse=True) if kind == "way"]
    assert all(2 <= len(nodes) <= 2_000 for nodes in ways)
    assert len(ways) == (1 if count < 2_000 else -(-count // 1_999))
    for way, after in zip(ways, [*ways[1:], ways[0]], strict=True):
        assert way[-1] == after[0]
    assert len({node for nodes in ways for node in nodes}) == count


def test_a_new_point_and_a_new_line_go_out_as_they_are(hamlet, a_find):
    line = shapely.LineString([(15.01, 51.01), (15.02, 51.01)])
    changes = hamlet.decided(
        a_find("a", None, "add", to=shapely.Point(15.005, 51.005), after_values={"natural": "tree"}),
        a_find("b", None, "add", to=shapely.MultiLineString([line]), after_values={"name": "Straße"})).osmchange()
    tagged = [(kind, one["tags"]) for (kind, _), one in changes["create"].items() if one["tags"]]
    assert tagged == [("node", {"natural": "tree"}), ("way", {"name": "Straße"})]


def test_what_was_decided_in_bulk_never_reaches_openstreetmap(hamlet, a_find):
    hamlet.decided(a_find("a", "way/100", **RETAG), drawn_as="bulk")
    with pytest.raises(InputError, match="1 left out, because they were decided in bulk"):
        hamlet.osmchange()
    for drawn_as in ("queue", "audit"):
        hamlet.ledger.unlink()
        assert hamlet.decided(a_find("a", "way/100", **RETAG), drawn_as=drawn_as).osmchange()["modify"]


def test_an_acceptance_that_is_more_likely_a_slip_stays_at_home(hamlet, a_find):
    faint = {"before_values": {"building": "house"}, "after_values": {"building": "yes"}, "probability": 0.05}
    unsure = [a_find(f"u{number}", "way/102", "revisit", probability=0.5) for number in range(6)]
    hamlet.decided(a_find("a", "way/100", **RETAG), a_find("b", "way/101", **faint), *unsure)
    with Ledger.open(hamlet.ledger) as ledger:  # one who contradicts themselves errs often
        ledger.decide([one.uid for one in unsure], "reject", drawn_as="queue")
    assert set(hamlet.osmchange()["modify"]) == {("way", 100)}
    assert "more likely a slip of the reviewer's than real" in hamlet.said()


def test_open_and_rejected_findings_stay_at_home(hamlet, a_find):
    for decision in ("", "reject", "unsure"):
        hamlet.ledger.unlink(missing_ok=True)
        hamlet.decided(a_find("a", "way/100", **RETAG), decision=decision)
        with pytest.raises(InputError, match="can go out with ONLY=accepted"):
            hamlet.osmchange()


def test_large_and_wide_changes_are_warned_of(hamlet, a_find, a_square):
    hamlet.decided(*(a_find(f"a{i}", None, "add", to=a_square(30 + 150 * i, 30), after_values={"building": "yes"})
                     for i in range(41)))
    hamlet.osmchange()
    assert "would create 205 objects, more than 200: it may be taken for an import" in hamlet.said()
    assert "0.6 degrees apart" in hamlet.said()


def test_the_file_says_where_it_comes_from_and_names_no_reviewer_unasked(hamlet, a_find):
    hamlet.decided(a_find("a", "way/100", **RETAG, licence_flags="ortho: CC BY 4.0")).osmchange(comment="Dächer -- 1")
    assert "<!-- source: ortho (CC BY 4.0); osm -->" in hamlet.text()
    assert "<!-- made_by: GeoLoop -->" in hamlet.text()
    assert "<!-- comment: Dächer - - 1 -->" in hamlet.text()
    assert "Licences to heed: ortho: CC BY 4.0." in hamlet.heard.warnings
    assert "Zoë" not in hamlet.text()
    hamlet.osmchange(reviewers=True)
    assert "<!-- reviewers: Zoë Groß -->" in hamlet.text()


@pytest.mark.parametrize("comment", ["a---b", "----", "-", "new houses ---> see wiki --"])
def test_a_comment_of_many_hyphens_leaves_the_file_well_formed(hamlet, a_find, comment):
    hamlet.decided(a_find("a", "way/100", **RETAG)).osmchange(comment=comment)
    assert ET.fromstring(hamlet.text()).tag == "osmChange"


def test_the_same_ledger_gives_the_same_bytes(hamlet, a_find, a_square):
    hamlet.decided(a_find("b", "way/100", **RETAG), a_find("a", "way/102", "delete"),
                   a_find("c", None, "add", to=a_square(30, 30), after_values={"building": "yes"})).osmchange()
    first = hamlet.output.read_bytes()
    hamlet.osmchange()
    assert hamlet.output.read_bytes() == first
