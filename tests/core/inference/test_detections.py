"""Objects are counted once over a whole raster, whatever its tiles, and become polygons on the ground."""

from __future__ import annotations

import json

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.inference.boxes import Boxes, Masks, no_boxes
from geoloop.core.inference.detections import Detections, write_detections
from geoloop.core.inference.tiling import Lattice, Tiling
from geoloop.core.models.card import ClassLabel
from geoloop.core.sources.grid import Grid

HEIGHT, WIDTH = 150, 170
CLASSES = (ClassLabel(1, "tank"), ClassLabel(2, "Schiff, groß"))


def boxes_of(rows: np.ndarray, angle: np.ndarray | None = None) -> Boxes:
    """Boxes from rows of xmin, ymin, xmax, ymax, label, score."""
    rows = np.asarray(rows, float).reshape(-1, 6)
    return Boxes((rows[:, :2] + rows[:, 2:4]) / 2, rows[:, 2:4] - rows[:, :2],
                 np.zeros(len(rows)) if angle is None else angle, rows[:, 5], rows[:, 4].astype(int))


def seen(objects: np.ndarray, window: Window) -> Boxes:
    """What a perfect detector says of a tile: each object, cut at the tile's edge."""
    left, top = window.col_off, window.row_off
    rows = np.asarray(objects, float).copy()
    rows[:, [0, 2]] = np.clip(rows[:, [0, 2]] - left, 0, window.width)
    rows[:, [1, 3]] = np.clip(rows[:, [1, 3]] - top, 0, window.height)
    return boxes_of(rows[(rows[:, 2] > rows[:, 0]) & (rows[:, 3] > rows[:, 1])])


def found(
    objects: np.ndarray, tiling: Tiling, area: Window | None = None, shuffle: int | None = None, see=seen
) -> Boxes:
    tiles = [tile for batch in Lattice.over(tiling, (HEIGHT, WIDTH), area).batches(1) for tile in batch]
    if shuffle is not None:
        np.random.default_rng(shuffle).shuffle(tiles)
    detections = Detections((HEIGHT, WIDTH), tiling.halo, 0.45, area)
    for tile in tiles:
        detections.add(see(objects, tile.window), tile.window)
    return detections.found()


def rows_of(boxes: Boxes) -> np.ndarray:
    rows = np.column_stack([boxes.bounds, boxes.label, boxes.score]).round(6)
    return rows[np.lexsort(rows.T)]


def without_repeats(objects: np.ndarray) -> np.ndarray:
    """Leave out objects of one class that overlap so far that any detector's suppression would take them for one."""
    kept: list[np.ndarray] = []
    for row in objects:
        box = shapely.box(*row[:4])
        others = [shapely.box(*other[:4]) for other in kept if other[4] == row[4]]
        if all(box.intersection(o).area < 0.4 * box.union(o).area for o in others):
            kept.append(row)
    return np.array(kept).reshape(-1, 6)


@st.composite
def scenes(draw: st.DrawFn, largest: int) -> np.ndarray:
    number = st.integers(0, 10_000)
    rows = []
    for index in range(draw(st.integers(0, 25))):
        width, height = draw(st.integers(2, largest)), draw(st.integers(2, largest))
        x, y = draw(number) % (WIDTH - width), draw(number) % (HEIGHT - height)
        rows.append([x, y, x + width, y + height, draw(st.integers(0, 1)), 0.3 + 0.02 * index])
    return without_repeats(np.array(rows).reshape(-1, 6))


@settings(max_examples=150)
@given(objects=scenes(largest=20), step=st.integers(24, 90), halo=st.integers(12, 20), shuffle=st.integers(0, 99))
def test_objects_smaller_than_the_overlap_are_found_once_whatever_the_tiles(objects, step, halo, shuffle):
    np.testing.assert_allclose(rows_of(found(objects, Tiling(step, halo), shuffle=shuffle)),
                               rows_of(boxes_of(objects)))


@settings(max_examples=60)
@given(objects=scenes(largest=60), step=st.integers(24, 70), shuffle=st.integers(0, 99))
def test_larger_objects_that_stand_apart_are_put_together_from_their_pieces(objects, step, shuffle):
    apart: list[np.ndarray] = []
    for row in objects:
        if all(shapely.box(*row[:4]).distance(shapely.box(*other[:4])) > 2 for other in apart):
            apart.append(row)
    objects = np.array(apart).reshape(-1, 6)
    np.testing.assert_allclose(rows_of(found(objects, Tiling(step, 8), shuffle=shuffle)), rows_of(boxes_of(objects)))


