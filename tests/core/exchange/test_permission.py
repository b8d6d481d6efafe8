"""Nothing leaves the house that a licence keeps in it."""

from __future__ import annotations

import pytest

from geoloop.core.errors import InputError
from geoloop.core.exchange.permission import refuse_forbidden
from geoloop.core.jobs.inputs import SourceSettings
from geoloop.core.ledger import SourceRow

RETAG = {"before_values": {"building": "yes"}, "after_values": {"building": "house"}}


@pytest.mark.parametrize(("imagery", "said", "why"), [
    ({}, {}, r'set SOURCES to \{"ortho": \{"may_export": true\}\}'),
    ({"may_export": False}, {}, "“ortho” may not be exported"),
    ({"may_export": False}, {"ortho": SourceSettings(may_export=True)}, "“ortho” may not be exported"),
    ({}, {"ortho": SourceSettings(may_export=False)}, "may not be exported"),
    ({}, {"orto": SourceSettings(may_export=True)}, "speaks of “orto”, but the sources"),
], ids=str)
@pytest.mark.parametrize(("format", "ending"), [("osmchange", ".osc"), ("maproulette", ".json"), ("josm", ".html"),
                                                ("geojson", ".geojson"), ("tasks", ".gpkg")])
def test_a_source_that_does_not_allow_it_stops_the_export(hamlet, a_find, imagery, said, why, format, ending):
    hamlet.decided(a_find("a", "way/100", **RETAG), imagery=imagery, settings={"may_export": True})
    with pytest.raises(InputError, match=why):
        hamlet.export(format, ending, sources=said)
    assert not hamlet.output.exists()


def test_what_the_ledger_does_not_say_may_be_said_now(hamlet, a_find):
    hamlet.decided(a_find("a", "way/100", **RETAG), imagery={})
    changes = hamlet.osmchange(sources={"ortho": SourceSettings(may_export=True, licence="dl-de/by-2-0")})
    assert changes["modify"]
    assert "ortho (dl-de/by-2-0)" in hamlet.text()


def test_a_layer_goes_back_to_itself_but_not_to_others_unasked(hamlet, a_find):
    hamlet.decided(a_find("a", "way/100", **RETAG)).osmchange()
    with pytest.raises(InputError, match=r'"osm": \{"may_export": true\}'):
        hamlet.export("geojson", ".geojson")


def test_imagery_that_may_not_be_traced_gives_tags_but_no_outlines(hamlet, a_find, a_square):
    imagery = {"may_export": True, "may_trace": False}
    assert hamlet.decided(a_find("a", "way/100", **RETAG), imagery=imagery).osmchange()["modify"]
    hamlet.ledger.unlink()
    hamlet.decided(a_find("a", "way/100", "move", to=a_square(0, 0, dx=0.2)), imagery=imagery)
    with pytest.raises(InputError, match="drawn after “ortho”, which may not be traced"):
        hamlet.osmchange()


def test_imagery_that_is_called_like_the_layer_is_asked_all_the_same():
    rows = [SourceRow("imagery", "town", "town.tif"), SourceRow("map", "town", "town.gpkg")]
    with pytest.raises(InputError, match="Nobody said that what “town” shows may be exported"):
        refuse_forbidden(rows, {}, [], "town")


def test_only_the_sources_of_the_rounds_that_go_out_are_asked(hamlet, a_find):
    from geoloop.core.ledger import Ledger, Round, SourceRow

    hamlet.decided(a_find("a", "way/100", **RETAG))
    with Ledger.open(hamlet.ledger) as ledger:
        ledger.add_round(Round("flag", 8, {}), [SourceRow("imagery", "secret", "s.tif"),
                                                SourceRow("map", "osm", "osm.gpkg", crs="EPSG:4326")], (), ())
    assert hamlet.osmchange()["modify"]
    assert "secret" not in hamlet.text()
