"""What a step of learning costs: its time beside the same step written by hand, and the memory that it takes."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from geoloop.core.feedback import Feedback
from geoloop.core.training.course import Course, learn
from geoloop.core.training.tuning import RATES, class_weights
from geoloop.core.training.tuning_chips import TuningBatch, TuningDraw
from geoloop.core.training.tuning_lesson import TuningLesson

from .area import Area, read_area
from .fits import WAYS, Way, start_of

BATCH = 8
WARM = 1
"""Steps that come before those that are timed."""
PARCELS = 30
"""So many labelled parcels the area is drawn with; they bear on no cost."""


def first_batches(area: Area, count: int) -> list[TuningBatch]:
    """The batches of the first steps."""
    draw = TuningDraw(area.chips, area.channels, crop=area.crop, batch=BATCH, seed=0)
    return [draw.batch(step) for step in range(count)]


def lesson_of(way: Way, area: Area, data: Path, steps: int, device: torch.device) -> TuningLesson:
    """The network of a way with its loss, on a device."""
    network = start_of(way, area, data, 0).network()
    return TuningLesson(network, "balanced", class_weights(area.chips), None, steps).to(device)


def step_ratio(way: Way, area: Area, data: Path, steps: int, device: torch.device) -> dict[str, float]:
    """Seconds that a step of ours takes, over those of the same step written by hand in plain torch, medians of steps
    that take turns: of a processor, or by the clock on a graphics card. ``kept_s``: a step once a frozen encoder's part
    is kept.
    """
    clock = _clock(device)
    batches = first_batches(area, steps + WARM)
    own, plain = (lesson_of(way, area, data, len(batches), device) for _ in range(2))
    plain.train()
    learning = [one for one in plain.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=RATES[way.method], weight_decay=1e-2)
    ours: list[float] = []
    theirs: list[float] = []
    since = 0.0

    def by_hand(batch: TuningBatch) -> None:
        loss = torch.stack(list(plain(batch.to(device)).values())).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()

    def taking_turns(step: int) -> TuningBatch:
        nonlocal since
        if since:
            ours.append(clock() - since)
        torch.use_deterministic_algorithms(False)
        began = clock()
        by_hand(batches[step])
        theirs.append(clock() - began)
        torch.use_deterministic_algorithms(device.type == "cpu", warn_only=True)
        since = clock()
        return batches[step]

    course = Course(len(batches), RATES[way.method])
    learn(own, taking_turns, course, device, Feedback())
    one, other = (statistics.median(some[WARM:]) for some in (ours, theirs))
    found = {"ours_s": one, "theirs_s": other, "ratio": one / other, "share": own.network.trained_share}
    if own.network.frozen:
        with torch.no_grad():
            kept = [replace(batch, x=own.network.look(batch.x.to(device))) for batch in batches]
        began = clock()
        learn(own, lambda step: kept[step], course, device, Feedback())
        found["kept_s"] = (clock() - began) / len(kept)
    return found


def _clock(device: torch.device) -> Callable[[], float]:
    if device.type == "cpu":
        return time.process_time

    def seconds() -> float:
        torch.cuda.synchronize(device)
        return time.perf_counter()

    return seconds


def step_memory(name: str, data: Path, out: Path, area: str, side_m: float, device: torch.device) -> float:
    """The memory that learning by a way takes at most, in MB of 2**20 bytes: weights, their mean, gradients and what
    the optimizer remembers included. In a process of its own; on a CPU from Linux's VmHWM.
    """
    done = subprocess.run([sys.executable, "-m", "finetune_parts.steps", name, str(data), str(out), area, str(side_m),
                           str(device)], check=True, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
    return float(json.loads(done.stdout.splitlines()[-1]))


def memory_here(name: str, data: Path, out: Path, area: str, side_m: float, device: torch.device) -> float:
    """:func:`step_memory` of this process."""
    way, ground = WAYS[name], read_area(area, data, out, 0, features=PARCELS, side_m=side_m)
    batches, held = first_batches(ground, WARM + 1), _held_mb("VmRSS")
    _forget_the_peak(device)
    lesson = lesson_of(way, ground, data, len(batches), device)
    learn(lesson, lambda step: batches[step], Course(len(batches), RATES[way.method]), device, Feedback())
    return torch.cuda.max_memory_allocated(device) / 2**20 if device.type == "cuda" else _held_mb("VmHWM") - held


def _forget_the_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    else:
        Path("/proc/self/clear_refs").write_text("5")


def _held_mb(kind: str) -> float:
    """What Linux says of this process: ``VmRSS``, memory that it holds, or ``VmHWM``, the most of it so far."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(kind)).split()[1]) / 1024


if __name__ == "__main__":
    _name, _data, _out, _area, _side, _device = sys.argv[1:]
    print(json.dumps(memory_here(_name, Path(_data), Path(_out), _area, float(_side), torch.device(_device))))
