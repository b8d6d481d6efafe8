"""What was found and decided, for the tools of others; and what came back from the field, as a layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from ..feedback import Feedback
from .inputs import SourceSettings

if TYPE_CHECKING:
    from ..exchange.degrees import ToDegrees
    from ..exchange.osm_objects import Extract
    from ..exchange.permission import Provenance
    from ..exchange.selection import LeftOut
    from ..ledger import Discrepancy, Ledger
    from ..ledger.reviewed import Reviewed

Format = Literal["osmchange", "maproulette", "josm", "geojson", "tasks", "observations"]
ENDINGS: dict[str, tuple[str, ...]] = {
    "osmchange": (".osc",), "maproulette": (".geojson", ".json"), "josm": (".html", ".txt"),
    "geojson": (".geojson", ".json"), "tasks": (".gpkg",), "observations": (".gpkg",)}
"""How the output of each format may end."""
FOR_OSM = ("osmchange", "maproulette", "josm")
NEEDS_EXTRACT = ("osmchange", "maproulette")
COMMENT = "Corrections found by comparing sources, each one reviewed"


@dataclass(frozen=True, kw_only=True)
class Params:
    """``target`` is the ledger's name of the layer whose discrepancies go out (empty: all layers; for the formats of
    OpenStreetMap, the only one). ``extract`` is the .osm or .pbf file that the layer was made from, or a newer one.

    ``only`` says which: accepted, undecided or all of these. ``sources`` adds what the ledger does not say of its
    sources, above all ``may_export``. ``tasks`` is the filled-in GeoPackage that the format ``observations`` reads.
    ``reviewers``: names of reviewers and surveyors are written too.
    """

    ledger: str
    format: Format
    output: str
    target: str = ""
    extract: str = ""
    only: Literal["accepted", "undecided", "all"] = "accepted"
    sources: dict[str, SourceSettings] = field(default_factory=dict)
    tasks: str = ""
    comment: str = ""
    reviewers: bool = False


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write the output; return its path, how many discrepancies are in it and how many were left out, and why.

    Raises :class:`InputError` where a source does not allow the export, where a format lacks what it needs, and where
    nothing is left to write.
    """
    from ..exchange.selection import LeftOut
    from ..ledger import Ledger
    from .outputs import check_no_source, check_unfilled

    _check(params)
    if params.format in ("tasks", "observations"):
        from ..exchange.field_tasks import OBSERVED, TASKS

        check_unfilled(params.output, TASKS, OBSERVED)
    left = LeftOut()
    with Ledger.open(params.ledger) as ledger:
        check_no_source(params.output, ledger)
        written = _observations(ledger, params, left) if params.format == "observations" else _export(
            ledger, params, left, feedback)
    left.tell(feedback)
    feedback.progress(1.0)
    feedback.info(f"{written['EXPORTED']} written to {params.output}, {left.count} left out.")
    return {"OUTPUT": params.output, "SOURCES_FILE": "", **written, "LEFT_OUT": left.count}


def _check(params: Params) -> None:
    endings = ENDINGS[params.format]
    if not params.output.lower().endswith(endings):
        raise InputError(f"OUTPUT must end in {' or '.join(endings)} for FORMAT={params.format}, not {params.output}.")
    if params.format in NEEDS_EXTRACT and not params.extract:
        raise InputError(f"FORMAT={params.format} needs EXTRACT, the .osm or .pbf file that the layer was made from: "
                         "ids and versions are taken from it.")
    if params.format in FOR_OSM and params.only != "accepted":
        raise InputError(f"FORMAT={params.format} goes to OpenStreetMap and takes only what a person accepted; leave "
                         "ONLY at accepted.")
    if params.format == "observations" and not params.tasks:
        raise InputError("FORMAT=observations needs TASKS, the GeoPackage that came back from the field.")


def _export(ledger: Ledger, params: Params, left: LeftOut, feedback: Feedback) -> dict[str, Any]:
    from ..exchange.permission import provenance_of, refuse_forbidden
    from ..exchange.selection import choose
    from ..ledger.reviewed import reviewed, round_dates, sources_of
    from ..ledger.reviewers import Reviewers
    from ..review.open_flags import overtaken

    target = _target(ledger, params)
    for_osm = params.format in FOR_OSM
    items = choose(reviewed(ledger, target), params.only, left, one_by_one=for_osm, overtaken=overtaken(ledger),
                   doubtful=Reviewers.of(ledger).doubtful() if for_osm else ())
    if not items:
        raise InputError(_nothing(params, left))
    rows = sources_of(ledger, {one.round for one in items})
    refuse_forbidden(rows, params.sources, items, target if for_osm else "")
    provenance = provenance_of(rows, params.sources, items, round_dates(ledger), params.reviewers)
    for flags in sorted({one.discrepancy.licence_flags for one in items} - {""}):
        feedback.warning(f"Licences to heed: {flags}.")
    write = {"osmchange": _osmchange, "maproulette": _maproulette, "josm": _josm, "geojson": _geojson, "tasks": _tasks}
    written = write[params.format](ledger, params, items, provenance, left, feedback)
    return {"EXPORTED": written}


def _target(ledger: Ledger, params: Params) -> str:
    known = [name for name, _ in ledger.target_layers()]
    if params.target:
        ledger.source(params.target)
        return params.target
    if params.format in FOR_OSM and len(known) != 1:
        raise InputError(f"The ledger {params.ledger} has the layers {', '.join(known) or 'none'}; say with TARGET "
                         "which one is OpenStreetMap's.")
    return known[0] if params.format in FOR_OSM else ""


