"""A process that pushes is killed (SIGKILL) at drawn moments. What does the layer hold then, and what at the end?

    python kills.py FOLDER KILLS HOUSES EDITS SEED [gpkg|shp]

Half of the kills hit between the beginning and the end of QGIS's own commit; the others between the first and the last
write, outside it. With a shapefile the commit ends when the edited copy has taken its place, and of the kills inside it
every second one hits between two of the renames, which are too quick to be met by chance. The process tells through a
pipe where it is, so where it died is known, not guessed; a kill that came at another place than wanted is drawn again.
Afterwards the journal is asked what stands, every decision is looked up in the layer, the rest is pushed, and
everything is undone. The last line is one JSON object.

This process opens no layer: each run is forked from it, so that QGIS starts once.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".dev"))

from houses import NAME, signatures, write_houses, write_ledger
from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing import push as pushing
from geoloop.processing_provider.editing import stand_in as standing_in
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.lines import after_image, before_image
from geoloop.processing_provider.editing.push import Push, Target
from geoloop.processing_provider.editing.recovery import recover
from geoloop.processing_provider.editing.stand_in import StandIn
from geoloop.processing_provider.editing.undo import Undo

BEGUN, COMMITTING, MOVING, COMMITTED, ENDED = b"B", b"C", b"M", b"D", b"E"
PARTS = 4
"""Files of a shapefile that take the place of others."""
MOST_DRAWS = 40
PATIENCE_S = 300.0


class Watched(QgsVectorLayer):
    """A layer that tells when QGIS's commit begins and ends."""

    pipe = -1

    def commitChanges(self, *arguments: Any) -> bool:
        os.write(self.pipe, COMMITTING)
        done = super().commitChanges(*arguments)
        os.write(self.pipe, COMMITTED)
        return done


def watch_stand_in(pipe: int, moves: int | None) -> None:
    """Let this process tell when the commit into a copy begins, and when that has taken the file's place; after so many
    ``moves`` of a part it waits to be killed.
    """
    commit, take_place, put = pushing.commit, StandIn.take_place, standing_in._put
    moved = 0

    def committing(*arguments: Any) -> Any:
        os.write(pipe, COMMITTING)
        return commit(*arguments)

    def taken(stand_in: StandIn, layer: QgsVectorLayer) -> None:
        take_place(stand_in, layer)
        os.write(pipe, COMMITTED)

    def moving(part: Path, place: Path) -> None:
        nonlocal moved
        if moved == moves:
            os.write(pipe, MOVING)
            time.sleep(PATIENCE_S)
        put(part, place)
        moved += 1

    pushing.commit, StandIn.take_place, standing_in._put = committing, taken, moving


