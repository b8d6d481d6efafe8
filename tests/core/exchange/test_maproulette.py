"""Each line is a task that MapRoulette takes: tags to set, or a change file that a mapper opens."""

from __future__ import annotations

import base64

import pytest

from geoloop.core.errors import InputError


@pytest.fixture
def tasks(hamlet, read_lines):
    def export(**more):
        hamlet.result = hamlet.export("maproulette", ".geojson", **more)
        return read_lines(hamlet.text())

    return export


def test_each_record_starts_with_its_separator_and_fills_one_line(hamlet, a_find, tasks):
    hamlet.decided(*(a_find(f"a{number}", f"way/{number}", before_values={"building": said},
                            after_values={"building": "hut"}) for number, said in ((100, "yes"), (101, "house"))))
    assert len(tasks()) == 2
    assert [line[:2] for line in hamlet.text().split("\n")] == ["\x1e{", "\x1e{", ""]


def test_a_change_of_tags_is_a_task_of_type_one(hamlet, a_find, tasks):
    hamlet.decided(a_find("a", "way/100", before_values={"building": "yes", "name": 'Müller & Söhne "<Öl>"'},
                          after_values={"building": "house", "name": None}, licence_flags="ortho: CC BY 4.0"))
    (task,) = tasks()
    assert task["cooperativeWork"] == {"meta": {"version": 2, "type": 1}, "operations": [{
        "operationType": "modifyElement", "data": {"id": "way/100", "operations": [
            {"operation": "setTags", "data": {"building": "house"}},
            {"operation": "unsetTags", "data": ["name"]}]}}]}
    (feature,) = task["features"]
    assert feature["properties"]["@id"] == "way/100"
    assert feature["properties"]["licence"] == "ortho: CC BY 4.0"
    assert feature["properties"]["source"] == "ortho (CC BY 4.0); osm"
    assert feature["properties"]["task"] == "Look whether this is house: “osm” says shed."
    assert "Zoë" not in hamlet.text()


def test_a_change_of_geometry_is_a_task_of_type_two_with_its_change_file(hamlet, a_find, a_square, tasks, tmp_path):
    from tests.core.exchange.conftest import read_osc

    hamlet.decided(a_find("a", "way/102", "move", to=a_square(5, 5, dx=0.2)),
                   a_find("b", None, "add", to=a_square(30, 30), after_values={"building": "yes"}, probability=0.7))
    moved, added = tasks()
    for task in (moved, added):
        assert task["cooperativeWork"]["meta"] == {"version": 2, "type": 2}
        file = task["cooperativeWork"]["file"]
        assert (file["type"], file["format"], file["encoding"]) == ("xml", "osc", "base64")
        (tmp_path / "one.osc").write_bytes(base64.b64decode(file["content"], validate=True))
        changes = read_osc(tmp_path / "one.osc")
        assert set(changes["modify"]) == ({("node", n) for n in (7, 8, 9, 10)} if task is moved else set())
    assert len(changes["create"]) == 5
    assert "@id" not in added["features"][0]["properties"]


def test_what_cannot_be_a_task_is_counted(hamlet, a_find, tasks):
    hamlet.decided(a_find("a", "way/100", before_values={"building": "yes"}, after_values={"building": "house"}),
                   a_find("b", "way/101", "revisit"), a_find("c", "way/999", "delete"))
    assert len(tasks()) == 1
    assert hamlet.result["LEFT_OUT"] == 2
    hamlet.ledger.unlink()
    hamlet.decided(a_find("b", "way/101", "revisit"))
    with pytest.raises(InputError, match="propose no change of the map"):
        tasks()
