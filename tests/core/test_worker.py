"""The engine's door: messages in and out of a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from geoloop.core.errors import EngineError, InputError
from geoloop.core.messages import Cancel, Failure, Job, Log, Progress, Quit, Ready, Result, decode, encode
from geoloop.core.worker import failure

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("message", [
    Job(1, "fuse", {"a": [1, "ü"]}), Cancel(1), Quit(), Ready(3, "3.11"), Progress(1, 0.5, "half"),
    Log(1, "warning", "mind"), Log(1, "info", os.fsdecode(b"caf\xe9.tif")), Result(1, {"x": None}),
    Failure(1, "input", "no", "trace")])
def test_a_message_survives_the_pipe(message) -> None:
    line = encode(message)
    assert line.count(b"\n") == 1
    assert decode(line) == message


def test_a_line_that_is_no_message_is_said_to_be_none() -> None:
    with pytest.raises(EngineError, match="no message"):
        decode(b"Segmentation fault\n")


def test_errors_become_what_a_user_can_read() -> None:
    assert failure(1, InputError("The layer x has no CRS.")).kind == "input"
    assert failure(1, InputError("There is no class “old\r\nforest”.")).text == "There is no class “old forest”."
    memory = failure(1, MemoryError())
    assert memory.kind == "memory"
    assert "smaller EXTENT" in memory.text
    assert "please report" in failure(1, ZeroDivisionError("division by zero")).text


def start(*arguments: str) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".dev")}
    return subprocess.Popen([sys.executable, "-m", "geoloop.core.worker", *arguments], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def test_jobs_come_in_and_each_is_answered() -> None:
    with start() as worker:
        assert worker.stdin
        for message in (Job(1, "no such job"), Job(2, "decide", {"ledger": "/nowhere.gpkg", "uids": [],
                                                                 "decision": "accept"}), Quit()):
            worker.stdin.write(encode(message))
        worker.stdin.flush()
        answers = [decode(line) for line in worker.stdout or ()]
        worker.stdin.close()
    assert isinstance(answers[0], Ready)
    assert [(a.id, a.kind) for a in answers[1:] if isinstance(a, Failure)] == [(1, "input"), (2, "ledger")]


def test_the_worker_ends_when_qgis_is_gone() -> None:
    with start() as worker:
        assert worker.stdout
        assert worker.stdin
        worker.stdout.readline()
        worker.stdin.close()
        assert worker.wait(timeout=10) == 0


def test_one_job_from_a_file_for_servers(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"name": "doctor", "params": {"device": "cpu"}}), encoding="utf-8")
    with start(str(job)) as worker:
        output, _ = worker.communicate(timeout=120)
    assert worker.returncode == 0
    assert isinstance(decode(output.splitlines()[-1]), Result)


def test_a_failing_job_from_a_file_exits_with_an_error(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"name": "flag", "params": {}}), encoding="utf-8")
    with start(str(job)) as worker:
        output, _ = worker.communicate(timeout=60)
    assert worker.returncode == 1
    assert decode(output.splitlines()[-1]).kind == "input"
