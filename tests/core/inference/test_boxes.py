"""Raw detector outputs become boxes, whatever format they come in, and repeated boxes go."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geoloop.core.errors import InputError
from geoloop.core.inference.boxes import FORMATS, Boxes, decode, suppress

SIDE = 64
# x, y, width, height, class, score, and for turned boxes the angle
OBJECTS = np.array([[10, 12, 8, 6, 0, 0.9, 0.3], [40, 30, 20, 10, 2, 0.6, 1.2], [50, 50, 4, 4, 1, 0.2, 0.0]])


def raw(detector: str, objects: np.ndarray = OBJECTS, classes: int = 3, dtype: type = np.float32) -> list[np.ndarray]:
    """Write objects as a detector of the format would, a batch of one."""
    scores = np.full((len(objects), classes), 0.01)
    scores[np.arange(len(objects)), objects[:, 4].astype(int)] = objects[:, 5]
    columns = [objects[:, :4], scores]
    if detector == "YOLO_v5_or_v7_default":
        columns = [objects[:, :4], objects[:, 5:6], np.where(scores > 0.01, 0.8, 0.1)]
    if detector == "YOLO_v6":
        columns = [objects[:, :4], np.ones((len(objects), 1)), scores]
    if detector == "YOLO_Ultralytics_obb":
        columns.append(objects[:, 6:7])
    if detector == "YOLO_Ultralytics_segmentation":
        columns.append(np.eye(len(objects), 4))
    rows = np.concatenate(columns, axis=1)[None].astype(dtype)
    outputs = [rows.transpose(0, 2, 1) if FORMATS[detector].values_first else rows]
    if detector == "YOLO_Ultralytics_segmentation":
        outputs.append(prototypes().astype(dtype))
    return outputs


def prototypes() -> np.ndarray:
    """Four prototypes at half the tile's resolution: half planes, a disc about the second object, and nothing."""
    y, x = (np.mgrid[:32, :32] + 0.5) * 2
    return np.stack([12 - x, 8 - np.hypot(x - 40, y - 30), x - 100, y * 0])[None] * 3


@pytest.mark.parametrize("detector", FORMATS)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_every_format_gives_the_boxes_that_are_sure_enough(detector, dtype):
    (boxes,) = decode(raw(detector, dtype=dtype), detector, 0.5, 3, SIDE)
    assert len(boxes) == 2
    np.testing.assert_allclose(boxes.middle, OBJECTS[:2, :2])
    np.testing.assert_allclose(boxes.size, OBJECTS[:2, 2:4])
    np.testing.assert_array_equal(boxes.label, [0, 2])
    np.testing.assert_allclose(boxes.score, [0.9, 0.6], atol=1e-3)
    np.testing.assert_allclose(boxes.angle, OBJECTS[:2, 6] if detector.endswith("obb") else 0.0, atol=1e-3)


@pytest.mark.parametrize("detector", FORMATS)
def test_the_classes_may_be_left_to_the_output(detector):
    (boxes,) = decode(raw(detector), detector, 0.5, None, SIDE)
    np.testing.assert_array_equal(boxes.label, [0, 2])


def test_each_tile_of_a_batch_has_boxes_of_its_own():
    both = [np.concatenate([raw("YOLO_v9")[0], raw("YOLO_v9", OBJECTS[[1, 1, 2]])[0]])]
    first, second = decode(both, "YOLO_v9", 0.1, 3, SIDE)
    assert [len(first), len(second)] == [3, 3]
    np.testing.assert_array_equal(second.label, [2, 2, 1])


def test_v5_is_judged_by_objectness_and_v6_by_the_class():
    objects = OBJECTS.copy()
    objects[0, 5] = 0.55
    (boxes,) = decode(raw("YOLO_v5_or_v7_default", objects), "YOLO_v5_or_v7_default", 0.5, 3, SIDE)
    np.testing.assert_allclose(boxes.score, [0.55, 0.6], atol=1e-6)
    outputs = raw("YOLO_v6", objects)
    outputs[0][..., 4] = 0.0
    assert len(decode(outputs, "YOLO_v6", 0.5, 3, SIDE)[0]) == 2


