"""OsmChange (.osc) as every editor and the server read it, and what a person should look at before uploading one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from .osm_edits import OsmEdits
from .osm_objects import Element, Node, Way
from .permission import Provenance

MOST_CREATED, MOST_MODIFIED, MOST_DELETED = 200, 200, 30
"""From here on changeset watchers such as OSMCha take notice."""
LARGEST_CHANGESET = 10_000
"""Changes that OpenStreetMap's server takes in one changeset."""
WIDEST_DEGREES = 0.5
_ORDER = {"node": 0, "way": 1, "relation": 2}


def osmchange_text(edits: OsmEdits, provenance: Provenance, comment: str, uids: Iterable[str] = ()) -> str:
    """Return the .osc file: created objects in the order in which they refer to each other, deleted ones in reverse.

    Nodes that only bent a deleted or reshaped way are deleted ``if-unused``: the server keeps those that others use.
    """
    said = {**provenance.to_json(), "comment": comment, "uids": " ".join(uids)}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             '<osmChange version="0.6" generator="GeoLoop">',
             *(f"  <!-- {key}: {_comment(value)} -->" for key, value in said.items() if value),
             *_block("create", edits.created), *_block("modify", edits.modified.values()),
             *_block("delete", edits.deleted.values(), backwards=True),
             *_block('delete if-unused="true"', edits.unused.values(), backwards=True),
             "</osmChange>", ""]
    return "\n".join(lines)


def osm_text(edits: OsmEdits) -> str:
    """Return created objects as an .osm document that editors refuse to upload: something to look at."""
    return "".join(['<osm version="0.6" generator="GeoLoop" upload="never">',
                    *(line.strip() for one in _sorted(edits.created) for line in _element(one)), "</osm>"])


def upload_warnings(edits: OsmEdits) -> list[str]:
    """Return what makes a changeset of these edits conspicuous or impossible, one sentence each."""
    counts = edits.counts()
    total = sum(counts.values())
    found = []
    for what, most, why in (
        ("create", MOST_CREATED, "it may be taken for an import, which has to be discussed and documented first"),
        ("modify", MOST_MODIFIED, "changeset watchers will flag it"),
        ("delete", MOST_DELETED, "changeset watchers will flag it"),
    ):
        if counts[what] > most:
            found.append(f"The file would {what} {counts[what]} objects, more than {most}: {why}; upload it in smaller "
                         "changesets.")
    if total > LARGEST_CHANGESET:
        found.append(f"The file changes {total} objects, more than the {LARGEST_CHANGESET} of one changeset; split it.")
    places = edits.places()
    if places:
        wide = max(max(axis) - min(axis) for axis in zip(*places, strict=True))
        if wide > WIDEST_DEGREES:
            found.append(f"The changes lie up to {wide:.1f} degrees apart; upload them by neighbourhood, so that each "
                         "changeset is small.")
    return found


def _block(head: str, elements: Iterable[Element], backwards: bool = False) -> list[str]:
    ordered = _sorted(elements)
    if not ordered:
        return []
    body = [line for one in (reversed(ordered) if backwards else ordered) for line in _element(one)]
    return [f"  <{head}>", *body, f"  </{head.split()[0]}>"]


def _sorted(elements: Iterable[Element]) -> list[Element]:
    return sorted(elements, key=lambda one: (_ORDER[one.kind], abs(one.id)))


def _element(one: Element) -> list[str]:
    head: dict[str, object] = {"id": one.id, "version": one.version}
    children: list[str] = []
    if isinstance(one, Node):
        head |= {"lat": f"{one.lat:.7f}", "lon": f"{one.lon:.7f}"}
    elif isinstance(one, Way):
        children = [f'      <nd ref="{ref}"/>' for ref in one.nodes]
    else:
        children = [f'      <member type="{kind}" ref="{ref}" role={_quoted(role)}/>'
                    for kind, ref, role in one.members]
    children += [f"      <tag k={_quoted(key)} v={_quoted(value)}/>" for key, value in sorted(one.tags.items())]
    start = f"    <{one.kind} {_attributes(head)}"
    return [f"{start}/>"] if not children else [f"{start}>", *children, f"    </{one.kind}>"]


def _attributes(values: Mapping[str, object]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in values.items())


def _quoted(text: str) -> str:
    return '"' + re.sub("[\n\r\t]", lambda found: f"&#{ord(found[0])};", escape(text)) + '"'


def _comment(value: object) -> str:
    """A value as XML allows it in a comment: no two hyphens side by side."""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return re.sub("-(?=-)", "- ", "".join(c if c.isprintable() else " " for c in text)).rstrip("-")
