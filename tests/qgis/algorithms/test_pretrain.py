"""``geoloop:pretrain``: what cannot work is refused before an engine starts; the job has a process of its own."""

from __future__ import annotations

import pytest

from geoloop.processing_provider.engine import client


@pytest.fixture
def given(raster_file, vector_file, tmp_path):
    """Parameters that are good."""
    return {"IMAGERY": [str(raster_file())], "MAP": [str(vector_file())],
            "OUTPUT": str(tmp_path / "network.safetensors")}


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"OUTPUT": "network.pt"}, "OUTPUT must end in .safetensors"),
    ({"SURPRISE": "surprise.shp"}, "SURPRISE must end in .gpkg"),
    ({"MODEL": "network.onnx"}, "MODEL must be a .safetensors file that this algorithm wrote"),
    ({"MODEL": "gone.safetensors"}, "of MODEL does not exist"),
    ({"MAP": []}, "Neither MAP nor FIELD names a layer"),
])
def test_what_cannot_work_is_refused(provider, context, given, changed, sentence):
    ok, why = provider.algorithm("pretrain").create().checkParameterValues({**given, **changed}, context)
    assert not ok
    assert sentence in why


def test_the_model_itself_is_not_overwritten(provider, context, given, tmp_path):
    model = tmp_path / "network.safetensors"
    model.write_bytes(b"x")
    ok, why = provider.algorithm("pretrain").create().checkParameterValues({**given, "MODEL": str(model)}, context)
    assert not ok
    assert "OUTPUT is the MODEL itself" in why


def test_the_job_runs_alone_with_what_was_asked_for(provider, context, recorded, given, tmp_path, monkeypatch):
    asked = {}

    def run_alone(python, name, params, feedback, **_):
        asked.update(name=name, params=params)
        return {"OUTPUT": params["output"], "SURPRISE": params["surprise"], "LOSSES": {}}

    monkeypatch.setattr(client, "run_alone", run_alone)
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")
    surprise = str(tmp_path / "surprise.gpkg")
    found, ok = provider.algorithm("pretrain").create().run(
        {**given, "SURPRISE": surprise, "SIZE": "large", "RESOLUTION": 2.0, "SEED": 4}, context, recorded)
    assert ok, recorded.lines
    assert found == {"OUTPUT": given["OUTPUT"], "SURPRISE": surprise}
    assert asked["name"] == "pretrain"
    told = asked["params"]
    assert (told["size"], told["resolution_m"], told["seed"], told["effort"]) == ("large", 2.0, 4, "quick")
    assert [one["name"] for one in told["map"]] == ["buildings"]
