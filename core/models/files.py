"""Opening a model file of any kind: checked first, understood as data, never run as code."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import InputError
from .card import ModelCard, Unknown, parse_json
from .deepness import card_from_deepness, is_deepness
from .ensemble import Ensemble, Network
from .mlm import MLM_KEY, card_from_mlm, is_mlm
from .onnx_file import OnnxFile, read_onnx
from .reach import Reach
from .safetensors_file import load_network, read_card
from .safetensors_file import save_network as _save
from .shapes import card_of_shapes

Format = Literal["onnx", "safetensors"]
SHIPPED = Path(__file__).parent / "cards"
BESIDE = (".json", ".stac.json", ".mlm.json")
MAX_CARD_BYTES = 8 * 2**20
_TORCH = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".bin", ".joblib")
_MAGIC = {
    b"PK\x03\x04": "a zip archive, as torch writes its checkpoints", b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle", b"\x80\x04": "a pickle", b"\x80\x05": "a pickle", b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b": "a gzip archive", b"version https://git-lfs": "a pointer of Git LFS and not the file itself",
    b"<": "a web page or XML", b"{": "JSON text", b"II*\0": "a TIFF image", b"MM\0*": "a TIFF image",
}
_NEEDED: dict[Unknown, str] = {
    "task": "what its values mean", "scaling": "how its input is scaled", "classes": "what its classes are called",
}


@dataclass(frozen=True)
class ModelFile:
    """A model file that has been checked, and what is known of it; ``reach``: how far it looks around a place;
    ``external``: other files that hold weights of it.
    """

    path: str
    card: ModelCard
    format: Format
    reach: Reach
    external: tuple[str, ...] = ()

    def network(self) -> Ensemble:
        """GeoLoop's own network, on the CPU: scaled bands (B, bands, H, W) to the mean over its members of class
        probabilities, or of values, (B, classes, H, W). Raises :class:`InputError` for an ONNX file.
        """
        if self.format != "safetensors":
            raise InputError(f"The model {self.path} is ONNX, not a network of GeoLoop's own; name a .safetensors "
                             "file.")
        return load_network(Path(self.path), self.card)

    def require(self, *needed: Unknown) -> None:
        """Raise :class:`InputError` if the card does not say one of these; the message says what to write where."""
        for what in needed:
            if what in self.card.unknown:
                raise InputError(
                    f"The model {self.path} does not say {_NEEDED[what]}; write {Path(self.path).stem}.json beside it, "
                    'either as STAC MLM or with Deepness\'s keys, such as {"model_type": "Segmentor", "class_names": '
                    '{"0": "background", "1": "building"}, "resolution": 10}.')


def open_model(path: str, card: str = "") -> ModelFile:
    """Check a model file and find its card; nothing in it is executed, no weight is computed with.

    ``card`` names a JSON file or a card that GeoLoop ships. For ONNX the first of these counts: ``card``; a JSON file
    of the same stem beside the model; the STAC item in the file's metadata; the Deepness plugin's keys there; else
    what the shapes tell. Raises :class:`InputError` for whatever is no model that GeoLoop runs.
    """
    model = _readable(path)
    suffix = model.suffix.lower()
    if suffix in _TORCH:
        raise _refuse_torch(path)
    _refuse_disguise(model, suffix)
    if suffix == ".safetensors":
        if card:
            raise InputError(f"The model {path} has its card in its own file; leave the card {card!r} out.")
        return ModelFile(str(model), read_card(model), "safetensors", Reach(None))
    if suffix == ".onnx":
        file = read_onnx(model)
        return ModelFile(str(model), _card_of(file, card), "onnx", file.reach, tuple(map(str, file.external)))
    raise InputError(f"The model {path} is neither .onnx nor .safetensors; export it as ONNX.")


def save_network(path: str | Path, networks: Sequence[Network], card: ModelCard) -> None:
    """Write GeoLoop's own networks with their card as safetensors; the file appears whole or not at all."""
    _save(path, networks, card)


def shipped_cards() -> tuple[str, ...]:
    """The names of the cards that GeoLoop ships."""
    return tuple(sorted(file.stem for file in SHIPPED.glob("*.json")))


def _readable(path: str) -> Path:
    model = Path(path)
    try:
        status = model.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"The model {path} is a folder; name the .onnx or .safetensors file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"The model {path} is no regular file; name an .onnx or .safetensors file.")
        if not status.st_size:
            raise InputError(f"The model {path} is empty; copy or export it again.")
        with model.open("rb"):
            return model
    except FileNotFoundError as error:
        raise InputError(f"There is no model {path}; name an .onnx or .safetensors file.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"The model {path!r} cannot be read ({error}); name a file you may read.") from error


def _refuse_torch(path: str) -> InputError:
    return InputError(f"The model {path} is a torch or pickle file, which can carry code; export it where it was made, "
                      "with torch.onnx.export(model, tile, 'model.onnx'), and give that file.")


def _refuse_disguise(model: Path, suffix: str) -> None:
    with model.open("rb") as file:
        start = file.read(32)
    length_of_a_header = suffix == ".safetensors" and start[3:8] == bytes(5)
    for magic, what in _MAGIC.items():
        if start.startswith(magic) and not length_of_a_header:
            raise InputError(f"The model {model} is {what}, whatever its name says; export it as ONNX and give that "
                             "file.")


def _card_of(file: OnnxFile, card: str) -> ModelCard:
    found = _named(card) if card else _beside(file.path)
    if found is not None:
        data = parse_json(_text(found), str(found))
        if is_mlm(data):
            return card_from_mlm(data, file, str(found))
        if is_deepness(data):
            return card_from_deepness(data, file)
        raise InputError(f"The card {found} is neither a STAC item with mlm: properties nor one with Deepness's keys; "
                         "give one that is.")
    return card_within(file)


def card_within(file: OnnxFile) -> ModelCard:
    """What an ONNX file tells of itself, by its metadata, else by its shapes. Raises :class:`InputError` where its
    metadata cannot be read.
    """
    embedded = file.metadata.get(MLM_KEY)
    if embedded is not None:
        where = f"{file.path} ({MLM_KEY})"
        return card_from_mlm(parse_json(embedded, where), file, where)
    if is_deepness(file.metadata):
        return card_from_deepness(file.metadata, file)
    return card_of_shapes(file)


def _named(card: str) -> Path:
    if card in shipped_cards():
        return SHIPPED / f"{card}.json"
    if Path(card).is_file():
        return Path(card)
    raise InputError(f"There is no card {card}; name a JSON file, or one that GeoLoop ships: "
                     f"{', '.join(shipped_cards())}.")


def _beside(model: Path) -> Path | None:
    return next((file for suffix in BESIDE if (file := model.with_name(model.stem + suffix)).is_file()), None)


def _text(card: Path) -> bytes:
    try:
        if card.stat().st_size > MAX_CARD_BYTES:
            raise InputError(f"The card {card} is larger than {MAX_CARD_BYTES // 2**20} MB; it is no model's card.")
        return card.read_bytes()
    except OSError as error:
        raise InputError(f"The card {card} cannot be read ({error}); name a file you may read.") from error
