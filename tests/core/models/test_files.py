"""Opening model files: whatever is wrong with one is said in one sentence before any runtime sees it."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from geoloop.core.errors import InputError
from geoloop.core.models.card import ModelCard
from geoloop.core.models.files import open_model, save_network

Bend = Callable[[onnx.ModelProto], None]


def refused(path: Path | str, match: str | None = None) -> str:
    """The one sentence that an unusable model gives; it names the file."""
    with pytest.raises(InputError, match=match) as error:
        open_model(str(path))
    message = str(error.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert Path(path).name in message
    return message


def pickled() -> bytes:
    return pickle.dumps({"weights": [1.0]})


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickled())
    return buffer.getvalue()


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".ckpt", ".pkl", ".PT"])
def test_a_torch_checkpoint_is_refused_with_the_way_to_convert_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"
    torch.save({"a": torch.zeros(1)}, path)
    assert "torch.onnx.export" in refused(path)


@pytest.mark.parametrize("suffix", [".onnx", ".safetensors"])
@pytest.mark.parametrize(("content", "match"), [
    (pickled(), "a pickle"), (zipped(), "a zip archive"), (b"<!DOCTYPE html><html></html>", "web page|safetensors"),
    (b'{"json": 1}' * 9, "JSON|safetensors"), (b"version https://git-lfs.github.com/spec/v1\n" * 3, "Git LFS"),
    (b"\x89HDF\r\n\x1a\n" * 9, "HDF5"), (b"", "is empty"), (b"some words and no model\n" * 9, "no ONNX|no whole"),
    (b"\0" * 4096, "no ONNX|no whole"), (b"\x08", "no ONNX|no whole"),
])
def test_a_file_in_disguise_is_refused(tmp_path: Path, suffix: str, content: bytes, match: str) -> None:
    path = tmp_path / f"disguised{suffix}"
    path.write_bytes(content)
    refused(path, match)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.onnx").mkdir()
    refused(tmp_path / "folder.onnx", "is a folder")
    refused(tmp_path / "nowhere.onnx", "There is no model")
    (tmp_path / "model.tflite").write_bytes(b"TFL3" * 9)
    refused(tmp_path / "model.tflite", "neither .onnx nor .safetensors")
    os.mkfifo(tmp_path / "pipe.onnx")
    refused(tmp_path / "pipe.onnx", "no regular file")
    with pytest.raises(InputError, match="cannot be read"):
        open_model("a\0b.onnx")


@given(share=st.floats(0.01, 0.99))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_truncated_model_is_refused(make_onnx: Callable[..., Path], own_file: Callable[..., Path], share: float,
                                      ) -> None:
    for whole in (make_onnx(), own_file()):
        content = whole.read_bytes()
        cut = whole.with_name(f"cut{whole.suffix}")
        cut.write_bytes(content[: max(1, int(len(content) * share))])
        refused(cut)


# --- ONNX -----------------------------------------------------------------------------------------------------------


def external(location: str, length: int = 4) -> onnx.TensorProto:
    tensor = TensorProto(name="outside", data_type=TensorProto.FLOAT, dims=[1])
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("length", str(length))):
        tensor.external_data.add(key=key, value=text)
    return tensor


def in_initializer(model: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    model.graph.initializer.append(tensor)


def in_sparse_initializer(model: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    model.graph.sparse_initializer.add().values.CopyFrom(tensor)


def in_attribute(model: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    model.graph.node.append(helper.make_node("Constant", [], ["c"], value=tensor))


def in_branch(model: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    branch = helper.make_graph([helper.make_node("Identity", ["outside"], ["b"])], "branch", [], [], [tensor])
    model.graph.node.append(helper.make_node("If", ["x"], ["c"], then_branch=branch, else_branch=branch))


def in_function(model: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    model.functions.append(helper.make_function("own", "F", [], ["c"], [
        helper.make_node("Constant", [], ["c"], value=tensor)], [helper.make_opsetid("", 17)]))


@pytest.mark.parametrize("place", [in_initializer, in_sparse_initializer, in_attribute, in_branch, in_function])
@pytest.mark.parametrize("location", ["/etc/hostname", "../secret.bin", "a/../../secret.bin", "C:\\secret.bin", "..\\s",
                                      "link/secret.bin", "", "*/_ORT_MEM_ADDR_/*"])
def test_weights_outside_the_models_folder_are_refused_wherever_they_are_named(
        tmp_path: Path, make_onnx: Callable[..., Path], place: Callable[..., None], location: str) -> None:
    inner = tmp_path / "models"
    inner.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"\0" * 64)
    (inner / "link").symlink_to(tmp_path)
    path = make_onnx("models/model.onnx", bend=lambda model: place(model, external(location)))
    refused(path, "outside its own folder")


def test_weights_beside_the_model_must_be_there_and_long_enough(make_onnx: Callable[..., Path]) -> None:
    path = make_onnx(bend=lambda model: in_initializer(model, external("weights.bin", length=64)))
    refused(path, "which is not there")
    path.with_name("weights.bin").write_bytes(b"\0" * 63)
    refused(path, "too short")
    path.with_name("weights.bin").write_bytes(b"\0" * 64)
    assert open_model(str(path)).format == "onnx"


def custom_operator(model: onnx.ModelProto) -> None:
    model.opset_import.add(domain="my.code", version=1)
    model.graph.node[1].domain = "my.code"


def hidden_custom_operator(model: onnx.ModelProto) -> None:
    branch = helper.make_graph([helper.make_node("Spy", ["x"], ["b"], domain="my.code")], "branch", [], [])
    model.graph.node.append(helper.make_node("If", ["x"], ["c"], then_branch=branch, else_branch=branch))


def newer_operators(model: onnx.ModelProto) -> None:
    model.opset_import[0].version = 999


def newer_format(model: onnx.ModelProto) -> None:
    model.ir_version = 999


def no_graph(model: onnx.ModelProto) -> None:
    del model.graph.node[:]


def broken_graph(model: onnx.ModelProto) -> None:
    model.graph.node[0].input[0] = "nothing"


def whole_numbers(model: onnx.ModelProto) -> None:
    model.graph.output[0].type.tensor_type.elem_type = TensorProto.INT64


def no_shape(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.ClearField("shape")


@pytest.mark.parametrize(("bend", "match"), [
    (custom_operator, "custom operator my.code"), (hidden_custom_operator, "custom operator my.code.Spy"),
    (newer_operators, "version 999"), (newer_format, "IR version 999"), (no_graph, "no ONNX network"),
    (broken_graph, "not valid ONNX"), (whole_numbers, "int64"), (no_shape, "not valid ONNX"),
])
def test_an_onnx_file_that_cannot_run_is_refused(make_onnx: Callable[..., Path], bend: Bend, match: str) -> None:
    refused(make_onnx(bend=bend), match)


@pytest.mark.parametrize(("shape", "match"), [
    (("n", "c", "h", "w"), "how many channels"), (("n", 3, 64, 96), "96 × 64"), (("n", 3, 20000, 20000), "at most"),
])
def test_shapes_that_are_no_square_image_are_refused(make_onnx: Callable[..., Path], shape: tuple[int | str, ...],
                                                     match: str) -> None:
    refused(make_onnx(shape=shape), match)


def test_shapes_tell_sides_batches_and_what_is_not_known(make_onnx: Callable[..., Path]) -> None:
    fixed = open_model(str(make_onnx(shape=(1, 5, 63, 63)))).card
    assert (fixed.inputs[0].side, fixed.inputs[0].batch, len(fixed.inputs[0].channels)) == (63, 1, 5)
    free = open_model(str(make_onnx())).card
    assert (free.inputs[0].side, free.inputs[0].batch, free.task, free.origin) == (None, None, "segmentation", "file")
    assert open_model(str(make_onnx(ending=""))).card.unknown == ("task", "scaling")


def test_what_is_not_known_is_asked_for_only_where_it_is_needed(make_onnx: Callable[..., Path]) -> None:
    model = open_model(str(make_onnx("bare.onnx")))
    model.require("task")
    with pytest.raises(InputError, match=r"how its input is scaled; write bare.json beside it"):
        model.require("task", "scaling")


def test_a_json_file_beside_the_model_says_what_it_does_not(make_onnx: Callable[..., Path]) -> None:
    path = make_onnx("bare.onnx")
    path.with_suffix(".json").write_text(json.dumps({"model_type": "Segmentor", "resolution": 30,
                                                     "class_names": {"0": "other", "1": "roof"}}), encoding="utf-8")
    model = open_model(str(path))
    model.require("task", "scaling", "classes")
    assert (model.card.origin, model.card.resolution_m) == ("deepness", 0.3)
    path.with_suffix(".json").write_text('{"something": "else"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"bare\.json is neither"):
        open_model(str(path))


def test_a_card_that_is_not_there_is_refused_with_those_that_are_shipped(make_onnx: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"no card dynamicwrld; .*dynamicworld"):
        open_model(str(make_onnx()), "dynamicwrld")


# --- safetensors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("architecture", "widths"), [("compact_unet", (8, 16, 32)), ("context_net", (24, 10))])
def test_a_saved_network_is_the_same_when_opened(tmp_path: Path, own_card: Callable[..., ModelCard],
                                                 own_networks: Callable[..., list], architecture: str,
                                                 widths: tuple[int, ...]) -> None:
    card = own_card(architecture=architecture, widths=widths, members=3)
    networks = own_networks(card)
    path = tmp_path / "saved.safetensors"
    save_network(path, networks, card)
    model = open_model(str(path))
    x = torch.randn(2, 3, 32, 48)
    with torch.inference_mode():
        expected = torch.stack([n(n.prepare(x)).softmax(dim=1) for n in networks]).mean(dim=0)
        given_back = model.network()(x)
    assert model.card == card
    torch.testing.assert_close(given_back, expected)
    assert [file.name for file in tmp_path.iterdir()] == ["saved.safetensors"]


def test_a_network_that_is_not_its_cards_is_not_saved(tmp_path: Path, own_card: Callable[..., ModelCard],
                                                      own_networks: Callable[..., list]) -> None:
    with pytest.raises(InputError, match="members"):
        save_network(tmp_path / "no.safetensors", own_networks(own_card(members=1)), own_card(members=2))
    assert not list(tmp_path.iterdir())


def rewritten(path: Path, change: Callable[[dict], None]) -> Path:
    """The file with another header, its weights as they were."""
    content = path.read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])
    return path


def card_change(**change: object) -> Callable[[dict], None]:
    def apply(header: dict) -> None:
        card = json.loads(header["__metadata__"]["geoloop_card"])
        header["__metadata__"]["geoloop_card"] = json.dumps({**card, **change})

    return apply


def overlap(header: dict) -> None:
    header["members.0.head.weight"]["data_offsets"] = header["members.1.head.weight"]["data_offsets"]


def other_shape(header: dict) -> None:
    header["members.0.head.weight"]["shape"].reverse()


def other_name(header: dict) -> None:
    header["members.0.head.wait"] = header.pop("members.0.head.weight")


def no_card(header: dict) -> None:
    del header["__metadata__"]["geoloop_card"]


def no_numbers(header: dict) -> None:
    header["members.0.head.weight"]["data_offsets"] = [0.5, "x"]


def foreign_dtype(header: dict) -> None:
    header["members.0.head.weight"]["dtype"] = "I64"


@pytest.mark.parametrize(("change", "match"), [
    (overlap, "overlap"), (other_shape, "shape"), (other_name, "head"), (no_card, "without GeoLoop's card"),
    (no_numbers, "described wrongly"), (foreign_dtype, "described wrongly"),
    (card_change(architecture="resnet"), "'resnet'"), (card_change(members=3), "members.2"),
    (card_change(members=10**6), "no network"), (card_change(widths=[10**9]), "no network"),
    (card_change(widths=[0, 9]), "no network"), (card_change(widths=[7, 9]), "shape"),
    (card_change(unheard=1), "unheard"),
    (card_change(task="detection"), "no network"),
])
def test_a_hostile_header_is_refused(own_file: Callable[..., Path], change: Callable[[dict], None], match: str) -> None:
    refused(rewritten(own_file(), change), match)


@pytest.mark.parametrize("header", [
    struct.pack("<Q", 2**63), struct.pack("<Q", 2**32) + b"{}" * 99, struct.pack("<Q", 200_000) + b"[" * 200_000,
    struct.pack("<Q", 200_000) + b'{"a":' * 40_000, struct.pack("<Q", 2) + b"[]", struct.pack("<Q", 8) + b'{"a": 1}',
    struct.pack("<Q", 2) + b"{}", b"\0" * 8,
])
def test_a_header_that_is_no_table_is_refused(tmp_path: Path, header: bytes) -> None:
    path = tmp_path / "hostile.safetensors"
    path.write_bytes(header)
    refused(path)


@given(flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_anywhere_in_a_header_gives_a_sentence_or_the_same_network(own_file: Callable[..., Path],
                                                                          flips: list[tuple[int, int]]) -> None:
    path = own_file()
    content = bytearray(path.read_bytes())
    for place, byte in flips:
        content[place] = byte
    path.write_bytes(bytes(content))
    try:
        model = open_model(str(path))
    except InputError:
        return
    assert sum(p.numel() for p in model.network().parameters()) > 0


def test_the_network_of_an_onnx_file_is_not_to_be_had(make_onnx: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="is ONNX"):
        open_model(str(make_onnx())).network()
