"""Runs GeoLoop's predict job, unchanged, in a process of its own and says what it cost.

    python measured_job.py request.json

The request holds the job's parameters for a warm-up and for the run, how often to run, and whether to replay. A replay
gives the very batches of a run, kept in memory (a GPU's in its own), to the same network again: pure forward passes.
Runs and replays take turns. The last line printed is a JSON object.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import torch
from forward_clock import ForwardClock, peak_mb, watch_sessions


def watch_torch(clock: ForwardClock) -> None:
    """Have the forward passes of every torch network that the engine runs from now on counted."""
    from geoloop.core.inference.runners import TorchRunner

    original, given = TorchRunner._run, threading.local()

    def watched(runner: TorchRunner, inputs: Any) -> Any:
        given.sample = inputs[0]
        if not hasattr(runner, "watched"):
            runner.watched, network = True, runner._network
            clock.threads, half = torch.get_num_threads(), runner._half
            device = runner.device.type

            def forward(batch: tuple[torch.Tensor, ...]) -> Any:
                with torch.inference_mode(), torch.autocast(device, half or torch.bfloat16, enabled=half is not None):
                    return network(*batch)

            runner._network = lambda *batch: clock.count(forward, batch, given.sample,
                                                         lambda kept: tuple(x.clone() for x in kept))
        return original(runner, inputs)

    TorchRunner._run = watched


def wait_for_device() -> None:
    """Wait until a GPU has done all that it was given."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of some work, by the clock and of processor time."""
    wait_for_device()
    start, processor = time.perf_counter(), time.process_time()
    work()
    wait_for_device()
    return time.perf_counter() - start, time.process_time() - processor


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    clock = ForwardClock()
    watch_sessions(clock)
    watch_torch(clock)
    from geoloop.core import jobs
    from geoloop.core.feedback import Feedback

    jobs.run("predict", request["warm_up"], Feedback())
    before_mb, kept = peak_mb(), []
    if request["replay"]:
        clock.reset()
        clock.keep = True
        jobs.run("predict", request["params"], Feedback())
        clock.keep, kept = False, clock.batches
    runs = []
    for _ in range(request["repeats"]):
        clock.reset()
        whole_s, whole_cpu_s = timed(lambda: jobs.run("predict", request["params"], Feedback()))
        run = {"whole_s": whole_s, "whole_cpu_s": whole_cpu_s, "forward_s": clock.seconds,
               "forward_cpu_s": clock.cpu_s, "trial_s": clock.trial_s,
               "calls": clock.calls, "tiles": clock.tiles, "threads": clock.threads, "peak_mb": peak_mb()}
        if kept:
            run["replay_s"], run["replay_cpu_s"] = timed(lambda: [clock.forward(batch) for batch in kept])
        runs.append(run)
    print(json.dumps({"peak_before_mb": before_mb, "runs": runs}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
