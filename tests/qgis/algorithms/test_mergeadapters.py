"""``geoloop:mergeadapters``: folders or files in them; what cannot work is refused before an engine starts."""

from __future__ import annotations

import pytest

from geoloop.processing_provider.engine import client


@pytest.fixture
def given(tmp_path):
    """Two folders that look like adapters."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "geoloop_card.json").write_text("{}")
    return {"ADAPTERS": [str(tmp_path / "a"), str(tmp_path / "b" / "geoloop_card.json")],
            "OUTPUT": str(tmp_path / "m.safetensors")}


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"OUTPUT": "m.pt"}, "OUTPUT must end in .safetensors"),
    ({"HOLDOUTS": ["gone.safetensors"]}, "of HOLDOUTS does not exist"),
    ({"WEIGHTS": "a,b"}, "WEIGHTS must be numbers"),
    ({"ADAPTERS": ["gone", "gone"]}, "is no adapter that geoloop:finetune wrote"),
])
def test_what_cannot_work_is_refused(provider, context, given, changed, sentence):
    ok, why = provider.algorithm("mergeadapters").create().checkParameterValues({**given, **changed}, context)
    assert not ok
    assert sentence in why


@pytest.mark.parametrize("weights", ["2, 1", [2, 1]], ids=["text", "list"])
def test_folders_and_files_in_them_reach_the_job(provider, context, recorded, given, tmp_path, monkeypatch, weights):
    asked = {}

    def run(python, name, params, feedback, variables):
        asked.update(name=name, params=params)
        return {"OUTPUT": params["output"], "ADAPTER": "x", "KEPT": 0.9, "CHECKS": [], "WORST_CHANGE": None}

    monkeypatch.setattr(client, "run", run)
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", "/usr/bin/python3")
    found, ok = provider.algorithm("mergeadapters").create().run({**given, "WEIGHTS": weights}, context, recorded)
    assert ok, recorded.lines
    assert found["KEPT"] == 0.9
    assert list(asked["params"]["adapters"]) == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert list(asked["params"]["weights"]) == [2.0, 1.0]
