"""Keys and shapes of public checkpoints, written down from the code that makes or loads them; no weights, no code."""

from __future__ import annotations

Layout = dict[str, tuple[int, ...]]


def _norm(name: str, width: int) -> Layout:
    """Batch normalisation as torch saves it."""
    return {f"{name}.weight": (width,), f"{name}.bias": (width,), f"{name}.running_mean": (width,),
            f"{name}.running_var": (width,), f"{name}.num_batches_tracked": ()}


def resnet(blocks: tuple[int, ...], expansion: int, bands: int, classes: int = 0) -> Layout:
    """torchvision's and timm's ResNets (torchvision/models/resnet.py), as torchgeo's files hold them."""
    layout: Layout = {"conv1.weight": (64, bands, 7, 7), **_norm("bn1", 64)}
    inside = 64
    for stage, count in enumerate(blocks, 1):
        width = 64 * 2 ** (stage - 1)
        out = width * expansion
        for number in range(count):
            name = f"layer{stage}.{number}"
            if expansion == 1:
                layout |= {f"{name}.conv1.weight": (width, inside, 3, 3), **_norm(f"{name}.bn1", width),
                           f"{name}.conv2.weight": (width, width, 3, 3), **_norm(f"{name}.bn2", width)}
            else:
                layout |= {f"{name}.conv1.weight": (width, inside, 1, 1), **_norm(f"{name}.bn1", width),
                           f"{name}.conv2.weight": (width, width, 3, 3), **_norm(f"{name}.bn2", width),
                           f"{name}.conv3.weight": (out, width, 1, 1), **_norm(f"{name}.bn3", out)}
            if number == 0 and (stage > 1 or expansion > 1):
                layout |= {f"{name}.downsample.0.weight": (out, inside, 1, 1), **_norm(f"{name}.downsample.1", out)}
            inside = out
    if classes:
        layout |= {"fc.weight": (classes, inside), "fc.bias": (classes,)}
    return layout