@dataclass(frozen=True)
class Clock:
    """When, after the beginning of a run, its commit begins, ends, and all is written; seconds."""

    commit: float
    committed: float
    ended: float


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Start ``work`` in a process of its own; return its id and the end of the pipe that it writes to. A process that
    hangs is ended: what another thread held when it was forked, nobody gives back there.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    os.close(reading)
    signal.alarm(int(PATIENCE_S))
    try:
        work(writing)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def answer(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The result of ``work``, done in a process of its own."""
    process, pipe = forked(lambda writing: (os.write(writing, json.dumps(work()).encode()), None)[1])
    said = b""
    while chunk := os.read(pipe, 1 << 16):
        said += chunk
    os.close(pipe)
    _, status = os.waitpid(process, 0)
    if status or not said:
        raise SystemExit("A part of the benchmark failed; what it said stands above.")
    return dict(json.loads(said))


def opened(folder: Path, suffix: str, kind: type[QgsVectorLayer] = QgsVectorLayer) -> QgsVectorLayer:
    """The layer of a run."""
    path = folder / f"{NAME}{suffix}"
    layer = kind(f"{path}|layername={NAME}" if suffix == ".gpkg" else str(path), NAME, "ogr")
    if not layer.isValid():
        raise ValueError(f"{path} cannot be opened")
    return layer


def push(folder: Path, suffix: str, pipe: int, moves: int | None = None) -> None:
    """Push all accepted edits, telling through the pipe how far it is; ``moves`` as :func:`watch_stand_in` has it."""
    layer = opened(folder, suffix, Watched)
    layer.pipe = pipe
    if suffix != ".gpkg":
        watch_stand_in(pipe, moves)
    with Ledger.open(folder / "ledger.gpkg") as ledger:
        address = layer_address(layer)
        planned = plan_push(ledger, NAME, target_source=address)
        target = Target(layer, address, ledger.source(NAME), QgsCoordinateTransformContext())
        os.write(pipe, BEGUN)
        Push(target, ledger, "first", Feedback()).run(planned)
        os.write(pipe, ENDED)


def timed(folder: Path, suffix: str) -> Clock:
    """Push without a kill, and when what happens."""
    process, pipe = forked(lambda writing: push(folder, suffix, writing))
    at: dict[bytes, float] = {}
    while word := os.read(pipe, 1):
        at.setdefault(word, time.perf_counter())
    os.close(pipe)
    os.waitpid(process, 0)
    return Clock(*(at[word] - at[BEGUN] for word in (COMMITTING, COMMITTED, ENDED)))


def killed(folder: Path, suffix: str, after: bytes, wait_s: float, moves: int | None = None) -> bytes:
    """Kill a push so long after it told ``after``; return what it had told last when it died."""
    process, pipe = forked(lambda writing: push(folder, suffix, writing, moves))
    told = b""
    while not told.endswith(after):
        ready, _, _ = select.select([pipe], [], [], PATIENCE_S)
        word = os.read(pipe, 1) if ready else b""
        if not word:
            break
        told += word
    time.sleep(wait_s)
    os.kill(process, signal.SIGKILL)
    while word := os.read(pipe, 64):
        told += word
    os.close(pipe)
    _, status = os.waitpid(process, 0)
    return told[-1:] if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else ENDED


def after_a_whole_push(folder: Path, suffix: str) -> dict[str, Any]:
    """What every decision does to which features, and what the layer holds at the end, by signature."""
    layer = opened(folder, suffix)
    with Ledger.open(folder / "ledger.gpkg") as ledger:
        lines = ledger.journal.plan_undo(NAME, "all", layer_address(layer))
    looks: dict[str, list[list[str | None]]] = {}
    for line in lines:
        looks.setdefault(line.uid, []).append([
            None if image is None else image.signature(layer) for image in (before_image(line), after_image(line))])
    return {"looks": looks, "holds": sorted(signatures(layer).values())}


def aftermath(folder: Path, suffix: str, before: dict[str, str], whole: dict[str, Any]) -> dict[str, Any]:
    """What stands after a kill: decisions by what the layer holds of them, against what the ledger says."""
    layer = opened(folder, suffix)
    address = layer_address(layer)
    with Ledger.open(folder / "ledger.gpkg") as ledger:
        recovered = recover(layer, ledger, address, Feedback())
        status, standing = ledger.status(), Counter(signatures(layer).values())
        half, untrue, applied = 0, 0, 0
        expected = Counter(before.values())
        for uid, looks in whole["looks"].items():
            done = {_held(standing, was, now) for was, now in looks}
            half += len(done) > 1 or None in done
            untrue += (status[uid] == "pushed") != (done == {True})
            applied += done == {True}
            for was, now in looks if done == {True} else ():
                expected.subtract([was] if was else [])
                expected.update([now] if now else [])
        lost = untrue + sum((expected - standing).values())
        rest = plan_push(ledger, NAME, target_source=address)
        target = Target(layer, address, ledger.source(NAME), QgsCoordinateTransformContext())
        lines = Push(target, ledger, "rest", Feedback()).run(rest)
        lost += sum(line.state != "committed" for line in lines)
        lost += sum((Counter(whole["holds"]) - Counter(signatures(layer).values())).values())
        Undo(layer, ledger, Feedback()).run(ledger.journal.plan_undo(NAME, "all", address), "undo")
        now = {str(fid): mark for fid, mark in signatures(layer).items()}
        same = now == before if suffix == ".gpkg" else sorted(now.values()) == sorted(before.values())
    return {"recovered": recovered, "applied": applied, "half": half, "lost": lost, "undo_identical": same}


def _held(standing: Counter[str], was: str | None, now: str | None) -> bool | None:
    """Whether the layer holds a feature as it should become (True), as it was (False), or neither (None)."""
    if standing[now] if now is not None else not standing[was]:
        return True
    return False if was is None or standing[was] else None


def run(folder: Path, kills: int, houses: int, edits: int, seed: int, suffix: str) -> dict[str, Any]:
    """Kill that many pushes and count what is lost."""
    scene, work = folder / "scene", folder / "work"
    scene.mkdir(parents=True)
    before = answer(lambda: _made(scene, houses, edits, seed, suffix))
    shutil.copytree(scene, work)
    clock = timed(work, suffix)
    whole = answer(lambda: after_a_whole_push(work, suffix))
    source, died, draws = random.Random(seed), Counter[str](), 0
    found = Counter[str]()
    identical = True
    for number in range(kills):
        inside, between = number % 2 == 1, suffix != ".gpkg" and number % 4 == 3
        for _ in range(MOST_DRAWS):
            draws += 1
            shutil.rmtree(work)
            shutil.copytree(scene, work)
            after, length = (COMMITTING, clock.committed - clock.commit) if inside else (BEGUN, clock.ended)
            if between:
                at = killed(work, suffix, MOVING, 0.0, source.randrange(PARTS))
            else:
                at = killed(work, suffix, after, source.uniform(0.0, length))
            if at != ENDED and (at in (COMMITTING, MOVING)) == inside:
                break
        else:
            raise SystemExit(f"No kill hit the wanted place in {MOST_DRAWS} draws.")
        died[{BEGUN: "before the commit", COMMITTED: "after the commit"}.get(at, "inside the commit")] += 1
        found["between"] += at == MOVING
        result = answer(lambda: aftermath(work, suffix, before, whole))
        identical &= result["undo_identical"]
        found.update({key: result[key] for key in ("half", "lost", "applied", "recovered")})
        found["partly"] += 0 < result["applied"] < len(whole["looks"])
        if result["half"] or result["lost"] or not result["undo_identical"]:
            print(f"kill {number}: {result}", file=sys.stderr)
            shutil.copytree(work, folder / f"bad {number}")
    shutil.rmtree(work)
    return {"format": suffix[1:], "kills": kills, "draws": draws, **died, "between_renames": found["between"],
            "edits": edits, "lost": found["lost"],
            "half_applied": found["half"], "decisions_standing": found["applied"],
            "commits_cut_in_part": found["partly"], "undo_identical": identical,
            "commit_s": clock.committed - clock.commit, "run_s": clock.ended}


def _made(scene: Path, houses: int, edits: int, seed: int, suffix: str) -> dict[str, str]:
    write_houses(scene / f"{NAME}{suffix}", houses, edits)
    layer = opened(scene, suffix)
    # the ledger speaks of the copy that is edited
    address = layer_address(layer).replace(str(scene.resolve()), str((scene.parent / "work").resolve()))
    write_ledger(scene / "ledger.gpkg", layer, address, edits, seed)
    return {str(fid): mark for fid, mark in signatures(layer).items()}


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    first = QTimer()  # QGIS's own threads begin with one as well; a process forked meanwhile would wait for it for ever
    first.start(0)
    first.stop()
    given = sys.argv[1:]
    ending = f".{given[5]}" if len(given) > 5 else ".gpkg"
    print(json.dumps(run(Path(given[0]), *map(int, given[1:5]), ending)))
