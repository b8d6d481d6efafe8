"""A disk that runs full while edits are written: every decision whole, nothing lost, and the rest goes on later."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest
from qgis.core import QgsProcessingException, QgsProject

from geoloop.processing_provider.editing import push as push_module

SIZE = 4 << 20


class SmallDisk:
    """A folder on a file system of a few MB; where nobody may mount one, a limit to what a file can grow to."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.is_mounted = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True,
            check=False).returncode == 0
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self, *_):
        """Leave no room at all."""
        if not self.is_mounted:
            largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, self._limits[1]))
            return
        with (self.folder / "somebody else's.bin").open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)

    def make_room(self):
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)
        (self.folder / "somebody else's.bin").unlink(missing_ok=True)

    def remove(self):
        self.make_room()
        if self.is_mounted:
            # Detached at once, gone when QGIS's pool lets go of the connections that it keeps open for a minute.
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    small = SmallDisk(tmp_path / "kleine Platte")
    yield small
    QgsProject.instance().removeAllMapLayers()
    small.remove()


@pytest.fixture
def crowded(disk, town, house):
    """The town on the small disk, with edits that make its file grow; the ledger beside it, or on the large disk."""
    def made(*, ledger_too):
        place = town(houses=40)
        moved = disk.folder / place.path.name
        shutil.move(place.path, moved)
        place.path = moved
        if ledger_too:
            place.folder = disk.folder
        place.flags(*(("reshape", n, house(n - 1, size=5), {"building": "church"}) for n in range(1, 21)),
                    *(("add", None, house(1000 + n), {"building": "barn"}) for n in range(300)))
        return place

    return made


@contextmanager
def full_after(disk, monkeypatch, what, when):
    original = getattr(what, when)

    def filled(*arguments, **more):
        result = original(*arguments, **more)
        disk.fill()
        return result

    with monkeypatch.context() as patch:
        patch.setattr(what, when, filled)
        yield


def goes_on(place, disk, push, undo, before):
    """With room again, all that was accepted goes in, and all of it can be taken back."""
    disk.make_room()
    with suppress(QgsProcessingException):
        push(place)
    assert set(place.status().values()) == {"pushed"}
    assert len(place.rows()) == 340
    assert {place.rows()[n]["building"] for n in range(1, 21)} == {"church"}
    undo(place)
    assert place.signatures() == before
    assert not [path for path in place.path.parent.iterdir() if ".before-" in path.name]


def test_no_room_for_the_copy_means_that_nothing_is_done(crowded, disk, push, undo):
    place = crowded(ledger_too=False)
    before = place.signatures()
    disk.fill()
    with pytest.raises(QgsProcessingException, match="No backup of"):
        push(place)
    assert place.signatures() == before
    assert place.journal() == []
    goes_on(place, disk, push, undo, before)


def test_a_disk_that_is_full_when_the_commit_begins(crowded, disk, push, undo, monkeypatch):
    place = crowded(ledger_too=False)
    before = place.signatures()
    with full_after(disk, monkeypatch, push_module.Push, "_write"), pytest.raises(QgsProcessingException):
        push(place)
    assert "planned" not in place.states()
    pushed = [uid for uid, word in place.status().items() if word == "pushed"]
    held = place.signatures()
    assert len(held) == 40 + sum(int(uid[1:]) >= 20 for uid in pushed)
    assert {fid for fid in range(1, 21) if held[fid] != before[fid]} == {
        int(uid[1:]) + 1 for uid in pushed if int(uid[1:]) < 20}
    goes_on(place, disk, push, undo, before)


def test_a_disk_that_runs_full_inside_the_commit(crowded, disk, push, undo):
    """After the geometries and before the values: the halves cannot even be taken back until there is room."""
    place = crowded(ledger_too=False)
    before, layer = place.signatures(), place.layer()
    layer.committedGeometriesChanges.connect(disk.fill)
    with pytest.raises(QgsProcessingException):
        push(place, TARGET=layer)
    layer.committedGeometriesChanges.disconnect(disk.fill)
    assert "pushed" not in {word for uid, word in place.status().items() if int(uid[1:]) < 20}
    goes_on(place, disk, push, undo, before)


def test_a_journal_that_cannot_be_written_keeps_the_layer_as_it_is(crowded, disk, push, undo, monkeypatch):
    place = crowded(ledger_too=True)
    before = place.signatures()
    with full_after(disk, monkeypatch, push_module.Backup, "take"), pytest.raises(
            QgsProcessingException, match=r"ledger .* could not be written"):
        push(place)
    assert place.signatures() == before
    assert place.journal() == []
    assert set(place.status().values()) == {"accepted"}
    goes_on(place, disk, push, undo, before)
