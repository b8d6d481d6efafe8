"""Links for JOSM's remote control: a page or a list that a person opens and clicks; GeoLoop itself contacts nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import shapely

from ..ledger import Discrepancy
from ..ledger.reviewed import Reviewed
from .degrees import ToDegrees
from .geojson import PlaceOf
from .new_objects import create
from .osm_edits import OsmEdits, candidates, target_of
from .osm_objects import Extract, Ref
from .osmchange import osm_text
from .permission import Provenance
from .selection import LeftOut, RefusedError
from .sentences import task_sentence

ADDRESS = "http://127.0.0.1:8111"
MARGIN_DEGREES = 0.0005
"""Around an object, so that its neighbours are loaded too: some fifty metres."""
LONGEST_LINK = 7_000
"""Characters; longer requests are cut off on their way."""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; frame-src {address}">
<title>{title}</title>
<style>body {{ font-family: sans-serif; margin: 2em; }} td, th {{ padding: .3em .8em; text-align: left; }}
tr:nth-child(even) {{ background: #f2f2f2; }} iframe {{ width: 100%; height: 4em; border: 1px solid #ccc; }}</style>
</head>
<body>
<h1>{title}</h1>
<p>Start JOSM with remote control switched on, then click. Look at each object before you upload; the proposal is a
layer of its own that cannot be uploaded.</p>
<p>Source: {source}. Made by {made_by}, {date}.{reviewers}</p>
<iframe name="josm" title="What JOSM answers"></iframe>
<table>
<tr><th>What to look at</th><th>Probability</th><th>Licences</th><th>Object</th><th>Proposal</th></tr>
{rows}
</table>
</body>
</html>
"""


@dataclass(frozen=True)
class Links:
    """The links of one discrepancy; ``proposal`` is empty where there is nothing to show or it would be too long."""

    discrepancy: Discrepancy
    zoom: str
    proposal: str


def josm_links(items: Sequence[Reviewed], extract: Extract | None, place_of: PlaceOf, provenance: Provenance,
               comment: str, left: LeftOut) -> list[Links]:
    """Return the links of each item; objects whose id is not known are added to ``left``."""
    found = []
    for one in items:
        d = one.discrepancy
        try:
            found.append(_links(d, extract, place_of(d), provenance, comment))
        except RefusedError as error:
            left.add(str(error), d.uid)
    return found


def josm_page(links: Sequence[Links], provenance: Provenance, comment: str) -> str:
    """Return the links as a page without scripts; nothing is contacted until someone clicks."""
    rows = "\n".join(
        f"<tr><td>{escape(task_sentence(one.discrepancy))}</td><td>{one.discrepancy.probability:.0%}</td>"
        f"<td>{escape(one.discrepancy.licence_flags)}</td><td>{_anchor(one.zoom, 'show')}</td>"
        f"<td>{_anchor(one.proposal, 'load')}</td></tr>" for one in links)
    reviewers = f" Reviewed by {', '.join(provenance.reviewers)}." if provenance.reviewers else ""
    return _PAGE.format(title=escape(comment), address=ADDRESS, source=escape(provenance.source),
                        made_by=escape(provenance.made_by), date=provenance.date, reviewers=escape(reviewers),
                        rows=rows)


def josm_list(links: Sequence[Links], provenance: Provenance, comment: str) -> str:
    """Return the links as text: a sentence, then its links, then an empty line."""
    head = [f"# {comment}", *(f"# {name}: {value}" for name, value in provenance.to_json().items()), ""]
    for one in links:
        licence = [f"# {one.discrepancy.licence_flags}"] if one.discrepancy.licence_flags else []
        head += [f"# {task_sentence(one.discrepancy)}", *licence, one.zoom, *filter(None, [one.proposal]), ""]
    return "\n".join(head)


def _links(d: Discrepancy, extract: Extract | None, place: ToDegrees, provenance: Provenance, comment: str) -> Links:
    wkb = d.proposal or d.before
    if wkb is None:
        raise RefusedError("they have no geometry")
    geometry = place(wkb)
    shown = [geometry, *([place(d.before)] if d.before else [])]
    west, south, east, north = (float(v) for v in shapely.total_bounds(shown))
    box = {"left": f"{west - MARGIN_DEGREES:.7f}", "right": f"{east + MARGIN_DEGREES:.7f}",
           "top": f"{north + MARGIN_DEGREES:.7f}", "bottom": f"{south - MARGIN_DEGREES:.7f}"}
    target = "" if d.edit == "add" else "{}{}".format(*_target(d, extract))
    zoom = _link("load_and_zoom", {**box, **({"select": target} if target else {}), "changeset_comment": comment,
                                   "changeset_source": provenance.source,
                                   "changeset_tags": "review_requested=yes"})
    return Links(d, zoom, _proposal(d, geometry) if d.proposal and d.edit in ("add", "move", "reshape") else "")


def _target(d: Discrepancy, extract: Extract | None) -> Ref:
    if extract is not None:
        return target_of(d, extract)
    refs = candidates(d)
    if len(refs) != 1:
        raise RefusedError("their key does not say which OpenStreetMap object they are; give EXTRACT")
    return refs[0]


def _proposal(d: Discrepancy, geometry: shapely.Geometry) -> str:
    """Return the link that loads the proposed geometry into a layer of its own that is never uploaded."""
    is_area = shapely.get_dimensions(geometry) == 2
    edits = OsmEdits(Extract())
    for part in shapely.get_rings(geometry) if is_area else shapely.get_parts(geometry):
        create(edits, shapely.LineString(part.coords) if is_area else part, {"note": task_sentence(d)})
    link = _link("load_data", {"new_layer": "true", "layer_name": f"Proposal {d.uid}", "upload_policy": "never",
                               "mime_type": "application/x-osm+xml", "data": osm_text(edits)})
    return link if len(link) <= LONGEST_LINK else ""


def _link(command: str, values: dict[str, str]) -> str:
    return f"{ADDRESS}/{command}?{urlencode(values)}".replace("+", "%20")


def _anchor(link: str, text: str) -> str:
    return f'<a href="{escape(link)}" target="josm">{text}</a>' if link else ""
