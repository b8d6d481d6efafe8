"""Seconds to the first progress and to the end of ``geoloop:doctor``, run after run in one QGIS process.

Runs in QGIS's own Python, with QGIS_PLUGINPATH naming the folder that holds the plugin. Prints one JSON list: an object
a run, the first with a cold engine, the others with the warm one.
"""

from __future__ import annotations

import json
import os
import sys
import time

from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback


def time_run(algorithm: object) -> dict[str, float]:
    """Run an algorithm with its defaults; seconds to its first progress and to its end."""
    feedback = QgsProcessingFeedback(False)
    at: list[float] = []
    feedback.progressChanged.connect(lambda _: at.append(time.monotonic()))
    start = time.monotonic()
    _, ok = algorithm.run({}, QgsProcessingContext(), feedback)
    end = time.monotonic()
    if not ok or not at:
        sys.exit(f"doctor failed: {feedback.textLog()}")
    return {"first_progress_s": round(at[0] - start, 4), "done_s": round(end - start, 4)}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    sys.path.insert(0, os.environ["QGIS_PLUGINPATH"])
    application = QgsApplication([], False)
    application.initQgis()
    from geoloop.processing_provider.provider import GeoLoopProvider

    provider = GeoLoopProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    algorithm = QgsApplication.processingRegistry().algorithmById("geoloop:doctor")
    print(json.dumps([time_run(algorithm) for _ in range(runs)]), flush=True)
    application.exitQgis()


if __name__ == "__main__":
    main()
