"""Which device a network runs on, trusted only after it has really computed something."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass

import psutil
import torch
from torch.nn.functional import conv2d

from ..errors import InputError, first_line

_WISHES = re.compile(r"auto|cpu|cuda(:\d+)?")
_MB = 1024 * 1024


@dataclass(frozen=True)
class Device:
    """The device of a run.

    ``torch_name`` is what torch calls it, ``name`` what its maker does; ``line`` is one sentence for the log that says
    which device is used and, if it is not the one asked for, why. ``capability`` is CUDA's (empty on a CPU).
    ``kernel_ok`` is whether the check computation succeeded. Memory is in MB, 1 MB being 2**20 bytes.
    """

    torch_name: str
    name: str
    line: str
    kernel_ok: bool
    capability: str
    threads: int
    free_memory_mb: int
    free_device_memory_mb: int

    def torch(self) -> torch.device:
        return torch.device(self.torch_name)


def choose_device(wish: str = "auto") -> Device:
    """Return the device for ``wish``: ``auto``, ``cpu``, ``cuda`` or ``cuda:1``.

    ``auto`` takes a GPU if a kernel really runs on it. A GPU that was asked for and does not compute is replaced by the
    CPU, and ``line`` says why. Raises :class:`InputError` for any other wish.
    """
    wish = wish.strip().lower() or "auto"
    if not _WISHES.fullmatch(wish):
        raise InputError(f"DEVICE is {wish!r}; it must be auto, cpu, cuda or cuda:1.")
    if wish == "cpu":
        return _cpu("as asked")
    gpu = "cuda:0" if wish in ("auto", "cuda") else wish
    why = _why_unusable(gpu)
    if why:
        return _cpu(why)
    index = torch.device(gpu).index
    properties = torch.cuda.get_device_properties(index)
    free_mb = torch.cuda.mem_get_info(index)[0] // _MB
    capability = f"{properties.major}.{properties.minor}"
    return Device(
        gpu, properties.name,
        f"Device: {gpu}, {properties.name} (compute capability {capability}), {free_mb} MB free.",
        True, capability, torch.get_num_threads(), free_memory_mb(), free_mb,
    )


def free_memory_mb() -> int:
    """Return the main memory that can be used without swapping."""
    return int(psutil.virtual_memory().available) // _MB


def _cpu(why: str) -> Device:
    problem = _why_kernel_fails(torch.device("cpu"))
    threads, free_mb = torch.get_num_threads(), free_memory_mb()
    line = f"Device: CPU ({why}), {threads} threads, {free_mb} MB free."
    if problem:
        line += f" A computation on it failed: {problem}."
    return Device("cpu", _cpu_name(), line, not problem, "", threads, free_mb, free_mb)


def _why_unusable(gpu: str) -> str:
    """Return why torch cannot compute on ``gpu``; empty if it can."""
    if torch.version.cuda is None:
        return "this engine's torch has no CUDA"
    if not torch.cuda.is_available():
        return "no usable NVIDIA driver or device was found"
    device = torch.device(gpu)
    if device.index >= torch.cuda.device_count():
        return f"there is no {gpu}, only {torch.cuda.device_count()} CUDA devices"
    problem = _why_kernel_fails(device)
    return f"{gpu} is there but does not compute: {problem}" if problem else ""


def _why_kernel_fails(device: torch.device) -> str:
    """Run a matrix product and a convolution on ``device``; return what went wrong, or nothing.

    A driver that is too old, or a card that the build has no code for, shows only when a kernel is launched.
    """
    try:
        ones = torch.ones(64, 64, device=device)
        product = float((ones @ ones).sum())
        convolved = float(conv2d(torch.ones(1, 4, 8, 8, device=device), torch.ones(2, 4, 3, 3, device=device)).sum())
    except Exception as error:  # any failure of the driver means the same: do not use it
        return first_line(error)
    return "" if (product, convolved) == (64.0**3, 2 * 36 * 36.0) else "its results are wrong"


def _cpu_name() -> str:
    return f"{platform.machine()} with {torch.backends.cpu.get_cpu_capability()}"
