"""Is the fused map nearer the truth than the map as given, and than the imagery alone?

    ./dev.sh demo && ./dev.sh benchmark fused_accuracy

Compares the demo's outputs on the synthetic scene with its true layers, pixel by pixel where imagery is seen: for
buildings the intersection over union, for land use the share of right classes. Last line: one JSON object.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.features import rasterize

UNKNOWN = 254  # no true feature lies there


def scores(folder: Path, area: str, layer: str, class_field: str = "") -> dict[str, float]:
    """The scores of the map as given, the imagery alone and the fused map of one area."""
    with rasterio.open(folder / area / "fused.tif") as raster:
        fused, transform, shape = raster.read(1), raster.transform, raster.shape
        code = {name: int(number) for number, name in json.loads(raster.tags()["classes"]).items()}
    with rasterio.open(folder / area / "probability.tif") as raster:
        names = [text.removeprefix("imagery: ") for text in raster.descriptions if text.startswith("imagery: ")]
        chances = raster.read(range(raster.count - len(names) + 1, raster.count + 1))
    seen = ~np.isnan(chances[0])
    imagery = np.array([code[name] for name in names])[np.nan_to_num(chances).argmax(axis=0)]

    def burnt(name: str) -> NDArray[np.uint8]:
        table = gpd.read_file(folder / "layers" / area / f"{name}.gpkg")
        classes = table[class_field] if class_field else ["building"] * len(table)
        pairs = ((shape_, code[c]) for shape_, c in zip(table.geometry, classes, strict=True))
        return rasterize(pairs, out_shape=shape, transform=transform, fill=UNKNOWN if class_field else code["other"])

    truth = burnt(f"{layer}_true")
    seen &= truth != UNKNOWN

    def score(said: NDArray[np.integer]) -> float:
        if class_field:
            return float((said[seen] == truth[seen]).mean())
        ours, theirs = ((a == code["building"]) & seen for a in (said, truth))
        return float((ours & theirs).sum() / (ours | theirs).sum())

    return {"map": score(burnt(layer)), "imagery": score(imagery), "fused": score(fused)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--demo", type=Path, default=Path(__file__).resolve().parent.parent / "demo-output")
    folder = parser.parse_args().demo
    found = {"town": scores(folder, "town", "buildings"),
             "countryside": scores(folder, "countryside", "landuse", "landuse")}
    print(f"{'area':<12} {'map':>6} {'imagery':>8} {'fused':>6}")
    for area, row in found.items():
        print(f"{area:<12} {row['map']:>6.3f} {row['imagery']:>8.3f} {row['fused']:>6.3f}")
    print(json.dumps({area: {k: round(v, 4) for k, v in row.items()} for area, row in found.items()}))


if __name__ == "__main__":
    main()
