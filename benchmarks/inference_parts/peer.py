"""Beside Deepness: its own tile loop in QGIS's Python on the same model, raster, tiles and threads."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from qgis_run import QGIS_PYTHON, qgis_environment

from .jobs import job_of, measure_job
from .measuring import Spread, run_for_json
from .models import Model

LOOP = Path(__file__).with_name("peer_loop.py")
# Deepness asks for NumPy before 2 and for this OpenCV; onnxruntime is the engine's, so that the runtime is the same.
PACKAGES = (f"onnxruntime=={version('onnxruntime')}", "opencv-python-headless<=4.9.0.80", "numpy<2")
CHECK = "import cv2, numpy, onnxruntime; from qgis.core import Qgis; print(Qgis.QGIS_VERSION)"


class PeerMissing(RuntimeError):
    """Deepness cannot be run here; the text says why."""


@dataclass(frozen=True)
class Peer:
    """Deepness's sources and a Python that can run them."""

    sources: Path
    python: Path

    def command(self) -> list[str]:
        return [str(self.python), str(LOOP)]


def find_peer() -> Peer:
    """Deepness from DEEPNESS_DIR, a clone of its repository, with a Python made for it once; PeerMissing if not."""
    clone = os.environ.get("DEEPNESS_DIR", "")
    if not clone:
        raise PeerMissing("DEEPNESS_DIR does not name a clone of Deepness's repository")
    sources = Path(clone).resolve() / "src"
    if not (sources / "deepness").is_dir():
        raise PeerMissing(f"there is no src/deepness in {clone}")
    return Peer(sources, make_python())


def make_python() -> Path:
    """QGIS's own Python with onnxruntime and OpenCV beside it, kept in GeoLoop's cache."""
    cache = Path(os.environ.get("GEOLOOP_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
                 / "geoloop")
    folder = cache / f"deepness-python-onnxruntime-{version('onnxruntime')}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    print("Making the Python that runs Deepness (once) …", file=sys.stderr, flush=True)
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    steps: tuple[list[Any], ...] = (
        [QGIS_PYTHON, "-m", "venv", "--system-site-packages", draft],
        [draft / "bin" / "python", "-m", "pip", "install", "-q", *PACKAGES],
        [draft / "bin" / "python", "-c", CHECK])
    for step in steps:
        done = subprocess.run(list(map(str, step)), capture_output=True, text=True, env=qgis_environment(), check=False)
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            said = done.stderr.strip().splitlines() or ["no reason given"]
            raise PeerMissing(f"its Python cannot be made: {said[-1]}")
    draft.rename(folder)
    return python


@dataclass(frozen=True)
class Run:
    """One run over a raster: seconds from opening the model to the finished classes, and of the forward passes within
    it, each by the clock and of processor time (of the passes with one thread only); tiles and threads, peak memory in
    MB, where the classes are.
    """

    whole_s: float
    whole_cpu_s: float
    forward_s: float
    forward_cpu_s: float
    tiles: int
    threads: int
    peak_mb: float
    classes: Path


def run_of(said: Mapping[str, Any], classes: Path) -> Run:
    """What a measured program said of its run."""
    return Run(said["whole_s"], said["whole_cpu_s"], said["forward_s"], said["forward_cpu_s"], said["tiles"],
               said["threads"], said["peak_mb"], classes)


@dataclass(frozen=True)
class Contest:
    """What both sides are given."""

    model: Model
    raster: Path
    warm_up: Path
    tile: int
    overlap_px: int
    batch: int
    threads: int
    folder: Path


def run_deepness(peer: Peer, contest: Contest) -> Run:
    """Deepness's loop in a fresh process."""
    classes = contest.folder / "deepness.npy"
    said = run_for_json(peer.command(), {
        "sources": str(peer.sources), "raster": str(contest.raster), "warm_up": str(contest.warm_up),
        "model": str(contest.model.path), "tile": contest.tile, "overlap_px": contest.overlap_px,
        "batch": contest.batch, "threads": contest.threads, "classes": str(classes),
    }, contest.folder, qgis_environment())
    return run_of(said, classes)


def run_geoloop(contest: Contest) -> Run:
    """GeoLoop's job in a fresh process."""
    classes = contest.folder / "geoloop.tif"
    params = job_of(contest.model, contest.raster, classes, tile=contest.tile, batch=contest.batch,
                    overlap=contest.overlap_px / contest.tile)
    said = measure_job(params, contest.warm_up, contest.threads, contest.folder)
    return run_of(said["runs"][0], classes)


@dataclass(frozen=True)
class Comparison:
    """Pairs of runs, ours and Deepness's in turns."""

    pairs: tuple[tuple[Run, Run], ...]

    def ratio(self, cost: Callable[[Run], float]) -> Spread:
        """Ours ÷ theirs of a cost, pair by pair."""
        return Spread.of(cost(ours) / cost(theirs) for ours, theirs in self.pairs)

    def each(self, cost: Callable[[Run], float]) -> tuple[Spread, Spread]:
        """A cost of ours and of theirs."""
        return Spread.of(cost(ours) for ours, _ in self.pairs), Spread.of(cost(theirs) for _, theirs in self.pairs)

    def agreement(self, margin: int) -> float:
        """Share of pixels farther than ``margin`` from the border to which both give the same class."""
        ours, theirs = self.pairs[-1]
        with rasterio.open(ours.classes) as raster:
            left = raster.read(1)[margin:-margin, margin:-margin]
        return float((left == np.load(theirs.classes)[margin:-margin, margin:-margin]).mean())


def compare(peer: Peer, contest: Contest, repeats: int) -> Comparison:
    """Run both in turns, Deepness first in every second pair."""
    pairs = []
    for number in range(repeats):
        if number % 2:
            theirs = run_deepness(peer, contest)
            pairs.append((run_geoloop(contest), theirs))
        else:
            ours = run_geoloop(contest)
            pairs.append((ours, run_deepness(peer, contest)))
    return Comparison(tuple(pairs))


def overhead_s(run: Run) -> float:
    """Seconds that a run spends on anything but forward passes."""
    return run.whole_s - run.forward_s
