"""A model as ONNX with all its metadata, written only if it says what the original says."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from ..errors import EngineError, InputError
from ..whole import written_whole
from .card import ModelCard
from .deepness import KEYS, RGB
from .ensemble import Ensemble
from .files import ModelFile, card_within
from .mlm import MLM_KEY
from .mlm_write import write_mlm
from .onnx_file import load_checked, read_onnx

OPSET = 17
TOLERANCE = 1e-4
"""In probability, or in shares of the largest value."""
IMAGE = ("image", "answer")
"""Names within a network that is asked image by image."""
_MODEL_TYPES = {"segmentation": "Segmentor", "regression": "Regressor", "embedding": "Recognition"}

Tile = NDArray[np.float32]


def export_onnx(model: ModelFile, output: str | Path, tiles: Sequence[Tile] = ()) -> float:
    """Write a model as ONNX with its STAC item under ``stac_mlm`` and, where they apply, the Deepness plugin's keys.

    A network of GeoLoop's own takes scaled bands (N, bands, H, W) and returns the mean over its members, N free, H and
    W if its card fixes no side. It is compared with torch on ``tiles``, bands as stored (bands, H, W) of sides that the
    network takes, or on random ones, with gaps where the card knows gaps. Of a model that is ONNX already only the
    metadata is written anew, with weights of other files taken in; Deepness's keys of a file whose card now says
    something else go. Returns the largest difference (0 for ONNX). Raises :class:`InputError` where the file cannot be
    written or the card lacks what its metadata must say, :class:`EngineError` for a difference above ``TOLERANCE``;
    then nothing is written.
    """
    output = Path(output)
    if output.suffix.lower() != ".onnx":
        raise InputError(f"The output {output} must end in .onnx.")
    model.require("task", "scaling")
    network = model.network() if model.format == "safetensors" else None
    proto = _converted(network, model.card) if network is not None else _taken_in(Path(model.path))
    _describe(proto, model.card, output, () if network is not None or _tells(model) else KEYS)
    with written_whole(output) as draft:
        try:
            onnx.save(proto, draft)
        except (OSError, ValueError) as error:
            raise InputError(f"The model {output} cannot be written ({error}); choose a folder you may write to, and a "
                             "model below 2 GB.") from error
        read_onnx(draft)
        difference = 0.0 if network is None else _difference(network, model.card, draft, tiles)
        if difference > TOLERANCE:
            raise EngineError(f"The exported model differs from {model.path} by {difference:.2g}, more than "
                              f"{TOLERANCE:g}; it was not written.")
    return difference


def deepness_metadata(card: ModelCard) -> dict[str, str]:
    """The Deepness plugin's keys as JSON texts; empty where its convention cannot say what the card says.

    It knows one input of 8-bit values, divided by 255 and then standardised, and outputs that are probabilities.
    """
    one = card.inputs[0]
    constants = _over_255(card)
    plain = all(output.activation == "none" and output.layout in ("NCHW", "NHW", "NC") for output in card.outputs)
    if constants is None or len(card.inputs) > 1 or one.layout != "NCHW" or not plain or card.task not in _MODEL_TYPES:
        return {}
    mean, deviation = constants
    keys: dict[str, Any] = {"model_type": _MODEL_TYPES[card.task], "standardization_mean": mean,
                            "standardization_std": deviation, "reg_output_scaling": card.outputs[0].scale}
    if card.task == "segmentation":
        names = [[label.name for label in output.classes] for output in card.outputs]
        keys["class_names"] = [dict(enumerate(["background", *some] if len(some) == 1 else some)) for some in names]
    optional = {"resolution": card.resolution_m and card.resolution_m * 100, "seg_thresh": card.threshold,
                "tiles_overlap": None if card.overlap is None else round(card.overlap * 100),
                "seg_small_segment": card.smallest_px, "tiles_size": one.side}
    keys |= {name: value for name, value in optional.items() if value is not None}
    return {name: json.dumps(value, ensure_ascii=False) for name, value in keys.items()}


def _over_255(card: ModelCard) -> tuple[list[float], list[float]] | None:
    """Means and deviations of values over 255; None if that is not how the card scales."""
    one = card.inputs[0]
    rgb = [channel.name for channel in one.channels] == [channel.name for channel in RGB]
    if one.stored_as != "uint8" or not (rgb or not any(channel.name for channel in one.channels)):
        return None
    steps = list(one.scaling.steps)
    factor = 1.0
    if steps and steps[0].kind == "scale" and set(steps[0].value) == {255.0}:
        factor, steps = 255.0, steps[1:]
    count = len(one.channels)
    if steps and steps[0].kind == "z-score":
        mean, deviation = (np.broadcast_to(values, count) * factor / 255 for values in (steps[0].mean, steps[0].stddev))
        steps = steps[1:]
    elif factor == 255.0:
        mean, deviation = np.zeros(count), np.ones(count)
    else:
        return None
    for step in steps:
        lowest, highest = -mean / deviation, (1 - mean) / deviation
        if step.kind != "clip" or np.any(lowest < step.minimum) or np.any(highest > step.maximum):
            return None
    return mean.tolist(), deviation.tolist()


def _converted(network: Ensemble, card: ModelCard) -> Any:
    one, out = card.inputs[0], card.outputs[0]
    side = one.side or 2 * one.multiple * max(1, 32 // one.multiple)
    example = torch.zeros(1, len(one.channels), side, side)
    free = {} if card.tuned is not None else {0: "batch"} if one.side else {0: "batch", 2: "height", 3: "width"}
    names = IMAGE if card.tuned is not None else (one.name, out.name)
    with TemporaryDirectory() as folder, _silenced(), torch.inference_mode():
        path = Path(folder) / "network.onnx"
        try:
            torch.onnx.export(network, (example,), path, dynamo=False, opset_version=OPSET, input_names=[names[0]],
                              output_names=[names[1]], dynamic_axes={names[0]: free, names[1]: free})
        except (torch.onnx.errors.OnnxExporterError, RuntimeError, TypeError) as error:
            what = card.tuned.encoder if card.tuned is not None else card.architecture
            raise InputError(f"A network of the kind {what} has steps that ONNX {OPSET} has no operator for; hand on "
                             "its .safetensors file instead.") from error
        proto = onnx.load(path)
    return _over_images(proto, one.name, out.name) if card.tuned is not None else proto


def _over_images(proto: Any, given: str, said: str) -> Any:
    """A network of one image as one of any number, image by image: what encoders make of an image depends on it alone,
    but their export fixes how many there are.
    """
    graph = proto.graph
    first = onnx.helper.make_tensor("first_axis", onnx.TensorProto.INT64, [1], [0])
    nodes = [onnx.helper.make_node("Unsqueeze", ["one_given", "first_axis"], [IMAGE[0]]), *graph.node,
             onnx.helper.make_node("Squeeze", [IMAGE[1], "first_axis"], ["one_said"])]
    ends = []
    for value, own, whole in ((graph.input[0], "one_given", given), (graph.output[0], "one_said", said)):
        sides = [axis.dim_value for axis in value.type.tensor_type.shape.dim][1:]
        ends.append([onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)
                     for name, shape in ((own, sides), (whole, ["batch", *sides]))])
    body = onnx.helper.make_graph(nodes, "image", [ends[0][0]], [ends[1][0]], [first, *graph.initializer])
    scan = onnx.helper.make_node("Scan", [given], [said], body=body, num_scan_inputs=1)
    whole = onnx.helper.make_graph([scan], graph.name, [ends[0][1]], [ends[1][1]])
    return onnx.helper.make_model(whole, ir_version=proto.ir_version, opset_imports=proto.opset_import)


def _taken_in(path: Path) -> Any:
    """An ONNX model with the weights of its other files in it."""
    proto = load_checked(path)
    onnx.load_external_data_for_model(proto, str(path.parent))
    return proto


def _tells(model: ModelFile) -> bool:
    """Whether an ONNX file tells of itself what its card says: nobody has given it another."""
    try:
        return card_within(read_onnx(Path(model.path))) == model.card
    except InputError:
        return False


def _describe(proto: Any, card: ModelCard, output: Path, stale: Sequence[str]) -> None:
    """Write what a card says into a model, in place of its ``stale`` keys."""
    kept = {entry.key: entry.value for entry in proto.metadata_props if entry.key not in stale}
    item = json.dumps(write_mlm(card, f"./{output.name}"), ensure_ascii=False, allow_nan=False)
    onnx.helper.set_model_props(proto, kept | deepness_metadata(card) | {MLM_KEY: item})


def _difference(network: Ensemble, card: ModelCard, path: Path, tiles: Sequence[Tile]) -> float:
    """The largest difference between torch and onnxruntime, in shares of the largest value if that is above 1."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    one = card.inputs[0]
    batches = [one.scaling(tile)[None] for tile in tiles] or _random_batches(card)
    worst = 0.0
    for x in batches:
        x = np.ascontiguousarray(x if one.gaps == "missing" else np.nan_to_num(x))
        with torch.inference_mode():
            expected = network(torch.from_numpy(x)).numpy()
        given = session.run(None, {one.name: x})[0]
        if given.shape != expected.shape:
            raise EngineError(f"The exported model returns the shape {given.shape} and not {expected.shape}; it was "
                              "not written.")
        gap = float(np.abs(given - expected).max() / max(1.0, np.abs(expected).max()))
        worst = max(worst, gap if np.isfinite(gap) else np.inf)
    return worst


def _random_batches(card: ModelCard) -> list[Tile]:
    """Scaled bands of several sizes, as far as none is fixed: the sizes of an export must really be free. Of a network
    that knows gaps, with a corner of the first image in half of its channels, all of its second, and nothing of the
    third unseen.
    """
    rng = np.random.default_rng(0)
    one = card.inputs[0]
    channels, multiple, side = len(one.channels), one.multiple, one.side
    if side:
        batches = [rng.normal(0, 2, (batch, channels, side, side)).astype(np.float32) for batch in (1, 3)]
        if one.gaps == "missing":
            batches[1][0, :max(1, channels // 2), :side // 2, :side // 2] = np.nan
            batches[1][1] = np.nan
        return batches
    unit = multiple * max(1, 16 // multiple)
    return [rng.normal(0, 2, (batch, channels, high * unit, wide * unit)).astype(np.float32)
            for batch, high, wide in ((1, 4, 4), (3, 2, 5), (2, 1, 1))]


@contextmanager
def _silenced() -> Iterator[None]:
    """Without the exporter's own warnings: what matters of them is checked on the file that comes out."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
