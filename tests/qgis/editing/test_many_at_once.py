"""One bad edit among many, and a file that somebody else holds."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from qgis.core import QgsProcessingException


def test_a_rule_that_only_the_last_of_500_edits_breaks_costs_that_one_alone(town, push, undo):
    place = town(houses=500)
    before = place.signatures()
    with closing(sqlite3.connect(place.path)) as database:
        database.execute(f'CREATE TRIGGER refuse BEFORE UPDATE ON "{place.name}" WHEN NEW.building = \'bad\' '
                         "BEGIN SELECT RAISE(ABORT, 'not allowed here'); END")
        database.commit()
    place.flags(*(("retag", n, None, {"building": "bad" if n == 500 else "church"}) for n in range(1, 501)))
    with pytest.raises(QgsProcessingException, match=r"1 of 500 edits(.|\n)*d0499(.|\n)*not allowed here"):
        push(place)
    assert [row["building"] for _, row in sorted(place.rows().items())] == ["church"] * 499 + ["house"]
    assert place.states() == ["committed"] * 499 + ["failed"]
    assert undo(place)["UNDONE"] == 499
    assert place.signatures() == before


def test_a_file_that_another_program_holds_is_told_once_and_not_for_every_edit(town, push):
    place = town(houses=100)
    before = place.signatures()
    place.flags(*(("retag", n, None, {"building": "church"}) for n in range(1, 101)))
    began = time.monotonic()
    with closing(sqlite3.connect(place.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(QgsProcessingException, match=r"100 of 100 edits(.|\n)*locked"):
            push(place)
        holder.execute("ROLLBACK")
    assert time.monotonic() - began < 60
    assert place.signatures() == before
    assert set(place.status().values()) == {"accepted"}
    assert push(place)["APPLIED"] == 100
