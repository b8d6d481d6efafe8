"""The engine's one door: a job comes in, progress and a result go out.

``python -m geoloop.core.worker``            listen on standard input (QGIS keeps one such worker warm)
``python -m geoloop.core.worker job.json``   run one job, ``{"name": …, "params": {…}}``, and print its result
"""

from __future__ import annotations

import json
import os
import platform
import sys
import threading
import traceback
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from . import jobs
from .errors import Cancelled, GeoLoopError, InputError, LedgerError
from .feedback import Feedback
from .messages import Cancel, Failure, FailureKind, Job, Log, Message, Progress, Quit, Ready, Result, decode, encode


class Outlet:
    """Writes messages, whole lines only, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._lock = stream, threading.Lock()

    def send(self, message: Message) -> None:
        with self._lock:
            self._stream.write(encode(message))
            self._stream.flush()


class JobFeedback(Feedback):
    """Turns a job's feedback into messages; cancelled from the listening thread."""

    def __init__(self, job_id: int, outlet: Outlet) -> None:
        super().__init__()
        self._id, self._outlet, self._stop = job_id, outlet, threading.Event()

    def progress(self, fraction: float, text: str = "") -> None:
        self._outlet.send(Progress(self._id, float(fraction), text))

    def info(self, text: str) -> None:
        self._outlet.send(Log(self._id, "info", text))

    def warning(self, text: str) -> None:
        self._outlet.send(Log(self._id, "warning", text))

    def cancelled(self) -> bool:
        return self._stop.is_set()

    def cancel(self) -> None:
        self._stop.set()


def failure(job_id: int, error: BaseException) -> Failure:
    """Return what the user is told of an error."""
    kind: FailureKind = "internal"
    text = " ".join(str(error).splitlines())  # a sentence is one line, whatever the names in it
    if isinstance(error, Cancelled):
        kind = "cancelled"
    elif isinstance(error, InputError):
        kind = "input"
    elif isinstance(error, LedgerError):
        kind = "ledger"
    elif isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        kind = "memory"
        text = "The engine ran out of memory; choose a smaller EXTENT or close other programs, and run again."
    elif not isinstance(error, GeoLoopError):
        text = f"The engine failed ({type(error).__name__}: {error}); please report this with the log."
    return Failure(job_id, kind, text, "".join(traceback.format_exception(error)))


def run(job: Job, feedback: Feedback) -> dict[str, Any]:
    """Run one job to its result."""
    return jobs.run(job.name, job.params, feedback)


class Worker:
    """Runs jobs one after the other in the main thread while another thread listens for cancels."""

    def __init__(self, inlet: BinaryIO, outlet: Outlet) -> None:
        self._inlet, self._outlet = inlet, outlet
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._feedback: dict[int, JobFeedback] = {}

    def serve(self) -> None:
        """Serve until told to quit or until QGIS closes the pipe."""
        threading.Thread(target=self._listen, daemon=True).start()
        self._outlet.send(Ready(os.getpid(), platform.python_version()))
        while (job := self._waiting.get()) is not None:
            feedback = self._feedback[job.id]
            try:
                feedback.check()
                answer: Message = Result(job.id, run(job, feedback))
            except Exception as error:  # the one place where every failure becomes a message
                answer = failure(job.id, error)
            finally:
                self._feedback.pop(job.id, None)
            self._outlet.send(answer)

    def _listen(self) -> None:
        for line in self._inlet:
            message = decode(line)
            if isinstance(message, Job):
                self._feedback[message.id] = JobFeedback(message.id, self._outlet)
                self._waiting.put(message)
            elif isinstance(message, Cancel):
                feedback = self._feedback.get(message.id)  # the job may end at this moment
                if feedback is not None:
                    feedback.cancel()
            elif isinstance(message, Quit):
                self._waiting.put(None)
                return
        os._exit(0)  # QGIS is gone: nobody waits for the running job


def main(arguments: list[str]) -> int:
    """Serve, or run the one job named on the command line."""
    protocol = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print must not spoil the messages
    outlet = Outlet(protocol)
    if not arguments:
        Worker(sys.stdin.buffer, outlet).serve()
        return 0
    described = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    job = Job(0, described["name"], described.get("params", {}))
    try:
        outlet.send(Result(0, run(job, JobFeedback(0, outlet))))
    except Exception as error:  # the same door for a server: the failure is a message and an exit code
        outlet.send(failure(0, error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
