"""One round of the loop over a case: fitted, or on probabilities that an earlier run kept."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from inference_parts.measuring import ROOT

from .cases import Case
from .engine import run_job

FITTED_BY = ("core/training", "core/fusion/evidence.py", "core/models/compact.py", "core/models/context.py",
             "core/models/weights")
"""What decides which probabilities a fit gives, beside the layers: of changes elsewhere kept ones know nothing."""
JUDGED_BY = ("core", "benchmarks/evaluation", "benchmarks/discrepancy_parts", "examples")
LISTED = 0.01
"""The evaluation asks for every candidate, not only the sure: down to here, where the program's default is .05."""


@dataclass(frozen=True)
class Round:
    """Where the ledger lies, how it came about (``fitted``, ``kept`` or ``given`` probabilities), what it took."""

    ledger: Path
    how: str
    seconds: float
    peak_mb: float
    probabilities: Path


def run_round(case: Case, effort: str, fit_seed: int, kept: Path, folder: Path, threads: int) -> Round:
    """Run the job ``loop`` over the case and keep its probabilities in ``kept``; where they are kept already, or
    given with the case, the job ``flag``.
    """
    probabilities = Path(case.evidence) if case.evidence else kept / f"{fit_key(case, effort, fit_seed)}.tif"
    ledger = folder / "ledger.gpkg"
    ledger.unlink(missing_ok=True)
    params = {**case.params(), "effort": effort, "seed": fit_seed, "ledger": str(ledger), "min_probability": LISTED}
    if probabilities.exists():
        run = run_job("flag", {**params, "probabilities": str(probabilities)}, threads)
        return Round(ledger, "given" if case.evidence else "kept", run.seconds, run.peak_mb, probabilities)
    kept.mkdir(parents=True, exist_ok=True)
    fresh = folder / "probability.tif"
    run = run_job("loop", {**params, "output": str(folder / "fused.tif"), "probability": str(fresh)}, threads)
    shutil.move(fresh, probabilities)
    return Round(ledger, "fitted", run.seconds, run.peak_mb, probabilities)


def run_clean(case: Case, effort: str, fit_seed: int, probabilities: Path, folder: Path, threads: int) -> Path:
    """The ledger of the layer without errors, judged by the network that was fitted on the one with them."""
    ledger = folder / "clean.gpkg"
    ledger.unlink(missing_ok=True)
    run_job("flag", {**case.params(clean=True), "effort": effort, "seed": fit_seed,
                     "ledger": str(ledger), "probabilities": str(probabilities)}, threads)
    return ledger


def fit_key(case: Case, effort: str, fit_seed: int) -> str:
    """The name under which a case's probabilities are kept: all that a fit depends on, as far as it is known."""
    digest = hashlib.sha256(repr((case.name, effort, fit_seed, case.area.class_field, case.area.legend)).encode())
    if Path(case.area.legend).is_file():
        digest.update(Path(case.area.legend).read_bytes())
    for layer in filter(None, (case.area.map, case.area.field)):
        digest.update(content_of(layer))
    for image in case.area.imagery:
        digest.update(f"{image.name} {image.stat().st_size}".encode())
    digest.update(code_version(FITTED_BY).encode())
    return f"{case.name}-{case.seed}-{effort}-{digest.hexdigest()[:16]}"


def content_of(layer: Path) -> bytes:
    """A digest of a layer's features, whatever its file looks like."""
    features = pyogrio.read_dataframe(layer)
    digest = hashlib.sha256(b"".join(shapely.to_wkb(np.asarray(features.geometry))))
    digest.update(features.drop(columns="geometry").to_csv(index=False).encode())
    return digest.digest()


def code_version(parts: Iterable[str]) -> str:
    """A digest of the given files, and of all code and weights in the given folders."""
    digest = hashlib.sha256()
    for part in parts:
        whole = ROOT / part
        inside = whole.rglob("*") if whole.is_dir() else [whole]
        for file in sorted(p for p in inside if p.suffix in (".py", ".json", ".safetensors", ".onnx") and p.is_file()):
            digest.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]
