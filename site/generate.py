"""The pages of the documentation that come from the program itself, beside those of docs/.

    python3 site/generate.py FOLDER

Run by QGIS's Python. Copies docs/ into FOLDER/docs, adds a page for each algorithm and one for the ledger's tables, and
writes FOLDER/mkdocs.yml with all of them in its navigation.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".dev"))

from qgis.core import (  # noqa: E402
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
)

from geoloop.core.ledger import Crs, Ledger  # noqa: E402
from geoloop.processing_provider.algorithm import GeoLoopAlgorithm  # noqa: E402
from geoloop.processing_provider.provider import GeoLoopProvider  # noqa: E402

KINDS_OF_INPUT = {
    "multilayer": "layers", "raster": "raster layer", "vector": "vector layer", "string": "text", "file": "file",
    "boolean": "yes or no", "number": "number", "enum": "choice", "extent": "extent",
    "fileDestination": "file to write", "rasterDestination": "raster to write", "vectorDestination": "layer to write",
    "folderDestination": "folder to write",
}


def algorithm_page(algorithm: GeoLoopAlgorithm) -> str:
    """What an algorithm says of itself, as Markdown."""
    parts = [f"# {algorithm.displayName()}", f"`{algorithm.id()}`", algorithm.ABOUT, "## Parameters", *_table(
        ("name", "what", "takes", "meaning"),
        ((f"`{one.name()}`", one.description(), _takes(one), one.help()) for one in algorithm.parameterDefinitions()))]
    outputs = [one for one in algorithm.outputDefinitions()
               if one.name() not in {given.name() for given in algorithm.parameterDefinitions()}]
    if outputs:
        parts += ["## It also returns", *_table(
            ("name", "what"), ((f"`{one.name()}`", one.description()) for one in outputs))]
    return "\n\n".join([*parts, "## In a shell", "```bash", _command(algorithm), "```", ""]).replace(
        "```bash\n\n", "```bash\n").replace("\n\n```\n", "\n```\n")


def ledger_page() -> str:
    """The tables of a ledger, read from one that was just made."""
    wkt = QgsCoordinateReferenceSystem("EPSG:32633").toWkt()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "loop.gpkg")
        Ledger.create(path, Crs("UTM 33", "EPSG", 32633, wkt)).close()
        connection = sqlite3.connect(path)
        told = connection.execute(
            "SELECT table_name, data_type, description FROM gpkg_contents ORDER BY data_type DESC, table_name")
        tables = [(name, kind, about, connection.execute(f"PRAGMA table_info({name})").fetchall())
                  for name, kind, about in told]
        connection.close()
    parts = ["# The ledger's tables", (
        "A ledger is one GeoPackage that QGIS opens like any other. Its layers with geometry are `discrepancies`, "
        "`before` and the view `review`. Columns may be added in later versions; what one means never changes. How "
        "they are used is told under [Review](review.md) and [Edits into your layer](editing.md).")]
    for name, kind, about, columns in tables:
        parts += [f"## {name}", f"{about}{' (a layer)' if kind == 'features' else ''}.", *_table(
            ("column", "type"), ((f"`{column[1]}`", column[2] or "any") for column in columns))]
    return "\n\n".join([*parts, ""])


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(text) for text in row)} |" for row in rows]
    return ["\n".join(lines)]


def _cell(text: str) -> str:
    escaped = re.sub(r"([{}<>|*_])", r"\\\1", text) if not text.startswith("`") else text
    return " ".join(escaped.split())


def _takes(one: QgsProcessingParameterDefinition) -> str:
    """What a parameter takes: its kind, its choices or bounds, whether it may be left out."""
    kind = KINDS_OF_INPUT.get(one.type(), one.type())
    if isinstance(one, QgsProcessingParameterEnum):
        kind = " or ".join(one.options())
    if isinstance(one, QgsProcessingParameterNumber):
        low, high = one.minimum(), one.maximum()
        kind += f" from {low:g}" if low > -1e300 else ""
        kind += f" to {high:g}" if high < 1e9 else ""
    flags = one.flags()
    notes = [word for flag, word in ((Qgis.ProcessingParameterFlag.Optional, "optional"),
                                     (Qgis.ProcessingParameterFlag.Advanced, "advanced")) if flags & flag]
    return ", ".join([kind, *notes])


def _command(algorithm: GeoLoopAlgorithm) -> str:
    needed = [f"{one.name()}=…" for one in algorithm.parameterDefinitions()
              if not one.flags() & Qgis.ProcessingParameterFlag.Optional and one.defaultValue() is None]
    return " ".join([f"qgis_process run {algorithm.id()}", *(["--", *needed] if needed else [])])


def main(folder: Path) -> None:
    """Write everything that mkdocs reads."""
    application = QgsApplication([], False)
    application.initQgis()
    provider = GeoLoopProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    pages = folder / "docs"
    shutil.rmtree(pages, ignore_errors=True)
    shutil.copytree(ROOT / "docs", pages)
    (pages / "algorithms").mkdir()
    algorithms = sorted(provider.algorithms(), key=lambda one: (one.group(), one.displayName()))
    for algorithm in algorithms:
        (pages / "algorithms" / f"{algorithm.name()}.md").write_text(algorithm_page(algorithm), encoding="utf-8")
    (pages / "ledger.md").write_text(ledger_page(), encoding="utf-8")
    listed = "".join(f"\n          - {one.displayName()}: algorithms/{one.name()}.md" for one in algorithms)
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (folder / "mkdocs.yml").write_text(
        config.replace(" ALGORITHMS", listed).replace("build/docs", "docs").replace("build/site", "site"),
        encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
    sys.stdout.flush()
    os._exit(0)  # QGIS's own teardown of providers now and then crashes after everything is written