@settings(max_examples=60)
@given(objects=scenes(largest=16), left=st.integers(0, 100), top=st.integers(0, 90), width=st.integers(10, 70))
def test_an_object_belongs_to_the_area_that_holds_its_middle(objects, left, top, width):
    area = Window(left, top, width, 60)
    middle = (objects[:, :2] + objects[:, 2:4]) / 2
    inside = (middle >= [left, top]).all(axis=1) & (middle < [left + width, top + 60]).all(axis=1)
    np.testing.assert_allclose(rows_of(found(objects, Tiling(40, 10), area)), rows_of(boxes_of(objects[inside])))


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), step=st.integers(30, 90))
def test_two_tiles_that_differ_a_little_about_an_object_neither_lose_nor_double_it(seed, step):
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(15, WIDTH - 15, 30), np.arange(15, HEIGHT - 15, 30))
    middle = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-4, 4, (x.size, 2))
    half = rng.uniform(5, 9, (x.size, 2))
    objects = np.column_stack([middle - half, middle + half, np.zeros(x.size), np.full(x.size, 0.8)])

    def unsure(objects: np.ndarray, window: Window) -> Boxes:
        exact = seen(objects, window)
        again = [exact.take(rng.permutation(len(exact))) for _ in range(3)]
        rows = np.concatenate([np.column_stack([b.bounds, b.label, rng.uniform(0.5, 0.9, len(b))]) for b in again])
        rows[:, :4] += rng.uniform(-1, 1, (len(rows), 4))
        return boxes_of(rows)

    result = found(objects, Tiling(step, 16), see=unsure)
    assert len(result) == len(objects)
    distance = np.linalg.norm(result.middle[:, None] - middle[None], axis=2)
    assert (distance.min(axis=1) < 2).all()
    assert len(set(distance.argmin(axis=1))) == len(objects)


def reported(*tiles: list[list[float]]) -> list[list[float]]:
    """What is left of boxes (grid's pixels) that two neighbouring tiles report: 64 pixels and a halo of 8."""
    detections, tiling = Detections((64, 128), 8, 0.45), Tiling(64, 8)
    for column, rows in enumerate(tiles):
        window = tiling.tile(0, column).window
        shift = np.array([window.col_off, window.row_off] * 2 + [0, 0])
        detections.add(boxes_of(np.array(rows, float).reshape(-1, 6) - shift), window)
    return rows_of(detections.found()).tolist()


def test_a_piece_loses_against_the_whole_even_if_it_scores_higher():
    assert reported([[62, 20, 72, 30, 0, 0.99]], [[62, 20, 76, 30, 0, 0.5]]) == [[62, 20, 76, 30, 0, 0.5]]


def test_a_piece_that_only_roughly_fits_is_still_one_of_the_whole():
    assert reported([[59, 20, 72, 24, 0, 0.99]], [[58.5, 20, 73.5, 30, 0, 0.5]]) == [[58.5, 20, 73.5, 30, 0, 0.5]]


def test_a_piece_of_another_class_is_another_object():
    assert len(reported([[59, 20, 72, 30, 1, 0.99]], [[58.5, 20, 73.5, 30, 0, 0.5]])) == 2


def test_the_tile_whose_core_holds_the_middle_has_the_last_word():
    assert reported([[60, 20, 70, 30, 0, 0.9]], [[61, 20, 70, 31, 0, 0.5]]) == [[61, 20, 70, 31, 0, 0.5]]
    assert reported([], [[60, 20, 67, 30, 0, 0.9], [60, 20, 69, 30, 0, 0.5]]) == [[60, 20, 69, 30, 0, 0.5]]


def test_a_middle_that_each_tile_puts_into_the_others_core_is_not_lost():
    assert len(reported([[60, 20, 69, 30, 0, 0.9]], [[59, 20, 68, 30, 0, 0.5]])) == 1


def test_an_object_that_ends_just_at_a_tiles_edge_is_not_counted_twice():
    assert reported([[57, 20, 71, 30, 0, 0.9]], [[57, 20, 71, 30, 0, 0.9]]) == [[57, 20, 71, 30, 0, 0.9]]
    assert reported([[56.5, 20, 70.8, 30, 0, 0.9]], [[57, 20, 71.5, 30, 0, 0.8]]) == [[56.5, 20, 70.8, 30, 0, 0.9]]


def test_a_long_turned_object_is_put_together_along_its_axis():
    detections = Detections((64, 128), 8, 0.45)
    tiling, angle = Tiling(64, 8), np.full(1, np.arctan(0.5))
    middle, size = np.array([[64.0, 32.0]]), np.array([[60.0, 6.0]])
    axis = np.array([np.cos(angle[0]), np.sin(angle[0])])
    for column, (start, stop) in enumerate([(-30.0, 9.0), (-9.0, 30.0)]):
        window = tiling.tile(0, column).window
        there = middle + axis * (start + stop) / 2 - [window.col_off, window.row_off]
        detections.add(Boxes(there, np.array([[stop - start, 6.0]]), angle, np.ones(1), np.zeros(1, int)), window)
    result = detections.found()
    np.testing.assert_allclose(result.middle, middle, atol=1e-6)
    np.testing.assert_allclose(result.size, size, atol=1e-6)
    np.testing.assert_allclose(result.angle, angle)


