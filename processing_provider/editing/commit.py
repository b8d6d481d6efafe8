"""From the edit buffer to the provider: QGIS commits in parts, so each change is asked for afterwards.

``commitChanges`` persists geometries, attributes, deletions and additions one after the other and stops at the first
failure, with the rest of the buffer left; it may also say yes to what did not happen, and it overwrites what another
program wrote meanwhile. What counts here is what the provider holds when it is read: right before, and again after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsFeatureRequest, QgsVectorLayer

from ...core.errors import GeoLoopError
from ...core.ledger import attribute_text
from ..translation import tr
from .backup import read_anew
from .buffer import Change
from .ids import ids_renumber
from .image import Columns, Image, from_json, geometry_of, own_fields
from .silent_readers import features_by_id, wake
from .unfiltered import unfiltered

Decision = Sequence[Change]
"""What one decision changes: whole or not at all."""


class HalfAppliedError(GeoLoopError):
    """The provider holds part of a decision and will not give it back; only a backup helps."""


# What databases say where no edit at all can be written: trying each one alone would take long and change nothing.
_HOPELESS = ("disk is full", "disk i/o error", "database is locked", "readonly database", "no space left",
             "server closed the connection", "could not connect")


def is_hopeless(why: str) -> bool:
    """Whether a commit failed for a reason that is none of its edits'."""
    return any(words in why.lower() for words in _HOPELESS)


@dataclass(frozen=True)
class Outcome:
    """What became of a change: ``fid`` and ``after`` as the provider holds them now; ``why`` if it is not ``done``.

    ``stale``: another program has changed the feature while the decision stood in the edit buffer.
    """

    done: bool
    fid: int | None
    after: Image | None
    why: str = ""
    stale: bool = False


def commit(layer: QgsVectorLayer, decisions: Sequence[Decision],
           restore: Callable[[], None] | None) -> list[list[Outcome]]:
    """Commit the edit buffer, which holds just these decisions, and return what became of each change.

    Every decision is done or not done when this returns, never half. If another program has changed one of the
    features since it was read, nothing is committed and that decision is stale. ``restore`` brings back the file as it
    was before the buffer was committed; it is called where a failed commit leaves ids that cannot be trusted.
    Raises :class:`HalfAppliedError` if a change can be neither kept nor taken back.
    """
    overtaken = _overtaken(layer, decisions)
    if overtaken:
        _leave(layer)
        return [_not_done(decision, tr("the feature has been changed by another program while it was being edited")
                          if at in overtaken else tr("another edit of its batch was stale"), stale=at in overtaken)
                for at, decision in enumerate(decisions)]
    added: list[QgsFeature] = []

    def note(_layer_id: str, features: list[QgsFeature]) -> None:
        added.extend(QgsFeature(feature) for feature in features)

    layer.committedFeaturesAdded.connect(note)
    try:
        committed = layer.commitChanges()
    finally:
        layer.committedFeaturesAdded.disconnect(note)
    errors = [line.strip() for line in layer.commitErrors() if "SUCCESS" not in line and line.strip()]
    failed = not committed or any("ERROR" in line for line in layer.commitErrors())
    _leave(layer)
    why = " ".join(errors) or tr("the provider gave no reason")
    if not failed:
        with unfiltered(layer):
            outcomes = _confirmed(layer, decisions, added)
        if all(len({outcome.done for outcome in some}) == 1 for some in outcomes):
            return outcomes
        why = next(outcome.why for some in outcomes for outcome in some if not outcome.done)
    if layer.providerType() == "spatialite":
        read_anew(layer)
    if ids_renumber(layer) and restore is not None:
        restore()
        return [_not_done(decision, why) for decision in decisions]
    return settle(layer, decisions, why)


def settle(layer: QgsVectorLayer, decisions: Sequence[Decision], why: str) -> list[list[Outcome]]:
    """Ask the provider which changes it holds, after a commit that failed or was cut off, and take half decisions back.
    """
    with unfiltered(layer):
        return _settle(layer, decisions, why)


def _settle(layer: QgsVectorLayer, decisions: Sequence[Decision], why: str) -> list[list[Outcome]]:
    columns = Columns.of(layer)
    changes = [change for decision in decisions for change in decision]
    owner = [at for at, decision in enumerate(decisions) for _ in decision]
    chains = _chains(changes)
    looks = {fid: [changes[chain[0]].before, *(changes[at].after for at in chain)] for fid, chain in chains.items()}
    new_ids = {fid: find_alike(layer, images[-1]) for fid, images in looks.items() if images[0] is None}
    standing = _standing(layer, [fid for fid in chains if fid not in new_ids])
    held: dict[int, int | None] = {}
    foreign: dict[int, str] = {}
    for fid, images in looks.items():
        if fid in new_ids:  # a new feature reaches the provider with all that the buffer did to it, or not at all
            held[fid] = 0 if new_ids[fid] is None and images[-1] is not None else len(images) - 1
            continue
        now, marks = standing.get(fid), [_mark(image, columns) for image in images]
        mark = _mark(now, columns)
        # the latest of them, as edits may lead back to an earlier look
        held[fid] = len(marks) - 1 - marks[::-1].index(mark) if mark in marks else None
        if held[fid] is None and not is_between(columns, now, images):
            held[fid] = 0
            foreign[fid] = tr("another program has changed or deleted the feature meanwhile")
    kept = _whole(owner, chains, held)
    outcomes: list[Outcome | None] = [None] * len(changes)
    for fid, chain in chains.items():
        place = new_ids.get(fid, fid)
        if held[fid] != kept[fid]:
            now = looks[fid][-1] if fid in new_ids else standing.get(fid)
            place = _bring_back(layer, place, looks[fid][kept[fid]], now)
        for number, at in enumerate(chain, start=1):
            done = number <= kept[fid]
            outcomes[at] = Outcome(done, place, changes[at].after if done else None,
                                   "" if done else foreign.get(fid, why), stale=fid in foreign)
    return _by_decision(decisions, outcomes)


