"""The queue as a layer of its own, to review without GeoLoop's dock. Written whole or not at all."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from ..errors import InputError
from ..ledger import Ledger, geopackage
from ..ledger.queue import Box, PageItem, page, pages
from ..whole import check_unused, put_in_place

_COLUMNS = """rank INTEGER NOT NULL, page INTEGER NOT NULL, uid TEXT, layer TEXT NOT NULL, key TEXT, kind TEXT,
  edit TEXT, class_now TEXT, class_proposed TEXT, sentence TEXT, decision TEXT, reason TEXT, reviewer TEXT,
  seconds REAL"""


def check_sheet(path: str, ledger: Ledger) -> None:
    """Raise :class:`InputError` if the layer cannot be written there: over one that is being reviewed, or one with
    decisions that the ledger does not hold.
    """
    at = Path(path)
    if at.suffix.lower() != ".gpkg":
        raise InputError(f"OUTPUT must be a GeoPackage ending in .gpkg, not {path}.")
    if not at.parent.is_dir():
        raise InputError(f"The folder {at.parent} of OUTPUT does not exist; make it or name another.")
    if at.exists() and at.resolve() == ledger.path.resolve():
        raise InputError("OUTPUT is the ledger itself, which holds the queue already; name another file.")
    check_unused(at)
    count = _only_there(at, ledger) if at.exists() else 0
    if count:
        raise InputError(f"OUTPUT ({path}) holds {count} decisions that are not in the ledger; hand it to "
                         "geoloop:decide as REVIEWED first, or name another file.")


def _only_there(at: Path, ledger: Ledger) -> int:
    """How many decisions of an earlier queue's layer the ledger does not hold."""
    try:
        with closing(geopackage.connect(at)) as db:
            said = db.execute("SELECT uid, lower(trim(decision)) FROM queue WHERE uid IS NOT NULL"
                              " AND trim(coalesce(decision, '')) != ''").fetchall()
    except sqlite3.Error:
        return 0  # another file, which the user wants replaced
    known = {(row["uid"], row["decision"]) for row in ledger.read("SELECT uid, decision FROM decisions")}
    return len({tuple(row) for row in said} - known)


def write_sheet(path: str, ledger: Ledger) -> None:
    """Write the ledger's queue: each item with its geometry (a box where nothing is flagged) and empty columns for the
    decision. How an item was drawn is not in it.
    """
    at = Path(path)
    draft = at.with_name(f".{at.name}.draft")
    draft.unlink(missing_ok=True)
    items = [item for number in range(1, pages(ledger) + 1) for item in page(ledger, number)]
    name, organisation, code, wkt = ledger.crs_record()
    try:
        db = geopackage.connect(draft, create=True)
        try:
            db.execute("BEGIN")
            geopackage.initialise(db)
            srs = geopackage.add_crs(db, name, organisation, code, wkt)
            geopackage.add_feature_table(db, "queue", _COLUMNS, srs, "The next items to review, in order")
            db.executemany(f"INSERT INTO queue VALUES ({', '.join('?' * 16)})",  # nosec B608 - a constant
                           [_row(item, srs) for item in items])
            geopackage.update_extent(db, ("queue",))
            db.execute("COMMIT")
        finally:
            db.close()
        put_in_place(draft, at)
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"OUTPUT ({path}) cannot be written ({error}); close what holds it, or name another "
                         "file.") from error
    finally:
        draft.unlink(missing_ok=True)


def _row(item: PageItem, srs: int) -> tuple[object, ...]:
    shape = item.proposal or item.before or (_rectangle(item.box) if item.box else None)
    return (item.rank, geopackage.to_blob(shape, srs), item.rank, item.page, item.uid, item.layer, item.key, item.kind,
            item.edit, item.class_now, item.class_proposed, item.evidence.get("sentence", ""), None, None, None, None)


def _rectangle(box: Box) -> bytes:
    xmin, ymin, xmax, ymax = box
    ring = (xmin, ymin, xmax, ymin, xmax, ymax, xmin, ymax, xmin, ymin)
    return struct.pack("<BIII10d", 1, 3, 1, 5, *ring)
