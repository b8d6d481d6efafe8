"""Files that appear whole or not at all."""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .errors import InputError, first_line

_WRITERS = ("pyogrio", "safetensors")
"""Libraries that tell of a full disk by errors of their own."""
_LOGS = ("-wal", "-journal", "-shm")
"""What SQLite adds to a database's name for the files beside it that hold what is on its way into it."""


@contextmanager
def written_whole(path: str | Path) -> Iterator[Path]:
    """Yield a draft's path beside ``path``; it gets its name when the block ends well, else it is removed.

    Raises :class:`InputError` for whatever the system refuses in the block, of the file that it refuses.
    """
    target = Path(path)
    draft = target.with_name(f".{target.stem}.{os.getpid()}.draft{target.suffix}")
    check_folder(path)
    try:
        yield draft
        put_in_place(draft, target)
    except OSError as error:
        raise InputError(_why_not_made(target, draft, error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _WRITERS:
            raise
        raise InputError(f"The output {target} cannot be written ({first_line(error)}); look whether the disk has room "
                         "left, or choose another name.") from error
    finally:
        for leftover in target.parent.glob(f"{glob.escape(draft.name)}*"):
            leftover.unlink(missing_ok=True)


def put_in_place(draft: Path, target: Path) -> None:
    """Let a draft take the name of ``target`` and the place of what stands there.

    Raises :class:`InputError` where :func:`check_unused` does, :class:`OSError` for what the system refuses.
    """
    check_unused(target)
    os.replace(draft, target)


def take_free_place(draft: Path, target: Path) -> bool:
    """Let a draft take the name of ``target``; False where there is such a file: another program was faster.

    Raises :class:`OSError` for what the system refuses.
    """
    try:
        os.link(draft, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without links: the name is taken first, and filled then
        try:
            target.open("x").close()
        except FileExistsError:
            return False
        os.replace(draft, target)
        return True
    draft.unlink()
    return True


def check_unused(path: str | Path) -> None:
    """Raise :class:`InputError` if there is a database that another program holds open for writing.

    What a program that has crashed left beside a database is brought into it: it would go into the next one of that
    name, and spoil it.
    """
    logs = [Path(f"{path}{ending}") for ending in _LOGS]
    if not any(log.exists() for log in logs):
        return
    try:
        if Path(path).exists():
            with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as database:
                database.execute("PRAGMA journal_mode = DELETE")
                database.execute("BEGIN EXCLUSIVE")
            return
    except sqlite3.OperationalError as error:
        raise InputError(f"The output {path} cannot be replaced: another program holds it open for writing ({error}); "
                         "end its editing there, in QGIS too, or choose another name.") from error
    except sqlite3.DatabaseError:
        pass  # no database, or one that nothing can be brought into
    for log in logs:
        log.unlink(missing_ok=True)


def _why_not_made(target: Path, draft: Path, error: OSError) -> str:
    """The sentence for what went wrong: with the draft, with another file, or with one that a library does not tell."""
    reason = error.strerror or str(error)
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes | os.PathLike) else None
    if named is not None and named != target and draft.name not in str(named):
        return f"The file {named} cannot be used ({reason}), so the output {target} was not made; check that file."
    if named is None and error.errno is None and draft.name not in reason:
        return f"The output {target} cannot be made ({reason}); check that what it is made from can be read."
    return f"The output {target} cannot be written ({reason}); close it elsewhere, or choose another name."


def check_folder(path: str | Path) -> None:
    """Raise :class:`InputError` if a file cannot be written there: for before a long work whose end it is."""
    folder = Path(path).parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError(f"The output {path} cannot be written: its folder does not exist or cannot be written; choose "
                         "another.")
    if Path(path).is_dir():
        raise InputError(f"The output {path} is a folder; name a file.")


def check_room(path: str | Path, size: float) -> None:
    """Raise :class:`InputError` if the disk of ``path`` has less than ``size`` bytes left: for before a long work."""
    free = shutil.disk_usage(Path(path).parent).free
    if free < size:
        raise InputError(f"The output {path} needs about {in_bytes(size)} of disk while it is made, and "
                         f"{in_bytes(free)} are left; make room, or choose another folder.")


def in_bytes(size: float) -> str:
    """A number of bytes in the unit that suits it."""
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} PB"


def write_text(path: str, text: str) -> None:
    """Write UTF-8 text with plain line ends."""
    with written_whole(path) as draft:
        draft.write_bytes(text.encode())
