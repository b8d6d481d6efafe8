"""Just enough GeoPackage 1.3 to create the ledger and add features to it inside one SQLite transaction.

GDAL would commit its rows on its own; a round that appears whole or not at all needs geometry and attributes in one
transaction, hence sqlite3. The triggers of a spatial index call functions that SQLite lacks; :func:`connect` adds them.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from .wkb import envelope

APPLICATION_ID, VERSION = 0x47504B47, 10300

_CORE = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', NULL);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""  # noqa: E501 - the CRS definition is one string

# The spatial index as the GeoPackage standard, annex F.3, lays it down; t is the table, its columns are fid and geom.
_INDEX = """
CREATE VIRTUAL TABLE rtree_{t}_geom USING rtree(id, minx, maxx, miny, maxy);
CREATE TRIGGER rtree_{t}_geom_insert AFTER INSERT ON {t} WHEN (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN INSERT OR REPLACE INTO rtree_{t}_geom VALUES
  (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{t}_geom_update6 AFTER UPDATE OF geom ON {t}
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom NOTNULL AND NOT ST_IsEmpty(OLD.geom))
BEGIN UPDATE rtree_{t}_geom SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom),
  miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
CREATE TRIGGER rtree_{t}_geom_update7 AFTER UPDATE OF geom ON {t}
  WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
    AND (OLD.geom ISNULL OR ST_IsEmpty(OLD.geom))
BEGIN INSERT INTO rtree_{t}_geom VALUES
  (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{t}_geom_update2 AFTER UPDATE OF geom ON {t}
  WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{t}_geom WHERE id = OLD.fid; END;
CREATE TRIGGER rtree_{t}_geom_update5 AFTER UPDATE ON {t}
  WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{t}_geom WHERE id = OLD.fid; INSERT OR REPLACE INTO rtree_{t}_geom VALUES
  (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_{t}_geom_update4 AFTER UPDATE ON {t}
  WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN DELETE FROM rtree_{t}_geom WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER rtree_{t}_geom_delete AFTER DELETE ON {t} WHEN old.geom NOT NULL
BEGIN DELETE FROM rtree_{t}_geom WHERE id = OLD.fid; END;
"""


_STYLES = """
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))"""


def connect(path: str | Path, *, timeout_s: float = 10.0, create: bool = False) -> sqlite3.Connection:
    """Open a GeoPackage for reading and writing, in autocommit mode: transactions are begun by name.

    Raises ``sqlite3.OperationalError`` where the file is missing and ``create`` is not set.
    """
    uri = f"{Path(path).absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    for name, at in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, _side(at), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, lambda blob: int(_box(blob) is None), deterministic=True)
    return connection


def initialise(connection: sqlite3.Connection) -> None:
    """Make an empty database a GeoPackage."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    _script(connection, _CORE)


def add_crs(connection: sqlite3.Connection, name: str, authority: str, code: int, wkt: str) -> int:
    """Make a CRS known; return its id within the file. ``authority`` empty: a CRS of the user's own."""
    same = connection.execute(
        "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = ? OR (organization = ? COLLATE NOCASE"
        " AND organization_coordsys_id = ? AND ? != '')", (wkt, authority, code, authority)).fetchone()
    if same:
        return int(same[0])
    srs_id = code if authority else 100_000 + int(
        connection.execute("SELECT count(*) FROM gpkg_spatial_ref_sys").fetchone()[0])
    connection.execute("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
                       (name, srs_id, authority or "NONE", srs_id, wkt))
    return srs_id


def add_feature_table(connection: sqlite3.Connection, table: str, columns: str, srs_id: int, description: str) -> None:
    """Create a feature table ``fid, geom, columns…`` for any type of geometry, with its spatial index."""
    connection.execute(
        f"CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, {columns})"
    )
    _register(connection, table, "features", description, srs_id)
    connection.execute("INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index',"
                       " 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')", (table,))
    _script(connection, _INDEX.format(t=table))


