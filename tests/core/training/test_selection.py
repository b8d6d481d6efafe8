"""Labels that neither view bears out count less; those that a reviewer looked at count in full."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from geoloop.core.sources.bands import Band
from geoloop.core.training.selection import FEWEST, UNTOLD, Selection, selection_of, views_of


class Threshold(nn.Module):
    """Class 1 where the sum of the bands is above 0."""

    def forward(self, x: Tensor) -> Tensor:
        score = 4 * x.sum(dim=1)
        return torch.stack([-score, score], dim=1)


def noisy(share: float) -> tuple[Tensor, Tensor, Tensor]:
    """Two bands that both show the class, its labels, and which of them are wrong."""
    torch.manual_seed(0)
    label = torch.rand(2, 32, 32) > 0.5
    x = torch.where(label, 1.0, -1.0)[:, None].repeat(1, 2, 1, 1)
    wrong = torch.rand(2, 32, 32) < share
    mix = torch.nn.functional.one_hot((label ^ wrong).long(), 2).permute(0, 3, 1, 2).float()
    return x, mix, wrong


def test_wrong_labels_come_to_count_hardly_at_all() -> None:
    x, mix, wrong = noisy(0.1)
    weight = Selection(((0,), (1,)), 2).weights(Threshold(), x, mix, torch.zeros_like(wrong), 1.0)
    assert weight[wrong].max() < 0.1
    assert weight[~wrong].min() > 0.9


def test_at_first_all_labels_count() -> None:
    x, mix, wrong = noisy(0.1)
    weight = Selection(((0,), (1,)), 2).weights(Threshold(), x, mix, torch.zeros_like(wrong), 0.0)
    assert weight[~wrong].min() > 0.9
    early = Selection(((0,), (1,)), 2).weights(Threshold(), x, mix, torch.zeros_like(wrong), 0.05)
    assert early.mean() > 1 - UNTOLD


@pytest.mark.parametrize("wrong", [0.02, 0.1, 0.3])
def test_no_more_labels_are_doubted_than_are_believed_to_be_wrong(wrong: float) -> None:
    x, mix, _ = noisy(0.0)
    x = x * torch.rand(x.shape)  # some places show their class less well than others
    weight = Selection(((0,), (1,)), 2, wrong=wrong).weights(Threshold(), x, mix, torch.zeros(2, 32, 32).bool(), 1.0)
    assert 0 < (weight < 1).float().mean() <= 2 * wrong + 0.01, "each view doubts its own"
    untold = Selection(((0,), (1,)), 2).weights(Threshold(), x, mix, torch.zeros(2, 32, 32).bool(), 1.0)
    assert untold.mean() < weight.mean()


def test_views_are_shown_alone_as_often_as_labels_are_believed_to_be_wrong() -> None:
    x, draw = torch.ones(1000, 2, 1, 1), torch.linspace(0, 0.999, 1000).tolist()
    shown = Selection(((0,), (1,)), 2, wrong=0.06).mixed(x, draw)[:, :, 0, 0]
    assert [int((shown[:, band] == 0).sum()) for band in (0, 1)] == pytest.approx([30, 30], abs=1)


def test_what_was_reviewed_is_no_part_of_the_share() -> None:
    x, mix, wrong = noisy(0.1)
    weight = Selection(((0,), (1,)), 2, wrong=0.1).weights(Threshold(), x, mix, ~wrong, 1.0)
    assert (weight[~wrong] == 1).all()
    assert (weight[wrong] < 1).float().mean() < 0.25, "of ten wrong ones that are left one is believed to be wrong"


def test_a_reviewed_label_counts_whatever_the_imagery_says() -> None:
    x, mix, wrong = noisy(0.1)
    assert (Selection(((0,), (1,)), 2).weights(Threshold(), x, mix, wrong, 1.0)[wrong] == 1).all()


def test_a_view_shows_its_own_bands_and_their_surroundings_alone() -> None:
    x = torch.ones(1, 6, 2, 2)  # three bands and a mean of each
    shown = Selection(((0, 2), (1,)), 3).through(x, 0)
    assert shown[0, :, 0, 0].tolist() == [1, 0, 1, 1, 0, 1]
    mixed = Selection(((0, 2), (1,)), 3).mixed(x.repeat(3, 1, 1, 1), [0.0, 0.3, 0.9])
    assert mixed[:, :3, 0, 0].tolist() == [[1, 0, 1], [0, 1, 0], [1, 1, 1]]


def test_few_wrong_labels_are_not_worth_a_choice() -> None:
    bands = [Band(name, None, "") for name in "xy"]
    assert selection_of(bands, FEWEST - 0.01) is None
    assert selection_of(bands[:1]) is None, "one band is no two views"
    assert selection_of(bands, FEWEST, 7.0) == Selection(((0,), (1,)), 2, 7.0, FEWEST)
    assert selection_of(bands) == Selection(((0,), (1,)), 2, 0.0, UNTOLD)


@pytest.mark.parametrize(("bands", "views"), [
    ([Band("a", 0.6, "", "2020"), Band("b", 0.8, "", "2020"), Band("c", 0.6, "", "2021"), Band("d", 0.8, "", "2021")],
     ((0, 1), (2, 3))),
    ([Band("red", 0.66, ""), Band("nir", 0.84, ""), Band("vv", None, ""), Band("vh", None, "")], ((0, 1), (2, 3))),
    ([Band("green", 0.56, ""), Band("swir", 1.6, ""), Band("red", 0.66, ""), Band("nir", 0.84, "")], ((0, 2), (1, 3))),
    ([Band("red", 0.66, ""), Band("green", 0.56, ""), Band("blue", 0.49, "")], ((2,), (0, 1))),
    ([Band("x", None, ""), Band("y", None, "")], ((0,), (1,))),
    ([Band("pan", 0.65, "")], None),
])
def test_bands_are_cut_by_date_sensor_or_light(bands: list[Band], views: object) -> None:
    assert views_of(bands) == views
