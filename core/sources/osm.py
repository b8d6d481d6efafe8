"""Reading OpenStreetMap files (.osm, .pbf, packed or not) as a stream of points, lines and polygons."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import osmium

from ..errors import InputError
from ..feedback import Feedback
from .osm_areas import is_area
from .osm_file import deleted_in_draft, holds_history, open_osm
from .osm_tables import OsmTables, Table

CHECK_EVERY = 2_000
NODES_IN_MEMORY_BYTES = 500_000_000
"""Of larger files the nodes' places are kept in a temporary file; every way needs those of its nodes."""
BYTES_PER_OBJECT = 120
"""Roughly, of a packed file, per object with tags; only progress depends on it, for no file says how many it has."""


@dataclass(frozen=True)
class OsmLosses:
    """What a file holds but could not become a geometry; ``drafts`` are ways of nodes that were never uploaded,
    ``deleted`` what an editor has marked to be deleted.
    """

    nodes: int = 0
    multipolygons: int = 0
    closed_ways: int = 0
    ways: int = 0
    drafts: int = 0
    deleted: int = 0

    def __str__(self) -> str:
        what = {
            "nodes without a place": self.nodes,
            "multipolygons, whose members are missing or whose rings do not close": self.multipolygons,
            "closed ways, whose nodes are missing or cross": self.closed_ways,
            "ways, whose nodes are missing": self.ways,
            "ways with negative ids, which an editor gives before it uploads": self.drafts,
            "objects that are marked as deleted, which an editor does before it uploads": self.deleted,
        }
        return "; ".join(f"{number} {name}" for name, number in what.items() if number)


def read_osm_file(path: str, tables: OsmTables, feedback: Feedback) -> OsmLosses:
    """Add every tagged node, way and area of a file to ``tables``.

    Multipolygons and ways that cannot be built (nodes or members missing at the border of an extract, rings that do
    not close) are counted, not fatal. Raises :class:`InputError` for a file that is no OpenStreetMap data, or its
    history.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            objects = open_osm(path)
            stream = _Stream(tables, deleted_in_draft(path))
            size = Path(path).stat().st_size
            storage = "flex_mem" if size < NODES_IN_MEMORY_BYTES else f"sparse_file_array,{folder}/nodes"
            objects = objects.with_locations(storage).with_areas()
            for number, item in enumerate(objects.with_filter(osmium.filter.EmptyTagFilter())):
                if number % CHECK_EVERY == 0:
                    feedback.check()
                    share = 1 - math.exp(-number * BYTES_PER_OBJECT / max(size, 1))
                    feedback.progress(share, f"{number} objects read")
                if item.deleted:
                    raise holds_history(path)
                stream.take(item)
        except RuntimeError as error:
            raise InputError(
                f"The file {path} cannot be read as OpenStreetMap data ({error}); give an .osm or .osm.pbf file that "
                "is whole and sorted by type and id."
            ) from error
    return stream.losses()


class _Stream:
    """Sorts osmium's objects into tables; counts the areas that were promised and those that came."""

    def __init__(self, tables: OsmTables, deleted: Set[tuple[str, int]]) -> None:
        self._tables, self._wkb, self._deleted = tables, osmium.geom.WKBFactory(), deleted
        self._promised = {"way": 0, "relation": 0}
        self._built = {"way": 0, "relation": 0}
        self._placeless_nodes = self._broken_ways = self._drafts = self._left = 0

    def take(self, item: Any) -> None:
        """Add one object, if it has a geometry."""
        if self._deleted and _ref(item) in self._deleted:
            self._left += not item.is_area()  # the area that a way or a relation makes comes besides it
            return
        tags = {tag.k: tag.v for tag in item.tags}
        if item.is_node():
            self._node(item, tags)
        elif item.is_way():
            self._way(item, tags)
        elif item.is_relation():
            self._promised["relation"] += tags.get("type") in ("multipolygon", "boundary")
        elif item.is_area():
            self._area(item, tags)

    def losses(self) -> OsmLosses:
        """Return what could not be built."""
        missing = {kind: max(0, self._promised[kind] - self._built[kind]) for kind in self._promised}
        return OsmLosses(self._placeless_nodes, missing["relation"], missing["way"], self._broken_ways, self._drafts,
                         self._left)

    def _node(self, node: Any, tags: dict[str, str]) -> None:
        if node.location.valid():
            self._add("points", self._wkb.create_point(node), "node", node.id, tags, node)
        else:
            self._placeless_nodes += 1

    def _way(self, way: Any, tags: dict[str, str]) -> None:
        if any(node.ref < 0 for node in way.nodes):
            self._drafts += 1  # osmium finds the places of positive ids alone
            return
        if way.is_closed() and is_area(tags):
            self._promised["way"] += 1
            return
        try:
            wkb = self._wkb.create_linestring(way)
        except (RuntimeError, osmium.InvalidLocationError):
            self._broken_ways += 1
            return
        self._add("lines", wkb, "way", way.id, tags, way)

    def _area(self, area: Any, tags: dict[str, str]) -> None:
        kind, number = _ref(area)
        if kind == "way" and not is_area(tags):
            return
        try:
            wkb = self._wkb.create_multipolygon(area)
        except (RuntimeError, osmium.InvalidLocationError):
            return
        self._built[kind] += 1
        self._add("polygons", wkb, kind, number, tags, area)

    def _add(self, table: Table, wkb: str, kind: str, number: int, tags: dict[str, str], item: Any) -> None:
        # Files without the objects' history say version 0 and the year 1970.
        timestamp = item.timestamp.isoformat() if item.timestamp.year > 1970 else None
        self._tables.add(table, wkb, kind, f"{kind}/{number}", tags, item.version or None, timestamp)


def _ref(item: Any) -> tuple[str, int]:
    """Kind and id of an object, of an area those of what it was made from."""
    if item.is_area():
        return "way" if item.from_way() else "relation", item.orig_id()
    return "node" if item.is_node() else "way" if item.is_way() else "relation", item.id
