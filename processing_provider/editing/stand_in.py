"""Editing a file that knows no transactions: a copy beside it is edited, and then takes its place.

GDAL writes such files in steps: it deletes each part of a shapefile before the packed one gets its name, and moves a
GeoJSON file away first. Whoever is killed between two steps leaves a layer that cannot be opened. A stand-in is moved
in by renames that replace: at every moment the layer can be opened, and whoever comes next finishes what was begun.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from qgis.core import QgsDataProvider, QgsProviderRegistry, QgsVectorLayer

from ...core.errors import InputError
from ..translation import tr
from .address import file_path
from .backup import parts, read_anew

_READY = "ready"
"""Lies in the folder of a stand-in from the moment on when it takes the place; names the parts that go for good."""


class StandIn:
    """A copy of a layer's file, open for editing as ``layer``, with the rules and names that columns have in the layer.
    """

    def __init__(self, original: Path, folder: Path, layer: QgsVectorLayer, seen: dict[str, tuple[int, int]]) -> None:
        self._original, self._folder, self.layer, self._seen = original, folder, layer, seen

    @classmethod
    def take(cls, layer: QgsVectorLayer, run: str) -> StandIn:
        """Copy the file of a layer into a folder beside it, and open the copy.

        Raises :class:`InputError` if there is no room or no right to.
        """
        original = Path(file_path(layer))
        folder, seen = folder_of(original, run), _look(original)
        try:
            folder.mkdir()
            for part in parts(original):
                shutil.copy2(part, folder / part.name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise InputError(tr("No backup of {path} could be made ({why}), so it was not edited; make room beside it, "
                                "or push into a copy.").format(path=original, why=error)) from error
        copied, registry = layer.clone(), QgsProviderRegistry.instance()
        where = {**registry.decodeUri("ogr", layer.source()), "path": str(folder / original.name)}
        copied.setDataSource(registry.encodeUri("ogr", where), layer.name(), "ogr", QgsDataProvider.ProviderOptions())
        return cls(original, folder, copied, seen)

    def take_place(self, layer: QgsVectorLayer) -> None:
        """Let the edited copy take the place of the file, and ``layer`` read it.

        Raises :class:`InputError` if somebody has written the file meanwhile: then nothing is done.
        """
        self._let_go()
        if _look(self._original) != self._seen:
            raise InputError(tr("The file {path} was written by another program while it was being edited; nothing was "
                                "changed. Run this again.").format(path=self._original))
        try:
            now = parts(self._folder / self._original.name)
            os.utime(self._folder / self._original.name)  # so that nobody takes the file for the one they have open
            for part in now:
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
            gone = sorted(self._seen.keys() - {part.name for part in now})
            draft = self._folder / f"{_READY}.draft"
            draft.write_text("\n".join(gone), encoding="utf-8")
            draft.replace(self._folder / _READY)
        except OSError as error:
            raise InputError(tr("The edited copy of {path} could not be completed ({why}); nothing was changed."
                                ).format(path=self._original, why=error)) from error
        _move_in(self._original, self._folder)
        read_anew(layer)
        layer.updateFields()

    def drop(self) -> bool:
        """Delete the copy unless it takes the place already; return whether the file is as it was."""
        self._let_go()
        return forget(self._folder)

    def _let_go(self) -> None:
        if self.layer.isEditable():
            self.layer.rollBack()
        self.layer.setDataSource("", "", "memory")


def folder_of(original: Path, run: str) -> Path:
    """Return the folder in which a run edits its copy of a file."""
    return original.with_name(f".{original.name}.edited-{run}")


def forget(folder: Path) -> bool:
    """Delete the folder of a stand-in that has not begun to take the place; return whether it has not."""
    if (folder / _READY).exists():
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return True


def finish(original: Path) -> bool:
    """Let every stand-in that had begun to take the place of a file do so; return whether there was one."""
    begun = [folder for folder in original.parent.glob(".*.edited-*")
             if folder.name.startswith(f".{original.name}.edited-") and (folder / _READY).is_file()]
    for folder in begun:
        _move_in(original, folder)
    return bool(begun)


def _move_in(original: Path, folder: Path) -> None:
    """Move what lies in the folder over the file's parts, the one that names the layer last. May be done again."""
    try:
        for name in (folder / _READY).read_text(encoding="utf-8").splitlines():
            original.with_name(name).unlink(missing_ok=True)
        for part in sorted(parts(folder / original.name), key=lambda part: part.name == original.name):
            _put(part, original.with_name(part.name))
    except OSError as error:
        raise InputError(tr("The edited copy of {path} could not take its place ({why}) and lies whole in {folder}; "
                            "close other programs that hold the file, and run this again.").format(
            path=original, why=error, folder=folder)) from error
    shutil.rmtree(folder, ignore_errors=True)


def _put(part: Path, place: Path) -> None:
    try:
        part.replace(place)
    except PermissionError:  # Windows replaces no file that somebody has open, be it QGIS itself
        shutil.copyfile(part, place)


def _look(original: Path) -> dict[str, tuple[int, int]]:
    """Size and time of each part of a file."""
    return {part.name: (stat.st_size, stat.st_mtime_ns) for part in parts(original) for stat in [part.stat()]}
