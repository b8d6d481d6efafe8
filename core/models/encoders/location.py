"""Where on Earth a place is, as a vector: spherical harmonics and a network of sines (SatCLIP, Klemmer et al. 2023,
arXiv 2311.17179; Rußwurm et al. 2023, arXiv 2310.06743; Sitzmann et al. 2020, arXiv 2006.09661).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from ...errors import InputError
from .checkpoint import KeyReport, Rule, fill, read_state

WIDTH, HIDDEN, LAYERS = 256, 512, 2
FIRST_PITCH = 30.0
"""What the first layer's sums are multiplied by before the sine; later ones by 1."""


def harmonics(location: Tensor, degrees: int) -> Tensor:
    """The real spherical harmonics of latitudes and longitudes in degrees (B, 2), up to ``degrees`` (excluded): (B,
    degrees²), in double precision, by degree l and within it by order m from -l to l.

    As SatCLIP's weights were trained with them: the zonal ones (m = 0) are π times what is usual, the sign that depends
    on the order alone (Condon and Shortley) is left out, and the polar angle runs from the south pole.
    """
    latitude, longitude = location.double().unbind(-1)
    along, polar = torch.deg2rad(longitude + 180), torch.deg2rad(latitude + 90)
    x, y = polar.cos(), polar.sin()
    zero = torch.zeros_like(x)
    # Normalised associated Legendre functions, by the recurrence in l for each m, which stays accurate at any degree.
    table: list[list[Tensor]] = [[zero] * degrees for _ in range(degrees)]
    for m in range(degrees):
        if m == 0:
            table[0][0] = torch.full_like(x, math.sqrt(1 / (4 * math.pi)))
        else:
            table[m][m] = math.sqrt((2 * m + 1) / (2 * m)) * y * table[m - 1][m - 1]
        for l in range(m + 1, degrees):  # noqa: E741
            one = math.sqrt((4 * l * l - 1) / (l * l - m * m))
            two = math.sqrt(((l - 1) ** 2 - m * m) / (4 * (l - 1) ** 2 - 1)) if l > m + 1 else 0.0
            table[l][m] = one * (x * table[l - 1][m] - two * (table[l - 2][m] if l > m + 1 else zero))
    turned = [((m * along).sin() * math.sqrt(2), (m * along).cos() * math.sqrt(2)) for m in range(degrees)]
    said = [table[l][abs(m)] * (math.pi if m == 0 else turned[abs(m)][0 if m < 0 else 1])
            for l in range(degrees) for m in range(-l, l + 1)]  # noqa: E741
    return torch.stack(said, dim=-1)


class Sines(nn.Module):
    """Layers whose activation is a sine, and a last one without. Drawn so that sums keep their variance."""

    def __init__(self, inside: int, hidden: int, out: int, layers: int) -> None:
        super().__init__()
        widths = [inside] + [hidden] * layers
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in pairwise(widths)])
        self.last_layer = nn.Linear(hidden, out)
        for number, layer in enumerate([*self.layers, self.last_layer]):
            reach = 1 / inside if number == 0 else math.sqrt(6 / hidden)
            for weight in layer.parameters():
                nn.init.uniform_(weight, -reach, reach)

    def forward(self, x: Tensor) -> Tensor:
        for number, layer in enumerate(self.layers):
            x = torch.sin((FIRST_PITCH if number == 0 else 1.0) * layer(x))
        y: Tensor = self.last_layer(x)
        return y


@dataclass(frozen=True)
class LocationCard:
    """A location encoder: its name, ``degrees`` of its harmonics, the width of its vectors, and its origin."""

    name: str
    title: str
    degrees: int
    width: int
    licence: str
    publication: str
    weights_from: str


class LocationEncoder(nn.Module):
    """Latitudes and longitudes in degrees (B, 2) to vectors (B, width)."""

    def __init__(self, card: LocationCard) -> None:
        super().__init__()
        self.card = card
        self.report: KeyReport | None = None
        self.trunk = Sines(card.degrees**2, HIDDEN, card.width, LAYERS)

    def forward(self, location: Tensor) -> Tensor:
        if location.ndim != 2 or location.shape[1] != 2:
            raise ValueError(f"Locations are (B, 2): latitude and longitude, not {tuple(location.shape)}.")
        weight = self.trunk.last_layer.weight
        y: Tensor = self.trunk(harmonics(location, self.card.degrees).to(weight.dtype))
        return y


SATCLIP = tuple(
    LocationCard(f"satclip_{images.lower()}_l{degrees}", f"SatCLIP {images} L{degrees}", degrees, WIDTH, "MIT",
                 "Klemmer et al. 2023, arXiv 2311.17179",
                 f"hf.co/microsoft/SatCLIP-{images}-L{degrees}: satclip-{images.lower()}-l{degrees}.ckpt")
    for images in ("ResNet18", "ResNet50", "ViT16") for degrees in (10, 40))
PLAIN = LocationCard("sphere", "spherical harmonics and sines", 10, WIDTH, "none needed: it is trained from nothing",
                     "Rußwurm et al. 2023, arXiv 2310.06743", "")
LOCATIONS: dict[str, LocationCard] = {card.name: card for card in (PLAIN, *SATCLIP)}
_RULES = (Rule(r"(?:model\.)?location\.nnet\.(.*)", r"\1"),
          Rule(r"(?:model\.)?(visual\..*|logit_scale)", None, "the image's half of pretraining"))


def open_location_encoder(name: str, *, weights: str = "", seed: int = 0) -> LocationEncoder:
    """A location encoder, on the CPU, in evaluation mode: ``name`` is one of :data:`LOCATIONS`, or ``name:file``.

    Without a file its weights are random. Raises :class:`InputError` for an unknown name or a file that does not fit.
    """
    plain, colon, file = name.partition(":")
    if plain not in LOCATIONS:
        raise InputError(f"There is no location encoder {plain!r}; there are {', '.join(sorted(LOCATIONS))}.")
    file = file if colon else weights
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        encoder = LocationEncoder(LOCATIONS[plain])
    if file:
        state = read_state(Path(file), ("state_dict",))
        encoder.report = fill(encoder.trunk, state, _RULES, file)
    return encoder.eval()
