"""Public weights of ResNets: every key, and the same numbers as a computation written out from the paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from public_layouts import resnet
from torch.nn import functional as F

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.opening import open_encoder
from geoloop.core.sources.bands import Band

X = torch.rand(1, 13, 64, 64, generator=torch.Generator().manual_seed(0)) * 4000


def by_hand(state: dict[str, torch.Tensor], x: torch.Tensor, blocks: tuple[int, ...]) -> torch.Tensor:
    """The vector of a ResNet, from its public keys alone."""
    def norm(x: torch.Tensor, name: str) -> torch.Tensor:
        mean, var, weight, bias = (state[f"{name}.{part}"][:, None, None]
                                   for part in ("running_mean", "running_var", "weight", "bias"))
        return (x - mean) / (var + 1e-5).sqrt() * weight + bias

    x = F.max_pool2d(norm(F.conv2d(x, state["conv1.weight"], stride=2, padding=3), "bn1").relu(), 3, 2, 1)
    for stage, count in enumerate(blocks, 1):
        for number in range(count):
            name, stride = f"layer{stage}.{number}", 2 if stage > 1 and number == 0 else 1
            deep = f"{name}.conv3.weight" in state
            y = norm(F.conv2d(x, state[f"{name}.conv1.weight"], stride=1 if deep else stride, padding=0 if deep else 1),
                     f"{name}.bn1").relu()
            y = norm(F.conv2d(y, state[f"{name}.conv2.weight"], stride=stride if deep else 1, padding=1), f"{name}.bn2")
            if deep:
                y = norm(F.conv2d(y.relu(), state[f"{name}.conv3.weight"]), f"{name}.bn3")
            if f"{name}.downsample.0.weight" in state:
                x = norm(F.conv2d(x, state[f"{name}.downsample.0.weight"], stride=stride), f"{name}.downsample.1")
            x = (x + y).relu()
    return x.mean(dim=(2, 3))


@pytest.mark.parametrize(("name", "blocks", "expansion"), [("resnet18_s2_moco", (2, 2, 2, 2), 1),
                                                          ("resnet50_s2_dino", (3, 4, 6, 3), 4)])
def test_a_public_file_computes_what_its_authors_network_does(
    name: str, blocks: tuple[int, ...], expansion: int, public_file: Callable[..., Path], sentinel_2: list[Band],
) -> None:
    path = public_file(resnet(blocks, expansion, 13, classes=10))
    encoder = open_encoder(f"{name}:{path}", sentinel_2)
    with torch.inference_mode():
        found = encoder(X).pooled
    torch.testing.assert_close(found, by_hand(torch.load(path, weights_only=True), X * 1e-4, blocks), rtol=1e-3,
                               atol=1e-4)
    assert encoder.report is not None
    assert dict(encoder.report.dropped) == {"counts of batches, which nothing uses": 20 if expansion == 1 else 53,
                                            "the classifier of pretraining": 2}
    assert encoder.report.made == ()


def test_a_key_too_many_too_few_or_misshapen_is_refused_by_name(public_file: Callable[..., Path],
                                                               sentinel_2: list[Band]) -> None:
    whole = resnet((2, 2, 2, 2), 1, 13)
    with pytest.raises(InputError, match=r"no place for layer5\.0\.weight"):
        open_encoder(f"resnet18_s2_moco:{public_file({**whole, 'layer5.0.weight': (3,)})}", sentinel_2)
    lacking = {key: shape for key, shape in whole.items() if key != "layer3.1.conv2.weight"}
    with pytest.raises(InputError, match=r"they lack layer3\.1\.conv2\.weight"):
        open_encoder(f"resnet18_s2_moco:{public_file(lacking)}", sentinel_2)
    with pytest.raises(InputError, match=r"conv1.weight is \(64, 12, 7, 7\) and not \(64, 13, 7, 7\)"):
        open_encoder(f"resnet18_s2_moco:{public_file(resnet((2, 2, 2, 2), 1, 12))}", sentinel_2)


def test_the_training_framework_s_file_of_seco_eco_is_read(public_file: Callable[..., Path],
                                                          sentinel_2: list[Band]) -> None:
    places = {"conv1": "0", "bn1": "1", "layer1": "4", "layer2": "5", "layer3": "6", "layer4": "7"}
    plain = resnet((3, 4, 6, 3), 4, 9)
    layout = {f"encoder_{which}.{places[key.partition('.')[0]]}.{key.partition('.')[2]}": shape
              for which in "qk" for key, shape in plain.items()}
    path = public_file({**layout, "heads_q.0.0.weight": (4, 4), "queue": (4, 4)}, "seco.ckpt", within="state_dict",
                       epoch=100)
    encoder = open_encoder(f"seco_eco_ndvi:{path}", sentinel_2)
    assert encoder.report is not None
    assert encoder.report.loaded == len(plain) - 53
    assert sum(count for _, count in encoder.report.dropped) == 53 + len(plain) + 2


def test_a_file_alone_is_recognised_where_it_fits_one_encoder_only(public_file: Callable[..., Path],
                                                                  sentinel_2: list[Band]) -> None:
    assert open_encoder(str(public_file(resnet((2, 2, 2, 2), 1, 13))), sentinel_2).card.name == "resnet18_s2_moco"
    with pytest.raises(InputError, match="resnet50_s2_moco, resnet50_s2_dino, resnet50_s2_decur"):
        open_encoder(str(public_file(resnet((3, 4, 6, 3), 4, 13))), sentinel_2)
    with pytest.raises(InputError, match="fits no encoder"):
        open_encoder(str(public_file({"a": (1,)})), sentinel_2)


class Loud:
    """Something that no file of numbers holds."""


def test_a_file_that_could_run_code_is_refused(tmp_path: Path, sentinel_2: list[Band]) -> None:
    path = tmp_path / "evil.pth"
    torch.save({"conv1.weight": Loud()}, path)
    with pytest.raises(InputError, match="cannot be read as plain data"):
        open_encoder(f"resnet18_s2_moco:{path}", sentinel_2)
    with pytest.raises(InputError, match="no file of weights"):
        open_encoder(f"resnet18_s2_moco:{tmp_path / 'none.pth'}", sentinel_2)
