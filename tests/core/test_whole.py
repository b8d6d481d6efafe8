"""Files that appear whole or not at all."""

import errno
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
from safetensors.numpy import save_file

from geoloop.core.errors import InputError
from geoloop.core.sources.osm_tables import OsmTables
from geoloop.core.whole import written_whole


@pytest.mark.parametrize("name", ["plain.gpkg", "sheet [1] *.gpkg", "größe 'ä'.gpkg"])
def test_what_was_begun_and_failed_leaves_nothing_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("older")
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "older"


def fail(path: Path) -> None:
    with written_whole(path) as draft:
        draft.write_text("half")
        draft.with_name(f"{draft.name}-journal").write_text("half")
        raise ZeroDivisionError


def test_a_file_that_fails_is_the_one_that_is_named(tmp_path: Path) -> None:
    output, gone = tmp_path / "output.tif", tmp_path / "input.tif"
    full = OSError(errno.ENOSPC, "No space left on device")

    def of(work: Callable[[Path], object]) -> str:
        with pytest.raises(InputError) as caught, written_whole(output) as draft:
            work(draft)
        return str(caught.value)

    assert of(lambda draft: gone.read_bytes()).startswith(f"The file {gone} cannot be used (No such file or directory)")
    assert str(gone) in of(lambda draft: rasterio.open(gone))
    assert "cannot be written" not in of(lambda draft: rasterio.open(gone))
    for failed in (lambda draft: draft.read_bytes(), lambda draft: None, lambda draft: raised(full)):
        assert of(failed).startswith(f"The output {output} cannot be written (")


def raised(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("write", [
    lambda draft: save_file({"x": np.zeros(10_000)}, draft),
    lambda draft: pyogrio.raw.write(draft, np.array([None], object), [np.zeros(1)], ["x"], layer="x", driver="GPKG",
                                    geometry_type="Point", crs="EPSG:32633"),
], ids=["safetensors", "geopackage"])
def test_a_disk_that_is_full_is_one_sentence_whoever_writes(tmp_path: Path, write: Callable[[Path], object]) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, before[1]))
    try:
        with pytest.raises(InputError, match="look whether the disk has room"), written_whole(tmp_path / "x.gpkg") as x:
            write(x)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Path]:
    """A database that a program has open, as QGIS has a GeoPackage while it is edited: a part of it lies beside it."""
    path = tmp_path / "edited.gpkg"
    with closing(make_database(path, "older", 300)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executemany("INSERT INTO things VALUES (?)", [("saved by the user" * 50,)] * 300)
        database.commit()
        yield path


def make_database(path: Path, name: str, rows: int) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE things (name TEXT)")
    database.executemany("INSERT INTO things VALUES (?)", [(name * 50,)] * rows)
    database.commit()
    return database


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name for name, in database.execute("SELECT name FROM things")}


def test_what_a_crash_left_beside_a_database_does_not_get_into_the_next_of_its_name(edited: Path, tmp_path: Path
                                                                                     ) -> None:
    left = tmp_path / "left.gpkg"
    for ending in ("", "-wal"):
        shutil.copy(f"{edited}{ending}", f"{left}{ending}")
    with written_whole(left) as draft:
        make_database(draft, "new", 3).close()
    assert names(left) == {"new" * 50}
    assert sorted(path.name for path in tmp_path.glob("left*")) == ["left.gpkg"]


def test_what_is_left_of_a_database_that_was_deleted_goes_too(edited: Path, tmp_path: Path) -> None:
    shutil.copy(f"{edited}-wal", tmp_path / "gone.gpkg-wal")
    with written_whole(tmp_path / "gone.gpkg") as draft:
        make_database(draft, "new", 3).close()
    assert names(tmp_path / "gone.gpkg") == {"new" * 50}


def test_a_database_that_is_being_edited_is_not_replaced(edited: Path) -> None:
    with pytest.raises(InputError, match="another program holds it open for writing"), written_whole(edited) as draft:
        make_database(draft, "new", 3).close()
    with pytest.raises(InputError, match="end its editing"), OsmTables(str(edited), None) as tables:
        tables.finish()
    assert names(edited) == {"older" * 50, "saved by the user" * 50}
