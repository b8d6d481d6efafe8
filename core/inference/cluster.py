"""The same tiles as tasks on a Dask cluster: what comes back is what one machine would have computed."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from torch import Tensor

from ..errors import GeoLoopError, InputError, first_line
from ..feedback import Feedback
from .plan import OpenPlan, Plan
from .tiler import Compute, Computed, read_tiles
from .tiling import Batch

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = re.compile(r"local(?::(\d+))?")
CONNECT_S = 8
AHEAD = 2
"""Batches that wait at each of the cluster's threads, so that none is idle while results travel."""
RETRIES = 3
"""How often a batch is computed anew elsewhere when the worker that had it is gone."""

_open = threading.local()


@contextmanager
def on_cluster(scheduler: str, plan: Plan, feedback: Feedback) -> Iterator[Compute]:
    """Connect to a scheduler (``tcp://host:8786``), or start workers here (``local``, ``local:4``); compute there.

    Every worker opens the model and the imagery by the same paths as here. Batches come back in order, and a batch
    whose worker dies is computed by another, so that the result is the same bytes. Raises :class:`InputError` when the
    cluster cannot be reached, has no workers, or cannot find GeoLoop or the files.
    """
    with _client(scheduler, feedback) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(f"The Dask scheduler {scheduler} has no workers; start some and run again.")
        _check(client, plan, scheduler)
        feedback.info(f"Cluster: {scheduler}, {len(client.nthreads())} workers, {threads} threads.")

        def compute(batches: Iterable[Batch]) -> Iterator[Computed]:
            waiting: deque[Future] = deque()
            try:
                for batch in batches:
                    waiting.append(client.submit(compute_batch, plan, batch, pure=False, retries=RETRIES))
                    if len(waiting) >= AHEAD * threads + 1:
                        yield _result(waiting.popleft(), scheduler, feedback)
                while waiting:
                    yield _result(waiting.popleft(), scheduler, feedback)
            finally:
                client.cancel(list(waiting))

        yield compute


def compute_batch(plan: Plan, batch: Batch) -> Computed:
    """Compute a batch on a worker, which keeps the model and the imagery open for the next."""
    opened = _opened(plan)
    seen, x, valid = read_tiles(opened.read, batch)
    values = opened.finish(opened.run(x, valid, [tile.window for tile in seen])) if seen else ()
    return Computed(batch, seen, values.cpu().numpy() if isinstance(values, Tensor) else values, valid)


def check_worker(plan: Plan) -> str:
    """Open everything on a worker; returns the line about its device."""
    return _opened(plan).runner.line


def _opened(plan: Plan) -> OpenPlan:
    """The plan, opened once a thread; another plan takes its place."""
    if getattr(_open, "plan", None) != plan:
        if getattr(_open, "opened", None) is not None:
            _open.opened.close()
        _open.plan, _open.opened = None, None
        _open.opened = plan.open(Feedback())
        _open.plan = plan
    opened: OpenPlan = _open.opened
    return opened


@contextmanager
def _client(scheduler: str, feedback: Feedback) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    local = LOCAL.fullmatch(scheduler)
    if local:
        feedback.info("Starting workers on this machine.")
        with LocalCluster(n_workers=int(local.group(1)) if local.group(1) else None, threads_per_worker=1,
                          processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"The Dask scheduler {scheduler} cannot be reached ({error}); check SCHEDULER, such as "
                         "tcp://host:8786, and that it runs.") from error
    with client:
        yield client


def _check(client: Client, plan: Plan, scheduler: str) -> None:
    """Make sure that a worker has what it needs, before the tiles go out."""
    try:
        client.submit(check_worker, plan, pure=False).result()
    except (ModuleNotFoundError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "deserialization" not in str(error):
            raise
        raise InputError(f"The cluster at {scheduler} does not know GeoLoop ({first_line(error)}); start its "
                         "scheduler and workers by GeoLoop's script start_cluster.py, in its engine.") from error
    except GeoLoopError as error:
        raise InputError(f"On a worker of {scheduler}: {error}") from error


def _result(future: Future, scheduler: str, feedback: Feedback) -> Computed:
    from distributed import KilledWorker
    from distributed import TimeoutError as NotYet

    while True:
        feedback.check()
        try:
            result: Computed = future.result(timeout=0.5)
        except NotYet:
            continue
        except KilledWorker as error:
            raise InputError(f"A batch of tiles killed several workers of {scheduler}, probably for lack of memory; "
                             "choose a smaller BATCH or give the workers more memory.") from error
        return result
