"""The rows of the ledger as Python sees them."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

ALONG = ("neighbour", "kept")
"""What else a decision may change: a neighbour whose shared vertices moved along, the twin that a merge keeps."""


@dataclass(frozen=True)
class Discrepancy:
    """One place where a source contradicts all the others.

    ``proposal`` and ``before`` are WKB in the grid's CRS: the geometry as it should be and as it is. ``before_values``
    and ``after_values`` are the watched attributes as they are and as the edit would set them; ``evidence`` is JSON
    with, at least, ``sentence``. ``probability`` is that of a real error; ``surprise`` is −log of what the
    leave-one-out posterior gives to what the source says; ``dx, dy`` in metres, ``area_m2`` on the ground.
    """

    uid: str
    source: str
    target_layer: str
    kind: str
    edit: str
    probability: float
    proposal: bytes | None
    before: bytes | None = None
    target_key: str | None = None
    signature: str | None = None
    class_now: str | None = None
    class_proposed: str | None = None
    surprise: float | None = None
    cause: str | None = None
    dx: float | None = None
    dy: float | None = None
    area_m2: float | None = None
    before_values: dict[str, Any] = field(default_factory=dict)
    after_values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    licence_flags: str = ""


@dataclass(frozen=True)
class SourceRow:
    """One layer that a round used. ``settings`` is its entry of SOURCES."""

    kind: str
    layer: str
    uri: str
    key: str = ""
    crs: str = ""
    operation: str = ""
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_openstreetmap(self) -> bool:
        """Whether a layer is OpenStreetMap's, by its licence: there a person judges each object by itself."""
        licence = str(self.settings.get("licence") or "").lower()
        return "openstreetmap" in licence or "odbl" in licence


@dataclass(frozen=True)
class ReliabilityRow:
    """One row of a source's confusion matrix: ``row`` is p(source says … | truth is ``class_name``), by class name.

    ``n`` is the (fractional) number of places behind it; ``accuracy`` its diagonal with the 90 % interval.
    """

    source: str
    layer: str
    class_name: str
    row: dict[str, float]
    n: float
    accuracy: float
    low: float
    high: float
    region: str = ""


@dataclass(frozen=True)
class Round:
    """What a run was: enough to do it again."""

    job: str
    seed: int
    parameters: dict[str, Any]
    versions: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    model: str = ""
    device: str = ""


class _Portable:
    """To and from JSON; bytes as base64."""

    def to_json(self) -> dict[str, Any]:
        values = asdict(self)  # type: ignore[call-overload]
        return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in values.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Any:
        binary = {f.name for f in fields(cls) if "bytes" in str(f.type)}  # type: ignore[arg-type]
        return cls(**{k: base64.b64decode(v) if k in binary and v is not None else v for k, v in data.items()})


@dataclass(frozen=True)
class PlannedEdit(_Portable):
    """An edit to apply, and its precondition: the feature's signature over geometry and ``watched`` attributes.

    ``proposal`` and ``before`` are WKB in the grid's CRS, whose WKT is ``crs``. When the discrepancy was found,
    ``operation`` was the PROJ pipeline that brought the layer into it, from ``layer_crs`` (WKT; empty: not known), and
    ``key`` the column that identifies features (empty: the provider's ids do). ``command`` is the name a person reads
    in the undo list. ``twin_key`` is the feature that stays where one is merged into another. ``untraceable`` names
    imagery that the geometry would be drawn after though it may not be traced.
    """

    uid: str
    edit: str
    kind: str
    target_layer: str
    command: str
    probability: float
    crs: str
    target_key: str | None = None
    signature: str | None = None
    watched: tuple[str, ...] = ()
    proposal: bytes | None = None
    before: bytes | None = None
    before_values: dict[str, Any] = field(default_factory=dict)
    after_values: dict[str, Any] = field(default_factory=dict)
    operation: str = ""
    layer_crs: str = ""
    key: str = ""
    reviewer: str = ""
    model: str = ""
    twin_key: str | None = None
    untraceable: str = ""


@dataclass(frozen=True)
class JournalLine(_Portable):
    """One line of the journal. Images are whole features (WKB and all attributes) in the target's own CRS.

    A ``None`` pre-image is a feature that was added, a ``None`` post-image one that was deleted. A decision may change
    more than its feature; lines that share push and uid belong together. The first is the feature's, in the others
    ``edit`` is one of :data:`ALONG`.
    """

    push: str
    uid: str
    target_layer: str
    target_source: str
    edit: str
    command: str
    target_key: str | None = None
    fid: int | None = None
    before_wkb: bytes | None = None
    before_values: dict[str, Any] | None = None
    after_wkb: bytes | None = None
    after_values: dict[str, Any] | None = None
    model: str = ""
    reviewer: str = ""
    state: str = "planned"
    why: str = ""
    id: int | None = None

    def renewed(self, **known: Any) -> JournalLine:
        """Return the line with what is known of it now: ``dataclasses.replace`` in a fifth of the time, as a push
        renews each of its lines twice.
        """
        line = object.__new__(JournalLine)
        line.__dict__.update(self.__dict__, **known)
        return line


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


def now() -> str:
    """The time, in UTC, as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def dumps(value: Any) -> str:
    """JSON as the ledger stores it."""
    return _JSON.encode(value)
