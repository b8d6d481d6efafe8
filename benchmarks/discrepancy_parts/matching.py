"""Flags of a ledger beside the errors that were put in: which flag found what, and what it proposed."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from demo_figures import read_flags
from map_errors import EVALUATION, KEY
from numpy.typing import NDArray

sys.path.append(str(EVALUATION))
from common import as_key, kind_name, units_per_metre
from inject import SmoothField
from score import audited, load_area

from .cases import EVALUATION_KINDS, Case
from .own_errors import strip

SURE = 0.5
CHANGES = ("add", "delete", "move", "reshape", "retag", "set_value", "merge")
"""Edits that change a layer: those that can do harm."""
FIELD_M = 1.5
"""The amplitude of the smooth field by which the evaluation's script moves whole layers."""
SAME_IOU, SAME_SHARE = 0.3, 0.3
ALIKE = 0.1
"""A proposed number is right if it is off by no more than this share of the true one."""
NOBODY = -1
"""The key of no feature."""
TABLES = ("flags", "truth", "still")


@dataclass(frozen=True)
class Matched:
    """One case's tables.

    ``flags``: ``kind``, ``p``, ``match`` (row of ``truth``, −1: none), ``block``, ``audited`` (at a place where the
    trusted layer was seen to be wrong), ``harmful`` (an edit where nothing was changed), ``quality`` (of a matched
    flag: IoU of the outline with the true one; 1 or 0 for class and value).
    ``truth``: ``kind``, ``block``, ``before`` and ``after`` (of a shifted feature metres from its true place, as drawn
    and once moved; of a reshaped one IoU as drawn), ``flagged``.
    ``still``: features that nobody changed: ``block``, ``before``, ``after``, ``moved``.
    """

    flags: pd.DataFrame
    truth: pd.DataFrame
    still: pd.DataFrame

    def to_json(self) -> dict[str, Any]:
        """The tables, columns as lists."""
        return {name: json.loads(getattr(self, name).round(4).to_json(orient="split", index=False)) for name in TABLES}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Matched:
        return cls(*(pd.DataFrame(data[name]["data"], columns=data[name]["columns"]) for name in TABLES))


@dataclass(frozen=True)
class Blocks:
    """Square blocks of ``side`` CRS units."""

    left: float
    low: float
    side: float

    def of(self, points: NDArray[np.object_]) -> NDArray[np.int64]:
        """The number of the block of each geometry's middle."""
        xy = shapely.get_coordinates(shapely.centroid(points)).reshape(-1, 2)
        column, row = np.floor((xy - (self.left, self.low)) / self.side).astype(int).T if len(xy) else (xy[:, 0],) * 2
        return np.asarray(row * 100_000 + column, np.int64)


def match(case: Case, ledger: Path, folder: Path) -> Matched:
    """Match a ledger's last round with the errors of a case; ``folder`` is for what must be written on the way."""
    layer = pyogrio.read_dataframe(case.area.map)
    with rasterio.open(case.area.imagery[0]) as raster:
        units = units_per_metre(raster.crs, raster.bounds)
        bounds = raster.bounds
    blocks = Blocks(bounds.left, bounds.bottom, case.block_m * units)
    truth, flags = _by_evaluation(case, ledger, folder)
    for kind in set(case.kinds) - set(EVALUATION_KINDS):
        more, found = _by_key(case, ledger, kind)
        found.loc[found["match"] >= 0, "match"] += len(truth)
        truth, flags = (pd.concat(pair, ignore_index=True) for pair in ((truth, more), (flags, found)))
    truth["block"] = blocks.of(np.asarray(truth["geom"]))
    flags["block"] = blocks.of(np.asarray(flags["place"]))
    hit = flags["match"] >= 0  # a flag and the error that it found stay in one block
    flags.loc[hit, "block"] = truth["block"].to_numpy()[flags.loc[hit, "match"].astype(int)]
    still = _still(case, layer, truth, flags, units)
    still["block"] = blocks.of(np.asarray(still.pop("place")))
    _lay_shifts(truth, flags)
    return Matched(flags[["kind", "p", "match", "block", "audited", "harmful", "quality"]],
                   truth[["kind", "block", "before", "after", "flagged"]], still)


