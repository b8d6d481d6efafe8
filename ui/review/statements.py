"""What the card says of an item: what each source says, when, and what would change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...core.exchange.sentences import task_sentence
from ...core.ledger import Discrepancy, SourceRow
from ...core.ledger.queue import PageItem
from ...processing_provider.translation import tr

GAP = re.compile(r"\{(\w+)\}")
SHOWN_CLASSES, LEAST_SHOWN, SHOWN_VALUES = 2, 0.05, 5


@dataclass(frozen=True)
class Line:
    """One line of a table on the card."""

    name: str
    text: str


def question(item: PageItem) -> str:
    """What the reviewer is to look at, in one sentence."""
    if item.uid is None:
        return tr("Look whether anything is wrong with this feature of “{layer}”: nothing is flagged of it. "
                  "Accept means that something is wrong, reject that it is right.").format(layer=item.layer)
    return task_sentence(Discrepancy(
        uid=item.uid, source=item.source, target_layer=item.layer, kind=item.kind, edit=item.edit,
        probability=item.probability or 0.0, proposal=None, class_now=item.class_now,
        class_proposed=item.class_proposed, before_values=item.before_values, after_values=item.after_values), tr)


def evidence(item: PageItem) -> str:
    """What speaks for it, in the language of QGIS; in English where an earlier version judged it."""
    parts = item.evidence.get("sentences")
    if not isinstance(parts, list) or not parts or not all(_is_sentence(part) for part in parts):
        return str(item.evidence.get("sentence", ""))
    return " ".join(_filled(tr(text), gaps) for text, gaps in parts)


def _is_sentence(part: Any) -> bool:
    return isinstance(part, list) and len(part) == 2 and isinstance(part[0], str) and isinstance(part[1], dict)


def _filled(text: str, gaps: Mapping[str, Any]) -> str:
    """A text with its gaps filled; texts of a ledger are no format to be run."""
    words = {**gaps, "towards": _towards(str(gaps.get("towards", "")))}
    return GAP.sub(lambda gap: str(words.get(gap[1], gap[0])), text)


def _towards(direction: str) -> str:
    return {"east": tr("east"), "north-east": tr("north-east"), "north": tr("north"), "north-west": tr("north-west"),
            "west": tr("west"), "south-west": tr("south-west"), "south": tr("south"), "south-east": tr("south-east"),
            }.get(direction, direction)


def what_sources_say(item: PageItem, source: SourceRow | None, values: Mapping[str, Any]) -> list[Line]:
    """What the layer, the imagery, and all others together say of the place; ``values`` are what the layer in the
    project has, where the ledger keeps none.
    """
    said = item.evidence
    lines = [Line(_layer_name(item, source), _layer_says(item, item.before_values or values))]
    imagery = _classes(said.get("imagery"))
    if not imagery and "probability_inside" in said:
        imagery = _share(said["probability_inside"], item.class_now or item.class_proposed)
    if "probability_there" in said:
        imagery = tr("{there} at the best place, {here} here").format(
            there=_percent(said["probability_there"]), here=_percent(said.get("probability_here", 0.0)))
    elif imagery and said.get("probability_best_nearby") is not None:
        imagery += tr("; {best} at the best place near by").format(best=_percent(said["probability_best_nearby"]))
    if imagery:
        lines.append(Line(tr("Imagery"), imagery))
    for name in ("without_map", "without_field"):
        others = _classes(said.get(name))
        if others:
            lines.append(Line(tr("All others"), others))
    return lines + [Line(f"“{name}”", item.class_proposed or "") for name in said.get("said_by", ())
                    if name != item.layer]


def dates(item: PageItem, source: SourceRow | None) -> list[Line]:
    """How old what is compared is."""
    found = []
    own, layer = item.evidence.get("date"), (source.settings.get("date") if source is not None else "")
    if own:
        found.append(Line(tr("Feature"), str(own)))
    if layer and str(layer) != str(own):
        found.append(Line(tr("Layer"), str(layer)))
    if item.judged_at:
        found.append(Line(tr("Judged"), item.judged_at[:10]))
    return found


def changes(item: PageItem) -> list[tuple[str, str, str]]:
    """Name, old text (empty: none) and new text of what accepting would change; nothing where it is the outline alone.
    """
    after = item.amendment.after_values if item.amendment else item.after_values
    proposed = item.amendment.class_proposed if item.amendment else item.class_proposed
    rows = [(name, "" if item.before_values.get(name) is None else _text(item.before_values[name]), _text(value))
            for name, value in sorted(after.items())]
    if not rows and item.class_now and proposed and item.class_now != proposed:
        rows.append((tr("class"), item.class_now, proposed))
    return rows


def measures(item: PageItem) -> str:
    """Size and shift, as far as they are known."""
    parts = []
    if item.area_m2:
        parts.append(tr("{area} m²").format(area=f"{item.area_m2:,.0f}".replace(",", " ")))
    if item.dx is not None and item.dy is not None:
        parts.append(tr("{length} m off").format(length=f"{(item.dx**2 + item.dy**2) ** 0.5:.1f}"))
    return " · ".join(parts)


def _layer_name(item: PageItem, source: SourceRow | None) -> str:
    kind = source.kind if source is not None else item.source
    return {"field": tr("Field “{layer}”"), "imagery": tr("Imagery “{layer}”")}.get(
        kind, tr("Map “{layer}”")).format(layer=item.layer)


def _layer_says(item: PageItem, given: Mapping[str, Any]) -> str:
    if item.uid is not None and item.key is None and item.kind == "missing":
        return tr("nothing here")
    known = [f"{name} = {_text(value)}" for name, value in given.items() if value not in (None, "")]
    values = ", ".join(known[:SHOWN_VALUES]) + (", …" if len(known) > SHOWN_VALUES else "")
    if item.class_now and values:
        return f"{item.class_now} ({values})"
    return item.class_now or values or tr("a feature")


def _classes(shares: Mapping[str, float] | None) -> str:
    if not shares:
        return ""
    ranked = sorted(shares.items(), key=lambda one: -one[1])
    return ", ".join(f"{name} {_percent(p)}" for name, p in ranked[:SHOWN_CLASSES] if p >= LEAST_SHOWN)


def _share(p: float, name: str | None) -> str:
    return tr("{p} {name} within the outline").format(p=_percent(p), name=name or "")


def _percent(p: float) -> str:
    return f"{100 * p:.0f} %"


def _text(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
