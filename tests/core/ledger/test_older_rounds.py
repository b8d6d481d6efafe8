"""A ledger of several rounds: layers that the last one did not use, and flags that it has judged anew."""

from __future__ import annotations

import math

import pytest

from geoloop.core.errors import InputError
from geoloop.core.exchange.selection import LeftOut, choose
from geoloop.core.feedback import Feedback
from geoloop.core.jobs import decide, push
from geoloop.core.ledger import Round, SourceRow
from geoloop.core.ledger.reviewed import reviewed
from geoloop.core.ledger.verdicts import verdicts
from geoloop.core.review.open_flags import overtaken

from .conftest import polygon


def test_a_layer_that_the_last_round_did_not_use_is_known_still(make, a_flag):
    with make(a_flag("a")) as ledger:
        ledger.add_round(Round("flag", 1, {}),
                         [SourceRow("map", "roads", "r.gpkg"), SourceRow("imagery", "ortho", "o")])
        assert ledger.target_layers() == [("roads", "r.gpkg"), ("houses", "h.gpkg")]
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "houses", "moved.gpkg")])
        assert ledger.target_layers() == [("houses", "moved.gpkg"), ("roads", "r.gpkg")]


def test_nothing_of_openstreetmap_is_accepted_in_bulk_whatever_came_after_it(make, a_flag, ledger_path):
    with make(a_flag("a"), licence="ODbL 1.0") as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "roads", "r.gpkg")])
    with pytest.raises(InputError, match="each object judged by a person"):
        decide.run(decide.Params(str(ledger_path), ("a",), "accept"), Feedback())


@pytest.fixture
def twice(make, a_flag):
    """A missing house that two rounds have found, one that only the first has looked at, and one that only it sees."""
    place = {"kind": "missing", "edit": "add", "target_key": None, "signature": None, "probability": 0.9}
    shapes = {name: square(x) for name, x in (("old", 0), ("far", 500), ("doubted", 6))}
    with make(*(a_flag(uid, proposal=shape, **place) for uid, shape in shapes.items())) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "houses", "h.gpkg")], (), [
            a_flag("new", proposal=square(1), **place), a_flag("other", proposal=square(20), **place)])
        yield ledger


def square(x: float) -> bytes:
    x, y = 500_000 + x, 5_500_000
    return polygon([(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10), (x, y)])


def test_undecided_ones_are_pushed_as_the_newest_round_sees_them(twice):
    plan = push.run(push.Params(str(twice.path), "houses", push_above=0.8), Feedback())
    assert sorted(edit["uid"] for edit in plan["EDITS"]) == ["far", "new", "other"]
    twice.decide(["old"], "accept")  # a person may know better
    plan = push.run(push.Params(str(twice.path), "houses", push_above=0.8), Feedback())
    assert sorted(edit["uid"] for edit in plan["EDITS"]) == ["far", "new", "old", "other"]


def test_undecided_ones_go_out_as_the_newest_round_sees_them(twice):
    left = LeftOut()
    found = choose(reviewed(twice), "undecided", left, overtaken=overtaken(twice))
    assert sorted(one.discrepancy.uid for one in found) == ["far", "new", "other"]
    assert "newer round" in " ".join(left.lines())


@pytest.mark.parametrize(("first", "then", "stands"), [
    ({}, {"where": "use = 'church'"}, {"seen", "other"}),
    ({"where": "use = 'church'"}, {"where": "use = 'church'"}, set()),
    ({"where": "use = 'church'"}, {"where": "use = 'house'"}, {"seen", "other"}),
    ({"where": "use = 'church'"}, {}, set()),
    ({}, {"source": "db", "part": "selected 7"}, {"seen", "other"}),
    ({"source": "db"}, {"source": "db"}, set()),
])
def test_what_the_filter_of_a_newer_round_hid_was_not_judged_anew(make, a_flag, first, then, stands):
    """Flags of features stand that it did not see; what it flags itself, and places without a feature, it did see."""
    def round_with(given):
        return Round("flag", 1, {"map": [{"path": "h.gpkg", "name": "houses", **given}]})

    with make() as ledger:
        ledger.add_round(round_with(first), [SourceRow("map", "houses", "h.gpkg")], (), [
            a_flag("seen", proposal=square(5), target_key="1"), a_flag("again", proposal=square(6), target_key="2"),
            a_flag("place", proposal=square(7), target_key=None), a_flag("other", proposal=square(8), target_key="4")])
        ledger.add_round(round_with(then), [SourceRow("map", "houses", "h.gpkg")], (), [
            a_flag("a", proposal=square(0), target_key="2"), a_flag("b", proposal=square(20), target_key="5")])
        assert overtaken(ledger) == {"seen", "other", "again", "place"} - stands


def test_an_unflagged_feature_is_of_its_layer_and_not_of_imagery_of_that_name(make, a_flag):
    with make(a_flag("a")) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("imagery", "houses", "houses.tif"),
                                                SourceRow("field", "houses", "h.gpkg")])
        with ledger.writing() as db:
            db.execute("INSERT INTO decisions (layer, key, decision, at, drawn_as) VALUES ('houses', '7', 'accept',"
                       " '2026-01-01', 'audit')")
        (one,) = verdicts(ledger)
    assert (one.source, one.key) == ("field", "7")
    assert math.isnan(one.probability)
