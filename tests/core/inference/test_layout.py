"""How a model is laid over imagery."""

import numpy as np
import pytest
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.inference.device import choose_device
from geoloop.core.inference.layout import area_of, batch_for, grid_for, tiling_for
from geoloop.core.inference.tiling import Lattice, Tiling
from geoloop.core.jobs.inputs import ExtentInput
from geoloop.core.models.card import Channel, ModelCard, ModelInput, ModelOutput
from geoloop.core.models.reach import Reach


def card(resolution: float | None = None, overlap: float | None = None, **more: object) -> ModelCard:
    return ModelCard("m", "a", "segmentation", (ModelInput("x", (Channel("red"),), **more),), (ModelOutput("y"),),
                     resolution_m=resolution, overlap=overlap)


def test_tiles_are_512_pixels_with_a_quarter_in_common_unless_the_card_or_the_user_says_else() -> None:
    assert tiling_for(card()) == Tiling(384, 64, 48)
    assert tiling_for(card(side=256, overlap=0.0)) == Tiling(256, 0)
    assert tiling_for(card(), side=1024, overlap=0.125) == Tiling(896, 64, 48)


def test_where_it_is_known_how_far_a_model_looks_its_halo_is_that_wide_and_nothing_is_blended() -> None:
    assert tiling_for(card(), reach=Reach(30, 16)) == Tiling(448, 32, 30)
    assert tiling_for(card(), reach=Reach(102, 16)) == Tiling(544, 112, 102)
    assert tiling_for(card(side=256), reach=Reach(102, 16)) == Tiling(192, 32, 24)
    assert tiling_for(card(), reach=Reach(600, 32)).side == 1024
    assert tiling_for(card(), 512, 0.5 - 1e-9, Reach(102, 16)).rim == 102


def test_sides_and_halos_are_multiples_of_what_the_model_pools() -> None:
    tiling = tiling_for(card(multiple=48), overlap=0.2)
    assert tiling.side % 48 == tiling.halo % 48 == 0
    assert tiling_for(card(side=255), overlap=0.1).side == 255


@pytest.mark.parametrize(("more", "side", "overlap", "said"), [
    ({"side": 256}, 512, None, "takes tiles of 256 pixels only"), ({"multiple": 32}, 100, None, "no multiple of 32"),
    ({}, 0, 0.5, "less than 0.5"), ({}, 0, -0.1, "OVERLAP"), ({}, -5, None, "TILE is -5"),
])
def test_tiles_that_do_not_fit_are_refused(more: dict, side: int, overlap: float | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        tiling_for(card(**more), side, overlap)


def test_a_model_of_another_resolution_is_refused_or_the_imagery_is_brought_to_it(make_raster) -> None:
    imagery = (make_raster(np.zeros((40, 60), np.uint8)),)
    assert grid_for(card(10.5), imagery, resample=False).width == 60
    with pytest.raises(InputError, match="made for pixels of 5 m, the imagery has 10 m; set RESAMPLE"):
        grid_for(card(5.0), imagery, resample=False)
    finer, coarser = (grid_for(card(r), imagery, resample=True) for r in (5.0, 25.0))
    assert (finer.width, finer.height, finer.pixel_m) == (120, 80, pytest.approx(5.0, rel=1e-3))
    assert (coarser.width, coarser.height, coarser.pixel_m) == (25, 17, pytest.approx(25.0))
    assert finer.bounds[:1] == coarser.bounds[:1] == (500_000.0,)


def test_an_extent_becomes_the_pixels_it_touches(grid) -> None:
    assert area_of(grid, ExtentInput(500_015, 5_799_950, 500_031, 5_800_500)) == Window(1, 0, 3, 5)
    for extent, said in ((ExtentInput(0, 0, 10, 10), "does not touch"), (ExtentInput(5, 5, 5, 9), "is empty")):
        with pytest.raises(InputError, match=said):
            area_of(grid, extent)


def test_an_area_needs_the_tiles_that_count_there_and_no_others() -> None:
    lattice = Lattice.over(Tiling(100, 20), (250, 1000), Window(205, 0, 90, 250))
    assert (lattice.rows, lattice.columns) == (range(3), range(1, 4))
    assert Lattice.over(Tiling(100, 20), (250, 1000), Window(215, 0, 70, 250)).columns == range(2, 3)
    assert sum(len(batch) for batch in lattice.batches(2)) == 9


def test_a_batch_is_as_asked_as_the_model_fixes_it_or_as_suits_the_device() -> None:
    cpu = choose_device("cpu")
    assert [batch_for(card(), cpu, 0), batch_for(card(), cpu, 7), batch_for(card(batch=4), cpu, 0)] == [1, 7, 4]
    with pytest.raises(InputError, match="BATCH"):
        batch_for(card(), cpu, -1)
