"""The GeoPackage that holds a loop."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any

from ..errors import InputError, LedgerError
from ..whole import take_free_place
from . import amendments, geopackage, schema
from .amendments import Amendment
from .journal import Journal
from .records import Discrepancy, ReliabilityRow, Round, SourceRow, dumps, now
from .wkb import dimension

STYLES = ("areas", "lines", "points")
"""How QGIS shows discrepancies: a style holds for one kind of geometry, and that of which a round has most is shown."""
@dataclass(frozen=True)
class Crs:
    """The grid's CRS as a GeoPackage registers it; ``authority`` empty: the user's own."""

    name: str
    authority: str
    code: int
    wkt: str


class Ledger:
    """An open ledger. Use :meth:`open` or :meth:`create`, as a context manager; every write is one transaction."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._db = path, connection

    @classmethod
    def open(cls, path: str | Path, *, timeout_s: float = 10.0) -> Ledger:
        """Open an existing ledger, waiting ``timeout_s`` where another program holds it.

        Raises :class:`LedgerError` where it is missing, unreadable or no ledger.
        """
        path = Path(path)
        if not path.is_file():
            raise LedgerError(f"The ledger {path} does not exist; run Flag or Loop first, or name another file.")
        try:
            connection = geopackage.connect(path, timeout_s=timeout_s)
            found = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        except sqlite3.Error as error:
            raise LedgerError(f"The ledger {path} cannot be read ({error}); close other programs that hold it, or "
                              "name another file.") from error
        if not {"discrepancies", "decisions", "edits", "rounds"} <= found:
            connection.close()
            raise LedgerError(f"The file {path} is no GeoLoop ledger; name a ledger or a file that does not exist yet.")
        return cls(path, connection)

    @classmethod
    def create(cls, path: str | Path, crs: Crs) -> Ledger:
        """Create a ledger for discrepancies in ``crs``, or open the one that another run has made meanwhile. The file
        appears whole or not at all.
        """
        path = Path(path)
        draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.draft")
        try:
            connection = geopackage.connect(draft, create=True)
        except sqlite3.Error as error:
            raise LedgerError(
                f"The ledger {path} cannot be written ({error}); choose a folder you may write to."
            ) from error
        try:
            with _transaction(connection, path):
                geopackage.initialise(connection)
                srs = geopackage.add_crs(connection, crs.name, crs.authority, crs.code, crs.wkt)
                geopackage.add_feature_table(connection, "discrepancies", schema.DISCREPANCIES, srs,
                                             "Where a source contradicts all the others; the geometry is the proposal")
                geopackage.add_feature_table(connection, "before", schema.BEFORE, srs,
                                             "The geometry as it is, by uid of the discrepancy")
                for table, columns, description in (
                    ("decisions", schema.DECISIONS_TABLE, "What reviewers said; append only"),
                    ("edits", schema.EDITS_TABLE, "The journal of every edit pushed and undone"),
                    ("sources", schema.SOURCES_TABLE, "The layers of each round"),
                    ("reliability", schema.RELIABILITY_TABLE, "How far each source can be trusted, by class"),
                    ("rounds", schema.ROUNDS_TABLE, "The runs: parameters, seeds, versions, figures"),
                ):
                    geopackage.add_table(connection, table, columns, description)
                connection.execute("CREATE INDEX decisions_uid ON decisions (uid)")
                for action in ("UPDATE", "DELETE"):
                    connection.execute(f"CREATE TRIGGER decisions_no_{action.lower()} BEFORE {action} ON decisions"
                                       " BEGIN SELECT RAISE(ABORT, 'decisions are append only'); END")
                connection.execute("CREATE INDEX edits_uid ON edits (uid)")
                connection.execute("CREATE INDEX discrepancies_cause ON discrepancies (cause, round)")
                connection.execute(f"CREATE VIEW status AS {schema.STATUS_VIEW}")
                geopackage.add_feature_view(connection, "review", schema.REVIEW_VIEW, srs,
                                            "Discrepancies to review, the top kind of each cause, with their status")
                for table in ("discrepancies", "review"):
                    for name in STYLES:
                        style = Path(__file__).with_name("styles").joinpath(f"{name}.qml").read_text(encoding="utf-8")
                        geopackage.add_style(connection, table, "geom", name, style, shown=name == STYLES[0])
        except BaseException:
            connection.close()
            draft.unlink(missing_ok=True)
            raise
        connection.close()
        try:
            take_free_place(draft, path)
        except OSError as error:
            raise LedgerError(f"The ledger {path} cannot be written ({error.strerror or error}); choose a folder you "
                              "may write to.") from error
        finally:
            draft.unlink(missing_ok=True)
        return cls.open(path)

    def check_writable(self) -> None:
        """Raise :class:`LedgerError` if a round could not be written now: read-only, held by another program, or made
        by another GeoLoop.
        """
        with self._transaction() as db:
            lacking = schema.lacking(db)
        if lacking:
            raise LedgerError(f"The ledger {self.path} lacks {', '.join(lacking)}: another version of GeoLoop made it, "
                              "or somebody changed it by hand; name another LEDGER.")

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # ------------------------------------------------------------------ rounds

    def add_round(self, record: Round, sources: Sequence[SourceRow] = (), reliability: Sequence[ReliabilityRow] = (),
                  discrepancies: Iterable[Discrepancy] = (), number: int | None = None) -> int:
        """Write a round with all that belongs to it, whole or not at all; return its number: the one that it was given
        by :meth:`new_round`, else the next.
        """
        srs = int(self._one("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'discrepancies'"))
        with self._transaction() as db:
            number = int(db.execute(
                "INSERT INTO rounds (id, at, job, seed, parameters_json, versions_json, fingerprints_json,"
                " metrics_json, model, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (number, now(), record.job, record.seed, dumps(record.parameters), dumps(record.versions),
                 dumps(record.fingerprints), dumps(record.metrics), record.model, record.device)).lastrowid or 0)
            db.executemany(
                "INSERT INTO sources (round, kind, layer, uri, key, crs, operation, settings_json, licence, may_trace,"
                " may_train, may_export, may_edit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        number,
                        s.kind,
                        s.layer,
                        s.uri,
                        s.key,
                        s.crs,
                        s.operation,
                        dumps(s.settings),
                        s.settings.get("licence"),
                        *(s.settings.get(f"may_{m}") for m in ("trace", "train", "export", "edit")),
                    )
                    for s in sources
                ],
            )
            db.executemany(
                "INSERT INTO reliability (round, source, layer, class, region, row_json, n, accuracy, low, high)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, r.source, r.layer, r.class_name, r.region, dumps(r.row), r.n, r.accuracy, r.low, r.high)
                 for r in reliability])
            dimensions = [0, 0, 0]
            for d in discrepancies:
                if d.proposal is not None:
                    dimensions[dimension(d.proposal)] += 1
                db.execute(
                    "INSERT INTO discrepancies (geom, uid, round, source, target_layer, target_key, signature, kind,"
                    " edit, class_now, class_proposed, probability, surprise, cause, dx, dy, area_m2, before_json,"
                    " after_json, evidence_json, licence_flags)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (geopackage.to_blob(d.proposal, srs), d.uid, number, d.source, d.target_layer, d.target_key,
                     d.signature, d.kind, d.edit, d.class_now, d.class_proposed, d.probability, d.surprise,
                     d.cause or d.uid, d.dx, d.dy, d.area_m2, dumps(d.before_values), dumps(d.after_values),
                     dumps(d.evidence), d.licence_flags))
                if d.before is not None:
                    db.execute("INSERT INTO before (geom, uid) VALUES (?, ?)",
                               (geopackage.to_blob(d.before, srs), d.uid))
            geopackage.update_extent(db, ("discrepancies", "before"))
            if any(dimensions):
                most = STYLES[2 - max(range(3), key=lambda one: (dimensions[one], one))]
                for table in ("discrepancies", "review"):
                    geopackage.show_style(db, table, most, STYLES)
        return number

    def add_metrics(self, number: int, metrics: Mapping[str, Any]) -> None:
        """Add to what a round measured: what comes after its discrepancies were written."""
        with self._transaction() as db:
            row = db.execute("SELECT metrics_json FROM rounds WHERE id = ?", (number,)).fetchone()
            if row is None:
                raise LedgerError(f"The ledger {self.path} has no round {number}.")
            db.execute("UPDATE rounds SET metrics_json = ? WHERE id = ?",
                       (dumps({**json.loads(row[0] or "{}"), **metrics}), number))

    @contextmanager
    def new_round(self) -> Iterator[int]:
        """The number of a round that is made in this block; a run beside this one gets another. It is free again where
        the block ends with an error.
        """
        with self._transaction() as db:  # sqlite_sequence is SQLite's own note of the last number given
            number = int(self._one("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'rounds'"))
            db.execute("DELETE FROM sqlite_sequence WHERE name = 'rounds'")
            db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('rounds', ?)", (number,))
        try:
            yield number
        except BaseException:
            with suppress(LedgerError), self._transaction() as db:
                db.execute("UPDATE sqlite_sequence SET seq = :one - 1 WHERE name = 'rounds' AND seq = :one"
                           " AND NOT EXISTS (SELECT 1 FROM rounds WHERE id = :one)", {"one": number})
            raise

    def crs_wkt(self) -> str:
        """The CRS of the discrepancies."""
        return str(self._one("SELECT definition FROM gpkg_spatial_ref_sys WHERE srs_id = (SELECT srs_id FROM"
                             " gpkg_geometry_columns WHERE table_name = 'discrepancies')"))

    def crs_record(self) -> tuple[str, str, int, str]:
        """Name, authority (empty: the user's own), code and WKT of the CRS of the discrepancies."""
        row = self.read("SELECT srs_name, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys"
                        " WHERE srs_id = (SELECT srs_id FROM gpkg_geometry_columns"
                        " WHERE table_name = 'discrepancies')")[0]
        return row[0], "" if row[1] == "NONE" else row[1], int(row[2]), row[3]

    def rejected(self) -> list[tuple[str, str | None, bytes | None, str]]:
        """Kind, signature, proposal and layer of every discrepancy that a reviewer rejected last."""
        return self._kept("rejected")

    def awaiting(self) -> list[tuple[str, str | None, bytes | None, str]]:
        """Kind, signature, proposal and layer of every discrepancy that was accepted and is still to be pushed: it need
        not be found again. Another layer may well lack the same.
        """
        return self._kept("accepted")

    def _kept(self, status: str) -> list[tuple[str, str | None, bytes | None, str]]:
        rows = self._db.execute("SELECT d.kind, d.signature, d.geom, coalesce(d.target_layer, '') AS layer"
                                " FROM discrepancies d JOIN status s ON s.uid = d.uid WHERE s.status = ?", (status,))
        return [(r["kind"], r["signature"], geopackage.from_blob(r["geom"]), r["layer"]) for r in rows]

    def reviewed(self) -> list[tuple[str, float, bool]]:
        """Kind, probability before any review corrected it, and whether the last decision accepted, of every
        discrepancy that a reviewer accepted or rejected.
        """
        rows = self._db.execute(
            "WITH said AS (SELECT uid, decision, row_number() OVER (PARTITION BY uid ORDER BY id DESC) AS newest"
            " FROM decisions WHERE uid IS NOT NULL)"
            " SELECT d.kind, said.decision,"
            " coalesce(json_extract(d.evidence_json, '$.uncorrected'), d.probability) AS p"
            " FROM discrepancies d JOIN said ON said.uid = d.uid AND said.newest = 1"
            " WHERE said.decision IN ('accept', 'reject')")
        return [(r["kind"], float(r["p"]), r["decision"] == "accept") for r in rows]

    # ------------------------------------------------------------------ decisions

    def decide(self, uids: Sequence[str], decision: str, *, reason: str = "", reviewer: str = "",
               drawn_as: str = "bulk", inclusion_probability: float | None = None, seconds: float | None = None,
               changed: Mapping[str, Amendment] = MappingProxyType({})) -> int:
        """Append one decision for each discrepancy; all or none. Returns how many were recorded.

        ``changed`` are proposals as the reviewer changed them, by uid.
        """
        if decision not in schema.DECISIONS:
            raise InputError(f"The decision must be one of {', '.join(schema.DECISIONS)}, not {decision!r}.")
        with self._transaction() as db:
            for uid in uids:
                if db.execute("SELECT 1 FROM discrepancies WHERE uid = ?", (uid,)).fetchone() is None:
                    raise InputError(f"The ledger {self.path} has no discrepancy {uid!r}; nothing was recorded.")
            at = now()
            for uid in uids:
                appended = db.execute(
                    "INSERT INTO decisions (uid, decision, reason, reviewer, at, seconds, drawn_as,"
                    " inclusion_probability) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (uid, decision, reason, reviewer, at, seconds, drawn_as, inclusion_probability))
                if uid in changed:
                    amendments.record(db, appended.lastrowid or 0, uid, changed[uid])
        return len(uids)

    def layers_of(self, uids: Sequence[str]) -> set[str]:
        """The layers that these discrepancies are of."""
        rows = self._db.execute("SELECT DISTINCT target_layer FROM discrepancies WHERE uid IN"
                                " (SELECT value FROM json_each(?))", (json.dumps(list(uids)),))
        return {row[0] for row in rows}

    def status(self) -> dict[str, str]:
        """The status of every discrepancy, by uid."""
        return {row["uid"]: row["status"] for row in self._db.execute("SELECT uid, status FROM status")}

    # ------------------------------------------------------------------ layers and journal

    @property
    def journal(self) -> Journal:
        """What was written into layers, and taken back."""
        return Journal(self)

    def target_layers(self) -> list[tuple[str, str]]:
        """Name and address of every map and field layer, as the newest round that used it has it; those of the last
        round come first.
        """
        rows = self._db.execute("SELECT layer, uri FROM sources s WHERE kind != 'imagery' AND id = (SELECT max(o.id)"
                                " FROM sources o WHERE o.kind != 'imagery' AND o.layer = s.layer)"
                                " ORDER BY round DESC, id")
        return [(row["layer"], row["uri"] or "") for row in rows]

    def imagery(self) -> list[str]:
        """Addresses of the imagery of the last round."""
        rows = self._db.execute("SELECT uri FROM sources WHERE kind = 'imagery'"
                                " AND round = (SELECT max(round) FROM sources)")
        return [row["uri"] for row in rows if row["uri"]]

    def source(self, target_layer: str, number: int | None = None) -> SourceRow:
        """Return what the newest round that used a map or field layer says of it; round ``number`` if it did so."""
        row = self._db.execute(
            "SELECT * FROM sources WHERE layer = ? AND kind != 'imagery' ORDER BY round = ? DESC, round DESC, id DESC",
            (target_layer, -1 if number is None else number)).fetchone()
        if row is None:
            known = ", ".join(name for name, _ in self.target_layers()) or "none"
            raise InputError(f"The ledger {self.path} knows no layer {target_layer!r}; it knows {known}.")
        settings = json.loads(row["settings_json"] or "{}")
        if row["may_edit"] is not None:
            settings["may_edit"] = bool(row["may_edit"])
        return SourceRow(kind=row["kind"], layer=row["layer"], uri=row["uri"] or "", key=row["key"] or "",
                         crs=row["crs"] or "", operation=row["operation"] or "", settings=settings)

    # ------------------------------------------------------------------ for the modules of this room

    def read(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Return the rows of a query. Raises :class:`LedgerError` where another program holds the file."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise LedgerError(f"The ledger {self.path} cannot be read ({error}); close other programs that hold it, or "
                              "name another file.") from error

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """One transaction: all that is written within it, by this ledger's own methods as well, appears, or nothing."""
        return self._transaction()

    # ------------------------------------------------------------------ inside

    def _one(self, query: str) -> Any:
        return self._db.execute(query).fetchone()[0]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self._db.in_transaction:  # a part of a larger one, which ends it
            yield self._db
            return
        with _transaction(self._db, self.path) as db:
            yield db


@contextmanager
def _transaction(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise LedgerError(f"The ledger {path} cannot be written ({error}); close the program that holds it, or make "
                          "the file writable.") from error
    try:
        yield db
        db.execute("COMMIT")
    except sqlite3.Error as error:
        _roll_back(db)
        raise LedgerError(f"The ledger {path} could not be written ({error}); nothing was changed.") from error
    except BaseException:
        _roll_back(db)
        raise


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:  # a full disk has ended it already
        db.execute("ROLLBACK")
