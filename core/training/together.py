"""Who learns: one device, or several processes on one machine or many, each with a device of its own.

GeoLoop starts no processes for this. Whoever has several graphics cards starts the worker on each with torch's
launcher, ``torchrun --nproc-per-node 4 -m geoloop.core.worker job.json`` on each machine; Lightning Fabric finds from
the launcher's variables who is who.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from lightning.fabric import Fabric


def processes() -> int:
    """How many processes learn together."""
    return int(os.environ.get("WORLD_SIZE") or 1)


def is_first() -> bool:
    """Whether this process is the one that writes and tells."""
    return int(os.environ.get("RANK") or 0) == 0


def gather(device: torch.device, mixed: bool) -> Fabric:
    """Return what knows this process's device and the others; where there are several, wait until all are there.

    ``device`` is the one to use where this process is alone; else each takes the one of its number. With ``mixed``
    precision :meth:`Fabric.autocast` computes in bfloat16 where that is safe.
    """
    # An import of seconds, and only training needs it.
    from lightning.fabric import Fabric

    precision, world = "bf16-mixed" if mixed else "32-true", processes()
    if world == 1:
        devices = [device.index or 0] if device.type == "cuda" else 1
        return Fabric(accelerator=device.type, devices=devices, precision=precision)  # type: ignore[arg-type]
    here = int(os.environ.get("LOCAL_WORLD_SIZE") or world)
    fabric = Fabric(accelerator=device.type, devices=here, num_nodes=world // here, strategy="ddp",
                    precision=precision)  # type: ignore[arg-type]
    fabric.launch()
    return fabric


def begin_alike(fabric: Fabric, module: nn.Module) -> None:
    """Give all processes the first one's weights."""
    if fabric.world_size > 1:
        module.load_state_dict(fabric.broadcast(module.state_dict()))


def share_gradients(fabric: Fabric, module: nn.Module) -> None:
    """Give all processes the mean of their gradients.

    It is done after each has its own: a process that runs out of memory and begins its batch anew leaves nobody
    waiting within theirs, as an exchange during the backward pass would.
    """
    if fabric.world_size == 1:
        return
    own = [parameter for parameter in module.parameters() if parameter.requires_grad]
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in own])
    mean = fabric.all_reduce(flat, reduce_op="mean")
    assert isinstance(mean, Tensor)
    for parameter, part in zip(own, mean.split([p.numel() for p in own]), strict=True):
        parameter.grad = part.view_as(parameter)
