"""Which closed ways of OpenStreetMap are areas."""

from __future__ import annotations

from collections.abc import Mapping

AREA_KEYS = frozenset({
    "amenity", "area:highway", "boundary", "building", "building:part", "craft", "golf", "healthcare", "historic",
    "indoor", "landuse", "leisure", "man_made", "military", "natural", "office", "place", "public_transport", "shop",
    "tourism",
})
"""A closed way with one of these keys is an area (after the OpenStreetMap wiki's page on areas) …"""
LINE_VALUES: Mapping[str, frozenset[str]] = {
    "leisure": frozenset({"slipway", "track"}),
    "man_made": frozenset({"cutline", "embankment", "pipeline"}),
    "natural": frozenset({"arete", "cliff", "coastline", "earth_bank", "ridge", "tree_row", "valley"}),
}
"""… unless its value means a line,"""
AREA_VALUES: Mapping[str, frozenset[str]] = {
    "aeroway": frozenset({"aerodrome", "apron", "hangar", "helipad", "terminal"}),
    "highway": frozenset({"rest_area", "services"}),
    "power": frozenset({"generator", "plant", "substation", "transformer"}),
    "railway": frozenset({"platform", "roundhouse", "station", "turntable"}),
    "waterway": frozenset({"boatyard", "dam", "dock", "riverbank"}),
}
"""and with other keys only if the value means an area."""


def is_area(tags: Mapping[str, str]) -> bool:
    """Whether a closed way with these tags is an area rather than a ring-shaped line."""
    if "area" in tags:
        return tags["area"] != "no"
    return any(
        (key in AREA_KEYS and value not in LINE_VALUES.get(key, ())) or value in AREA_VALUES.get(key, ())
        for key, value in tags.items()
    )