@pytest.mark.parametrize("detector", FORMATS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_rows_that_are_no_numbers_are_dropped(detector, value):
    outputs = raw(detector)
    values = outputs[0].transpose(0, 2, 1) if FORMATS[detector].values_first else outputs[0]
    values[0, 0, 2] = value
    (boxes,) = decode(outputs, detector, 0.5, 3, SIDE)
    np.testing.assert_array_equal(boxes.label, [2])


@pytest.mark.parametrize("detector", FORMATS)
def test_boxes_without_area_are_dropped(detector):
    objects = OBJECTS.copy()
    objects[0, 2], objects[1, 3] = 0.0, -3.0
    assert len(decode(raw(detector, objects), detector, 0.1, 3, SIDE)[0]) == 1


@pytest.mark.parametrize("detector", FORMATS)
def test_nothing_found_is_no_error(detector):
    assert len(decode(raw(detector), detector, 0.99, 3, SIDE)[0]) == 0
    empty = decode(raw(detector, OBJECTS[:0]), detector, 0.1, 3, SIDE)[0]
    assert len(empty) == 0
    assert len(suppress(empty, 0.5)) == 0
    assert len(empty.moved(3, 4)) == 0


@pytest.mark.parametrize("detector", FORMATS)
def test_an_output_of_another_number_of_classes_is_refused(detector):
    with pytest.raises(InputError, match=r"the card lists 2 classes, but boxes in the format .* come as \(batch, "):
        decode(raw(detector), detector, 0.5, 2, SIDE)


@pytest.mark.parametrize(("detector", "outputs"), [
    ("YOLO_v9", []), ("YOLO_v9", [np.zeros((1, 3, 64, 64))]), ("YOLO_v9", [np.zeros((1, 4, 100))]),
    ("YOLO_v9", [np.zeros((1, 25200, 84))]), ("YOLO_Ultralytics_segmentation", [np.zeros((1, 20, 100))]),
    ("YOLO_Ultralytics_segmentation", [np.zeros((1, 20, 100)), np.zeros((1, 32, 16, 16))]),
    ("YOLO_v5_or_v7_default", [np.zeros((1, 85, 25200))]),
], ids=str)
def test_a_shape_that_does_not_fit_is_one_sentence(detector, outputs):
    with pytest.raises(InputError, match=r"^The model returns .*; correct the format \(det_type\) or the classes"):
        decode(outputs, detector, 0.5, None, SIDE)


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"“DETR”.*YOLO_Ultralytics_obb"):
        decode(raw("YOLO_v9"), "DETR", 0.5, 3, SIDE)


def test_a_turned_box_turns_from_the_x_axis_to_the_y_axis():
    box = Boxes(np.array([[10.0, 20.0]]), np.array([[8.0, 2.0]]), np.array([np.pi / 2]), np.ones(1), np.zeros(1, int))
    np.testing.assert_allclose(box.corners[0], [[11, 16], [11, 24], [9, 24], [9, 16]], atol=1e-9)
    np.testing.assert_allclose(box.bounds, [[9, 16, 11, 24]])
    quarter = Boxes(box.middle, box.size, np.array([np.pi / 4]), box.score, box.label)
    assert quarter.corners[0, 1, 1] > 20  # what was right is now further down: clockwise


def test_masks_become_outlines_within_their_boxes():
    (boxes,) = decode(raw("YOLO_Ultralytics_segmentation"), "YOLO_Ultralytics_segmentation", 0.1, 3, SIDE)
    halved, disc, nothing = boxes.moved(100, 200).outlines
    assert halved.bounds == pytest.approx((106, 209, 112, 215))  # the half plane x < 12 cuts the first box
    true = shapely.Point(140, 230).buffer(8).intersection(shapely.box(130, 225, 150, 235))
    assert disc.intersection(true).area / disc.union(true).area > 0.95
    assert nothing.equals(shapely.box(148, 248, 152, 252))  # a mask that shows nothing: the box stands for it


