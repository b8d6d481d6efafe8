"""Makes the engine's environment: whole or not at all. Standard library only.

An environment is built in a folder beside its final place and renamed when a self test has passed. The scripts in its
``bin`` still name the folder it was built in; therefore everything is started as ``bin/python -m …``.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import Cancelled, EngineError, InputError
from ...core.feedback import Feedback
from .base_python import BasePython, find_base_python
from .environment import engine_environment, offline_pip_environment, pip_environment
from .exclusive import exclusive
from .location import Device, EngineCard, engines_folder, lock_hash, lock_of, python_of

MODULES = ("torch", "rasterio", "geopandas", "shapely", "pyproj", "onnxruntime")
_SELF_TEST = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
_POLL_S = 0.2
_TAIL = 15


@dataclass(frozen=True)
class Recipe:
    """What an engine is made of.

    ``locks`` are requirements files with every version pinned; the first is the engine's. ``wheels`` is a folder to
    install from without any network. ``modules`` must be importable, else the environment is thrown away.
    """

    device: Device
    locks: tuple[Path, ...]
    wheels: Path | None = None
    base_python: Path | None = None
    modules: tuple[str, ...] = MODULES

    @classmethod
    def for_device(
        cls, device: Device, *, wheels: Path | None = None, base_python: Path | None = None, also: Sequence[Path] = ()
    ) -> Recipe:
        """Return the recipe of the plugin's own engine for ``device``; ``also`` are further requirements."""
        return cls(device, (lock_of(device), *also), wheels, base_python)

    def folder(self, base: BasePython) -> Path:
        """Return where the engine belongs: one folder for each lock, device and version of Python."""
        return engines_folder() / f"{self.device}-py{base.version}-{lock_hash(self.locks)[:12]}"


def install(recipe: Recipe, feedback: Feedback) -> Path:
    """Return the interpreter of the recipe's engine, made now unless it is there.

    Raises :class:`InputError` for a missing file or folder, :class:`EngineError` if pip or the self test fails, and
    :class:`Cancelled`. Whatever happens, a folder in the engine's place is a whole engine.
    """
    _check(recipe)
    base = find_base_python(recipe.base_python)
    folder = recipe.folder(base)
    feedback.info(f"The engine's place is {folder}.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"The folder {folder.parent} cannot be made ({error.strerror}).") from error
    with exclusive(
        folder.parent / f".{folder.name}.lock", feedback.check,
        lambda: feedback.info("Waiting for another installation of this engine to end."),
    ):
        if EngineCard.read(folder) is not None:
            feedback.info("The engine is already installed.")
            feedback.progress(1.0)
            return python_of(folder)
        _make(recipe, base, folder, feedback)
    feedback.info(f"The engine is installed: {python_of(folder)}.")
    feedback.progress(1.0)
    return python_of(folder)


def _check(recipe: Recipe) -> None:
    for lock in recipe.locks:
        if not lock.is_file():
            raise InputError(f"The requirements file {lock} is not there.")
    if recipe.wheels is not None and not (recipe.wheels.is_dir() and any(recipe.wheels.glob("*.whl"))):
        raise InputError(f"WHEELS must be a folder with wheels (*.whl); {recipe.wheels} holds none.")


def _make(recipe: Recipe, base: BasePython, folder: Path, feedback: Feedback) -> None:
    building = folder.with_name(f".building-{folder.name}")
    _remove(building)  # left by an installation that was killed
    _remove(folder)  # without a card it is no engine
    try:
        feedback.progress(0.02, "Making the environment")
        _run([base.path, "-m", "venv", building], engine_environment(), feedback, "The environment cannot be made")
        _pip_install(recipe, python_of(building), feedback.span(0.05, 0.9))
        feedback.progress(0.9, "Testing the engine")
        _run(
            [python_of(building), "-c", _SELF_TEST, *recipe.modules], engine_environment(), feedback,
            "The engine was installed but its libraries cannot be loaded",
        )
        _name_final_place(building, folder)
        EngineCard(recipe.device, lock_hash(recipe.locks), base.version, time.time()).write(building)
        os.rename(building, folder)
    finally:
        _remove(building)


def _pip_install(recipe: Recipe, python: Path, feedback: Feedback) -> None:
    command: list[str | Path] = [
        python, "-m", "pip", "install", "--no-input", "--progress-bar", "off", "--only-binary", ":all:",
    ]
    environment = pip_environment()
    if recipe.wheels is not None:
        command += ["--no-index", "--find-links", recipe.wheels.absolute()]
        environment = offline_pip_environment()
    for lock in recipe.locks:
        command += ["--requirement", lock.absolute()]
    feedback.progress(0.0, "Installing the engine's packages")
    pins = sum(_count_pins(lock) for lock in recipe.locks)
    _run(command, environment, _PipProgress(feedback, pins), "pip could not install the engine's packages")


def _count_pins(lock: Path) -> int:
    return sum("==" in line.split("#")[0] for line in lock.read_text(encoding="utf-8").splitlines())


class _PipProgress(Feedback):
    """Turns pip's lines into progress: one step a package collected, a last tenth for unpacking."""

    def __init__(self, feedback: Feedback, pins: int) -> None:
        super().__init__()
        self._feedback, self._pins, self._collected = feedback, max(pins, 1), 0

    def info(self, text: str) -> None:
        self._feedback.info(text)
        if text.startswith("Collecting "):
            self._collected += 1
            self._feedback.progress(0.9 * min(self._collected / self._pins, 1.0))

    def cancelled(self) -> bool:
        return self._feedback.cancelled()


def _name_final_place(building: Path, folder: Path) -> None:
    """Let ``pyvenv.cfg`` name the place the environment is renamed to, not the one it was made in."""
    configuration = building / "pyvenv.cfg"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(text.replace(str(building), str(folder)), encoding="utf-8")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _run(command: Sequence[str | Path], environment: Mapping[str, str], feedback: Feedback, failing: str) -> None:
    """Run a program, its lines into the log. Raises :class:`EngineError` beginning with ``failing``."""
    group = {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {"start_new_session": True}
    process = subprocess.Popen(
        [os.fspath(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=dict(environment), **group,
    )
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read_lines, args=(process, lines), daemon=True)
    reader.start()
    tail: deque[str] = deque(maxlen=_TAIL)
    try:
        while True:
            if feedback.cancelled():
                raise Cancelled("The installation was cancelled; nothing was installed.")
            try:
                line = lines.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if line is None:
                break
            tail.append(line)
            feedback.info(line)
    finally:
        _kill(process)
        reader.join()
        process.stdout.close()
    if process.returncode != 0:
        last = next((line for line in reversed(tail) if line.strip()), "it said nothing")
        raise EngineError(f"{failing}: {last}")


def _read_lines(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[str | None]) -> None:
    for line in process.stdout:
        lines.put(line.decode(errors="replace").rstrip())
    process.wait()
    lines.put(None)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started, if it still runs."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        taskkill = Path(os.environ["SYSTEMROOT"]) / "System32" / "taskkill.exe"
        subprocess.run([str(taskkill), "/T", "/F", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
