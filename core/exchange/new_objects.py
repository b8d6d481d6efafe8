"""Objects that OpenStreetMap does not have yet: nodes, ways and multipolygons of a proposed geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import shapely

from ..sources.osm_areas import is_area
from .osm_objects import Element, Kind, Node, Relation, Way
from .selection import RefusedError

if TYPE_CHECKING:
    from .osm_edits import OsmEdits

LONGEST_WAY = 2_000
"""Nodes that OpenStreetMap's server takes in one way."""

Place = tuple[float, float]
"""Longitude and latitude, degrees."""


def create(edits: OsmEdits, geometry: shapely.Geometry, tags: Mapping[str, str]) -> Element:
    """Create a geometry (degrees) with tags: a node, a way, or for holes, parts and long outlines a multipolygon."""
    parts = [part for part in shapely.get_parts(geometry) if not part.is_empty]
    if not parts or not geometry.is_valid:
        raise RefusedError("the proposed geometry is empty or invalid")
    kind = parts[0].geom_type
    if kind == "Polygon":
        return _create_area(edits, parts, tags)
    if len(parts) != 1 or kind not in ("Point", "LineString"):
        raise RefusedError("the proposed geometry has several parts")
    if kind == "Point":
        made: Element = create_node(edits, (parts[0].x, parts[0].y), tags)
        return made
    nodes = [create_node(edits, at).id for at in vertices(parts[0])]
    return _create_ways(edits, nodes, tags)[0]


def _create_area(edits: OsmEdits, parts: list[shapely.Polygon], tags: Mapping[str, str]) -> Element:
    if not is_area(tags):
        raise RefusedError("its tags do not make a closed way an area")
    if len(parts) == 1 and not parts[0].interiors and len(parts[0].exterior.coords) <= LONGEST_WAY:
        return _create_ways(edits, _create_ring(edits, parts[0].exterior), tags)[0]
    members: list[tuple[Kind, int, str]] = []
    for part in parts:
        for role, ring in (("outer", part.exterior), *(("inner", inner) for inner in part.interiors)):
            members += [("way", way.id, role) for way in _create_ways(edits, _create_ring(edits, ring), {})]
    relation = Relation(edits.new_id(), 0, tuple(members), {**tags, "type": "multipolygon"})
    edits.created.append(relation)
    return relation


def create_node(edits: OsmEdits, at: Place, tags: Mapping[str, str] | None = None) -> Node:
    """Create a node."""
    node = Node(edits.new_id(), 0, at[0], at[1], dict(tags or {}))
    edits.created.append(node)
    return node


def _create_ring(edits: OsmEdits, ring: shapely.LinearRing) -> list[int]:
    nodes = [create_node(edits, at).id for at in vertices(ring)[:-1]]
    return [*nodes, nodes[0]]


def _create_ways(edits: OsmEdits, nodes: list[int], tags: Mapping[str, str]) -> list[Way]:
    """Create ways of at most ``LONGEST_WAY`` nodes, each beginning where the one before ends."""
    starts = range(0, max(len(nodes) - 1, 1), LONGEST_WAY - 1)
    ways = [Way(edits.new_id(), 0, tuple(nodes[start:start + LONGEST_WAY]), dict(tags)) for start in starts]
    edits.created += ways
    return ways


def vertices(line: shapely.Geometry) -> list[Place]:
    """Return the places along a line, doubled ones left out."""
    found: list[Place] = []
    for x, y in shapely.get_coordinates(line).tolist():
        if not found or (x, y) != found[-1]:
            found.append((x, y))
    if len(found) < (4 if line.is_ring else 2):
        raise RefusedError("the proposed geometry is smaller than OpenStreetMap's coordinates can tell")
    return found
