"""Make the network that fits start from, on synthetic towns alone.

    python examples/starting_network.py [--out FILE] [--towns 100] [--steps 1400]

Every town is drawn from its own seed (``varied_towns``); no real place is seen, nor the scene of the demo. One core
takes about nine minutes. FILE is by default where fits look for it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import numpy as np
import torch
from varied_towns import make_picture, walls

from geoloop.core.feedback import Feedback
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.ensemble import multiple_of
from geoloop.core.models.files import save_network
from geoloop.core.models.starting import WEIGHTS
from geoloop.core.training.chips import DEVIATIONS, Chip
from geoloop.core.training.fit import FitSettings, fit

FIRST_SEED, SIDE = 5000, 448
CHANNELS = (Channel("red", 0.665), Channel("green", 0.56), Channel("blue", 0.49))
CLASSES = ("other", "building")


class Told(Feedback):
    """Prints how a fit comes along."""

    def progress(self, fraction: float, text: str = "") -> None:
        print(f"\r{fraction:4.0%} {text}", end="", flush=True)


def chip_of(seed: int) -> Chip:
    """A town as a fit learns it: bands to zero mean and unit deviation, buildings apart where they touch."""
    picture = make_picture(seed, SIDE)
    x = picture.image.astype(np.float32)
    x = (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True)
    building = ((picture.feature >= 0) & ~walls(picture.feature)).astype(np.float16)
    everywhere = np.ones((SIDE, SIDE))
    return Chip(np.clip(x, -DEVIATIONS, DEVIATIONS).astype(np.float16), np.stack([1 - building, building]),
                everywhere.astype(np.float32), everywhere[None].astype(bool), np.zeros((SIDE, SIDE), bool))


def card_of(network: CompactUNet, towns: int) -> ModelCard:
    """What is to be known of the network: above all, what it has seen."""
    bands = ModelInput("bands", CHANNELS, multiple=multiple_of("compact_unet", network.widths))
    classes = ModelOutput("classes", classes=tuple(ClassLabel(i, name) for i, name in enumerate(CLASSES)))
    return ModelCard(
        name="starting network", architecture="compact_unet", task="segmentation", inputs=(bands,), outputs=(classes,),
        resolution_m=0.4, origin="geoloop", unknown=("scaling",), widths=network.widths, seed=0,
        trained_on=(f"synthetic towns {FIRST_SEED} to {FIRST_SEED + towns - 1}",),
        versions={"torch": torch.__version__})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS / "compact_unet.safetensors")
    parser.add_argument("--towns", type=int, default=100)
    parser.add_argument("--steps", type=int, default=1400)
    args = parser.parse_args()
    torch.manual_seed(0)
    network = CompactUNet(len(CHANNELS), len(CLASSES))
    settings = FitSettings(args.steps, average=0.99, gain=0.25, offset=0.35)
    chips = [chip_of(FIRST_SEED + number) for number in range(args.towns)]
    fitted = fit(network, chips, 0, settings, torch.device("cpu"), Told())
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_network(args.out, [fitted.half()], card_of(fitted, args.towns))


if __name__ == "__main__":
    main()
