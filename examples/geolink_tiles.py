"""Fuse tiles of imagery with their graphs by GeoLink's published network, for whoever has such tiles already.

    python examples/geolink_tiles.py WEIGHTS IMAGES GRAPHS --out FILE.safetensors

WEIGHTS is GeoLink's multimodal file. IMAGES holds photographs of 224 × 224 pixels (red, green, blue; 8 bits), GRAPHS
graphs of the same names (``.pt``), as GeoLink's own preparation writes them. A tile without a graph is read from its
imagery. The file holds a tensor a tile: 256 channels on 14 × 14 patches that have heard the tile's features.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import rasterio
import torch
from safetensors.torch import save_file
from torch import Tensor

from geoloop.core.errors import InputError
from geoloop.core.models.encoders.geolink_map import GRID, open_geolink_map, read_graph
from geoloop.core.models.encoders.vit import ViTShape
from geoloop.core.models.encoders.vit_weights import GEOLINK
from geoloop.core.sources.bands import Band

PHOTO = tuple(Band(name, um, "photograph", scale=1 / 255)
              for name, um in (("red", 0.665), ("green", 0.56), ("blue", 0.49)))
PICTURES = (".png", ".tif", ".tiff", ".jpg", ".jpeg")


def main() -> None:
    """Fuse what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("graphs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        fused = fuse(options.weights, options.images, options.graphs)
    except InputError as error:
        sys.exit(str(error))
    save_file(fused, options.out)
    print(f"{len(fused)} tiles in {options.out}")


@torch.inference_mode()
def fuse(weights: Path, images: Path, graphs: Path, shape: ViTShape = GEOLINK) -> dict[str, Tensor]:
    """The fused patches (256, 14, 14) of every tile, by its name. Raises :class:`InputError` for what cannot be read.
    """
    network = open_geolink_map(weights, PHOTO, shape)
    for line in network.report.lines() if network.report else ():
        print(line)
    found = {}
    for path in sorted(path for path in images.iterdir() if path.suffix.lower() in PICTURES):
        graph = graphs / f"{path.stem}.pt"
        held = read_graph(graph) if graph.exists() else None
        found[path.stem] = network.fused(photograph(path, GRID * shape.patch)[None], [held])[0].contiguous()
        print(f"{path.stem}: {held.features if held else 'no'} features")
    if not found:
        raise InputError(f"The folder {images} holds no picture ({', '.join(PICTURES)}).")
    return found


def photograph(path: Path, side: int) -> Tensor:
    """The values (3, side, side) of a photograph. Raises :class:`InputError` if it is none of that size."""
    try:
        with rasterio.open(path) as file:
            if (file.height, file.width) != (side, side) or file.count < len(PHOTO):
                raise InputError(f"{path} has {file.count} bands of {file.width} × {file.height} pixels; GeoLink reads "
                                 f"three of {side} × {side}.")
            return torch.from_numpy(file.read([1, 2, 3]).astype("float32"))
    except rasterio.errors.RasterioIOError as error:
        raise InputError(f"The picture {path} cannot be read ({error}).") from error


if __name__ == "__main__":
    main()
