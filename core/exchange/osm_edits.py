"""From accepted findings to OpenStreetMap's objects created, modified and deleted.

Every edit goes in whole or not at all. What it does to others (neighbours that share a node, nodes that carry tags) is
kept as notes for the log.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ..ledger import Discrepancy
from .degrees import ToDegrees
from .new_objects import LONGEST_WAY, Place, create, create_node, vertices
from .osm_objects import Element, Extract, Kind, Node, Ref, Relation, Way, parse_key
from .selection import RefusedError
from .tag_changes import new_tags, tag_changes

SAME_SHAPE_M = 0.5
"""How far an object may lie off the shape that was judged and still be the same."""
SAME_PLACE = 1.5e-7
"""Degrees: what the rounding of both sides can leave between two equal places."""
METRES_PER_DEGREE = 111_320.0
TAG_EDITS, NO_EDITS = ("retag", "set_value"), ("flag", "revisit", "label_patch")


@dataclass
class OsmEdits:
    """What was created, modified and deleted so far. ``unused`` are nodes to delete if nobody else uses them."""

    extract: Extract
    created: list[Element] = field(default_factory=list)
    modified: MutableMapping[Ref, Element] = field(default_factory=dict)
    deleted: MutableMapping[Ref, Element] = field(default_factory=dict)
    unused: MutableMapping[Ref, Element] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    last_id: int = 0

    def counts(self) -> dict[str, int]:
        """How many objects are created, modified and deleted."""
        return {"create": len(self.created), "modify": len(self.modified),
                "delete": len(self.deleted) + len(self.unused)}

    def places(self) -> list[Place]:
        """Where all that changes lies."""
        nodes = [one for one in (*self.created, *self.modified.values(), *self.deleted.values(), *self.unused.values())
                 if isinstance(one, Node)]
        ways = [one for one in (*self.modified.values(), *self.deleted.values()) if isinstance(one, Way)]
        found = [(one.lon, one.lat) for one in nodes]
        return found + [(n.lon, n.lat) for way in ways for ref in way.nodes if (n := self.extract.node(ref))]

    def add(self, d: Discrepancy, place: ToDegrees) -> None:
        """Add the edit that a discrepancy proposes. Raises :class:`RefusedError`, and then nothing has changed."""
        modified: dict[Ref, Element] = {}
        deleted: dict[Ref, Element] = {}
        unused: dict[Ref, Element] = {}
        draft = replace(self, created=[], modified=ChainMap(modified, self.modified),
                        deleted=ChainMap(deleted, self.deleted), unused=ChainMap(unused, self.unused), notes=[])
        _apply(draft, d, place)
        self.created += draft.created
        self.modified.update(modified)
        self.deleted.update(deleted)
        self.unused.update(unused)
        self.notes += draft.notes
        self.last_id = draft.last_id
        for ref in deleted:
            self.modified.pop(ref, None)

    def current(self, ref: Ref) -> Element | None:
        """Return an object as it stands after the edits so far; None if it is not in the extract, or deleted."""
        return None if ref in self.deleted else self.modified.get(ref, self.extract.objects.get(ref))

    def new_id(self) -> int:
        """Return a negative id that is not taken."""
        self.last_id -= 1
        return self.last_id


def candidates(d: Discrepancy) -> list[Ref]:
    """Return which objects a discrepancy may speak of: one if its key names the kind, else by its dimension."""
    return _candidates(d.target_key, d)


def twins(d: Discrepancy) -> list[Ref]:
    """Return which objects may be the one that stays where another is merged into it."""
    return _candidates(d.evidence.get("twin"), d) if d.edit == "merge" else []


def _candidates(key: str | None, d: Discrepancy) -> list[Ref]:
    parsed = parse_key(key)
    if parsed is None:
        return []
    kind, number = parsed
    if kind is not None:
        return [(kind, number)]
    dimension = shapely.get_dimensions(shapely.from_wkb(d.before)) if d.before else -1
    kinds: tuple[Kind, ...] = {0: ("node",), 1: ("way",), 2: ("way", "relation")}.get(
        int(dimension), ("node", "way", "relation"))  # type: ignore[assignment]
    return [(kind, number) for kind in kinds]


def target_of(d: Discrepancy, extract: Extract) -> Ref:
    """Return the one object that a discrepancy speaks of. Raises :class:`RefusedError` if that is not known."""
    refs = candidates(d)
    if not refs:
        raise RefusedError("their key is no OpenStreetMap id; run Flag with KEY set to the field that holds it")
    return _one_of(refs, extract, "the object")


def _one_of(refs: list[Ref], extract: Extract, what: str) -> Ref:
    """Return the one of the objects that the extract has, with its version."""
    found = [ref for ref in refs if ref in extract.objects]
    if len(found) != 1:
        raise RefusedError(f"{what} is not in EXTRACT" if not found else
                           "their id is that of a way and of a relation, and the key does not say which")
    if extract.objects[found[0]].version < 1:
        raise RefusedError("EXTRACT does not say the object's version")
    return found[0]


def _apply(edits: OsmEdits, d: Discrepancy, place: ToDegrees) -> None:
    if d.edit in NO_EDITS:
        raise RefusedError("they propose no change of the map, but a look at it")
    if d.edit == "add":
        _add(edits, d, place)
        return
    ref = target_of(d, edits.extract)
    current = edits.current(ref)
    if current is None:
        raise RefusedError("another edit in this file deletes the object")
    if d.edit in TAG_EDITS:
        _retag(edits, ref, current, d)
    elif isinstance(current, Relation):
        raise RefusedError("the object is a relation, whose members have to be moved, reshaped or deleted by hand")
    else:
        _same_shape(edits.extract, ref, d, place)
        if _nodes(current) != _nodes(edits.extract.objects[ref]):
            raise RefusedError("another edit in this file gives the object another shape")
        if d.edit == "move":
            _move(edits, current, d, place)
        elif d.edit == "reshape":
            _reshape(edits, current, d, place)
        else:
            if d.edit == "merge":
                _take_over(edits, current, d)
            _delete(edits, current)


def _retag(edits: OsmEdits, ref: Ref, current: Element, d: Discrepancy) -> None:
    changes = tag_changes(d.before_values, d.after_values, current.tags, edits.extract.known_keys)
    kept = {key: value for key, value in current.tags.items() if changes.get(key, value) is not None}
    new = {key: value for key, value in changes.items() if value is not None}
    edits.modified[ref] = replace(current, tags=kept | new)


def _take_over(edits: OsmEdits, gone: Element, d: Discrepancy) -> None:
    """Give the object that stays the tags that only its twin has. Without it the twin is the last of two."""
    ref = _one_of(twins(d), edits.extract, "the twin that should stay")
    stays = edits.current(ref)
    if stays is None or ref == (gone.kind, gone.id):
        raise RefusedError("another edit in this file deletes the twin that should stay")
    new = {key: value for key, value in gone.tags.items() if key not in stays.tags}
    if new:
        edits.modified[ref] = replace(stays, tags=stays.tags | new)
        edits.notes.append(f"{ref[0]}/{ref[1]} takes over from its twin {gone.kind}/{gone.id}: "
                           f"{', '.join(f'{key}={value}' for key, value in sorted(new.items()))}.")


def _add(edits: OsmEdits, d: Discrepancy, place: ToDegrees) -> None:
    if d.proposal is None:
        raise RefusedError("they propose no geometry")
    create(edits, place(d.proposal), new_tags(d.after_values, edits.extract.known_keys))


# ---------------------------------------------------------------------- geometry of what is there


def shape_of(extract: Extract, element: Element) -> shapely.Geometry:
    """Return a node as a point, a way as a line (degrees). Raises :class:`RefusedError` if nodes are missing."""
    if isinstance(element, Node):
        return shapely.Point(element.lon, element.lat)
    if isinstance(element, Relation):
        raise RefusedError("the object is a relation")
    nodes = [extract.node(ref) for ref in element.nodes]
    if len(nodes) < 2 or any(node is None for node in nodes):
        raise RefusedError("EXTRACT lacks some of the object's nodes")
    return shapely.LineString([(node.lon, node.lat) for node in nodes if node is not None])


def _same_shape(extract: Extract, ref: Ref, d: Discrepancy, place: ToDegrees) -> None:
    """Refuse an object whose shape in the extract is not the one that was judged."""
    judged = _outline(d.before, place)
    there = shape_of(extract, extract.objects[ref])
    if judged.geom_type != there.geom_type:
        raise RefusedError("its kind of geometry in EXTRACT is not the one that was flagged")
    apart = shapely.hausdorff_distance(_metres(judged, there), _metres(there, there))
    if not apart <= SAME_SHAPE_M:
        raise RefusedError("it has another shape in EXTRACT than when it was flagged, or was cut at the border of the "
                           "layer")


def _outline(wkb: bytes | None, place: ToDegrees) -> shapely.Geometry:
    """Return a single geometry in degrees, polygons as their outline; refused if it has holes or several parts."""
    parts = shapely.get_parts(place(wkb)) if wkb else []
    if len(parts) != 1 or parts[0].is_empty or not parts[0].is_valid:
        raise RefusedError("their geometry is missing, invalid or has several parts")
    (part,) = parts
    if part.geom_type != "Polygon":
        return part
    if len(part.interiors):
        raise RefusedError("the proposed geometry has holes, which a single way cannot have")
    return shapely.LineString(part.exterior.coords)


def _metres(geometry: shapely.Geometry, around: shapely.Geometry) -> shapely.Geometry:
    """Return a geometry in degrees as metres, near enough to compare shapes."""
    middle = math.radians((around.bounds[1] + around.bounds[3]) / 2)
    scale = np.array([METRES_PER_DEGREE * math.cos(middle), METRES_PER_DEGREE])
    return shapely.transform(geometry, lambda xy: xy * scale)


def _move(edits: OsmEdits, current: Element, d: Discrepancy, place: ToDegrees) -> None:
    before, after = _outline(d.before, place), _outline(d.proposal, place)
    old, new = shapely.get_coordinates(before), shapely.get_coordinates(after)
    shift = _common_shift(d)
    if shift is None or len(old) != len(new):
        _reshape(edits, current, d, place)
        return
    refs = [current.id] if isinstance(current, Node) else list(dict.fromkeys(_nodes(current)))
    for ref in refs:
        node = edits.extract.node(ref)
        if node is None:
            raise RefusedError("EXTRACT lacks some of the object's nodes")
        nearest = int(np.argmin(np.sum((old - (node.lon, node.lat)) ** 2, axis=1)))
        dx, dy = new[nearest] - old[nearest]
        _move_node(edits, node, (round(node.lon + dx, 7), round(node.lat + dy, 7)), current)


def _common_shift(d: Discrepancy) -> Place | None:
    """Return by how much all vertices move (grid units); None if they do not all move alike."""
    old, new = (shapely.get_coordinates(shapely.from_wkb(wkb)) for wkb in (d.before, d.proposal))
    if len(old) != len(new) or not len(old):
        return None
    shift = new - old
    if not np.allclose(shift, shift[0], atol=0.01):
        return None
    return float(shift[0, 0]), float(shift[0, 1])


def _move_node(edits: OsmEdits, node: Node, to: Place, owner: Element) -> None:
    ref: Ref = ("node", node.id)
    if node.version < 1:
        raise RefusedError("EXTRACT does not say the version of the object's nodes")
    if ref in edits.deleted or ref in edits.unused:
        raise RefusedError("another edit in this file deletes one of its nodes")
    earlier = edits.modified.get(ref)
    if isinstance(earlier, Node) and (earlier.lon, earlier.lat) != (node.lon, node.lat):
        if math.hypot(*(np.subtract((earlier.lon, earlier.lat), to))) > 5 * SAME_PLACE:
            raise RefusedError("another edit in this file moves a node that they share elsewhere")
        return
    if math.dist((node.lon, node.lat), to) <= SAME_PLACE / 2:
        return
    now = edits.current(ref)
    edits.modified[ref] = replace(now if isinstance(now, Node) else node, lon=to[0], lat=to[1])
    others = sorted(edits.extract.ways_of[node.id] - {owner.id if isinstance(owner, Way) else 0})
    if others:
        edits.notes.append(f"Moving node/{node.id} for {owner.kind}/{owner.id} moves its neighbours too: "
                           f"{', '.join(f'way/{other}' for other in others)}.")
    if node.tags and node.id != owner.id:
        edits.notes.append(f"node/{node.id}, which has tags of its own, moves with {owner.kind}/{owner.id}.")


def _reshape(edits: OsmEdits, current: Element, d: Discrepancy, place: ToDegrees) -> None:
    """Give a way another outline: nodes that stay keep their place, free ones are used again, others made or left."""
    after = _outline(d.proposal, place)
    if isinstance(current, Node):
        if after.geom_type != "Point":
            raise RefusedError("the object is a node and cannot become a line or an area")
        _move_node(edits, current, (after.x, after.y), current)
        return
    if not isinstance(current, Way) or after.geom_type != "LineString" or after.is_ring != current.is_closed:
        raise RefusedError("the proposed geometry is of another kind than the object")
    wanted = vertices(after)[:-1] if current.is_closed else vertices(after)
    if len(wanted) + current.is_closed > LONGEST_WAY:
        raise RefusedError(f"the new outline has more than {LONGEST_WAY} nodes")
    if any(_has_moved(edits, ref) for ref in current.nodes):
        raise RefusedError("another edit in this file moves one of its nodes")
    used, left = _matched(edits, current, wanted)
    refs = []
    for at, node in zip(wanted, used, strict=True):
        if node is None:
            refs.append(create_node(edits, at).id)
        else:
            _move_node(edits, node, at, current)
            refs.append(node.id)
    _release(edits, current, left)
    edits.modified["way", current.id] = replace(current, nodes=tuple([*refs, refs[0]] if current.is_closed else refs))


def _has_moved(edits: OsmEdits, number: int) -> bool:
    before, now = edits.extract.node(number), edits.modified.get(("node", number))
    return before is not None and isinstance(now, Node) and (now.lon, now.lat) != (before.lon, before.lat)


def _matched(edits: OsmEdits, way: Way, wanted: list[Place]) -> tuple[list[Node | None], list[Node]]:
    """Return for each new vertex the old node that becomes it, if any, and the nodes that are left over."""
    nodes = {ref: _known(edits, ref) for ref in dict.fromkeys(way.nodes)}
    at = np.array([(node.lon, node.lat) for node in nodes.values()])
    rest = dict(enumerate(nodes.values()))
    used: list[Node | None] = [None] * len(wanted)
    for position, place in enumerate(wanted):
        near = [row for row in rest if np.abs(at[row] - place).max() <= SAME_PLACE]
        if near:
            used[position] = rest.pop(near[0])
    free = {row: node for row, node in rest.items() if _is_free(edits, node, way)}
    for position, place in enumerate(wanted):
        if used[position] is None and free:
            rows = list(free)
            row = rows[int(np.argmin(_squares(at[rows], place)))]
            used[position] = free.pop(row)
            rest.pop(row)
    return used, list(rest.values())


def _known(edits: OsmEdits, ref: int) -> Node:
    found = edits.current(("node", ref))
    if not isinstance(found, Node):
        raise RefusedError("EXTRACT lacks some of the object's nodes")
    return found


def _squares(places: NDArray[np.float64], place: Place) -> NDArray[np.float64]:
    return np.asarray(((places - place) ** 2).sum(axis=1))


def _is_free(edits: OsmEdits, node: Node, way: Way) -> bool:
    """Whether a node means nothing but a bend of this way."""
    ref: Ref = ("node", node.id)
    ways = {other for other in edits.extract.ways_of[node.id] if ("way", other) not in edits.deleted}
    return not node.tags and ways <= {way.id} and not edits.extract.relations_of[ref] and ref not in edits.modified


def _release(edits: OsmEdits, way: Way, nodes: list[Node]) -> None:
    for node in nodes:
        if _is_free(edits, node, way):
            edits.unused["node", node.id] = node
        else:
            others = ", ".join(f"way/{other}" for other in sorted(edits.extract.ways_of[node.id] - {way.id}))
            edits.notes.append(f"way/{way.id} no longer touches node/{node.id}"
                               + (f", which stays with {others}." if others else ", which stays."))


def _delete(edits: OsmEdits, current: Element) -> None:
    ref: Ref = (current.kind, current.id)
    parents = sorted(edits.extract.relations_of[ref])
    if parents:
        raise RefusedError("the object is a member of a relation, which has to be mended first")
    if isinstance(current, Node) and edits.extract.ways_of[current.id]:
        raise RefusedError("the node is part of a way")
    edits.deleted[ref] = edits.extract.objects[ref]
    if isinstance(current, Way):
        for number in dict.fromkeys(current.nodes):
            node = edits.extract.node(number)
            if node is not None and _is_free(edits, node, current) and node.version > 0:
                edits.unused["node", number] = node


def _nodes(element: Any) -> tuple[int, ...]:
    return element.nodes if isinstance(element, Way) else ()
