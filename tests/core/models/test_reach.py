"""How far a network looks is read from its graph, and never less than it really does."""

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnx_models
import pytest
import torch
from onnx import helper
from torch import nn

from geoloop.core.models.reach import Reach, reach_of


class Small(nn.Module):
    """Down and up again, with a skip."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.deep = nn.Sequential(nn.Conv2d(4, 4, 3, padding=2, dilation=2), nn.ReLU())
        self.last = nn.Conv2d(8, 1, 5, padding=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skip = self.first(x)
        deep = nn.functional.interpolate(self.deep(nn.functional.max_pool2d(skip, 4)), scale_factor=4.0)
        return self.last(torch.cat([skip, deep], dim=1))


def exported(network: nn.Module, side: int = 64) -> onnx.ModelProto:
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(network.eval(), (torch.zeros(1, 1, side, side),), stream, dynamo=False)
    return onnx.load_model_from_string(stream.getvalue())


def measured(network: nn.Module, side: int) -> int:
    """The furthest pixel whose value the middle's output depends on, wherever the pooling's cells begin."""
    furthest = 0
    for at in range(side // 2, side // 2 + 4):
        x = torch.rand(1, 1, side, side, requires_grad=True)
        network.eval()(x)[0, 0, at, at].backward()
        rows = torch.nonzero(x.grad[0, 0].abs().sum(dim=1)).ravel()
        furthest = max(furthest, int((rows - at).abs().max()))
    return furthest


def test_it_is_at_least_what_gradients_show_and_not_much_more() -> None:
    torch.manual_seed(0)
    network = Small()
    for parameter in network.parameters():
        nn.init.uniform_(parameter, 0.1, 1.0)  # so that no path is dead
    found, real = reach_of(exported(network)), measured(network, 128)
    assert found.stride == 4
    assert real <= found.pixels <= real + 8


def test_pixels_by_themselves_look_nowhere(tmp_path: Path) -> None:
    assert reach_of(onnx.load(onnx_models.identity(tmp_path / "m.onnx"))) == Reach(0, 1)
    assert reach_of(onnx.load(onnx_models.blur(tmp_path / "b.onnx", radius=3))) == Reach(3, 1)


def test_what_sees_its_whole_tile_has_no_bound(tmp_path: Path) -> None:
    assert reach_of(onnx.load(onnx_models.whole_tile(tmp_path / "m.onnx"))).pixels is None


def of_nodes(nodes, shape, opset=17, constants=()):
    graph = helper.make_graph(nodes, "g", [onnx_models.value("x", shape)], [onnx_models.value("y", ["?"] * len(shape))],
                              [onnx.numpy_helper.from_array(array, name) for name, array in constants])
    return reach_of(helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])).pixels


@pytest.mark.parametrize(("axis", "pixels"), [(1, 0), (-3, 0), (2, None), (3, None), (-1, None), (None, None)])
def test_a_softmax_along_a_side_of_the_tile_has_no_bound(axis, pixels) -> None:
    along = {} if axis is None else {"axis": axis}
    for kind in ("Softmax", "LogSoftmax"):
        assert of_nodes([helper.make_node(kind, ["x"], ["y"], **along)], ["n", 4, "h", "w"]) == pixels


def test_a_softmax_of_an_old_file_runs_over_all_axes_from_its_own_on() -> None:
    assert of_nodes([helper.make_node("Softmax", ["x"], ["y"], axis=1)], ["n", 4, "h", "w"], 11) is None
    turned = [helper.make_node("Transpose", ["x"], ["t"], perm=[0, 2, 3, 1]),
              helper.make_node("Softmax", ["t"], ["s"], axis=3),
              helper.make_node("Transpose", ["s"], ["y"], perm=[0, 3, 1, 2])]
    assert of_nodes(turned, ["n", 4, "h", "w"], 11) == 0


def test_channels_may_come_last_and_axes_may_come_and_go() -> None:
    assert of_nodes([helper.make_node("Softmax", ["x"], ["y"])], ["n", "h", "w", 4]) == 0
    for axis, pixels in ((2, 0), (3, None)):
        nodes = [helper.make_node("Unsqueeze", ["x", "first"], ["u"]),
                 helper.make_node("Softmax", ["u"], ["s"], axis=axis),
                 helper.make_node("Squeeze", ["s", "first"], ["y"])]
        assert of_nodes(nodes, ["n", 4, "h", "w"], constants=[("first", np.array([0]))]) == pixels


def test_splitting_channels_keeps_places_apart_and_splitting_a_side_does_not() -> None:
    for axis, pixels in ((1, 0), (2, None)):
        nodes = [helper.make_node("Split", ["x"], ["a", "b"], axis=axis, num_outputs=2),
                 helper.make_node("Concat", ["b", "a"], ["y"], axis=axis)]
        assert of_nodes(nodes, ["n", 4, 8, 8], 18) == pixels


def test_a_constant_of_its_own_for_each_place_of_a_tile_has_no_bound() -> None:
    for shape, pixels in (((1, 4, 1, 1), 0), ((4, 1, 1), 0), ((1, 1, 8, 8), None)):
        assert of_nodes([helper.make_node("Add", ["x", "c"], ["y"])], ["n", 4, 8, 8],
                        constants=[("c", np.ones(shape, np.float32))]) == pixels


@pytest.mark.parametrize(("layer", "side"), [(nn.ConvTranspose2d(1, 1, 4, 2, 1), 32), (nn.PixelShuffle(2), 32),
                                             (nn.AvgPool2d(3, 2, 1), 32), (nn.Conv2d(1, 1, 7), 32)])
def test_layers_that_change_the_pixels_are_followed(layer: nn.Module, side: int) -> None:
    network = nn.Sequential(nn.Conv2d(1, 4, 1), layer) if isinstance(layer, nn.PixelShuffle) else nn.Sequential(layer)
    assert reach_of(exported(network, side)).pixels is not None


def test_a_resize_to_a_size_that_is_computed_has_no_bound() -> None:
    nodes = [helper.make_node("Resize", ["x", "", "", "sizes"], ["y"])]
    graph = helper.make_graph(nodes, "g", [onnx_models.value("x", [1, 1, 8, 8]),
                                           onnx_models.value("sizes", [4], onnx.TensorProto.INT64)],
                              [onnx_models.value("y", [1, 1, "h", "w"])])
    assert reach_of(helper.make_model(graph)).pixels is None


def test_a_constant_written_as_plain_numbers_is_read() -> None:
    """Newer exporters write them so; some hold texts, which no reach depends on."""
    nodes = [helper.make_node("Constant", [], ["scales"], value_floats=[1.0, 1.0, 2.0, 2.0]),
             helper.make_node("Constant", [], ["one"], value_float=1.0),
             helper.make_node("Constant", [], ["word"], value_string="bilinear"),
             helper.make_node("Add", ["x", "one"], ["more"]),
             helper.make_node("Resize", ["more", "", "scales"], ["y"])]
    graph = helper.make_graph(nodes, "g", [onnx_models.value("x", [1, 1, 8, 8])],
                              [onnx_models.value("y", [1, 1, 16, 16])])
    assert reach_of(helper.make_model(graph)) == Reach(1, 1)


def test_real_models_are_followed_to_their_ends(data_folder) -> None:
    folder = data_folder / "models"
    assert reach_of(onnx.load(folder / "deepness_dummies" / "one_output_sigmoid_bsx1x512x512.onnx")).pixels is not None
    assert np.isfinite(reach_of(onnx.load(folder / "dynamicworld" / "dynamicworld.onnx")).stride)
