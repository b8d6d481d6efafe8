"""Probabilities from elsewhere: what is none, or lies elsewhere, is refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from geoloop.core.errors import InputError
from geoloop.core.fusion.evidence import open_evidence
from geoloop.core.fusion.ground import Ground

from ..discrepancies.conftest import TOWN, town

SHAPE = (60, 80)


@pytest.fixture
def houses(ground_of: Callable[..., Ground], make_layer: Callable[..., Any]) -> Ground:
    homes = town(1, 1)
    return ground_of([make_layer(homes, {"building": ["yes"]})], shape=SHAPE)


@pytest.fixture
def written(tmp_path: Path, houses: Ground) -> Callable[..., Path]:
    """Write two bands of so much probability, the second the rest to 1."""

    def write(values: Any, at: Affine = TOWN, crs: str | None = "", **tags: str) -> Path:
        path = tmp_path / "p.tif"
        stack = np.asarray(values)
        with rasterio.open(path, "w", driver="GTiff", width=stack.shape[2], height=stack.shape[1], count=2,
                           dtype=stack.dtype, crs=houses.grid.crs if crs == "" else crs, transform=at) as raster:
            raster.write(stack)
            raster.update_tags(**tags)
            for band, name in enumerate(houses.legend.names, start=1):
                raster.set_band_description(band, name)
        return path

    return write


def halves(low: float, high: float) -> np.ndarray:
    values = np.full((2, *SHAPE), low, np.float32)
    values[:, :, 40:] = high
    return values


@pytest.mark.parametrize(("values", "said"), [
    (halves(-3.2, 2.5), "from -3.2 to 2.5"),
    (halves(10, 90), "from 10 to 90"),
    (halves(3, 255).astype(np.uint8), "from 3 to 255"),
    (halves(np.nan, np.nan), "show nothing within the imagery"),
])
def test_what_is_no_probability_is_refused(houses: Ground, written: Callable[..., Path], values: Any, said: str
                                           ) -> None:
    with pytest.raises(InputError, match=said), open_evidence(written(values), houses):
        pass


@pytest.mark.parametrize(("where", "said"), [
    ({"at": TOWN @ Affine.translation(10_000, 0)}, "show nothing within the imagery"),
    ({"at": TOWN @ Affine.translation(1, 0), "crs": None}, "no coordinate reference system"),
])
def test_probabilities_without_a_place_here_are_refused(houses: Ground, written: Callable[..., Path],
                                                        where: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said), open_evidence(written(halves(0.2, 0.8), **where), houses):
        pass


def test_probabilities_on_another_grid_lie_where_they_lie_on_the_ground(houses: Ground, written: Callable[..., Path]
                                                                        ) -> None:
    south_up = Affine(TOWN.a, 0, TOWN.c, 0, -TOWN.e, TOWN.f + SHAPE[0] * TOWN.e)
    values = halves(0.2, 0.8)
    values[1, :10] = 0.5
    with open_evidence(written(values[:, ::-1], south_up), houses) as evidence:
        window = rasterio.windows.Window(-3, 0, SHAPE[1] + 3, SHAPE[0])
        seen, second = evidence.read(window), evidence.read(window, (1,))
    assert np.allclose(seen[:, :, 3:], values, atol=1e-6)
    assert np.array_equal(second, seen[1:], equal_nan=True)


@pytest.mark.parametrize(("tag", "layers"), [("houses", {"houses"}), ('["a", "b"]', {"a", "b"}), ("[]", set())])
def test_a_tag_of_another_program_is_read_as_a_name(houses: Ground, written: Callable[..., Path], tag: str,
                                                    layers: set[str]) -> None:
    with open_evidence(written(halves(0.2, 0.8), trained_on=tag), houses) as evidence:
        assert evidence.learnt.layers == layers
