"""What a model's outputs mean: probabilities, values or embeddings per pixel, and the rasters they become."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..errors import InputError
from ..models.card import ClassLabel, ModelCard, ModelOutput
from .output import NODATA_CLASS, Layer

SURE = 0.5
"""The probability from which on a class of its own (one channel, a sigmoid) is taken to be there."""
PALETTE = ("#1f78b4", "#33a02c", "#e31a1c", "#ff7f00", "#6a3d9a", "#b15928", "#a6cee3", "#b2df8a", "#fb9a99", "#fdbf6f",
           "#cab2d6", "#ffff99")
"""Colours for classes whose card gives none (ColorBrewer's paired scheme, without its order of pairs)."""


class Heads:
    """The outputs of a model that are rasters: one head an output, one after the other in one stack of channels.

    ``shapes`` are those of the outputs for one tile of ``side`` pixels. Raises :class:`InputError` for shapes that are
    no raster, or that differ.
    """

    def __init__(self, card: ModelCard, shapes: Sequence[tuple[int, ...]], side: int) -> None:
        self.card = card
        self._heads = [_Head(output, shape, card, number)
                       for number, (output, shape) in enumerate(zip(card.outputs, shapes, strict=True))]
        sides = {head.side for head in self._heads}
        if len(sides) != 1:
            raise InputError(f"The model “{card.name}” has outputs of different sizes ({shapes}), which make no common "
                             "raster; export one output a model.")
        self.output_side = sides.pop()
        """Output pixels along a tile's side; 1: one embedding or value a tile."""
        self.channels = sum(head.channels for head in self._heads)

    @property
    def per_tile(self) -> bool:
        """Whether a whole tile gets one set of values."""
        return self.output_side == 1

    def values(self, outputs: Sequence[Tensor]) -> Tensor:
        """Raw outputs of a batch to probabilities or values (N, channels, h, w), where the outputs are."""
        parts = [head.values(y) for head, y in zip(self._heads, outputs, strict=True)]
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)

    def map_layer(self, tags: dict[str, object]) -> Layer:
        """What the raster of classes, values or embeddings holds."""
        if self.card.task != "segmentation":
            return Layer(self.channels, "float32", float("nan"), self.names, tags)
        labels = [label for head in self._heads for label in head.labels]
        wide = max(label.value for label in labels) >= NODATA_CLASS
        described = [{str(label.value): label.name for label in head.labels} for head in self._heads]
        tags = {**tags, "classes": described[0] if len(described) == 1 else described}
        colors = {} if wide else {label.value: _rgba(label, n) for n, label in enumerate(self._heads[0].labels)}
        return Layer(len(self._heads), "uint16" if wide else "uint8", 65535 if wide else NODATA_CLASS,
                     [head.title for head in self._heads], tags, colors)

    def probability_layer(self, tags: dict[str, object]) -> Layer:
        """What the raster of class probabilities holds."""
        return Layer(self.channels, "float32", float("nan"), self.names, tags)

    @property
    def names(self) -> list[str]:
        """The names of all channels, no two alike."""
        names = [name for head in self._heads for name in head.names]
        titled = [f"{head.title}: {name}" for head in self._heads for name in head.names]
        return names if len(set(names)) == len(names) else titled

    def map(self, values: Tensor, valid: NDArray[np.bool_]) -> NDArray[np.generic]:
        """Channels (channels, rows, width) to the bands of the raster that :meth:`map_layer` describes."""
        if self.card.task != "segmentation":
            return np.asarray(values.cpu())
        layer = self.map_layer({})
        bands = np.full((len(self._heads), *valid.shape), layer.nodata, layer.dtype)
        first = 0
        for band, head in zip(bands, self._heads, strict=True):
            best, chance = head.best(values[first:first + head.channels])
            said = valid & ~chance.isnan().cpu().numpy()
            np.copyto(band, head.codes.astype(layer.dtype)[best.cpu().numpy()], where=said)
            first += head.channels
        return bands


