"""Features are laid upon what the imagery says: those that are off find where they belong, the others stay."""

import numpy as np
import pytest
import torch
from fusion_scenes import TINY, ground
from shapely import LineString, affinity, box

from geoloop.core.models.alignment import Align, Alignment, painted_at
from geoloop.core.models.fusion_batch import Batch, collate
from geoloop.core.models.looks import Looks
from geoloop.core.tokens.tile import cut

SIDE = 64


def batch(shapes: list) -> Batch:
    return collate([cut(ground(shapes, side=SIDE), (0, 0), SIDE, TINY.strides)])


def laid(shown: torch.Tensor, asked: Batch) -> Alignment:
    """Houses (class 1) laid upon what the imagery says."""
    return Align()(shown, torch.tensor([[0.0, 1.0]] * asked.features), Looks.of(asked), asked.painted)


def said_by_imagery(rows: slice, columns: slice) -> torch.Tensor:
    """Scores of a ground that is sure of one house (class 1)."""
    scores = torch.zeros(1, 2, SIDE, SIDE)
    scores[:, 0] = 4.0
    scores[:, :, rows, columns] = torch.tensor([0.0, 4.0])[:, None, None]
    return scores


@pytest.mark.parametrize(("right", "down"), [(0, 0), (4, 0), (-3, 5), (0, -8)])
def test_a_house_that_is_off_finds_its_place(right: int, down: int) -> None:
    house = box(24, 26, 40, 38)
    asked = batch([affinity.translate(house, right, down)])
    found = laid(said_by_imagery(slice(26, 38), slice(24, 40)), asked)
    assert torch.allclose(found.offset_px, torch.tensor([[-right, -down]]).float(), atol=1.6)


def test_where_nothing_is_to_be_seen_a_feature_stays() -> None:
    asked = batch([box(24, 26, 40, 38), LineString([(5, 5), (30, 9)])])
    found = Align()(torch.zeros(1, 2, SIDE, SIDE), torch.full((2, 2), 0.5), Looks.of(asked), asked.painted)
    assert found.offset_px.abs().max() < 1e-3
    assert torch.isfinite(found.told).all()


def test_where_another_feature_lies_there_is_no_room() -> None:
    shown = said_by_imagery(slice(20, 32), slice(16, 44))  # two houses, wall to wall, which imagery cannot tell apart
    drawn, other = box(25, 20, 39, 32), box(16, 20, 30, 32)
    alone, beside = (batch([drawn, *more]) for more in ([], [other]))
    right = [laid(shown, one).offset_px[0, 0] for one in (alone, beside)]
    assert abs(right[0]) < 3
    assert right[1] > right[0] + 1


def test_what_lies_well_is_told_from_what_does_not() -> None:
    asked = batch([box(24, 26, 40, 38), box(4, 2, 20, 14)])
    told = laid(said_by_imagery(slice(26, 38), slice(24, 40)), asked).told
    assert (told[0, :3] > -0.3).all()
    assert told[1, 0] < -2


def test_features_are_painted_where_they_belong_and_the_later_lies_on_top() -> None:
    shapes = [box(10, 10, 20, 20), box(30, 10, 40, 20)]
    plain = batch(shapes)
    moved = painted_at(plain, torch.tensor([[0.0, 30.0], [-25.4, 0.2]]))[0].numpy()
    assert (moved[40:50, 10:20] == 0).all()
    assert (moved[10:20, 5:15] == 1).all()
    assert (moved >= 0).sum() == 200
    both = painted_at(plain, torch.tensor([[20.0, 0.0], [0.0, 0.0]]))[0].numpy()
    assert set(np.unique(both)) == {-1, 1}
    gone = painted_at(plain, torch.tensor([[90.0, 0.0], [0.0, -90.0]]))
    assert (gone < 0).all()


def test_ground_without_features_is_laid_upon_too() -> None:
    bare = batch([])
    found = Align()(torch.zeros(1, 2, SIDE, SIDE), torch.zeros(0, 2), Looks.of(bare), bare.painted)
    assert found.offset_px.shape == (0, 2)
    assert (painted_at(bare, found.offset_px) < 0).all()
