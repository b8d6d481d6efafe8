"""GeoLoop's own model files: weights as safetensors, the card in the same file, all of it checked before it is used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from ..errors import InputError
from ..whole import written_whole
from .card import ModelCard, parse_json
from .ensemble import Ensemble, Network, build

CARD_KEY, FUSION_KEY = "geoloop_card", "geoloop_fusion"
MAX_HEADER = 8 * 2**20
_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def read_card(path: Path) -> ModelCard:
    """Read the card and check the whole header against it, without reading a weight."""
    header = _header(path)
    metadata = header.pop("__metadata__", {})
    text = metadata.get(CARD_KEY) if isinstance(metadata, dict) else None
    if text is None and isinstance(metadata, dict) and FUSION_KEY in metadata:
        raise InputError(f"The model {path} is a fusion network that geoloop:pretrain wrote: it judges features and "
                         "names no classes; give it to geoloop:flag or geoloop:loop, or go on with it in "
                         "geoloop:pretrain.")
    if not isinstance(text, str):
        raise InputError(f"The model {path} holds weights without GeoLoop's card; give a model that GeoLoop saved, or "
                         "the network as ONNX.")
    try:
        card = ModelCard.from_json(text)
        with torch.device("meta"):
            wanted = {name: tuple(tensor.shape) for name, tensor in build(card).state_dict().items()}
    except InputError as error:
        raise InputError(f"The model {path} cannot be used: {error}") from error
    _compare(path, wanted, {name: tuple(entry["shape"]) for name, entry in header.items()})
    return card


def load_network(path: Path, card: ModelCard) -> Ensemble:
    """The networks with their weights, on the CPU, ready to predict."""
    network = build(card)
    network.load_state_dict(load_file(path, device="cpu"), strict=True)
    return network.float().eval()


def save_network(path: str | Path, networks: Sequence[Network], card: ModelCard) -> None:
    """Write networks of one architecture and their card; the file appears whole or not at all.

    ``card.members`` must be the number of networks. Raises :class:`InputError` where the folder cannot be written.
    """
    ensemble = Ensemble(networks, probabilities=card.task == "segmentation")
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in ensemble.state_dict().items()}
    wanted = {name: tuple(tensor.shape) for name, tensor in build(card).state_dict().items()}
    _compare(Path(path), wanted, {name: tuple(tensor.shape) for name, tensor in tensors.items()})
    with written_whole(path) as draft:
        save_file(tensors, draft, metadata={CARD_KEY: card.to_json()})


def _compare(path: Path, wanted: dict[str, tuple[int, ...]], given: dict[str, tuple[int, ...]]) -> None:
    lacking, surplus = sorted(set(wanted) - set(given)), sorted(set(given) - set(wanted))
    if lacking or surplus:
        raise InputError(f"The model {path} does not hold the weights that its card describes: "
                         f"{'lacking' if lacking else 'too many'} is {(lacking or surplus)[0]!r}.")
    for name, shape in wanted.items():
        if given[name] != shape:
            raise InputError(f"The model {path} does not hold the weights that its card describes: {name!r} has the "
                             f"shape {given[name]} and not {shape}.")


def _header(path: Path) -> dict[str, Any]:
    """The header of a safetensors file: name to dtype, shape and byte range; checked to cover the file exactly."""
    broken = f"The model {path} is no whole safetensors file"
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or not 2 <= length <= min(MAX_HEADER, size - 8):
            raise InputError(f"{broken}: its header of {length} bytes does not fit; copy or export it again.")
        try:
            header = parse_json(file.read(length), str(path))
        except InputError as error:
            raise InputError(f"{broken}: its header is no JSON; copy or export it again.") from error
    if not isinstance(header, dict) or not all(isinstance(entry, dict) for entry in header.values()):
        raise InputError(f"{broken}: its header is no table of tensors; copy or export it again.")
    ranges = sorted(_range(entry, broken) for name, entry in header.items() if name != "__metadata__")
    ends = [0, *(end for _, end in ranges)]
    if [start for start, _ in ranges] != ends[:-1] or ends[-1] != size - 8 - length:
        raise InputError(f"{broken}: its tensors overlap or leave gaps; copy or export it again.")
    return header


def _range(entry: dict[str, Any], broken: str) -> tuple[int, int]:
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    numbers = [*shape, *offsets] if isinstance(shape, list) and isinstance(offsets, list) else [None]
    dtype = entry.get("dtype")
    if (len(numbers) > 10 or not isinstance(offsets, list) or len(offsets) != 2 or not isinstance(dtype, str)
            or dtype not in _BYTES or not all(type(number) is int and 0 <= number < 2**48 for number in numbers)):
        raise InputError(f"{broken}: a tensor of it is described wrongly; copy or export it again.")
    start, end = offsets
    if end - start != math.prod(shape or ()) * _BYTES[dtype]:
        raise InputError(f"{broken}: a tensor's size does not fit its shape; copy or export it again.")
    return start, end
