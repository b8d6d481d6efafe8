"""How long a push and its undo take: accepted edits of all kinds into a GeoPackage.

    python push_clock.py FOLDER HOUSES EDITS SEED
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".dev"))

from houses import NAME, signatures, write_houses, write_ledger
from qgis.core import QgsApplication, QgsCoordinateTransformContext, QgsVectorLayer

from geoloop.core.feedback import Feedback
from geoloop.core.ledger import Ledger, plan_push
from geoloop.processing_provider.editing.address import layer_address
from geoloop.processing_provider.editing.push import Push, Target
from geoloop.processing_provider.editing.undo import Undo


def measure(folder: Path, houses: int, edits: int, seed: int) -> dict[str, object]:
    """Push and undo, in seconds of the clock and of this process; whether undo gave all signatures back."""
    path = folder / f"{NAME}.gpkg"
    write_houses(path, houses, edits)
    layer = QgsVectorLayer(f"{path}|layername={NAME}", NAME, "ogr")
    before, address = signatures(layer), layer_address(layer)
    write_ledger(folder / "ledger.gpkg", layer, address, edits, seed)
    with Ledger.open(folder / "ledger.gpkg") as ledger:
        planned = plan_push(ledger, NAME, target_source=address)
        target = Target(layer, address, ledger.source(NAME), QgsCoordinateTransformContext())
        clock, cpu = time.perf_counter(), time.process_time()
        lines = Push(target, ledger, "push", Feedback()).run(planned)
        pushed, pushed_cpu = time.perf_counter() - clock, time.process_time() - cpu
        standing = sum(line.state == "committed" for line in lines)
        changed = signatures(layer) != before
        clock = time.perf_counter()
        undone = Undo(layer, ledger, Feedback()).run(ledger.journal.plan_undo(NAME, "all", address), "undo")
        undone_s = time.perf_counter() - clock
    return {"houses": houses, "edits": len(planned), "committed": standing, "push_s": pushed, "push_cpu_s": pushed_cpu,
            "undo_s": undone_s, "undone": len(undone.undone), "changed": changed,
            "undo_identical": signatures(layer) == before}


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    given = sys.argv[1:]
    print(json.dumps(measure(Path(given[0]), *map(int, given[1:4]))))
    application.exitQgis()
