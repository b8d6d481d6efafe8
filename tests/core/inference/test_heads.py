"""What comes out of a model becomes the raster it stands for."""

import numpy as np
import pytest
import torch

from geoloop.core.errors import InputError
from geoloop.core.inference.heads import Heads
from geoloop.core.models.card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput

LABELS = (ClassLabel(3, "wood", "#00ff00"), ClassLabel(7, "water"))


def card(task: str, *outputs: ModelOutput, threshold: float | None = None) -> ModelCard:
    return ModelCard("m", "a", task, (ModelInput("x", (Channel("red"),)),), outputs, threshold=threshold)


def everywhere(values: torch.Tensor) -> np.ndarray:
    return np.ones(values.shape[1:], bool)


def test_scores_become_probabilities_and_the_codes_of_the_best() -> None:
    heads = Heads(card("segmentation", ModelOutput("y", "softmax", LABELS)), [(1, 2, 4, 4)], 4)
    scores = torch.zeros(1, 2, 4, 4)
    scores[0, 1, :2] = float(np.log(3))
    values = heads.values([scores])[0]
    np.testing.assert_allclose(values[:, 0, 0], [0.25, 0.75], atol=1e-6)
    assert set(np.unique(heads.map(values, everywhere(values))[0, :2])) == {7}
    layer = heads.map_layer({})
    assert (layer.names, layer.tags["classes"]) == (["y"], {"3": "wood", "7": "water"})
    assert layer.colors[3] == (0, 255, 0, 255)
    assert heads.probability_layer({}).names == ["wood", "water"]


@pytest.mark.parametrize("shape", [(2, 1, 4, 4), (2, 4, 4)])
def test_one_channel_is_a_class_against_background(shape: tuple[int, ...]) -> None:
    heads = Heads(card("segmentation", ModelOutput("y", "none", (ClassLabel(1, "Coffee"),)), threshold=0.3),
                  [shape], 4)
    values = heads.values([torch.full(shape, 0.4)])
    assert values.shape == (2, 1, 4, 4)
    assert (heads.map(values[0], everywhere(values[0])) == 1).all()
    assert heads.map_layer({}).tags["classes"] == {"0": "background", "1": "Coffee"}
    assert heads.names == ["Coffee"]


def test_a_class_below_the_threshold_yields_to_the_first() -> None:
    heads = Heads(card("segmentation", ModelOutput("y", "none", LABELS), threshold=0.6), [(1, 2, 2, 2)], 2)
    values = torch.tensor([[[0.45, 0.3], [0.5, 0.1]], [[0.55, 0.7], [0.5, 0.9]]])
    assert heads.map(values, everywhere(values))[0].tolist() == [[3, 7], [3, 7]]


def test_where_nothing_is_seen_the_map_is_nodata() -> None:
    heads = Heads(card("segmentation", ModelOutput("y", "none", LABELS)), [(1, 2, 2, 2)], 2)
    values = torch.full((2, 2, 2), torch.nan)
    assert (heads.map(values, np.zeros((2, 2), bool)) == 255).all()


@pytest.mark.parametrize("channels", [1, 2])
def test_where_the_model_itself_says_nothing_the_map_is_nodata(channels: int) -> None:
    labels = LABELS if channels == 2 else LABELS[:1]
    heads = Heads(card("segmentation", ModelOutput("y", "none", labels)), [(1, channels, 3, 3)], 3)
    values = torch.full((channels, 3, 3), 0.5)
    values[channels - 1, 1, 1] = torch.nan
    found = heads.map(values, everywhere(values))[0]
    assert found[1, 1] == 255
    assert (found == 255).sum() == 1


def test_several_outputs_are_bands_of_one_map_and_their_names_are_told_apart() -> None:
    heads = Heads(card("segmentation", ModelOutput("a", "none", LABELS), ModelOutput("b", "none", LABELS)),
                  [(1, 2, 2, 2)] * 2, 2)
    values = torch.cat(tuple(heads.values([torch.eye(2)[None, :, :, None].expand(1, 2, 2, 2),
                                           torch.ones(1, 2, 2, 2)])))
    assert heads.map(values, everywhere(values)).shape == (2, 2, 2)
    assert heads.names == ["a: wood", "a: water", "b: wood", "b: water"]
    assert isinstance(heads.map_layer({}).tags["classes"], list)


def test_codes_beyond_a_byte_get_a_wider_raster() -> None:
    labels = (ClassLabel(1, "a"), ClassLabel(312, "b"))
    heads = Heads(card("segmentation", ModelOutput("y", "none", labels)), [(1, 2, 2, 2)], 2)
    assert (heads.map_layer({}).dtype, heads.map_layer({}).nodata) == ("uint16", 65535)


def test_values_are_scaled_and_named() -> None:
    heads = Heads(card("regression", ModelOutput("height", scale=2.0)), [(1, 1, 3, 3)], 3)
    np.testing.assert_array_equal(heads.values([torch.ones(1, 1, 3, 3)]), np.full((1, 1, 3, 3), 2.0))
    assert (heads.names, heads.map_layer({}).dtype) == (["height"], "float32")


def test_an_output_with_its_channels_last_is_turned() -> None:
    heads = Heads(card("segmentation", ModelOutput("y", "none", LABELS, "NHWC")), [(1, 4, 4, 2)], 4)
    y = torch.rand(1, 4, 4, 2, generator=torch.Generator().manual_seed(0))
    np.testing.assert_array_equal(heads.values([y]), y.permute(0, 3, 1, 2))


def test_an_embedding_is_one_vector_a_tile_or_a_square_of_tokens() -> None:
    vector = Heads(card("embedding", ModelOutput("e", layout="NC")), [(1, 8)], 64)
    assert (vector.per_tile, vector.channels) == (True, 8)
    assert vector.values([torch.ones(3, 8)]).shape == (3, 8, 1, 1)
    tokens = Heads(card("embedding", ModelOutput("e")), [(1, 16, 5)], 64)
    y = torch.arange(80.0).reshape(1, 16, 5)
    assert tokens.output_side == 4
    np.testing.assert_array_equal(tokens.values([y])[0, :, 1, 2], y[0, 6])


@pytest.mark.parametrize(("task", "shape", "said"), [
    ("segmentation", (1, 3, 4, 4), "gives 3 classes, and its card names 2"), ("segmentation", (1, 2, 4, 5), "square"),
    ("segmentation", (1, 2), "is no raster"), ("embedding", (1, 17, 5), "make no square"),
    ("regression", (1, 2, 3, 4, 5), "is no raster"),
])
def test_an_output_that_is_no_such_raster_is_refused(task: str, shape: tuple[int, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Heads(card(task, ModelOutput("y", classes=LABELS)), [shape], 4)


def test_outputs_of_different_sizes_make_no_common_raster() -> None:
    with pytest.raises(InputError, match="different sizes"):
        Heads(card("regression", ModelOutput("a"), ModelOutput("b")), [(1, 1, 4, 4), (1, 1, 2, 2)], 4)
