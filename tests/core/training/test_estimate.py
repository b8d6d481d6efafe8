"""What is said of a fit before it starts: more work is more time, whatever the machine."""

from __future__ import annotations

import torch
from affine import Affine

from geoloop.core.sources.grid import Grid
from geoloop.core.training.estimate import expected


def grid(pixel: float, side: int) -> Grid:
    return Grid("EPSG:32633", Affine(pixel, 0, 0, 0, -pixel, 0), side, side, 1.0)


def test_longer_efforts_and_more_folds_take_longer():
    cpu = torch.device("cpu")
    quick = expected(grid(10.0, 128), 4, 3, folds=2, effort="quick", device=cpu)
    long = expected(grid(10.0, 128), 4, 3, folds=4, effort="long", device=cpu)
    assert 0 < quick.seconds < long.seconds / 4
    assert quick.memory_mb == long.memory_mb


def test_a_larger_grid_needs_more_memory_until_its_chips_no_longer_grow():
    sizes = [expected(grid(10.0, side), 4, 3, folds=1, effort="quick", device=torch.device("cpu")).memory_mb
             for side in (256, 2560, 25_600, 51_200)]
    assert sizes[0] < sizes[1] < sizes[2] == sizes[3]
