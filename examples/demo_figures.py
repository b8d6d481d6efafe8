"""What a loop found: its flags against the truth about the errors put in, and what the run took."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
from demo_areas import Area
from field_errors import KIND as FIELD_CONFLICT
from map_errors import EVALUATION, KEY, run_script

sys.path.append(str(EVALUATION))
from score import average_precision

SHOWN_FROM = 0.5  # flags at least as probable as this count as raised


@dataclass(frozen=True)
class KindFigures:
    """One kind of error: how many were put in, flags raised at 0.5 or above, and how many of these were right."""

    injected: int
    raised: int
    found: int
    precision: float | None
    recall: float | None
    ap: float


def all_figures(area: Area, ledger: Path, audited: bool = False) -> dict[str, KindFigures]:
    """By kind: the map's errors by the evaluation's script, the field's by :func:`field_figures`.

    ``audited`` leaves out flags at places where the trusted layer itself was seen to be wrong.
    """
    figures = map_figures(area, ledger, audited)
    if area.field_truth:
        figures[FIELD_CONFLICT] = field_figures(area, ledger)
    return figures


def map_figures(area: Area, ledger: Path, audited: bool = False) -> dict[str, KindFigures]:
    """Every kind of error that was put into the map layer, or flagged there."""
    audit = ["--audit", area.audit] if audited and area.audit else []
    said = run_script("score.py", "--truth", area.truth, "--layer", area.map, "--flags", ledger, *audit)
    kinds = json.loads(said.splitlines()[-1])["kinds"]
    return {
        kind: KindFigures(k["injected"], k["flagged"], k["tp"], k["precision"], k["recall"], k["ap"])
        for kind, k in kinds.items()
    }


def field_figures(area: Area, ledger: Path) -> KindFigures:
    """The field layer's swapped classes: a flag is right if it names a point whose class was swapped."""
    wrong = set(pd.read_csv(area.field_truth)["key"].astype(str))
    flags = read_flags(ledger, "source = 'field' AND kind = ?", [FIELD_CONFLICT]).drop_duplicates("target_key")
    p, hit = flags["probability"].to_numpy(float), flags["target_key"].astype(str).isin(wrong).to_numpy()
    raised, found = int((p >= SHOWN_FROM).sum()), int(hit[p >= SHOWN_FROM].sum())
    return KindFigures(len(wrong), raised, found, found / raised if raised else None,
                       found / len(wrong) if wrong else None, average_precision(p, hit, len(wrong)))


def read_flags(ledger: Path, where: str = "1", values: Sequence[object] = ()) -> pd.DataFrame:
    """The discrepancies of the ledger's last round, the most probable first, without their geometry."""
    query = ("SELECT uid, source, target_key, kind, edit, probability FROM discrepancies"
             f" WHERE round = (SELECT max(round) FROM discrepancies) AND ({where}) ORDER BY probability DESC")
    with sqlite3.connect(ledger) as db:
        return pd.read_sql_query(query, db, params=list(values))


def raised_by_kind(ledger: Path) -> Counter[tuple[str, str]]:
    """How many flags were raised, by source and kind."""
    flags = read_flags(ledger, "probability >= ?", [SHOWN_FROM])
    return Counter(zip(flags["source"], flags["kind"], strict=True))


def round_costs(ledger: Path) -> tuple[dict[str, float], float]:
    """Seconds by stage and the engine's peak memory in MB, as the last round wrote them down."""
    with sqlite3.connect(ledger) as db:
        metrics = db.execute("SELECT metrics_json FROM rounds ORDER BY id DESC LIMIT 1").fetchone()
    found = json.loads(metrics[0]) if metrics and metrics[0] else {}
    return found.get("seconds", {}), float(found.get("peak_mb", 0.0))


def pushed_changes(before: Path, after: Path) -> dict[str, int]:
    """How many features a push added, deleted and changed: two copies of one layer compared by key."""
    old, new = (pyogrio.read_dataframe(p) for p in (before, after))
    known = new[KEY].isin(old[KEY])
    both = old.merge(new[known], on=KEY, suffixes=("", "_new"))
    columns = [c for c in old.columns if c not in (KEY, "geometry") and f"{c}_new" in both]
    differs = np.zeros(len(both), bool)
    for column in columns:
        a, b = both[column], both[f"{column}_new"]
        differs |= ~((a == b) | (a.isna() & b.isna())).fillna(False).to_numpy(bool)
    differs |= ~both["geometry"].normalize().geom_equals_exact(both["geometry_new"].normalize(), 1e-6).to_numpy(bool)
    return {"added": int((~known).sum()), "deleted": int((~old[KEY].isin(new[KEY])).sum()),
            "changed": int(differs.sum())}
