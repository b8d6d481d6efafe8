"""Files that torch.save wrote, read as data: tensors, tables, lists, numbers and texts, and nothing else.

Such a file is a zip archive with a pickle in it, and a pickle is a program for a machine that can call anything. Here
the machine knows no calls: the program is gone through instruction by instruction, a tensor is put together from the
bytes of its own entry, and whatever else the program wants makes the file refused. ``torch.load(weights_only=True)``
does the same for files of weights, but refuses the graphs that torch_geometric saves.
"""

from __future__ import annotations

import pickletools  # nosec B403 - it names the steps of a pickle and takes none
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..errors import InputError, first_line

MAX_PROGRAM = 16 * 2**20
DTYPES = {
    "FloatStorage": torch.float32, "DoubleStorage": torch.float64, "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16, "LongStorage": torch.int64, "IntStorage": torch.int32,
    "ShortStorage": torch.int16, "CharStorage": torch.int8, "ByteStorage": torch.uint8, "BoolStorage": torch.bool}
_TENSOR, _TABLE = "torch._utils _rebuild_tensor_v2", "collections OrderedDict"
_VALUES = ("BINUNICODE", "SHORT_BINUNICODE", "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT")
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_TUPLES = {"EMPTY_TUPLE": 0, "TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class Record(dict[str, Any]):
    """An object of a class that may occur: what it held, by name."""


@dataclass(frozen=True)
class _Name:
    """A class or function, by its name alone."""

    name: str


class _Mark:
    """Where a group of values on the stack begins."""


def read_archive(path: str | Path, records: Collection[str]) -> Any:
    """Return what a file of torch.save holds. Objects of the classes ``records`` (``module class``) come as
    :class:`Record`, the classes themselves as their names. Raises :class:`InputError` for whatever is no such file,
    or holds anything but data.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _Machine(archive, records).run()
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}; name one that you have downloaded.") from error
    except (OSError, ValueError, KeyError, IndexError, TypeError, RuntimeError, zipfile.BadZipFile,
            NotImplementedError, OverflowError) as error:
        raise InputError(f"The file {path} cannot be read as plain data ({first_line(error)}); nothing in it was run. "
                         "Download it again, or save its tensors alone.") from error


class _Machine:
    """Goes through a pickle's instructions, which are few in what torch saves."""

    def __init__(self, archive: zipfile.ZipFile, records: Collection[str]) -> None:
        programs = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl")]
        if len(programs) != 1:
            raise ValueError("it is no archive of torch.save")
        self._archive, self._records = archive, records
        self._folder = programs[0].removesuffix("data.pkl")
        if self._entry("byteorder", b"little") != b"little":
            raise ValueError("its numbers are big-endian")
        self._program = self._entry("data.pkl")
        self._storages: dict[str, Tensor] = {}
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def _entry(self, name: str, default: bytes | None = None) -> bytes:
        full = self._folder + name
        if default is not None and full not in self._archive.namelist():
            return default
        info = self._archive.getinfo(full)
        # torch stores and does not compress: what is compressed may be of any size.
        if info.compress_type != zipfile.ZIP_STORED or (name == "data.pkl" and info.file_size > MAX_PROGRAM):
            raise ValueError(f"its entry {name} is not as torch writes it")
        return self._archive.read(full)

    def run(self) -> Any:
        for opcode, argument, _ in pickletools.genops(self._program):
            name = opcode.name
            if name == "STOP":
                if len(self._stack) != 1:
                    raise ValueError("its program does not come to an end")
                return self._stack[0]
            self._step(name, argument)
        raise ValueError("its program does not come to an end")

    def _step(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name in ("PROTO", "FRAME"):
            return
        if name in _VALUES:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in ("EMPTY_DICT", "EMPTY_LIST"):
            stack.append({} if name == "EMPTY_DICT" else [])
        elif name == "MARK":
            stack.append(_Mark())
        elif name == "TUPLE":
            stack.append(tuple(self._group()))
        elif name in _TUPLES:
            stack.append(tuple(self._top(_TUPLES[name])))
        elif name in ("BINPUT", "LONG_BINPUT"):
            self._memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(self._memo[argument])
        elif name in ("SETITEM", "SETITEMS"):
            pairs = self._top(2) if name == "SETITEM" else self._group()
            self._last(dict).update(zip(pairs[::2], pairs[1::2], strict=True))
        elif name in ("APPEND", "APPENDS"):
            values = self._top(1) if name == "APPEND" else self._group()
            self._last(list).extend(values)
        elif name == "GLOBAL":
            stack.append(self._named(argument))
        elif name == "BINPERSID":
            stack.append(self._storage(*self._top(1)))
        elif name in ("NEWOBJ", "REDUCE"):
            what, arguments = self._top(2)
            stack.append(self._made(what, arguments, record=name == "NEWOBJ"))
        elif name == "BUILD":
            (state,) = self._top(1)
            self._last(Record).update(state)
        else:
            raise ValueError(f"it asks for {name}")

    def _top(self, count: int) -> list[Any]:
        if len(self._stack) < count:
            raise ValueError("its program takes what is not there")
        values = self._stack[len(self._stack) - count:]
        del self._stack[len(self._stack) - count:]
        if any(isinstance(value, _Mark) for value in values):
            raise ValueError("its program takes what is not there")
        return values

    def _group(self) -> list[Any]:
        at = max(i for i, value in enumerate(self._stack) if isinstance(value, _Mark))
        values = self._stack[at + 1:]
        del self._stack[at:]
        return values

    def _last(self, kind: type) -> Any:
        if type(self._stack[-1]) is not kind:
            raise ValueError(f"it puts something into what is no {kind.__name__}")
        return self._stack[-1]

    def _named(self, name: str) -> Any:
        module, _, kind = name.partition(" ")
        if name in self._records or name in (_TENSOR, _TABLE) or (module == "torch" and kind in DTYPES):
            return _Name(name)
        raise ValueError(f"it asks for {name.replace(' ', '.')}")

    def _storage(self, told: Any) -> Tensor:
        """The numbers of an entry, once each."""
        what, kind, key, _, count = told
        if what != "storage" or not isinstance(kind, _Name) or not isinstance(key, str) or type(count) is not int:
            raise ValueError("a tensor of it is described wrongly")
        dtype = DTYPES[kind.name.partition(" ")[2]]
        if key not in self._storages:
            content = self._entry(f"data/{key}")
            self._storages[key] = torch.frombuffer(bytearray(content), dtype=dtype) if content else torch.empty(
                0, dtype=dtype)
        found = self._storages[key]
        if found.dtype != dtype or len(found) < count:
            raise ValueError("a tensor of it is larger than its numbers")
        return found

    def _made(self, what: Any, arguments: Any, record: bool) -> Any:
        name = what.name if isinstance(what, _Name) else ""
        if record and name in self._records and arguments == ():
            return Record()
        if not record and name == _TABLE and arguments == ():
            return {}
        if not record and name == _TENSOR:
            return _tensor(*arguments[:4])
        raise ValueError(f"it makes {name.replace(' ', '.') or 'something'} in a way that is not data's")


def _tensor(storage: Any, offset: Any, size: Any, stride: Any) -> Tensor:
    whole = [offset, *size, *stride]
    if not isinstance(storage, Tensor) or not all(type(v) is int and 0 <= v < 2**40 for v in whole) or len(size) != len(
            stride):
        raise ValueError("a tensor of it is described wrongly")
    last = offset + sum((side - 1) * step for side, step in zip(size, stride, strict=True))
    if 0 in size:
        return torch.empty(size, dtype=storage.dtype)
    if last >= len(storage):
        raise ValueError("a tensor of it is larger than its numbers")
    return storage.as_strided(size, stride, offset).clone()
