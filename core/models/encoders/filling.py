"""Filling gaps by masked reconstruction: what clouds hide is said from what is seen around, before and after."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .encoder import Encoder, Scene


@dataclass(frozen=True)
class Filled:
    """``images`` with values in the gaps that could be filled, stored as the imagery's are; ``filled`` says where."""

    images: Tensor
    filled: Tensor


class Filler(Encoder):
    """An encoder with a decoder that was taught to say hidden patches, of ``patch`` pixels."""

    patch: int

    @abstractmethod
    def reconstruct(self, scene: Scene, seen: Tensor) -> Tensor:
        """Standardised values (B, C, T, H, W) of every patch, said from the patches that are ``seen`` (B, T × rows ×
        columns) alone.
        """

    def fill(self, images: Tensor, valid: Tensor | None = None, *, time: Tensor | None = None,
             location: Tensor | None = None) -> Filled:
        """Fill the gaps of images (B, bands, T, H, W) or (B, bands, H, W); see :meth:`Encoder.forward`.

        Patches with a gap in any band are hidden from the encoder, as in pretraining, and the gap's pixels alone are
        replaced. Bands that the encoder does not know, and images without one whole patch, keep their gaps.
        """
        one_date = images.ndim == 4
        images = images[:, :, None] if one_date else images
        scene = self.scene(images, valid, time, location)
        whole = scene.valid[:, scene.present].all(dim=1).float()
        seen = F.avg_pool2d(whole, self.patch).flatten(1) == 1
        said = self.reconstruct(scene, seen)
        stored = (said - self.shift) / self.gain
        gaps = ~scene.valid & self.present[:, None, None, None] & seen.any(dim=1)[:, None, None, None, None]
        known = torch.isfinite(images)
        if valid is not None:
            known = known & (valid[:, :, None] if valid.ndim == 4 else valid)
        filled_images = torch.where(known, images, torch.nan)
        filled = torch.zeros_like(known)
        for number, index in enumerate(self.index.tolist()):
            if bool(self.present[number]):
                here = gaps[:, number] & ~known[:, index]
                filled_images[:, index] = torch.where(here, stored[:, number].to(images.dtype), filled_images[:, index])
                filled[:, index] |= here
        return Filled(filled_images[:, :, 0], filled[:, :, 0]) if one_date else Filled(filled_images, filled)
