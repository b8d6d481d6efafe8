"""Watches the forward passes of a program: time, threads and, if wanted, every batch. Used in both Pythons."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onnxruntime


@dataclass
class ForwardClock:
    """What networks opened while watched have done so far.

    ``cpu_s`` is processor time of the threads that asked for the passes: all of it where a network has one thread.
    ``forward`` gives a batch to the last network that ran; ``batches`` are what it was given, kept while ``keep``.
    """

    seconds: float = 0.0
    cpu_s: float = 0.0
    trial_s: float = 0.0
    calls: int = 0
    tiles: int = 0
    threads: int = 0
    keep: bool = False
    batches: list[Any] = field(default_factory=list)
    forward: Callable[[Any], Any] | None = None

    def reset(self) -> None:
        """Forget what was counted and kept."""
        self.seconds, self.cpu_s, self.trial_s, self.calls, self.tiles, self.batches = 0.0, 0.0, 0.0, 0, 0, []

    def count(self, forward: Callable[[Any], Any], batch: Any, sample: Any, copied: Callable[[Any], Any]) -> Any:
        """Run a batch and count it; ``copied`` makes the copy that is kept.

        ``sample`` is one of its inputs (N, …). A batch that shows nothing is a trial of the program's, not
        work, and counted apart.
        """
        start, busy = time.perf_counter(), time.thread_time()
        answer = forward(batch)
        duration, busy = time.perf_counter() - start, time.thread_time() - busy
        if is_blank(sample):
            self.trial_s += duration
            return answer
        self.seconds += duration
        self.cpu_s += busy
        self.calls += 1
        self.tiles += len(sample)
        if self.keep:
            self.forward = forward
            self.batches.append(copied(batch))
        return answer


def watch_sessions(clock: ForwardClock, threads: int | None = None) -> None:
    """Have every onnxruntime session opened from now on counted; with ``threads``, give it so many."""
    original = onnxruntime.InferenceSession

    class WatchedSession(original):
        def __init__(self, model: Any, sess_options: Any = None, *args: Any, **kwargs: Any) -> None:
            options = sess_options or onnxruntime.SessionOptions()
            if threads:
                options.intra_op_num_threads = threads
            super().__init__(model, options, *args, **kwargs)
            clock.threads = options.intra_op_num_threads

        def run(self, output_names: Any, input_feed: dict[str, Any], *args: Any) -> Any:
            run = super().run
            sample = next(iter(input_feed.values()))
            return clock.count(lambda feed: run(output_names, feed, *args), input_feed, sample,
                               lambda feed: {name: x.copy() for name, x in feed.items()})

    onnxruntime.InferenceSession = WatchedSession


def is_blank(x: Any) -> bool:
    """Whether an array or tensor (N, …, H, W) is the same everywhere, as far as every 16th pixel tells."""
    some = x[..., ::16, ::16]
    return bool(some.min() == some.max())


def peak_mb() -> float:
    """The most memory this process has held so far, in MB of 2**20 bytes (Linux's VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
