"""Files that a killed process left between two renames, brought whole again before anybody opens them.

A stand-in that had begun to take its place is moved in. What QGIS itself saves, GDAL renames: to pack a shapefile it
deletes .dbf, then .shp and .shx, and lets a part with ``_packed`` in its name follow each, complete by then; a GeoJSON
file is moved to ``.bak`` and followed by ``.tmp``. Such renames are carried on to their end, so that nothing is lost of
what was being saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsProviderRegistry, QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr
from .stand_in import finish

_INDEXES = (".qix", ".sbn", ".sbx")
_PACKED = (".dbf", ".shp", ".shx", ".cpg")
"""What GDAL writes of a packed shapefile: a layer of its own has a projection or more beside it."""
_PACKING_STEPS = (("dbfshpshx", "shpshx"), ("shpshx", "dbfshpshx"), ("shpshx", "dbfshx"), ("shpshx", "dbf"),
                  ("shx", "dbfshp"))
"""The packed parts and the parts of the layer that are there, after each of GDAL's steps but the last."""
_HEADER = 100
"""Bytes of the header of .shp and .shx."""


def mend(sources: Iterable[str]) -> None:
    """Make the files of these sources (paths, or what QGIS calls them) whole, and let the project's layers that lie in
    a mended one read it.

    Raises :class:`InputError` where a file may not be written.
    """
    mended = {path for path in {_path(source) for source in sources} if path is not None and _mend_file(path)}
    for layer in QgsProject.instance().mapLayers().values() if mended else ():
        if isinstance(layer, QgsVectorLayer) and _path(layer.source()) in mended:
            open_anew(layer)


def mend_layer(layer: QgsVectorLayer) -> None:
    """Make the file of one layer whole, and let it read that."""
    path = _path(layer.source()) if layer.providerType() == "ogr" else None
    if path is not None and _mend_file(path):
        open_anew(layer)


def mend_given(given: object, project: QgsProject | None) -> None:
    """The same of a layer as Processing is given one: the layer itself, its id or name in the project, or a path."""
    if isinstance(given, str) and project is not None:
        named = project.mapLayer(given) or next(iter(project.mapLayersByName(given)), given)
        given = named if isinstance(named, QgsMapLayer) else given
    if isinstance(given, QgsVectorLayer):
        mend_layer(given)
    elif isinstance(given, str):
        mend([given])


def open_anew(layer: QgsVectorLayer) -> None:
    """Let a layer open its file again: a layer that was opened without its table has other columns, or is not valid."""
    layer.setDataSource(layer.source(), layer.name(), layer.providerType())


def _path(source: str) -> Path | None:
    path = Path(QgsProviderRegistry.instance().decodeUri("ogr", source).get("path") or source)
    return path.resolve() if path.suffix.lower() in (".shp", ".geojson", ".json") else None


def _mend_file(path: Path) -> bool:
    """Carry the renames on that were begun in a file's folder; return whether there were any."""
    if not path.parent.is_dir():
        return False
    try:
        carry_on = _carry_on_packing if path.suffix.lower() == ".shp" else _carry_on_rewriting
        return carry_on(path) | finish(path)
    except OSError as error:
        raise InputError(tr("The file {path} was left in parts by a process that was killed, and cannot be made whole "
                            "({why}); let its folder be writable.").format(path=path, why=error)) from error


def _carry_on_packing(path: Path) -> bool:
    """Give the packed parts of a shapefile their names, if it stands between two of GDAL's steps."""
    shx, dbf = path.with_suffix(".shx"), path.with_suffix(".dbf")
    packed = {part: part.with_name(f"{path.stem}_packed{part.suffix}") for part in (dbf, path, shx)}
    left = {part: name for part, name in packed.items() if name.is_file()}
    there = [part for part in packed if part.is_file()]
    step = tuple("".join(part.suffix[1:] for part in parts) for parts in (left, there))
    if step not in _PACKING_STEPS or _records(left.get(dbf, dbf)) != _places(left.get(shx, shx)):
        return False
    if step == _PACKING_STEPS[1] and _records(dbf) == _places(shx):
        return False
    if dbf in left and not _is_packed(path, packed[path]):
        return False
    for part, name in left.items():
        name.replace(part)
    for suffix in _INDEXES:  # of the places before
        path.with_suffix(suffix).unlink(missing_ok=True)
    return True


def _is_packed(path: Path, packed: Path) -> bool:
    """Whether one shapefile, of which all parts are there, was packed from another, and is no layer of its own."""
    names = (one.name for one in packed.parent.iterdir())
    if any(Path(name).stem == packed.stem and Path(name).suffix not in _PACKED for name in names):
        return False
    before = _starts(path)
    return all(start in before for start in _starts(packed))


def _starts(shp: Path) -> Iterator[bytes]:
    """The beginning of each shape, in the order of the file: its type and its own or its box's corner."""
    with shp.with_suffix(".shx").open("rb") as index, shp.open("rb") as shapes:
        index.seek(_HEADER)
        while len(place := index.read(8)) == 8:
            offset, length = (2 * int.from_bytes(half, "big") for half in (place[:4], place[4:]))
            shapes.seek(offset + 8)
            yield shapes.read(min(length, 20))


def _carry_on_rewriting(path: Path) -> bool:
    """Give a GeoJSON file its name that GDAL had written whole, after it moved the one before away."""
    kept, written = (path.with_name(path.name + ending) for ending in (".bak", ".tmp"))
    if path.exists() or not (_is_whole(kept) and _is_whole(written)):
        return False  # GDAL writes first and moves then: a lone .bak is somebody else's
    if written.stat().st_mtime < kept.stat().st_mtime:
        return False
    written.replace(path)
    kept.unlink()
    return True


def _is_whole(path: Path) -> bool:
    """Whether a file begins and ends as a JSON object does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(64)
        file.seek(max(path.stat().st_size - 64, 0))
        return begin.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and file.read().rstrip()[-1:] == b"}"


def _records(dbf: Path) -> int:
    """How many records a table says that it has; -1 where there is none."""
    if not dbf.is_file():
        return -1
    with dbf.open("rb") as file:
        return int.from_bytes(file.read(8)[4:], "little")


def _places(shx: Path) -> int:
    """How many shapes an index of a shapefile leads to; -2 where there is none."""
    return (shx.stat().st_size - _HEADER) // 8 if shx.is_file() else -2
