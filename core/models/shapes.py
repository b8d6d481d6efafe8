"""What the shapes of an ONNX file tell of a model, where nobody has written anything down."""

from __future__ import annotations

from ..errors import InputError
from .axes import layout_of
from .card import Channel, ClassLabel, ModelCard, ModelInput, ModelOutput, OutputLayout, Task, Unknown
from .onnx_file import Ending, OnnxFile, OnnxValue

MAX_SIDE = 16384


def card_of_shapes(file: OnnxFile) -> ModelCard:
    """The card of a model that says nothing of itself: layout, sizes, channels, and the task where it shows.

    An output that comes from a softmax or a sigmoid makes it a segmentation, one vector a tile an embedding; any other
    is taken for values, its task listed as unknown. Scaling is always unknown, classes are numbered. Raises
    :class:`InputError` for shapes that are no image's or not square.
    """
    inputs = tuple(_input(value, file) for value in file.inputs)
    task, unknown = _task(file)
    outputs = tuple(output_of_shape(value, ending, task, inputs[0], file)
                    for value, ending in zip(file.outputs, file.endings, strict=True))
    return ModelCard(name=file.path.stem, architecture="", task=task, inputs=inputs, outputs=outputs, unknown=unknown)


def _task(file: OnnxFile) -> tuple[Task, tuple[Unknown, ...]]:
    if all(len(value.shape) == 2 for value in file.outputs):
        return "embedding", ("scaling",)
    if all(file.endings):
        return "segmentation", ("scaling", "classes")
    return "regression", ("task", "scaling")


def _input(value: OnnxValue, file: OnnxFile) -> ModelInput:
    if len(value.shape) != 4:
        raise InputError(f"The model {file.path} has the input {value.name!r} with {len(value.shape)} axes; GeoLoop "
                         "runs models that take batch, channels, height and width.")
    layout = layout_of(value.shape)
    channels, height, width = value.shape[1:] if layout == "NCHW" else (value.shape[3], *value.shape[1:3])
    if channels is None:
        raise InputError(f"The model {file.path} does not say how many channels its input {value.name!r} has; export "
                         "it again with that number fixed.")
    if height and width and height != width:
        raise InputError(f"The model {file.path} takes tiles of {width} × {height} pixels; GeoLoop runs models whose "
                         "tiles are square or of any size.")
    if max(height or 0, width or 0) > MAX_SIDE:
        raise InputError(f"The model {file.path} takes tiles of {height or width} pixels; at most {MAX_SIDE} are run.")
    return ModelInput(value.name, (Channel(),) * channels, layout=layout, side=height or width, batch=value.shape[0],
                      stored_as="uint8" if value.dtype == "uint8" else "")


def output_of_shape(value: OnnxValue, ending: Ending, task: Task, first: ModelInput, file: OnnxFile) -> ModelOutput:
    """One output by its shape; ``first`` is the input whose grid the output is on."""
    if task == "detection":
        return ModelOutput(value.name, layout="boxes")
    layouts: dict[int, OutputLayout] = {2: "NC", 3: "NHW", 4: first.layout}
    layout = layouts.get(len(value.shape), "boxes")
    if layout == "boxes" or (layout == "NC" and task == "segmentation"):
        raise InputError(f"The model {file.path} has the output {value.name!r} with {len(value.shape)} axes, which is "
                         f"no {task} of pixels; GeoLoop runs models whose outputs are images.")
    channels = {"NC": value.shape[-1], "NHW": 1, "NCHW": value.shape[1], "NHWC": value.shape[-1]}[layout]
    if channels is None:
        raise InputError(f"The model {file.path} does not say how many channels its output {value.name!r} has; export "
                         "it again with that number fixed.")
    if task == "embedding":
        return ModelOutput(value.name, layout=layout)
    labels = numbered(channels) if task == "segmentation" else tuple(
        ClassLabel(index, f"value {index + 1}") for index in range(channels))
    return ModelOutput(value.name, classes=labels, layout=layout)


def numbered(channels: int) -> tuple[ClassLabel, ...]:
    """Classes without names; a single channel is class 1 against background."""
    return (ClassLabel(1, "class 1"),) if channels == 1 else tuple(
        ClassLabel(index, f"class {index}") for index in range(channels))
