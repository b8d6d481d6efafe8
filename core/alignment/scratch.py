"""Arrays that may be larger than memory."""

from __future__ import annotations

import mmap
from tempfile import TemporaryFile

import numpy as np
from numpy.typing import DTypeLike, NDArray

IN_MEMORY = 1 << 26


def scratch(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray:
    """Return an array of noughts; a large one in a file of its own, gone with the array: it may be written out."""
    if np.dtype(dtype).itemsize * int(np.prod(shape)) < IN_MEMORY:
        return np.zeros(shape, dtype)
    with TemporaryFile(prefix="geoloop-") as file:
        return np.memmap(file, dtype, "w+", shape=shape)


def settle(array: NDArray) -> None:
    """Take what has been written to or read from a :func:`scratch` array out of this process's memory, where the system
    can: it stays in the file.
    """
    lies_in = getattr(array, "_mmap", None)
    if lies_in is not None and hasattr(mmap, "MADV_DONTNEED"):
        lies_in.madvise(mmap.MADV_DONTNEED)
