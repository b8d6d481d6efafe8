"""Sends jobs to the engine: one warm worker process a QGIS session. Standard library only.

Processing runs algorithms in threads; jobs that come while another runs wait for their turn.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Any, NoReturn

from ...core.errors import Cancelled, EngineError, InputError, LedgerError
from ...core.feedback import Feedback
from ...core.messages import Cancel, Failure, Job, Log, Message, Progress, Quit, Ready, Result, decode, encode
from .environment import engine_environment

START_WORKER = Path(__file__).with_name("start_worker.py")
_POLL_S = 0.1
_START_S = 120.0  # a cold disk with a virus scanner
_CANCEL_S = 1.2  # how long a job may take to stop by itself; a cancelled run is over within 2 s
_QUIT_S = 2.0
_STDERR_LINES = 60
NOTHING: Mapping[str, str] = MappingProxyType({})


class Worker:
    """One engine process and its pipes."""

    def __init__(self, python: Path, script: Path = START_WORKER, variables: Mapping[str, str] = NOTHING) -> None:
        """Start the process, with environment ``variables`` of the user's on top of the engine's own.

        Raises :class:`EngineError` if the interpreter cannot be run.
        """
        self.python, self.variables = python, dict(variables)
        own_group: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {"start_new_session": True}
        )
        try:
            self._process = subprocess.Popen(
                [str(python), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**engine_environment(), **variables}, **own_group,
            )
        except OSError as error:
            raise EngineError(f"GeoLoop's engine cannot start: {python} cannot be run ({error}).") from error
        self._messages: SimpleQueue[Message | EngineError | None] = SimpleQueue()
        self._errors: deque[str] = deque(maxlen=_STDERR_LINES)
        self._readers = [
            threading.Thread(target=read, name=f"geoloop-{read.__name__}", daemon=True)
            for read in (self._read_messages, self._read_errors)
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Message) -> None:
        """Write a message. A worker that is gone is noticed where its answer is awaited."""
        try:
            self._process.stdin.write(encode(message))
            self._process.stdin.flush()
        except (OSError, ValueError):
            pass

    def receive(self, timeout_s: float) -> Message | None:
        """Return the next message, or None after ``timeout_s``. Raises :class:`EngineError` when the worker is gone."""
        try:
            message = self._messages.get(timeout=timeout_s)
        except Empty:
            return None
        if message is None:
            self._raise_death()
        if isinstance(message, EngineError):
            raise message
        return message

    def kill(self) -> None:
        """End the process, its children too, and close the pipes."""
        try:
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        except (OSError, ProcessLookupError):
            pass
        self._clean_up()

    def quit(self) -> None:
        """Ask the process to end, and kill it if it does not."""
        self.send(Quit())
        try:
            self._process.wait(_QUIT_S)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def _clean_up(self) -> None:
        self._process.wait()
        for reader in self._readers:
            reader.join(_QUIT_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                pipe.close()
            except OSError:  # what was still to be flushed has no reader any more
                pass

    def _read_messages(self) -> None:
        for line in self._process.stdout:
            try:
                self._messages.put(decode(line))
            except EngineError as error:
                self._messages.put(error)
        self._messages.put(None)

    def _read_errors(self) -> None:
        for line in self._process.stderr:
            self._errors.append(line.decode(errors="replace").rstrip())

    def _raise_death(self) -> NoReturn:
        code = self._process.wait()
        self._readers[1].join(_QUIT_S)
        if code == -9:
            raise EngineError(
                "GeoLoop's engine was killed, most likely because the memory ran out; choose a smaller EXTENT or close "
                "other programs, and run again."
            )
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        said = next((line for line in reversed(self._errors) if line.strip()), "nothing")
        raise EngineError(f"GeoLoop's engine stopped unexpectedly {how}; its last words: {said}")


class Engine:
    """Runs jobs one at a time in a worker that stays warm between them."""

    def __init__(self, script: Path = START_WORKER) -> None:
        self._script, self._turn, self._ids = script, threading.Lock(), count(1)
        self._worker: Worker | None = None

    def run(
        self, python: Path, name: str, params: dict[str, Any], feedback: Feedback,
        variables: Mapping[str, str] = NOTHING,
    ) -> dict[str, Any]:
        """Run a job in the interpreter ``python`` and return its result.

        Raises :class:`InputError`, :class:`LedgerError` or :class:`EngineError` with one sentence for the user, and
        :class:`Cancelled` at most 2 s after ``feedback`` says so. After a crash the next call starts a new worker.
        """
        with self._my_turn(feedback):
            worker = self._warm_worker(python, variables, feedback)
            job = Job(next(self._ids), name, params)
            try:
                worker.send(job)
                answer = self._await(worker, job.id, feedback)
            except BaseException:  # whatever happened, this worker's state is unknown
                self._drop()
                raise
        if isinstance(answer, Result):
            return answer.value
        _raise_failure(answer, feedback)

    def shutdown(self, *, at_once: bool = False) -> None:
        """End the worker, ``at_once`` or when it has put its things away. A job that runs in another thread ends with
        an :class:`EngineError`.
        """
        worker = self._worker
        if worker is None:
            return
        if self._turn.acquire(timeout=_POLL_S):
            try:
                self._worker = None
                (worker.kill if at_once else worker.quit)()
            finally:
                self._turn.release()
        else:
            worker.kill()

    @contextmanager
    def _my_turn(self, feedback: Feedback) -> Iterator[None]:
        if not self._turn.acquire(blocking=False):
            feedback.info("Waiting for another GeoLoop job to end.")
            while not self._turn.acquire(timeout=_POLL_S):
                feedback.check()
        try:
            yield
        finally:
            self._turn.release()

    def _warm_worker(self, python: Path, variables: Mapping[str, str], feedback: Feedback) -> Worker:
        warm = self._worker
        if warm is not None and ((warm.python, warm.variables) != (python, dict(variables)) or not warm.alive()):
            self._drop()
        if self._worker is None:
            self._worker = Worker(python, self._script, variables)
            try:
                self._await_ready(self._worker, feedback)
            except BaseException:
                self._drop()
                raise
        return self._worker

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    @staticmethod
    def _await_ready(worker: Worker, feedback: Feedback) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            feedback.check()
            if isinstance(worker.receive(_POLL_S), Ready):
                return
        raise EngineError(f"GeoLoop's engine did not start within {_START_S:.0f} s: {worker.python}.")

    def _await(self, worker: Worker, job_id: int, feedback: Feedback) -> Result | Failure:
        give_up: float | None = None
        while True:
            if give_up is None and feedback.cancelled():
                worker.send(Cancel(job_id))
                give_up = time.monotonic() + _CANCEL_S
            if give_up is not None and time.monotonic() > give_up:
                raise Cancelled("The run was cancelled.")
            message = worker.receive(_POLL_S)
            if isinstance(message, Result | Failure) and message.id == job_id:
                if isinstance(message, Failure) and message.kind == "memory":
                    self._drop()  # memory that a failed job holds is only surely free once the process is gone
                return message
            if isinstance(message, Progress) and message.id == job_id:
                feedback.progress(message.fraction, message.text)
            elif isinstance(message, Log) and message.id == job_id:
                (feedback.warning if message.level == "warning" else feedback.info)(message.text)


def _raise_failure(failure: Failure, feedback: Feedback) -> NoReturn:
    if failure.kind == "internal" and failure.detail:
        feedback.info(failure.detail)
    kinds = {"input": InputError, "cancelled": Cancelled, "ledger": LedgerError}
    raise kinds.get(failure.kind, EngineError)(failure.text)


_session = Engine()
_alone: set[Engine] = set()


def run(
    python: Path, name: str, params: dict[str, Any], feedback: Feedback, variables: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """Run a job in this session's engine; see :meth:`Engine.run`."""
    return _session.run(python, name, params, feedback, variables)


def run_alone(
    python: Path, name: str, params: dict[str, Any], feedback: Feedback, script: Path = START_WORKER,
    variables: Mapping[str, str] = NOTHING,
) -> dict[str, Any]:
    """Run a long job in a worker of its own that ends with it: the session's stays light, and free for other jobs."""
    engine = Engine(script)
    _alone.add(engine)
    try:
        return engine.run(python, name, params, feedback, variables)
    except BaseException:
        engine.shutdown(at_once=True)  # a worker with torch takes a second to leave, and a cancelled run is over in two
        raise
    finally:
        engine.shutdown()
        _alone.discard(engine)


def shutdown() -> None:
    """End this session's engine, if one runs, and those that train."""
    for engine in (_session, *_alone):
        engine.shutdown()


atexit.register(shutdown)
