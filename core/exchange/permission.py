"""Whether the sources behind a finding allow that it leaves the house, and what is told of them outside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import InputError
from ..jobs.inputs import SourceSettings
from ..ledger import SourceRow
from ..ledger.reviewed import Reviewed

GEOMETRY_EDITS = ("add", "move", "reshape")


@dataclass(frozen=True)
class Provenance:
    """What a file says of its origin: the sources with their licences, who made it, the day of the newest decision.

    ``reviewers`` is empty unless their names were asked for.
    """

    sources: tuple[str, ...]
    date: str
    made_by: str = "GeoLoop"
    reviewers: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The sources in one line."""
        return "; ".join(self.sources)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON; reviewers only if there are some."""
        said: dict[str, object] = {"source": self.source, "made_by": self.made_by, "date": self.date}
        return said | ({"reviewers": list(self.reviewers)} if self.reviewers else {})


def refuse_forbidden(rows: Sequence[SourceRow], said: Mapping[str, SourceSettings], items: Sequence[Reviewed],
                     target: str = "") -> None:
    """Raise :class:`InputError` unless every source may be exported.

    ``said`` adds what the ledger does not say; it cannot overrule a no. ``target`` is the layer that the export goes
    back to: it is not exported into itself. A new geometry is drawn after imagery, which must not forbid tracing.
    """
    unknown = sorted(set(said) - {row.layer for row in rows})
    if unknown:
        raise InputError(f"SOURCES speaks of “{unknown[0]}”, but the sources of these discrepancies are "
                         f"{_listed(sorted({row.layer for row in rows}))}.")
    others = [row for row in rows if row.kind == "imagery" or row.layer != target]
    forbidden = [row.layer for row in others if row.settings.get("may_export") is False]
    if forbidden:
        raise InputError(f"The ledger says that {_listed(forbidden)} may not be exported (may_export is false in "
                         "SOURCES); run Flag without it, or with may_export true if its licence allows it.")
    unset = [row.layer for row in others if row.settings.get("may_export") is None and not _allows(said.get(row.layer))]
    if unset:
        wanted = json.dumps({name: {"may_export": True} for name in unset}, ensure_ascii=False)
        raise InputError(f"Nobody said that what {_listed(unset)} shows may be exported; if the licence allows it, set "
                         f"SOURCES to {wanted}.")
    drawn = any(one.discrepancy.edit in GEOMETRY_EDITS for one in items)
    untraceable = [row.layer for row in others if row.kind == "imagery" and _may_trace(row, said) is False]
    if drawn and untraceable:
        raise InputError(f"New geometries were drawn after {_listed(untraceable)}, which may not be traced (may_trace "
                         "is false in SOURCES); export without them, or run Flag on other imagery.")


def provenance_of(rows: Sequence[SourceRow], said: Mapping[str, SourceSettings], items: Sequence[Reviewed],
                  rounds: Mapping[int, str], reviewers: bool) -> Provenance:
    """Say where a file comes from; its day is that of the newest decision, else of the newest round in it."""
    named = []
    for row in rows:
        licence = row.settings.get("licence") or (said[row.layer].licence if row.layer in said else "")
        named.append(f"{row.layer} ({licence})" if licence else row.layer)
    dates = [one.decided_at for one in items if one.decided_at] or [rounds.get(one.round, "") for one in items]
    names = sorted({one.reviewer for one in items if one.reviewer}) if reviewers else []
    return Provenance(tuple(named), max(dates, default="")[:10], reviewers=tuple(names))


def _allows(settings: SourceSettings | None) -> bool:
    if settings is not None and settings.may_export is False:
        raise InputError("SOURCES says that a source may not be exported (may_export is false); nothing was written.")
    return settings is not None and bool(settings.may_export)


def _may_trace(row: SourceRow, said: Mapping[str, SourceSettings]) -> bool | None:
    stated: bool | None = row.settings.get("may_trace")
    return said[row.layer].may_trace if stated is None and row.layer in said else stated


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names) or "none"
