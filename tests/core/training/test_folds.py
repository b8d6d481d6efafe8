"""No place is judged by a network that has seen its label."""

import numpy as np
import pytest
import shapely
from rasterio.windows import Window

from geoloop.core.errors import InputError
from geoloop.core.sources.statements import Statements
from geoloop.core.training.folds import Blocks, deal
from geoloop.core.training.targets import EDGE_WEIGHT, Targets


def statements(shapes: list[shapely.Geometry], label: list[int], classes: int = 2, background: int | None = None):
    quiet = None if background is None else np.eye(classes, dtype=np.float32)[background]
    mix = np.eye(classes, dtype=np.float32)[label]
    return Statements(None, mix, np.array(shapes, dtype=object), quiet)  # type: ignore[arg-type]


def test_every_class_is_in_every_fold_where_it_can_be() -> None:
    rng = np.random.default_rng(0)
    xy, label = rng.uniform(0, 1000, (400, 2)), rng.integers(0, 5, 400)
    blocks = deal((1000, 1000), xy, label, tuple("abcde"), seed=1, block_px=160)
    fold = blocks.of(xy)
    assert blocks.count == 4
    for c in range(5):
        shares = np.bincount(fold[label == c], minlength=4) / (label == c).sum()
        assert shares.min() > 0.1


def test_folds_do_not_depend_on_anything_but_the_seed() -> None:
    xy, label = np.random.default_rng(0).uniform(0, 500, (50, 2)), np.zeros(50, int)
    first, second = (deal((500, 500), xy, label, ("a",), seed=3, block_px=100) for _ in range(2))
    assert (first.fold == second.fold).all()


def test_a_class_that_lies_in_one_block_alone_is_named() -> None:
    xy = np.array([[10.0, 10], [12, 12], [400, 10], [10, 400], [400, 400]])
    with pytest.raises(InputError, match=r"rare \(2\)"):
        deal((500, 500), xy, np.array([1, 1, 0, 0, 0]), ("common", "rare"), seed=0, block_px=160)


def test_no_labels_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="no class at all"):
        deal((500, 500), np.zeros((0, 2)), np.zeros(0, int), ("a",), seed=0, block_px=160)


def test_a_feature_across_a_block_border_belongs_whole_to_one_fold() -> None:
    blocks = Blocks(40, 40, np.array([[0, 1], [2, 3]], np.uint8))
    targets = Targets([statements([shapely.box(14, 4, 24, 12)], [1])], blocks)
    target = targets.read(Window(0, 0, 40, 40))
    labelled = target.mix.sum(axis=0) > 0
    assert set(target.fold[labelled]) == {0}
    assert target.fold[4, 30] == 1


def test_silence_is_unknown_without_a_background_and_a_class_with_one() -> None:
    blocks = Blocks(20, 20, np.array([[0, 1], [2, 3]], np.uint8))
    window, shape = Window(0, 0, 20, 20), shapely.box(2, 2, 6, 6)
    open_, closed = (Targets([statements([shape], [1], background=b)], blocks).read(window) for b in (None, 0))
    assert open_.mix[:, 15, 15].sum() == 0
    assert closed.mix[0, 15, 15] == 1
    assert open_.mix[1, 4, 4] == closed.mix[1, 4, 4] == 1


def test_every_class_and_feature_counts_alike_however_large() -> None:
    blocks = Blocks(60, 60, np.array([[0, 1], [2, 3]], np.uint8))
    shapes = [shapely.box(0, 0, 30, 30), shapely.box(40, 0, 46, 6), shapely.box(40, 40, 44, 44)]
    target = Targets([statements(shapes, [0, 0, 1])], blocks).read(Window(0, 0, 60, 60))
    inner = [target.weight[15, 15], target.weight[3, 43], target.weight[42, 42]]
    areas = np.array([900.0, 36, 16])
    total = np.array(inner) * areas
    assert total[0] == pytest.approx(total[1], rel=0.01)
    assert total[2] == pytest.approx(2 * total[0], rel=0.01)
    assert target.weight[0, 40] < inner[1] * (EDGE_WEIGHT + 0.01)


def test_a_later_layer_speaks_over_an_earlier_one() -> None:
    blocks = Blocks(20, 20, np.array([[0, 1], [2, 3]], np.uint8))
    maps, field = statements([shapely.box(0, 0, 20, 20)], [0]), statements([shapely.box(5, 5, 8, 8)], [1])
    target = Targets([maps, field], blocks).read(Window(0, 0, 20, 20))
    assert target.mix[1, 6, 6] == 1
    assert target.mix[0, 15, 15] == 1


def test_a_window_beyond_the_grid_reads_on() -> None:
    blocks = Blocks(20, 20, np.array([[0, 1], [2, 3]], np.uint8))
    target = Targets([statements([shapely.box(0, 0, 20, 20)], [0])], blocks).read(Window(-5, -5, 30, 30))
    assert target.fold.shape == (30, 30)
    assert target.mix[:, 2, 2].sum() == 0