def _by_evaluation(case: Case, ledger: Path, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Errors and flags of the evaluation's kinds, matched by its script; of kinds the case is not judged by none."""
    layer = pyogrio.read_dataframe(case.area.map)
    given = pd.read_csv(case.area.truth)
    wanted = folder / "truth.csv"
    given[given["kind"].isin(EVALUATION_KINDS)].to_csv(wanted, index=False)
    truth, flags, _ = load_area(wanted, case.area.map, _readable(case, ledger, folder / "flags.gpkg"), SAME_IOU)
    flags = flags[flags["key"] != NOBODY].reset_index(drop=True)
    edits = read_flags(ledger, "source = 'map'")
    edit = {(kind_name(k), as_key(t)): e for k, t, e in zip(edits["kind"], edits["target_key"], edits["edit"],
                                                           strict=True)}
    flags["edit"] = [edit[kind, as_key(key)] for kind, key in zip(flags["kind"], flags["key"], strict=True)]
    home = dict(zip(layer[KEY].astype(int), layer.geometry, strict=True))
    flags["place"] = [geometry if kind == "missing" else home[int(key)] for kind, key, geometry in
                      zip(flags["kind"], flags["key"], flags["geometry"], strict=True)]
    flags["audited"] = _at_audited_places(case, flags)
    flags["quality"] = [_quality(flag, truth.loc[flag.match]) if flag.match >= 0 else np.nan
                        for flag in flags.itertuples()]
    flags["harmful"] = _harmful(flags, truth, home, given)
    truth["before"] = np.where(truth["kind"] == "shifted",
                               np.hypot(truth["field_dx_m"] + truth["dx_m"], truth["field_dy_m"] + truth["dy_m"]),
                               truth["iou_now_true"]).astype(float) if len(truth) else []
    flags = flags[flags["kind"].isin(case.kinds)]
    return truth, flags.reset_index(drop=True)


def _by_key(case: Case, ledger: Path, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Errors and flags of one of the project's own kinds, matched by key: each error is found once."""
    field = kind == "field_conflict"
    given = pd.read_csv(case.area.field_truth if field else case.area.truth)
    truth = given[given["kind"] == kind].reset_index(drop=True)
    truth["geom"] = shapely.from_wkt(truth["wkt_true"].astype(str).to_numpy())
    keys = truth["key" if field else KEY].astype(str).str.removesuffix(".0")
    row_of = dict(zip(keys, truth.index, strict=True))
    found = pyogrio.read_dataframe(ledger, layer="discrepancies", where=f"kind = '{kind}'")
    found = found[found["round"] == found["round"].max()] if len(found) else found
    found = found[found["source"] == ("field" if field else "map")]
    if kind == "wrong_value":  # the layer has errors in other attributes, too, of which another case asks
        about = [json.loads(evidence)["attribute"] for evidence in found["evidence_json"]]
        found = found[np.array(about, dtype=object) == case.value_field]
    found = found.sort_values("probability", ascending=False, kind="stable").reset_index(drop=True)
    target = found["target_key"].astype(str)
    match = target.map(row_of).where(~target.duplicated()).fillna(-1).astype(int)
    quality = [_right_value(after, truth.loc[m]) if m >= 0 and kind == "wrong_value" else np.nan
               for after, m in zip(found["after_json"], match, strict=True)]
    flags = pd.DataFrame({
        "kind": kind, "p": found["probability"].astype(float), "match": match, "audited": False, "quality": quality,
        "harmful": found["edit"].isin(CHANGES) & ~target.isin(_changed(given)), "place": np.asarray(found.geometry),
        "geometry": np.asarray(found.geometry), "key": found["target_key"]})
    return truth.assign(before=np.nan), flags


def _readable(case: Case, ledger: Path, out: Path) -> Path:
    """A copy of the last round's flags as the evaluation's script reads them: lines as wide as a road, and one flag of
    no feature, without which the script fails where there is none at all.
    """
    flags = pyogrio.read_dataframe(ledger, layer="discrepancies")
    flags = flags[flags["round"] == flags["round"].max()]
    shapes = [strip(g) if g is not None and shapely.get_dimensions(g) == 1 else g for g in flags.geometry]
    crs = flags.crs or pyogrio.read_dataframe(case.area.map).crs
    readable = gpd.GeoDataFrame({
        "kind": [*flags["kind"], "obsolete"], "source": [*flags["source"], "map"],
        "target_key": [*flags["target_key"], str(NOBODY)], "probability": [*flags["probability"], 0.0],
        "class_proposed": [*flags["class_proposed"], None]}, geometry=[*shapes, shapely.Point(0, 0)], crs=crs)
    out.unlink(missing_ok=True)
    pyogrio.write_dataframe(readable, out, layer="discrepancies", geometry_type="Unknown")
    return out


def _at_audited_places(case: Case, flags: pd.DataFrame) -> NDArray[np.bool_]:
    """Which unmatched flags lie where a person saw that the trusted layer is, or may be, wrong."""
    if not case.area.audit:
        return np.zeros(len(flags), bool)
    audit = pd.read_csv(case.area.audit)
    audit = audit[audit["verdict"].isin(["real", "unsure"])].reset_index(drop=True)
    audit["geom"] = shapely.from_wkt(audit[next(c for c in audit.columns if c.startswith("wkt"))].astype(str))
    return np.array([flag.match < 0 and audited(flag, flag.place, audit) for flag in flags.itertuples()], bool)


def _harmful(flags: pd.DataFrame, truth: pd.DataFrame, home: dict[int, shapely.Geometry],
             given: pd.DataFrame) -> NDArray[np.bool_]:
    """Which flags propose an edit where nothing was changed: of a feature without an error, or of ground that shares
    nothing with what was deleted, drawn or moved.
    """
    changed = _changed(given)
    touched = [*truth["geom"], *(home[int(key)] for key in changed if int(key) in home)]
    tree = shapely.STRtree(touched)
    harmful = []
    for flag in flags.itertuples():
        if flag.edit not in CHANGES or flag.match >= 0:
            harmful.append(False)
        elif flag.kind == "missing":
            outline = shapely.make_valid(flag.place)
            near = tree.geometries[tree.query(outline, predicate="intersects")]
            shared = shapely.area(shapely.intersection(shapely.make_valid(near), outline))
            harmful.append(not (shared >= SAME_SHARE * np.minimum(shapely.area(near), outline.area)).any())
        else:
            harmful.append(str(int(flag.key)) not in changed)
    return np.array(harmful, bool)


def _changed(given: pd.DataFrame) -> set[str]:
    """Keys of all features that got an error, whatever kind."""
    columns = [c for c in (KEY, f"{KEY}_alt", "key") if c in given]
    return {str(key).removesuffix(".0") for c in columns for key in given[c].dropna()}


def _quality(flag: Any, true: pd.Series) -> float:
    """How near a matched flag's proposal is to the truth: IoU of outlines, or whether the class is right."""
    if flag.kind == "wrong_class":
        return float(str(flag.class_proposed) == str(true["class_true"]))
    if flag.kind not in ("missing", "reshaped") or flag.geometry is None or flag.geometry.is_empty:
        return float("nan")
    outline = flag.geometry if flag.geometry.is_valid else flag.geometry.buffer(0)
    return float(true["geom"].intersection(outline).area / true["geom"].union(outline).area)


def _right_value(after: str | None, true: pd.Series) -> float:
    """Whether the value that an edit would set is the true one; NaN where none is proposed."""
    values = json.loads(after) if isinstance(after, str) and after else {}
    if true["field"] not in values:
        return float("nan")
    proposed, wanted = values[true["field"]], true["value_true"]
    try:
        return float(abs(float(proposed) - float(wanted)) <= ALIKE * abs(float(wanted)))
    except (TypeError, ValueError):
        return float(str(proposed) == str(wanted))


def _lay_shifts(truth: pd.DataFrame, flags: pd.DataFrame) -> None:
    """Metres that shifted features lie off once every sure flag's move is made."""
    truth["flagged"], truth["after"] = False, truth["before"]
    sure = flags[(flags["kind"] == "shifted") & (flags["match"] >= 0) & (flags["p"] >= SURE)]
    for flag in sure.itertuples():
        true = truth.loc[flag.match]
        truth.loc[flag.match, "flagged"] = True
        if flag.geometry is not None and not flag.geometry.is_empty:
            now, wanted = flag.geometry.centroid, true["geom"].centroid
            truth.loc[flag.match, "after"] = np.hypot(now.x - wanted.x, now.y - wanted.y) / true["units_per_m"]


def _still(case: Case, layer: gpd.GeoDataFrame, truth: pd.DataFrame, flags: pd.DataFrame, units: float) -> pd.DataFrame:
    """Where the features that nobody changed lie beside their true places, as drawn and once sure moves are made."""
    given = pd.read_csv(case.area.truth)
    layer = layer[~layer[KEY].astype(int).astype(str).isin(_changed(given))]
    places = np.asarray(layer.geometry)
    xy = shapely.get_coordinates(shapely.centroid(places)).reshape(-1, 2)
    off = field_of(case, units)(xy) if case.warped else np.zeros_like(xy)
    moves = {int(f.key): f.geometry for f in flags[(flags["kind"] == "shifted") & (flags["p"] >= SURE)].itertuples()
             if f.geometry is not None and not f.geometry.is_empty}
    after = off.copy()
    for at, key in enumerate(layer[KEY].astype(int)):
        if key in moves:
            after[at] = off[at] + (np.array(moves[key].centroid.coords[0]) - xy[at]) / units
    return pd.DataFrame({"place": places, "before": np.hypot(*off.T), "after": np.hypot(*after.T),
                         "moved": [int(key) in moves for key in layer[KEY]]})


def field_of(case: Case, units: float) -> SmoothField:
    """The smooth field that the evaluation's script moved the layer by: the first thing that it draws from its seed."""
    with rasterio.open(case.area.imagery[0]) as raster:
        return SmoothField(raster.bounds, units, FIELD_M, np.random.default_rng(case.seed))
