"""Imagery's bands, and public files of weights with random numbers in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

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
    """Write a file of weights in a public layout: random numbers, deviations above 0, counts as integers."""
    def write(shapes: Shapes, name: str = "weights.pth", within: str = "", **beside: Any) -> Path:
        generator = torch.Generator().manual_seed(0)

        def tensor(key: str, shape: tuple[int, ...]) -> torch.Tensor:
            if key.endswith("num_batches_tracked"):
                return torch.tensor(7)
            values = torch.randn(shape, generator=generator) * (0.5 / max(1, shape[-1] if shape else 1) ** 0.5)
            return values.abs() + 0.5 if key.endswith("running_var") else values

        state = {key: tensor(key, shape) for key, shape in shapes.items()}
        path = tmp_path / name
        torch.save({within: state, **beside} if within else state, path)
        return path

    return write
