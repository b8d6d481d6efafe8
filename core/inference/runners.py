"""Running a network on batches: by torch or by ONNX Runtime, on a GPU or a CPU, halving a batch that is too large."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ..errors import InputError, first_line
from ..feedback import Feedback
from ..models.card import ModelCard
from ..models.files import ModelFile
from ..models.output_shapes import output_shapes
from ..models.placed import placed
from ..models.precision import has_bfloat16
from ..models.softmax_last import without_softmax
from .device import Device, choose_device

Precision = Literal["full", "fast"]
Outputs = list[torch.Tensor]
"""Raw outputs of a batch, first axis N, single precision, where the network computed them."""
PROBE = 128
"""Side of the tile that a model is first tried on."""
MOST_READERS = 8
COMPILE_FROM = 200
"""Batches from which on compiling a network for a GPU takes less time than it saves."""


ONNX_KINDS = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64",
              "tensor(uint8)": "uint8"}
"""What ONNX Runtime calls the types of inputs that may be run."""


class Runner(Protocol):
    """Inputs, one array (N, C, H, W) each and scaled as the card says, to the raw outputs, first axis N."""

    line: str
    """One sentence: which device it really runs on, and how."""
    where: str
    """The device in a few words that are the same in every run."""
    workers: int
    """How many threads may call it at once and gain by it."""
    readers: int
    """How many threads must read imagery to keep it busy."""
    device: torch.device
    """Where its outputs are."""
    shapes: list[tuple[int, ...]] | None
    """The shapes of the outputs for one tile, where they are known before it has run."""

    def room(self, shape: tuple[int, ...], dtype: Any = np.float32) -> NDArray[np.float32]:
        """An empty array for inputs, in whatever memory they leave for the device fastest."""
        ...

    def __call__(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs: ...

    def run(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        """The network alone."""
        ...

    def finish(self, outputs: Outputs) -> Outputs:
        """What else there is to do, which need not keep the next batch waiting."""
        ...


def open_runner(model: ModelFile, device: Device, feedback: Feedback, *, precision: Precision = "full", side: int = 0,
                batches: int = 0) -> Runner:
    """Return what runs a model; ``batches`` of tiles of ``side`` pixels are how many it will be given, if known.

    Raises :class:`InputError` for a model that does not run at all.
    """
    if model.format == "safetensors":
        return TorchRunner(model.network(), len(model.card.inputs[0].channels), device, feedback, precision=precision,
                           side=side, batches=batches)
    return OnnxRunner(model, device, feedback, side=side)


class TorchRunner:
    """A torch network. On a GPU: half precision where it is wide enough, channels last, pinned asynchronous copies, and
    two threads with a stream each, so that copies hide behind computation; outputs stay in the GPU's memory. On a CPU:
    full precision; ``fast`` takes bfloat16 where the processor has it.
    """

    def __init__(self, network: nn.Module, bands: int, device: Device, feedback: Feedback, *,
                 precision: Precision = "full", side: int = 0, batches: int = 0) -> None:
        self.device = device.torch()
        self._cuda = self.device.type == "cuda"
        self._network = placed(network.eval(), self.device)
        self._half = _half_of(device, precision)
        self._streams = threading.local()
        self._feedback = feedback
        self._most = 1 << 30
        self.workers = 2 if self._cuda else 1
        self.readers = min(MOST_READERS, os.cpu_count() or 1) if self._cuda else 1
        self.line, self.where = device.line, device.name
        self.shapes: list[tuple[int, ...]] | None = None
        if self._half is not None:
            self.line = f"{device.line} Computing in {str(self._half).removeprefix('torch.')}."
        if self._cuda and batches >= COMPILE_FROM:
            self._compile(bands, side)

    def room(self, shape: tuple[int, ...], dtype: Any = np.float32) -> NDArray[np.float32]:
        """An empty array for inputs; for a GPU in pinned memory."""
        room: NDArray[np.float32] = torch.empty(shape, pin_memory=self._cuda).numpy()
        return room

    def __call__(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        return self.run(inputs)

    def run(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        """The network alone."""
        return in_parts(inputs, self._most, self._run, self._smaller)

    def finish(self, outputs: Outputs) -> Outputs:
        """Nothing is left to do."""
        return outputs

    def _run(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        with torch.inference_mode(), torch.autocast(self.device.type, self._half or torch.bfloat16,
                                                    enabled=self._half is not None):
            if not self._cuda:
                return _single(self._network(*(_channels_last(torch.from_numpy(x)) for x in inputs)))
            stream = self._stream()
            with torch.cuda.stream(stream):
                there = [_channels_last(torch.from_numpy(x).pin_memory().to(self.device, non_blocking=True))
                         for x in inputs]
                outputs = _single(self._network(*there))
            stream.synchronize()
            for y in outputs:  # the caller's stream uses them next: their memory must not be given away before
                y.record_stream(torch.cuda.default_stream(self.device))
            return outputs

    def _stream(self) -> Any:
        if not hasattr(self._streams, "own"):
            self._streams.own = torch.cuda.Stream(self.device)
        return self._streams.own

    def _compile(self, bands: int, side: int) -> None:
        """Compile the network for tiles of a side; where that fails it runs as it is, and one line says so."""
        try:
            compiled: Any = torch.compile(self._network)
            with torch.inference_mode(), torch.autocast("cuda", self._half):
                for batch in (2, 3):  # two sizes: from then on the batch may have any
                    compiled(_channels_last(torch.zeros(batch, bands, side, side, device=self.device)))
            self._network = compiled
        except Exception as error:  # whatever the compiler lacks, the network itself is fine
            self._feedback.info(f"The network runs uncompiled ({first_line(error)}).")

    def _smaller(self, most: int) -> None:
        if self._cuda:
            torch.cuda.empty_cache()
        self._most = most
        self._feedback.warning(f"The memory of {self.device} is full: going on with {most} tiles at a time.")


class OnnxRunner:
    """An ONNX model in ONNX Runtime, by CUDA where its provider really computes, else on all of the CPU's threads and
    with the softmax that it ends in by torch.

    ``side`` is that of the tiles, if known; ``path`` another file of the same model (default: its own), ``softmax`` the
    axes along which that one's outputs still take a softmax.
    """

    def __init__(self, model: ModelFile, device: Device, feedback: Feedback, *, side: int = 0, path: str = "",
                 softmax: Mapping[str, int] | None = None) -> None:
        import onnxruntime

        self._card = model.card
        self._feedback = feedback
        self._most = model.card.inputs[0].batch or 1 << 30
        self._fixed = model.card.inputs[0].batch
        self.workers, self.readers, self.device = 1, 1, torch.device("cpu")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.log_severity_level = 3
        # A plan of memory, made of the first tile, comes on top of what that tile has taken.
        options.enable_mem_pattern = False
        # Threads that wait by spinning take the cores from those that read and join tiles.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        wanted: list[Any] = ["CPUExecutionProvider"]
        why = ""
        if device.torch_name != "cpu":
            if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
                wanted.insert(0, ("CUDAExecutionProvider", {"device_id": device.torch().index or 0}))
            else:
                why = "this engine's onnxruntime has no CUDA"
        source: str | bytes = path or model.path
        self._softmax = dict(softmax or {})
        self.shapes: list[tuple[int, ...]] | None = None
        if not path and len(wanted) == 1:
            shortened = without_softmax(model.path)
            self._softmax = shortened.axes
            if side:
                self.shapes = output_shapes(shortened.model, model.card.inputs, side)
            if shortened.axes:
                source = shortened.model.SerializeToString()
                options.add_session_config_entry("session.model_external_initializers_file_folder_path",
                                                 str(Path(model.path).parent))
        try:
            self._session = onnxruntime.InferenceSession(source, options, providers=wanted)
        except Exception as error:  # onnxruntime raises types of its own for every kind of bad graph
            raise InputError(f"The model {model.path} does not run ({first_line(error)}); export it again.") from error
        self._kinds = {one.name: np.dtype(ONNX_KINDS[one.type]) for one in self._session.get_inputs()}
        self.on_cpu = self._session.get_providers()[0] != "CUDAExecutionProvider"
        if device.torch_name != "cpu" and self.on_cpu:
            why = why or "onnxruntime's CUDA provider does not start"
            device = choose_device("cpu")
            self.line = f"{device.line.rstrip('.')}: {why}."
        else:
            self.line = device.line
        self.where = device.name

    def room(self, shape: tuple[int, ...], dtype: Any = np.float32) -> NDArray[np.float32]:
        """An empty array for inputs."""
        return np.empty(shape, dtype)

    def __call__(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        return self.finish(self.run(inputs))

    def run(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        """The network alone."""
        return in_parts(inputs, self._most, self._run, self._smaller)

    def finish(self, outputs: Outputs) -> Outputs:
        """Take the softmax that the network was spared."""
        return [y.softmax(dim=self._softmax[output.name]) if output.name in self._softmax else y
                for output, y in zip(self._card.outputs, outputs, strict=True)]

    def _run(self, inputs: Sequence[NDArray[np.float32]]) -> Outputs:
        feed = self.feed(inputs)
        try:
            outputs = self._session.run([output.name for output in self._card.outputs], feed)
        except Exception as error:  # as above
            if _is_memory(error):
                raise MemoryError(first_line(error)) from error
            shapes = ", ".join(str(x.shape) for x in feed.values())
            raise InputError(f"The model “{self._card.name}” fails on tiles of shape {shapes} ({first_line(error)}); "
                             "choose another TILE.") from error
        return [torch.from_numpy(np.asarray(y, np.float32)[:len(inputs[0])]) for y in outputs]

    def feed(self, inputs: Sequence[NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """The inputs as the model wants them: named, in its layout and type, filled up to its fixed batch."""
        missing = max((self._fixed or 0) - len(inputs[0]), 0)
        feed = {}
        for described, x in zip(self._card.inputs, inputs, strict=True):
            if missing:
                x = np.concatenate([x, np.zeros((missing, *x.shape[1:]), x.dtype)])
            x, kind = x.transpose(0, 2, 3, 1) if described.layout == "NHWC" else x, self._kinds[described.name]
            feed[described.name] = np.ascontiguousarray(np.clip(np.rint(x), 0, 255) if kind == np.uint8 else x, kind)
        return feed

    def _smaller(self, most: int) -> None:
        if self._fixed:
            raise MemoryError
        self._most = most
        self._feedback.warning(f"The memory is full: going on with {most} tiles at a time.")


def in_parts(inputs: Sequence[NDArray[np.float32]], most: int, run: Any, smaller: Any) -> Outputs:
    """Run a batch in parts of at most ``most`` tiles; on lack of memory tell ``smaller`` and halve the parts.

    Raises what ran out of memory when a single tile does not fit.
    """
    number = len(inputs[0])
    most = min(most, number)
    done: list[Outputs] = []
    start = 0
    while start < number:
        try:
            done.append(run([x[start:start + most] for x in inputs]))
        except (MemoryError, torch.OutOfMemoryError):
            if most == 1:
                raise
            most = most // 2
            smaller(most)
            continue
        start += most
    return done[0] if len(done) == 1 else [torch.cat(parts) for parts in zip(*done, strict=True)]


def probe(runner: Runner, card: ModelCard, side: int) -> list[tuple[int, ...]]:
    """Return the shapes of a model's outputs for one tile of ``side`` pixels.

    A model that takes any side and returns pixels is asked with a small tile, which tells the same at little cost.
    """
    small = math.lcm(*(one.multiple for one in card.inputs), PROBE)
    flexible = card.task in ("segmentation", "regression") and all(one.side is None for one in card.inputs)
    if flexible and small < side:
        with suppress(InputError):
            shapes = _shapes(runner, card, small)
            if all(len(shape) > 2 for shape in shapes):
                return [_grown_shape(shape, output.layout, small, side)
                        for output, shape in zip(card.outputs, shapes, strict=True)]
    return _shapes(runner, card, side)


def _shapes(runner: Runner, card: ModelCard, side: int) -> list[tuple[int, ...]]:
    empty = [np.zeros((1, len(one.channels), side, side), np.float32) for one in card.inputs]
    return [tuple(y.shape) for y in runner(empty)]


def _grown_shape(shape: tuple[int, ...], layout: str, small: int, side: int) -> tuple[int, ...]:
    first = 1 if layout == "NHWC" else len(shape) - 2
    pixels = tuple(_grown(n, small, side) for n in shape[first:first + 2])
    return *shape[:first], *pixels, *shape[first + 2:]


def _grown(pixels: int, small: int, side: int) -> int:
    """An output's side for tiles of ``side`` pixels, from that for small ones: a multiple, a part, or less a margin."""
    if pixels == 1:
        return 1
    if pixels % small == 0 or small % pixels == 0:
        return pixels * side // small
    return side - (small - pixels)


def _half_of(device: Device, precision: Precision) -> torch.dtype | None:
    if device.torch().type == "cuda":
        return torch.bfloat16 if float(device.capability or 0) >= 8.0 else torch.float16
    return torch.bfloat16 if precision == "fast" and has_bfloat16() else None


def _channels_last(x: torch.Tensor) -> torch.Tensor:
    return x.contiguous(memory_format=torch.channels_last)


def _single(outputs: Any) -> Outputs:
    """What a network returns, in single precision and laid out channel by channel."""
    return [y.float().contiguous() for y in (outputs if isinstance(outputs, (tuple, list)) else [outputs])]


def _is_memory(error: Exception) -> bool:
    text = str(error).lower()
    return "failed to allocate" in text or "out of memory" in text or "bad_alloc" in text
