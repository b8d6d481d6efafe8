"""What a job writes can be written and is none of what it reads: no run may cost users their own data."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, LedgerError
from ..whole import check_folder, check_unused
from .inputs import RasterInput, VectorInput

if TYPE_CHECKING:
    from ..ledger import Ledger

WRITTEN = ("output", "probability", "uncertainty", "detections", "shifts", "gcps", "surprise", "report", "images",
           "holdout")
"""Parameters that name what is written, whatever the job."""
FOLDER = "images"
"""The one of them that is a folder, made where it is not there."""
MODELS = ".safetensors"
READ = ("ledger", "probabilities", "model", "card", "legend", "fill", "location", "adapters", "holdouts", "input",
        "extract", "tasks", "evaluation")
"""Parameters that name a file, or files, to be read; ``ledger`` is added to, never replaced."""


def check_outputs(params: Any) -> None:
    """Raise :class:`InputError` where a job would write over one of its inputs or over a ledger, twice to one path, or
    where it cannot: over what is being edited, for one.

    Links count as what they lead to, and a virtual raster's sources as inputs.
    """
    given = {f.name: getattr(params, f.name) for f in fields(params)}
    written = {name: str(given[name]) for name in WRITTEN if given.get(name)}
    seen: dict[str, str] = {}
    for name, path in written.items():
        other = seen.setdefault(os.path.normcase(os.path.realpath(path)), name)
        if other != name:
            raise InputError(f"{other.upper()} and {name.upper()} name the same file, {path}; give them different "
                             "names.")
    for name, path in written.items():
        if name != FOLDER:
            check_folder(path)
    there = [path for path in written.values() if os.path.exists(path)]
    for path in there:
        check_unused(path)
        check_no_ledger(path)
    for one in _read(given) if there else ():
        for path in there:
            check_apart(path, one)


def check_model_name(output: str) -> None:
    """Raise :class:`InputError` if a network that is written to ``output`` could not be opened again by its name."""
    if not output.lower().endswith(MODELS):
        raise InputError(f"OUTPUT must end in {MODELS}, not {output}.")


def check_apart(output: str, read: str) -> None:
    """Raise :class:`InputError` if ``output`` is a file that is read."""
    if os.path.exists(read) and os.path.exists(output) and os.path.samefile(read, output):
        raise InputError(f"The output {output} is one of the inputs; choose another name.")


def check_no_ledger(output: str) -> None:
    """Raise :class:`InputError` if ``output`` is a ledger: decisions and journals come back from nowhere."""
    from ..ledger import Ledger

    if not output.lower().endswith(".gpkg") or not os.path.isfile(output):
        return
    try:
        Ledger.open(output).close()
    except LedgerError:
        return
    raise InputError(f"The output {output} is a ledger, whose decisions would be lost; choose another name.")


def check_no_source(output: str, ledger: Ledger, besides: str = "") -> None:
    """Raise :class:`InputError` if ``output`` is the file of a layer that a ledger speaks of, ``besides`` the one that
    the caller looks after itself.
    """
    for row in ledger.read("SELECT DISTINCT layer, uri FROM sources WHERE uri != '' AND layer != ?", (besides,)):
        path = row["uri"].partition("|")[0]
        if os.path.isfile(path) and os.path.exists(output) and os.path.samefile(path, output):
            raise InputError(f"The output {output} is the file of the layer “{row['layer']}”, which would be lost; "
                             "choose another name.")


def check_unfilled(output: str, table: str, columns: Sequence[str]) -> None:
    """Raise :class:`InputError` if ``output`` is a GeoPackage whose ``table`` people have filled in, in any of these
    ``columns``: what was seen in the field cannot be made again.
    """
    if not os.path.isfile(output):
        return
    try:
        with closing(sqlite3.connect(f"{Path(output).absolute().as_uri()}?mode=ro", uri=True)) as there:
            own = {row[1] for row in there.execute(f"PRAGMA table_info({table})")}
            filled = " OR ".join(f"trim(coalesce({column}, '')) != ''" for column in columns if column in own)
            query = f"SELECT count(*) FROM {table} WHERE {filled or 'false'}"  # nosec B608 - names of the jobs' own
            count = there.execute(query).fetchone()[0]
    except sqlite3.Error:  # another file, or another table
        return
    if count:
        raise InputError(f"The output {output} holds what people have filled in (“{table}”, {count} rows), which would "
                         "be lost; choose another name.")


def _read(given: Mapping[str, Any]) -> Iterator[str]:
    from ..sources.fingerprint import files_of

    for name, value in given.items():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, RasterInput):
                yield from files_of(one.path)
            elif isinstance(one, VectorInput):
                yield from (one.path, one.source.partition("|")[0])
            elif isinstance(one, str) and name in READ:
                yield from (one, one.partition(":")[2])  # encoders are NAME:FILE
