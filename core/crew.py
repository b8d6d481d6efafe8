"""Work shared out among the machine's cores. Results come in the order of the work, and are the same for any number of
workers: what is shared out never depends on what others have done.

Threads for what NumPy, SciPy and GDAL do on large arrays; processes for what Python does feature by feature.
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, TypeVar

from .feedback import Feedback

T = TypeVar("T")
U = TypeVar("U")
FEW = 8
"""So many pieces of work or fewer are done before processes have started."""
ASKED_S = 0.25


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def ahead(executor: Executor, function: Callable[[T], U], items: Iterable[T], depth: int) -> Iterator[U]:
    """Map in other threads, in order, at most ``depth`` items ahead of who takes the results."""
    waiting: deque[Future[U]] = deque()
    for item in items:
        waiting.append(executor.submit(function, item))
        if len(waiting) > depth:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def in_threads(work: Callable[[T], U], items: Iterable[T], workers: int | None = None) -> Iterator[U]:
    """Map in one thread a core, by default; ``items`` are taken from in the caller's thread."""
    count = cores() if workers is None else workers
    if count < 2:
        yield from map(work, items)
        return
    executor = ThreadPoolExecutor(count, "crew")
    try:
        yield from ahead(executor, work, items, count)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


class Crew:
    """Processes, one a core by default, that start when there is work for them and end with the block: they hear from
    this process alone, and end when it does, however it ends.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._count = cores() if workers is None else workers
        self._members: list[tuple[BaseProcess, Connection]] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:
        for process, line in self._members:
            line.close()
            if kind is not None:
                process.terminate()
        for process, _ in self._members:
            process.join()
        self._members = []

    def map(self, work: Callable[[T], U], items: Iterable[T], feedback: Feedback) -> Iterator[U]:
        """Yield ``work`` (a function of a module) of each item, in order. ``items`` are taken one at a time, as members
        come free; ``feedback`` is asked whether to go on. What a member raises is raised here.
        """
        rest = iter(items)
        first = list(islice(rest, FEW + 1)) if self._count > 1 and not self._members else []
        if self._count < 2 or (not self._members and len(first) <= FEW):
            for item in chain(first, rest):
                feedback.check()
                yield work(item)
            return
        if not self._members:
            self._members = [_member() for _ in range(self._count)]
        yield from self._dealt(work, chain(first, rest), feedback)

    def _dealt(self, work: Callable[[T], U], items: Iterator[T], feedback: Feedback) -> Iterator[U]:
        free = [line for _, line in self._members]
        busy: dict[Connection, int] = {}
        done: dict[int, U] = {}
        dealt = given = 0
        upcoming = list(islice(items, 1))
        while upcoming or busy or done:
            while free and upcoming:
                line = free.pop()
                line.send((work, upcoming.pop()))
                busy[line], dealt = dealt, dealt + 1
                upcoming = list(islice(items, 1))
            while given in done:
                yield done.pop(given)
                given += 1
            if not busy:
                continue
            feedback.check()
            for ready in wait(list(busy), ASKED_S):
                assert isinstance(ready, Connection)
                done[busy.pop(ready)] = _heard(ready)
                free.append(ready)


def _member() -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _heard(line: Connection) -> Any:
    try:
        well, said = line.recv()
    except EOFError as error:
        raise MemoryError("A process that shared the work was ended from outside; probably memory ran out.") from error
    if not well:
        failure, trace = said
        failure.add_note(trace)
        raise failure
    return said


def _serve(line: Connection) -> None:
    """What a member does: work until its line is cut."""
    while True:
        try:
            work, item = line.recv()
        except EOFError:
            return
        try:
            answer = True, work(item)
        except Exception as error:  # whatever it is, it is raised where the work came from
            answer = False, (error, traceback.format_exc())
        try:
            line.send(answer)
        except BrokenPipeError:
            return
