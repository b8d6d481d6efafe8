"""OpenStreetMap data to points, lines and polygons with all their tags."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..feedback import Feedback


@dataclass(frozen=True)
class Params:
    """``input`` is an .osm, .osm.pbf, .osm.gz or .osm.bz2 file, or a vector file with OSM tags as columns (QuickOSM).

    ``extent`` is xmin, ymin, xmax, ymax in degrees (EPSG:4326); features that reach out of it are cut. ``output`` is
    a GeoPackage with the tables ``points``, ``lines`` and ``polygons``.
    """

    input: str
    output: str
    extent: tuple[float, float, float, float] | None = None


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Return the output's path and how many points, lines and polygons it holds.

    Raises :class:`InputError` for input that cannot be read, or of which nothing lies in the extent.
    """
    from ..sources.osm import read_osm_file
    from ..sources.osm_file import is_osm_file
    from ..sources.osm_layers import read_layers
    from ..sources.osm_tables import OsmTables

    if Path(params.input).resolve() == Path(params.output).resolve():
        raise InputError(f"The output {params.output} is the input; choose another name.")
    with OsmTables(params.output, params.extent) as tables:
        reading = feedback.span(0.0, 0.95)
        with feedback.stage("read"):
            if is_osm_file(params.input):
                losses = read_osm_file(params.input, tables, reading)
                if str(losses):
                    feedback.warning(f"Left out of {params.input}: {losses}.")
            else:
                read_layers(params.input, tables, reading)
            tables.flush()
        counts = tables.counts
        if not any(counts.values()):
            where = "" if params.extent is None else f" inside the extent {params.extent} (degrees: W, S, E, N)"
            raise InputError(f"The input {params.input} has no tagged objects{where}; check input and extent.")
        feedback.check()
        with feedback.stage("finish"):
            tables.finish()
    feedback.progress(1.0)
    feedback.info(f"{counts['points']} points, {counts['lines']} lines, {counts['polygons']} polygons.")
    return {
        "OUTPUT": params.output,
        "POINTS": counts["points"],
        "LINES": counts["lines"],
        "POLYGONS": counts["polygons"],
    }
