"""What the inference engine costs beyond the network itself, alone and beside Deepness, and whether tiles show.

    python benchmarks/inference.py [--quick] [--only overhead peer size tiling dask gpu] [--sizes 1000 5000 …]
                                   [--repeats N] [--threads N] [--folder FOLDER]

Everything runs on scenes and networks with random weights that the script makes from one seed. Ratios are of runs that
took turns on the same machine; a spread is minimum / median / maximum over the repeats, and the figure is the median.
DEEPNESS_DIR names a clone of Deepness's repository, to run beside; without it the peer's figures are null. The largest
raster takes about 4 GB of disk in the folder for temporary files. Last line: one JSON object.

overhead               seconds of the predict job (open, read, scale, infer, blend, write) ÷ seconds of forward passes
                       alone over the same batches, kept in memory, in the same session. A U-Net, on the CPU.
peer_overhead_ratio    seconds of a run beyond its forward passes, GeoLoop ÷ Deepness, with the U-Net. Both give the
                       network one thread, so that a core is left for what is read and written meanwhile, and the passes
                       are timed within the run; else the difference of two long times drowns in their spread.
peer_time_ratio        whole run of GeoLoop ÷ Deepness's, with a light network (one 3 × 3 convolution).
peer_memory_ratio      peak memory of GeoLoop's process ÷ Deepness's, with the light network.
peak_mb_40k            peak memory at the largest side (40,000 by default) beyond that of a tiny raster.
cost_per_mpx_by_size   seconds a megapixel at each side, with the light network, 4 bands.
tiling_max_difference  the largest difference in probability, away from the raster's border, between runs that differ in
                       tile, overlap, extent or batch, of those whose overlap is at least the U-Net's field of view.
dask_ratio             throughput of two dask workers of one thread ÷ of one run with two threads; same pixels asserted.
gpu_overhead           as overhead, on a GPU; gpu_share_of_peak: rate of its forward passes ÷ of a large matrix product.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".dev"))

import torch
from demo import table
from inference_parts.cluster import compare_cluster
from inference_parts.gpu import measure_gpu
from inference_parts.jobs import job_of, measure_job
from inference_parts.measuring import Spread, available_threads
from inference_parts.models import WIDTHS, LightNet, Model, UNet, make_model, make_own_model, receptive_field
from inference_parts.peer import Contest, PeerMissing, compare, find_peer, overhead_s
from inference_parts.rasters import textured, write_raster
from inference_parts.seams import compare_cuts, cuts
from inference_parts.size import measure_size

from geoloop.core.models.compact import WIDTHS as SHIPPED

SEED = 11
SIZES = (1_000, 5_000, 20_000, 40_000)
KEYS = ("overhead", "peer_overhead_ratio", "peer_time_ratio", "peer_memory_ratio", "peak_mb_40k",
        "cost_per_mpx_by_size", "tiling_max_difference", "dask_ratio", "gpu_overhead", "gpu_share_of_peak")
BORDER_PX = 8
SPREAD = "min / median / max"

Figures = dict[str, Any]


@dataclass(frozen=True)
class Pixels:
    """Of the tiles and their overlap, and along the sides of the scenes; 0: left out. Sides of the peers' scenes are
    multiples of a tile's step, so that both lay the same number of tiles.
    """

    tile: int
    overlap: int
    alone: int
    peer_unet: int
    peer_light: int
    peer_memory: int
    tiling: int
    dask: int
    gpu: int


FULL = Pixels(tile=512, overlap=128, alone=2304, peer_unet=2304, peer_light=4608, peer_memory=19_968, tiling=1536,
              dask=2304, gpu=12_288)
QUICK = Pixels(tile=256, overlap=64, alone=576, peer_unet=576, peer_light=1536, peer_memory=0, tiling=768, dask=0,
               gpu=2304)


@dataclass(frozen=True)
class Bench:
    """What all parts share."""

    px: Pixels
    sizes: tuple[int, ...]
    repeats: int
    threads: int
    quick: bool
    folder: Path
    scene: Any
    made: dict[str, Model] = field(default_factory=dict)

    def model(self, kind: type[UNet] | type[LightNet], bands: int) -> Model:
        """A network settled on the scene; made once."""
        name = f"{kind.__name__}{bands}"
        if name not in self.made:
            self.made[name] = make_model(kind, bands, self.scene, self.folder, SEED)
        return self.made[name]

    def raster(self, side: int, bands: int) -> Path:
        """A scene; made once."""
        path = self.folder / f"scene-{side}-{bands}.tif"
        return path if path.exists() else write_raster(path, side, bands, SEED)


def show(title: str, head: tuple[str, ...], rows: list[tuple[object, ...]], *notes: str) -> None:
    """Print a table with its title and notes."""
    print(f"== {title} ==", *notes, table(head, rows), sep="\n", end="\n\n", flush=True)


def measure_overhead(bench: Bench) -> Figures:
    """A whole job against its own forward passes, replayed from memory in turns with the runs."""
    side, rows, figures = bench.px.alone, [], {}
    models = [("U-Net, ONNX", bench.model(UNet, 4))]
    if not bench.quick:
        models.append(("compact U-Net as wide, torch", make_own_model(bench.scene, bench.folder, SEED, WIDTHS)))
    for name, model in models:
        params = job_of(model, bench.raster(side, 4), bench.folder / "classes.tif", tile=bench.px.tile,
                        overlap=bench.px.overlap / bench.px.tile)
        runs = measure_job(params, bench.raster(bench.px.tile, 4), bench.threads, bench.folder, repeats=bench.repeats,
                           replay=True)["runs"]
        ratio = Spread.of(run["whole_s"] / run["replay_s"] for run in runs)
        figures.setdefault("overhead", ratio.median)
        rows.append((name, model.parameters / 1e6, f"{runs[0]['tiles']} in {runs[0]['calls']}", runs[0]["threads"],
                     Spread.of(run["whole_s"] for run in runs), Spread.of(run["replay_s"] for run in runs),
                     Spread.of(run["forward_s"] for run in runs), Spread.of(run["trial_s"] for run in runs), ratio,
                     Spread.of(run["whole_cpu_s"] / run["replay_cpu_s"] for run in runs)))
    show("Overhead", ("network", "M parameters", "tiles in batches", "threads", "whole s", "forward alone s",
                      "forward in the run s", "trial passes s", "whole ÷ forward alone", "in processor time"), rows,
         f"{side} × {side} pixels, 4 bands, 8 bits; tile {bench.px.tile}, overlap {bench.px.overlap} px; {SPREAD}")
    return figures


def measure_peer(bench: Bench) -> Figures:
    """GeoLoop and Deepness in turns, each run in a process of its own."""
    px = bench.px
    try:
        peer = find_peer()
    except PeerMissing as error:
        print(f"== Beside Deepness ==\nLeft out: {error}.\n", flush=True)
        return {}

    def contest(kind: type[UNet] | type[LightNet], side: int) -> Contest:
        threads = 1 if kind is UNet else bench.threads
        return Contest(bench.model(kind, 3), bench.raster(side, 3), bench.raster(px.tile, 3), px.tile, px.overlap, 1,
                       threads, bench.folder)

    heavy = compare(peer, contest(UNet, px.peer_unet), bench.repeats)
    light = compare(peer, contest(LightNet, px.peer_light), bench.repeats)
    memory = light
    if px.peer_memory:
        memory = compare(peer, contest(LightNet, px.peer_memory), 1)
    costs: list[tuple[str, Any, Callable[[Any], float]]] = [
        ("U-Net: whole s", heavy, lambda run: run.whole_s), ("U-Net: forward s", heavy, lambda run: run.forward_s),
        ("U-Net: whole − forward s", heavy, overhead_s),
        ("U-Net: whole, processor s", heavy, lambda run: run.whole_cpu_s),
        ("U-Net: forward, processor s", heavy, lambda run: run.forward_cpu_s),
        ("U-Net: whole − forward, processor s", heavy, lambda run: run.whole_cpu_s - run.forward_cpu_s),
        ("light: whole s", light, lambda run: run.whole_s),
        ("light: whole, processor s", light, lambda run: run.whole_cpu_s),
        ("light: forward within the run s", light, lambda run: run.forward_s),
        ("light: peak MB", light, lambda run: run.peak_mb)]
    if memory is not light:
        costs += [("light, large: whole s", memory, lambda run: run.whole_s),
                  ("light, large: peak MB", memory, lambda run: run.peak_mb)]
    rows = [(name, *of.each(cost), of.ratio(cost)) for name, of, cost in costs]
    (alone, _), (ours, theirs) = heavy.pairs[0], light.pairs[0]
    same, same_unet = light.agreement(BORDER_PX), heavy.agreement(receptive_field() // 2)
    show("Beside Deepness", ("cost", "GeoLoop", "Deepness", "ratio"), rows,
         f"the same ONNX files, rasters (3 bands, 8 bits; sides {px.peer_unet}, {px.peer_light}, "
         f"{px.peer_memory or '–'}), tile {px.tile}, overlap {px.overlap} px, one tile at a time, "
         f"threads {ours.threads} and {theirs.threads}, {alone.threads} with the U-Net; {SPREAD}",
         "whole: from opening the model to the classes of the entire raster; Deepness's in memory, without its "
         "polygons, GeoLoop's on disk. Forward: within the run",
         f"same class: {same:.6f} of the pixels farther than {BORDER_PX} px from the border with the light network, "
         f"whose answer cannot depend on tiles; {same_unet:.6f} of those farther than half "
         "its field of view with the U-Net, where GeoLoop blends and Deepness cuts")
    return {"peer_overhead_ratio": heavy.ratio(overhead_s).median,
            "peer_time_ratio": light.ratio(lambda run: run.whole_s).median,
            "peer_memory_ratio": memory.ratio(lambda run: run.peak_mb).median,
            "peer_same_class": same}


def measure_sizes(bench: Bench) -> Figures:
    """Ever larger rasters with the light network."""
    model = bench.model(LightNet, 4)
    costs = [measure_size(model, side, SEED, bench.threads, bench.folder, bench.repeats) for side in bench.sizes]
    rows = [(f"{c.side:,}", c.side**2 / 1e6, c.file_mb, c.s_per_mpx, c.peak_mb, c.beyond_mb) for c in costs]
    show("Size", ("side px", "Mpx", "file MB", "s per Mpx", "peak MB", "beyond a tiny raster MB"), rows,
         f"light network, 4 bands, 8 bits, the job's own tile; {SPREAD}; runs over 20 s once")
    return {"peak_mb_40k": next((c.beyond_mb for c in costs if c.side == max(SIZES)), None),
            "cost_per_mpx_by_size": {str(c.side): c.s_per_mpx.median for c in costs}}


def measure_tiling(bench: Bench) -> Figures:
    """The same raster cut in many ways."""
    side, view = bench.px.tiling, receptive_field()
    margin = view // 2 + 16
    ways = [cuts(side)[0], cuts(side)[-3]] if bench.quick else cuts(side)
    wide = [way for way in ways if way.overlap_px >= view]
    raster = bench.raster(side, 4)
    unet = compare_cuts(bench.model(UNet, 4), raster, ways, margin, bench.folder)
    notes = [f"{side} × {side} pixels, {margin} px of the border left out; probabilities spread by {unet.spread:.2f}",
             f"the U-Net's answer can depend on {view} × {view} pixels; the figure is of cuts that overlap by as much, "
             "and each row is the largest difference to one of these"]
    head, rows = ("cut", "U-Net"), [(str(way), f"{unet.of(way, wide):.1e}") for way in ways]
    if not bench.quick:
        compact = make_own_model(bench.scene, bench.folder, SEED, SHIPPED)
        own = compare_cuts(compact, raster, ways, margin, bench.folder)
        head = (*head, "compact U-Net")
        rows = [(*row, f"{own.of(way, wide):.1e}") for row, way in zip(rows, ways, strict=True)]
    show("Seams: largest difference in probability", head, rows, *notes)
    return {"tiling_max_difference": unet.among(wide)}


def measure_cluster(bench: Bench) -> Figures:
    """Two workers against two threads."""
    if not bench.px.dask:
        return {}
    side = bench.px.dask
    cost = compare_cluster(bench.model(UNet, 4), bench.raster(side, 4), bench.raster(bench.px.tile, 4), bench.repeats,
                           bench.folder)
    rows = [("two workers, one thread each: s", cost.clustered_s), ("one run, two threads: s", cost.threaded_s),
            ("throughput, workers ÷ threads", cost.ratio)]
    show("Dask", ("U-Net", SPREAD), rows,
         f"{side} × {side} pixels, 4 bands; pixels compared byte by byte: the same")
    return {"dask_ratio": cost.ratio.median}


def measure_device(bench: Bench) -> Figures:
    """As overhead, on a GPU."""
    if not torch.cuda.is_available():
        print("== GPU ==\nLeft out: torch sees no usable GPU.\n", flush=True)
        return {}
    cost = measure_gpu(bench.scene, bench.raster(bench.px.gpu, 4), bench.raster(bench.px.tile, 4), bench.px.tile,
                       bench.repeats, bench.threads, bench.folder, SEED)
    show("GPU", ("figure", SPREAD), [
        ("whole s", cost.whole_s), ("forward alone s", cost.forward_s), ("whole ÷ forward alone", cost.overhead),
        ("forward TFLOP/s", cost.tflops), ("matrix product TFLOP/s", cost.peak_tflops)],
        f"{torch.cuda.get_device_name()}; compact U-Net, {bench.px.gpu} × {bench.px.gpu} pixels, 4 bands, 8 bits")
    return {"gpu_overhead": cost.overhead.median, "gpu_share_of_peak": cost.tflops.median / cost.peak_tflops.median}


PARTS: dict[str, Callable[[Bench], Figures]] = {
    "overhead": measure_overhead, "peer": measure_peer, "size": measure_sizes, "tiling": measure_tiling,
    "dask": measure_cluster, "gpu": measure_device}


def rounded(value: Any) -> Any:
    """Figures as the last line tells them: four significant digits."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small scenes, once, no dask: under a minute")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to run")
    parser.add_argument("--sizes", type=int, nargs="+", help="sides of the rasters of the part size")
    parser.add_argument("--repeats", type=int, help="runs of each kind")
    parser.add_argument("--threads", type=int, default=available_threads(), help="for both sides")
    parser.add_argument("--folder", type=Path, help="where to keep temporary files")
    args = parser.parse_args()
    sizes = tuple(args.sizes or ((1_000, 2_000) if args.quick else SIZES))
    folder = Path(tempfile.mkdtemp(prefix="geoloop-benchmark-", dir=args.folder))
    torch.set_num_threads(args.threads)
    pixels, repeats = (QUICK, args.repeats or 1) if args.quick else (FULL, args.repeats or 3)
    bench = Bench(pixels, sizes, repeats, args.threads, args.quick, folder, textured(1024, 4, SEED))
    figures: Figures = dict.fromkeys(KEYS)
    print(f"{args.threads} threads on {os.cpu_count()} cores; load at start: {os.getloadavg()[0]:.1f}\n", flush=True)
    try:
        for name in args.only:
            figures |= PARTS[name](bench)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lacking = [key for key in KEYS if figures[key] is None]
    if lacking:
        print(f"Left out of this run, null below: {', '.join(lacking)}.")
    print(json.dumps(rounded(figures)))


if __name__ == "__main__":
    main()
