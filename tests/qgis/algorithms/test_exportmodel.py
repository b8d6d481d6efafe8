"""``geoloop:exportmodel``: what comes out runs again and knows of itself what it was told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

ENGINE = "/usr/bin/python3"  # found, but never started
MAKE_MODEL = """
import sys
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
x, y = (helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", c, 32, 32]) for n, c in (("x", 3), ("y", 2)))
weights = numpy_helper.from_array(np.ones((2, 3, 1, 1), np.float32), "w")
nodes = [helper.make_node("Conv", ["x", "w"], ["s"]), helper.make_node("Softmax", ["s"], ["y"], axis=1)]
onnx.save(helper.make_model(helper.make_graph(nodes, "plain", [x], [y], [weights]),
                            opset_imports=[helper.make_opsetid("", 17)], ir_version=8), sys.argv[1])
"""
READ_CARD = """
import sys
sys.path.insert(0, sys.argv[1])
from geoloop.core.models.files import open_model
print(open_model(sys.argv[2]).card.to_json())
"""
CARD = {"model_type": "Segmentor", "class_names": {"0": "ground", "1": "roof"}, "resolution": 30}


@pytest.fixture
def model(engine_python, tmp_path) -> Path:
    """An ONNX model that says nothing of itself."""
    path = tmp_path / "plain.onnx"
    subprocess.run([str(engine_python), "-c", MAKE_MODEL, str(path)], check=True, timeout=120)
    return path


@pytest.fixture
def card(tmp_path) -> Path:
    path = tmp_path / "what it is.json"
    path.write_text(json.dumps(CARD))
    return path


@pytest.fixture
def card_of(engine_python):
    """What the engine reads of a model file."""
    def read(path: Path) -> dict:
        package = Path(__file__).resolve().parents[3] / ".dev"
        done = subprocess.run([str(engine_python), "-c", READ_CARD, str(package), str(path)], check=True, timeout=120,
                              capture_output=True, text=True)
        return json.loads(done.stdout)

    return read


def test_a_card_beside_a_model_goes_into_the_file(provider, context, recorded, engine_python, model, card, card_of,
                                                  tmp_path):
    output = tmp_path / "Dächer.onnx"
    given = {"MODEL": str(model), "CARD": str(card), "OUTPUT": str(output)}
    algorithm = provider.algorithm("exportmodel").create()
    ok, why = algorithm.checkParameterValues(given, context)
    assert ok, why
    found, ok = algorithm.run(given, context, recorded)
    assert ok, recorded.lines
    assert found == {"OUTPUT": str(output)}
    read = card_of(output)
    assert [label["name"] for label in read["outputs"][0]["classes"]] == ["ground", "roof"]
    assert read["resolution_m"] == pytest.approx(0.3)
    assert [channel["name"] for channel in read["inputs"][0]["channels"]] == ["red", "green", "blue"]


def test_it_runs_headless_into_a_temporary_file(qgis_process, engine_python, model, card):
    ran = qgis_process("--json", "run", "geoloop:exportmodel", "--", f"MODEL={model}", f"CARD={card}",
                       "OUTPUT=TEMPORARY_OUTPUT", GEOLOOP_ENGINE_PYTHON=str(engine_python))
    assert ran.code == 0, ran.text
    found = json.loads(ran.text[ran.text.index("{"):ran.text.rindex("}") + 1])["results"]
    assert found["OUTPUT"].endswith(".onnx")


@pytest.mark.parametrize(("changed", "said"), [
    ({"MODEL": ""}, "MODEL names no file"),
    ({"MODEL": "weights.ckpt"}, "MODEL must be an .onnx or .safetensors file"),
    ({"MODEL": "gone.safetensors"}, "of MODEL does not exist"),
    ({"CARD": "gone.json"}, "of CARD does not exist"),
    ({"OUTPUT": "model.pt"}, "OUTPUT must end in .onnx"),
    ({"OUTPUT": "/nowhere/model.onnx"}, "The folder /nowhere of OUTPUT does not exist"),
    ({"OUTPUT": "{model}"}, "OUTPUT is the MODEL itself"),
], ids=str)
def test_what_cannot_work_is_refused_before_the_engine_starts(provider, context, tmp_path, monkeypatch, changed, said):
    monkeypatch.setenv("GEOLOOP_ENGINE_PYTHON", ENGINE)
    model = tmp_path / "model.onnx"
    model.write_bytes(b"never read")
    given = {"MODEL": str(model), "OUTPUT": str(tmp_path / "out.onnx"),
             **{name: text.format(model=model) for name, text in changed.items()}}
    ok, why = provider.algorithm("exportmodel").create().checkParameterValues(given, context)
    assert not ok
    assert said in why
