"""Networks made on the spot: a classic U-Net and a light one as ONNX files, and GeoLoop's own compact U-Net.

The weights are random. So that the answers are neither constant nor one class, batch normalisation takes its statistics
from the scene itself and the last layer is scaled until the class scores spread by ``SCORE_SPREAD``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.compact import BatchNorm, CompactUNet
from geoloop.core.models.files import save_network
from geoloop.core.models.scaling import Scaling, Step

WIDTHS = (32, 64, 128, 256, 512)
CLASSES = 4
SCORE_SPREAD = 2.0
PIXEL_M = 0.5
CHUNK, CHUNKS = 256, 4


def double_convolution(inside: int, out: int) -> nn.Sequential:
    """Twice 3 × 3, batch normalisation, rectifier."""
    layers: list[nn.Module] = []
    for channels in (inside, out):
        layers += [nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """The U-Net of Ronneberger et al. 2015 (arXiv 1505.04597) with five levels and batch normalisation.

    Takes (B, bands, H, W) in 0..1, H and W multiples of 16; returns class probabilities (B, classes, H, W). With four
    bands 7.8 million parameters.
    """

    def __init__(self, bands: int, classes: int) -> None:
        super().__init__()
        self.down = nn.ModuleList([double_convolution(a, b) for a, b in pairwise((bands, *WIDTHS))])
        self.widen = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in pairwise(WIDTHS)])
        self.up = nn.ModuleList([double_convolution(2 * a, a) for a in WIDTHS[:-1]])
        self.head = nn.Conv2d(WIDTHS[0], classes, 1)

    def scores(self, x: Tensor) -> Tensor:
        """Class scores (B, classes, H, W) before the softmax."""
        skips: list[Tensor] = []
        for depth, block in enumerate(self.down):
            x = block(nn.functional.max_pool2d(x, 2) if depth else x)
            skips.append(x)
        for depth in reversed(range(len(self.up))):
            x = self.up[depth](torch.cat([skips[depth], self.widen[depth](x)], dim=1))
        return self.head(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x).softmax(dim=1)


class LightNet(nn.Module):
    """One 3 × 3 convolution and the softmax: what is left is the cost of everything around a network."""

    def __init__(self, bands: int, classes: int) -> None:
        super().__init__()
        self.head = nn.Conv2d(bands, classes, 3, padding=1)

    def scores(self, x: Tensor) -> Tensor:
        """Class scores (B, classes, H, W) before the softmax."""
        return self.head(x)

    def forward(self, x: Tensor) -> Tensor:
        return self.scores(x).softmax(dim=1)


@torch.no_grad()
def settle(network: nn.Module, scores_of: Callable[[Tensor], Tensor], scene: np.ndarray) -> None:
    """Let a random network answer like a trained one on ``scene`` (bands, H, W), 0..255: see the module."""
    corners = [(y, x) for y in range(0, scene.shape[1] - CHUNK + 1, CHUNK)
               for x in range(0, scene.shape[2] - CHUNK + 1, CHUNK)][:CHUNKS]
    chunks = torch.from_numpy(np.stack([scene[:, y:y + CHUNK, x:x + CHUNK] for y, x in corners])).float() / 255
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm2d, BatchNorm)):
            module.momentum = 1.0
    network.train()
    scores_of(chunks)
    network.eval()
    scores = scores_of(chunks)
    scale = SCORE_SPREAD / scores.std(dim=(0, 2, 3))
    network.head.weight *= scale[:, None, None, None]
    network.head.bias.copy_((network.head.bias - scores.mean(dim=(0, 2, 3))) * scale)


@dataclass(frozen=True)
class Model:
    """A model file, the network in it (before GeoLoop's own softmax) and the bands it takes."""

    path: Path
    network: nn.Module
    bands: int

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.network.parameters())


def make_model(kind: type[UNet] | type[LightNet], bands: int, scene: np.ndarray, folder: Path, seed: int) -> Model:
    """A network of ``kind`` settled on ``scene`` (bands, H, W) as ONNX in ``folder``; any batch, height and width.

    Its metadata are those that Deepness reads; GeoLoop reads the same.
    """
    torch.manual_seed(seed)
    network = kind(bands, CLASSES)
    settle(network, network.scores, scene[:bands])
    path = folder / f"{kind.__name__.lower()}{bands}.onnx"
    axes = {"image": {0: "batch", 2: "height", 3: "width"}, "probability": {0: "batch", 2: "height", 3: "width"}}
    torch.onnx.export(network, (torch.zeros(1, bands, 64, 64),), str(path), input_names=["image"],
                      output_names=["probability"], dynamic_axes=axes, opset_version=17, dynamo=False)
    model = onnx.load(path)
    described = {"model_type": "Segmentor", "class_names": {str(i): name for i, name in enumerate(names())},
                 "resolution": 100 * PIXEL_M}
    for key, value in described.items():
        model.metadata_props.add(key=key, value=json.dumps(value))
    onnx.save(model, path)
    return Model(path, network, bands)


def make_own_model(scene: np.ndarray, folder: Path, seed: int, widths: tuple[int, ...]) -> Model:
    """GeoLoop's compact U-Net of these widths, settled on ``scene`` (bands, H, W), as a file of GeoLoop's own."""
    torch.manual_seed(seed)
    bands = len(scene)
    network = CompactUNet(bands, CLASSES, widths)
    settle(network, network, scene)
    path = folder / f"compact{widths[-1]}.safetensors"
    classes = tuple(ClassLabel(value, name) for value, name in enumerate(names()))
    to_unit = Scaling((Step("scale", value=(255.0,)),))
    save_network(path, [network], ModelCard(
        name="compact U-Net", architecture="compact_unet", task="segmentation",
        inputs=(ModelInput("image", (Channel(),) * bands, to_unit, multiple=2 ** (len(widths) - 1)),),
        outputs=(ModelOutput("probability", classes=classes),), resolution_m=PIXEL_M, origin="geoloop", widths=widths,
        seed=seed))
    return Model(path, network, bands)


def names() -> list[str]:
    """The classes' names."""
    return [f"class {number}" for number in range(CLASSES)]


def receptive_field() -> int:
    """Side in pixels of the square of the imagery that one pixel of the U-Net's answer can depend on."""
    levels = len(WIDTHS) - 1
    side = 1
    for _ in range(levels):
        side = (side + 4) // 2 + 1
    side += 4
    for _ in range(levels):
        side = 2 * side + 4
    return side
