"""Half precision, where it is quicker."""

from __future__ import annotations

import torch


def has_bfloat16() -> bool:
    """Whether the processor computes in bfloat16 itself; imitated, it makes a step of a fit twice as long."""
    return any(there for name, there in torch.cpu.get_capabilities().items() if name.endswith("bf16"))


def mixed(device: torch.device) -> torch.autocast:
    """Bfloat16 for what bears it, within ``with``: on a GPU, and on a processor that has it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=device.type != "cpu" or has_bfloat16())
