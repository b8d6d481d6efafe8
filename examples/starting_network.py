"""Make the network that fits start from, on synthetic towns alone.

    python examples/starting_network.py [--out FILE] [--towns 600] [--minutes 2 | --steps 10000] [--device auto]

Every town is drawn from its own seed (``varied_towns``, on all cores); each time that the fit looks at one, it does so
with another camera and other colours (``town_camera``). No real place is seen, nor the scene of the demo. Held-out
towns judge what comes of it; the last line is their figures as JSON. Made for a GPU; the shipped weights took two
minutes of one. ``--steps`` gives the same weights again on the same machine, ``--minutes`` as many steps as fit into
them. FILE is by default where fits look for it.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import multiprocessing
import os
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from town_camera import Camera, distance
from varied_towns import Scene, make_scene

from geoloop.core.inference.device import choose_device
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.compact import WIDTHS, CompactUNet
from geoloop.core.models.ensemble import multiple_of
from geoloop.core.models.files import save_network
from geoloop.core.models.starting import WEIGHTS
from geoloop.core.training.fit import mixed_cross_entropy, settle

FIRST_SEED, FIRST_HELD_OUT, HELD_OUT = 5000, 4000, 24
SIDE, CROP = 512, 128
CHANNELS = (Channel("red", 0.665), Channel("green", 0.56), Channel("blue", 0.49))
CLASSES = ("other", "building")
RATE, WEIGHT_DECAY, WARM_UP, AVERAGE = 3e-3, 1e-4, 0.03, 0.998
DISTANCE_WEIGHT = 0.5
"""How much the distance from outlines counts beside the classes, of which the shipped network tells nothing more."""


class Clock:
    """How far a fit is, 0 to 1: in steps, or in minutes."""

    def __init__(self, steps: int, minutes: float) -> None:
        self.steps, self.seconds, self.done, self.start = steps, minutes * 60, 0, time.monotonic()

    def tick(self) -> None:
        self.done += 1

    @property
    def far(self) -> float:
        """The share that is over."""
        return self.done / self.steps if self.steps else (time.monotonic() - self.start) / self.seconds


def draw_scenes(first: int, count: int, size_px: int) -> list[Scene]:
    """Towns of consecutive seeds, drawn on all cores."""
    cores = min(count, len(os.sched_getaffinity(0)))
    if cores == 1:
        return [make_scene(seed, size_px) for seed in range(first, first + count)]
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        return pool.map(partial(make_scene, size_px=size_px), range(first, first + count), chunksize=1)


def learn(network: CompactUNet, camera: Camera, clock: Clock, device: torch.device) -> CompactUNet:
    """Fit the network to a camera's pictures; return the running mean of its weights."""
    network = network.to(device, memory_format=torch.channels_last).train()
    teller = nn.Conv2d(network.widths[0], 1, 1).to(device)
    average = copy.deepcopy(network).eval()
    weights = [*network.parameters(), *teller.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=WEIGHT_DECAY, fused=device.type == "cuda")
    while (far := clock.far) < 1:
        warm = min(1.0, far / WARM_UP + 1e-3)
        optimizer.param_groups[0]["lr"] = RATE * warm * (0.5 + 0.5 * math.cos(math.pi * far))
        loss = one_loss(network, teller, camera, device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        follow(average, network, min(AVERAGE, (clock.done + 1) / (clock.done + 10)))
        clock.tick()
        if clock.done % 500 == 0:
            print(f"step {clock.done}, {far:.0%}, loss {loss.item():.3f}", flush=True)
    settle(average, camera, device)
    return average


def one_loss(network: CompactUNet, teller: nn.Module, camera: Camera, device: torch.device) -> Tensor:
    """The loss of one batch: classes, and the distance from outlines."""
    x, mix, weight = camera.batch()
    with torch.autocast(device.type, torch.bfloat16):
        features = network.features(x.contiguous(memory_format=torch.channels_last))
        scores, told = network.head(features), teller(features)
    error = F.smooth_l1_loss(told.float()[:, 0], distance(mix[:, 1]), reduction="none", beta=0.2)
    far = (error * weight).sum() / weight.sum().clamp(min=1e-6)
    return mixed_cross_entropy(scores.float(), mix, weight, 0.0) + DISTANCE_WEIGHT * far


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the running mean of weights towards the weights."""
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)


@torch.inference_mode()
def judge(network: CompactUNet, camera: Camera, batches: int, device: torch.device) -> dict[str, float]:
    """Figures of pixels of towns that the fit never saw: average precision, intersection over union at 0.5, negative
    log likelihood.
    """
    told, true, counted = [], [], []
    for _ in range(batches):
        x, mix, weight = camera.batch()
        with torch.autocast(device.type, torch.bfloat16):
            scores = network(x.contiguous(memory_format=torch.channels_last))
        told.append(scores.float().softmax(dim=1)[:, 1].flatten())
        true.append((mix[:, 1] > 0.5).flatten())
        counted.append((weight > 0).flatten())
    keep = torch.cat(counted)
    p, t = torch.cat(told)[keep], torch.cat(true)[keep]
    order = p.argsort(descending=True)
    hits = t[order].float().cumsum(0)
    precision = hits / torch.arange(1, len(hits) + 1, device=device)
    sure = p > 0.5
    likelihood = torch.where(t, p, 1 - p).clamp(min=1e-6)
    return {"ap": round(float((precision * t[order]).sum() / t.sum()), 4),
            "iou": round(float((sure & t).sum() / (sure | t).sum()), 4),
            "nll": round(float(-likelihood.log().mean()), 4)}


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
    parser.add_argument("--towns", type=int, default=600)
    parser.add_argument("--side", type=int, default=SIDE, help="of a town, in pixels")
    parser.add_argument("--steps", type=int, default=0, help="instead of --minutes")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()
    device = choose_device(args.device).torch()
    start = time.monotonic()
    scenes = draw_scenes(FIRST_SEED, args.towns, args.side)
    held_out = draw_scenes(FIRST_HELD_OUT, min(HELD_OUT, args.towns), args.side)
    print(f"{len(scenes)} towns drawn in {time.monotonic() - start:.0f} s", flush=True)
    torch.manual_seed(0)
    network = CompactUNet(len(CHANNELS), len(CLASSES), WIDTHS)
    clock = Clock(args.steps, args.minutes)
    learnt = learn(network, Camera(scenes, CROP, args.batch, 0, device), clock, device)
    figures = judge(learnt, Camera(held_out, CROP, args.batch, 1, device, (0.39, 0.41)), 16, device)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_network(args.out, [learnt.cpu().half()], card_of(learnt, args.towns))
    print(json.dumps({"steps": clock.done, "seconds": round(time.monotonic() - start), **figures}))


if __name__ == "__main__":
    main()
