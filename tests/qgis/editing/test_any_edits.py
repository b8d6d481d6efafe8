"""Whatever is pushed, undoing all of it gives the layer back; and much of it is pushed quickly."""

from __future__ import annotations

import contextlib
import shutil
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qgis.core import QgsProcessingException

HOUSES = 8
EDITS = st.lists(st.tuples(
    st.sampled_from(["add", "delete", "retag", "set_value", "move", "reshape", "merge"]), st.integers(0, HOUSES - 1),
    st.sampled_from(["church", "Scheune ä", "", None]), st.floats(-1e6, 1e6, allow_nan=False),
    st.floats(0.6, 9.0)), min_size=1, max_size=12)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp"])
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_undoing_all_gives_every_feature_its_signature_back(town, push, undo, house, suffix, edits):
    place = town(suffix=suffix, houses=HOUSES)
    try:
        before, ids = place.signatures(), sorted(place.signatures())
        place.flags(*(planned(number, edit, ids, house) for number, edit in enumerate(edits)))
        with contextlib.suppress(QgsProcessingException):  # which tells the edits that were left out
            push(place)
        states = place.states()
        assert len(states) == len(edits)
        assert "planned" not in states
        if "committed" in states:
            assert undo(place)["UNDONE"] == states.count("committed")
        after = place.signatures()
        assert sorted(after.values()) == sorted(before.values())
        if suffix == ".gpkg":
            assert after == before
    finally:
        from qgis.core import QgsProject

        QgsProject.instance().removeAllMapLayers()
        shutil.rmtree(place.folder)
        place.folder.mkdir()


def planned(number, edit, ids, house):
    kind, which, text, height, size = edit
    if kind == "add":
        return ("add", None, house(100 + number, size=size), {"building": text, "height": height})
    if kind == "move":
        return ("move", ids[which], house(which, shift=size), {})
    if kind == "reshape":
        return ("reshape", ids[which], house(which, size=size), {"height": height})
    if kind == "set_value":
        return ("set_value", ids[which], None, {"height": height})
    if kind == "retag":
        return ("retag", ids[which], None, {"building": text})
    return (kind, ids[which], None, {})


def test_two_thousand_edits_take_seconds(town, push, undo, house):
    """A tenth of the figure that benchmarks measure, with room for a slow machine."""
    place = town(houses=2000)
    before = place.signatures()
    place.flags(*(("retag", fid, None, {"building": "church"}) if fid % 3 else ("delete", fid, None, {})
                  for fid in range(1, 1501)), *(("add", None, house(5000 + n), {}) for n in range(500)))
    began = time.perf_counter()
    assert push(place)["APPLIED"] == 2000
    pushed = time.perf_counter() - began
    began = time.perf_counter()
    assert undo(place)["UNDONE"] == 2000
    undone = time.perf_counter() - began
    print(f"pushed in {pushed:.2f} s, undone in {undone:.2f} s")
    assert place.signatures() == before
    assert pushed < 20
    assert undone < 20
