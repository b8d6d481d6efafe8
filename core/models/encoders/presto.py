"""Presto (Tseng et al. 2023, arXiv 2304.14065): the year of a single pixel, in radar, light and heights.

Every pixel is a sequence of its own; groups of bands on a date are tokens, and what is lacking or under clouds is left
out. Names of layers are those of the published file.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...sources.scenes import SENTINEL_2
from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder, Features, Scene, weighed
from .positions import month, on_the_sphere
from .published import Published
from .transformer import TransformerShape, blocks, run, unseen_dropped

DATES = 24
# Numbers of the bands of the card, by the group whose token they make, in the order of the file's channel_embed.
GROUPS: dict[str, tuple[int, ...]] = {
    "S1": (0, 1), "S2_RGB": (2, 3, 4), "S2_Red_Edge": (5, 6, 7), "S2_NIR_10m": (8,), "S2_NIR_20m": (9,),
    "S2_SWIR": (10, 11), "ERA5": (12, 13), "SRTM": (14, 15), "NDVI": (16,),
}
CLASSES = 10
"""Dynamic World's classes and one for none: a source that imagery does not bring."""

# Shifts and divisors: presto/dataops/pipelines/s1_s2_era5_srtm.py of github.com/nasaharvest/presto (the temperature's
# zero is 272.15 K there).
BANDS = (
    *(BandSpec(name, None, -25.0, 25.0, group="S1", optional=True) for name in ("VV", "VH")),
    *(BandSpec(name, SENTINEL_2[name], std=1e4, scale=1e4, group=group, optional=True)
      for group, names in {"S2_RGB": ("B02", "B03", "B04"), "S2_Red_Edge": ("B05", "B06", "B07"),
                           "S2_NIR_10m": ("B08",), "S2_NIR_20m": ("B8A",), "S2_SWIR": ("B11", "B12")}.items()
      for name in names),
    BandSpec("temperature_2m", None, 272.15, 35.0, group="ERA5", optional=True),
    BandSpec("total_precipitation", None, 0.0, 0.03, group="ERA5", optional=True),
    BandSpec("elevation", None, 0.0, 2000.0, group="SRTM", optional=True),
    BandSpec("slope", None, 0.0, 50.0, group="SRTM", optional=True),
    BandSpec("NDVI", ratio=("B08", "B04"), optional=True),
)
SHAPE = TransformerShape(128, 2, 8, eps=1e-5)


class PrestoTrunk(nn.Module):
    """The encoder of the published file. A token says: month and group (a quarter of its width each), order (half)."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        width, quarter = shape.width, shape.width // 4
        self.eo_patch_embed = nn.ModuleDict({name: nn.Linear(len(of), width) for name, of in GROUPS.items()})
        self.dw_embed = nn.Embedding(CLASSES, width)
        self.latlon_embed = nn.Linear(3, width)
        self.blocks = blocks(shape)
        self.norm = nn.LayerNorm(width)
        self.channel_embed = nn.Embedding(len(GROUPS) + 1, quarter)
        turn = torch.arange(12) * (2 * torch.pi / 12)
        months = torch.cat([turn.sin()[:, None].expand(-1, quarter // 2), turn.cos()[:, None].expand(-1, quarter // 2)],
                           dim=1)
        self.month_embed = nn.Embedding.from_pretrained(months, freeze=True)
        # Sines and cosines alternate, with frequencies from 1 falling to 1 / 1000.
        half = torch.arange(DATES)[:, None] / 1000 ** (torch.arange(0, 2 * quarter, 2) / (2 * quarter))
        order = torch.stack([half.sin(), half.cos()], dim=-1).flatten(1)
        self.pos_embed = nn.Parameter(order[None], requires_grad=False)


class Presto(Encoder):
    """Presto as an encoder: each pixel of the finest map is the mean over its tokens, coarser ones are means of it."""

    def __init__(self, card: EncoderCard, shape: TransformerShape = SHAPE) -> None:
        super().__init__(card)
        self.trunk = PrestoTrunk(shape)

    def encode(self, scene: Scene) -> Features:
        """See :meth:`Encoder.encode`."""
        trunk = self.trunk
        batch, _, _, height, width = scene.values.shape
        tokens, seen = self._tokens(scene)
        x, mask, kept = unseen_dropped(tokens, seen)
        here = seen[:, kept].to(x.dtype)[..., None]
        pixel: Tensor = trunk.norm(weighed(run(trunk.blocks, x, mask)[-1], here))
        first = pixel.view(batch, height, width, -1).permute(0, 3, 1, 2).contiguous()
        maps = (first, F.avg_pool2d(first, 2), F.avg_pool2d(first, 4), F.avg_pool2d(first, 8))
        known = scene.shares((height, width)).amax(dim=1).flatten(1)
        pooled = weighed(pixel.view(batch, height * width, -1), known[..., None])
        return Features(maps, pooled)

    def _tokens(self, scene: Scene) -> tuple[Tensor, Tensor]:
        """Tokens (pixels, N, width) and which are seen (pixels, N); the first says where on Earth the pixel is."""
        trunk = self.trunk
        _, bands, dates, height, width = scene.values.shape
        assert scene.time is not None
        assert scene.location is not None
        x = scene.values.permute(0, 3, 4, 2, 1).reshape(-1, dates, bands)
        valid = scene.valid.permute(0, 3, 4, 2, 1).reshape(-1, dates, bands)
        pixels = height * width
        months = trunk.month_embed(month(scene.time)).repeat_interleave(pixels, dim=0)
        order = trunk.pos_embed[:, :dates].expand(len(x), -1, -1)
        place = trunk.latlon_embed(on_the_sphere(scene.location).to(x.dtype)).repeat_interleave(pixels, dim=0)[:, None]
        tokens, seen = [place], [torch.ones(len(x), 1, dtype=torch.bool, device=x.device)]
        for number, (name, of) in enumerate(GROUPS.items()):
            known = valid[..., list(of)].all(dim=-1)
            group = trunk.channel_embed.weight[number].expand(len(x), dates, -1)
            if name == "SRTM":
                # Heights stand still: one token, of the first date on which they are known.
                first = known.int().argmax(dim=1)
                still = x[torch.arange(len(x), device=x.device), first][:, list(of)]
                none = torch.zeros_like(group[:, 0])
                at = torch.cat([none, group[:, 0], none, none], dim=-1)
                tokens.append((trunk.eo_patch_embed[name](still) + at)[:, None])
                seen.append(known.any(dim=1, keepdim=True))
            else:
                tokens.append(trunk.eo_patch_embed[name](x[..., list(of)]) + torch.cat([months, group, order], dim=-1))
                seen.append(known)
        return torch.cat(tokens, dim=1), torch.cat(seen, dim=1)


_RULES = (Rule(r"encoder\.(.*)", r"\1"), Rule(r"decoder\..*", None, "the decoder of pretraining"))
PRESTO = Published(
    EncoderCard("presto", "Presto", BANDS, (SHAPE.width,) * 4, (1.0, 2.0, 4.0, 8.0), SHAPE.width, 8, "MIT",
                "Tseng et al. 2023, arXiv 2304.14065", "github.com/nasaharvest/presto: data/default_model.pt",
                dates=DATES, takes_time=True, takes_location=True, needs_time=True, needs_location=True, pixel_m=10.0),
    lambda card, _: Presto(card), r"encoder\.dw_embed\.weight", _RULES)
