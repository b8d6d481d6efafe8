"""What was said last counts, and how it stands with what was pushed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from geoloop.core.errors import LedgerError
from geoloop.core.ledger import Discrepancy, JournalLine, Ledger, Round
from geoloop.core.ledger.verdicts import last_decision, last_model, last_parameters, verdicts


def test_the_newest_decision_on_each_discrepancy_counts(make: Callable[..., Ledger],
                                                        a_flag: Callable[..., Discrepancy]) -> None:
    with make(a_flag("a", before_values={"b": 1, "a": 2}), a_flag("b", target_key="2"), a_flag("c")) as ledger:
        assert last_decision(ledger) == 0
        ledger.decide(["a", "b"], "accept", drawn_as="queue")
        ledger.decide(["a"], "reject")
        found = verdicts(ledger)
        said = [(one.uid, one.decision, one.in_bulk) for one in found]
        assert said == [("b", "accept", False), ("a", "reject", True)]
        assert found[1].watched == ("a", "b")
        assert found[1].proposal is not None
        assert last_decision(ledger) == 3


def test_features_that_were_looked_at_without_a_flag_are_among_them(make: Callable[..., Ledger],
                                                                    a_flag: Callable[..., Discrepancy]) -> None:
    with make(a_flag("a")) as ledger:
        with ledger.writing() as db:
            db.executemany("INSERT INTO decisions (layer, key, decision, at, drawn_as) VALUES ('houses', '7', ?, 'now',"
                           " 'audit')", [("accept",), ("reject",)])
        (one,) = verdicts(ledger)
        assert (one.uid, one.source, one.layer, one.key, one.decision) == (None, "map", "houses", "7", "reject")


def test_what_was_pushed_and_taken_back_is_told(make: Callable[..., Ledger], a_flag: Callable[..., Discrepancy]
                                                ) -> None:
    with make(a_flag("a")) as ledger:
        ledger.decide(["a"], "accept")
        assert [d[0] for d in ledger.awaiting()] == ["obsolete"]
        line = JournalLine("p", "a", "houses", "h.gpkg", "delete", "Delete")
        line = replace(line, id=ledger.journal.append([line])[0])
        ledger.journal.update([replace(line, state="committed")])
        assert not ledger.awaiting()
        assert not verdicts(ledger)[0].undone
        ledger.journal.update([replace(line, state="undone")])
        assert verdicts(ledger)[0].undone


def test_the_model_of_the_newest_round_that_left_one_is_found(make: Callable[..., Ledger],
                                                              a_flag: Callable[..., Discrepancy]) -> None:
    with make(a_flag("a")) as ledger:
        assert last_model(ledger) is None
        ledger.add_round(Round("learn", 0, {}, metrics={"model_file": "m/round-2.safetensors",
                                                        "learning": {"after_decision": 12}}))
        number = ledger.add_round(Round("flag", 0, {"effort": "long"}))
        ledger.add_metrics(number, {"simulated": {"decisions": 3}})
        found = last_model(ledger)
        assert found is not None
        assert (found.path, found.round, found.job, found.knows) == ("m/round-2.safetensors", 2, "learn", 12)
        assert last_parameters(ledger) == {"effort": "long"}


@pytest.mark.parametrize("spoilt", ["{broken", "[1, 2]", None])
def test_parameters_that_somebody_spoilt_are_one_sentence(make: Callable[..., Ledger],
                                                          a_flag: Callable[..., Discrepancy], spoilt: str | None
                                                          ) -> None:
    with make(a_flag("a")) as ledger:
        with ledger.writing() as db:
            db.execute("UPDATE rounds SET job = 'flag', parameters_json = ?", (spoilt,))
        with pytest.raises(LedgerError, match="does not say any more how its last round was made"):
            last_parameters(ledger)