def add_feature_view(connection: sqlite3.Connection, view: str, select: str, srs_id: int, description: str) -> None:
    """Create a view with a column ``geom`` and let readers open it as a layer."""
    connection.execute(f"CREATE VIEW {view} AS {select}")
    _register(connection, view, "features", description, srs_id)


def add_table(connection: sqlite3.Connection, table: str, columns: str, description: str) -> None:
    """Create a table without geometry."""
    connection.execute(f"CREATE TABLE {table} ({columns})")
    connection.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, description)"
                       " VALUES (?, 'attributes', ?, ?)", (table, table, description))


def add_style(connection: sqlite3.Connection, table: str, column: str, name: str, style: str, shown: bool = True
              ) -> None:
    """Lay a style (QML) into the file; ``shown``: QGIS shows the table so, unless the user chooses another.

    The table is QGIS's own, as its manual describes it; other programs pass it over.
    """
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone()
    if known is None:
        add_table(connection, "layer_styles", _STYLES, "How QGIS shows the layers")
    connection.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description) VALUES ('', '', ?, ?, ?, ?, '', ?, '')",
        (table, column, name, style, int(shown)))


def show_style(connection: sqlite3.Connection, table: str, name: str, ours: Sequence[str]) -> None:
    """Let QGIS show the table in another of ``ours``, unless the user has laid a style of their own into the file."""
    rows = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone() and (
        connection.execute("SELECT styleName, useAsDefault FROM layer_styles WHERE f_table_name = ?", (table,)))
    chosen = {row["styleName"] for row in rows or () if row["useAsDefault"]}
    if chosen <= set(ours):
        for one in ours if rows else ():
            connection.execute("UPDATE layer_styles SET useAsDefault = ? WHERE f_table_name = ? AND styleName = ?",
                               (int(one == name), table, one))


def to_blob(wkb: bytes | None, srs_id: int) -> bytes | None:
    """Return a geometry as GeoPackage stores it."""
    if wkb is None:
        return None
    box = envelope(wkb)
    if box is None:
        return struct.pack("<2sBBi", b"GP", 0, 0b0001_0001, srs_id) + wkb
    xmin, ymin, xmax, ymax = box
    return struct.pack("<2sBBi4d", b"GP", 0, 0b0000_0011, srs_id, xmin, xmax, ymin, ymax) + wkb


def from_blob(blob: bytes | None) -> bytes | None:
    """Return the well-known binary within a GeoPackage geometry."""
    if blob is None:
        return None
    sizes = (0, 32, 48, 48, 64)
    return bytes(blob[8 + sizes[(blob[3] >> 1) & 0b111]:])


def stored_box(head: bytes | None) -> tuple[float, float, float, float] | None:
    """Return xmin, ymin, xmax, ymax from the first 40 bytes of a geometry; None where it is empty or says none."""
    if head is None or len(head) < 40 or not (head[3] >> 1) & 0b111:
        return None
    xmin, xmax, ymin, ymax = struct.unpack_from("<4d" if head[3] & 1 else ">4d", head, 8)
    return xmin, ymin, xmax, ymax


def update_extent(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Tell readers how far the features reach."""
    for table in tables:
        connection.execute(
            "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) ="  # nosec B608 - our own tables' names
            " (SELECT min(minx), min(miny), max(maxx), max(maxy)"
            f" FROM rtree_{table}_geom), last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?",
            (table,),
        )


def _register(connection: sqlite3.Connection, table: str, data_type: str, description: str, srs_id: int) -> None:
    connection.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
                       " VALUES (?, ?, ?, ?, ?)", (table, data_type, table, description, srs_id))
    connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 2, 2)", (table, srs_id))


def _script(connection: sqlite3.Connection, script: str) -> None:
    """Run a script statement by statement: ``executescript`` would commit the transaction it stands in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def _box(blob: bytes) -> tuple[float, float, float, float] | None:
    wkb = from_blob(blob)
    return envelope(wkb) if wkb else None


def _side(at: int):  # type: ignore[no-untyped-def]
    def side(blob: bytes) -> float | None:
        box = _box(blob)
        return None if box is None else box[at]
    return side
