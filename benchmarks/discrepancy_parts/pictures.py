"""Pictures of flags, to be looked at: the imagery, the outline as it is in red and as proposed in yellow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from demo_picture import find_colour_bands, stretch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .cases import Case

SIDE_PX = 200
SHOWN, ACROSS = 20, 5
AROUND = 2.2
"""Side of a picture in lengths of what it shows."""
LEAST_PX = 60
"""Pixels of the imagery that a picture shows at least."""
BEFORE, PROPOSED = (255, 45, 45), (255, 225, 0)
LABEL_PX, LINE_PX = 16, 14
STAY = ("delete", "flag", "revisit", "merge", "retag", "set_value")
"""Edits that propose no other outline."""
OUT_OF_SIGHT = ("wrong_value", "outdated", "duplicate", "invalid")
"""Kinds of which imagery shows nothing."""


@dataclass(frozen=True)
class Shown:
    """A flag to be drawn; geometries in the imagery's CRS."""

    kind: str
    probability: float
    sentence: str
    key: str
    before: shapely.Geometry | None
    proposed: shapely.Geometry | None


def draw_sheet(case: Case, ledger: Path, folder: Path, number: int = SHOWN) -> Path:
    """Draw the most probable flags of a ledger, a PNG each, a contact sheet of them and a table; returns the sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = most_probable(ledger, number)
    tiles = []
    for place, (flag, tile) in enumerate(zip(shown, _tiles(case, shown), strict=True), start=1):
        tile.save(folder / f"{case.name}-{place:02d}-{flag.kind}.png")
        tiles.append(tile)
    rows = ["| no. | kind | probability | key | sentence |", "|---|---|---|---|---|"]
    rows += [f"| {i} | {f.kind} | {f.probability:.2f} | {f.key or '–'} | {f.sentence} |"
             for i, f in enumerate(shown, 1)]
    (folder / f"{case.name}.md").write_text("\n".join(rows) + "\n", encoding="utf-8")
    sheet = folder / f"{case.name}.png"
    _sheet(case, shown, tiles).save(sheet)
    return sheet


def most_probable(ledger: Path, number: int) -> list[Shown]:
    """The surest flags that a reviewer would be shown and imagery can speak of: of rival kinds of one cause only the
    first.
    """
    flags = pyogrio.read_dataframe(ledger, layer="review")
    flags = flags[(flags["round"] == flags["round"].max()) & ~flags["kind"].isin(OUT_OF_SIGHT)]
    flags = flags.sort_values("probability", ascending=False, kind="stable").head(number)
    uids = ", ".join(f"'{uid}'" for uid in flags["uid"])
    twins = pyogrio.read_dataframe(ledger, layer="before", where=f"uid IN ({uids or 'NULL'})")
    before = dict(zip(twins["uid"], twins.geometry, strict=True))
    return [Shown(f.kind, f.probability, json.loads(f.evidence_json or "{}").get("sentence", ""),
                  f.target_key if isinstance(f.target_key, str) else "", before.get(f.uid),
                  None if f.edit in STAY else f.geometry) for f in flags.itertuples()]


def _tiles(case: Case, shown: Sequence[Shown]) -> Iterator[Image.Image]:
    layers = []
    for path, index in find_colour_bands(case.area.imagery):
        with rasterio.open(path) as raster:
            layers.append(stretch(raster.read(index), raster.dataset_mask() > 0))
            transform = raster.transform
    picture = (np.dstack(layers) * 255).astype(np.uint8)
    for flag in shown:
        yield _tile(picture, transform, flag)


def _tile(picture: NDArray[np.uint8], transform: rasterio.Affine, flag: Shown) -> Image.Image:
    """The surroundings of a flag, ``SIDE_PX`` square."""
    parts = [g for g in (flag.before, flag.proposed) if g is not None and not g.is_empty]
    pixels = [shapely.transform(g, lambda xy: np.column_stack(~transform @ tuple(xy.T))) for g in parts]
    left, top, right, bottom = shapely.total_bounds(pixels)
    side = max(LEAST_PX, AROUND * max(right - left, bottom - top))
    corner = np.array([(left + right - side) / 2, (top + bottom - side) / 2])
    rows, columns = ((corner[axis] + (np.arange(SIDE_PX) + 0.5) * side / SIDE_PX).astype(int) for axis in (1, 0))
    inside = ((rows >= 0) & (rows < picture.shape[0]))[:, None] & ((columns >= 0) & (columns < picture.shape[1]))
    cut = picture[np.clip(rows, 0, picture.shape[0] - 1)][:, np.clip(columns, 0, picture.shape[1] - 1)]
    tile = Image.fromarray(np.where(inside[..., None], cut, 255).astype(np.uint8))
    draw = ImageDraw.Draw(tile)
    for geometry, colour in ((flag.before, BEFORE), (flag.proposed, PROPOSED)):
        if geometry is not None:
            _outline(draw, shapely.transform(geometry, lambda xy: (np.column_stack(~transform @ tuple(xy.T)) - corner)
                                             * SIDE_PX / side), colour)
    return tile


def _outline(draw: ImageDraw.ImageDraw, geometry: shapely.Geometry, colour: tuple[int, int, int]) -> None:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Point":
            draw.ellipse([part.x - 5, part.y - 5, part.x + 5, part.y + 5], outline=colour, width=2)
            continue
        rings = [part] if part.geom_type == "LineString" else [part.exterior, *part.interiors]
        for ring in rings:
            draw.line([tuple(xy) for xy in ring.coords], fill=colour, width=2)


def _sheet(case: Case, shown: Sequence[Shown], tiles: Sequence[Image.Image]) -> Image.Image:
    """All tiles with their number, kind and probability, and whose imagery it is."""
    down = max(1, -(-len(tiles) // ACROSS))
    sheet = Image.new("RGB", (ACROSS * SIDE_PX, down * (SIDE_PX + LABEL_PX) + 2 * LINE_PX), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    for at, (flag, tile) in enumerate(zip(shown, tiles, strict=True)):
        x, y = at % ACROSS * SIDE_PX, at // ACROSS * (SIDE_PX + LABEL_PX)
        sheet.paste(tile, (x, y + LABEL_PX))
        draw.text((x + 3, y + 1), f"{at + 1}  {flag.kind}  {flag.probability:.2f}", fill="black", font=font)
    bottom = sheet.height - 2 * LINE_PX
    draw.text((3, bottom), f"{case.name}, layer without errors put in. Red: as it is. Yellow: as proposed.",
              fill="black", font=font)
    draw.text((3, bottom + LINE_PX), case.area.attribution or case.area.note, fill="black", font=font)
    return sheet
