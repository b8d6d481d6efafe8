"""What it costs: building the tokens of a tile beside GeoLink's public graph building, a forward, and steps of learning
with more and more features.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
import types
from pathlib import Path

import numpy as np
import shapely
import torch

from geoloop.core.models.fusion_batch import collate
from geoloop.core.models.fusion_net import FusionNet, large, small
from geoloop.core.sources.bands import Band
from geoloop.core.tokens.excerpt import excerpt_of
from geoloop.core.tokens.outlines import outlines_of
from geoloop.core.tokens.relations import relate
from geoloop.core.tokens.tile import cut
from geoloop.core.tokens.tokens import tokens_from
from geoloop.core.tokens.words import words_of
from geoloop.core.training.fusion_draw import Draw, DrawSettings
from geoloop.core.training.fusion_lesson import Lesson, Shares

RGB = tuple(Band(name, light, "made") for name, light in (("red", 0.665), ("green", 0.56), ("blue", 0.49)))
SIDE, FEATURES = 512, 1000
REPEATS = 3


def town(count: int, side: int, seed: int = 0) -> np.ndarray:
    """Houses with gaps between them, some with yards or wings, turned: ``count`` in ``side`` × ``side`` pixels."""
    rng = np.random.default_rng(seed)
    across = int(np.ceil(count**0.5))
    cell = side / across
    shapes = []
    for k in range(count):
        x, y = (k % across + 0.5) * cell, (k // across + 0.5) * cell
        w, h = rng.uniform(0.25, 0.45, 2) * cell
        house = shapely.box(x - w, y - h, x + w, y + h)
        if k % 7 == 0:
            house = house.difference(shapely.box(x - w / 3, y - h / 3, x + w / 3, y + h / 3))
        elif k % 3 == 0:
            house = house.difference(shapely.box(x, y, x + w, y + h))
        shapes.append(shapely.affinity.rotate(house, rng.uniform(0, 20)))
    return np.array(shapes, dtype=object)


def ours(shapes: np.ndarray) -> dict[str, float]:
    """Milliseconds of one processor: outlines and relations, all that a tile needs, and a forward of it."""
    graph, tile_ms, forward = [], [], []
    torch.manual_seed(0)
    network = FusionNet(small(2)).eval()
    words = words_of([{}] * len(shapes))
    x = np.random.default_rng(0).normal(size=(3, SIDE, SIDE)).astype(np.float32)
    for _ in range(REPEATS):
        began = time.process_time()
        relate(shapes, outlines_of(shapes))
        graph.append(time.process_time() - began)
        began = time.process_time()
        excerpt = excerpt_of(x, np.ones((SIDE, SIDE), bool), RGB, tokens_from(shapes, words, 0.5))
        batch = collate([cut(excerpt, (0, 0), SIDE, network.shape.strides)])
        tile_ms.append(time.process_time() - began)
        with torch.inference_mode():
            began = time.process_time()
            network(batch)
            forward.append(time.process_time() - began)
    return {"graph_ms": 1000 * min(graph), "tile_ms": 1000 * min(tile_ms), "forward_ms": 1000 * min(forward)}


def geolink(shapes: np.ndarray, folder: Path) -> dict[str, float] | None:
    """Milliseconds of one processor for the public graph building on the same polygons: its points around the
    middle, its relations, its edges. None if it cannot be imported.
    """
    spec = importlib.util.spec_from_file_location("geolink_utils", folder / "prepare_data" / "utils.py")
    assert spec is not None
    assert spec.loader is not None
    theirs = importlib.util.module_from_spec(spec)
    # It imports what reads files, which is not asked for here.
    lacking = {name: types.ModuleType(name) for name in ("fiona", "geopandas")
               if importlib.util.find_spec(name) is None}
    sys.modules.update(lacking)
    try:
        spec.loader.exec_module(theirs)
    except (OSError, ImportError) as error:
        print(f"GeoLink's graph building cannot be loaded from {folder}: {error}")
        return None
    finally:
        for name in lacking:
            sys.modules.pop(name, None)
    began = time.process_time()
    for shape in shapes:
        theirs.generate_points_around_center(shape, num_points=3)
    matrix = theirs.get_spatial_relation_samedim(shapes)
    edges = [(i, j, matrix[i, j]) for i in range(len(matrix)) for j in range(len(matrix)) if matrix[i, j] not in (1, 7)]
    took = 1000 * (time.process_time() - began)
    return {"graph_ms": took, "edges": len(edges)}


def step_costs(counts: tuple[int, ...], device: str) -> list[dict[str, float]]:
    """Seconds of a step of learning on one tile, and the most memory, each number of features in a process of its own.
    """
    found = []
    for count in counts:
        done = subprocess.run([sys.executable, "-m", "fusion_parts.costs", str(count), device], check=True,
                              capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return found


def one_step(count: int, device: str, side: int = 256) -> dict[str, float]:
    """One count of :func:`step_costs`."""
    shapes = town(count, side) if count else np.zeros(0, object)
    where = torch.device(device)
    torch.manual_seed(0)
    lesson = Lesson(FusionNet(small(2)), Shares()).to(where).train()
    x = np.random.default_rng(0).normal(size=(3, side, side)).astype(np.float32)
    tokens = tokens_from(shapes, words_of([{"building": "yes"}] * count), 0.5)
    mix = np.ones((2, side, side)) / 2
    excerpt = excerpt_of(x, np.ones((side, side), bool), RGB, tokens, mix=mix)
    draw = Draw([excerpt], lesson.network.shape.strides, DrawSettings(batch=1, side=side, asked=0.2))
    seconds, base = [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for step in range(3):
        batch = draw.batch(step).to(where)
        began = time.perf_counter()
        torch.stack(list(lesson(batch).values())).sum().backward()
        if where.type == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - began)
    peak = (torch.cuda.max_memory_allocated() / 2**20 if where.type == "cuda"
            else (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 2**10)
    return {"features": count, "step_s": round(min(seconds), 4), "peak_mb": round(peak, 1)}


def matrix_rate(device: torch.device, side: int = 8192) -> float:
    """The measured rate of a bfloat16 matrix product in floating point operations a second."""
    a, b = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    for _ in range(3):
        a @ b
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(10):
        a @ b
    torch.cuda.synchronize()
    return 10 * 2 * side**3 / (time.perf_counter() - began)


def on_gpu() -> dict[str, float]:
    """Samples a second of learning with the large network, and its share of the matrix rate."""
    from torch.utils.flop_counter import FlopCounterMode

    device, side, tiles = torch.device("cuda"), 128, 32
    shapes = town(100, side)
    torch.manual_seed(0)
    lesson = Lesson(FusionNet(large(2)), Shares()).to(device, memory_format=torch.channels_last).train()
    x = np.random.default_rng(0).normal(size=(3, side, side)).astype(np.float32)
    excerpt = excerpt_of(x, np.ones((side, side), bool), RGB,
                         tokens_from(shapes, words_of([{"building": "yes"}] * len(shapes)), 0.5),
                         mix=np.ones((2, side, side)) / 2)
    draw = Draw([excerpt], lesson.network.shape.strides, DrawSettings(batch=tiles, side=side))
    batch = draw.batch(0).to(device)
    optimizer = torch.optim.AdamW(lesson.parameters())

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16):
            loss = torch.stack(list(lesson(batch).values())).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    with FlopCounterMode(display=False) as counter:
        step()
    for _ in range(3):
        step()
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(10):
        step()
    torch.cuda.synchronize()
    took = (time.perf_counter() - began) / 10
    rate = matrix_rate(device)
    return {"samples_per_s": round(tiles / took, 1), "tflops": round(counter.get_total_flops() / took / 1e12, 2),
            "matrix_tflops": round(rate / 1e12, 1), "share": round(counter.get_total_flops() / took / rate, 4),
            "peak_mb": round(torch.cuda.max_memory_allocated() / 2**20)}


if __name__ == "__main__":
    print(json.dumps(one_step(int(sys.argv[1]), sys.argv[2])))
