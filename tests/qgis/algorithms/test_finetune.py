"""``geoloop:finetune``: what cannot work is refused before an engine starts; the job gets what was asked for."""

from __future__ import annotations

import pytest

from geoloop.processing_provider.engine import client


@pytest.fixture
def given(raster_file, vector_file, tmp_path):
    """Parameters that are good."""
    return {"IMAGERY": [str(raster_file())], "MAP": [str(vector_file())],
            "SOURCES": '{"buildings": {"class_field": "building"}}', "OUTPUT": str(tmp_path / "model.safetensors")}


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"OUTPUT": "network.pt"}, "OUTPUT must end in .safetensors"),
    ({"REPORT": "report.pdf"}, "REPORT must end in .html"),
    ({"HOLDOUT": "held.npz"}, "HOLDOUT must end in .safetensors"),
    ({"MODEL": "galileo_nano:gone.pt"}, "The file gone.pt of MODEL does not exist"),
    ({"MODEL": "gone.pt"}, "The file gone.pt of MODEL does not exist"),
    ({"MAP": []}, "Neither MAP nor FIELD names a layer"),
])
def test_what_cannot_work_is_refused(provider, context, given, changed, sentence):
    ok, why = provider.algorithm("finetune").create().checkParameterValues({**given, **changed}, context)
    assert not ok
    assert sentence in why


def test_the_job_runs_alone_with_what_was_asked_for(provider, context, recorded, given, tmp_path, monkeypatch):
    asked = {}

    def run_alone(python, name, params, feedback, **_):
        asked.update(name=name, params=params)
        return {"OUTPUT": params["output"], "ADAPTER": "", "REPORT": "", "HOLDOUT": "", "SCORE": 0.5,
                "SCORE_RANDOM": 0.7, "ECE_BEFORE": 0.2, "ECE_AFTER": 0.1, "TRAINED_SHARE": 0.03}

    monkeypatch.setattr(client, "run_alone", run_alone)
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")
    weights = tmp_path / "encoder.pt"
    weights.write_bytes(b"x")
    found, ok = provider.algorithm("finetune").create().run(
        {**given, "MODEL": f"galileo_nano:{weights}", "METHOD": "adapter", "TARGET": "height", "CROP": 32, "SEED": 4,
         "COMPARE": False}, context, recorded)
    assert ok, recorded.lines
    assert found["OUTPUT"] == given["OUTPUT"]
    assert found["SCORE"] == 0.5
    told = asked["params"]
    assert asked["name"] == "finetune"
    assert told["model"] == f"galileo_nano:{weights}"
    assert (told["method"], told["target"], told["crop"], told["seed"], told["compare"], told["loss"]) == (
        "adapter", "height", 32, 4, False, "balanced")
    assert [one["name"] for one in told["map"]] == ["buildings"]
