"""A file of torch.save is read as data: what it holds comes out, and a program in it does not run."""

from __future__ import annotations

import collections
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.models.torch_archive import Record, read_archive


class Thing:
    """An object of a class of our own."""

    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)


class Calls:
    """Wants a command to be run when it is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder / "it ran"),)


def saved(folder: Path, value: Any) -> Path:
    path = folder / "Graph ä.pt"
    torch.save(value, path)
    return path


def test_tensors_tables_lists_numbers_and_texts_come_out_as_they_went_in(tmp_path: Path) -> None:
    whole = torch.arange(24.0).reshape(4, 6)
    told = {"a": whole, "part": whole[1:, ::2].T, "ints": torch.tensor([[1, -2]]), "none": torch.zeros(0, 3),
            "bits": torch.tensor([True, False]), "half": torch.tensor(0.5, dtype=torch.bfloat16),
            "text": "Straße", "n": 300, "large": 2**40, "real": 0.25, "yes": True, "nothing": None,
            ("a", "to", "b"): [1, [2, "x"], (3, 4)], "table": collections.OrderedDict()}
    found = read_archive(saved(tmp_path, told), ())
    for name, value in told.items():
        if isinstance(value, torch.Tensor):
            assert torch.equal(found[name], value)
            assert found[name].dtype == value.dtype
        else:
            assert found[name] == value


def test_objects_of_named_classes_come_as_what_they_held_and_others_are_refused(tmp_path: Path) -> None:
    inner = Thing(x=torch.ones(2), kind="inner")
    inner.parent = inner
    path = saved(tmp_path, Thing(inner=inner, many={"a": 1}))
    name = f"{Thing.__module__} Thing"
    found = read_archive(path, (name,))
    assert isinstance(found, Record)
    assert found["inner"]["parent"] is found["inner"]
    assert torch.equal(found["inner"]["x"], torch.ones(2))
    with pytest.raises(InputError, match="nothing in it was run"):
        read_archive(path, ())


def test_a_program_in_a_file_does_not_run(tmp_path: Path) -> None:
    path = saved(tmp_path, {"weights": Calls(tmp_path)})
    with pytest.raises(InputError, match=r"asks for posix\.mkdir|asks for nt\.mkdir"):
        read_archive(path, ())
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("program", [
    pickle.dumps(print, protocol=2), pickle.dumps({1, 2}, protocol=4), b"\x80\x02}", b"\x80\x02u.", b"\x80\x02(u.",
    b"\x80\x02K\x01K\x02.", b"\x80\x02]}b.", b"\x80\x02h\x07.", b"nonsense", b"",
    b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n).R.", b"\x80\x02ccollections\nOrderedDict\nK\x01\x85R.",
    b"\x80\x02ctorch\nload\nX\x01\x00\x00\x00a\x85R."])
def test_a_program_that_asks_for_anything_else_is_refused(tmp_path: Path, program: bytes) -> None:
    path = tmp_path / "odd.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("odd/data.pkl", program)
    with pytest.raises(InputError, match="cannot be read as plain data"):
        read_archive(path, ())


def test_a_tensor_that_reaches_beyond_its_numbers_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, torch.arange(6.0))
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    program = next(name for name in entries if name.endswith("data.pkl"))
    for wrong in (entries[program].replace(b"K\x06\x85", b"K\x07\x85"),
                  entries[program].replace(b"K\x01\x85", b"K\x02\x85")):
        assert wrong != entries[program]
        other = tmp_path / "other.pt"
        with zipfile.ZipFile(other, "w") as archive:
            for name, content in {**entries, program: wrong}.items():
                archive.writestr(name, content)
        with pytest.raises(InputError, match="larger than its numbers"):
            read_archive(other, ())


def test_what_is_no_archive_or_a_compressed_one_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain.pt"
    plain.write_bytes(pickle.dumps({"a": 1}))
    squeezed = tmp_path / "squeezed.pt"
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("squeezed/data.pkl", b"\x80\x02}.")
    for path in (plain, squeezed, tmp_path):
        with pytest.raises(InputError, match="cannot be read as plain data"):
            read_archive(path, ())
    with pytest.raises(InputError, match="There is no file"):
        read_archive(tmp_path / "gone.pt", ())
