"""What the ledger tells of the loop as a whole."""

from __future__ import annotations

import pytest

from geoloop.core.ledger import JournalLine, ReliabilityRow, Round
from geoloop.core.ledger.history import BREAK_S, pushes, reliabilities, reviewing, rounds, wrong_shares
from geoloop.core.ledger.history import shapes as shapes_of


def test_rounds_come_back_as_they_were_written(make, a_flag):
    with make(a_flag("a")) as ledger:
        trusted = ReliabilityRow("map", "houses", "häuser", {"häuser": 0.9}, 12.0, 0.9, 0.8, 0.95)
        ledger.add_round(Round("loop", 5, {"effort": "quick"}, {"numpy": "2"}, {"a.tif": "1:ab"}, {"peak_mb": 7},
                               "card", "CPU"), reliability=[trusted])
        first, second = rounds(ledger)
        ((number, row),) = reliabilities(ledger)
    assert (first.number, first.job, first.seed, first.parameters) == (1, "flag", 7, {"a": 1})
    assert (second.number, second.versions, second.fingerprints) == (2, {"numpy": "2"}, {"a.tif": "1:ab"})
    assert (second.metrics, second.model, second.device) == ({"peak_mb": 7}, "card", "CPU")
    assert (number, row.class_name, row.row, row.high) == (2, "häuser", {"häuser": 0.9}, 0.95)


def test_the_wrong_share_of_a_layer_is_its_newest_over_all_classes(make, a_flag):
    def row(layer: str, n: float, accuracy: float, source: str = "map", region: str = "") -> ReliabilityRow:
        return ReliabilityRow(source, layer, "house", {}, n, accuracy, accuracy, accuracy, region)

    with make(a_flag("a")) as ledger:
        assert wrong_shares(ledger) == {}
        ledger.add_round(Round("loop", 0, {}), reliability=[row("houses", 10.0, 0.5), row("trees", 10.0, 0.75)])
        ledger.decide(["a"], "reject", drawn_as="queue")
        ledger.add_round(Round("loop", 0, {}), reliability=[
            row("houses", 30.0, 0.9), row("houses", 10.0, 0.7), row("houses", 99.0, 0.0, region="north"),
            row("imagery", 10.0, 0.1, "imagery")])
        ledger.decide(["a"], "accept", drawn_as="queue")
        found = wrong_shares(ledger)
    assert {name: (one.share, one.knows) for name, one in found.items()} == {
        "houses": (pytest.approx(0.15), 1), "trees": (0.25, 0)}


def test_pushes_are_counted_by_what_became_of_them(make, a_flag):
    with make(a_flag("a"), a_flag("b"), a_flag("c")) as ledger:
        ledger.journal.append([
            JournalLine("p1", uid, "houses", "copy.gpkg", edit, "Delete", reviewer=who, state=state, why=why)
            for uid, edit, who, state, why in (
                ("a", "delete", "Ada, Zoë", "committed", ""), ("a", "neighbour", "Ada, Zoë", "committed", ""),
                ("b", "delete", "Bo", "committed", ""), ("c", "delete", "Bo", "stale", "changed"))])
        done, stale = pushes(ledger)
    assert (done.state, done.count, sorted(done.reviewers)) == ("committed", 2, ["Ada, Zoë", "Bo"])
    assert (stale.state, stale.count, stale.why) == ("stale", 1, "changed")


def test_a_reviewers_breaks_are_cut(make, a_flag):
    with make(a_flag("a"), a_flag("b"), a_flag("c")) as ledger:
        ledger.decide(["a"], "accept", reviewer="Bo", drawn_as="queue", seconds=8.0)
        ledger.decide(["b"], "accept", reviewer="Bo", drawn_as="queue", seconds=9000.0)
        ledger.decide(["c"], "accept", reviewer="Bo", drawn_as="queue")
        (row,) = reviewing(ledger)
    assert (row.reviewer, row.count, row.timed, row.seconds) == ("Bo", 3, 2, 8.0 + BREAK_S)


def test_outlines_are_as_the_source_has_them_else_as_proposed(make, a_flag, shapes):
    point, _ = shapes
    flags = [a_flag("a", before=point(1, 2)), a_flag("b"), a_flag("c", proposal=None)]
    with make(*flags) as ledger:
        fids = [row["fid"] for row in ledger.read("SELECT fid FROM discrepancies ORDER BY fid")]
        found = dict(shapes_of(ledger, fids))
    assert found == {fids[0]: point(1, 2), fids[1]: flags[1].proposal}
