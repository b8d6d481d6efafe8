"""Runs one job of GeoLoop, unchanged, in a process of its own and says what it cost.

    python measured_job.py request.json

The request holds the job's ``name`` and ``params``, and the path of a ``profile`` to write (empty: none). The last line
printed is a JSON object: the job's result, seconds in all and by stage, what of the processors it and the processes
that share its work took in seconds, and the most memory that they held.
"""

from __future__ import annotations

import cProfile
import json
import os
import resource
import sys
import threading
import time
from contextlib import nullcontext
from pathlib import Path

from geoloop.core import jobs
from geoloop.core.errors import GeoLoopError
from geoloop.core.feedback import Feedback


class Listener(Feedback):
    """Keeps what the job says."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def info(self, text: str) -> None:
        self.said.append(text)

    def warning(self, text: str) -> None:
        self.said.append(text)


class Members:
    """Looks each half second at the processes that share the work: the most that all together have held, in kB."""

    def __init__(self) -> None:
        self.peak_kb = 0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            self.peak_kb = max(self.peak_kb, sum(held_kb(pid) for pid in pids))
            time.sleep(0.5)


def held_kb(pid: str) -> int:
    """The most memory that a process has held so far (Linux's VmHWM), in kB; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), 0))


def cpu_seconds() -> float:
    """Seconds of processor that this process, and those that it started and that have ended, have taken so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    members, listener, profile = Members(), Listener(), cProfile.Profile() if request["profile"] else None
    start, used = time.perf_counter(), cpu_seconds()
    try:
        with profile or nullcontext():
            result = jobs.run(request["name"], request["params"], listener)
    except GeoLoopError as error:
        sys.exit(f"{request['name']}: {error}")
    if profile:
        profile.dump_stats(request["profile"])
    print(json.dumps({"result": result, "seconds": time.perf_counter() - start, "cpu_seconds": cpu_seconds() - used,
                      "stages": listener.seconds, "peak_mb": (held_kb("self") + members.peak_kb) / 1024,
                      "said": listener.said}))


if __name__ == "__main__":
    main()
