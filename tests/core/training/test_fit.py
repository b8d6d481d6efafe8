"""The fit learns what the labels say, and only where it may."""

import numpy as np
import pytest
import torch

from geoloop.core.errors import Cancelled, InputError
from geoloop.core.feedback import Feedback
from geoloop.core.models.compact import CompactUNet
from geoloop.core.models.context import ContextNet
from geoloop.core.training.chips import Chip
from geoloop.core.training.crossfit import prepared
from geoloop.core.training.fit import Crops, FitSettings, Pixels, check_folds, fit, mixed_cross_entropy

CPU = torch.device("cpu")


def chip(seed: int, side: int = 48, folds: int = 2) -> Chip:
    """Class 1 where the only band is positive; the left half is usable for fold 0, the right one for fold 1."""
    x = np.random.default_rng(seed).normal(size=(1, side, side))
    label = (x[0] > 0).astype(int)
    usable = np.zeros((folds, side, side), bool)
    usable[0, :, :side // 2] = usable[1, :, side // 2:] = True
    return Chip(x.astype(np.float16), np.moveaxis(np.eye(2)[label], -1, 0).astype(np.float16),
                np.ones((side, side), np.float32), usable, np.zeros((side, side), bool))


def learnt(network: type, settings: FitSettings, device: torch.device = CPU) -> float:
    """The share of pixels that a network gets right after a fit."""
    torch.manual_seed(0)
    blank = network(1, 2)
    fitted = fit(blank, [prepared(chip(0), blank), prepared(chip(1), blank)], 0, settings, device, Feedback())
    x = torch.randn(1, 1, 32, 32, device=device)
    with torch.inference_mode():
        return float((fitted(fitted.prepare(x)).argmax(dim=1) == (x[:, 0] > 0)).float().mean())


@pytest.mark.parametrize(("network", "crop", "batch"), [(ContextNet, 1, 512), (CompactUNet, 32, 4)])
def test_a_simple_rule_is_learnt(network: type, crop: int, batch: int) -> None:
    assert learnt(network, FitSettings(steps=60, crop=crop, batch=batch)) > 0.85


def test_the_same_seed_gives_the_same_weights() -> None:
    def weights() -> list[torch.Tensor]:
        torch.manual_seed(5)
        settings = FitSettings(steps=4, crop=16, batch=2, seed=5)
        return list(fit(CompactUNet(1, 2), [chip(0)], 0, settings, CPU, Feedback()).parameters())

    assert all(torch.equal(a, b) for a, b in zip(weights(), weights(), strict=True))


def test_a_fitted_network_normalises_by_the_statistics_of_its_own_weights() -> None:
    torch.manual_seed(0)
    settings = FitSettings(steps=12, crop=48, batch=4, gain=0.0, offset=0.0, learning_rate=0.02)
    fitted = fit(CompactUNet(1, 2), [chip(0), chip(1)], 0, settings, CPU, Feedback())
    convolution, norm = fitted.down[0][0], fitted.down[0][1]
    seen = torch.stack([torch.from_numpy(chip(seed).x.astype(np.float32)) for seed in (0, 1)])
    with torch.inference_mode():
        values = convolution(seen)
    assert torch.allclose(norm.running_mean, values.mean((0, 2, 3)), atol=0.05)
    assert torch.allclose(norm.running_var, values.var((0, 2, 3)), rtol=0.1)


def test_a_fold_learns_nothing_from_its_own_labels() -> None:
    crops = Crops([chip(0)], 0, FitSettings(steps=1, crop=48, batch=4))
    _, _, weight, _ = crops.batch()
    assert all(int((w > 0).sum()) == 48 * 24 for w in weight)


def test_single_pixels_are_drawn_as_often_as_they_weigh() -> None:
    heavy = chip(0)
    heavy.weight[:, :12] = 9.0
    x, mix, weight, _ = Pixels([heavy], 0, FitSettings(steps=1, crop=1, batch=4000)).batch()
    assert x.shape == (4000, 1, 1, 1)
    assert mix.shape == (4000, 2, 1, 1)
    assert (weight == 1).all()
    values = set(np.asarray(heavy.x[0, :, :12], np.float32).ravel().tolist())
    share = np.mean([float(v) in values for v in x[:, 0, 0, 0]])
    assert share == pytest.approx(0.9, abs=0.03)


def test_a_fold_without_labels_is_refused() -> None:
    empty = chip(0)
    empty.usable[0] = False
    with pytest.raises(InputError, match="no labelled pixel"):
        Crops([empty], 0, FitSettings(steps=1, crop=16))
    check_folds([empty, chip(1)], 2)
    with pytest.raises(InputError, match="no labelled pixel"):
        check_folds([empty], 2)


def test_unlabelled_pixels_cost_nothing() -> None:
    scores, mix = torch.randn(1, 3, 4, 4), torch.zeros(1, 3, 4, 4)
    assert mixed_cross_entropy(scores, mix, torch.ones(1, 4, 4), 0.1) == 0
    mix[:, 0, 0, 0] = 1
    alone = mixed_cross_entropy(scores, mix, torch.ones(1, 4, 4), 0.0)
    assert alone == pytest.approx(-torch.log_softmax(scores, 1)[0, 0, 0, 0].item(), rel=1e-5)


def test_a_fit_stops_when_asked() -> None:
    class Stopped(Feedback):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        fit(CompactUNet(1, 2), [chip(0)], 0, FitSettings(steps=3, crop=16, batch=1), CPU, Stopped())


@pytest.mark.gpu
def test_a_gpu_learns_the_rule_too() -> None:
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    assert learnt(ContextNet, FitSettings(steps=60, crop=1, batch=512), torch.device("cuda")) > 0.85
