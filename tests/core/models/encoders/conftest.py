"""Imagery's bands, and public files of weights with made-up numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from public_numbers import state

from geoloop.core.sources.bands import Band
from geoloop.core.sources.scenes import SENTINEL_2

Shapes = Mapping[str, tuple[int, ...]]


@pytest.fixture
def sentinel_2() -> list[Band]:
    """All 13 bands, stored as reflectance × 10⁴."""
    return [Band(name, light, "S2", scale=1e-4) for name, light in SENTINEL_2.items()]


@pytest.fixture
def sentinel_1() -> list[Band]:
    """Radar in decibels."""
    return [Band("VV", None, "S1"), Band("VH", None, "S1")]


@pytest.fixture
def public_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file of weights in a public layout: numbers that look like noise."""
    def write(shapes: Shapes, name: str = "weights.pth", within: str = "", **beside: Any) -> Path:
        weights, path = state(shapes), tmp_path / name
        torch.save({within: weights, **beside} if within else weights, path)
        return path

    return write
