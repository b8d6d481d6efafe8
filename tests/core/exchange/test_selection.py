"""What goes out of a ledger, of each cause one thing, and nothing that a decision has settled."""

from __future__ import annotations

import pytest

from geoloop.core.exchange.selection import RIVAL, SETTLED, LeftOut, choose
from geoloop.core.ledger import Crs, Discrepancy, Ledger, Round, SourceRow
from geoloop.core.ledger.reviewed import reviewed


@pytest.fixture
def rivals(tmp_path):
    """One feature that is likelier gone than shifted, another that is either, and one by itself."""
    def flag(uid, cause, kind, edit, probability):
        return Discrepancy(uid, "map", "houses", kind, edit, probability, None, target_key=cause, cause=cause)

    with Ledger.create(tmp_path / "loop.gpkg", Crs("UTM", "EPSG", 32633, "")) as ledger:
        ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "houses", "h.gpkg")], (), [
            flag("a gone", "a", "obsolete", "delete", 0.6), flag("a off", "a", "shifted", "move", 0.3),
            flag("b gone", "b", "obsolete", "delete", 0.5), flag("b off", "b", "shifted", "move", 0.4),
            flag("c", "c", "obsolete", "delete", 0.9)])
        yield ledger


@pytest.mark.parametrize(("only", "out", "why"), [
    ("accepted", ["a off"], ""), ("undecided", ["c", "b gone"], SETTLED), ("all", ["c", "b gone", "a off"], SETTLED)])
def test_the_likelier_rival_of_what_a_person_accepted_does_not_go_out(rivals, only, out, why):
    rivals.decide(["a off"], "accept", drawn_as="queue")
    left = LeftOut()
    assert [one.discrepancy.uid for one in choose(reviewed(rivals), only, left)] == out
    assert why in " ".join(left.lines())


def test_of_two_rivals_that_were_accepted_the_surer_one_goes_out(rivals):
    rivals.decide(["b gone", "b off"], "accept", drawn_as="queue")
    left = LeftOut()
    assert [one.discrepancy.uid for one in choose(reviewed(rivals), "accepted", left)] == ["b gone"]
    assert RIVAL in " ".join(left.lines())
