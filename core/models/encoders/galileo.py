"""Galileo (Tseng et al. 2025, arXiv 2502.09356): radar, optical, heights and place, of any dates, in one transformer.

Bands come in groups, and each group of a patch on a date is a token; a group that is lacking or under clouds is simply
left out. Names of layers are those of the published files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...sources.scenes import SENTINEL_2
from .card import BandSpec, EncoderCard
from .checkpoint import Rule
from .encoder import Encoder, Features, Scene, weighed
from .positions import month, on_the_sphere, sines
from .published import Published
from .transformer import TransformerShape, blocks, by_patch, mostly, pyramid, run, unseen_dropped

KERNEL, PATCH, DATES, GROUND_M = 8, 4, 24, 10.0
"""Patches were learnt 8 pixels wide and are resized; 4 are used here. A token of 1 pixel of 10 m has the distance 1."""

# Numbers of the bands of a card, by the group whose token they make.
OVER_TIME = {"S1": (0, 1), "S2_RGB": (2, 3, 4), "S2_Red_Edge": (5, 6, 7), "S2_NIR_10m": (8,), "S2_NIR_20m": (9,),
             "S2_SWIR": (10, 11), "NDVI": (12,)}
STILL = {"SRTM": (13, 14)}
# Groups of the published file that no imagery has; their layers are kept so that the file fits, and are not used.
_SPACE = {"SRTM": 2, "DW": 9, "WC": 5}
_TIME = {"ERA5": 2, "TC": 3, "VIIRS": 1}
_STATIC = {"LS": 1, "location": 3, "DW_static": 9, "WC_static": 5}

# Mean and standard deviation over the training set: config/normalization.json of github.com/nasaharvest/galileo. Values
# within two deviations are brought to 0 … 1.
_BANDS = (
    ("VV", -11.728724389184965, 4.887145774840316), ("VH", -18.85558188024017, 5.730270320384293),
    ("B02", 1395.3408730676722, 917.7041440370853), ("B03", 1338.4026921784578, 913.2988423581528),
    ("B04", 1343.09883810357, 1092.678723527555), ("B05", 1543.8607982512297, 1047.2206083460424),
    ("B06", 2186.2022069512263, 1048.0101611156767), ("B07", 2525.0932853316694, 1143.6903026819996),
    ("B08", 2410.3377187373408, 1098.979177731649), ("B8A", 2750.2854646886753, 1204.472755085893),
    ("B11", 2234.911100061487, 1145.9774063078878), ("B12", 1474.5311266077113, 980.2429840007796),
)
_HEIGHTS = (("elevation", 673.0152819503361, 983.0697298296237), ("slope", 5.930092668915115, 8.167406789813247))


def _spec(name: str, mean: float, deviation: float) -> BandSpec:
    light = SENTINEL_2.get(name)
    group = next((g for g, members in OVER_TIME.items() if name in [_BANDS[i][0] for i in members if i < 12]), "SRTM")
    return BandSpec(name, light, mean - 2 * deviation, 4 * deviation, scale=1.0 if light is None else 1e4, group=group,
                    optional=True)


BANDS = (*(_spec(*one) for one in _BANDS), BandSpec("NDVI", ratio=("B08", "B04"), optional=True),
         *(_spec(*one) for one in _HEIGHTS))


@cache
def _resizing(side: int) -> Tensor:
    """The matrix that resizes a kernel of 8 × 8 pixels to ``side`` × ``side``: the pseudo-inverse of the resizing of an
    image, so that tokens of resized patches stay what they were (FlexiViT, Beyer et al. 2023, arXiv 2212.08013).
    """
    with torch.inference_mode(False), torch.no_grad():  # kept: it must serve learning, too
        units = torch.eye(KERNEL**2).view(-1, 1, KERNEL, KERNEL)
        enlarged = F.interpolate(units, (side, side), mode="bicubic", antialias=True).flatten(1)
        resizing: Tensor = torch.linalg.pinv(enlarged)
    return resizing


class Patches(nn.Module):
    """The layer that makes a token of a patch of one group of bands."""

    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(bands, width, KERNEL, KERNEL)

    def forward(self, x: Tensor, side: int) -> Tensor:
        """Images (N, bands, H, W) to tokens (N, H / side, W / side, width)."""
        weight = self.proj.weight
        if side != KERNEL:
            matrix = _resizing(side).to(weight)
            weight = (weight.flatten(2) @ matrix.T).unflatten(2, (side, side))
        return F.conv2d(x, weight, self.proj.bias, stride=side).permute(0, 2, 3, 1)


class GalileoTrunk(nn.Module):
    """The network of the published files. A quarter of a token's width each says: group, order, month, place."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        width, quarter = shape.width, shape.width // 4
        self.quarter = quarter
        self.blocks = blocks(shape, split=True)
        self.norm = nn.LayerNorm(width)
        order = sines(torch.arange(DATES), _slow(quarter))
        turn = torch.arange(12) * (2 * torch.pi / 12)
        months = torch.cat([turn.sin()[:, None].expand(-1, quarter // 2), turn.cos()[:, None].expand(-1, quarter // 2)],
                           dim=1)
        self.pos_embed = nn.Parameter(order, requires_grad=False)
        self.month_embed = nn.Embedding.from_pretrained(months, freeze=True)
        self.s_t_channel_embed = nn.Parameter(torch.zeros(len(OVER_TIME), quarter))
        self.sp_channel_embed = nn.Parameter(torch.zeros(len(_SPACE), quarter))
        self.t_channel_embed = nn.Parameter(torch.zeros(len(_TIME), quarter))
        self.st_channel_embed = nn.Parameter(torch.zeros(len(_STATIC), quarter))
        self.space_time_embed = nn.ModuleDict({name: Patches(len(of), width) for name, of in OVER_TIME.items()})
        self.space_embed = nn.ModuleDict({name: Patches(count, width) for name, count in _SPACE.items()})
        self.time_embed = nn.ModuleDict({name: nn.Linear(count, width) for name, count in _TIME.items()})
        self.static_embed = nn.ModuleDict({name: nn.Linear(count, width) for name, count in _STATIC.items()})


def _slow(quarter: int) -> Tensor:
    """The frequencies of Galileo's positions, which fall half as far as is usual: 1 to almost 10⁻¹."""
    return 10_000.0 ** -(torch.arange(quarter // 2) / quarter / 2)


class Galileo(Encoder):
    """Galileo as an encoder: the maps hold, for each patch, the mean over its tokens; the vector the mean over all."""

    def __init__(self, card: EncoderCard, shape: TransformerShape) -> None:
        super().__init__(card)
        self.trunk = GalileoTrunk(shape)

    def encode(self, scene: Scene) -> Features:
        """See :meth:`Encoder.encode`. A patch counts where at least half of its pixels are seen."""
        tokens, seen, patch = self._tokens(scene)
        batch, (height, width) = len(tokens), (side // PATCH for side in scene.size)
        x, mask, kept = unseen_dropped(tokens, seen)
        here, patch = seen[:, kept].to(x.dtype), patch[kept]
        levels = []
        for level in run(self.trunk.blocks, x, mask):
            levels.append(by_patch(self.trunk.norm(level), here, patch, height * width).unflatten(2, (height, width)))
        pooled = weighed(self.trunk.norm(level), here[..., None])
        return Features(pyramid(levels), pooled.view(batch, -1))

    def _tokens(self, scene: Scene) -> tuple[Tensor, Tensor, Tensor]:
        """Tokens (B, N, width), which are seen (B, N), and of which patch each is (N,); -1: of all."""
        trunk, values, valid = self.trunk, scene.values, scene.valid
        batch, _, dates, height, width = values.shape
        rows, columns = height // PATCH, width // PATCH
        tokens, seen, patches = [], [], []
        place = torch.arange(rows * columns, device=values.device)
        assert scene.time is not None
        when = torch.cat([trunk.pos_embed[:dates].expand(batch, -1, -1), trunk.month_embed(month(scene.time))], dim=-1)
        where = self._where(rows, columns).to(values)
        for number, (name, of) in enumerate(OVER_TIME.items()):
            flat = values[:, list(of)].transpose(1, 2).flatten(0, 1)
            token = trunk.space_time_embed[name](flat, PATCH).view(batch, dates, rows * columns, -1)
            group = trunk.s_t_channel_embed[number].expand(batch, dates, rows * columns, -1)
            at = torch.cat([group, when[:, :, None].expand(-1, -1, rows * columns, -1),
                            where.expand(batch, dates, -1, -1)], dim=-1)
            tokens.append((token + at).flatten(1, 2))
            seen.append(mostly(valid[:, list(of)].all(dim=1), PATCH).flatten(1))
            patches.append(place.repeat(dates))
        for number, (name, of) in enumerate(STILL.items()):
            # What stands still is looked at once: the mean over the dates on which it is seen.
            known = valid[:, list(of)].to(values.dtype)
            still = (values[:, list(of)] * known).sum(dim=2) / known.sum(dim=2).clamp(min=1)
            token = trunk.space_embed[name](still, PATCH).flatten(1, 2)
            group = trunk.sp_channel_embed[number].expand(batch, rows * columns, -1)
            none = torch.zeros(batch, rows * columns, 2 * trunk.quarter, device=values.device, dtype=values.dtype)
            tokens.append(token + torch.cat([group, none, where.expand(batch, -1, -1)], dim=-1))
            seen.append(mostly(valid[:, list(of)].all(dim=1).any(dim=1, keepdim=True), PATCH).flatten(1))
            patches.append(place)
        if scene.location is not None:
            token = trunk.static_embed["location"](on_the_sphere(scene.location).to(values.dtype))
            group = F.pad(trunk.st_channel_embed[1], (0, 3 * trunk.quarter))
            tokens.append((token + group)[:, None])
            seen.append(torch.ones(batch, 1, dtype=torch.bool, device=values.device))
            patches.append(torch.full((1,), -1, device=values.device))
        return torch.cat(tokens, dim=1), torch.cat(seen, dim=1), torch.cat(patches)

    def _where(self, rows: int, columns: int) -> Tensor:
        """Places of patches (rows × columns, quarter), by metres."""
        step = self.pixel_m * PATCH / GROUND_M
        y, x = torch.meshgrid(torch.arange(rows) * step, torch.arange(columns) * step, indexing="ij")
        frequency = _slow(self.trunk.quarter // 2)
        return torch.cat([sines(x.flatten(), frequency), sines(y.flatten(), frequency)], dim=-1)


@dataclass(frozen=True)
class _Size:
    name: str
    shape: TransformerShape


# config/models of the repository.
_SIZES = (_Size("nano", TransformerShape(128, 4, 8, eps=1e-5)), _Size("tiny", TransformerShape(192, 12, 3, eps=1e-5)),
          _Size("base", TransformerShape(768, 12, 12, eps=1e-5)))


def _entry(size: _Size) -> Published:
    width = size.shape.width
    card = EncoderCard(
        f"galileo_{size.name}", f"Galileo {size.name}", BANDS, (width,) * 4, (1.0, 2.0, 4.0, 8.0), width, 8, "MIT",
        "Tseng et al. 2025, arXiv 2502.09356", f"hf.co/nasaharvest/galileo: models/{size.name}/encoder.pt", dates=DATES,
        takes_time=True, takes_location=True, needs_time=True, pixel_m=GROUND_M)
    return Published(card, lambda card, _: Galileo(card, size.shape), "s_t_channel_embed",
                     (Rule(r"(.*)\.backbone(\..*)", r"\1\2"),))


GALILEO = tuple(_entry(size) for size in _SIZES)