def test_a_mask_across_a_join_is_one_outline():
    detections, tiling = Detections((64, 128), 8, 0.45), Tiling(64, 8)
    for column in (0, 1):
        window = tiling.tile(0, column).window
        boxes = seen(np.array([[30, 20, 100, 40, 0, 0.9]]), window)
        masks = Masks(np.ones((1, 1)), np.ones((1, 20, 20)), 80)
        detections.add(Boxes(boxes.middle, boxes.size, boxes.angle, boxes.score, boxes.label, masks), window)
    (outline,) = detections.found().outlines
    assert outline.equals(shapely.box(30, 20, 100, 40))


def test_nothing_found_is_nothing():
    detections = Detections((64, 64), 8, 0.45)
    detections.add(no_boxes(), Window(-8, -8, 80, 80))
    assert len(detections.found()) == 0


@pytest.fixture
def mercator() -> Grid:
    """A grid whose units are half a metre on the ground."""
    return Grid(rasterio.crs.CRS.from_epsg(3857).to_wkt(), Affine(2, 0, 1000, 0, -2, 9_000_000), 100, 80, 0.5)


def test_objects_are_polygons_on_the_ground_with_what_is_known_of_them(tmp_path, mercator):
    boxes = boxes_of([[10, 20, 14, 26, 0, 0.75], [50, 60, 60, 64, 1, 0.5], [1, 1, 2, 2, 7, 0.4]],
                     np.array([0.0, np.pi / 2, 0.0]))
    path = tmp_path / "Öltanks.gpkg"
    write_detections(path, mercator, boxes, CLASSES, {"device": "CPU", "seed": {"of": 1}})
    table = geopandas.read_file(path)
    assert table.crs.to_epsg() == 3857
    assert table["class"].tolist() == ["tank", "Schiff, groß", "class 7"]
    assert table["code"].tolist() == [1, 2, 7]
    assert table["probability"].tolist() == [0.75, 0.5, 0.4]
    np.testing.assert_allclose(table[["width_m", "height_m", "angle"]], [[4, 6, 0], [10, 4, 90], [1, 1, 0]])
    np.testing.assert_allclose(table.geometry.iloc[0].bounds, (1020, 8_999_948, 1028, 8_999_960))
    np.testing.assert_allclose(table.geometry.iloc[1].bounds, (1106, 8_999_866, 1114, 8_999_886))
    metadata = pyogrio.read_info(path, layer="detections")["layer_metadata"]
    assert metadata["device"] == "CPU"
    assert json.loads(metadata["seed"]) == {"of": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["Öltanks.gpkg"]


def test_outlines_are_what_is_written_where_there_are_any(tmp_path, mercator):
    triangle = shapely.Polygon([(10, 20), (14, 20), (14, 26)])
    boxes = boxes_of([[10, 20, 14, 26, 0, 0.75]])
    outlined = Boxes(boxes.middle, boxes.size, boxes.angle, boxes.score, boxes.label, None, np.array([triangle]))
    write_detections(tmp_path / "o.gpkg", mercator, outlined, CLASSES, {})
    table = geopandas.read_file(tmp_path / "o.gpkg")
    assert table.area.tolist() == [48.0]
    assert table["height_m"].tolist() == [6.0]


def test_a_run_that_found_nothing_writes_an_empty_table(tmp_path, mercator):
    write_detections(tmp_path / "o.gpkg", mercator, no_boxes(), CLASSES, {})
    info = pyogrio.read_info(tmp_path / "o.gpkg")
    assert (info["features"], info["geometry_type"]) == (0, "Polygon")
    assert list(info["fields"]) == ["class", "code", "probability", "width_m", "height_m", "angle"]


def test_an_older_file_is_replaced_only_by_a_whole_one(tmp_path, mercator):
    path = tmp_path / "o.gpkg"
    write_detections(path, mercator, boxes_of([[1, 1, 2, 2, 0, 0.4]]), CLASSES, {})
    write_detections(path, mercator, no_boxes(), CLASSES, {})
    assert pyogrio.read_info(path)["features"] == 0
    with pytest.raises(InputError, match=r"The output .*gone.* cannot be written"):
        write_detections(tmp_path / "gone" / "o.gpkg", mercator, no_boxes(), CLASSES, {})
