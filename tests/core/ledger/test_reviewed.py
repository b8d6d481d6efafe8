"""What was said of each discrepancy, for whoever hands findings on."""

from __future__ import annotations

from geoloop.core.ledger import Round, SourceRow
from geoloop.core.ledger.reviewed import reviewed, round_dates, sources_of


def test_the_newest_decision_and_the_whole_record_come_back(make, a_flag, shapes):
    point, _ = shapes
    flags = [a_flag("a", probability=0.3, before=point(1, 2), after_values={"use": "wood"}, evidence={"sentence": "ä"}),
             a_flag("b", probability=0.9)]
    with make(*flags) as ledger:
        ledger.decide(["a"], "reject", reviewer="Ana", drawn_as="bulk")
        ledger.decide(["a"], "accept", reviewer="Zoë", drawn_as="audit")
        second, first = reviewed(ledger)
    assert second.discrepancy.uid == "b"
    assert (second.status, second.decision, second.drawn_as, second.decided_at) == ("open", "", "", "")
    assert (first.status, first.decision, first.reviewer, first.drawn_as) == ("accepted", "accept", "Zoë", "audit")
    for name in ("before", "proposal", "after_values", "evidence", "kind", "edit", "target_key", "signature"):
        assert getattr(first.discrepancy, name) == getattr(flags[0], name), name


def test_of_rivals_only_the_surest_is_the_top(make, a_flag):
    with make(a_flag("low", cause="c", probability=0.3), a_flag("top", cause="c", probability=0.6)) as ledger:
        assert {one.discrepancy.uid: one.is_top for one in reviewed(ledger)} == {"top": True, "low": False}


def test_a_layer_is_asked_for_by_name(make, a_flag):
    with make(a_flag("a"), a_flag("b", target_layer="roads")) as ledger:
        assert [one.discrepancy.uid for one in reviewed(ledger, "roads")] == ["b"]


def test_of_each_source_the_newest_statement_counts_and_columns_overrule_the_json(make, a_flag):
    with make(a_flag("a"), may_export=False) as ledger:
        ledger.add_round(Round("flag", 8, {}), [SourceRow("map", "houses", "h.gpkg", settings={"may_export": True}),
                                                SourceRow("imagery", "ortho", "o.tif")], (), ())
        assert [row.settings.get("may_export") for row in sources_of(ledger, [1])] == [False]
        assert [(row.layer, row.settings.get("may_export")) for row in sources_of(ledger, [1, 2])] == [
            ("ortho", None), ("houses", True)]
        with ledger._transaction() as database:  # as someone does who edits the table in QGIS
            database.execute("UPDATE sources SET may_export = 1, licence = 'CC0' WHERE layer = 'ortho'")
        (ortho, _) = sources_of(ledger, [2])
        assert ortho.settings == {"may_export": True, "licence": "CC0"}
        assert list(round_dates(ledger)) == [1, 2]
