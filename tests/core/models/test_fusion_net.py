"""The fusion network listens to both sides, copes with either missing, and has none of its forerunner's faults."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from fusion_scenes import RGB, TINY, ground, houses
from shapely import LineString, MultiPolygon, Point, affinity, box

from geoloop.core.models.fusion_batch import Batch, collate
from geoloop.core.models.fusion_net import FusionNet, Said, large, small
from geoloop.core.sources.bands import Band
from geoloop.core.tokens.excerpt import Excerpt
from geoloop.core.tokens.tile import Questions, cut

PARTS = ("scores", "values", "feature", "exists", "shift", "tags", "measures")


@pytest.fixture(scope="module")
def network() -> FusionNet:
    """A network as loud in all its parts as one that has learnt: a new one begins by listening little."""
    torch.manual_seed(0)
    network = FusionNet(TINY)
    with torch.no_grad():
        for value in network.parameters():
            if value.dim() > 1:
                value.normal_(std=min(0.5, 1.5 / value[0].numel() ** 0.5))
    return network.eval()


def batch(*excerpts: Excerpt, side: int = 64, **more: object) -> Batch:
    return collate([cut(excerpt, (0, 0), side, TINY.strides, **more) for excerpt in excerpts])


@torch.inference_mode()
def said(network: FusionNet, batch: Batch) -> Said:
    return network(batch)


def differ(a: Said, b: Said, *parts: str) -> bool:
    return any(not torch.allclose(getattr(a, part), getattr(b, part), atol=1e-5) for part in parts)


def finite(found: Said) -> bool:
    return all(bool(torch.isfinite(getattr(found, part)).all()) for part in PARTS)


def test_what_features_are_to_each_other_changes_what_is_said(network: FusionNet) -> None:
    plain = batch(ground(houses()))
    order = torch.randperm(len(plain.relation), generator=torch.Generator().manual_seed(1))
    shuffled = replace(plain, relation=plain.relation[order], apart=plain.apart[order])
    named = replace(plain, relation=(plain.relation + 1) % 7)
    far = replace(plain, apart=plain.apart + 50)
    swapped = replace(plain, source=plain.source[torch.argsort(plain.target * 1000 - plain.source)])
    for other in (shuffled, named, far, swapped):
        assert differ(said(network, plain), said(network, other), "feature")


def test_the_class_of_a_feature_hears_the_pixels_in_it_hidden_or_not(network: FusionNet) -> None:
    excerpt = ground(houses())
    asked = batch(excerpt, questions=Questions.about(np.arange(3)))
    louder = deepcopy(network)
    with torch.no_grad():
        louder.eye.bias[1] += 3
    gained = said(louder, asked).feature - said(network, asked).feature
    assert torch.allclose(gained, torch.tensor([0.0, 3.0]).expand_as(gained), atol=0.3)
    assert int((~asked.visible).sum()) == 3


def test_half_a_batch_says_of_its_tiles_what_the_whole_does(network: FusionNet) -> None:
    bare = ground([])
    whole = batch(ground(houses(seed=1), [{"building": "yes"}] * len(houses())), bare, ground(houses(seed=2)))
    first, second = whole.halved()
    assert [len(half.x) for half in (first, second)] == [1, 2]
    assert first.halved() == (first,)
    a, b, c = (said(network, one) for one in (whole, first, second))
    for part in PARTS:
        assert torch.allclose(getattr(a, part), torch.cat([getattr(b, part), getattr(c, part)]), atol=1e-4), part


def test_where_a_feature_lies_to_a_patch_changes_what_the_patch_says(network: FusionNet) -> None:
    plain = batch(ground(houses()))
    turned = replace(plain, link_values={k: v.flip(-1) for k, v in plain.link_values.items()})
    assert differ(said(network, plain), said(network, turned), "scores")


def test_both_sides_hear_each_other(network: FusionNet) -> None:
    plain = batch(ground(houses(), [{"building": "yes"}] * len(houses())))
    dark = replace(plain, x=plain.x - 3)
    other = batch(ground(houses(), [{"building": "ruin"}] * len(houses())))
    assert differ(said(network, plain), said(network, dark), "feature", "exists")
    assert differ(said(network, plain), said(network, other), "scores")


def test_the_same_tile_says_the_same_to_the_last_digit(network: FusionNet) -> None:
    many = [box(x, y, x + 3, y + 3) for x in range(0, 60, 4) for y in range(0, 60, 4)]
    a, b = (said(network, batch(ground(many))) for _ in range(2))
    assert all(torch.equal(getattr(a, part), getattr(b, part)) for part in PARTS)
    assert len(a.feature) == len(many) == 225  # far beyond fifty: none is left out


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_tile_without_features_is_read_from_its_imagery_wherever_it_stands(network: FusionNet, where: int) -> None:
    tiles = [ground(houses()), ground(houses(seed=1), seed=1)]
    tiles.insert(where, ground([], seed=5))
    found = said(network, batch(*tiles))
    assert finite(found)
    alone = said(network, batch(ground([], seed=5)))
    assert finite(alone)
    assert torch.allclose(found.scores[where], alone.scores[0], atol=1e-4)


def test_tiles_of_a_batch_do_not_hear_each_other(network: FusionNet) -> None:
    a, b = ground(houses()), ground(houses(seed=3), seed=3)
    both, alone = said(network, batch(a, b)), said(network, batch(a))
    assert torch.allclose(both.scores[0], alone.scores[0], atol=1e-4)
    assert torch.allclose(both.feature[:len(houses())], alone.feature, atol=1e-4)


def test_features_without_imagery_and_imagery_hidden_in_part(network: FusionNet) -> None:
    plain = batch(ground(houses()))
    half, none = plain.veiled.clone(), torch.ones_like(plain.veiled)
    half[:, :, :32] = True
    for veil in (half, none):
        found = said(network, replace(plain, veiled=veil))
        assert finite(found)
        louder = said(network, replace(plain, veiled=veil, x=torch.where(veil[:, None], 99.0, plain.x)))
        assert torch.equal(found.scores, louder.scores)


def test_invalid_pixels_say_nothing(network: FusionNet) -> None:
    plain = batch(ground(houses()))
    valid = plain.valid.clone()
    valid[:, 20:40] = False
    a = said(network, replace(plain, valid=valid))
    b = said(network, replace(plain, valid=valid, x=torch.where(valid[:, None], plain.x, torch.tensor(7.0))))
    assert torch.equal(a.scores, b.scores)


def test_ready_to_be_asked_nothing_is_left_to_chance() -> None:
    torch.manual_seed(0)
    network = FusionNet(TINY).eval()
    assert not [m for m in network.modules() if m.training]
    plain = batch(ground(houses()))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    assert torch.equal(said(network, plain).scores, said(network, plain).scores)
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())


@pytest.mark.parametrize("mixed", [False, True])
def test_it_computes_in_full_and_in_mixed_precision(network: FusionNet, mixed: bool) -> None:
    with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
        assert finite(said(network, batch(ground(houses()))))
    double = FusionNet(TINY).double().eval()
    plain = batch(ground(houses()))
    as_double = {name: getattr(plain, name).double() for name in plain.__dataclass_fields__
                 if isinstance(getattr(plain, name), torch.Tensor) and getattr(plain, name).dtype == torch.float32}
    assert finite(said(double, replace(plain, **as_double, link_values={
        k: v.double() for k, v in plain.link_values.items()})))


def test_a_lone_feature_is_not_thinned_out_by_relations_that_it_lacks(network: FusionNet) -> None:
    near = [box(20, 20, 28, 28), box(30, 20, 38, 28)]
    a = said(network, batch(ground(near[:1])))
    assert finite(a)
    meet = network.rounds[0].meet
    x = torch.randn(3, TINY.dim)
    none = torch.zeros(0, dtype=torch.long)
    unheard = meet(x, none, none, torch.zeros(0, 12))
    assert not unheard.any()
    one = torch.tensor([0]), torch.tensor([1])
    twice = torch.tensor([0, 0]), torch.tensor([1, 1])
    known = torch.randn(1, 12)
    loud = meet(x, *twice, known.repeat(2, 1))[0]
    single = meet(x, *one, known)[0]
    assert torch.nn.functional.cosine_similarity(loud, single, dim=0) > 0.7
    assert 0.3 < (single.norm() / loud.norm()).item() <= 1


def test_shapes_of_every_kind_and_tags_never_seen_are_welcome(network: FusionNet) -> None:
    shapes = [MultiPolygon([box(2, 2, 8, 8), box(20, 2, 30, 8)]), LineString([(0, 40), (60, 44)]), Point(50, 10),
              box(5, 50, 20, 60).difference(box(8, 53, 15, 58)), Point(50, 10)]
    tags = [{"käse:form": "⛰ rund"}, {}, {"shop": "yes;no"}, {"x" * 300: "y" * 500}, {"height": "1e12"}]
    assert finite(said(network, batch(ground(shapes, tags))))


def test_shape_size_direction_and_holes_are_told_apart(network: FusionNet) -> None:
    base = box(20, 20, 36, 30)
    others = [affinity.scale(base, 1.5, 1.5), affinity.rotate(base, 40), base.difference(box(24, 23, 30, 27)),
              box(20, 20, 28, 40)]
    first = said(network, batch(ground([base]))).alone
    for other in others:
        assert not torch.allclose(first, said(network, batch(ground([other]))).alone, atol=1e-3)


def test_where_a_lone_feature_lies_is_no_part_of_what_it_is(network: FusionNet) -> None:
    a, b = (said(network, batch(ground([box(x, x, x + 9, x + 6)]))).alone for x in (8, 40))
    assert torch.allclose(a, b, atol=1e-4)


def test_a_question_is_seen_by_nobody(network: FusionNet) -> None:
    shapes = houses()
    row = 5
    excerpt = ground(shapes, [{"building": str(i)} for i in range(len(shapes))])
    hidden = batch(excerpt, questions=Questions.about(np.array([row])))
    gone = batch(excerpt, without=np.arange(len(shapes)) == row)
    asked, without = said(network, hidden), said(network, gone)
    assert torch.allclose(asked.scores, without.scores, atol=1e-4)
    assert torch.allclose(asked.feature[:-1], without.feature, atol=1e-4)


def test_what_is_said_of_a_question_does_not_come_from_its_own_words(network: FusionNet) -> None:
    shapes, about = houses(), Questions.about(np.array([5]))
    a, b = (said(network, batch(ground(shapes, [{"building": word if i == 5 else "yes"} for i in range(len(shapes))]),
                                questions=about)) for word in ("yes", "stable"))
    assert torch.allclose(a.tags[-1], b.tags[-1], atol=1e-6)
    assert torch.allclose(a.feature[-1], b.feature[-1], atol=1e-6)


def test_any_bands_in_any_order(network: FusionNet) -> None:
    names = ("red", "green", "blue")
    bands = (*RGB, Band("nir", 0.842, "s2", "2020-06-01"), Band("VV", None, "s1"), Band("elevation", None, "dem"))
    found = said(network, batch(ground(houses(), bands=bands)))
    assert finite(found)
    plain = batch(ground(houses()))
    order = [2, 0, 1]
    turned = replace(plain, x=plain.x[:, order], band=plain.band[order], name=plain.name[order])
    assert torch.allclose(said(network, plain).scores, said(network, turned).scores, atol=1e-4)
    wrong = replace(plain, x=plain.x[:, order])
    assert differ(said(network, plain), said(network, wrong), "scores")
    assert [band.name for band in RGB] == list(names)


def test_dates_of_bands_and_features_count(network: FusionNet) -> None:
    dated = tuple(replace(band, date="2024-02-03") for band in RGB)
    assert differ(said(network, batch(ground(houses()))), said(network, batch(ground(houses(), bands=dated))), "scores")
    plain = batch(ground(houses()))
    old = replace(plain, year=torch.tensor([[-1.0, 1.0]]).expand(len(plain.year), 2))
    assert differ(said(network, plain), said(network, old), "feature")


def test_turning_the_ground_turns_all_that_is_known_of_it() -> None:
    shapes = houses()
    plain = cut(ground(shapes), (0, 0), 64, TINY.strides)
    turned = cut(ground(shapes), (0, 0), 64, TINY.strides, turns=1, mirror=True)
    for tile in (plain, turned):
        for number in range(len(shapes)):
            rows, columns = np.nonzero(tile.painted == number)
            middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
            assert np.allclose(middle, tile.xy[number].mean(axis=0), atol=1.0)
    assert not np.allclose(plain.xy, turned.xy)


def test_tiles_that_do_not_fit_are_refused(network: FusionNet) -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        network(batch(ground(houses()), side=60))


def test_the_cost_of_attention_does_not_grow_with_the_square_of_the_features() -> None:
    rng = np.random.default_rng(0)
    pairs = []
    for n in (500, 5000):
        xy = rng.uniform(0, 250, (n, 2))
        many = ground([box(x, y, x + 1.5, y + 1.5) for x, y in xy], side=256)
        tile = cut(many, (0, 0), 256, TINY.strides)
        pairs.append(len(tile.target))
    assert pairs[1] < 15 * pairs[0]  # square: 100 times


def test_a_large_one_has_more_levels_and_the_same_parts() -> None:
    assert large(3).strides == (4, 8, 16)
    with torch.device("meta"):
        count = sum(p.numel() for p in FusionNet(large(3)).parameters())
        few = sum(p.numel() for p in FusionNet(small(3)).parameters())
    assert few < 2e6 < 1e7 < count
