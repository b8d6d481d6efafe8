"""OpenStreetMap's objects as an extract has them, read as a stream: what an edit needs to know of its surroundings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any, Literal

import osmium

from ..errors import InputError
from ..feedback import Feedback
from ..sources.osm_file import deleted_in_draft, holds_history, is_osm_file, open_osm

Kind = Literal["node", "way", "relation"]
CHECK_EVERY = 2_000
_KINDS: dict[str, Kind] = {"n": "node", "w": "way", "r": "relation"}
_KEY = re.compile(r"^(?:(node|way|relation|n|w|r)/?)?(\d+)$")


@dataclass(frozen=True)
class Node:
    """A node; a negative ``id`` is one that does not exist yet."""

    id: int
    version: int
    lon: float
    lat: float
    tags: dict[str, str] = field(default_factory=dict)
    kind: Kind = "node"


@dataclass(frozen=True)
class Way:
    """A way and the ids of its nodes in order; closed if the first comes again as the last."""

    id: int
    version: int
    nodes: tuple[int, ...]
    tags: dict[str, str] = field(default_factory=dict)
    kind: Kind = "way"

    @property
    def is_closed(self) -> bool:
        """Whether it is a ring."""
        return len(self.nodes) > 3 and self.nodes[0] == self.nodes[-1]


@dataclass(frozen=True)
class Relation:
    """A relation; ``members`` are kind, id and role in order."""

    id: int
    version: int
    members: tuple[tuple[Kind, int, str], ...]
    tags: dict[str, str] = field(default_factory=dict)
    kind: Kind = "relation"


Element = Node | Way | Relation
Ref = tuple[Kind, int]


@dataclass
class Extract:
    """The wanted objects of an extract, the nodes of the wanted ways, and who else uses them.

    ``ways_of`` are the ids of all ways at a node; ``relations_of`` those of all relations that an object is a member
    of; ``known_keys`` which of the asked tag keys occur anywhere. ``deleted`` is what an editor has marked so, and left
    out.
    """

    path: str = ""
    deleted: Set[tuple[str, int]] = frozenset()
    objects: dict[Ref, Element] = field(default_factory=dict)
    ways_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    relations_of: dict[Ref, set[int]] = field(default_factory=lambda: defaultdict(set))
    known_keys: set[str] = field(default_factory=set)

    def node(self, number: int) -> Node | None:
        """Return a node, None where the extract has none of that id."""
        found = self.objects.get(("node", number))
        return found if isinstance(found, Node) else None


def parse_key(key: str | None) -> tuple[Kind | None, int] | None:
    """Return kind (None: the key does not say) and id of a key such as ``way/12``, ``w12`` or ``12``; else None."""
    matched = _KEY.match((key or "").strip())
    return (_KINDS[matched[1][0]] if matched[1] else None, int(matched[2])) if matched else None


def read_extract(path: str, wanted: Set[Ref], keys: Set[str], feedback: Feedback) -> Extract:
    """Read the wanted objects and their surroundings, in two passes over the file; memory grows with ``wanted`` alone.

    Raises :class:`InputError` for a file that is no OpenStreetMap data or holds objects' history.
    """
    if not is_osm_file(path):
        raise InputError(f"EXTRACT must be an .osm, .osm.pbf, .osm.gz or .osm.bz2 file, not {path}.")
    try:
        extract = Extract(path, deleted_in_draft(path))
        _read_wanted(extract, wanted, keys, feedback.span(0.0, 0.5))
        nodes = {ref for one in extract.objects.values() if isinstance(one, Way) for ref in one.nodes}
        _read_around(extract, nodes | {number for kind, number in extract.objects if kind == "node"},
                     feedback.span(0.5, 1.0))
    except RuntimeError as error:
        raise InputError(f"The extract {path} cannot be read as OpenStreetMap data ({error}); give the file that the "
                         "layer was made from, or a newer one.") from error
    return extract


def _read_wanted(extract: Extract, wanted: Set[Ref], keys: Set[str], feedback: Feedback) -> None:
    for item in _stream(extract, open_osm(extract.path), feedback):
        if len(extract.known_keys) < len(keys):
            extract.known_keys.update(tag.k for tag in item.tags if tag.k in keys)
        ref = (_KINDS[item.type_str()], item.id)
        if ref in wanted:
            _keep(extract, item)


def _read_around(extract: Extract, nodes: Set[int], feedback: Feedback) -> None:
    ids = osmium.filter.IdFilter(nodes)
    ids.enable_for(osmium.osm.NODE)
    wanted = set(extract.objects) | {("node", number) for number in nodes}
    for item in _stream(extract, open_osm(extract.path).with_filter(ids), feedback):
        if item.is_node():
            _keep(extract, item)
        elif item.is_way():
            for ref in {node.ref for node in item.nodes} & nodes:
                extract.ways_of[ref].add(item.id)
        else:
            for member in item.members:
                if (_KINDS[member.type], member.ref) in wanted:
                    extract.relations_of[_KINDS[member.type], member.ref].add(item.id)


def _stream(extract: Extract, objects: Any, feedback: Feedback) -> Iterator[Any]:
    for number, item in enumerate(objects):
        if number % CHECK_EVERY == 0:
            feedback.check()
        if item.deleted:
            raise holds_history(extract.path)
        if (_KINDS[item.type_str()], item.id) not in extract.deleted:
            yield item
    feedback.progress(1.0)


def _keep(extract: Extract, item: Any) -> None:
    kind = _KINDS[item.type_str()]
    tags = {tag.k: tag.v for tag in item.tags}
    made: Element
    if kind == "node":
        if not item.location.valid():
            return
        made = Node(item.id, item.version, item.location.lon, item.location.lat, tags)
    elif kind == "way":
        made = Way(item.id, item.version, tuple(node.ref for node in item.nodes), tags)
    else:
        members = tuple((_KINDS[member.type], member.ref, member.role) for member in item.members)
        made = Relation(item.id, item.version, members, tags)
    extract.objects[kind, item.id] = made
