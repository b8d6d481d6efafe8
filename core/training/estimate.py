"""What a cross-fit will take, said before it starts: from one step and one look of its network on this device."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..models.precision import mixed
from ..sources.grid import Grid
from .chips import MEMORY_MB
from .crossfit import Effort, recipe_of
from .fit import SETTLE

LOOK_PX = 256
TRIALS = 3
MB = 2.0**20
FLOAT_BYTES = 4


@dataclass(frozen=True)
class Expected:
    """Time to fit the networks and to let them judge every pixel, and the memory of their chips and batches."""

    seconds: float
    memory_mb: float


def expected(grid: Grid, bands: int, classes: int, *, folds: int, effort: Effort, device: torch.device,
             goes_on: bool = False) -> Expected:
    """Estimate a cross-fit of ``folds`` networks on a grid by trying one step and one look, of numbers drawn at random.

    What comes after the network, weighing and judging features, is not in it: it grows with the number of features.
    """
    recipe = recipe_of(grid)
    side = min(LOOK_PX, max(grid.width, grid.height))
    settings = recipe.settings(effort, 0, side, goes_on=goes_on)
    network = recipe.network(bands, classes).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.no_grad():
        batch = network.prepare(torch.randn(settings.batch, bands, settings.crop, settings.crop)).to(device)
        look = torch.randn(1, bands, side, side).to(device)
    optimizer = torch.optim.AdamW(network.parameters())

    def step() -> None:
        with mixed(device):
            loss = network(batch).float().mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def judge() -> None:
        with torch.inference_mode(), mixed(device):
            for axes in network.views:
                network(network.prepare(look.flip(axes))).float().softmax(dim=1)

    step()  # the first call also prepares kernels
    learning = _seconds(step, device) * (settings.steps + SETTLE)
    network.eval()
    judging = _seconds(judge, device) * grid.width * grid.height / side**2
    chips = min(MEMORY_MB, 2 * grid.width * grid.height * (bands + classes) / MB)
    inside = batch.numel() + look.numel() * len(network.views)
    return Expected(folds * (learning + judging), chips + inside * FLOAT_BYTES * sum(network.widths) / bands / MB)


def _seconds(work: Callable[[], None], device: torch.device) -> float:
    """Time of one call, as the machine is now, others at work on it included; on a GPU until it is really done."""
    began = time.perf_counter()
    for _ in range(TRIALS):
        work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return (time.perf_counter() - began) / TRIALS
