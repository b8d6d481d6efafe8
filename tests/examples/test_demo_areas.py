"""The demo's areas: the first result of a newcomer comes from the one that takes minutes less."""

from __future__ import annotations

from pathlib import Path

from demo_areas import synthetic_areas


def test_the_area_with_the_large_pixels_comes_first(tmp_path: Path) -> None:
    areas = synthetic_areas(tmp_path, 3, 1, town_px=480, countryside_px=200)
    assert [area.name for area in areas] == ["countryside", "town"]
    assert all(path.is_file() for area in areas for path in (*area.imagery, area.map, area.truth))
