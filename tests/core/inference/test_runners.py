"""Running a network: parts of a batch, fixed batches, layouts, precision, and what fails."""

from pathlib import Path

import numpy as np
import onnx_models
import pytest
import torch
from onnx import helper
from torch import nn

from geoloop.core.errors import InputError
from geoloop.core.feedback import Feedback
from geoloop.core.inference.device import choose_device
from geoloop.core.inference.runners import TorchRunner, in_parts, open_runner, probe
from geoloop.core.models.files import open_model

CPU = choose_device("cpu")
REGRESSOR = {"model_type": "Regressor"}


def test_a_batch_that_does_not_fit_is_halved_until_it_does_and_nothing_is_lost() -> None:
    told: list[int] = []

    def run(inputs: list[np.ndarray]) -> list[torch.Tensor]:
        if len(inputs[0]) > 2:
            raise torch.OutOfMemoryError
        return [torch.from_numpy(inputs[0] * 2), torch.from_numpy(inputs[0].sum(axis=1))]

    x = np.arange(44, dtype=np.float32).reshape(11, 4)
    doubled, sums = in_parts([x], 8, run, told.append)
    np.testing.assert_array_equal(doubled, x * 2)
    np.testing.assert_array_equal(sums, x.sum(axis=1))
    assert told == [4, 2]


def test_a_tile_that_does_not_fit_alone_ends_the_run() -> None:
    def run(inputs: list[np.ndarray]) -> list[torch.Tensor]:
        raise MemoryError

    with pytest.raises(MemoryError):
        in_parts([np.zeros((4, 1))], 4, run, lambda most: None)


def test_torch_runs_what_onnx_runs(tmp_path: Path) -> None:
    network = nn.Conv2d(3, 2, 3, padding=1)
    runner = TorchRunner(network, 3, CPU, Feedback())
    x = np.random.default_rng(0).normal(size=(2, 3, 16, 16)).astype(np.float32)
    with torch.inference_mode():
        np.testing.assert_allclose(runner([x])[0], network(torch.from_numpy(x)).numpy(), atol=1e-6)
    assert (runner.workers, "CPU" in runner.line) == (1, True)


def test_a_fixed_batch_is_filled_up_and_cut_off_again(tmp_path: Path) -> None:
    shape = [4, 1, 8, 8]
    path = onnx_models.save(tmp_path / "m.onnx", [helper.make_node("Identity", ["x"], ["y"])],
                            [onnx_models.value("x", shape)], [onnx_models.value("y", shape)], metadata=REGRESSOR)
    runner = open_runner(open_model(str(path)), CPU, Feedback())
    x = np.random.default_rng(0).normal(size=(6, 1, 8, 8)).astype(np.float32)
    np.testing.assert_array_equal(runner([x])[0], x)


def test_a_model_that_fails_on_its_tiles_says_on_which(tmp_path: Path) -> None:
    nodes = [helper.make_node("Add", ["x", "w"], ["y"])]
    path = onnx_models.save(tmp_path / "m.onnx", nodes, [onnx_models.value("x", ["n", 1, "h", "w"])],
                            [onnx_models.value("y", ["n", 1, "h", "w"])], {"w": np.zeros((1, 1, 7, 7), np.float32)},
                            REGRESSOR)
    model = open_model(str(path))
    with pytest.raises(InputError, match=r"fails on tiles of shape \(1, 1, 8, 8\).*TILE"):
        probe(open_runner(model, CPU, Feedback()), model.card, 8)


@pytest.mark.gpu
def test_a_gpu_gives_what_the_cpu_gives() -> None:
    gpu = choose_device("cuda")
    if gpu.torch_name == "cpu":
        pytest.skip(gpu.line)
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(4, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 3, 3, padding=1), nn.Softmax(1))
    x = np.random.default_rng(0).normal(size=(6, 4, 64, 64)).astype(np.float32)
    expected = TorchRunner(network, 4, CPU, Feedback())([x])[0].clone()
    runner = TorchRunner(network, 4, gpu, Feedback(), side=64, batches=1000)
    got = runner([x])[0]
    assert (got.device.type, runner.readers > 1) == ("cuda", True)
    np.testing.assert_allclose(got.cpu(), expected, atol=2e-2)