class _Head:
    """One output."""

    def __init__(self, output: ModelOutput, shape: tuple[int, ...], card: ModelCard, number: int) -> None:
        self._output, self._card = output, card
        self.title = output.name or f"output {number + 1}"
        self._tokens = 0
        if len(shape) == 4:
            self.channels, height, width = (shape[1:] if output.layout == "NCHW" else (shape[3], shape[1], shape[2]))
        elif len(shape) == 3 and card.task == "embedding":
            self._tokens = math.isqrt(shape[1])
            if self._tokens ** 2 != shape[1]:
                raise InputError(f"The model “{card.name}” gives {shape[1]} tokens a tile, which make no square; "
                                 "export it without its class token.")
            self.channels, height, width = shape[2], self._tokens, self._tokens
        elif len(shape) == 3:
            self.channels, height, width = 1, shape[1], shape[2]
        elif len(shape) == 2 and card.task in ("embedding", "regression"):
            self.channels, height, width = shape[1], 1, 1
        else:
            raise InputError(f"The model “{card.name}” returns an array of shape {shape}, which is no raster; its card "
                             f"says that its task is {card.task}.")
        if height != width:
            raise InputError(f"The model “{card.name}” returns {height} × {width} pixels for a square tile; export it "
                             "so that its output is square.")
        self.side = height
        self.labels = self._labels() if card.task == "segmentation" else ()

    @property
    def names(self) -> list[str]:
        classes = self._output.classes
        if self._card.task == "segmentation":
            return [self.labels[-1].name] if self.channels == 1 else [label.name for label in self.labels]
        if len(classes) == self.channels:
            return [label.name for label in classes]
        return [self.title] if self.channels == 1 else [f"{self.title} {n + 1}" for n in range(self.channels)]

    def _labels(self) -> tuple[ClassLabel, ...]:
        classes = self._output.classes
        if self.channels == 1:
            name = classes[-1] if classes else ClassLabel(1, self.title)
            ground = classes[0].name if len(classes) == 2 else "background"
            return ClassLabel(0, ground, "#f2f2f2"), ClassLabel(1, name.name, name.color)
        if not classes:
            return tuple(ClassLabel(n, f"class {n}") for n in range(self.channels))
        if len(classes) != self.channels:
            raise InputError(f"The model “{self._card.name}” gives {self.channels} classes, and its card names "
                             f"{len(classes)}; correct the card.")
        return classes

    def values(self, y: Tensor) -> Tensor:
        """A batch of raw output to (N, channels, h, w)."""
        if self._tokens:
            y = y.transpose(1, 2).reshape(len(y), self.channels, self._tokens, self._tokens)
        elif y.ndim == 4 and self._output.layout == "NHWC":
            y = y.permute(0, 3, 1, 2).contiguous()
        else:
            y = y.reshape(len(y), self.channels, self.side, self.side)
        if self._output.activation == "softmax":
            y = y.softmax(dim=1)
        elif self._output.activation == "sigmoid":
            y = y.sigmoid()
        return y if self._output.scale == 1.0 else y * self._output.scale

    @property
    def codes(self) -> NDArray[np.uint16]:
        """The code of each class, in their order."""
        return np.array([label.value for label in self.labels], np.uint16)

    def best(self, p: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities (channels, rows, width) to the number of the best class, and what was most (NaN: the model says
        none, as of 0 divided by 0); a class below the card's threshold yields to the first.
        """
        least = self._card.threshold
        if self.channels == 1:
            return (p[0] >= (SURE if least is None else least)).to(torch.uint8), p[0]
        most, kind = p[0], torch.int16 if len(p) > 256 else torch.uint8
        best = torch.zeros(p.shape[1:], dtype=kind, device=p.device)
        for number, of_class in enumerate(p[1:], start=1):  # many times faster than argmax, or a fill under a mask
            best = torch.maximum(best, (of_class > most).to(kind) * number)
            most = torch.maximum(most, of_class)
        return best if least is None else best * (most >= least), most


def _rgba(label: ClassLabel, number: int) -> tuple[int, int, int, int]:
    text = label.color or PALETTE[number % len(PALETTE)]
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16), 255
