"""Put known errors into a field layer: some points get the class of another place.

    python field_errors.py FIELD.gpkg OUT.gpkg TRUTH.csv --class-field class --key name --seed 1

Writes the copy and one line of the truth for each error: kind (``field_conflict``), the point's key, the class that
is true and the one that stands there now.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from field_survey import CLASS_FIELD, KEY_FIELD

KIND = "field_conflict"
TRUTH = ("inj_id", "kind", "key", "class_true", "class_now", "wkt_true")


def swap_classes(
    points: gpd.GeoDataFrame, class_field: str, key: str, share: float, rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """A copy in which ``share`` of the points carry a wrong class, any other alike, and the truth about them."""
    classes = np.array(sorted(points[class_field].dropna().unique()))
    known = np.flatnonzero(points[class_field].notna())
    wrong = np.sort(rng.permutation(known)[: round(share * len(known))])
    swapped = points.copy()
    truth = []
    for i in wrong:
        true = points[class_field].iloc[i]
        now = str(rng.choice(classes[classes != true]))
        swapped.iloc[i, swapped.columns.get_loc(class_field)] = now
        truth.append((len(truth), KIND, points[key].iloc[i], true, now, points.geometry.iloc[i].wkt))
    return swapped, pd.DataFrame(truth, columns=list(TRUTH))


def put_field_errors_in(
    field: Path, out: Path, truth: Path, *, class_field: str, key: str, share: float = 0.08, seed: int = 1
) -> int:
    """Copy the layer ``field`` to ``out`` with errors, log them in ``truth``; returns how many."""
    points, errors = swap_classes(gpd.read_file(field), class_field, key, share, np.random.default_rng(seed))
    out.unlink(missing_ok=True)
    points.to_file(out, driver="GPKG")
    errors.to_csv(truth, index=False)
    return len(errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("field", "out", "truth"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--class-field", default=CLASS_FIELD)
    parser.add_argument("--key", default=KEY_FIELD)
    parser.add_argument("--share", type=float, default=0.08, help="of the points that have a class")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    count = put_field_errors_in(**vars(args))
    print(json.dumps({"injected": {KIND: count}}))


if __name__ == "__main__":
    main()
