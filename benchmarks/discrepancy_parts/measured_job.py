"""Runs one job of GeoLoop, unchanged, in a process of its own and says what it cost.

    python measured_job.py request.json

The request holds the job's ``name`` and ``params``, and the path of a ``profile`` to write (empty: none). The last line
printed is a JSON object: the job's result, seconds in all and by stage, and the most memory that the process held.
"""

from __future__ import annotations

import cProfile
import json
import resource
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from geoloop.core import jobs
from geoloop.core.crew import cores
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


def peak_mb() -> float:
    """The most memory that this process (Linux's VmHWM) and those that shared its work can have held so far, in MB of
    2**20 bytes; of the latter each is taken for as large as the largest.
    """
    status = Path("/proc/self/status").read_text()
    own = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    return (own + cores() * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    listener, profile = Listener(), cProfile.Profile() if request["profile"] else None
    start = time.perf_counter()
    try:
        with profile or nullcontext():
            result = jobs.run(request["name"], request["params"], listener)
    except GeoLoopError as error:
        sys.exit(f"{request['name']}: {error}")
    if profile:
        profile.dump_stats(request["profile"])
    print(json.dumps({"result": result, "seconds": time.perf_counter() - start, "stages": listener.seconds,
                      "peak_mb": peak_mb(), "said": listener.said}))


if __name__ == "__main__":
    main()