def _nothing(params: Params, left: LeftOut) -> str:
    why = " ".join(left.lines())
    layer = f" of the layer “{params.target}”" if params.target else ""
    return (f"No discrepancy{layer} in {params.ledger} can go out with ONLY={params.only}; nothing was written."
            + (f" {why}" if why else ""))


def _places(ledger: Ledger, items: Sequence[Reviewed]) -> Callable[[Discrepancy], ToDegrees]:
    """Return what brings a discrepancy's geometry to degrees, along the way on which its own layer came in its round.
    """
    from functools import cache

    from ..exchange.degrees import to_degrees
    from ..ledger.wkb import envelope

    blobs = [wkb for one in items for wkb in (one.discrepancy.proposal, one.discrepancy.before) if wkb]
    boxes = [box for box in map(envelope, blobs) if box is not None] or [(0.0, 0.0, 0.0, 0.0)]
    bounds = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    known = {name for name, _ in ledger.target_layers()}
    number = {one.discrepancy.uid: one.round for one in items}

    @cache
    def of_layer(layer: str, round_: int) -> ToDegrees:
        return to_degrees(ledger.crs_wkt(), ledger.source(layer, round_) if layer in known else None, bounds)

    return lambda d: of_layer(d.target_layer, number[d.uid])


def _extract(params: Params, items: Sequence[Reviewed], feedback: Feedback) -> Extract:
    from ..exchange.osm_edits import candidates, twins
    from ..exchange.osm_objects import read_extract
    from ..exchange.tag_changes import proposed_keys

    found = [one.discrepancy for one in items]
    wanted = {ref for d in found for ref in (*candidates(d), *twins(d))}
    keys = {key for d in found for key in proposed_keys(d.after_values)}
    return read_extract(params.extract, wanted, keys, feedback.span(0.0, 0.9))


def _osmchange(ledger: Ledger, params: Params, items: Sequence[Reviewed], provenance: Provenance, left: LeftOut,
               feedback: Feedback) -> int:
    from ..exchange.osm_edits import OsmEdits
    from ..exchange.osmchange import osmchange_text, upload_warnings
    from ..exchange.selection import RefusedError
    from ..whole import write_text

    edits = OsmEdits(_extract(params, items, feedback))
    place, uids = _places(ledger, items), []
    for one in items:
        feedback.check()
        try:
            edits.add(one.discrepancy, place(one.discrepancy))
            uids.append(one.discrepancy.uid)
        except RefusedError as error:
            left.add(str(error), one.discrepancy.uid)
    if not uids:
        raise InputError(_nothing(params, left))
    write_text(params.output, osmchange_text(edits, provenance, params.comment or COMMENT, uids))
    for note in edits.notes:
        feedback.info(note)
    for warning in upload_warnings(edits):
        feedback.warning(warning)
    counts = edits.counts()
    feedback.info(f"Objects, nodes included: {counts['create']} created, {counts['modify']} modified, "
                  f"{counts['delete']} deleted. Look at each in an editor, and upload with review_requested=yes and "
                  f"source={provenance.source}.")
    return len(uids)


def _maproulette(ledger: Ledger, params: Params, items: Sequence[Reviewed], provenance: Provenance, left: LeftOut,
                 feedback: Feedback) -> int:
    from ..exchange.maproulette import maproulette_text
    from ..whole import write_text

    text, uids = maproulette_text(items, _extract(params, items, feedback), _places(ledger, items), provenance,
                                  params.comment or COMMENT, left)
    if not uids:
        raise InputError(_nothing(params, left))
    write_text(params.output, text)
    return len(uids)


def _josm(ledger: Ledger, params: Params, items: Sequence[Reviewed], provenance: Provenance, left: LeftOut,
          feedback: Feedback) -> int:
    from ..exchange.josm import josm_links, josm_list, josm_page
    from ..whole import write_text

    extract = _extract(params, items, feedback) if params.extract else None
    comment = params.comment or COMMENT
    links = josm_links(items, extract, _places(ledger, items), provenance, comment, left)
    if not links:
        raise InputError(_nothing(params, left))
    text = josm_page if params.output.lower().endswith(".html") else josm_list
    write_text(params.output, text(links, provenance, comment))
    return len(links)


def _geojson(ledger: Ledger, params: Params, items: Sequence[Reviewed], provenance: Provenance, left: LeftOut,
             feedback: Feedback) -> int:
    from ..exchange.geojson import geojson_text
    from ..whole import write_text

    write_text(params.output, geojson_text(items, _places(ledger, items), provenance, params.reviewers))
    return len(items)


def _tasks(ledger: Ledger, params: Params, items: Sequence[Reviewed], provenance: Provenance, left: LeftOut,
           feedback: Feedback) -> int:
    from ..exchange.field_tasks import write_tasks

    placed = []
    for one in items:
        if one.discrepancy.proposal or one.discrepancy.before:
            placed.append(one)
        else:
            left.add("they have no geometry", one.discrepancy.uid)
    if not placed:
        raise InputError(_nothing(params, left))
    write_tasks(params.output, placed, ledger.crs_wkt(), provenance)
    return len(placed)


def _observations(ledger: Ledger, params: Params, left: LeftOut) -> dict[str, Any]:
    from pathlib import Path

    from ..exchange.observations import read_observations, write_field_layer

    if Path(params.tasks).resolve() == Path(params.output).resolve():
        raise InputError(f"The output {params.output} is TASKS itself; choose another name.")
    found, crs = read_observations(params.tasks, set(ledger.status()), left)
    return {"EXPORTED": len(found), "SOURCES_FILE": write_field_layer(params.output, found, crs, params.reviewers)}
