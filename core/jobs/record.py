"""What a run leaves in the ledger: enough to do it again, and to know what it took."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..feedback import Feedback
from ..memory import peak_mb
from .inputs import RasterInput, VectorInput, by_name

if TYPE_CHECKING:
    from ..fusion.ground import Ground
    from ..fusion.rulings import Rulings
    from ..ledger import Ledger, Round, SourceRow

OF_IMAGERY = ("licence", "date", "may_trace", "may_train", "may_export")
"""What SOURCES says of imagery that the ledger keeps."""
PATIENCE_S = 300.0
"""So long the end of a long work waits for another program that holds the ledger: what was found would be lost."""
PACKAGES = ("torch", "numpy", "rasterio", "shapely", "pyproj", "pyogrio", "scikit-learn", "scipy")


def round_of(job: str, params: Any, feedback: Feedback, *, model: str, device: str,
             metrics: dict[str, Any]) -> Round:
    """Describe a run: its parameters, versions, the fingerprints of its inputs, seconds by stage and peak memory."""
    from ..ledger import Round
    from ..sources.fingerprint import fingerprint

    inputs = by_name((*params.imagery, *params.map, *params.field))
    return Round(
        job=job, seed=params.seed, parameters=asdict(params), versions=versions(),
        fingerprints={name: fingerprint(one.path) for name, one in inputs.items()},
        metrics={**metrics, "seconds": {k: round(v, 2) for k, v in feedback.seconds.items()}, "peak_mb": peak_mb()},
        model=model, device=device)


def described(one: RasterInput | VectorInput) -> str:
    """What a run that goes on must have in common with the one that was broken off: the layer's files, its filter, and
    what is said of it; not where its copy lies.
    """
    from ..sources.fingerprint import fingerprint, fingerprints

    if isinstance(one, RasterInput):
        return f"{replace(one, path='')} {fingerprints(one.path)}"
    held = _content(one) if one.source else fingerprint(one.path)
    return f"{replace(one, path='', colors={})} {held}"


def _content(one: VectorInput) -> str:
    """A hash of a layer's features: copies of one layer differ in when they were made."""
    import hashlib

    from ..sources.rows import read_rows

    _, _, wkb, columns = read_rows(one, one.layer or 0)
    digest = hashlib.sha256()
    for values in (wkb, *columns):
        digest.update(repr(values.tolist()).encode())
    return digest.hexdigest()[:32]


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that a result depends on."""
    return {"python": sys.version.split()[0], **{name: version(name) for name in PACKAGES}}


def source_rows(ground: Ground, imagery: Sequence[RasterInput]) -> list[SourceRow]:
    """The layers of a run as the ledger keeps them."""
    from ..ledger import SourceRow

    rows = [SourceRow("imagery", one.name or Path(one.path).stem, one.path, crs=one.crs, settings={
        name: said for name in OF_IMAGERY if (said := getattr(one.settings, name)) not in ("", None)})
        for one in imagery]
    for layer in ground.layers:
        given = layer.features.input
        rows.append(SourceRow(layer.features.kind, layer.name, given.source or _address(given), given.key, given.crs,
                              given.operation, asdict(layer.features.settings)))
    return rows


def check_ledger(path: str, ground: Ground) -> None:
    """Make sure, before any long work, that a round can be written at its end; a new ledger is only made then."""
    from ..whole import check_folder

    check_folder(path)
    if Path(path).exists():
        with open_ledger(path, ground) as ledger:
            ledger.check_writable()


def reviewed(path: str, ground: Ground) -> Rulings:
    """What the decisions in a ledger say of the ground; nothing where there is no ledger yet."""
    from ..fusion.rulings import Rulings

    if not path or not Path(path).exists():
        return Rulings()
    with open_ledger(path, ground) as ledger:
        return Rulings.of(ledger, ground)


def open_ledger(path: str, ground: Ground, *, timeout_s: float = 10.0) -> Ledger:
    """Open the ledger, or create it for discrepancies in the grid's CRS. Where another program holds it, wait for
    ``timeout_s``.

    Raises :class:`InputError` if an existing ledger is in another CRS: its rounds could not be compared.
    """
    import pyproj

    from ..errors import InputError
    from ..ledger import Crs, Ledger

    crs = pyproj.CRS.from_wkt(ground.grid.crs)
    if not Path(path).exists():
        authority, code = crs.to_authority() or ("", "0")
        known = authority in ("EPSG", "ESRI") and code.isdigit()
        ledger = Ledger.create(path, Crs(crs.name, authority if known else "", int(code) if known else 0,
                                         crs.to_wkt("WKT1_GDAL")))
    else:
        ledger = Ledger.open(path, timeout_s=timeout_s)
    own = pyproj.CRS.from_wkt(ledger.crs_wkt())
    if not own.equals(crs, ignore_axis_order=True):
        ledger.close()
        raise InputError(f"The ledger {path} is in {own.name}, the imagery in {crs.name}; name another LEDGER or use "
                         "imagery in its coordinate reference system.")
    return ledger


def _address(given: VectorInput) -> str:
    return f"{given.path}|layername={given.layer}" if given.layer else given.path
