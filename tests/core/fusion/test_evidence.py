"""Probabilities from elsewhere: what is none, or lies elsewhere, is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp

from geoloop.core.errors import InputError
from geoloop.core.fusion import evidence as module
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
    """Write bands of so much probability: the two classes of the legend, then others."""

    def write(values: Any, at: Affine = TOWN, crs: str | None = "", nodata: float | None = None,
              scale: tuple[float, float] = (1.0, 0.0), **tags: str) -> Path:
        path = tmp_path / "p.tif"
        stack = np.asarray(values)
        with rasterio.open(path, "w", driver="GTiff", width=stack.shape[2], height=stack.shape[1], count=len(stack),
                           dtype=stack.dtype, crs=houses.grid.crs if crs == "" else crs, transform=at,
                           nodata=nodata) as raster:
            raster.write(stack)
            raster.update_tags(**tags)
            for band, name in enumerate([*houses.legend.names, "third", "fourth"][:len(stack)], start=1):
                raster.set_band_description(band, name)
            if scale != (1.0, 0.0):
                raster.scales, raster.offsets = ([number] * len(stack) for number in scale)
        return path

    return write


def halves(low: float, high: float) -> np.ndarray:
    values = np.full((2, *SHAPE), low, np.float32)
    values[:, :, 40:] = high
    return values


@pytest.mark.parametrize(("values", "said"), [
    (halves(-3.2, 2.5), "from -3.2 to 2.5"),
    (halves(10, 90), r"p\.tif hold values from 10 to 90; name a raster of probabilities from 0 to 1\.$"),
    (halves(10, 90).astype(np.int16), r"where 100 stands for 1, write that into it with gdal_edit\.py -scale 0\.01\."),
    (halves(3, 255).astype(np.uint8), r"p\.tif hold values from 3 to 255; .* 255 stands for 1, .* -scale 0\.00392"),
    (halves(-3, 255).astype(np.int16), r"from -3 to 255; name a raster of probabilities from 0 to 1\.$"),
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


@pytest.mark.parametrize(("stored", "scale"), [
    (np.uint8, (1 / 255, 0.0)), (np.uint16, (1e-4, 0.0)), (np.int16, (1e-4, 0.5)), (np.float32, (0.01, 0.0)),
])
def test_scaled_numbers_are_read_by_their_scale_and_nodata_stays_nodata(
        houses: Ground, written: Callable[..., Path], stored: Any, scale: tuple[float, float]) -> None:
    values = halves(0.2, 0.8)
    held = ((values - scale[1]) / scale[0]).round().astype(stored)
    held[:, :5] = 7
    with open_evidence(written(held, nodata=7, scale=scale), houses) as evidence:
        window = rasterio.windows.Window(0, 0, SHAPE[1], SHAPE[0])
        seen, (second,) = evidence.read(window), evidence.only(np.array([1]))[0].read(window)
    assert np.isnan(seen[:, :5]).all()
    assert np.allclose(seen[:, 5:], values[:, 5:], atol=abs(scale[0]))
    assert np.array_equal(second, seen[1], equal_nan=True)


def test_a_stac_item_tells_scale_and_nodata_of_a_raster_that_says_nothing(houses: Ground, written: Callable[..., Path]
                                                                          ) -> None:
    held = (halves(0.2, 0.8) * 250).astype(np.uint8)
    held[:, :5] = 255
    path = written(held)
    asset = {"href": "./p.tif", "raster:bands": [{"scale": 0.004, "nodata": 255}] * 2}
    path.with_suffix(".json").write_text(json.dumps({"type": "Feature", "assets": {"p": asset}}))
    with open_evidence(path, houses) as evidence:
        seen = evidence.read(rasterio.windows.Window(0, 0, SHAPE[1], SHAPE[0]))
    assert np.isnan(seen[:, :5]).all()
    assert np.allclose(seen[:, 5:], halves(0.2, 0.8)[:, 5:], atol=0.004)


def test_four_bands_of_bytes_are_four_classes_not_colours_and_transparency(houses: Ground, written: Callable[..., Path]
                                                                           ) -> None:
    held = np.zeros((4, *SHAPE), np.uint8)
    held[0], held[3, :, 40:] = 51, 204
    path = written(held, scale=(1 / 255, 0.0))
    with rasterio.open(path, "r+") as raster:
        assert raster.colorinterp[3] == ColorInterp.alpha
        raster.set_band_description(2, "second")
        raster.set_band_description(4, houses.legend.names[1])
    with open_evidence(path, houses) as evidence:
        seen = evidence.read(rasterio.windows.Window(0, 0, SHAPE[1], SHAPE[0]))
    assert np.allclose(seen, held[[0, 3]] / 255, atol=1e-6)


def test_transparency_still_hides(houses: Ground, written: Callable[..., Path]) -> None:
    held = np.full((4, *SHAPE), 51, np.uint8)
    held[3, :, :40], held[3, :, 40:] = 0, 255
    with open_evidence(written(held, scale=(1 / 255, 0.0)), houses) as evidence:
        seen = evidence.read(rasterio.windows.Window(0, 0, SHAPE[1], SHAPE[0]))
    assert np.isnan(seen[:, :, :39]).all()
    assert np.allclose(seen[:, :, 41:], 0.2)


def test_a_pixel_is_seen_where_all_classes_have_a_probability_and_one_more_than_none(
        houses: Ground, written: Callable[..., Path]) -> None:
    values = halves(0.0, 1.0)
    values[1] = 1 - values[0]
    values[0, 0], values[1, 1], values[:, 2] = np.nan, np.nan, 0.0
    with open_evidence(written(values), houses) as evidence:
        window = rasterio.windows.Window(0, 0, SHAPE[1], SHAPE[0])
        seen, second, (alone,) = (evidence.read(window), evidence.read(window, (1,)),
                                  evidence.only(np.array([0]))[0].read(window))
    assert np.isnan(seen[:, :3]).all()
    assert np.array_equal(seen[:, 3:], values[:, 3:])
    assert np.array_equal(second, seen[1:], equal_nan=True)
    assert np.array_equal(alone, seen[0], equal_nan=True)


def test_what_is_no_probability_is_refused_wherever_it_is_read(houses: Ground, written: Callable[..., Path],
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    """The first blocks are looked at before the work; a border of an undeclared nodata may lie behind them."""
    monkeypatch.setattr(module, "LOOK_PX", 20)
    values = halves(0.2, 0.8)
    values[:, 55:] = -9999
    with open_evidence(written(values), houses) as evidence:
        evidence.read(rasterio.windows.Window(0, 0, SHAPE[1], 40))
        with pytest.raises(InputError, match=r"p\.tif hold values from -9999 to 0\.8"):
            evidence.read(rasterio.windows.Window(0, 40, SHAPE[1], 20))


def test_two_bands_of_one_name_are_refused(houses: Ground, written: Callable[..., Path]) -> None:
    path = written(np.concatenate([halves(0.2, 0.8)] * 2))
    with rasterio.open(path, "r+") as raster:
        raster.set_band_description(4, houses.legend.names[1])
    with (pytest.raises(InputError, match=f"several bands named '{houses.legend.names[1]}'"),
          open_evidence(path, houses)):
        pass


@pytest.mark.parametrize(("tag", "layers"), [("houses", {"houses"}), ('["a", "b"]', {"a", "b"}), ("[]", set())])
def test_a_tag_of_another_program_is_read_as_a_name(houses: Ground, written: Callable[..., Path], tag: str,
                                                    layers: set[str]) -> None:
    with open_evidence(written(halves(0.2, 0.8), trained_on=tag), houses) as evidence:
        assert evidence.learnt.layers == layers
