"""Proposals that a reviewer changed: what is planned, handed on and remembered of them."""

from __future__ import annotations

import pytest

from geoloop.core.errors import InputError
from geoloop.core.ledger import JournalLine, plan_one, plan_push
from geoloop.core.ledger import queue as table
from geoloop.core.ledger.amendments import Amendment, standing
from geoloop.core.ledger.queue import QueueRow
from geoloop.core.ledger.reviewed import reviewed

ADDRESS = "/h.gpkg|layername=houses"


@pytest.fixture
def queued(make, a_flag, shapes):
    """A queue of one item that proposes a move, and one that proposes nothing yet."""
    ledger = make(
        a_flag("move", kind="shifted", edit="move", class_now="house"),
        a_flag("ask", kind="wrong_value", edit="flag", target_key="2", before_values={"roof": "tin"}),
        a_flag("gone", target_key="3"))
    rows = [QueueRow(rank, 1, "houses", uid, None, "queue", None, 1.0, 8.0, None)
            for rank, uid in enumerate(("move", "ask", "gone"), start=1)]
    rows.append(QueueRow(4, 1, "houses", None, "9", "audit", 0.5, 1.0, 8.0, None))
    table.write(ledger, rows, [], [], 0)
    yield ledger
    ledger.close()


def test_what_is_planned_and_handed_on_is_the_proposal_as_it_was_changed(queued, shapes):
    there = shapes[0](500_007, 5_500_003)
    table.decide(queued, [1], "accept", reviewer="Zoë", amendment=Amendment("reshape", there, {"roof": "tiles"}))
    (edit,) = plan_push(queued, "houses")
    assert (edit.edit, edit.proposal, edit.after_values, edit.reviewer) == ("reshape", there, {"roof": "tiles"}, "Zoë")
    assert edit.command == "Reshape house 1 (shifted)"
    assert plan_one(queued, "move", ADDRESS) == edit
    handed_on = next(one.discrepancy for one in reviewed(queued) if one.discrepancy.uid == "move")
    assert (handed_on.proposal, handed_on.edit) == (there, "reshape")


def test_a_flag_that_asked_what_to_write_is_planned_once_a_reviewer_said_it(queued):
    table.decide(queued, [2], "accept")
    assert plan_push(queued, "houses") == []
    assert plan_one(queued, "ask", ADDRESS) is None
    table.decide(queued, [2], "accept", amendment=Amendment("set_value", None, {"roof": "tiles"}))
    assert [(edit.edit, edit.after_values) for edit in plan_push(queued, "houses")] == [
        ("set_value", {"roof": "tiles"})]
    assert plan_one(queued, "ask", ADDRESS).watched == ("roof",)


def test_the_newest_decision_counts_with_its_change_or_without(queued, shapes):
    table.decide(queued, [1], "accept", amendment=Amendment("move", shapes[0](1, 1)))
    table.decide(queued, [1], "accept")
    assert standing(queued) == {}
    assert plan_push(queued, "houses")[0].proposal == shapes[0](500_000, 5_500_000)
    table.decide(queued, [1], "reject")
    assert plan_one(queued, "move", ADDRESS) is None
    assert len(queued.read("SELECT 1 FROM amendments")) == 1


def test_a_page_shows_a_change_with_its_decision(queued, shapes):
    change = Amendment("move", shapes[0](1, 1), class_proposed="house")
    table.decide(queued, [1], "accept", amendment=change)
    assert [item.amendment for item in table.page(queued, 1)] == [change, None, None, None]


@pytest.mark.parametrize(("ranks", "decision", "match"), [
    ([1, 3], "accept", "accepting one discrepancy"), ([1], "reject", "accepting one discrepancy"),
    ([4], "accept", "proposes nothing"),
])
def test_a_change_goes_with_accepting_one_discrepancy_or_nothing_is_recorded(queued, ranks, decision, match):
    with pytest.raises(InputError, match=match):
        table.decide(queued, ranks, decision, amendment=Amendment("move", None))
    assert queued.read("SELECT 1 FROM decisions") == []


def test_one_edit_of_a_cause_stands_already_and_no_other_is_planned(make, a_flag):
    with make(a_flag("a", cause="c"), a_flag("b", cause="c")) as ledger:
        ledger.decide(["a", "b"], "accept")
        ledger.journal.append([JournalLine("p1", "a", "houses", ADDRESS, "delete", "Delete house", state="committed")])
        assert plan_one(ledger, "b", ADDRESS) is None
        assert plan_one(ledger, "b", "/elsewhere.gpkg").uid == "b"


def test_a_layer_that_may_not_be_edited_is_named(make, a_flag):
    with make(a_flag("a"), may_edit=False) as ledger:
        ledger.decide(["a"], "accept")
        with pytest.raises(InputError, match="may_edit is false"):
            plan_one(ledger, "a", ADDRESS)
