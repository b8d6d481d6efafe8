"""What the ledger remembers, and that it is always whole."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Barrier

import pytest

from geoloop.core.errors import InputError, LedgerError
from geoloop.core.ledger import Crs, JournalLine, Ledger, Round, SourceRow, plan_push


def line(uid, push="p1", state="committed", source="/a.gpkg|layername=houses", **more):
    return JournalLine(push=push, uid=uid, target_layer="houses", target_source=source, edit="delete", command="Delete",
                       state=state, **more)


def count(ledger, table):
    return ledger._one(f"SELECT count(*) FROM {table}")


def test_a_ledger_is_opened_only_where_there_is_one(ledger_path, tmp_path):
    with pytest.raises(LedgerError, match="does not exist"):
        Ledger.open(ledger_path)
    ledger_path.write_text("no database at all, but some text that is long enough to look like a file")
    with pytest.raises(LedgerError, match="cannot be read"):
        Ledger.open(ledger_path)
    other = tmp_path / "other.gpkg"
    sqlite3.connect(other).execute("CREATE TABLE t (a)").connection.close()
    with pytest.raises(LedgerError, match="no GeoLoop ledger"):
        Ledger.open(other)


def test_runs_that_make_the_same_ledger_in_the_same_instant_share_it(ledger_path):
    together = Barrier(6)

    def first_round(seed):
        together.wait()
        with Ledger.create(ledger_path, Crs("x", "EPSG", 32633, "WKT")) as made:
            return made.add_round(Round("flag", seed, {}))

    with ThreadPoolExecutor(6) as runs:
        numbers = list(runs.map(first_round, range(6)))
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    with Ledger.open(ledger_path) as ledger:
        assert {row["seed"] for row in ledger.read("SELECT seed FROM rounds")} == set(range(6))
    assert [one.name for one in ledger_path.parent.iterdir()] == [ledger_path.name]


def test_where_files_have_no_links_a_ledger_is_made_all_the_same(ledger_path, monkeypatch):
    def link(*given):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    Ledger.create(ledger_path, Crs("x", "EPSG", 32633, "WKT")).close()
    with Ledger.create(ledger_path, Crs("x", "EPSG", 32633, "WKT")) as ledger:
        assert ledger.read("SELECT * FROM rounds") == []
    assert [one.name for one in ledger_path.parent.iterdir()] == [ledger_path.name]


def test_a_ledger_that_cannot_be_made_leaves_nothing(tmp_path):
    with pytest.raises(LedgerError, match="cannot be written"):
        Ledger.create(tmp_path / "missing" / "a.gpkg", Crs("x", "EPSG", 32633, "WKT"))
    with pytest.raises(LedgerError):
        Ledger.create(tmp_path / "a.gpkg", Crs("x", "EPSG", 32633, None))  # a CRS needs its definition
    assert list(tmp_path.iterdir()) == []


def test_a_round_that_fails_half_way_leaves_nothing(make, a_flag):
    with make() as ledger:
        def flags():
            yield a_flag("a")
            raise RuntimeError("the engine crashed")

        with pytest.raises(RuntimeError):
            ledger.add_round(Round("flag", 1, {}), [SourceRow("map", "x", "y")], (), flags())
        with pytest.raises(LedgerError, match="nothing was changed"):
            ledger.add_round(Round("flag", 1, {}), (), (), [a_flag("a"), a_flag("a")])
        assert (count(ledger, "rounds"), count(ledger, "sources"), count(ledger, "discrepancies")) == (1, 1, 0)
        assert count(ledger, "rtree_discrepancies_geom") == 0
        with ledger.new_round() as number:
            assert number == 2


def test_two_rounds_at_once_have_two_numbers(make, a_flag):
    with make() as one, Ledger.open(one.path) as other, one.new_round() as first, other.new_round() as second:
        assert (first, second) == (2, 3)
        assert other.add_round(Round("flag", 1, {}), (), (), [a_flag("b")], second) == 3
        assert one.add_round(Round("flag", 1, {}), (), (), [a_flag("a")], first) == 2
        assert one.add_round(Round("evaluate", 0, {})) == 4
        assert [tuple(row) for row in one.read("SELECT uid, round FROM discrepancies ORDER BY uid")] == [
            ("a", 2), ("b", 3)]


def test_a_round_that_was_not_made_leaves_its_number_to_the_next(make):
    with make() as ledger:
        with pytest.raises(RuntimeError), ledger.new_round() as number:
            raise RuntimeError("cancelled")
        assert number == ledger.add_round(Round("flag", 1, {})) == 2
        with Ledger.open(ledger.path) as other, other.new_round() as later:
            with pytest.raises(RuntimeError), ledger.new_round() as number:
                raise RuntimeError("cancelled")
            assert (later, number) == (3, 4)
            with ledger.new_round() as again:
                assert again == 4


def test_decisions_are_only_ever_appended_and_the_newest_counts(make, a_flag):
    with make(a_flag("a"), a_flag("b")) as ledger:
        for word, status in (
            ("accept", "accepted"),
            ("reject", "rejected"),
            ("unsure", "unsure"),
            ("accept", "accepted"),
        ):
            ledger.decide(["a"], word)
            assert ledger.status() == {"a": status, "b": "open"}
        assert count(ledger, "decisions") == 4


def test_one_unknown_uid_or_word_and_no_decision_is_recorded(make, a_flag):
    with make(a_flag("a")) as ledger:
        with pytest.raises(InputError, match="has no discrepancy 'b'"):
            ledger.decide(["a", "b"], "accept")
        with pytest.raises(InputError, match="must be one of"):
            ledger.decide(["a"], "perhaps")
        assert count(ledger, "decisions") == 0


def test_the_status_follows_what_happened_last(make, a_flag):
    with make(a_flag("a")) as ledger:
        def status():
            return ledger.status()["a"]

        assert status() == "open"
        ledger.decide(["a"], "accept")
        (first,) = ledger.journal.append([line("a", state="planned")])
        assert status() == "accepted"
        ledger.journal.update([replace(line("a"), id=first, fid=7, state="committed")])
        assert status() == "pushed"
        ledger.decide(["a"], "reject")
        assert status() == "pushed"  # it stands in the layer until it is undone
        ledger.journal.update([replace(line("a"), id=first, state="undone")])
        assert status() == "undone"
        ledger.decide(["a"], "accept")
        assert status() == "accepted"
        ledger.journal.append([line("a", state="stale", why="changed")])
        assert status() == "stale"
        ledger.decide(["a"], "accept")
        assert status() == "accepted"
        ledger.journal.append([line("a", state="failed", why="refused")])
        assert status() == "accepted"


def test_only_the_top_kind_of_a_cause_is_shown_and_pushed(make, a_flag):
    flags = [a_flag("low", cause="c", probability=0.3), a_flag("top", cause="c", probability=0.6, kind="wrong_class"),
             a_flag("other", probability=0.2)]
    with make(*flags) as ledger:
        assert [row["uid"] for row in ledger._db.execute("SELECT uid FROM review ORDER BY fid")] == ["top", "other"]
        assert [edit.uid for edit in plan_push(ledger, "houses", 0.1)] == ["top", "other"]
        (pushed,) = ledger.journal.append([line("top")])
        assert [edit.uid for edit in plan_push(ledger, "houses", 0.1)] == ["other"]  # its rival is not due now
        ledger.journal.update([replace(line("top"), id=pushed, state="undone")])
        ledger.decide(["top"], "reject")
        assert [edit.uid for edit in plan_push(ledger, "houses", 0.1)] == ["other"]
        ledger.decide(["low"], "accept")
        assert [edit.uid for edit in plan_push(ledger, "houses")] == ["low"]


def test_a_plan_keeps_to_what_was_accepted_and_to_its_bounds(make, a_flag):
    flags = [a_flag("a", probability=0.9), a_flag("b", probability=0.5), a_flag("c", probability=0.99, edit="revisit"),
             a_flag("d", probability=0.7, target_layer="roads")]
    with make(*flags) as ledger:
        assert plan_push(ledger, "houses") == []
        assert [edit.uid for edit in plan_push(ledger, "houses", 0.9)] == ["a"]
        ledger.decide(["b", "c"], "accept", reviewer="Zoë")
        plan = plan_push(ledger, "houses", 0.9)
        assert [(edit.uid, edit.reviewer) for edit in plan] == [
            ("b", "Zoë"),
            ("a", ""),
        ]  # what a person said comes first
        with pytest.raises(InputError, match=r"2 edits are due.*MAX_EDITS \(1\)"):
            plan_push(ledger, "houses", 0.9, 1)
        with pytest.raises(InputError, match="knows no layer 'parks'; it knows houses"):
            plan_push(ledger, "parks")


def test_a_layer_that_may_not_be_edited_has_no_plan(make, a_flag):
    with make(a_flag("a"), may_edit=False) as ledger, pytest.raises(InputError, match="may_edit"):
        plan_push(ledger, "houses", 0.1)


def test_what_was_pushed_into_a_copy_is_due_in_the_layer(make, a_flag):
    with make(a_flag("a"), a_flag("b", target_key="2")) as ledger:
        ledger.decide(["a", "b"], "accept")
        ledger.journal.append([line("a", source="/copy.gpkg")])
        assert [edit.uid for edit in plan_push(ledger, "houses", target_source="/h.gpkg")] == ["a", "b"]
        assert [edit.uid for edit in plan_push(ledger, "houses")] == ["b"]
        ledger.journal.supersede("/copy.gpkg", "p2")
        assert ledger.status() == {"a": "accepted", "b": "accepted"}


def test_undo_is_planned_last_first_by_push_uid_and_address(make, a_flag):
    with make(a_flag("a"), a_flag("b"), a_flag("c")) as ledger:
        ledger.journal.append([line("a"), line("b")])
        ledger.journal.append([line("c", push="p2"), line("a", push="p3", state="failed")])
        ledger.journal.append([line("a", push="p4", source="/copy.gpkg")])

        def uids(which, source="/a.gpkg|layername=houses"):
            return [found.uid for found in ledger.journal.plan_undo("houses", which, source)]

        assert uids("all") == ["c", "b", "a"]
        assert uids("last") == ["c"]
        assert uids("p1") == ["b", "a"]
        assert uids("b") == ["b"]
        assert uids("all", "/copy.gpkg") == ["a"]
        assert uids("none of these") == []


def test_images_survive_the_journal(make, a_flag, shapes):
    point, _ = shapes
    values = {
        "name": "Häuser",
        "n": 3,
        "h": 1.5,
        "gone": None,
        "raw": {"base64": "AAE="},
        "tags": ["a", "b"],
        "ok": True,
    }
    with make(a_flag("a")) as ledger:
        (identity,) = ledger.journal.append([line("a", before_wkb=point(1, 2), before_values=values, fid=4)])
        (found,) = ledger.journal.plan_undo("houses", "all")
        assert (found.before_wkb, found.before_values, found.after_wkb, found.after_values, found.fid, found.id) == (
            point(1, 2), values, None, None, 4, identity)
        assert JournalLine.from_json(found.to_json()) == found


def test_a_journal_line_that_does_not_stand_cannot_be_updated(make, a_flag):
    with make(a_flag("a")) as ledger:
        (identity,) = ledger.journal.append([line("a", state="planned")])
        with pytest.raises(LedgerError, match="nothing was changed"):
            ledger.journal.update([line("a", state="committed", id=identity), line("a", state="committed", id=99)])
        assert [found.state for found in ledger.journal.unfinished("/a.gpkg|layername=houses")] == ["planned"]
        ledger.journal.abandon("p1", "broke off")
        assert ledger.journal.unfinished("/a.gpkg|layername=houses") == []


def test_a_ledger_held_by_another_program_is_named(make, a_flag, ledger_path):
    make(a_flag("a")).close()
    other = sqlite3.connect(ledger_path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with (
            pytest.raises(LedgerError, match=r"close the program|close other programs"),
            Ledger.open(ledger_path, timeout_s=0.1) as ledger,
        ):
            ledger.decide(["a"], "accept")
    finally:
        other.close()


@pytest.mark.parametrize(("change", "lacks"), [
    ("ALTER TABLE rounds DROP COLUMN device", r"lacks rounds\.device: another version"),
    ("DROP TABLE reliability", "lacks reliability: another version"),
])
def test_a_ledger_that_lacks_what_a_round_needs_is_refused_before_the_round(make, a_flag, change, lacks):
    with make(a_flag("a")) as ledger:
        ledger.check_writable()
        with ledger.writing() as db:
            db.execute(change)
        with pytest.raises(LedgerError, match=lacks):
            ledger.check_writable()


def test_rejected_discrepancies_are_remembered(make, a_flag, shapes):
    with make(a_flag("a"), a_flag("b")) as ledger:
        ledger.decide(["a"], "reject")
        assert ledger.rejected() == [("obsolete", "s", shapes[0](500_000, 5_500_000), "houses")]


@pytest.mark.parametrize("statement", ["UPDATE decisions SET decision = 'reject'", "DELETE FROM decisions"])
def test_nothing_a_reviewer_said_can_be_overwritten_by_whatever_program(make, a_flag, ledger_path, statement):
    with make(a_flag("a")) as ledger:
        ledger.decide(["a"], "accept")
    with closing(sqlite3.connect(ledger_path)) as other, pytest.raises(sqlite3.IntegrityError, match="append only"):
        other.execute(statement)


def test_what_nobody_looked_at_is_never_planned_for_a_layer_of_openstreetmap(make, a_flag):
    with make(a_flag("a"), a_flag("b", target_key="2"), licence="ODbL 1.0") as ledger:
        ledger.decide(["b"], "accept")
        assert [edit.uid for edit in plan_push(ledger, "houses", push_above=0.5)] == ["b"]
