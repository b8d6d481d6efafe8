"""Opening an encoder for the bands of a user's imagery, with random weights or those of a public file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import torch

from ...errors import InputError
from ...sources.bands import Band
from .card import EncoderCard
from .checkpoint import Rule, State, fill, read_state, renamed
from .encoder import Encoder
from .filling import Filler
from .mapping import BandPolicy, map_bands
from .published import Published
from .registry import REGISTRY
from .units import measured_units

Network = TypeVar("Network", bound=Encoder)


def open_encoder(model: str, source: Sequence[Band], policy: BandPolicy | None = None, *, weights: str = "",
                 pixel_m: float | None = None, statistics: Sequence[tuple[float, float]] | None = None,
                 seed: int = 0) -> Encoder:
    """An encoder that takes images with the bands ``source``, on the CPU, in evaluation mode.

    ``model`` is a name of the registry (random weights unless ``weights`` names its public file), ``name:file``, or a
    public file alone where its keys fit one encoder only. ``pixel_m`` is the ground size of the imagery's pixels.
    ``statistics`` are mean and standard deviation of each band's stored values: encoders without bands of their own
    standardise by them; to others they tell in which units bands are stored that declare no scale (see ``assumed``).
    Raises :class:`InputError` for an unknown name, a file that does not fit, bands that the policy refuses, or units
    that cannot be told.
    """
    name, file = _named(model, weights)
    state = read_state(file, _places(name)) if file else None
    entry = known(name) if name else _recognised(file, state or {})
    encoder = _filled(entry, entry.build, entry.rules, len(source), state, file, seed)
    _connect(encoder, source, policy, statistics)
    encoder.pixel_m = pixel_m or encoder.pixel_m
    return encoder.eval()


def open_filler(model: str, source: Sequence[Band], policy: BandPolicy | None = None, *, weights: str = "",
                statistics: Sequence[tuple[float, float]] | None = None, seed: int = 0) -> Filler:
    """The network, decoder included, that fills gaps; see :func:`open_encoder`. Raises :class:`InputError` for an
    encoder without a decoder too.
    """
    name, file = _named(model, weights)
    state = read_state(file, _places(name)) if file else None
    entry = known(name) if name else _recognised(file, state or {})
    if entry.filler is None:
        able = ", ".join(sorted(name for name, one in REGISTRY.items() if one.filler))
        raise InputError(f"The encoder {entry.card.name} cannot say what a gap hides; {able} can.")
    filler = _filled(entry, entry.filler, entry.filler_rules, len(source), state, file, seed)
    _connect(filler, source, policy, statistics)
    return filler.eval()


def _connect(encoder: Encoder, source: Sequence[Band], policy: BandPolicy | None,
             statistics: Sequence[tuple[float, float]] | None) -> None:
    """Tell an encoder its bands and their units."""
    if encoder.card.bands and statistics:
        units = measured_units(source, statistics)
        source, encoder.assumed = units.bands, units.assumed
    encoder.connect(map_bands(encoder.card, source, policy), source, statistics)


def _filled(entry: Published, build: Callable[[EncoderCard, int], Network], rules: Sequence[Rule], bands: int,
            state: State | None, file: str, seed: int) -> Network:
    """A network with the weights of a file, or random ones."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(entry.card, bands)
    if state is not None:
        network.report = fill(network.get_submodule("trunk"), state, rules, file, entry.may_lack)
    return network


def known(name: str) -> Published:
    """The registry's entry of a name. Raises :class:`InputError` with the names there are."""
    if name not in REGISTRY:
        raise InputError(f"There is no encoder {name!r}; there are {', '.join(sorted(REGISTRY))}.")
    return REGISTRY[name]


def _named(model: str, weights: str) -> tuple[str, str]:
    """The name, empty where only a file is given, and the file."""
    if model in REGISTRY:
        return model, weights
    name, colon, file = model.partition(":")
    if colon and name in REGISTRY:
        return name, file
    if Path(model).suffix or Path(model).exists():
        return "", model
    return known(model).card.name, weights


def _places(name: str) -> tuple[str, ...]:
    entries = [REGISTRY[name]] if name else list(REGISTRY.values())
    return tuple(dict.fromkeys(place for entry in entries for place in entry.within))


def _recognised(file: str, state: State) -> Published:
    """The only encoder whose keys and shapes a file has."""
    fitting = [entry for entry in REGISTRY.values() if entry.card.bands and _fits(entry, state)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InputError(f"The file {file} fits no encoder that GeoLoop knows; write NAME:{file} to see what is "
                         f"lacking for one of {', '.join(sorted(REGISTRY))}.")
    names = ", ".join(entry.card.name for entry in fitting)
    raise InputError(f"The file {file} fits several encoders, which scale their bands differently: {names}; write "
                     f"which one it is, as {fitting[0].card.name}:{file}.")


def _fits(entry: Published, state: State) -> bool:
    if not any(re.fullmatch(entry.mark, key) for key in state):
        return False
    with torch.device("meta"):
        wanted = entry.build(entry.card, len(entry.card.bands)).get_submodule("trunk").state_dict()
    given, _ = renamed(state, entry.rules)
    return set(given) <= set(wanted) and all(value.shape == wanted[key].shape for key, value in given.items()) and len(
        given) > len(wanted) // 2