def _whole(owner: Sequence[int], chains: dict[int, list[int]], held: dict[int, int | None]) -> dict[int, int]:
    """Return how many changes of each chain may stay, so that no decision stays in part: of a decision that lacks a
    change all others go, and with each of them what was done to the same feature later.
    """
    kept = {fid: count or 0 for fid, count in held.items()}
    while True:
        lacking = {owner[at] for fid, chain in chains.items() for at in chain[kept[fid]:]}
        cut = {fid: next((number for number, at in enumerate(chain[:kept[fid]]) if owner[at] in lacking), kept[fid])
               for fid, chain in chains.items()}
        if cut == kept:
            return kept
        kept = cut


def is_between(layer: QgsVectorLayer | Columns, now: Image | None, images: Sequence[Image | None]) -> bool:
    """Whether a feature has each of its parts from one of these images: then it is half of what they are."""
    known = [image for image in images if image is not None]
    return now is not None and any(now.shape(layer) == image.shape(layer) for image in known) and all(
        any(attribute_text(value) == attribute_text(image.values.get(name)) for image in known)
        for name, value in now.values.items())


def _overtaken(layer: QgsVectorLayer, decisions: Sequence[Decision]) -> set[int]:
    """Return the places of the decisions whose features are not, in the provider, what they were when they were read.
    """
    first: dict[int, tuple[int, Image]] = {}
    for at, decision in enumerate(decisions):
        for change in decision:
            if change.before is not None and change.fid >= 0:
                first.setdefault(change.fid, (at, change.before))
    standing, columns = _standing(layer, list(first)), Columns.of(layer)
    return {at for fid, (at, before) in first.items()
            if fid not in standing or not standing[fid].looks_like(before, columns)}


def _confirmed(layer: QgsVectorLayer, decisions: Sequence[Decision], added: list[QgsFeature]) -> list[list[Outcome]]:
    """Read what a commit that reported success left behind: the provider may round, trim, or have triggers."""
    changes = [change for decision in decisions for change in decision]
    if ids_renumber(layer) and any(change.after is None for change in changes):
        # ids mean other features now: the commit's word stands, and features are known again by what they look like
        return [[Outcome(True, find_alike(layer, change.after), change.after) for change in decision]
                for decision in decisions]
    outcomes: list[Outcome | None] = [None] * len(changes)
    chains, columns = _chains(changes), Columns.of(layer)
    wanted = {fid: changes[chain[-1]].after for fid, chain in chains.items() if fid < 0}
    new_ids = _pair(layer, wanted, added)
    if layer.providerType() == "postgres":
        _complete(layer, {fid: image for buffered, fid in new_ids.items() if (image := wanted[buffered]) is not None})
    standing = _standing(layer, [new_ids.get(fid, fid) for fid in chains])
    renumber = ids_renumber(layer)
    for buffered, chain in chains.items():
        first, last = changes[chain[0]], changes[chain[-1]]
        fid = new_ids.get(buffered, buffered)
        now = standing.get(fid)
        why = ""
        if renumber and last.after is not None and (now is None or not now.looks_like(last.after, columns)):
            # records that were marked as deleted before, by a run that was killed or another program, went for good
            # with this commit, and those behind them moved up
            moved = find_alike(layer, last.after)
            fid, now = (fid, now) if moved is None else (moved, last.after)
        if last.after is None:
            why = "" if now is None else tr("the provider kept the feature")
        elif now is None:
            why = tr("the provider does not hold the feature")
        elif first.before is not None and not now.looks_like(last.after, columns) and now.looks_like(
                first.before, columns):
            why = tr("the provider left the feature as it was")
        for at in chain:
            after = now if at == chain[-1] else changes[at].after
            outcomes[at] = Outcome(not why, fid if fid >= 0 else None, None if why else after, why)
    return _by_decision(decisions, outcomes)


def _by_decision(decisions: Sequence[Decision], outcomes: Sequence[Outcome | None]) -> list[list[Outcome]]:
    rest = iter(outcomes)
    return [[outcome for outcome in (next(rest) for _ in decision) if outcome is not None] for decision in decisions]


