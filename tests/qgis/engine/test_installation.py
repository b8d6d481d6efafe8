"""The installation, from a folder of wheels made here: no network, no large package."""

from __future__ import annotations

import hashlib
import subprocess
import threading
import time
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from geoloop.core.errors import Cancelled, EngineError, InputError
from geoloop.core.feedback import Feedback
from geoloop.processing_provider.engine import location
from geoloop.processing_provider.engine.base_python import find_base_python
from geoloop.processing_provider.engine.environment import engine_environment
from geoloop.processing_provider.engine.installation import Recipe, install


def write_wheel(folder: Path, name: str, code: str) -> None:
    """Write a wheel of one module."""
    information = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": code,
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{path},sha256={urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for path, text in files.items()
    ]
    files[f"{information}/RECORD"] = "\n".join([*record, f"{information}/RECORD,,", ""])
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A data folder with spaces and letters beyond ASCII."""
    home = tmp_path / "Größe und Maß"
    monkeypatch.setenv("GEOLOOP_HOME", str(home))
    return home


@pytest.fixture
def recipe(home, tmp_path) -> Recipe:
    wheels = tmp_path / "Räder hier"
    wheels.mkdir()
    write_wheel(wheels, "tinyengine", "SIZE = 'klein'\n")
    lock = tmp_path / "the lock.txt"
    lock.write_text("# all there is\ntinyengine==1.0\n")
    return Recipe("cpu", (lock,), wheels=wheels, modules=("tinyengine",))


def engines(home: Path) -> list[str]:
    return [folder.name for folder in (home / "engines").iterdir() if folder.is_dir()]


def test_an_engine_installs_offline_into_an_awkward_folder_and_runs_there(home, recipe):
    python = install(recipe, Feedback())
    said = subprocess.run(
        [python, "-c", "import tinyengine; print(tinyengine.__file__)"], env=engine_environment(),
        capture_output=True, text=True, check=True,
    )
    assert said.stdout.startswith(str(home / "engines"))
    assert ".building" not in said.stdout
    assert len(engines(home)) == 1
    assert "building" not in (python.parents[1] / "pyvenv.cfg").read_text(encoding="utf-8")
    assert subprocess.run([python, "-m", "pip", "--version"], env=engine_environment(), check=False).returncode == 0


def test_an_engine_that_is_there_is_kept(home, recipe):
    first = install(recipe, Feedback())
    made = location.EngineCard.read(first.parents[1]).made
    assert install(recipe, Feedback()) == first
    assert location.EngineCard.read(first.parents[1]).made == made


def test_another_lock_makes_another_engine(home, recipe, tmp_path):
    base = find_base_python()
    further = tmp_path / "further.txt"
    further.write_text("other==2.0\n")
    assert recipe.folder(base) != Recipe("cpu", (*recipe.locks, further)).folder(base)
    assert recipe.folder(base) != Recipe("cuda", recipe.locks).folder(base)


def test_line_endings_do_not_change_the_key(tmp_path):
    unix, windows = tmp_path / "unix.txt", tmp_path / "windows.txt"
    unix.write_bytes(b"a==1\nb==2\n")
    windows.write_bytes(b"a==1\r\nb==2\r\n")
    assert location.lock_hash([unix]) == location.lock_hash([windows])


def test_a_failing_self_test_leaves_nothing(home, recipe):
    write_wheel(recipe.wheels, "tinyengine", "raise RuntimeError('no such processor')\n")
    with pytest.raises(EngineError, match="libraries cannot be loaded: RuntimeError: no such processor"):
        install(recipe, Feedback())
    assert engines(home) == []


def test_a_missing_wheel_is_one_sentence_and_leaves_nothing(home, recipe):
    recipe.locks[0].write_text("tinyengine==1.0\nnotthere==3.0\n")
    with pytest.raises(EngineError, match=r"pip could not install.*notthere"):
        install(recipe, Feedback())
    assert engines(home) == []


def test_a_folder_without_wheels_is_refused_before_anything_is_made(home, recipe, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="WHEELS must be a folder with wheels"):
        install(Recipe("cpu", recipe.locks, wheels=tmp_path / "empty"), Feedback())
    assert not home.exists()


class CancelledAfter(Feedback):
    """Cancels when the environment begins to be made."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._stop_at = time.monotonic() + seconds

    def cancelled(self) -> bool:
        return time.monotonic() > self._stop_at


def test_a_cancelled_installation_ends_soon_and_leaves_nothing(home, recipe):
    began = time.monotonic()
    with pytest.raises(Cancelled):
        install(recipe, CancelledAfter(0.8))
    assert time.monotonic() - began < 4.0
    assert engines(home) == []


def test_what_a_killed_installation_left_is_no_engine_and_is_cleared_away(home, recipe):
    folder = recipe.folder(find_base_python())
    for left in (folder, folder.with_name(f".building-{folder.name}")):
        (left / "bin").mkdir(parents=True)
        (left / "bin" / "python").touch()
    assert location.EngineCard.read(folder) is None
    assert install(recipe, Feedback()).is_file()
    assert engines(home) == [folder.name]


def test_two_installations_at_once_make_one_engine(home, recipe):
    made: list[Path] = []
    threads = [threading.Thread(target=lambda: made.append(install(recipe, Feedback()))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert made[0] == made[1]
    assert len(engines(home)) == 1


def test_a_python_that_cannot_make_environments_is_refused_with_the_mend(tmp_path):
    with pytest.raises(EngineError, match=r"apt install python3-venv"):
        find_base_python(tmp_path / "no python")


def test_the_engine_of_the_present_lock_is_found(home, recipe, monkeypatch):
    monkeypatch.setattr(location, "lock_of", lambda device: recipe.locks[0])
    assert location.find_engine() is None
    python = install(recipe, Feedback())
    assert location.find_engine() == python
    recipe.locks[0].write_text("tinyengine==2.0\n")
    assert location.find_engine() is None
