"""What a fine-tuning learns from: labels of all shapes and no others, a strip left empty, changes that could be so."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.ndimage import distance_transform_edt
from shapely import LineString, MultiPolygon, Point, box

from geoloop.core.feedback import Feedback
from geoloop.core.jobs.inputs import RasterInput, SourceSettings, VectorInput
from geoloop.core.sources.bands import Band
from geoloop.core.sources.grid import Grid
from geoloop.core.sources.imagery import Imagery
from geoloop.core.sources.legend import Legend
from geoloop.core.sources.statements import Statements
from geoloop.core.sources.vectors import read_features
from geoloop.core.training.tuning_chips import TuningChip, TuningDraw, at_random, read_tuning_chips
from geoloop.core.training.tuning_labels import JUDGE, LEARN, STOP, ClassLabels

SIDE, BUFFER = 32, 5
LEFT, TOP = 500_000.0, 5_800_000.0


@pytest.fixture
def chips(tmp_path: Path) -> list[TuningChip]:
    """Squares of 160 × 160 pixels of 10 m under a layer of points, lines and areas; one area has a hole, one lies where
    nothing was measured.
    """
    x = np.random.default_rng(0).integers(500, 3000, (2, 160, 160)).astype(np.uint16)
    x[:, 140:, 140:] = 0
    path = tmp_path / "Bänder.tif"
    with rasterio.open(path, "w", driver="GTiff", width=160, height=160, count=2, dtype="uint16", crs="EPSG:32633",
                       transform=from_origin(LEFT, TOP, 10, 10), nodata=0) as raster:
        raster.write(x)
    shapes, uses = [], []
    for number in range(25):
        row, column = divmod(number, 5)
        west, north = LEFT + 320 * column + 60, TOP - 320 * row - 60
        area = box(west, north - 200, west + 200, north)
        ring = MultiPolygon([area.difference(area.buffer(-60))])
        line = LineString([(west, north), (west + 200, north)])
        shapes.append((ring, line, Point(west + 100, north - 100))[number % 3])
        uses.append("ab"[number % 2])
    layer = tmp_path / "alles.gpkg"
    geopandas.GeoDataFrame({"use": uses}, geometry=shapes, crs="EPSG:32633").to_file(layer)
    raster_input = RasterInput(str(path), name="imagery")
    grid = Grid.from_imagery((raster_input,))
    settings = SourceSettings(class_field="use", accuracy_m=10.0)
    table = read_features(VectorInput(str(layer), name="alles", settings=settings), grid, "field")
    legend = Legend.from_field(table)
    labels = ClassLabels((Statements.of(table, legend, grid),), legend.names, grid, 0)
    with Imagery.open((raster_input,), grid) as imagery:
        return read_tuning_chips(imagery, grid, labels, Feedback(), side=SIDE, buffer_px=BUFFER, seed=0)


def whole(chips: list[TuningChip]) -> np.ndarray:
    """The roles of all pixels in one picture."""
    picture = np.zeros((160, 160), np.uint8)
    for chip in chips:
        picture[chip.row:chip.row + SIDE, chip.column:chip.column + SIDE] = chip.role
    return picture


def test_areas_lines_and_points_are_labels_and_all_else_is_unknown(chips: list[TuningChip]) -> None:
    roles = whole(chips)
    assert set(np.unique(roles)) == {0, LEARN, STOP, JUDGE}
    sizes = {(chip.row // 32, chip.column // 32): int((chip.role > 0).sum()) for chip in chips}
    assert 0.1 < (roles > 0).mean() < 0.2
    assert max(sizes.values()) > 200  # a ring
    assert any(0 < size < 12 for size in sizes.values())  # a point
    for chip in chips:
        assert not chip.role[~np.isfinite(chip.x).any(axis=0)].any()
        assert (chip.target[:, chip.role > 0].sum(axis=0) == 1).all()


def test_nothing_is_learnt_in_a_strip_around_what_is_judged(chips: list[TuningChip]) -> None:
    roles = whole(chips)
    away = distance_transform_edt(roles < STOP)
    assert away[roles == LEARN].min() > BUFFER


def test_the_random_split_deals_the_same_pixels_anew(chips: list[TuningChip]) -> None:
    before, after = whole(chips), whole(at_random(chips, 3))
    assert ((before > 0) == (after > 0)).all()
    shares = [(after[after > 0] == role).mean() for role in (LEARN, STOP, JUDGE)]
    assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.06)


@pytest.mark.parametrize("labels", [3, 4, 8])
def test_the_random_split_of_a_few_points_forgets_no_role(labels: int) -> None:
    side = np.zeros((8, 8), np.uint8)
    side.flat[:labels - 1] = LEARN
    known = [side, np.zeros_like(side), np.where(np.arange(64).reshape(8, 8) == 9, JUDGE, 0).astype(np.uint8)]
    few = [TuningChip(np.zeros((1, 8, 8), np.float32), np.ones((1, 8, 8), np.float32), np.ones((8, 8), np.float32),
                      np.ones((8, 8), bool), role, np.zeros((8, 8), np.uint16), 0, 8 * number)
           for number, role in enumerate(known)]
    for seed in range(40):
        dealt = at_random(few, seed)
        assert set(np.concatenate([chip.role.ravel() for chip in dealt])) == {0, LEARN, STOP, JUDGE}
        assert all(((one.role > 0) == (chip.role > 0)).all() for one, chip in zip(dealt, few, strict=True))


@pytest.fixture
def drawn() -> TuningDraw:
    """Draws from one square: light of two bands, radar, and heights, whose values say where a pixel lies."""
    place = 1.0 + np.arange(64 * 64).reshape(64, 64)
    x = np.stack([place, 2 * place, -10 - place, place]).astype(np.float32)
    role = np.full((64, 64), LEARN, np.uint8)
    role[:, 40:] = JUDGE
    known = np.stack([place % 2 == 0, place % 2 == 1]).astype(np.float32)
    ones = np.ones((64, 64), np.float32)
    chip = TuningChip(x, known, ones, ones > 0, role, np.zeros((64, 64), np.uint16), 0, 0)
    channels = [Band("red", 0.66, "a", "2021-05-01"), Band("nir", 0.84, "a", "2021-05-01"),
                Band("VV", None, "b", "2021-07-01"), Band("elevation", None, "c")]
    return TuningDraw([chip], channels, crop=16, batch=32, seed=4)


def test_light_changes_alike_in_all_its_bands_and_nothing_else_changes(drawn: TuningDraw) -> None:
    gains = []
    for step in range(4):
        x = drawn.batch(step).x
        for red, nir, radar, height in x.numpy():
            if np.isfinite(red).all():
                gain = red / height
                assert np.allclose(gain, gain[0, 0], rtol=1e-4)
                assert np.allclose(nir, 2 * red, rtol=1e-4)
                gains.append(float(gain[0, 0]))
            assert np.allclose(radar[np.isfinite(radar)], -10 - height[np.isfinite(radar)])
    assert 0.9 <= min(gains) < 0.95 < 1.05 < max(gains) <= 1.1


def test_pixels_keep_their_size_and_labels_turn_with_them(drawn: TuningDraw) -> None:
    batch = drawn.batch(0)
    turned = set()
    for x, target, weight in zip(batch.x.numpy(), batch.target.numpy(), batch.weight.numpy(), strict=True):
        place = x[3]
        steps = (round(float(place[0, 1] - place[0, 0])), round(float(place[1, 0] - place[0, 0])))
        assert set(map(abs, steps)) == {1, 64}
        turned.add(steps)
        assert (target[0] == (place % 2 == 0)).all()
        column = (place - 1) % 64
        assert (weight[column >= 40] == 0).all()
        assert (weight[column < 40] > 0).all()
    assert len(turned) == 8


def test_now_and_then_a_date_is_lacking_and_what_stands_still_never(drawn: TuningDraw) -> None:
    x = drawn.batch(0).x.numpy()
    lacking = np.isnan(x).all(axis=(2, 3))
    assert 0 < lacking.any(axis=1).mean() < 0.5
    assert (lacking[:, 0] == lacking[:, 1]).all()
    assert not (lacking[:, 0] & lacking[:, 2]).any()
    assert not lacking[:, 3].any()


def test_a_batch_depends_on_its_number_alone(drawn: TuningDraw) -> None:
    first, again, other = drawn.batch(7), drawn.batch(7), drawn.batch(8)
    assert np.array_equal(first.x.numpy(), again.x.numpy(), equal_nan=True)
    assert not np.array_equal(first.x.numpy(), other.x.numpy(), equal_nan=True)
