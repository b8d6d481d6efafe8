"""The ledger's tables. Columns may be added, never change their meaning."""

from __future__ import annotations

import sqlite3
from contextlib import closing

SOURCES = ("imagery", "map", "field")
KINDS = ("missing", "obsolete", "shifted", "reshaped", "wrong_class", "wrong_value", "duplicate", "invalid",
         "field_conflict", "outdated", "common_shift")
LABEL_PATCH = "label_patch"
EDITS = ("add", "delete", "flag", "move", "reshape", "retag", "set_value", "merge", "revisit", LABEL_PATCH)
DECISIONS = ("accept", "reject", "unsure")

DISCREPANCIES = """
  uid TEXT NOT NULL UNIQUE, round INTEGER NOT NULL, source TEXT NOT NULL, target_layer TEXT, target_key TEXT,
  signature TEXT, kind TEXT NOT NULL, edit TEXT NOT NULL, class_now TEXT, class_proposed TEXT,
  probability REAL NOT NULL, surprise REAL, cause TEXT, dx REAL, dy REAL, area_m2 REAL,
  before_json TEXT, after_json TEXT, evidence_json TEXT, licence_flags TEXT"""

BEFORE = "uid TEXT NOT NULL UNIQUE"

DECISIONS_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, uid TEXT, layer TEXT, key TEXT, decision TEXT NOT NULL,
  reason TEXT, reviewer TEXT, at TEXT NOT NULL, seconds REAL, drawn_as TEXT NOT NULL, inclusion_probability REAL,
  CHECK (uid IS NOT NULL OR (layer IS NOT NULL AND key IS NOT NULL)),
  CHECK (decision IN ('accept', 'reject', 'unsure')), CHECK (drawn_as IN ('queue', 'audit', 'bulk'))"""

# The journal: one line a feature that an edit changes; lines of one push and uid are one decision and share their
# state. The first is the flagged feature's, in the others `edit` says what came along (neighbour, kept). `state` goes
# planned → committed → undone; or stale, failed. `fid` is the feature's id in the target after the edit; images are the
# whole feature, in the target's own CRS.
EDITS_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, push TEXT NOT NULL, uid TEXT NOT NULL, target_layer TEXT NOT NULL,
  target_source TEXT NOT NULL, target_key TEXT, fid INTEGER, edit TEXT NOT NULL, command TEXT NOT NULL,
  before_wkb BLOB, before_json TEXT, after_wkb BLOB, after_json TEXT, model TEXT, reviewer TEXT,
  state TEXT NOT NULL, why TEXT, at TEXT NOT NULL, committed_at TEXT, undone_at TEXT,
  CHECK (state IN ('planned', 'committed', 'undone', 'stale', 'failed'))"""

SOURCES_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, round INTEGER NOT NULL, kind TEXT NOT NULL, layer TEXT NOT NULL,
  uri TEXT, key TEXT, crs TEXT, operation TEXT, settings_json TEXT, licence TEXT, may_trace INTEGER, may_train INTEGER,
  may_export INTEGER, may_edit INTEGER"""

RELIABILITY_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, round INTEGER NOT NULL, source TEXT NOT NULL, layer TEXT NOT NULL,
  class TEXT NOT NULL, region TEXT NOT NULL DEFAULT '', row_json TEXT NOT NULL, n REAL, accuracy REAL, low REAL,
  high REAL"""

ROUNDS_TABLE = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, at TEXT NOT NULL, job TEXT NOT NULL, seed INTEGER,
  parameters_json TEXT, versions_json TEXT, fingerprints_json TEXT, metrics_json TEXT, model TEXT, device TEXT"""

TABLES = {"discrepancies": DISCREPANCIES, "before": BEFORE, "decisions": DECISIONS_TABLE, "edits": EDITS_TABLE,
          "sources": SOURCES_TABLE, "reliability": RELIABILITY_TABLE, "rounds": ROUNDS_TABLE}
"""What every ledger has; the queue and its audit are added with the first one."""


def lacking(ledger: sqlite3.Connection) -> list[str]:
    """The tables, and the columns as table.column, that a ledger needs and this one has not."""
    found = []
    with closing(sqlite3.connect(":memory:")) as plain:
        for table, columns in TABLES.items():
            plain.execute(f"CREATE TABLE {table} ({columns})")
            own, there = ({row[1] for row in one.execute(f"PRAGMA table_info({table})")} for one in (plain, ledger))
            found += [table] if not there else [f"{table}.{column}" for column in sorted(own - there)]
    return found


# A status is never stored: what happened last to a discrepancy says it.
STATUS_VIEW = """
  WITH said AS (SELECT uid, decision, at, row_number() OVER (PARTITION BY uid ORDER BY id DESC) AS newest
                FROM decisions WHERE uid IS NOT NULL),
       done AS (SELECT uid, state, coalesce(undone_at, committed_at, at) AS at,
                       row_number() OVER (PARTITION BY uid ORDER BY id DESC) AS newest
                FROM edits WHERE state IN ('committed', 'undone', 'stale'))
  SELECT d.uid AS uid, CASE
      WHEN done.state = 'committed' THEN 'pushed'
      WHEN done.state IS NOT NULL AND (said.at IS NULL OR done.at >= said.at) THEN done.state
      WHEN said.decision = 'accept' THEN 'accepted'
      WHEN said.decision = 'reject' THEN 'rejected'
      WHEN said.decision = 'unsure' THEN 'unsure'
      ELSE 'open' END AS status
  FROM discrepancies d
  LEFT JOIN said ON said.uid = d.uid AND said.newest = 1
  LEFT JOIN done ON done.uid = d.uid AND done.newest = 1"""

# What a reviewer opens: the surest kind of each cause, with its status.
REVIEW_VIEW = """
  SELECT d.fid AS fid, d.geom AS geom, d.uid, d.round, d.source, d.target_layer, d.target_key, d.kind, d.edit,
         d.class_now, d.class_proposed, d.probability, s.status, d.area_m2, d.dx, d.dy, d.evidence_json
  FROM discrepancies d JOIN status s ON s.uid = d.uid
  WHERE NOT EXISTS (SELECT 1 FROM discrepancies o WHERE o.cause = d.cause AND o.round = d.round
                    AND (o.probability > d.probability OR (o.probability = d.probability AND o.fid < d.fid)))"""
