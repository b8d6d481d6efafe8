"""``geoloop:embed``: what cannot work is refused before an engine starts; the job gets what was asked for."""

from __future__ import annotations

import pytest

from geoloop.processing_provider.engine import client


@pytest.fixture
def given(raster_file, tmp_path):
    """Parameters that are good."""
    return {"IMAGERY": [str(raster_file())], "MODEL": "resnet18", "OUTPUT": str(tmp_path / "e.tif")}


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"OUTPUT": "e.shp"}, "OUTPUT must end in .tif"),
    ({"MODEL": "galileo_nano:gone.pt"}, "The file gone.pt of MODEL does not exist"),
    ({"TASK": "similar"}, "MAP must name a layer"),
    ({"TASK": "similar", "MAP": "gone.gpkg", "LIKE": "no SQL"}, "cannot be opened as a vector layer"),
    ({"LIKE": "1=1) OR (1=1"}, "LIKE is no valid condition: 1=1) OR (1=1; write one such as \"name\" = 'Old town'"),
    ({"MAP": "gone.gpkg"}, "cannot be opened as a vector layer"),
])
def test_what_cannot_work_is_refused(provider, context, given, changed, sentence):
    ok, why = provider.algorithm("embed").create().checkParameterValues({**given, **changed}, context)
    assert not ok
    assert sentence in why


def test_the_job_gets_the_layer_and_the_example(provider, context, recorded, given, vector_file, monkeypatch):
    asked = {}

    def run(python, name, params, feedback, variables):
        asked.update(name=name, params=params)
        return {"OUTPUT": params["output"], "MORANS_I": [0.9, 0.1]}

    monkeypatch.setattr(client, "run", run)
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")
    asked_for = {"MAP": str(vector_file()), "TASK": "similar", "LIKE": "\"osm_id\" = 'w1'", "DEVICE": "cuda:1"}
    found, ok = provider.algorithm("embed").create().run({**given, **asked_for}, context, recorded)
    assert ok, recorded.lines
    assert found["MORANS_I"] == "0.900, 0.100"
    assert asked["params"]["map"]["name"] == "buildings"
    assert asked["params"]["like"] == "\"osm_id\" = 'w1'"
    assert asked["params"]["device"] == "cuda:1"
