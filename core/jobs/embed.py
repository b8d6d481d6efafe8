"""What an encoder sees in each block of ground or in each feature: vectors, what is like a feature, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import InputError
from ..feedback import Feedback
from .inputs import ExtentInput, RasterInput, VectorInput, by_name
from .layers import CACHE_MB

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..embedding.embedder import Embedder
    from ..embedding.surface import Surface
    from ..inference.device import Device
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.vectors import Features

RASTERS, VECTORS = (".tif", ".tiff"), (".gpkg",)
SMOOTH, NOISE = 0.7, 0.2
"""Moran's I from which on a component is smooth over the ground, and below which it is close to noise."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """``model`` is an encoder's name with the file of its public weights, ``NAME:FILE``, or such a file. ``block`` is
    the side of a block in pixels (0: the encoder's coarsest cells), ``components`` how many are kept of its vectors.

    ``task``: ``embed`` writes the components; ``similar`` how like each block or feature is to the features of ``map``
    that the SQL condition ``like`` picks; ``cluster`` which of ``clusters`` groups it belongs to. An ``output`` that
    ends in .tif is a raster of blocks, one in .gpkg the features of ``map`` with attributes. ``location`` is the name
    of a location encoder (or ``NAME:FILE``) whose components are added to a raster of ``embed``.
    """

    imagery: tuple[RasterInput, ...]
    model: str
    map: VectorInput | None = None
    task: Literal["embed", "similar", "cluster"] = "embed"
    like: str = ""
    clusters: int = 8
    components: int = 16
    block: int = 0
    location: str = ""
    missing: Literal["refuse", "mean"] = "refuse"
    extent: ExtentInput | None = None
    seed: int = 0
    device: str = "auto"
    allow_ballpark: bool = False
    output: str


def run(params: Params, feedback: Feedback) -> dict[str, Any]:
    """Write what is asked for; return its path, and Moran's I of each component."""
    from dataclasses import replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from ..embedding.surface import groups, morans_i, of_features, write_groups, write_likeness
    from ..inference.device import choose_device
    from ..sources.block_cache import start_small
    from ..sources.conditions import check_columns
    from ..sources.grid import Grid
    from ..sources.imagery import Imagery
    from ..sources.vectors import read_features

    vectors = _checked(params)
    start_small(CACHE_MB)
    grid = Grid.from_imagery(params.imagery, extent=params.extent)
    if params.block > max(grid.shape):
        raise InputError(f"BLOCK is {params.block} pixels, more than the imagery's {grid.width} × {grid.height}; lower "
                         "it.")
    device = choose_device(params.device)
    feedback.info(device.line)
    feedback.facts["device"] = device.line
    layer, like = params.map, None
    features = (read_features(layer, grid, "map", allow_ballpark=params.allow_ballpark) if layer is not None else None)
    if params.task == "similar" and layer is not None and features is not None:
        check_columns(params.like, features.name, map(str, features.attributes.columns), "LIKE condition")
        both = f"({layer.where}) AND ({params.like})" if layer.where else params.like
        like = read_features(replace(layer, where=both), grid, "map", allow_ballpark=params.allow_ballpark)
    with TemporaryDirectory(prefix="geoloop-") as folder, Imagery.open(
            params.imagery, grid, allow_ballpark=params.allow_ballpark) as imagery:
        embedder = _embedder(params, imagery, grid, device, feedback)
        blocks = -(-grid.height // embedder.block) * -(-grid.width // embedder.block)
        if params.task == "cluster" and blocks < params.clusters:
            raise InputError(f"CLUSTERS is {params.clusters}, and the imagery has {blocks} blocks of {embedder.block} "
                             "pixels; ask for fewer, or choose a smaller BLOCK.")
        with feedback.stage("components"):
            embedder.find_components(imagery, params.components, params.seed, feedback.span(0.0, 0.15))
        _say_cost(embedder, grid, feedback)
        whole = params.task == "embed" and not vectors
        path = Path(params.output) if whole else Path(folder) / "embeddings.tif"
        with feedback.stage("embed"):
            surface = _write(path, embedder, imagery, grid, params, device, feedback.span(0.15, 0.8))
        found = morans_i(surface, feedback.span(0.8, 0.85))
        _say(found, embedder, feedback)
        tags = _tags(params, embedder, device)
        middles, example = None, None
        if params.task == "cluster":
            middles = groups(surface, params.clusters, params.seed, feedback.span(0.85, 0.9))
        if like is not None:
            example = _example(of_features(surface, like.geometries, feedback.span(0.85, 0.9)), like)
        rest = feedback.span(0.9, 1.0)
        if vectors and features is not None:
            own = of_features(surface, features.geometries, rest)
            _write_features(params.output, features, _columns(own, middles, example), params.task, grid)
        elif middles is not None:
            write_groups(params.output, surface, middles, tags, rest)
        elif example is not None:
            write_likeness(params.output, surface, example, tags, rest)
    feedback.progress(1.0)
    return {"OUTPUT": params.output, "MORANS_I": [round(float(one), 4) for one in found if one == one]}


def _checked(params: Params) -> bool:
    """Whether features are to be written. Raises :class:`InputError` for what does not go together."""
    ending = params.output.lower()
    if not ending.endswith(RASTERS + VECTORS):
        raise InputError(f"OUTPUT must end in .tif, for a raster of blocks, or .gpkg, for features, not "
                         f"{params.output}.")
    vectors = ending.endswith(VECTORS)
    if vectors and params.map is None:
        raise InputError("OUTPUT is a GeoPackage, and MAP names no layer whose features could be written; name one, or "
                         "an OUTPUT that ends in .tif.")
    if params.task == "similar" and (params.map is None or not params.like):
        raise InputError("To find what is similar, MAP must name a layer and LIKE pick the features of it that are the "
                         "example, such as \"name\" = 'old quarter'.")
    if not 2 <= params.clusters <= 200 or not 1 <= params.components <= 512 or params.block < 0:
        raise InputError("CLUSTERS must lie between 2 and 200, COMPONENTS between 1 and 512, and BLOCK not below 0.")
    return vectors


def _embedder(params: Params, imagery: Imagery, grid: Grid, device: Device, feedback: Feedback) -> Embedder:
    from ..embedding.embedder import Embedder
    from ..models.encoders.location import open_location_encoder
    from ..models.encoders.mapping import BandPolicy
    from ..models.encoders.opening import open_encoder
    from ..models.tuned.dates import Dates
    from ..sources.crs import middle_in_degrees
    from ..training.tuning_start import plain_bands

    dates = Dates.of(plain_bands(imagery))
    statistics = imagery.statistics(params.seed, gaps=True)
    if statistics.doubt:
        feedback.warning(statistics.doubt)
    per_band = [(float(statistics.mean[[s for s in steps if s >= 0]].mean()),
                 max(float(statistics.std[[s for s in steps if s >= 0]].mean()), 1e-6)) for steps in dates.index]
    encoder = open_encoder(params.model, dates.bands, BandPolicy(missing=params.missing), pixel_m=grid.pixel_m,
                           statistics=per_band, seed=params.seed)
    if encoder.report is None:
        feedback.warning(f"The encoder {encoder.card.name} has random weights; name its public file, as "
                         f"{encoder.card.name}:FILE, for embeddings that mean something.")
    for line in (*(encoder.mapping.lines() if encoder.mapping else ()), *encoder.assumed):
        feedback.info(line)
    place = open_location_encoder(params.location, seed=params.seed) if params.location else None
    coarsest = -(-int(2 * encoder.card.strides[-1]) // 2)
    return Embedder(encoder, dates, grid, middle_in_degrees(grid.crs, grid.bounds), params.block or coarsest, place,
                    device.torch())


def _say_cost(embedder: Embedder, grid: Grid, feedback: Feedback) -> None:
    """Say how much there is to embed and how long it takes, from the tiles that the components were found in."""
    from ..feedback import in_words
    from ..inference.tiling import Lattice
    from ..memory import held_in_words

    lattice = Lattice.over(embedder.tiling, grid.shape)
    tiles = len(lattice.rows) * len(lattice.columns)
    feedback.info(f"Grid: {grid.width} × {grid.height} pixels of {grid.pixel_m:.2f} m in blocks of {embedder.block} × "
                  f"{embedder.block}: {tiles} tiles, which will take about "
                  f"{in_words(tiles * embedder.tile_seconds)}{held_in_words()}.")


def _write(path: Any, embedder: Embedder, imagery: Imagery, grid: Grid, params: Params, device: Device,
           feedback: Feedback) -> Surface:
    """Write the raster of components, tile by tile."""
    import json
    from dataclasses import asdict

    from ..embedding.embedder import read
    from ..embedding.surface import Surface
    from ..inference.blend import Scale
    from ..inference.output import Layer
    from ..inference.predict import scaled
    from ..inference.strips import Strips
    from ..inference.tiler import here, run_tiles
    from ..inference.tiling import Lattice
    from ..sources.fingerprint import written
    from .record import described

    assert embedder.components is not None
    scale = Scale(1, embedder.block)
    lattice = Lattice.over(embedder.tiling, grid.shape)
    blocks = scaled(grid.crop(scale.snapped(lattice.area)), scale)
    tags = _tags(params, embedder, device)
    names = embedder.names
    layer = Layer(len(names), "float32", float("nan"), names, tags)
    run = {**tags, "missing": params.missing, "extent": params.extent and asdict(params.extent),
           "read": [described(one) for one in params.imagery],
           "written": written(one.path for one in params.imagery)}
    with Strips({str(path): layer}, blocks, json.dumps(run, sort_keys=True, default=str)) as strips:
        compute = here(lambda window: read(imagery, window), embedder.predict)
        for rows in run_tiles(lattice, compute, len(names), feedback.span(0.0, 0.95), scale=scale, done=strips.done):
            strips.write(rows.start, {str(path): rows.values.numpy()})
        strips.finish(feedback.span(0.95, 1.0))
    return Surface(path, blocks, embedder.components.axes.shape[1])


def _example(vectors: NDArray[np.float64], like: Features) -> NDArray[np.float64]:
    import numpy as np

    known = vectors[np.isfinite(vectors).all(axis=1)]
    if not len(known):
        raise InputError(f"The features of “{like.name}” that LIKE picks lie where the imagery shows nothing.")
    mean: NDArray[np.float64] = known.mean(axis=0)
    return mean


def _columns(own: NDArray[np.float64], middles: NDArray[np.float64] | None, example: NDArray[np.float64] | None
             ) -> NDArray[np.float64]:
    """What is written of features with the vectors ``own`` (n, k): the vectors, their group or their likeness; NaN for
    features that lie where nothing is seen.
    """
    import numpy as np

    from ..embedding.surface import likeness, nearest

    if middles is None and example is None:
        return own
    known = np.isfinite(own).all(axis=1)
    column = np.full((len(own), 1), np.nan)
    if middles is not None:
        column[known, 0] = nearest(own[known], middles) + 1.0
    elif example is not None:
        column[known, 0] = likeness(own[known], example)
    return column


def _write_features(path: str, features: Features, columns: NDArray[np.float64], task: str, grid: Grid) -> None:
    """Write the features with what was found, in the grid's CRS."""
    import numpy as np
    import pyogrio
    import shapely

    from ..whole import written_whole

    names = ([f"component_{n + 1}" for n in range(columns.shape[1])] if task == "embed"
             else ["group"] if task == "cluster" else ["likeness"])
    fields = [features.keys.astype(object), *(np.ascontiguousarray(column) for column in columns.T)]
    with written_whole(path) as draft:
        pyogrio.raw.write(str(draft), shapely.to_wkb(features.geometries), fields, ["key", *names], layer="embeddings",
                          driver="GPKG", geometry_type="Unknown", crs=grid.crs)


def _tags(params: Params, embedder: Embedder, device: Device) -> dict[str, Any]:
    from ..sources.fingerprint import fingerprint
    from .record import versions

    assert embedder.components is not None
    return {"made_by": "GeoLoop", "task": params.task, "encoder": embedder.encoder.card.name,
            "block_m": f"{embedder.block * embedder.grid.pixel_m:g}", "seed": str(params.seed), "device": device.name,
            "variance": [round(float(one), 4) for one in embedder.components.share],
            "imagery": {name: fingerprint(one.path) for name, one in by_name(params.imagery).items()},
            "location": params.location.partition(":")[0], "weights": _weights(embedder), "versions": versions()}


def _weights(embedder: Embedder) -> dict[str, str]:
    """The fingerprint of each file of weights, by what it is of."""
    from ..sources.fingerprint import fingerprint

    reports = {"encoder": embedder.encoder.report,
               "location": None if embedder.location is None else embedder.location.report}
    return {of: fingerprint(report.file) for of, report in reports.items() if report is not None}


def _say(found: NDArray[np.float64], embedder: Embedder, feedback: Feedback) -> None:
    """Tell how far components are alike over the ground: what they encode."""
    import numpy as np

    assert embedder.components is not None
    for number, (one, share) in enumerate(zip(found, embedder.components.share, strict=True), 1):
        if not np.isfinite(one):
            feedback.info(f"Component {number}: {100 * share:.1f} % of the variance; too few blocks, or all alike, to "
                          "tell how it lies over the ground.")
            continue
        kind = ("smooth over the ground" if one >= SMOOTH else "close to noise from block to block" if one < NOISE
                else "alike among neighbours")
        feedback.info(f"Component {number}: {100 * share:.1f} % of the variance, Moran's I {one:.2f}, {kind}.")
