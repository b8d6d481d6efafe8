"""The client of the engine, against real worker processes of this Python: no library of the engine is needed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from geoloop.core.errors import Cancelled, EngineError, InputError
from geoloop.core.feedback import Feedback
from geoloop.processing_provider.engine import client

PYTHON = Path("/usr/bin/python3")

# A worker that serves jobs of its own, through the engine's real door.
SCRIPT = '''
import multiprocessing, os, runpy, signal, sys, time
runpy.run_path({register!r})
from geoloop.core import jobs, messages, worker
from geoloop.core.errors import InputError

def run(name, params, feedback):
    if name == "steps":
        for step in range(5):
            feedback.progress(step / 4, f"step {{step}}")
            feedback.info(f"did {{step}}")
        return {{"pid": os.getpid(), "safe_path": sys.flags.safe_path, "path": sys.path, **params}}
    if name == "spawns":
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return {{"line": pool.apply(messages.encode, (messages.Quit(),)).decode()}}
    if name == "obedient":
        while True:
            feedback.check()
            time.sleep(0.05)
    if name == "deaf":
        print("deaf job runs", file=sys.stderr, flush=True)
        feedback.progress(0.1)
        time.sleep(60)
    if name == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "exits":
        print("the last words", file=sys.stderr, flush=True)
        os._exit(7)
    if name == "refuses":
        raise InputError("The input is not good.")
    if name == "memory":
        raise MemoryError
    raise ZeroDivisionError("a bug")

jobs.run = run
if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1:]))
'''


class Recording(Feedback):
    """Keeps what it is told; cancelled when told so, or at the first progress."""

    def __init__(self, cancel_at_progress: bool = False) -> None:
        super().__init__()
        self.told: list[tuple[str, object]] = []
        self.stop = threading.Event()
        self._cancel_at_progress = cancel_at_progress

    def progress(self, fraction: float, text: str = "") -> None:
        self.told.append(("progress", fraction))
        if self._cancel_at_progress:
            self.stop.set()

    def info(self, text: str) -> None:
        self.told.append(("info", text))

    def cancelled(self) -> bool:
        return self.stop.is_set()


@pytest.fixture
def engine(tmp_path):
    script = tmp_path / "start.py"
    script.write_text(SCRIPT.format(register=str(client.START_WORKER.with_name("register_package.py"))))
    engine = client.Engine(script)
    yield engine
    engine.shutdown()


def run(engine, name, feedback=None, **params):
    return engine.run(PYTHON, name, params, feedback or Recording())


def test_progress_and_log_arrive_in_order_before_the_result(engine):
    feedback = Recording()
    assert run(engine, "steps", feedback, word="Größe")["word"] == "Größe"
    assert feedback.told == [
        told for step in range(5) for told in (("progress", step / 4), ("info", f"did {step}"))
    ]


def test_the_worker_stays_warm_between_jobs(engine):
    assert run(engine, "steps")["pid"] == run(engine, "steps")["pid"]


def test_a_job_that_trains_has_a_worker_of_its_own_that_ends_with_it(engine):
    warm = run(engine, "steps")["pid"]
    alone = client.run_alone(PYTHON, "steps", {}, Recording(), engine._script)["pid"]
    assert alone != warm
    assert not Path(f"/proc/{alone}").exists()
    assert run(engine, "steps")["pid"] == warm


def test_a_job_that_trains_and_is_cancelled_does_not_wait_for_its_worker_to_leave(engine, monkeypatch):
    monkeypatch.setattr(client.Worker, "quit", lambda worker: pytest.fail("was asked to leave by itself"))
    feedback = Recording()
    threading.Timer(0.5, feedback.stop.set).start()
    with pytest.raises(Cancelled):
        client.run_alone(PYTHON, "obedient", {}, feedback, engine._script)
    assert not client._alone


def test_the_plugins_folder_is_not_on_the_workers_path(engine):
    result = run(engine, "steps")
    assert result["safe_path"]
    assert str(Path(client.__file__).resolve().parents[2]) not in result["path"]


def test_a_job_may_spawn_processes_that_know_the_package(engine):
    assert run(engine, "spawns")["line"] == '{"type": "quit"}\n'


def test_a_job_that_listens_stops_and_the_next_one_runs(engine):
    feedback = Recording()
    threading.Timer(0.5, feedback.stop.set).start()
    with pytest.raises(Cancelled):
        run(engine, "obedient", feedback)
    assert run(engine, "steps")["pid"] > 0


def test_a_job_that_ignores_the_cancel_is_over_within_two_seconds(engine):
    feedback = Recording(cancel_at_progress=True)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run(engine, "deaf", feedback)
    assert time.monotonic() - began < 2.0 + 1.0  # the second one starts Python on a busy machine
    assert run(engine, "steps")["pid"] > 0


def test_a_stopped_worker_is_killed_within_two_seconds_of_the_cancel(engine):
    pid = run(engine, "steps")["pid"]
    os.kill(pid, signal.SIGSTOP)
    feedback = Recording()
    feedback.stop.set()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run(engine, "steps", feedback)
    assert time.monotonic() - began < 2.0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_worker_is_one_clear_error_and_the_next_job_works(engine):
    with pytest.raises(EngineError, match="memory ran out"):
        run(engine, "killed")
    assert run(engine, "steps", word="again")["word"] == "again"


def test_a_crash_tells_the_exit_code_and_the_last_words(engine):
    with pytest.raises(EngineError, match="exit code 7; its last words: the last words"):
        run(engine, "exits")


def test_a_refused_input_keeps_its_sentence_and_the_worker(engine):
    pid = run(engine, "steps")["pid"]
    with pytest.raises(InputError, match=r"^The input is not good\.$"):
        run(engine, "refuses")
    assert run(engine, "steps")["pid"] == pid


def test_after_memory_ran_out_a_fresh_worker_serves(engine):
    pid = run(engine, "steps")["pid"]
    with pytest.raises(EngineError, match="smaller EXTENT"):
        run(engine, "memory")
    assert run(engine, "steps")["pid"] != pid


def test_a_bug_is_reported_with_its_traceback_in_the_log(engine):
    feedback = Recording()
    with pytest.raises(EngineError, match="ZeroDivisionError: a bug"):
        run(engine, "bug", feedback)
    assert any("Traceback" in str(text) for _, text in feedback.told)


def test_a_second_job_waits_says_so_and_can_be_cancelled_while_waiting(engine):
    first = Recording()

    def run_first():
        with pytest.raises(Cancelled):
            run(engine, "obedient", first)

    thread = threading.Thread(target=run_first)
    thread.start()
    time.sleep(0.5)
    second = Recording()
    threading.Timer(0.3, second.stop.set).start()
    with pytest.raises(Cancelled):
        run(engine, "steps", second)
    assert second.told == [("info", "Waiting for another GeoLoop job to end.")]
    first.stop.set()
    thread.join(5)


def test_another_interpreter_gets_a_worker_of_its_own(engine, tmp_path):
    pid = run(engine, "steps")["pid"]
    other = tmp_path / "python"
    other.symlink_to(PYTHON)
    assert engine.run(other, "steps", {}, Recording())["pid"] != pid


def test_an_interpreter_that_cannot_run_is_one_clear_error(engine, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("no program")
    with pytest.raises(EngineError, match="cannot be run"):
        engine.run(broken, "steps", {}, Recording())


def test_the_worker_is_not_started_with_this_processs_executable(engine, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")  # as it is inside the desktop on some systems
    worker = client.Worker(PYTHON, engine._script)
    try:
        assert os.readlink(f"/proc/{worker.pid}/exe") == os.path.realpath(PYTHON)
    finally:
        worker.quit()
