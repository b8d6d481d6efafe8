"""A copy of the file that a layer lies in, taken before it is edited and put back if the editing goes wrong."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from qgis.core import QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr
from .address import file_path

_OF_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind")
"""Shapes, their places, attributes, CRS, encoding, and indexes of both."""
_UNFINISHED = "unfinished"
"""Lies in the folder of a copy until the copy is complete."""


class Backup:
    """The file of one layer as it was. Layers that lie in no file (memory, databases) have none."""

    def __init__(self, original: Path, folder: Path) -> None:
        self._original, self.folder = original, folder

    @classmethod
    def take(cls, layer: QgsVectorLayer, push: str) -> Backup | None:
        """Copy the layer's file, with the files that belong to it, into a folder beside it.

        Raises :class:`InputError` if there is no room or no right to.
        """
        path = file_path(layer)
        if not path:
            return None
        original = Path(path)
        backup = cls(original, original.with_name(f".{original.name}.before-{push}"))
        try:
            backup.folder.mkdir()
            (backup.folder / _UNFINISHED).touch()
            if _is_database(original):
                _copy_database(original, backup.folder / original.name)
            else:
                for part in parts(original):
                    shutil.copy2(part, backup.folder / part.name)
            (backup.folder / _UNFINISHED).unlink()
        except (OSError, sqlite3.Error) as error:
            backup.drop()
            raise InputError(tr("No backup of {path} could be made ({why}), so it was not edited; make room beside it, "
                                "or push into a copy.").format(path=path, why=error)) from error
        return backup

    @classmethod
    def left_by(cls, layer: QgsVectorLayer, push: str) -> Backup:
        """Return the copy that a push which was cut off may have left behind."""
        original = Path(file_path(layer))
        return cls(original, original.with_name(f".{original.name}.before-{push}"))

    @property
    def exists(self) -> bool:
        """Whether there is such a copy, complete."""
        return (self.folder / self._original.name).is_file() and not (self.folder / _UNFINISHED).exists()

    def layer(self) -> QgsVectorLayer:
        """Open the copy."""
        return QgsVectorLayer(str(self.folder / self._original.name), self._original.stem, "ogr")

    def keep(self) -> Path:
        """Give the copy a name under which it stays; return that."""
        run = self.folder.name.rpartition(".before-")[2]
        kept = self._original.with_name(f"{self._original.stem} before {run}")
        self.folder = self.folder.rename(kept)
        return kept

    def restore(self, layer: QgsVectorLayer) -> None:
        """Put the file back as it was and let the layer read it again."""
        try:
            if _is_database(self.folder / self._original.name):
                _copy_database(self.folder / self._original.name, self._original)
            else:
                for part in self.folder.iterdir():
                    shutil.copyfile(part, self._original.with_name(part.name))
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                tr("The file {path} could not be brought back ({why}); its copy as it was lies in {folder}.").format(
                    path=self._original, why=error, folder=self.folder
                )
            ) from error
        read_anew(layer)

    def drop(self) -> None:
        """Delete the copy: it is needed no more."""
        shutil.rmtree(self.folder, ignore_errors=True)


def read_anew(layer: QgsVectorLayer) -> None:
    """Let a layer forget what it knows of its file.

    After an error QGIS's SpatiaLite provider keeps a transaction open in which every further commit succeeds and is
    lost; only a new connection ends that.
    """
    if layer.providerType() == "spatialite":
        layer.setDataSource(layer.source(), layer.name(), layer.providerType())
    else:
        layer.dataProvider().reloadData()


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _copy_database(source: Path, target: Path) -> None:
    """Copy by SQLite's own backup: whole pages in one transaction, other connections notice."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def parts(original: Path) -> list[Path]:
    """Return the files that make up a layer: of a shapefile those that GDAL writes with it, whatever else has its name.
    """
    if original.suffix.lower() != ".shp":
        return [original]
    return sorted(path for path in original.parent.iterdir()
                  if path.suffix.lower() in _OF_SHAPEFILE and path.is_file() and path.stem == original.stem)
