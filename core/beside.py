"""Metadata of what was written, where GDAL and QGIS read it with the layer: beside a raster, within a GeoPackage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from html import escape
from typing import Any

from .errors import InputError
from .whole import write_text

_TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE IF NOT EXISTS gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
"""As the GeoPackage standard has them in its extension for metadata (OGC 12-128r18, F.8)."""
_EXTENSION = ("gpkg_metadata", "http://www.geopackage.org/spec120/#extension_metadata", "read-write")
_OF_GDAL = "http://gdal.org"


def write_beside(raster: str, tags: Mapping[str, Any]) -> None:
    """Write metadata of a raster, JSON where it is no text; what stood there before is replaced."""
    write_text(f"{raster}.aux.xml", f"<PAMDataset>\n{_items(tags)}</PAMDataset>\n")


def write_inside(geopackage: str, tags: Mapping[str, Any]) -> None:
    """Write metadata into a GeoPackage, JSON where it is no text; GDAL reads them as those of the file. What GDAL had
    there before is replaced.

    Raises :class:`InputError` if it cannot be written.
    """
    text = f"<GDALMultiDomainMetadata>\n{_items(tags)}</GDALMultiDomainMetadata>\n"
    try:
        _insert(geopackage, text)
    except sqlite3.Error as error:
        raise InputError(f"The output {geopackage} is written, but for the card of its run ({error}); look whether the "
                         "disk has room left.") from error


def as_text(value: Any) -> str:
    """A value of metadata as text: JSON where it is none."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _insert(geopackage: str, text: str) -> None:
    with closing(sqlite3.connect(geopackage)) as connection, connection:
        connection.executescript(_TABLES)
        for table in ("gpkg_metadata", "gpkg_metadata_reference"):
            connection.execute("DELETE FROM gpkg_extensions WHERE table_name = ?", (table,))
            connection.execute("INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)", (table, *_EXTENSION))
        connection.execute("DELETE FROM gpkg_metadata_reference WHERE md_file_id IN"
                           " (SELECT id FROM gpkg_metadata WHERE md_standard_uri = ?)", (_OF_GDAL,))
        connection.execute("DELETE FROM gpkg_metadata WHERE md_standard_uri = ?", (_OF_GDAL,))
        row = connection.execute("INSERT INTO gpkg_metadata (md_standard_uri, metadata) VALUES (?, ?)",
                                 (_OF_GDAL, text))
        connection.execute("INSERT INTO gpkg_metadata_reference (reference_scope, md_file_id) VALUES ('geopackage', ?)",
                           (row.lastrowid,))


def _items(tags: Mapping[str, Any]) -> str:
    lines = "\n".join(f'    <MDI key="{escape(key)}">{escape(as_text(value))}</MDI>' for key, value in tags.items())
    return f"  <Metadata>\n{lines}\n  </Metadata>\n"