@pytest.mark.filterwarnings("error")
@settings(max_examples=50)
@given(detector=st.sampled_from(sorted(FORMATS)), data=st.data())
def test_whatever_a_network_returns_the_boxes_are_sound(detector, data):
    numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)
    extra = 1 + (FORMATS[detector].before or FORMATS[detector].after) + 4 * FORMATS[detector].masks
    shape = (1, 4 + extra, 5) if FORMATS[detector].values_first else (1, 5, 4 + extra)
    outputs = [data.draw(arrays(np.float32, shape, elements=numbers))]
    if FORMATS[detector].masks:
        outputs.append(data.draw(arrays(np.float32, (1, 4, 3, 3), elements=st.floats(-9, 9, width=32))))
    (boxes,) = decode(outputs, detector, 0.25, 1, SIDE)
    left = boxes.take(suppress(boxes, 0.5)).moved(7, 9)
    assert np.isfinite(left.bounds).all()
    assert (left.size > 0).all()
    assert ((left.score >= 0.25) & (left.score <= 1)).all()
    assert left.outlines is None or all(outline.area > 0 for outline in left.outlines)


def many(count: int, side: float, seed: int = 0, turned: bool = False) -> Boxes:
    rng = np.random.default_rng(seed)
    return Boxes(rng.uniform(0, side, (count, 2)), rng.uniform(5, 30, (count, 2)),
                 rng.uniform(0, np.pi, count) if turned else np.zeros(count), rng.uniform(0, 1, count),
                 rng.integers(0, 3, count))


def naive(boxes: Boxes, iou: float) -> set[int]:
    """The definition, one pair after the other."""
    polygons, kept = boxes.polygons, []
    for index in np.argsort(-boxes.score):
        rivals = [k for k in kept if boxes.label[k] == boxes.label[index]]
        if all(polygons[k].intersection(polygons[index]).area / polygons[k].union(polygons[index]).area < iou
               for k in rivals):
            kept.append(int(index))
    return set(kept)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), turned=st.booleans(), iou=st.sampled_from([0.2, 0.45, 0.7]))
def test_suppression_is_what_its_definition_says(seed, turned, iou):
    boxes = many(80, 60.0, seed, turned)
    assert set(suppress(boxes, iou)) == naive(boxes, iou)


def test_suppression_across_chunks_is_what_its_definition_says(monkeypatch):
    monkeypatch.setattr("geoloop.core.inference.boxes.CHUNK", 16)
    boxes = many(300, 80.0)
    assert set(suppress(boxes, 0.4)) == naive(boxes, 0.4)


def test_suppression_does_not_depend_on_the_order_of_equal_boxes():
    boxes = many(200, 60.0)
    boxes = Boxes(boxes.middle, boxes.size, boxes.angle, np.full(200, 0.5), boxes.label)
    shuffled = np.random.default_rng(1).permutation(200)
    first, second = boxes.take(suppress(boxes, 0.3)), boxes.take(shuffled)
    second = second.take(suppress(second, 0.3))
    np.testing.assert_array_equal(first.middle, second.middle)


def test_a_long_turned_box_does_not_hide_one_beside_it():
    diagonal = Boxes(np.array([[50.0, 50.0], [60.0, 40.0]]), np.array([[80.0, 4.0]] * 2), np.full(2, np.pi / 4),
                     np.array([0.9, 0.8]), np.zeros(2, int))
    assert len(suppress(diagonal, 0.1)) == 2  # their bounds share two thirds, they themselves nothing


@pytest.mark.parametrize("side", [20_000.0, 200.0, 1.0])
def test_a_hundred_thousand_boxes_take_seconds(side):
    boxes = many(100_000, side)
    began = time.monotonic()
    left = suppress(boxes, 0.45)
    assert time.monotonic() - began < 30
    assert 0 < len(left) < 100_000