def _not_done(decision: Decision, why: str, *, stale: bool = False) -> list[Outcome]:
    return [Outcome(False, change.fid if change.before is not None else None, None, why, stale) for change in decision]


def _leave(layer: QgsVectorLayer) -> None:
    if layer.isEditable() and not layer.rollBack():
        raise HalfAppliedError(
            tr("The layer {layer} could not be brought out of edit mode.").format(layer=layer.name())
        )


def _chains(changes: Sequence[Change]) -> dict[int, list[int]]:
    """Return the places of the changes of each feature, in order; a new feature is known by the buffer's id.

    Additions read back from a journal have no such id; each is a chain of its own.
    """
    chains: dict[int, list[int]] = {}
    nameless = min((change.fid for change in changes), default=0)
    for at, change in enumerate(changes):
        if change.before is None and change.fid in chains:
            nameless -= 1
            chains[nameless] = [at]
        else:
            chains.setdefault(change.fid, []).append(at)
    return chains


def _pair(layer: QgsVectorLayer, wanted: dict[int, Image | None], added: list[QgsFeature]) -> dict[int, int]:
    """Return the provider's id by the buffer's of each new feature: those that look alike first, the rest in order."""
    columns = Columns.of(layer)
    alike: dict[str | None, list[QgsFeature]] = {}
    for feature in added:
        alike.setdefault(_mark(Image.of(feature, columns), columns), []).append(feature)
    paired, left = {}, []
    for buffered, image in wanted.items():
        same = alike.get(_mark(image, columns))
        if same:
            paired[buffered] = int(same.pop(0).id())
        elif image is not None:
            left.append(buffered)
    rest = [feature for features in alike.values() for feature in features]
    if len(rest) == len(left):
        paired.update({buffered: int(feature.id()) for buffered, feature in zip(left, rest, strict=True)})
    return paired


def _complete(layer: QgsVectorLayer, added: dict[int, Image]) -> None:
    """Write what QGIS leaves out where it adds several rows to a table of PostgreSQL at once: JSON, hstore, bytes and
    geometries beside the layer's own come out empty. ``added`` is by id what each row was to be.
    """
    standing, fields = _standing(layer, list(added)), own_fields(layer)
    lacking: dict[int, dict[int, object]] = {}
    for fid, image in added.items():
        held = standing[fid].values if fid in standing else image.values
        values = {at: from_json(value, field) for at, field in enumerate(fields)
                  if isinstance(value := image.values.get(field.name()), (dict, list))
                  and attribute_text(held[field.name()]) != attribute_text(value)}
        lacking |= {fid: values} if values else {}
    if lacking:
        layer.dataProvider().changeAttributeValues(lacking)


def _standing(layer: QgsVectorLayer, fids: list[int]) -> dict[int, Image]:
    columns = Columns.of(layer)
    found = features_by_id(layer, [fid for fid in fids if fid >= 0], layer.dataProvider())
    return {fid: Image.of(feature, columns) for fid, feature in found.items()}


def find_alike(layer: QgsVectorLayer, image: Image | None) -> int | None:
    """Return the id of a feature that the provider holds and that looks like ``image``; None where there is none."""
    if image is None:
        return None
    wake(layer)
    request = QgsFeatureRequest()
    if image.wkb is not None:
        box = geometry_of(image.wkb).boundingBox()
        box.grow(1e-6 if layer.crs().isGeographic() else 1e-2)
        request.setFilterRect(box)
    columns = Columns.of(layer)
    for feature in layer.dataProvider().getFeatures(request):
        if Image.of(feature, columns).looks_like(image, columns):
            return int(feature.id())
    return None


def _bring_back(layer: QgsVectorLayer, fid: int, wanted: Image | None, now: Image | None) -> int:
    """Make a feature what is wanted of it (None: not there), straight in the provider; return its id."""
    provider, fields, ids = layer.dataProvider(), own_fields(layer), layer.primaryKeyAttributes()
    if wanted is None:
        provider.deleteFeatures([fid])
    elif now is None:
        feature = QgsFeature(fields)
        feature.setAttributes([from_json(wanted.values[field.name()], field) for field in fields])
        feature.setGeometry(geometry_of(wanted.wkb))
        ok, added = provider.addFeatures([feature])
        fid = int(added[0].id()) if ok else fid
    else:
        values = {at: from_json(wanted.values[field.name()], field) for at, field in enumerate(fields)
                  if at not in ids and now.values[field.name()] != wanted.values[field.name()]}
        if wanted.wkb is not None:
            provider.changeGeometryValues({fid: geometry_of(wanted.wkb)})
        if values:
            provider.changeAttributeValues({fid: values})
    if _mark(_standing(layer, [fid]).get(fid), layer) != _mark(wanted, layer):
        raise HalfAppliedError(tr("The layer {layer} holds half of an edit of the feature {fid} and does not take it "
                                  "back.").format(layer=layer.name(), fid=fid))
    return fid


def _mark(image: Image | None, layer: QgsVectorLayer | Columns) -> str | None:
    return None if image is None else image.signature(layer)
