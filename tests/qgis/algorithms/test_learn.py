"""``geoloop:learn``, and what the loop is given to learn with: one sentence for what cannot be used."""

from __future__ import annotations

import pytest

from geoloop.core.ledger import Crs, Ledger

ENGINE = "/usr/bin/python3"  # found, but never started: all this is refused before


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "schon da.gpkg"
    Ledger.create(path, Crs("a plane", "", 0, 'LOCAL_CS["a plane",UNIT["metre",1]]')).close()
    return path


@pytest.mark.parametrize(("changed", "said"), [
    ({"LEDGER": "missing.gpkg"}, "missing.gpkg does not exist; run Flag or Loop first"),
    ({"MODEL": "model.pt"}, "MODEL must be an .onnx or .safetensors file"),
    ({"MODEL": "gone.safetensors"}, "of MODEL does not exist"),
    ({"OUTPUT": "next.onnx"}, "OUTPUT must end in .safetensors"),
    ({"OUTPUT": "/nowhere/next.safetensors"}, "of OUTPUT does not exist"),
])
def test_what_cannot_be_learnt_from_is_one_sentence(qgis_process, ledger, changed, said):
    arguments = {"LEDGER": ledger, **changed}
    ran = qgis_process("run", "geoloop:learn", "--", *(f"{name}={value}" for name, value in arguments.items()),
                       GEOLOOP_ENGINE_PYTHON=ENGINE)
    assert ran.code != 0, ran.text
    assert said in ran.text
    assert "Traceback" not in ran.text


def test_a_ledger_without_decisions_has_nothing_to_teach(qgis_process, engine_python, ledger):
    ran = qgis_process("run", "geoloop:learn", "--", f"LEDGER={ledger}", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code != 0, ran.text
    assert "holds no round of geoloop:loop or geoloop:flag" in ran.text
    assert "Traceback" not in ran.text


@pytest.mark.parametrize(("changed", "said"), [
    ({"MODEL": "model.pkl"}, "MODEL must be an .onnx or .safetensors file"),
    ({"ORACLE": None, "FIELD": None}, "ORACLE has 1 layers"),
])
def test_what_the_loop_cannot_use_is_one_sentence(qgis_process, tmp_path, raster_file, vector_file, changed, said):
    arguments = {"IMAGERY": raster_file(), "MAP": vector_file(), "LEGEND": "buildings", "LEDGER": tmp_path / "l.gpkg",
                 "OUTPUT": tmp_path / "fused.tif", **changed}
    if "ORACLE" in arguments:
        arguments |= {"ORACLE": vector_file("true"), "FIELD": vector_file("visits")}
    ran = qgis_process("run", "geoloop:loop", "--", *(f"{name}={value}" for name, value in arguments.items()),
                       GEOLOOP_ENGINE_PYTHON=ENGINE)
    assert ran.code != 0, ran.text
    assert said in ran.text
    assert "Traceback" not in ran.text
    assert not (tmp_path / "fused.tif").exists()


@pytest.mark.parametrize(("model", "said"), [
    ("model.pth", "MODEL must be an .onnx or .safetensors file"), ("gone.safetensors", "of MODEL does not exist"),
])
def test_a_model_that_flagging_cannot_hear_is_one_sentence(qgis_process, tmp_path, raster_file, vector_file, model,
                                                           said):
    arguments = {"IMAGERY": raster_file(), "MAP": vector_file(), "LEGEND": "buildings", "LEDGER": tmp_path / "l.gpkg",
                 "MODEL": model}
    ran = qgis_process("run", "geoloop:flag", "--", *(f"{name}={value}" for name, value in arguments.items()),
                       GEOLOOP_ENGINE_PYTHON=ENGINE)
    assert ran.code != 0, ran.text
    assert said in ran.text
    assert "Traceback" not in ran.text
    assert not (tmp_path / "l.gpkg").exists()
