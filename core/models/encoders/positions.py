"""Where and when a token is, as sines and cosines."""

from __future__ import annotations

import math

import torch
from torch import Tensor

# The last day of each month but December, in a year that is no leap year.
_MONTH_ENDS = (31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def sines(position: Tensor, frequency: Tensor) -> Tensor:
    """Sines, then cosines, of positions (N,) at frequencies (F,): (N, 2 F)."""
    angle = position[:, None] * frequency[None]
    return torch.cat([angle.sin(), angle.cos()], dim=-1)


def frequencies(width: int, base: float = 10_000.0) -> Tensor:
    """The frequencies of ``width`` sines and cosines, from 1 falling to almost 1 / ``base``."""
    return base ** -(torch.arange(width // 2, dtype=torch.float64) / (width / 2))


def grid_sines(height: int, width: int, size: int) -> Tensor:
    """Positions on a grid (height × width, size), rows after each other: half for x, half for y, as masked
    autoencoders have them (He et al. 2022, arXiv 2111.06377).
    """
    frequency = frequencies(size // 2)
    y, x = torch.meshgrid(torch.arange(height, dtype=torch.float64), torch.arange(width, dtype=torch.float64),
                          indexing="ij")
    return torch.cat([sines(x.flatten(), frequency), sines(y.flatten(), frequency)], dim=-1).float()


def month(time: Tensor) -> Tensor:
    """The month, from 0, of year and day of the year (..., 2)."""
    ends = torch.tensor(_MONTH_ENDS, device=time.device, dtype=time.dtype)
    return torch.bucketize(time[..., 1].contiguous(), ends)


def on_the_sphere(location: Tensor) -> Tensor:
    """Latitude and longitude in degrees (B, 2) as a point of the unit sphere (B, 3)."""
    latitude, longitude = (location * (math.pi / 180)).unbind(-1)
    return torch.stack([latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()], dim=-1)
