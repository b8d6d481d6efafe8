"""From a rule's finding to the ledger's record."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from ..fusion.ground import Ground
from ..ledger import Discrepancy
from ..sources.statements import Statements


def on_feature(
    ground: Ground, layer: Statements, row: int, *, kind: str, edit: str, probability: float, surprise: float,
    number: int, class_now: str | None, class_proposed: str | None = None, after: Mapping[str, Any] | None = None,
    proposal: shapely.Geometry | None = None, offset_m: tuple[float, float] | None = None, about: str = "",
    columns: Sequence[str] = (), evidence: Mapping[str, Any],
) -> Discrepancy:
    """Record what is wrong with a feature.

    ``number`` is the round's, ``surprise`` in nats, ``after`` the attributes that the edit would set; ``evidence`` must
    hold a ``sentence``. ``proposal`` (grid's CRS) is the geometry as it should be, by default as it is; ``offset_m``
    how far it is moved, eastward and northward. Findings of one feature and one ``about`` are rivals: they share a
    cause. ``columns`` are watched beside those that decide the class. :func:`signed` adds the signature to what is
    kept.
    """
    features = layer.features
    geometry = features.geometries[row]
    watched = {*ground.legend.watched(features), *columns}
    before = {name: _plain(features.attributes[name].iloc[row]) for name in sorted(watched)}
    wkb = shapely.to_wkb(geometry)
    key = str(features.keys[row])
    return Discrepancy(
        uid=_uid(number, features.name, key, kind + about, wkb), source=features.kind, target_layer=features.name,
        kind=kind, edit=edit, probability=round(float(probability), 4),
        proposal=wkb if proposal is None else shapely.to_wkb(proposal), before=wkb, target_key=key,
        class_now=class_now, class_proposed=class_proposed, surprise=round(float(surprise), 4),
        cause=cause_of(number, features.name, key, about), dx=None if offset_m is None else round(offset_m[0], 3),
        dy=None if offset_m is None else round(offset_m[1], 3), area_m2=_area(ground, geometry), before_values=before,
        after_values=dict(after or {}), evidence=dict(evidence), licence_flags=licence(ground))


def on_ground(
    ground: Ground, source: str, layer: str, geometry: shapely.Geometry, *, kind: str, edit: str, probability: float,
    surprise: float, number: int, class_now: str | None = None, class_proposed: str | None = None,
    after: Mapping[str, Any] | None = None, offset_m: tuple[float, float] | None = None, evidence: Mapping[str, Any],
) -> Discrepancy:
    """Record what is wrong with a place of a source that has no feature for it; ``geometry`` in the grid's CRS."""
    wkb = shapely.to_wkb(geometry)
    uid = _uid(number, layer, source, kind, wkb)
    return Discrepancy(
        uid=uid, source=source, target_layer=layer, kind=kind, edit=edit, probability=round(float(probability), 4),
        proposal=wkb, class_now=class_now, class_proposed=class_proposed, surprise=round(float(surprise), 4), cause=uid,
        dx=None if offset_m is None else round(offset_m[0], 3), dy=None if offset_m is None else round(offset_m[1], 3),
        area_m2=_area(ground, geometry), after_values=dict(after or {}), evidence=dict(evidence),
        licence_flags=licence(ground))


def signed(found: Sequence[Discrepancy], layer: Statements) -> list[Discrepancy]:
    """Add to each discrepancy of a layer's feature its signature as it is now, over what the record holds of it."""
    features = layer.features
    row_of = {str(key): row for row, key in enumerate(features.keys)}
    by_columns: dict[tuple[str, ...], list[Discrepancy]] = defaultdict(list)
    for d in found:
        by_columns[tuple(sorted(d.before_values)) if d.target_key is not None else ("",)].append(d)
    signature: dict[str, str] = {}
    for columns, some in by_columns.items():
        if some[0].target_key is None:
            continue
        rows = np.unique([row_of[str(d.target_key)] for d in some])
        of_key = dict(zip(rows.tolist(), features.select(rows).signatures(columns), strict=True))
        signature |= {d.uid: of_key[row_of[str(d.target_key)]] for d in some}
    return [replace(d, signature=signature[d.uid]) if d.uid in signature else d for d in found]


def cause_of(number: int, layer: str, key: str, about: str = "") -> str:
    """The cause that the rival findings of one feature share."""
    return _uid(number, layer, key, about, b"")


def licence(ground: Ground) -> str:
    """What a reviewer must know before an edit leaves the house: sources whose terms do not allow it, or do not say."""
    terms = [*((layer.name, layer.features.settings) for layer in ground.layers), *ground.imagery.terms.items()]
    flags = [f"{name}: {said.licence}" for name, said in terms if said.licence]
    return "; ".join(flags + [f"{name}: not to be traced" for name, said in terms if said.may_trace is False])


def dated(layer: Statements, row: int) -> dict[str, str]:
    """The date of a feature, if its layer says one, as evidence keeps it."""
    date = layer.features.dates[row]
    return {"date": date} if date else {}


def _area(ground: Ground, geometry: shapely.Geometry) -> float:
    return round(float(geometry.area) * ground.grid.metres_per_unit**2, 2)


def _uid(number: int, layer: str, key: str, kind: str, wkb: bytes) -> str:
    text = f"{number}\x1f{layer}\x1f{key}\x1f{kind}\x1f".encode() + wkb
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()[:20]


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, np.generic):
        return value.item()
    text = str(value)
    return value if isinstance(value, (str, int, float, bool)) else (None if text in ("NaT", "<NA>", "nan") else text)
