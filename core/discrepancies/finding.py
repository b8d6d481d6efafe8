"""From a rule's finding to the ledger's record."""

from __future__ import annotations

import hashlib
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
    number: int, class_now: str | None, class_proposed: str | None, after: Mapping[str, Any] | None = None,
    evidence: Mapping[str, Any],
) -> Discrepancy:
    """Record what is wrong with a feature. ``number`` is the round's, ``surprise`` in nats, ``after`` the attributes
    that the edit would set; ``evidence`` must hold a ``sentence``. The signature is added to what is kept.
    """
    features = layer.features
    geometry = features.geometries[row]
    watched = ground.legend.watched(features)
    before = {name: _plain(features.attributes[name].iloc[row]) for name in watched}
    wkb = shapely.to_wkb(geometry)
    key = str(features.keys[row])
    return Discrepancy(
        uid=_uid(number, features.name, key, kind, wkb), source=features.kind, target_layer=features.name, kind=kind,
        edit=edit, probability=round(float(probability), 4), proposal=wkb, before=wkb, target_key=key,
        class_now=class_now, class_proposed=class_proposed, surprise=round(float(surprise), 4),
        cause=_uid(number, features.name, key, "", b""), area_m2=_area(ground, geometry), before_values=before,
        after_values=dict(after or {}), evidence=dict(evidence), licence_flags=licence(ground))


def on_ground(
    ground: Ground, layer: Statements, geometry: shapely.Geometry, *, kind: str, probability: float, surprise: float,
    number: int, class_proposed: str, after: Mapping[str, Any], evidence: Mapping[str, Any],
) -> Discrepancy:
    """Record that a layer lacks a feature; ``geometry`` (grid's CRS) is its proposed outline."""
    wkb = shapely.to_wkb(geometry)
    name = layer.features.name
    uid = _uid(number, name, "", kind, wkb)
    return Discrepancy(
        uid=uid, source=layer.features.kind, target_layer=name, kind=kind, edit="add",
        probability=round(float(probability), 4), proposal=wkb, class_proposed=class_proposed,
        surprise=round(float(surprise), 4), cause=uid, area_m2=_area(ground, geometry), after_values=dict(after),
        evidence=dict(evidence), licence_flags=licence(ground))


def signed(found: Sequence[Discrepancy], ground: Ground, layer: Statements) -> list[Discrepancy]:
    """Add the signature of the feature as it is now to each discrepancy of a layer's feature."""
    features = layer.features
    row_of = {str(key): row for row, key in enumerate(features.keys)}
    mask = np.zeros(len(features), bool)
    mask[[row_of[d.target_key] for d in found if d.target_key is not None]] = True
    chosen = features.select(mask)
    signature = dict(zip(map(str, chosen.keys), chosen.signatures(ground.legend.watched(features)), strict=True))
    return [d if d.target_key is None else replace(d, signature=signature[d.target_key]) for d in found]


def licence(ground: Ground) -> str:
    """What a reviewer must know before an edit leaves the house: sources whose terms do not allow it, or do not say."""
    flags = [f"{layer.name}: {layer.features.settings.licence}" for layer in ground.layers
             if layer.features.settings.licence]
    return "; ".join(flags)


def log_odds(p: np.ndarray) -> np.ndarray:
    """log p / (1 − p), bounded."""
    bounded = np.clip(np.asarray(p, np.float64), 1e-4, 1 - 1e-4)
    return np.asarray(np.log(bounded / (1 - bounded)))


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
