"""The picture of the report in its documentation: the demo's countryside, reviewed by one who knows the truth.

    python examples/report_picture.py DEMO_OUTPUT PICTURE.jpg

Works on a copy of the ledger that ``demo.py`` left in DEMO_OUTPUT: takes the demo's bulk decisions and edits out of
it, reviews a queue with its random audit one by one, as the errors put in say, pushes, and photographs the page in
Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image
from qgis_run import run_algorithm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

from geoloop.core.ledger import Ledger
from geoloop.core.ledger import queue as table

AREA = "countryside"
SIZE, AUDIT_SHARE, SEED = 160, 0.4, 3
SECONDS, SPREAD = 9.0, 3.0
"""What a look takes the simulated reviewer."""
ATTRIBUTION = "Synthetic scene of the demo; no real place."
WIDTH_PX, HEIGHT_PX, QUALITY = 1000, 1840, 66
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars")


def review(ledger: Ledger, real: dict[str, set[str]]) -> None:
    """Decide the queue: ``real`` are the keys of wrong features by kind of error; what is not among them is right."""
    random = np.random.default_rng(SEED)
    kind = {f.uid: (f.kind, f.key) for f in table.flags(ledger)}
    wrong = set().union(*real.values())
    for item in table.rows(ledger):
        its_kind, key = kind.get(item.uid or "", ("", item.key))
        is_real = key in (real.get(its_kind, set()) if its_kind else wrong)
        table.decide(ledger, [item.rank], "accept" if is_real else "reject", reviewer="simulated",
                     seconds=float(max(random.normal(SECONDS, SPREAD), 2.0)))


def errors_put_in(layers: Path) -> dict[str, set[str]]:
    """Keys of the features that are wrong, by kind, as the demo's truth has them."""
    of_map, of_field = pd.read_csv(layers / "truth.csv", dtype=str), pd.read_csv(layers / "field_truth.csv", dtype=str)
    keys = {kind: set(some["gl_key"].dropna()) for kind, some in of_map.groupby("kind")}
    return {**keys, "field_conflict": set(of_field["key"])}


def photograph(page: Path, folder: Path) -> Image.Image:
    """The top of a page as a browser shows it."""
    shot = folder / "shot.png"
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or "google-chrome"
    subprocess.run([browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={WIDTH_PX},{HEIGHT_PX}",
                    f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
    return Image.open(shot).convert("RGB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("demo", type=Path, help="the demo's folder of results")
    parser.add_argument("picture", type=Path, help="the JPEG to write")
    args = parser.parse_args()
    layers = args.demo.resolve() / "layers" / AREA
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f"{AREA}.gpkg"
        shutil.copy(args.demo / AREA / "ledger.gpkg", path)
        with Ledger.open(path) as ledger, ledger.writing() as db:
            for emptied in ("decisions", "edits"):
                db.execute(f"DELETE FROM {emptied}")
        run_algorithm("geoloop:queue", {"LEDGER": str(path), "SIZE": SIZE, "AUDIT_SHARE": AUDIT_SHARE, "SEED": SEED})
        with Ledger.open(path) as ledger:
            review(ledger, errors_put_in(layers))
        run_algorithm("geoloop:push", {"LEDGER": str(path), "TARGET": str(layers / "landuse.gpkg"), "APPLY": "copy",
                                       "OUTPUT": str(folder / "landuse mended.gpkg")})
        page = folder / "report.html"
        run_algorithm("geoloop:report", {"LEDGER": str(path), "ATTRIBUTION": ATTRIBUTION, "OUTPUT": str(page)})
        shutil.copy(page, args.demo / f"reviewed_{AREA}.html")
        photograph(page, folder).save(args.picture, quality=QUALITY, optimize=True)
    print(f"{args.picture}: {args.picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
