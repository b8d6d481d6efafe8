"""What else can go wrong with a push, each fault once: is anything lost, or half applied?

    python faults.py FOLDER EDITS SEED

Second editor: another connection changes, moves or deletes features between flag and push. Rule: a constraint that only
the last edit breaks. Full disk: a file system of a few MB (by root, in FOLDER) fills up inside the commit; with room
again the push goes on. Read-only file. After each, everything that was pushed is undone. The last line is one JSON
object.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".dev"))

from houses import NAME, signatures, write_houses, write_ledger
from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsGeometry, QgsVectorLayer

from geoloop.core.errors import GeoLoopError
from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.checks import check_editable
from geoloop.processing_provider.editing.lines import after_image, before_image
from geoloop.processing_provider.editing.push import Push, Target
from geoloop.processing_provider.editing.recovery import recover
from geoloop.processing_provider.editing.undo import Undo

DISK_BYTES = 6 << 20
TOUCHED = 5
"""How many features the second editor changes, moves and deletes, each."""


@dataclass
class Fault:
    """What a fault did: how many edits were pushed, and how many are stale or still due; what the layer then held."""

    name: str
    pushed: int = 0
    stale: int = 0
    due: int = 0
    lost: int = 0
    half_applied: int = 0
    undo_identical: bool = True


class Scene:
    """A layer of houses, its ledger, and what stands in both."""

    def __init__(self, folder: Path, edits: int, seed: int) -> None:
        folder.mkdir(exist_ok=True)
        self.path, self.ledger = folder / f"{NAME}.gpkg", folder / "ledger.gpkg"
        write_houses(self.path, 2 * edits, edits)
        self.layer = QgsVectorLayer(f"{self.path}|layername={NAME}", NAME, "ogr")
        self.address = layer_address(self.layer)
        write_ledger(self.ledger, self.layer, self.address, edits, seed)
        self.before = signatures(self.layer)

    def push(self, name: str) -> None:
        """Push what is due, as geoloop:push does."""
        with Ledger.open(self.ledger) as ledger:
            check_editable(self.layer)
            recover(self.layer, ledger, self.address, Feedback())
            target = Target(self.layer, self.address, ledger.source(NAME), QgsCoordinateTransformContext())
            Push(target, ledger, name, Feedback()).run(plan_push(ledger, NAME, target_source=self.address))

    def count(self, fault: Fault) -> Fault:
        """Compare journal and layer, then undo everything."""
        standing = Counter(signatures(self.layer).values())
        with Ledger.open(self.ledger) as ledger:
            status = Counter(ledger.status().values())
            lines = ledger.journal.plan_undo(NAME, "all", self.address)
            expected = Counter(self.before.values())
            for line in lines:
                before, after = before_image(line), after_image(line)
                expected.subtract([before.signature(self.layer)] if before else [])
                expected.update([after.signature(self.layer)] if after else [])
            missing, strange = expected - standing, standing - expected
            fault.lost, fault.half_applied = sum(missing.values()), sum(strange.values())
            fault.pushed, fault.stale, fault.due = status["pushed"], status["stale"], status["accepted"]
            if lines:
                Undo(self.layer, ledger, Feedback()).run(lines, "undo")
        fault.undo_identical = signatures(self.layer) == self.before
        return fault


def second_editor(scene: Scene) -> Fault:
    """Another connection changes, moves and deletes features that edits speak of."""
    with Ledger.open(scene.ledger) as ledger:
        planned = plan_push(ledger, NAME, target_source=scene.address)
    other = QgsVectorLayer(f"{scene.path}|layername={NAME}", "other", "ogr")
    keys = {edit: [int(one.target_key) for one in planned if one.edit == edit and one.target_key]
            for edit in ("retag", "reshape", "delete")}
    other.startEditing()
    for fid in keys["retag"][:TOUCHED]:
        other.changeAttributeValue(fid, other.fields().lookupField("building"), "garage")
    for fid in keys["reshape"][:TOUCHED]:
        other.changeGeometry(fid, QgsGeometry.fromRect(other.getFeature(fid).geometry().boundingBox()))
    for fid in (*keys["delete"][:TOUCHED], *keys["retag"][TOUCHED:2 * TOUCHED]):
        other.deleteFeature(fid)
    if not other.commitChanges():
        raise SystemExit("The second editor could not write.")
    del other
    scene.before = signatures(scene.layer)
    scene.push("push")
    return scene.count(Fault("second editor"))


def last_of_all(scene: Scene) -> Fault:
    """A rule of the file that only the last edit breaks."""
    with Ledger.open(scene.ledger) as ledger:
        last = [edit for edit in plan_push(ledger, NAME, target_source=scene.address) if edit.edit == "retag"][-1]
    with closing(sqlite3.connect(scene.path)) as database:
        database.execute(f"CREATE TRIGGER refuse BEFORE UPDATE ON {NAME} WHEN NEW.building ="
                         f" '{last.after_values['building']}' BEGIN SELECT RAISE(ABORT, 'not allowed here'); END")
        database.commit()
    scene.push("push")
    return scene.count(Fault("a rule that the last edit breaks"))


def read_only(scene: Scene) -> Fault:
    """A file that may not be written."""
    scene.path.chmod(0o444)
    with suppress(GeoLoopError):
        scene.push("push")
    scene.path.chmod(0o644)
    return scene.count(Fault("read-only file"))


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a few MB."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # QGIS holds on to files for a while


def full_disk(folder: Path, edits: int, seed: int) -> Fault:
    """A disk that runs full inside the commit, when the geometries are written and the values are not."""
    with small_disk(folder) as disk:
        scene = Scene(disk, edits, seed)
        shutil.move(scene.ledger, folder.parent / "ledger of the full disk.gpkg")
        scene.ledger = folder.parent / "ledger of the full disk.gpkg"
        filler = disk / "somebody else's"

        def fill(*_: object) -> None:
            with filler.open("ab", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"x" * 4096)

        scene.layer.committedGeometriesChanges.connect(fill)
        with suppress(GeoLoopError):
            scene.push("push")
        scene.layer.committedGeometriesChanges.disconnect(fill)
        filler.unlink(missing_ok=True)
        scene.push("with room again")
        return scene.count(Fault("full disk"))


def run(folder: Path, edits: int, seed: int) -> list[Fault]:
    """Every fault, once."""
    faults = [second_editor(Scene(folder / "second", edits, seed)), last_of_all(Scene(folder / "last", edits, seed)),
              read_only(Scene(folder / "read only", edits, seed))]
    if os.geteuid() == 0:
        faults.append(full_disk(folder / "disk", min(edits, 500), seed))
    else:
        print("full disk: not tried, as only root may mount a small one", file=sys.stderr)
    return faults


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    base = Path(sys.argv[1])
    base.mkdir(parents=True)
    print(json.dumps([asdict(fault) for fault in run(base, int(sys.argv[2]), int(sys.argv[3]))]))
