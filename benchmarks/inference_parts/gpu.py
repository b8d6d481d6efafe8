"""The engine on a GPU: overhead as on the CPU, and how much of the card's arithmetic the forward passes use."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from .jobs import job_of, measure_job
from .measuring import Spread
from .models import WIDTHS, Model, make_own_model

PRODUCT_SIDE, PRODUCTS = 8192, 50


@dataclass(frozen=True)
class GpuCost:
    """Seconds of whole runs and of their forward passes alone on tiles in the card's memory, and their ratio; rate of
    the forward passes and of a product of two square matrices of ``PRODUCT_SIDE`` in bfloat16, in 10**12 operations a
    second.
    """

    whole_s: Spread
    forward_s: Spread
    overhead: Spread
    tflops: Spread
    peak_tflops: Spread


def measure_gpu(scene: np.ndarray, raster: Path, warm_up: Path, tile: int, repeats: int, threads: int, folder: Path,
                seed: int) -> GpuCost:
    """Run GeoLoop's compact U-Net, as wide as the classic one, over ``raster`` on the GPU."""
    model = make_own_model(scene, folder, seed, WIDTHS)
    params = job_of(model, raster, folder / "classes.tif", tile=tile, device="cuda")
    runs = measure_job(params, warm_up, threads, folder, repeats=repeats, replay=True)["runs"]
    per_tile = operations(model, tile)
    return GpuCost(Spread.of(run["whole_s"] for run in runs), Spread.of(run["replay_s"] for run in runs),
                   Spread.of(run["whole_s"] / run["replay_s"] for run in runs),
                   Spread.of(run["tiles"] * per_tile / run["replay_s"] / 1e12 for run in runs),
                   Spread.of(product_tflops() for _ in range(repeats)))


def operations(model: Model, tile: int) -> int:
    """Multiplications and additions of one forward pass over a tile."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.network.eval()(torch.zeros(1, model.bands, tile, tile))
    return counter.get_total_flops()


def product_tflops() -> float:
    """The rate of a large matrix product in bfloat16 on the first GPU."""
    a, b = (torch.randn(PRODUCT_SIDE, PRODUCT_SIDE, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    for _ in range(5):
        torch.matmul(a, b)
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(PRODUCTS):
        torch.matmul(a, b)
    torch.cuda.synchronize()
    return PRODUCTS * 2 * PRODUCT_SIDE**3 / (time.perf_counter() - start) / 1e12
